"""Writes the message of a bundle as things stand now: what is no longer true is left out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from notifications.compose import Sender, compose, message_id_of
from notifications.delivery.digest import Digest
from notifications.delivery.grouping import EXPIRES_AFTER, Bundle
from notifications.message import Message, clean
from notifications.render import Renderer
from workflow.model.errors import Conflict, Unavailable
from workflow.model.people import Person
from workflow.store import briefs, outbox
from workflow.store.correspondence import bundles
from workflow.store.correspondence.bundles import Stamp
from workflow.store.link import Link, is_away
from workflow.store.outbox import Claimed

MOST_ERROR = 1_000


@dataclass(slots=True, kw_only=True)
class Letter:
    """A message that is ready, or not; what it says, and what it does not say and why.

    `said` are the rows that it speaks of, the carrier first; `stale` ones are no longer true,
    `stopped` ones, each with when it was raised, wait for a pause or a hold to end, and `broken`
    ones cannot be written. `raised_at` is the moment of the oldest.
    """

    stamp: Stamp
    said: list[Claimed] = field(default_factory=list)
    stale: list[Claimed] = field(default_factory=list)
    stopped: list[tuple[Claimed, datetime]] = field(default_factory=list)
    broken: list[tuple[Claimed, str]] = field(default_factory=list)
    is_ladder: bool = True
    raised_at: datetime | None = None
    message: Message | None = None

    @property
    def attempts(self) -> int:
        """Return how often it has been tried, this time included."""
        return max((claimed.attempts for claimed in self.said), default=1)

    def is_older(self, at: datetime) -> bool:
        """Return whether the oldest notice was raised before a moment."""
        return self.raised_at is not None and self.raised_at <= at

    def take(self, claimed: Claimed, brief: briefs.Brief) -> None:
        """Note that a row is said."""
        self.said.append(claimed)
        self.is_ladder = self.is_ladder and brief.is_ladder
        self.raised_at = min(self.raised_at or brief.created_at, brief.created_at)


class Writer:
    """Writes messages, by whose words and in whose name."""

    def __init__(self, renderer: Renderer, sender: Sender) -> None:
        self._renderer, self._sender = renderer, sender

    def stamp(self, bundle: Bundle) -> Stamp:
        """Return what the rows of a bundle share while they are being sent."""
        message_id = bundle.message_id or message_id_of(bundle.dues[0].unique_key, self._sender)
        return Stamp(message_id=message_id, carrier=bundle.carrier, reader=bundle.reader)

    def write(self, link: Link, bundle: Bundle, claims: Sequence[Claimed]) -> Letter | None:
        """Return what is to be sent; None once another has taken the rows over, or mail is held.

        Rows that cannot be written are broken, and do not stop the others.

        Raises:
            Unavailable: the database is away.
        """
        if outbox.holding(link) is not None or not all(outbox.is_ours(link, c) for c in claims):
            return None
        letter = Letter(stamp=self.stamp(bundle))
        digest = Digest(self._renderer, self._sender, claims[0].at) if bundle.is_digest else None
        carrier = self._read(link, bundle, claims, letter=letter, digest=digest)
        if carrier is not None:
            self._compose(letter, carrier, digest if _is_several(letter, bundle) else None)
        if letter.message is not None:
            letter.message = _marked(link, letter, letter.message, bundle)
        return letter

    def _read(
        self,
        link: Link,
        bundle: Bundle,
        claims: Sequence[Claimed],
        *,
        letter: Letter,
        digest: Digest | None,
    ) -> briefs.Brief | None:
        """Sort the rows into the letter; return the brief of the first that is said.

        Briefs of a digest are read one after the other, and only the first is kept.
        """
        ours, carrier = {claimed.id: claimed for claimed in claims}, None
        stand_in = _stand_in(link, bundle)
        for claimed in (ours[due.id] for due in bundle.dues):
            try:
                brief = briefs.brief(link, claimed)
                brief = replace(brief, stand_in=stand_in, away_until=bundle.away_until)
                if brief.is_stale:
                    letter.stale.append(claimed)
                    continue
                if brief.is_stopped:
                    letter.stopped.append((claimed, brief.created_at))
                    continue
                if digest is not None:
                    digest.add(brief)
            except (Unavailable, Conflict):
                raise
            except Exception as error:
                if is_away(error):  # that is no fault of the notice: all of it is tried again
                    raise
                # one notice that cannot be written must not stop the others
                letter.broken.append((claimed, text_of(error)))
                continue
            letter.take(claimed, brief)
            carrier = carrier or brief
        return carrier

    def _compose(self, letter: Letter, carrier: briefs.Brief, digest: Digest | None) -> None:
        try:
            if digest is not None:
                letter.message = digest.compose(carrier)
            else:
                letter.message = compose(carrier, self._renderer, sender=self._sender)
        except Exception as error:
            letter.broken += [(claimed, text_of(error)) for claimed in letter.said]
            letter.said = []


def _is_several(letter: Letter, bundle: Bundle) -> bool:
    """Return whether a digest is left, or one old notice: only a digest says of which day it is."""
    is_old = not letter.is_ladder and letter.is_older(letter.said[0].at - EXPIRES_AFTER)
    return len(letter.said) > 1 or len(bundle.dues) == 1 or is_old


def _stand_in(link: Link, bundle: Bundle) -> Person | None:
    if bundle.reader == bundle.dues[0].recipient:
        return None
    return bundles.person(link, bundle.reader)


def _marked(link: Link, letter: Letter, message: Message, bundle: Bundle) -> Message:
    """Return a message, one that may have arrived with its old marks; let the first row lead it."""
    if bundle.message_id is not None:
        led_at = bundles.led_at(link, bundle.message_id)
        message = replace(message, message_id=bundle.message_id, date=led_at)
    if letter.said[0].id != letter.stamp.carrier:
        carrier = letter.said[0].id
        letter.stamp = replace(letter.stamp, message_id=message.message_id, carrier=carrier)
    return message


def text_of(error: Exception) -> str:
    """Return what an error says, on one line."""
    return (clean(str(error)) or type(error).__name__)[:MOST_ERROR]
