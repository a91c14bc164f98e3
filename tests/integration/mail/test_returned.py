"""What cannot be delivered comes back: which message fails, and whether the address is marked."""

import pytest

from notifications.incoming.collector import Outcome
from tests.integration.mail.arrivals import VIC, Arrivals
from tests.unit.notifications.incoming.samples import NAMES
from tests.visits import VISITOR
from workflow.store import reports
from workflow.store.correspondence import preferences, refusals

BOUNCES = [name for name in NAMES if name.startswith("bounce") and "unknown" not in name]


def test_a_bounce_fails_the_message_and_marks_the_address(anywhere: Arrivals) -> None:
    arrivals = anywhere
    for name in BOUNCES:
        message = arrivals.send()
        taken = arrivals.take(name, message)
        assert (taken.outcome, taken.kind, taken.message) == (Outcome.PROBLEM, "bounce", message)
        assert taken.note.startswith(f"not delivered to {VIC}: ")
        with arrivals.ground.database.writing() as link:
            preference = preferences.of(link, VISITOR)
            row = reports.message(link, message).row
            refusal = refusals.untold(link)[-1]
            preferences.clear_refused(link, VISITOR)
        assert preference.refused_at == arrivals.ground.clock.at
        assert (row.status, row.error) == ("failed", preference.refused_why)
        assert (refusal.id, refusal.reference, refusal.person) == (message, "NOR-26", VISITOR)
    assert arrivals.answers() == []
    assert len(arrivals.open_ones()) == len(BOUNCES)


@pytest.mark.parametrize(("name", "reader"), [
    ("bounce_postfix", "somebody.else@team.example"),
    ("bounce_unknown_format", VIC),
    ("expired_postfix", VIC),
])  # fmt: skip
def test_a_bounce_of_another_address_or_for_now_fails_nothing(
    arrivals: Arrivals, name: str, reader: str
) -> None:
    taken = arrivals.take(name, reader=reader)
    assert (taken.outcome, taken.message) == (Outcome.PROBLEM, arrivals.first)
    with arrivals.ground.database.reading() as link:
        assert preferences.of(link, VISITOR).refused_at is None
        assert reports.mail(link)[0].status == "sent"


def test_a_bounce_of_another_address_says_where_the_message_went(arrivals: Arrivals) -> None:
    taken = arrivals.take("bounce_postfix", reader="somebody.else@team.example")
    assert taken.note == (
        "not delivered to somebody.else@team.example: 550 5.1.1 no such user here;"
        f" the message went to {VIC}"
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("5.7.26", "550 5.7.26 mail from programme.example is not accepted due to DMARC"),
        ("5.7.1", "blocked by policy"),
        ("5.0.0", "554 5.7.1 blocked"),
        ("5.3.4", "552 5.3.4 message too large"),
        ("5.2.3", "552 5.2.3 longer than we take."),
        ("5.6.0", "550 5.6.0 what is this?"),
    ],
)
def test_what_was_refused_for_itself_or_for_us_fails_and_leaves_the_address_as_it_is(
    arrivals: Arrivals, code: str, words: str
) -> None:
    content = arrivals.mail("bounce_postfix").replace(b"Status: 5.1.1", f"Status: {code}".encode())
    content = content.replace(b"550 5.1.1 no such user here", words.encode())
    taken = arrivals.collector().take(content)
    assert (taken.outcome, taken.kind) == (Outcome.PROBLEM, "bounce")
    assert taken.note == f"not delivered to {VIC}: {words}"
    with arrivals.ground.database.reading() as link:
        row = reports.message(link, arrivals.first).row
        assert (row.status, row.error) == ("failed", words)
        assert preferences.of(link, VISITOR).refused_at is None
        assert refusals.untold(link) == []
