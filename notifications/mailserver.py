"""Where mail goes: a mail server's URL, taken apart."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, unquote, urlsplit

from workflow.model.errors import InvalidInput, did_you_mean

ALLOWED = (
    "smtp://host:25, smtp+starttls://user:password@host:587, smtps://user:password@host:465,"
    " or folder:///path"
)


class Security(StrEnum):
    """How a conversation with a mail server is kept private, by the scheme of its URL."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A mail server, and how to reach it. Its text never shows the password."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """Return the URL without its password."""
        user = f"{self.user}@" if self.user else ""
        return f"{self.security}://{user}{self.host}:{self.port}"


def parse_mail_url(url: str) -> MailServer:
    """Return the server that `url` names.

    Raises:
        InvalidInput: it names none; the text never repeats a password.
    """
    parts = _split(url)
    if parts.scheme not in set(Security):
        raise InvalidInput(
            f'the mail URL begins with "{parts.scheme}:"{did_you_mean(parts.scheme, KNOWN)};'
            f" write {ALLOWED}"
        )
    security = Security(parts.scheme)
    port = _port(parts)
    if not parts.hostname:
        raise InvalidInput(f"the mail URL has no host; write {ALLOWED}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise InvalidInput(f"the mail URL goes on after the host and its port; write {ALLOWED}")
    if bool(parts.username) != bool(parts.password):
        raise InvalidInput(
            "the mail URL has a user without a password, or a password without a user;"
            f" write both or neither: {ALLOWED}"
        )
    return MailServer(
        host=parts.hostname,
        port=PORTS[security] if port is None else port,
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


KNOWN = (*(str(security) for security in Security), "folder")


def folder_of(url: str) -> str | None:
    """Return the path that a `folder:` URL names; None for another URL.

    Raises:
        InvalidInput: it names no absolute path.
    """
    parts = _split(url)
    if parts.scheme != "folder":
        return None
    if parts.netloc or not parts.path.startswith("/") or parts.path == "/":
        raise InvalidInput("a folder for mail is an absolute path; write folder:///path")
    return unquote(parts.path)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url.strip())
    except ValueError as error:
        raise InvalidInput(f"the mail URL cannot be read; write {ALLOWED}") from error


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError as error:
        text = f"the port of the mail URL is no number from 1 to 65535; write {ALLOWED}"
        raise InvalidInput(text) from error
    if port == 0:
        raise InvalidInput(
            f"the port of the mail URL is no number from 1 to 65535; write {ALLOWED}"
        )
    return port
