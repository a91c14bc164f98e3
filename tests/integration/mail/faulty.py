"""A mail server that fails on purpose: at one verb of one message, in one way.

It counts what it took, and keeps every line that came in clear text.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at `verb` (or `BANNER`, `DOT`: the end of a message).

    `reply` is said instead of the right answer. `does` is `reply`, `drop` (hang up) or `stall`
    (say nothing until the test is over). `is_taken`: at `DOT`, the message is kept all the same.
    """

    verb: str
    reply: str = ""
    does: str = "reply"
    is_taken: bool = False


@dataclass
class Plan:
    """What the server is to do, and what it has seen. `at` counts messages from 0."""

    fault: Fault | None = None
    at: int = 0
    is_lasting: bool = False
    tls: ssl.SSLContext | None = None
    wants_login: bool = False
    taken: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    clear: list[str] = field(default_factory=list)
    connections: int = 0
    begun: int = 0
    over: Event = field(default_factory=Event)

    def fault_at(self, verb: str) -> Fault | None:
        """Return the fault that strikes at `verb` now, and let it strike once only."""
        fault = self.fault
        # MAIL has been counted already; a banner belongs to the message that is to come
        number = self.begun if verb == "BANNER" else self.begun - 1
        is_early = verb in {"EHLO", "AUTH", "STARTTLS"}
        if fault is None or fault.verb != verb or (number != self.at and not is_early):
            return None
        if not self.is_lasting:
            self.fault = None
        return fault


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    plan: Plan

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: connections break off here all the time."""


class _Conversation(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        plan = self.server.plan
        plan.connections += 1
        self.is_secure = False
        if not self.answer("BANNER", "220 faulty ready"):
            return
        while line := self.rfile.readline():
            text = line.decode("ascii", "replace").strip()
            if not self.is_secure:
                plan.clear.append(text)
            verb = text.split(" ")[0].upper()
            if verb == "MAIL":
                plan.begun += 1
                plan.recipients.append([])
            if not self.obey(verb, text):
                return

    def obey(self, verb: str, text: str) -> bool:
        """Answer one command; return whether the conversation goes on."""
        plan = self.server.plan
        if verb == "EHLO":
            lines = ["faulty"] + (["STARTTLS"] if plan.tls and not self.is_secure else [])
            lines += ["AUTH PLAIN"] if plan.wants_login else []
            return self.answer(verb, "\r\n".join(f"250-{line}" for line in lines) + "\r\n250 OK")
        if verb == "STARTTLS" and plan.tls:
            return self.answer(verb, "220 go ahead") and self.secure(plan.tls)
        if verb == "RCPT":
            plan.recipients[-1].append(text)
        if verb == "DATA":
            return self.answer(verb, "354 go ahead") and self.take()
        replies = {"AUTH": "235 welcome", "QUIT": "221 bye"}
        return self.answer(verb, replies.get(verb, "250 OK")) and verb != "QUIT"

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        with suppress(OSError):
            self.connection.close()

    def secure(self, tls: ssl.SSLContext) -> bool:
        self.request = tls.wrap_socket(self.request, server_side=True)
        self.connection = self.request
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.is_secure = True
        return True

    def take(self) -> bool:
        plan, lines = self.server.plan, list[bytes]()
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line.removeprefix(b"."))
        fault = plan.fault if plan.begun - 1 == plan.at else None
        is_refused = fault is not None and fault.verb == "DOT" and not fault.is_taken
        if not is_refused:
            plan.taken.append(b"".join(lines))
        return self.answer("DOT", "250 taken")

    def answer(self, verb: str, right: str) -> bool:
        """Say the right thing, or do what the plan says; return whether to go on."""
        plan = self.server.plan
        fault = plan.fault_at(verb)
        if fault is None or fault.does == "reply":
            reply = right if fault is None else fault.reply
            self.wfile.write(f"{reply}\r\n".encode("ascii"))
            return fault is None or verb not in {"BANNER", "DATA"}
        if fault.does == "stall":
            plan.over.wait(30)
        return False


@contextmanager
def serving(plan: Plan) -> Iterator[int]:
    """Run a server that keeps to `plan`; yield its port."""
    server = _Server(("127.0.0.1", 0), _Conversation)
    server.plan = plan
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        plan.over.set()
        server.shutdown()
        server.server_close()
        with suppress(RuntimeError):
            thread.join()
