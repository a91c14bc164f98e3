"""Whom the pages let in, how much they may bring, and what every browser is told."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from tests.unit.web.desk import CALENDAR, CALL, REVOKED_FEED, feed_address, set_up
from tests.unit.web.reader import TODAY, client_of, opened
from web.address import Base
from web.answering import path_of
from web.app import make_app
from web.guard import MOST_BODY, POLICY, Guard
from web.pages import Pages
from workflow.model.errors import InvalidInput, Unavailable
from workflow.tokens import FeedLink

BASE = "https://pages.test"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OWN, FOREIGN = {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "cross-site"}
PATHS = (
    "/", "/healthz", "/readyz", "/static/style.css", "/static/icon.svg", "/a/nothing", "/nowhere",
    "/answers/1/call_peer%3A4", "/feed/nothing.ics", feed_address(), "/static/../web/app.py",
    "/a/", "//evil.test", "/docs", "/openapi.json", "/a/x?next=//evil.test",
)  # fmt: skip


@pytest.fixture(scope="module")
def client() -> TestClient:
    """Return a browser of pages over TLS, whose cookies nobody uses."""
    return client_of(set_up(base_url=BASE), BASE)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_every_answer_tells_the_browser_what_pages_may_do(
    path: str, method: str, client: TestClient
) -> None:
    response = client.request(method, path, follow_redirects=False)
    assert response.status_code < 500
    assert response.headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] in {"no-referrer", "same-origin"}
    assert response.headers["strict-transport-security"] == "max-age=31536000"
    assert response.headers["x-robots-tag"] == "noindex, nofollow"
    is_static = path.startswith("/static/") and response.status_code == 200
    expected = "public, max-age=3600" if is_static else "no-store"
    assert response.headers["cache-control"] == expected
    assert "location" not in response.headers


@pytest.mark.parametrize("path", PATHS)
def test_what_is_not_looking_or_sending_a_form_is_not_done(path: str, client: TestClient) -> None:
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        assert client.request(method, path, headers=OWN).status_code in {404, 405}


def test_only_pages_over_tls_promise_to_stay_so() -> None:
    response = client_of(set_up(base_url="http://pages.test")).get("/")
    assert response.status_code == 200
    assert "strict-transport-security" not in response.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Origin": BASE}, 303),
        ({"Origin": f"{BASE}:443"}, 303),
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": BASE}, 403),
        ({"Sec-Fetch-Site": ""}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://pages.test"}, 403),
        ({"Origin": "https://evil.test"}, 403),
        ({"Origin": f"{BASE}.evil.test"}, 403),
        ({"Origin": "https://evil.test/pages.test"}, 403),
        ({"Referer": f"{BASE}/answers/1/call_peer%3A4"}, 403),
    ],
)
def test_a_form_counts_only_from_a_page_of_ours(headers: dict[str, str], status: int) -> None:
    desk = set_up(base_url=BASE)
    client = client_of(desk, BASE)
    form = {"what": "done", "mark": opened(client, CALL).hidden["mark"], **TODAY}
    response = client.post(path_of(CALL), data=form, headers=headers, follow_redirects=False)
    assert response.status_code == status
    assert bool(desk.answers.taken) == (status == 303)
    if status == 403:
        assert "It did not come from a page of ours." in response.text


def test_without_a_base_url_a_form_comes_from_the_host_it_goes_to() -> None:
    desk = set_up()
    client = client_of(desk, "http://laptop.test:8080")
    form = {"what": "done", "mark": opened(client, CALL).hidden["mark"], **TODAY}
    for origin, status in (("http://evil.test:8080", 403), ("http://laptop.test:8080", 303)):
        response = client.post(
            path_of(CALL), data=form, headers={"Origin": origin}, follow_redirects=False
        )
        assert response.status_code == status


@pytest.mark.parametrize("path", [path for path in PATHS if path not in {"/healthz", "/readyz"}])
@pytest.mark.parametrize(
    "host", ["evil.test", "pages.test.evil.test", "pages.test:8443", "other.test"]
)
def test_a_host_that_is_not_ours_gets_nothing(path: str, host: str, client: TestClient) -> None:
    response = client.get(path, headers={"Host": host}, follow_redirects=False)
    assert response.status_code == 400
    assert "This address is not in use" in response.text
    assert host not in response.text
    assert "location" not in response.headers
    assert response.headers["content-security-policy"] == POLICY


def test_machines_may_ask_how_we_are_under_any_name() -> None:
    client = client_of(set_up(base_url=BASE), BASE)
    for path, text in (("/healthz", "ok"), ("/readyz", "ready")):
        response = client.get(path, headers={"Host": "10.0.0.7:8080"})
        assert (response.status_code, response.text) == (200, text)


def test_no_answer_repeats_the_host_it_was_asked_by() -> None:
    client = client_of(set_up(), "http://anything.test")
    for path in PATHS:
        response = client.get(path, follow_redirects=False)
        assert "anything.test" not in response.text + response.headers.get("location", "")


def test_a_base_url_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(InvalidInput, match="is not the base URL of a site"):
        make_app(set_up(base_url="pages.test").site)


@pytest.mark.parametrize(("size", "status"), [(MOST_BODY, 403), (MOST_BODY + 1, 413)])
def test_a_form_may_be_so_long(size: int, status: int) -> None:
    client = client_of(set_up())
    whole = client.post(path_of(CALL), content=b"x" * size, headers=OWN | FORM)
    assert whole.status_code == status

    def pieces() -> Iterator[bytes]:
        yield from (b"x" * 1024 for _ in range(size // 1024))
        yield b"x" * (size % 1024)

    assert client.post(path_of(CALL), content=pieces(), headers=OWN | FORM).status_code == status
    if status == 413:
        assert "Your answer is too long" in whole.text


@pytest.mark.parametrize("said", ["9" * 5_000, "-1", "x", "1e3", "٣"])
def test_a_length_that_is_none_is_refused(said: str) -> None:
    client = client_of(set_up())
    headers = [(name.encode(), value.encode()) for name, value in (OWN | FORM).items()]
    headers.append((b"Content-Length", said.encode("utf-8")))
    response = client.post(path_of(CALL), content=b"x", headers=headers)
    assert response.status_code == 413


def test_a_body_that_is_too_long_is_not_read_to_its_end() -> None:
    asked: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(1_000):
            asked.append(number)
            yield b"x" * 1024

    async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("the page was asked")

    guard = Guard(nothing, Pages(is_rehearsal=False), Base())
    rest = pieces()

    async def receive() -> Message:
        return {"type": "http.request", "body": next(rest), "more_body": True}

    async def answered(scope: Scope, _: Receive, send: Send) -> None:
        await guard(scope, receive, send)

    assert TestClient(answered).post("/", headers=OWN).status_code == 413
    assert len(asked) == MOST_BODY // 1024 + 1


BEGIN = {"type": "http.request", "body": b"what=cannot&why=I+cannot", "more_body": True}
GONE = {"type": "http.disconnect"}
END = {"type": "http.request", "body": b"+but", "more_body": False}


@pytest.mark.parametrize(
    ("length", "last"), [(b"98", GONE), (None, GONE), (b"28", GONE), (b"98", END), (b"29", END)]
)
def test_a_form_that_did_not_arrive_whole_is_not_taken(length: bytes | None, last: Message) -> None:
    async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("the page was asked")

    guard = Guard(nothing, Pages(is_rehearsal=False), Base())
    arriving = iter([BEGIN, last])

    async def receive() -> Message:
        return next(arriving)

    async def answered(scope: Scope, _: Receive, send: Send) -> None:
        kept = [one for one in scope["headers"] if one[0] != b"content-length"]
        said = [] if length is None else [(b"content-length", length)]
        await guard({**scope, "headers": [*kept, *said]}, receive, send)

    response = TestClient(answered).post("/", headers=OWN | FORM)
    assert response.status_code == 400
    assert "Your answer was not recorded" in response.text
    assert "It did not arrive whole. Go back, and send it again." in response.text


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "", "a/b"])
def test_a_form_of_another_kind_is_refused(kind: str) -> None:
    desk = set_up()
    client = client_of(desk)
    opened(client, CALL)
    headers = OWN | {"Content-Type": kind}
    response = client.post(path_of(CALL), content=b'{"what": "done"}', headers=headers)
    assert response.status_code == 415
    assert desk.answers.taken == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"&&&===",
        b"%",
        b"what=%ff%fe&mark=%00",
        b"what=done&done-day=%C0%80",
        b"what=done\x00&\xff=\xfe",
        b"&".join(b"a%d=1" % number for number in range(5_000)),
        b"item=1&" * 9_000,
    ],
)
def test_a_form_that_makes_no_sense_changes_nothing(body: bytes) -> None:
    desk = set_up()
    client = client_of(desk)
    opened(client, CALL)
    response = client.post(path_of(CALL), content=body, headers=OWN | FORM)
    assert 400 <= response.status_code < 500
    assert desk.answers.taken == []


def test_what_breaks_says_so_without_a_trace() -> None:
    desk = set_up(base_url=BASE)
    client = client_of(desk, BASE)
    opened(client, CALL)
    desk.answers.questions[CALL] = 1 / 3  # type: ignore[assignment]
    response = client.get(path_of(CALL))
    assert response.status_code == 500
    assert "It is our fault, not yours." in response.text
    for word in ("Traceback", "float", "AttributeError", ".py", "line "):
        assert word not in response.text
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["strict-transport-security"]
    assert response.headers["cache-control"] == "no-store"


def test_when_the_database_is_away_the_page_says_so_and_names_nothing() -> None:
    desk = set_up()
    client = client_of(desk)

    opened(client, CALL)
    desk.answers.is_away = True
    response = client.get(path_of(CALL))
    assert response.status_code == 503
    assert "This page cannot be shown just now" in response.text
    assert "we do not know whether it was recorded: look there." in response.text
    assert "Nothing was" not in response.text
    assert "secret" not in response.text


def test_a_calendar_is_given_by_its_address_until_that_is_revoked() -> None:
    client = client_of(set_up())
    response = client.get(feed_address())
    assert response.content == CALENDAR
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert client.head(feed_address()).status_code == 200
    for link in (REVOKED_FEED, FeedLink(5, 1)):
        assert client.get(feed_address(link)).status_code == 404
    for path in ("/feed/x.ics", "/feed/.ics", feed_address().removesuffix(".ics")):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(("is_ready", "status"), [(True, 200), (False, 503)])
def test_readiness_is_what_the_database_says(*, is_ready: bool, status: int) -> None:
    client = client_of(set_up(is_ready=is_ready))
    assert client.get("/readyz").status_code == status
    assert client.get("/healthz").text == "ok"


def test_a_database_that_cannot_be_asked_is_not_ready() -> None:
    def away() -> bool:
        raise Unavailable("away")

    app = make_app(replace(set_up().site, is_ready=away))
    response = TestClient(app).get("/readyz")
    assert (response.status_code, response.text) == (503, "not ready")


def test_the_first_page_says_what_this_is() -> None:
    response = client_of(set_up()).get("/")
    assert "To answer, open the link in the e-mail that you were sent." in response.text


def test_the_stylesheet_needs_nothing_from_elsewhere() -> None:
    response = client_of(set_up()).get("/static/style.css")
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    for word in ("url(", "@import", "http", "GDS", "@font-face"):
        assert word not in response.text
