"""What comes in is kept once, matched to what was asked, and only ever proposes an answer."""

from datetime import UTC, date, datetime
from hashlib import sha256

import pytest

from notifications.incoming.collector import Collected, Outcome
from notifications.incoming.mailbox import PROCESSED, UNMATCHED, MemoryMailbox
from tests.integration.mail.arrivals import (
    CALL,
    KEYS,
    VIC,
    Arrivals,
    Interrupted,
    Killed,
)
from tests.unit.notifications.incoming.samples import NAMES, mail
from tests.visits import BEGUN, HOST, MANAGER, SECOND, VISITOR
from workflow.answering.settlements import Settlements
from workflow.model.commands import Advance, GiveAnswer
from workflow.model.errors import Conflict, Unavailable
from workflow.store.correspondence import incoming
from workflow.tokens import BOUNCE, REPLY, address_tag

OTHER_CALL = f"call_visitor:{SECOND}"
DESTROY = f"destroy_notes:{VISITOR}"
MACHINES = [name for name in NAMES if name.startswith(("automatic", "receipt", "delayed"))]


def reply(arrivals: Arrivals, body: str, message: int = 0, **headers: str) -> bytes:
    tag = arrivals.tag(REPLY, message or arrivals.first)
    known = {
        "From": f"Vic <{VIC}>",
        "To": f"challenges+{tag}@programme.example",
        "Date": "Fri, 20 Nov 2026 17:00:00 +0000",
        "Message_ID": f"<{sha256(body.encode()).hexdigest()}@team.example>",
    }
    return mail(body, **(known | headers))


def test_a_reply_proposes_an_answer_and_changes_nothing_else(anywhere: Arrivals) -> None:
    arrivals = anywhere
    taken = arrivals.collector().take(reply(arrivals, "All done yesterday.\n\nVic"))
    assert (taken.outcome, taken.kind, taken.message) == (
        Outcome.PROPOSED,
        "reply",
        arrivals.first,
    )
    (answer,) = arrivals.answers()
    assert (answer.kind, answer.task, answer.person) == ("done", CALL, VISITOR)
    assert answer.done_on == date(2026, 11, 19)
    assert answer.body == "All done yesterday.\n\nVic"
    assert answer.mail is not None
    assert answer.mail.sender == VIC
    assert arrivals.open_ones() == []
    task = arrivals.ground.views.look("NOR-26").challenge.tasks[CALL]
    assert task.status == "open"


def test_a_done_without_a_day_was_done_when_it_was_written(arrivals: Arrivals) -> None:
    arrivals.collector().take(reply(arrivals, "Done"))
    assert arrivals.answers()[0].done_on == date(2026, 11, 20)


def test_a_date_that_cannot_be_is_not_believed(arrivals: Arrivals) -> None:
    arrivals.collector().take(reply(arrivals, "Done", Date="Mon, 01 Jan 2035 10:00:00 +0000"))
    arrivals.collector().take(reply(arrivals, "Finished", Date="Mon, 01 Jan 1990 10:00:00 +0000"))
    arrivals.collector().take(reply(arrivals, "Completed", Date="when I was young"))
    assert {row.done_on for row in arrivals.answers()} == {date(2026, 11, 20)}


@pytest.mark.parametrize(
    ("said", "kind", "moment"),
    [
        ("I cannot, I am at sea", "cannot", None),
        ("Could we do Monday 4pm instead?", "another_time", datetime(2026, 11, 23, 16, tzinfo=UTC)),
        ("Could we postpone this?", "another_time", None),
        ("Not yet, will do it tomorrow", "unclear", None),
        ("Done, except that I did not reach them", "unclear", None),
    ],
)
def test_every_reply_becomes_an_answer_of_its_kind(
    arrivals: Arrivals, said: str, kind: str, moment: datetime | None
) -> None:
    arrivals.collector().take(reply(arrivals, said))
    (answer,) = arrivals.answers()
    assert (answer.kind, answer.moment, answer.done_on) == (kind, moment, None)


def test_who_says_that_notes_are_destroyed_proposes_just_that(arrivals: Arrivals) -> None:
    arrivals.ground.act(Advance(trigger="withdraw", reason="called off"))
    message = arrivals.send(DESTROY)
    for said in ("I sent everything back", "Shredded, except the laptop", "All notes shredded"):
        arrivals.collector().take(reply(arrivals, said, message))
    answers = arrivals.answers()
    assert [row.kind for row in answers] == ["done", "unclear", "unclear"]
    Settlements(arrivals.ground.database, arrivals.ground.clock).accept(
        answers[0].id, actor=MANAGER
    )
    task = arrivals.ground.views.look("NOR-26").challenge.tasks[DESTROY]
    assert task.status == "done"
    assert "“All notes shredded” (Message-ID <" in task.evidence


