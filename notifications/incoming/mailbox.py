"""The mailbox that answers go to, read by IMAP. The only door of imap_tools.

What lies in the folder has not been dealt with, whether somebody has looked at it or not. A mail
is moved once it is kept; where moving is not offered it is copied and deleted. Whoever is killed
in between finds it again, and sees by its Message-ID that it is known.
"""

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

import imap_tools
from imap_tools.errors import ImapToolsError

from notifications.incoming.account import Account, Privacy
from notifications.message import clean
from workflow.model.errors import Unavailable

PROCESSED, UNMATCHED = "Processed", "Unmatched"
ANSWER_SECONDS = 60.0
"""How long we wait for a mail server's answer."""

MOST_BYTES = 32_000_000
"""Bytes of one mail that are fetched: more than servers take."""

IDLE_SLICE_SECONDS = 0.5
MOST_IDLE_SECONDS = 1_500.0
"""RFC 2177 asks to begin anew before 29 minutes are over."""

_WANTED = "UNDELETED"


class Mailbox(Protocol):
    """A folder of mails that came in."""

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Yield each mail that has not been put away, the oldest first, with its name there."""

    def put_away(self, uid: str, folder: str) -> None:
        """Move a mail into another folder, which is made where it is missing."""


class MemoryMailbox:
    """Keeps mails in lists, by folder; the folder that is read has no name."""

    def __init__(self, *contents: bytes) -> None:
        self.folders: dict[str, dict[str, bytes]] = {"": {}}
        for content in contents:
            self.deliver(content)

    def deliver(self, content: bytes) -> None:
        """Let a mail come in."""
        number = sum(len(folder) for folder in self.folders.values()) + 1
        self.folders[""][str(number)] = content

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Yield each mail that has not been put away, the oldest first, with its name there."""
        yield from list(self.folders[""].items())

    def put_away(self, uid: str, folder: str) -> None:
        """Move a mail into another folder."""
        self.folders.setdefault(folder, {})[uid] = self.folders[""].pop(uid)


class ImapMailbox:
    """A mailbox on a mail server. Opened by `open_mailbox`; one thread at a time."""

    def __init__(self, account: Account, box: imap_tools.BaseMailBox) -> None:
        self._account, self._box = account, box
        self._made: dict[str, str] = {}

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Yield each mail that has not been put away, the oldest first, with its UID.

        What comes in meanwhile is yielded, too.

        Raises:
            Unavailable: the mailbox is away.
        """
        seen: set[str] = set()
        while True:
            with _errors(self._account):
                uids = [uid for uid in self._box.uids(_WANTED, charset=None) if uid not in seen]
            if not uids:
                return
            for uid in uids:
                seen.add(uid)
                content = self._fetch(uid)
                if content is not None:
                    yield uid, content

    def put_away(self, uid: str, folder: str) -> None:
        """Move a mail into another folder, which is made where it is missing.

        Raises:
            Unavailable: the mailbox is away, or the folder cannot be made.
        """
        with _errors(self._account):
            self._box.move(uid, self._folder(folder))

    def wait(self, seconds: float, *, is_stopping: Callable[[], bool] = lambda: False) -> bool:
        """Wait until something comes in, for so many seconds at most; return whether it did.

        Where the server does not offer that (IDLE), it returns at once: look again later. It is
        asked twice a second whether it `is_stopping`.

        Raises:
            Unavailable: the mailbox is away.
        """
        if "IDLE" not in self._box.client.capabilities:
            return False
        rounds = int(min(seconds, MOST_IDLE_SECONDS) / IDLE_SLICE_SECONDS)
        with _errors(self._account), self._box.idle as idle:
            for _ in range(rounds):
                if is_stopping():
                    return False
                said = idle.poll(timeout=IDLE_SLICE_SECONDS)
                if any(line.endswith((b"EXISTS", b"RECENT")) for line in said):
                    return True
        return False

    def _fetch(self, uid: str) -> bytes | None:
        """Return a mail without marking it as read; None when it is not there any more."""
        with _errors(self._account):
            status, found = self._box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
            if status != "OK":
                raise imaplib.IMAP4.error(f"FETCH says {status}")
        return next((bytes(part[1]) for part in found if isinstance(part, tuple)), None)

    def _folder(self, name: str) -> str:
        """Return a folder's name as this server writes it, and make it where it is missing."""
        if name not in self._made:
            self._made[name] = self._find(name)
        return self._made[name]

    def _find(self, name: str) -> str:
        listed = {info.name: info.delim for info in self._box.folder.list()}
        delimiter = listed.get("INBOX", "/")
        below = f"INBOX{delimiter}{name}"  # some servers keep everything below the inbox
        for known in (name, below):
            if known in listed:
                return known
        with suppress(ImapToolsError):
            self._box.folder.create(name)
            return name
        self._box.folder.create(below)
        return below


@contextmanager
def open_mailbox(
    account: Account, *, tls: ssl.SSLContext | None = None, seconds: float = ANSWER_SECONDS
) -> Iterator[ImapMailbox]:
    """Open a mailbox for the length of a block; nothing is said in clear text but on loopback.

    Raises:
        Unavailable: it is away, its certificate is not trusted, or the password is wrong.
    """
    with _errors(account):
        box = _connected(account, tls or ssl.create_default_context(), seconds)
    try:
        with _errors(account):
            _log_in(box, account)
        yield ImapMailbox(account, box)
    finally:
        with suppress(imaplib.IMAP4.error, OSError, ImapToolsError):
            box.logout()


def _connected(account: Account, tls: ssl.SSLContext, seconds: float) -> imap_tools.BaseMailBox:
    host, port = account.host, account.port
    if account.privacy is Privacy.TLS:
        return imap_tools.MailBox(host, port, timeout=seconds, ssl_context=tls)
    if account.privacy is Privacy.STARTTLS:
        return imap_tools.MailBoxStartTls(host, port, timeout=seconds, ssl_context=tls)
    return imap_tools.MailBoxUnencrypted(host, port, timeout=seconds)


def _log_in(box: imap_tools.BaseMailBox, account: Account) -> None:
    is_plain = account.user.isascii() and account.password.isascii()
    log_in = box.login if is_plain else box.login_utf8
    log_in(account.user, account.password, initial_folder=account.folder)


@contextmanager
def _errors(account: Account) -> Iterator[None]:
    """Turn what the library and the line raise into an error that a user may be shown."""
    try:
        yield
    except (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError) as error:
        reason = clean(str(error)).replace(account.password, "…") or type(error).__name__
        raise Unavailable(f"the mailbox {account} cannot be read: {reason}") from error
