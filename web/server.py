"""Serves the pages in a thread of its own, until told to stop."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from web.address import read_listen
from workflow.model.errors import Unavailable

STOP_WITHIN = 5
"""Seconds that a request under way is given when we stop."""

_LOOK_EVERY = 0.5


def serve(app: ASGIApp, listen: str, *, stop: threading.Event, say: Callable[[str], None]) -> None:
    """Serve `app` at HOST:PORT until `stop` is set; say where.

    Raises:
        InvalidInput: `listen` is not HOST:PORT.
        Unavailable: nothing can listen there, or the server ended by itself.
    """
    with serving(app, listen) as server:
        say(f"pages at {server.address}")
        while not stop.wait(_LOOK_EVERY):
            if not server.is_alive:
                raise Unavailable(f"the server of the pages at {server.address} has ended")


class Serving:
    """A server that works in its own thread."""

    def __init__(self, app: ASGIApp, door: socket.socket) -> None:
        host, port = door.getsockname()[:2]
        self.address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http="h11",
                ws="none",
                loop="asyncio",
                lifespan="off",
                log_config=None,
                log_level=logging.WARNING,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=STOP_WITHIN,
            )
        )
        arguments = {"sockets": [door]}
        self._thread = threading.Thread(
            target=self._server.run, kwargs=arguments, name="pages", daemon=True
        )
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Return whether it works still."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Let what is under way end, and stop."""
        self._server.should_exit = True
        self._thread.join()


@contextmanager
def serving(app: ASGIApp, listen: str) -> Iterator[Serving]:
    """Serve `app` at HOST:PORT while the context is open; port 0 is any that is free.

    Raises:
        InvalidInput: `listen` is not HOST:PORT.
        Unavailable: nothing can listen there.
    """
    with _open_door(listen) as door:
        server = Serving(app, door)
        try:
            yield server
        finally:
            server.close()


def _open_door(listen: str) -> socket.socket:
    host, port = read_listen(listen)
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise Unavailable(
            f"the pages cannot be served at {listen}: {_reason(error)};"
            " stop what listens there, or choose another address"
        ) from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).partition(" (")[0]
