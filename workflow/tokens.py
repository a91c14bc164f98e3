"""Signed texts that prove we gave them out: links that act, and tags of addresses. Pure.

A token says what it is for, about which message and task, and until when; nothing of it can be
changed without a key. Keys can be renewed: the newest signs, and every one that is kept still
reads. Whether a link was revoked is for the database to say. The only door of itsdangerous.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, NamedTuple

from itsdangerous import BadSignature, Signer, URLSafeSerializer
from itsdangerous.encoding import base64_decode
from itsdangerous.exc import BadData

from workflow.model.errors import InvalidInput, WorkflowError

ANSWER, FEED = "answer", "feed"
REPLY, BOUNCE = "r", "b"
LEAST_KEY = 32
"""Characters of a key."""
GOOD_FOR = timedelta(days=180)
"""How long a link to an answer page works after its message was raised."""

_TAG = re.compile(r"([rb])((\d{1,18})(?:-([0-9a-f]{1,9}))?)\.([a-z2-7]{16})")
_SIGNING: dict[str, Any] = {"key_derivation": "hmac", "digest_method": sha256}


class LinkRefused(WorkflowError):
    """A link does nothing: it was changed, has expired, or was revoked. `kind` says which."""

    def __init__(self, message: str, *, kind: str) -> None:
        self.kind = kind
        super().__init__(message)


FORGED = "this link is not one that we sent, or a part of it is missing; open it from the e-mail"
EXPIRED = "this link has expired; ask the challenge manager, or answer the e-mail"


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """What a link to an answer page stands for: a message that was sent, and a task in it.

    `until` is its last second. It tells when the message was raised: another one may have got the
    same id since, in a database that was restored, or after messages were destroyed.
    """

    message: int
    task: str
    until: datetime | None = field(default=None, compare=False)

    def is_of(self, raised_at: datetime | None) -> bool:
        """Return whether it may be of a message that was raised at a moment."""
        until = raised_at and (raised_at + GOOD_FOR).replace(microsecond=0)
        return self.until in (None, until)


class AddressTag(NamedTuple):
    """What stands after the + of an address: a purpose, and a message with when it was raised.

    `raised_at` is to the second, and for the same reason as with a link; older tags have none.
    """

    purpose: str
    message: int
    raised_at: datetime | None = None

    def is_of(self, raised_at: datetime | None) -> bool:
        """Return whether it may be of a message that was raised at a moment."""
        return self.raised_at in (None, raised_at and raised_at.replace(microsecond=0))


@dataclass(frozen=True, slots=True)
class FeedLink:
    """What the private address of a calendar stands for; `number` tells those of a person apart.

    It is drawn, so that in a database that was restored nobody gets the one of somebody else.
    """

    person: int
    number: int


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys, the newest first. Their text is never shown."""

    texts: tuple[str, ...]

    def __repr__(self) -> str:
        """Return how many there are."""
        return f"Keys({len(self.texts)})"

    @property
    def oldest_first(self) -> list[str]:
        """Return them in the order in which the library wants them."""
        return list(reversed(self.texts))


def read_keys(text: str) -> Keys:
    """Return the keys in a text, one a line or between commas, the newest first.

    Raises:
        InvalidInput: there is none, or one is too short to be safe.
    """
    found = tuple(key for part in text.splitlines() for key in part.replace(",", " ").split())
    if not found or any(len(key) < LEAST_KEY for key in found):
        raise InvalidInput(
            f"a key for links has at least {LEAST_KEY} characters; make one with:"
            ' python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    return Keys(found)


def answer_token(keys: Keys, link: AnswerLink, *, until: datetime) -> str:
    """Return the token of a link to an answer page, good until a moment."""
    facts = {"m": link.message, "t": link.task, "u": int(until.timestamp())}
    return _sign(keys, ANSWER, facts)


def read_answer(keys: Keys, token: str, *, at: datetime) -> AnswerLink:
    """Return what the token of an answer page stands for.

    Raises:
        LinkRefused: it is not ours, not for this, or no longer good.
    """
    facts = _read(keys, ANSWER, token)
    until = datetime.fromtimestamp(facts["u"], UTC)
    if at > until:
        raise LinkRefused(EXPIRED, kind="expired")
    return AnswerLink(message=facts["m"], task=facts["t"], until=until)


def feed_token(keys: Keys, link: FeedLink) -> str:
    """Return the token of a private calendar address: good until it is revoked."""
    return _sign(keys, FEED, {"p": link.person, "n": link.number})


def read_feed(keys: Keys, token: str) -> FeedLink:
    """Return what the token of a calendar address stands for.

    Raises:
        LinkRefused: it is not ours, or not for this.
    """
    facts = _read(keys, FEED, token)
    return FeedLink(person=facts["p"], number=facts["n"])


def address_tag(keys: Keys, purpose: str, message: int, *, raised_at: datetime) -> str:
    """Return the tag that goes after the + of an address; small letters, since some fold them."""
    which = f"{message}-{int(raised_at.timestamp()):x}"
    return f"{purpose}{which}.{_mark(keys.texts[0], purpose, which)}"


def read_tag(keys: Keys, text: str) -> AddressTag | None:
    """Return what a tag stands for; None for one that is not ours."""
    found = _TAG.fullmatch(text.casefold())
    if found is None:
        return None
    purpose, which, message, seconds, mark = found.groups()
    is_ours = [compare_digest(_mark(key, purpose, which), mark) for key in keys.texts]
    if not any(is_ours):
        return None
    raised_at = datetime.fromtimestamp(int(seconds, 16), UTC) if seconds else None
    return AddressTag(purpose, int(message), raised_at)


def purpose_in(address: str) -> str:
    """Return what the tag in an address says that it is for, whoever made it; empty without one."""
    found = _TAG.fullmatch(tag_in(address).casefold())
    return found[1] if found else ""


def tag_in(address: str) -> str:
    """Return what stands after the last + of an address, before the @."""
    return address.partition("@")[0].rpartition("+")[2]


def _mark(key: str, purpose: str, which: str) -> str:
    signer = Signer(key, salt=f"peer-challenge.address.{purpose}", **_SIGNING)
    signature = base64_decode(signer.get_signature(which))
    return base64.b32encode(signature)[:16].decode("ascii").lower()


def _serializer(keys: Keys | Sequence[str], purpose: str) -> URLSafeSerializer:
    texts = keys.oldest_first if isinstance(keys, Keys) else list(keys)
    salt = f"peer-challenge.{purpose}"
    return URLSafeSerializer(texts, salt=salt, signer_kwargs=_SIGNING)


def _sign(keys: Keys, purpose: str, facts: Mapping[str, object]) -> str:
    token = _serializer(keys, purpose).dumps(dict(facts))
    return token.decode("ascii") if isinstance(token, bytes) else token


def _read(keys: Keys, purpose: str, token: str) -> dict[str, Any]:
    """Return the facts in a token. The same bytes only: nothing is decoded leniently."""
    serializer = _serializer(keys, purpose)
    try:
        facts = serializer.loads(token)
        is_ours = any(token == _serializer([key], purpose).dumps(facts) for key in keys.texts)
    except (BadSignature, BadData, ValueError) as error:
        raise LinkRefused(FORGED, kind="forged") from error
    if not is_ours or not isinstance(facts, dict):
        raise LinkRefused(FORGED, kind="forged")
    return facts