def test_a_reply_without_a_tag_is_matched_by_what_it_refers_to(arrivals: Arrivals) -> None:
    content = reply(
        arrivals, "Done", To="challenges@programme.example", References="<1@programme.example>"
    )
    assert arrivals.collector().take(content).outcome is Outcome.PROPOSED


def test_a_tag_that_is_not_ours_matches_nothing(arrivals: Arrivals) -> None:
    taken = arrivals.collector().take(
        reply(arrivals, "Done", To="challenges+r1.aaaaaaaaaaaaaaaa@programme.example")
    )
    assert (taken.outcome, taken.message) == (Outcome.UNMATCHED, None)
    (kept,) = arrivals.open_ones()
    assert (kept.outbox_id, kept.note) == (None, "it answers no message of ours")
    assert arrivals.answers() == []


def test_a_reply_to_several_questions_proposes_an_answer_to_each(anywhere: Arrivals) -> None:
    arrivals = anywhere
    arrivals.ground.start("NOR-27")
    arrivals.ground.done("scope_agreed", "brief_visitor", reference="NOR-27")
    lead = arrivals.send(CALL, OTHER_CALL, recipient=MANAGER)
    arrivals.go_along(lead, CALL, recipient=MANAGER, reference="NOR-27")
    arrivals.collector().take(reply(arrivals, "Done", lead, From="max.manager@team.example"))
    assert {(row.reference, row.task, row.person) for row in arrivals.answers()} == {
        ("NOR-26", CALL, MANAGER),
        ("NOR-26", OTHER_CALL, MANAGER),
        ("NOR-27", CALL, MANAGER),
    }


def test_only_whom_it_went_to_may_answer(arrivals: Arrivals) -> None:
    taken = arrivals.collector().take(reply(arrivals, "Done", From="hal.host@team.example"))
    assert taken.outcome is Outcome.PROBLEM
    (kept,) = arrivals.open_ones()
    assert (kept.outbox_id, kept.reference, kept.person_id) == (arrivals.first, "NOR-26", HOST)
    assert kept.note == f"from somebody else (hal.host@team.example), not from {VIC}"
    assert arrivals.answers() == []


def test_a_stand_in_answers_for_somebody_and_says_so(arrivals: Arrivals) -> None:
    message = arrivals.send(sent_to=HOST)
    arrivals.collector().take(reply(arrivals, "Done", message, From="Hal.Host@team.example"))
    (answer,) = arrivals.answers()
    assert (answer.person, answer.body) == (
        VISITOR,
        "Done (by Hal.Host@team.example, who stands in)",
    )


def test_what_is_wanted_no_more_is_shown_to_a_person(arrivals: Arrivals) -> None:
    arrivals.ground.done("call_visitor")
    taken = arrivals.collector().take(reply(arrivals, "Done"))
    assert taken.outcome is Outcome.PROBLEM
    assert taken.note == "nothing is wanted any more of whom it answers for"


def test_who_says_nothing_of_their_own_is_shown_to_a_person(arrivals: Arrivals) -> None:
    taken = arrivals.collector().take(reply(arrivals, "> Please call"))
    assert taken.note == "its writer says nothing that is not quoted"


def test_what_a_machine_sends_is_a_problem_and_never_an_answer(arrivals: Arrivals) -> None:
    for name in MACHINES:
        taken = arrivals.take(name)
        assert (taken.outcome, taken.message) == (Outcome.PROBLEM, arrivals.first)
        assert arrivals.open_ones()[0].note == taken.note != ""
    assert arrivals.answers() == []


def test_a_reply_to_what_a_restore_has_lost_answers_no_other_message(arrivals: Arrivals) -> None:
    lost = address_tag(KEYS, REPLY, arrivals.first, raised_at=BEGUN)  # its number is another's now
    taken = arrivals.collector().take(reply(arrivals, "Done", To=f"x+{lost}@programme.example"))
    assert (taken.outcome, taken.message, arrivals.answers()) == (Outcome.UNMATCHED, None, [])


def test_nobody_writes_to_the_address_for_bounces(arrivals: Arrivals) -> None:
    tag = arrivals.tag(BOUNCE, arrivals.first)
    taken = arrivals.collector().take(reply(arrivals, "Done", To=f"x+{tag}@programme.example"))
    assert (taken.outcome, taken.kind) == (Outcome.PROBLEM, "automatic")


def test_an_invitation_that_is_accepted_needs_nobody(arrivals: Arrivals) -> None:
    assert arrivals.take("calendar_accepted").outcome is Outcome.FILED
    assert arrivals.open_ones() == []
    assert arrivals.take("calendar_declined").outcome is Outcome.PROBLEM
    assert arrivals.open_ones()[0].body == "I am at a wedding that day."


