"""A mail server that fails on purpose: at one verb of one message, in one way.

It counts what it took, and keeps every line that came in clear text.
"""

import base64
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at `verb` (or `BANNER`, `DOT`: the end of a message).

    `reply` is said instead of the right answer. `does` is `reply`, `drop` (hang up), `stall` (say
    nothing until the test is over) or, at `STARTTLS`, `pose` (show another certificate).
    `is_taken`: at `DOT`, the message is kept all the same.
    """

    verb: str
    reply: str = ""
    does: str = "reply"
    is_taken: bool = False


EARLY = frozenset({"BANNER", "EHLO", "AUTH", "STARTTLS"})
"""What is said when a connection is opened."""


@dataclass
class Plan:
    """What the server is to do, and what it has seen. `at` counts messages from 0.

    `tokens` are the words that open a mailbox by XOAUTH2; `is_at_once`: it takes several commands
    at once, and says so; `is_lax`: it asks for a message that nobody is to get.
    """

    fault: Fault | None = None
    at: int = 0
    is_lasting: bool = False
    tls: ssl.SSLContext | None = None
    impostor: ssl.SSLContext | None = None
    wants_login: bool = False
    tokens: set[str] = field(default_factory=set)
    is_at_once: bool = False
    is_lax: bool = False
    senders: list[str] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    clear: list[str] = field(default_factory=list)
    connections: int = 0
    begun: int = 0
    over: Event = field(default_factory=Event)

    def said_in_clear(self) -> set[str]:
        """Return the verbs that came in clear text."""
        return {line.split(" ")[0].upper() for line in self.clear if line.isascii()}

    def fault_at(self, verb: str) -> Fault | None:
        """Return the fault that strikes at `verb` now, and let it strike once only."""
        fault = self.fault
        # MAIL has been counted already; what comes earlier belongs to the message that is to come
        number = self.begun if verb in EARLY else self.begun - 1
        if fault is None or fault.verb != verb or number != self.at:
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
    disable_nagle_algorithm = True

    def handle(self) -> None:
        plan = self.server.plan
        plan.connections += 1
        self.is_secure, self.accepted = False, Counter[str]()
        if not self.answer("BANNER", "220 faulty ready"):
            return
        while line := self.rfile.readline():
            text = line.decode("ascii", "replace").strip()
            if not self.is_secure:
                plan.clear.append(text)
            verb = text.split(" ")[0].upper()
            if verb == "MAIL":
                self.accepted.clear()
                plan.begun += 1
                plan.recipients.append([])
                plan.senders.append(text.partition("<")[2].partition(">")[0])
            if not self.obey(verb, text):
                return

    def obey(self, verb: str, text: str) -> bool:
        """Answer one command; return whether the conversation goes on."""
        plan = self.server.plan
        if verb == "EHLO":
            return self.answer(verb, self.greeting())
        if verb == "STARTTLS" and plan.tls:
            poses = plan.fault is not None and plan.fault.does == "pose" and plan.begun == plan.at
            tls = plan.impostor if poses and plan.impostor else plan.tls
            return self.answer(verb, "220 go ahead") and self.secure(tls)
        if verb == "AUTH" and "XOAUTH2" in text:
            return self.open_mailbox(text)
        if verb in {"RCPT", "DATA"}:
            return self.take_envelope(verb, text)
        replies = {"AUTH": "235 welcome", "QUIT": "221 bye"}
        return self.answer(verb, replies.get(verb, "250 OK")) and verb != "QUIT"

    def take_envelope(self, verb: str, text: str) -> bool:
        """Take what comes after MAIL, as long as what came before it was accepted."""
        plan = self.server.plan
        if verb == "RCPT":
            plan.recipients[-1].append(text)
            return self.answer(verb, "250 OK" if self.accepted["MAIL"] else "503 5.5.1 from whom?")
        if self.accepted["RCPT"] or plan.is_lax:
            return self.answer(verb, "354 go ahead") and self.take()
        return self.answer(verb, "503 5.5.1 to whom?")

    def greeting(self) -> str:
        plan = self.server.plan
        lines = ["faulty"] + (["STARTTLS"] if plan.tls and not self.is_secure else [])
        lines += ["AUTH PLAIN"] if plan.wants_login else []
        lines += ["AUTH XOAUTH2"] if plan.tokens else []
        lines += ["PIPELINING"] if plan.is_at_once else []
        return "\r\n".join(f"250-{line}" for line in lines) + "\r\n250 OK"

    def open_mailbox(self, text: str) -> bool:
        """Look at the word that XOAUTH2 brings; a wrong one is asked about once, then refused."""
        word = base64.b64decode(text.rpartition(" ")[2]).decode("ascii")
        user, bearer, *ends = word.split("\x01")
        is_known = bearer.removeprefix("auth=Bearer ") in self.server.plan.tokens
        if user.startswith("user=") and is_known and ends == ["", ""]:
            return self.answer("AUTH", "235 welcome")
        self.wfile.write(b"334 eyJzdGF0dXMiOiI0MDEifQ==\r\n")
        self.rfile.readline()
        return self.answer("AUTH", "535 5.7.3 not this word")

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
        if fault is None or fault.does in {"reply", "pose"}:
            reply = fault.reply if fault and fault.reply else right
            self.accepted[verb] += reply.startswith("250")
            self.wfile.write(f"{reply}\r\n".encode("ascii"))
            return fault is None or fault.does == "pose" or verb not in {"BANNER", "DATA"}
        if fault.does == "stall":
            plan.over.wait(30)
        return False


@contextmanager
def serving(plan: Plan) -> Iterator[int]:
    """Run a server that keeps to `plan`; yield its port."""
    server = _Server(("127.0.0.1", 0), _Conversation)
    server.plan = plan
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.002}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        plan.over.set()
        server.shutdown()
        server.server_close()
        with suppress(RuntimeError):
            thread.join()
