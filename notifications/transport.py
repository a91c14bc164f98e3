"""How a message leaves us: by SMTP, into a folder, or into memory. The only door of smtplib.

E-mail is at least once by nature: when the line drops after the message was handed over, nobody
can know whether it was taken. A transport therefore says three things of a failure: whether trying
again can help (`is_permanent`), whether the message may have been taken (`is_uncertain`), and
whether every other message would fail as well (`is_whole_server`).

An SMTP conversation is led command by command, because `smtplib.sendmail` tells the same exception
for a line that drops before the message and for one that drops after it. Where the server takes
several commands at once, a message costs two turns of the line instead of five.
"""

import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from notifications.mailserver import MailServer, Security, is_loopback
from notifications.message import Message, UnsendableMessage, clean, encode, plain_address
from workflow.model.errors import Unavailable

GREETING_SECONDS = 60.0
COMMAND_SECONDS = 120.0
DATA_SECONDS = 600.0
"""How long we wait: RFC 5321, 4.5.3.2, asks for ten minutes after the message itself."""

_WELCOME = 235
_ACCEPTED, _WILL_FORWARD, _GO_AHEAD, _CLOSING, _TOO_LARGE = 250, 251, 354, 421, 552
_SUCCESS, _LATER, _NEVER = 2, 4, 5
_NO_PERMISSION = frozenset({530, 534, 535, 538})
_FINE = {"DATA": {_GO_AHEAD}, "RCPT": {_ACCEPTED, _WILL_FORWARD}}
_ARE_YOU_THERE = "RSET"


class TransportError(Unavailable):
    """A message was not sent, or may not have been."""

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        is_uncertain: bool = False,
        is_whole_server: bool = False,
    ) -> None:
        self.is_permanent, self.is_uncertain = permanent, is_uncertain
        self.is_whole_server = is_whole_server
        super().__init__(message)


class _Asleep(Exception):
    """There is no connection, or one that lives no longer."""


class Transport(Protocol):
    """Something that takes messages, one at a time."""

    def send(self, message: Message) -> None:
        """Send `message`, or raise `TransportError` or `UnsendableMessage`."""

    def close(self) -> None:
        """Let go of what was opened; the next `send` opens it again."""


class MemoryTransport:
    """Keeps messages in a list."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, message: Message) -> None:
        """Keep `message`, if it could be sent at all."""
        encode(message)
        self.messages.append(message)

    def close(self) -> None:
        """Do nothing: nothing was opened."""


class FolderTransport:
    """Writes each message into a folder, as a file that mail programs open.

    The file is named after the Message-ID: a message that is sent again replaces itself.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, message: Message) -> None:
        """Write `message`: the whole file or none."""
        content = encode(message)
        name = re.sub(r"[^\w.@-]", "", message.message_id) + ".eml"
        draft = self._path / f".{name}.part"
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_bytes(content)
            draft.replace(self._path / name)
        except OSError as error:
            text = f"the mail folder {self._path} cannot be written to: {error.strerror or error}"
            raise TransportError(text, is_whole_server=True) from error

    def close(self) -> None:
        """Do nothing: nothing stays open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many seconds we wait: for the connection, for a command, after the message itself."""

    greeting: float = GREETING_SECONDS
    command: float = COMMAND_SECONDS
    data: float = DATA_SECONDS


class SMTPTransport:
    """Sends by SMTP, one recipient a message, over a connection that is kept until `close`.

    Where TLS was asked for, nothing is ever said in clear text: neither a password nor a message.
    `token` gives a word for XOAUTH2, which is then used instead of a password.
    """

    def __init__(
        self,
        server: MailServer,
        *,
        patience: Patience | None = None,
        tls: ssl.SSLContext | None = None,
        token: Callable[[], str] | None = None,
    ) -> None:
        self._server = server
        self._patience = patience or Patience()
        self._tls = tls
        self._token = token
        self._client: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        """Send `message`; it has been taken when this returns."""
        envelope = (
            f"MAIL FROM:<{plain_address(message.envelope_sender)}>",
            f"RCPT TO:<{plain_address(message.to.address)}>",
            "DATA",
        )
        try:
            client = self._kept()
            content = _offer(client, (_ARE_YOU_THERE, *envelope), message)
        except _Asleep:
            self.close()
            client = self._client = self._open()
            content = _offer(client, envelope, message)
        _hand_over(client, content, seconds=self._patience.data)
        _wait(client, self._patience.command)

    def close(self) -> None:
        """Say good-bye. What has been taken stays taken, whatever the server answers."""
        client, self._client = self._client, None
        if client is not None:
            _wait(client, min(5.0, self._patience.command))
            with suppress(OSError, smtplib.SMTPException):
                client.quit()
            client.close()

    def _kept(self) -> smtplib.SMTP:
        if self._client is None:
            raise _Asleep
        return self._client

    def _open(self) -> smtplib.SMTP:
        """Connect, with TLS and login where they were asked for. Any trouble concerns all mail."""
        client: smtplib.SMTP | None = None
        try:
            client = self._connect()
            _wait(client, self._patience.command)
            client.ehlo_or_helo_if_needed()
            if self._server.security is Security.STARTTLS:
                # raises when TLS is not offered or the certificate is wrong: nothing is sent then
                client.starttls(context=self._tls or ssl.create_default_context())
                client.ehlo_or_helo_if_needed()
            self._log_in(client)
        except (OSError, ValueError, smtplib.SMTPException, TransportError) as error:
            if client is not None:
                client.close()
            text = f"{self._server} cannot be used: {_reason(error)}"
            raise TransportError(text, is_whole_server=True) from error
        return client

    def _log_in(self, client: smtplib.SMTP) -> None:
        user = self._server.user
        if self._token is not None:
            word = f"user={user}\x01auth=Bearer {self._token()}\x01\x01"
            # a server that refuses the word asks once more, and is then told nothing
            client.auth("XOAUTH2", lambda challenge=None: "" if challenge else word)
        elif user and not (user + self._server.password).isascii():
            _log_in_utf8(client, user, self._server.password)
        elif user:
            client.login(user, self._server.password)

    def _connect(self) -> smtplib.SMTP:
        host, port, seconds = self._server.host, self._server.port, self._patience.greeting
        # the library looks the name of this machine up, which takes seconds where there is no DNS
        name = "localhost" if is_loopback(host) else None
        if self._server.security is not Security.TLS:
            return smtplib.SMTP(host, port, timeout=seconds, local_hostname=name)
        tls = self._tls or ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, timeout=seconds, local_hostname=name, context=tls)


