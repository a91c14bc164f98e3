"""GOV.UK Notify: sent by its API, asked about by Message-ID, every answer told as what it is."""

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlsplit

import pytest

from notifications.mailserver import NotifyAccount
from notifications.message import CalendarPart, UnsendableMessage
from notifications.providers.choice import open_transport
from notifications.providers.notify import NotifyTransport
from notifications.transport import TransportError
from tests.integration.mail.providers.serving import Answer, Asked, serving_http
from tests.unit.notifications.messages import make_message
from workflow.model.errors import InvalidInput

TEMPLATE = "11111111-2222-4333-8444-555555555555"
SERVICE = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
SECRET = "99999999-8888-4777-8666-555555555555"  # noqa: S105  (invented)
KEY = f"programme_key-{SERVICE}-{SECRET}"
ACCOUNT = NotifyAccount(key=KEY, template_id=TEMPLATE)
CREATED = Answer(201, {"id": "1", "reference": "r"})
UNTIL_TOLD = 1.0


def refusal(status: int, kind: str, words: str) -> Answer:
    return Answer(status, {"status_code": status, "errors": [{"error": kind, "message": words}]})


@dataclass
class Service:
    """Keeps what it is sent by reference; `posts` says what it answers, `takes` if it keeps."""

    posts: Answer = CREATED
    gets: Answer | None = None
    takes: bool = True
    status: str = "created"
    sent: list[dict[str, object]] = field(default_factory=list)
    looked_for: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        """Take an e-mail, or tell what is known of a reference."""
        self.words.append(asked.headers["authorization"])
        if asked.method == "POST":
            assert asked.path == "/v2/notifications/email"
            if self.takes:
                self.sent.append(json.loads(asked.body))
            return self.posts
        (reference,) = parse_qs(urlsplit(asked.path).query)["reference"]
        self.looked_for.append(reference)
        known = [mail for mail in self.sent if mail["reference"] == reference]
        found = [{"status": self.status, "reference": reference} for _ in known]
        return self.gets or Answer(content={"notifications": found, "links": {}})


@contextmanager
def sending(service: Service) -> Iterator[NotifyTransport]:
    with serving_http(service.answer) as port:
        address = f"http://127.0.0.1:{port}"
        transport = NotifyTransport(ACCOUNT, address=address, seconds=UNTIL_TOLD)
        yield transport
        transport.close()


def kinds_of(error: TransportError) -> tuple[bool, bool, bool]:
    return error.is_permanent, error.is_uncertain, error.is_whole_server


PERMANENT, UNCERTAIN, WHOLE, LATER = (
    (True, False, False),
    (False, True, False),
    (False, False, True),
    (False, False, False),
)


def test_subject_and_text_go_out_under_the_message_id() -> None:
    service = Service()
    message = make_message(subject="EAS-27: Ŵyn", text="Please call.\n\n- today\n")
    with sending(service) as transport:
        transport.send(message)
    assert service.sent == [
        {
            "email_address": "peer.1@example.test",
            "template_id": TEMPLATE,
            "personalisation": {"subject": "EAS-27: Ŵyn", "text": "Please call.\n\n- today\n"},
            "reference": message.message_id,
        }
    ]
    assert all(word.startswith("Bearer ") and SECRET not in word for word in service.words)


def test_an_entry_for_a_calendar_is_left_out_and_the_text_goes() -> None:
    service = Service()
    content = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    with sending(service) as transport:
        transport.send(replace(make_message(), calendar=CalendarPart("REQUEST", content)))
    assert len(service.sent) == 1


def test_what_no_transport_would_send_is_not_sent() -> None:
    service = Service()
    with sending(service) as transport, pytest.raises(UnsendableMessage):
        transport.send(make_message(to="a b@example.test"))
    assert service.words == []


