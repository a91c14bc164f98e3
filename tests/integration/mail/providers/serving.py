"""A small web server on loopback whose answers are a function of the test's."""

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass(frozen=True)
class Asked:
    """A request: its method, its path with the query, its headers in lower case, its body."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Answer:
    """What is said. `does`: `drop` hangs up without a word, `stall` says nothing for a while."""

    status: int = 200
    content: object = field(default_factory=dict)
    does: str = "answer"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    answer: Callable[[Asked], Answer]
    over: Event

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: connections break off here all the time."""


class _Conversation(BaseHTTPRequestHandler):
    server: _Server

    def reply(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.answer(Asked(self.command, self.path, headers, body))
        if answer.does == "stall":
            self.server.over.wait(30)
        if answer.does == "answer":
            words = answer.content
            content = words if isinstance(words, bytes) else json.dumps(words).encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    do_GET = do_POST = reply

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serving_http(
    answer: Callable[[Asked], Answer], *, tls: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Run a web server that says what `answer` says; yield its port."""
    server = _Server(("127.0.0.1", 0), _Conversation)
    server.answer, server.over = answer, Event()
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        with suppress(RuntimeError):
            thread.join()