def _log_in_utf8(client: smtplib.SMTP, user: str, password: str) -> None:
    """Log in by PLAIN, whose words are UTF-8 (RFC 4616): the library knows ASCII only."""
    words = b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
    code, answer = client.docmd("AUTH", f"PLAIN {words}")
    if code != _WELCOME:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _wait(client: smtplib.SMTP, seconds: float) -> None:
    """Let `client` wait for as many `seconds` as answers may now take."""
    if client.sock is not None:
        client.sock.settimeout(seconds)


def _offer(client: smtplib.SMTP, commands: Sequence[str], message: Message) -> bytes:
    """Say what comes before a message, write it down meanwhile, and return it once it is wanted."""
    _say(client, commands)
    try:
        content = encode(message)
    except UnsendableMessage:
        client.close()  # the server waits for a message that does not come
        raise
    _hear(client, commands)
    return content


def _say(client: smtplib.SMTP, commands: Sequence[str]) -> None:
    """Say the first command, or all at once to a server that takes several (RFC 2920)."""
    said = commands if client.has_extn("pipelining") else commands[:1]
    try:
        client.send("".join(f"{command}\r\n" for command in said))
    except (OSError, smtplib.SMTPException) as error:
        raise _broken_off(said[0], error) from error


def _hear(client: smtplib.SMTP, commands: Sequence[str]) -> None:
    """Listen to each answer, saying what is not said yet. Up to here, the server has nothing."""
    is_at_once = client.has_extn("pipelining")
    for number, command in enumerate(commands):
        if number and not is_at_once:
            _say(client, commands[number:])
        verb = _verb(command)
        try:
            code, answer = client.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise _broken_off(command, error) from error
        if code in _FINE.get(verb, {_ACCEPTED}):
            continue
        if command == _ARE_YOU_THERE:
            raise _Asleep
        _leave_if_lost(client, code)
        _hear_out(client, len(commands) - number - 1 if is_at_once else 0)
        raise TransportError(
            f"{verb}: {code} {_words(answer)}",
            permanent=_is_refusal(code) and not _is_everybodys(verb, code),
            is_whole_server=_is_everybodys(verb, code),
        )


def _broken_off(command: str, error: Exception) -> Exception:
    """Return what it means when the line breaks off at a command."""
    if command == _ARE_YOU_THERE:
        return _Asleep()
    return TransportError(f"{_verb(command)}: {_reason(error)}")


def _hear_out(client: smtplib.SMTP, count: int) -> None:
    """Listen to the other answers after a refusal; hang up on a server that waits for a message."""
    try:
        codes = [client.getreply()[0] for _ in range(count) if client.sock is not None]
    except (OSError, smtplib.SMTPException):
        client.close()
    else:
        if not all(map(_is_answer, codes[-1:])):
            client.close()


def _verb(command: str) -> str:
    return command.partition(" ")[0]


def _hand_over(client: smtplib.SMTP, content: bytes, *, seconds: float) -> None:
    """Send the message itself. Once its last dot is out, silence means that we cannot know."""
    dotted = (b"." if content.startswith(b".") else b"") + content.replace(b"\n.", b"\n..")
    try:
        client.send(dotted + b".\r\n")
    except (OSError, smtplib.SMTPException) as error:
        raise TransportError(f"the message broke off: {_reason(error)}") from error
    try:
        _wait(client, seconds)
        code, answer = client.getreply()
    except (OSError, smtplib.SMTPException) as error:
        text = f"no answer after the message: {_reason(error)}; it may have been taken"
        raise TransportError(text, is_uncertain=True) from error
    if code // 100 == _SUCCESS:
        return
    _leave_if_lost(client, code)
    raise TransportError(
        f"after the message: {code} {_words(answer)}",
        permanent=_is_refusal(code),
        is_uncertain=not _is_answer(code),
        is_whole_server=code == _CLOSING,
    )


def _is_answer(code: int) -> bool:
    """Return whether `code` is one with which a server says no, for now or for ever."""
    return code // 100 in {_LATER, _NEVER}


def _is_refusal(code: int) -> bool:
    return code // 100 == _NEVER


def _is_everybodys(verb: str, code: int) -> bool:
    """Return whether an answer means that no other message would pass: closing, no permission.

    A refusal of MAIL is one of us, the sender, unless this one message is too large.
    """
    is_sender = verb == "MAIL" and _is_refusal(code) and code != _TOO_LARGE
    return code == _CLOSING or code in _NO_PERMISSION or is_sender


def _leave_if_lost(client: smtplib.SMTP, code: int) -> None:
    """Hang up where the next answer could be one to an earlier command, or none will come."""
    if not _is_answer(code) or code == _CLOSING:
        client.close()


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    return clean(str(error)) or type(error).__name__


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return clean(text)[:300]
