"""A small mail server on loopback that keeps what it is sent: for the demonstration, not for use.

It speaks enough SMTP (RFC 5321) for a real conversation, and delivers nothing.
"""

from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from types import TracebackType
from typing import Self

MOST_BYTES = 5_000_000

_LONGEST_LINE = 2_000
_GREETING = "220 sink ready"
_OK = "250 OK"


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it came in: from whom and to whom on the envelope, and its bytes."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def email(self) -> EmailMessage:
        """Return the message, parsed."""
        return BytesParser(policy=policy.default).parsebytes(self.content)


class Sink:
    """The server, as a context manager. `url` is where to send, `received` what has come.

    `most_bytes` is the size of the largest message that is taken.
    """

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        self.received: list[Received] = []
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.received, self._server.most_bytes = self.received, most_bytes
        self._thread = Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def url(self) -> str:
        """Return the URL under which the server is reached."""
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        """Start to listen."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, and close the socket."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    received: list[Received]
    most_bytes: int

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a connection that broke off."""


class _Conversation(StreamRequestHandler):
    """What is said on one connection. One verb a method, all lower case after `on_`."""

    server: _Server
    timeout = 60
    disable_nagle_algorithm = True  # several short answers in turn would wait for each other

    def handle(self) -> None:
        """Answer each command until the other side has gone."""
        self.sender, self.recipients = "", list[str]()
        self.say(_GREETING)
        while line := self.rfile.readline(_LONGEST_LINE):
            verb, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            answer = getattr(self, f"on_{verb.lower()}", None)
            self.say(answer(rest) if answer else "502 5.5.2 not known here")
            if verb.upper() == "QUIT":
                return

    def say(self, reply: str) -> None:
        """Send one reply."""
        self.wfile.write(f"{reply}\r\n".encode("ascii"))

    def on_ehlo(self, _rest: str) -> str:
        """Greet, and say what is understood."""
        return f"250-sink\r\n250-PIPELINING\r\n250 SIZE {self.server.most_bytes}"

    def on_helo(self, _rest: str) -> str:
        """Greet in the old way."""
        return "250 sink"

    def on_mail(self, rest: str) -> str:
        """Begin a message."""
        self.sender, self.recipients = _address_in(rest), []
        return _OK

    def on_rcpt(self, rest: str) -> str:
        """Take a recipient."""
        self.recipients.append(_address_in(rest))
        return _OK

    def on_data(self, _rest: str) -> str:
        """Take the message itself, up to the line with a single dot."""
        if not self.recipients:
            return "503 5.5.1 to whom?"
        self.say("354 go ahead, end with a dot")
        lines, size = list[bytes](), 0
        while (line := self.rfile.readline(_LONGEST_LINE)) != b".\r\n":
            if not line:
                raise ConnectionAbortedError
            size += len(line)
            if size <= self.server.most_bytes:
                lines.append(line.removeprefix(b"."))
        if size > self.server.most_bytes:
            return "552 5.3.4 too large"
        content = b"".join(lines)
        self.server.received.append(Received(self.sender, tuple(self.recipients), content))
        return f"{_OK}, number {len(self.server.received)}"

    def on_rset(self, _rest: str) -> str:
        """Forget the message that was begun."""
        self.sender, self.recipients = "", []
        return _OK

    def on_noop(self, _rest: str) -> str:
        """Do nothing, politely."""
        return _OK

    def on_quit(self, _rest: str) -> str:
        """Say good-bye."""
        return "221 good-bye"


def _address_in(rest: str) -> str:
    """Return what stands between the angle brackets of `FROM:<…>` or `TO:<…>`."""
    return rest.partition("<")[2].partition(">")[0]
