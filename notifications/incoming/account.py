"""The mailbox that answers go to: its URL, taken apart."""

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from workflow.model.errors import InvalidInput, did_you_mean

EXAMPLES = (
    "imaps://user:password@host:993/INBOX or imap+starttls://user:password@host:143/INBOX"
    " (an @ in the user or the password is written %40)"
)
INBOX = "INBOX"


class Privacy(StrEnum):
    """How a conversation with a mailbox is kept private, by the scheme of its URL."""

    LOOPBACK = "imap"
    STARTTLS = "imap+starttls"
    TLS = "imaps"


_PORTS = {Privacy.LOOPBACK: 143, Privacy.STARTTLS: 143, Privacy.TLS: 993}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A mailbox, and how to open it. Its text never shows the password."""

    host: str
    port: int
    privacy: Privacy
    user: str
    password: str = field(repr=False)
    folder: str = INBOX

    def __str__(self) -> str:
        """Return the URL without its password."""
        return f"{self.privacy}://{self.user}@{self.host}:{self.port}/{self.folder}"


def parse_imap_url(url: str) -> Account:
    """Return the mailbox that `url` names.

    Raises:
        InvalidInput: it names none, or would be read in clear text; no text repeats a password.
    """
    parts = _taken_apart(url)
    if parts.scheme not in set(Privacy):
        near = did_you_mean(parts.scheme, [str(privacy) for privacy in Privacy])
        raise _unusable(f'begins with "{parts.scheme}:"{near}')
    privacy = Privacy(parts.scheme)
    port = _port_of(parts)
    host = parts.hostname
    if not host:
        raise _unusable("has no host")
    if not parts.username or not parts.password:
        raise _unusable("has no user or no password")
    if parts.query or parts.fragment:
        raise _unusable("goes on after the folder")
    if privacy is Privacy.LOOPBACK and not _is_loopback(host):
        raise _unusable(f"would send the password to {host} in clear text")
    return Account(
        host=host,
        port=port or _PORTS[privacy],
        privacy=privacy,
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or INBOX,
    )


def _taken_apart(url: str) -> SplitResult:
    try:
        return urlsplit(url.strip())
    except ValueError as error:
        raise _unusable("cannot be read") from error


def _port_of(parts: SplitResult) -> int | None:
    """Return the port where one is given: 0 is none."""
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise _unusable("has a port that is no number from 1 to 65535")
    return port


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unusable(why: str) -> InvalidInput:
    return InvalidInput(f"the URL of the mailbox {why}; write {EXAMPLES}")