def test_the_same_mail_twice_is_one(arrivals: Arrivals) -> None:
    content = reply(arrivals, "Done")
    first = arrivals.collector().take(content)
    again = arrivals.collector().take(b"Received: by another way\n" + content)
    assert (again.outcome, again.id) == (Outcome.KNOWN, first.id)
    assert (len(arrivals.answers()), len(arrivals.mails())) == (1, 1)


def test_two_mails_with_one_message_id_are_two(arrivals: Arrivals) -> None:
    arrivals.collector().take(reply(arrivals, "Not yet", Message_ID="<same@team.example>"))
    content = reply(arrivals, "Done", Message_ID="<same@team.example>")
    assert arrivals.collector().take(content).outcome is Outcome.PROPOSED
    assert arrivals.collector().take(content).outcome is Outcome.KNOWN
    assert [row.body for row in arrivals.answers()] == ["Done", "Not yet"]


@pytest.mark.parametrize(("at", "is_after"), [(1, False), (1, True), (2, False), (2, True)])
def test_whoever_is_killed_goes_on_where_they_stopped(
    arrivals: Arrivals, at: int, *, is_after: bool
) -> None:
    lead = arrivals.send(CALL, OTHER_CALL, recipient=MANAGER)
    content = reply(arrivals, "Done", lead, From="max.manager@team.example")
    mailbox = MemoryMailbox(content)
    with pytest.raises(Killed):
        arrivals.collector(Interrupted(arrivals, at=at, is_after=is_after)).collect(mailbox)
    assert list(mailbox.folders[""].values()) == [content]
    assert len(arrivals.open_ones()) == 1
    assert arrivals.collector().collect(mailbox) == Collected(proposed=1)
    assert sorted(row.task for row in arrivals.answers()) == sorted([CALL, OTHER_CALL])
    assert arrivals.open_ones() == []
    assert mailbox.folders[PROCESSED] == {"1": content}


def test_a_round_takes_everything_and_puts_it_away(arrivals: Arrivals) -> None:
    strange = mail("Who are you?", From="x@elsewhere.example")
    mailbox = MemoryMailbox(
        reply(arrivals, "Done"), strange, arrivals.mail("bounce_exim"), b"\0\xff"
    )
    collected = arrivals.collector().collect(mailbox)
    assert collected == Collected(proposed=1, unmatched=2, problem=1)
    assert {name: list(mails) for name, mails in mailbox.folders.items()} == {
        "": [],
        PROCESSED: ["1", "3"],
        UNMATCHED: ["2", "4"],
    }
    assert arrivals.collector().collect(mailbox) == Collected()


def test_a_round_ends_when_it_is_asked_to(arrivals: Arrivals) -> None:
    mailbox = MemoryMailbox(reply(arrivals, "Done"))
    assert arrivals.collector().collect(mailbox, is_stopping=lambda: True) == Collected()
    assert len(mailbox.folders[""]) == 1


class Broken:
    """Takes no answer, for a reason."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def propose(self, command: GiveAnswer, *, reference: str, actor: int) -> None:
        raise self.error


def test_a_mistake_of_ours_with_one_mail_does_not_stop_the_others(arrivals: Arrivals) -> None:
    mailbox = MemoryMailbox(reply(arrivals, "Done"), arrivals.mail("automatic_sieve"))
    collected = arrivals.collector(Broken(ZeroDivisionError("oh"))).collect(mailbox)
    assert collected == Collected(problem=2)
    assert [one.note for one in arrivals.open_ones()] == [
        "sent by a machine: no answer",
        "it could not be dealt with (ZeroDivisionError: oh)",
    ]
    assert list(mailbox.folders[PROCESSED]) == ["1", "2"]


def test_what_cannot_be_kept_now_stays_in_the_mailbox(arrivals: Arrivals) -> None:
    mailbox = MemoryMailbox(reply(arrivals, "Done"))
    collected = arrivals.collector(Broken(Conflict("try again"))).collect(mailbox)
    assert collected == Collected(postponed=1, trouble="try again")
    assert arrivals.collector().collect(mailbox) == Collected(proposed=1)
    again = MemoryMailbox(reply(arrivals, "Finished"))
    with pytest.raises(Unavailable):
        arrivals.collector(Broken(Unavailable("the disk is full"))).collect(again)
    assert len(again.folders[""]) == 1


def test_a_manager_closes_what_is_open(arrivals: Arrivals) -> None:
    arrivals.take("automatic_exchange")
    (kept,) = arrivals.open_ones()
    with arrivals.ground.database.writing() as link:
        incoming.close(link, kept.id, by=MANAGER, at=arrivals.ground.clock.at, note="rang Vic")
    assert arrivals.open_ones() == []
