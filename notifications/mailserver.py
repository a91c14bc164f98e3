"""Where mail goes: the URL of a mail server, of a provider or of a folder, taken apart.

A mail server: `smtp://host:25`, `smtp+starttls://user:password@host:587`, `smtps://…@host:465`.

Microsoft 365: `m365://client-id:secret@tenant-id/sender@council.example`. The registered
application has the permission SMTP.SendAsApp and may send as the mailbox. Instead of a secret it
may have a certificate: `m365://client-id@tenant-id/sender@council.example?certificate=/path.pem`,
a file with the private key and the certificate.

GOV.UK Notify: `notify://api-key@template-id`. The template has two places: `((subject))` as its
subject and `((text))` as its message.

A folder: `folder:///path`.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from workflow.model.errors import InvalidInput, did_you_mean

ALLOWED = (
    "smtp://host:25, smtp+starttls://user:password@host:587, smtps://user:password@host:465,"
    " m365://client-id:secret@tenant-id/sender@council.example, notify://api-key@template-id,"
    " or folder:///path"
)
MICROSOFT, NOTIFY, FOLDER = "m365", "notify", "folder"
MICROSOFT_HOST, NOTIFY_HOST = "smtp.office365.com", "api.notifications.service.gov.uk"

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_NOTIFY_KEY = re.compile(rf".*{_UUID}-{_UUID}")


class Security(StrEnum):
    """How a conversation with a mail server is kept private, by the scheme of its URL."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


KNOWN = (*(str(security) for security in Security), MICROSOFT, NOTIFY, FOLDER)
PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A mail server, and how to reach it. Its text never shows the password.

    A server that a login would be sent to in clear text cannot be made, but on this machine.

    Raises:
        InvalidInput: it would be one.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse to send a login in clear text."""
        if self.user and self.security is Security.NONE and not is_loopback(self.host):
            raise InvalidInput(
                f"smtp:// would send the login of {self.user} to {self.host} in clear text;"
                " write smtp+starttls:// or smtps://"
            )

    def __str__(self) -> str:
        """Return the URL without its password."""
        user = f"{self.user}@" if self.user else ""
        return f"{self.security}://{user}{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrosoftAccount:
    """A mailbox of Microsoft 365, and the registered application that sends from it.

    `certificate` is the path of a file; the secret is then its pass phrase, if it has one.
    """

    client_id: str
    tenant_id: str
    sender: str
    secret: str = field(default="", repr=False)
    certificate: str = ""

    @property
    def server(self) -> MailServer:
        """Return the mail server that the mailbox sends through."""
        port = PORTS[Security.STARTTLS]
        return MailServer(
            host=MICROSOFT_HOST, port=port, security=Security.STARTTLS, user=self.sender
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyAccount:
    """A service of GOV.UK Notify: its key, and the template that mail is put into."""

    key: str = field(repr=False)
    template_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where mail goes over the network; its text is for people and has no secret."""

    host: str
    port: int
    name: str

    def __str__(self) -> str:
        """Return the name."""
        return self.name


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


def folder_of(url: str) -> str | None:
    """Return the path that a `folder:` URL names; None for another URL.

    Raises:
        InvalidInput: it names no absolute path.
    """
    parts = _split(url)
    if parts.scheme != FOLDER:
        return None
    if parts.netloc or not parts.path.startswith("/") or parts.path == "/":
        raise InvalidInput("a folder for mail is an absolute path; write folder:///path")
    return unquote(parts.path)


def microsoft_of(url: str) -> MicrosoftAccount | None:
    """Return the account that an `m365:` URL names; None for another URL.

    Raises:
        InvalidInput: something is missing; the text never repeats a secret.
    """
    parts = _split(url)
    if parts.scheme != MICROSOFT:
        return None
    asked = dict(parse_qsl(parts.query))
    certificate, secret = asked.pop("certificate", ""), unquote(parts.password or "")
    sender = unquote(parts.path.strip("/"))
    is_whole = parts.username and parts.hostname and "@" in sender and (secret or certificate)
    if not is_whole or asked or parts.fragment or _port(parts) is not None:
        raise InvalidInput(
            "Microsoft 365 wants a client, its secret or certificate, a tenant and a mailbox;"
            " write m365://client-id:secret@tenant-id/sender@council.example, or"
            " m365://client-id@tenant-id/sender@council.example?certificate=/path.pem"
        )
    return MicrosoftAccount(
        client_id=unquote(parts.username or ""),
        tenant_id=parts.hostname or "",
        sender=sender,
        secret=secret,
        certificate=certificate,
    )


def notify_of(url: str) -> NotifyAccount | None:
    """Return the account that a `notify:` URL names; None for another URL.

    Raises:
        InvalidInput: the key or the template is not one; the text never repeats the key.
    """
    parts = _split(url)
    if parts.scheme != NOTIFY:
        return None
    key, template_id = unquote(parts.username or ""), parts.hostname or ""
    has_more = parts.password or parts.path.strip("/") or parts.query or parts.fragment
    if has_more or not _NOTIFY_KEY.fullmatch(key) or not re.fullmatch(_UUID, template_id):
        raise InvalidInput(
            "GOV.UK Notify wants a whole API key and the id of a template, as its pages show them;"
            " write notify://api-key@template-id"
        )
    return NotifyAccount(key=key, template_id=template_id)


def place_of(url: str) -> Place:
    """Return where the mail of a URL goes over the network.

    Raises:
        InvalidInput: it names nothing that is reached over the network.
    """
    if microsoft_of(url) is not None:
        port = PORTS[Security.STARTTLS]
        return Place(host=MICROSOFT_HOST, port=port, name=f"Microsoft 365 at {MICROSOFT_HOST}")
    if notify_of(url) is not None:
        return Place(host=NOTIFY_HOST, port=443, name=f"GOV.UK Notify at {NOTIFY_HOST}")
    server = parse_mail_url(url)
    return Place(host=server.host, port=server.port, name=str(server))


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine, so that nothing leaves it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