@pytest.mark.parametrize(
    ("answer", "kinds", "says"),
    [
        (refusal(400, "ValidationError", "email_address Not a valid one"), PERMANENT, "400"),
        (refusal(400, "BadRequestError", "Can't send to this recipient"), PERMANENT, "recipient"),
        (refusal(413, "BadRequestError", "too long"), PERMANENT, "413"),
        (refusal(400, "BadRequestError", "Template not found"), WHOLE, "Template not found"),
        (refusal(400, "BadRequestError", "Missing personalisation: text"), WHOLE, "Missing"),
        (refusal(401, "AuthError", "Unauthorized"), WHOLE, "401"),
        (refusal(403, "AuthError", "Invalid token: service not found"), WHOLE, "403"),
        (refusal(404, "NoResultFound", "No result found"), WHOLE, "404"),
        (refusal(429, "RateLimitError", "Exceeded rate limit"), WHOLE, "429"),
        (refusal(429, "TooManyRequestsError", "Exceeded send limits"), WHOLE, "send limits"),
        (refusal(500, "Exception", "Internal server error"), LATER, "500"),
        (Answer(503, b"<html>away</html>"), LATER, "503"),
        (Answer(201, b"<html>a proxy's words"), UNCERTAIN, "201"),
        (Answer(does="drop"), UNCERTAIN, "may have been taken"),
        (Answer(does="stall"), UNCERTAIN, "may have been taken"),
    ],
)  # fmt: skip
def test_each_answer_is_told_as_what_it_is(
    answer: Answer, kinds: tuple[bool, bool, bool], says: str
) -> None:
    service = Service(posts=answer, takes=False)
    with sending(service) as transport:
        with pytest.raises(TransportError) as caught:
            transport.send(make_message())
        service.posts, service.takes = CREATED, True
        transport.send(make_message(2))
    assert kinds_of(caught.value) == kinds
    assert says in str(caught.value)
    assert SECRET not in str(caught.value)
    assert len(service.sent) == 1


@pytest.mark.parametrize("does", ["drop", "stall"])
def test_a_message_whose_answer_was_lost_is_asked_about_and_not_sent_twice(does: str) -> None:
    service = Service(posts=Answer(does=does))
    with sending(service) as transport:
        with pytest.raises(TransportError) as caught:
            transport.send(make_message())
        assert kinds_of(caught.value) == UNCERTAIN
        assert transport.status_of(make_message().message_id) == "created"
        transport.send(make_message())
    assert len(service.sent) == 1
    assert set(service.looked_for) == {make_message().message_id}


@pytest.mark.parametrize(
    ("status", "copies"),
    [
        *((status, 1) for status in ("created", "sending", "delivered")),
        *((status, 2) for status in ("temporary-failure", "technical-failure")),
    ],
)
def test_what_failed_on_the_way_may_be_sent_again(status: str, copies: int) -> None:
    service = Service(status=status)
    with sending(service) as transport:
        transport.send(make_message())
        transport.send(make_message())
    assert len(service.sent) == copies


def test_an_address_that_does_not_exist_is_refused_for_good() -> None:
    service = Service()
    with sending(service) as transport:
        transport.send(make_message())
        service.status = "permanent-failure"
        with pytest.raises(TransportError, match="could not deliver to peer") as caught:
            transport.send(make_message())
    assert kinds_of(caught.value) == PERMANENT


def test_an_unknown_message_has_no_status() -> None:
    with sending(Service()) as transport:
        assert transport.status_of("<0@programme.example>") is None


@pytest.mark.parametrize(
    "answer",
    [
        refusal(403, "AuthError", "Invalid token"),
        refusal(500, "Exception", "Internal server error"),
        Answer(200, b"<html>a proxy's words"),
        Answer(200, ["something else"]),
        Answer(200, {"nothing": 1}),
        Answer(does="drop"),
        Answer(does="stall"),
    ],
)
def test_nothing_is_sent_while_it_cannot_be_asked(answer: Answer) -> None:
    service = Service(gets=answer)
    with sending(service) as transport, pytest.raises(TransportError) as caught:
        transport.send(make_message())
    assert kinds_of(caught.value) == WHOLE
    assert str(caught.value).startswith("GOV.UK Notify, asked: ")
    assert service.sent == []


@pytest.mark.parametrize("host", ["127.0.0.1", "nowhere.invalid"])
def test_a_service_that_is_not_there_concerns_all_mail(host: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    transport = NotifyTransport(ACCOUNT, address=f"http://{host}:{port}", seconds=UNTIL_TOLD)
    for attempt in (transport.send, transport._post):
        with pytest.raises(TransportError) as caught:
            attempt(make_message())
        assert kinds_of(caught.value) == WHOLE
    transport.close()


def test_without_its_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "notifications_python_client", None)
    with pytest.raises(InvalidInput) as caught:
        open_transport(f"notify://{KEY}@{TEMPLATE}")
    assert str(caught.value) == (
        "mail by GOV.UK Notify needs a library that is not installed;"
        ' install the extra notify: pip install "peer-challenge[notify]"'
    )
