"""The pages are served over a socket, beside whatever else runs, until somebody says stop."""

import asyncio
import http.client
import logging
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from starlette.types import Receive, Scope, Send

from tests.unit.web.desk import CALL, Desk, set_up, token_of
from web.answering import mark_of, path_of
from web.app import make_app
from web.server import serve, serving
from workflow.model.errors import InvalidInput, Unavailable

ANY = "127.0.0.1:0"


@pytest.fixture
def desk() -> Desk:
    return set_up()


def ask(address: str, path: str, *, method: str = "GET") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
    connection.request(method, path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_the_pages_are_served_until_the_context_is_closed(desk: Desk) -> None:
    with serving(make_app(desk.site), ANY) as server:
        assert ask(server.address, "/healthz").status == 200
        response = ask(server.address, f"/a/{token_of(CALL)}")
        assert response.status == 303
        assert response.headers["server"] is None
        address = server.address
    with pytest.raises(ConnectionRefusedError):
        ask(address, "/healthz")


def test_the_address_may_be_one_of_version_six(desk: Desk) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with serving(make_app(desk.site), "[::1]:0") as server:
        assert server.address.startswith("http://[::1]:")
        assert ask(server.address, "/healthz").status == 200


def test_they_are_served_until_stop_is_set_and_what_is_said_is_where(desk: Desk) -> None:
    stop, said = threading.Event(), list[str]()
    app = make_app(desk.site)
    thread = threading.Thread(
        target=serve, args=(app, ANY), kwargs={"stop": stop, "say": said.append}
    )
    thread.start()
    for _ in range(200):
        if said:
            break
        time.sleep(0.05)
    address = said[0].removeprefix("pages at ")
    assert ask(address, "/healthz").status == 200
    stop.set()
    thread.join(timeout=20)
    assert not thread.is_alive()
    with pytest.raises(ConnectionRefusedError):
        ask(address, "/healthz")


def test_a_request_under_way_is_answered_before_the_end() -> None:
    is_asked = threading.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        is_asked.set()
        await asyncio.sleep(0.5)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    found: list[int] = []
    with serving(slow, ANY) as server:
        thread = threading.Thread(target=lambda: found.append(ask(server.address, "/").status))
        thread.start()
        assert is_asked.wait(20)
    thread.join(timeout=20)
    assert found == [204]


def test_a_port_that_is_taken_is_said_with_the_way_out(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with (
            pytest.raises(
                Unavailable,
                match=rf"the pages cannot be served at {listen}: Address already in use;"
                " stop what listens there, or choose another address",
            ),
            serving(make_app(desk.site), listen),
        ):
            pass


@pytest.mark.parametrize("listen", ["192.0.2.1:8080", "no-such-host.invalid:8080"])
def test_a_host_that_is_not_here_is_said(desk: Desk, listen: str) -> None:
    with (
        pytest.raises(Unavailable, match=f"the pages cannot be served at {listen}: "),
        serving(make_app(desk.site), listen),
    ):
        pass


def test_what_is_no_address_is_refused_before_anything_is_opened(desk: Desk) -> None:
    with (
        pytest.raises(InvalidInput, match="write HOST:PORT"),
        serving(make_app(desk.site), "everywhere"),
    ):
        pass


def test_a_form_whose_sender_goes_away_in_the_middle_is_not_recorded(desk: Desk) -> None:
    question = desk.answers.questions[CALL]
    form = f"what=cannot&mark={mark_of(question)}&why=I+cannot+before+Friday".encode()
    head = (
        f"POST {path_of(CALL)} HTTP/1.1\r\nHost: x\r\nCookie: answer={token_of(CALL)}\r\n"
        "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Connection: close\r\nContent-Length: {len(form)}\r\n\r\n"
    ).encode()

    def sent(body: bytes) -> bytes:
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(head + body)
            if body != form:
                connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(4096), b""))

    with serving(make_app(desk.site), ANY) as server:
        host, _, port = server.address.removeprefix("http://").rpartition(":")
        sent(form[:-7])
        assert sent(form).startswith(b"HTTP/1.1 303 ")
    assert desk.answers.taken == [{"why": "I cannot before Friday"}]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_no_token_stands_in_a_log(
    desk: Desk, logged: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    token = token_of(CALL)
    desk.answers.questions[CALL] = 1 / 3  # type: ignore[assignment]
    with serving(make_app(desk.site), ANY) as server:
        assert ask(server.address, f"/a/{token}").status == 303
        connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=20)
        connection.request("GET", "/answers/1/call_peer%3A4", headers={"Cookie": f"answer={token}"})
        assert connection.getresponse().status == 500
        connection.close()
    output = capfd.readouterr()
    assert "Exception in ASGI application" in logged.text
    assert token not in logged.text + output.out + output.err
