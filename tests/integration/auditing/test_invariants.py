"""A healthy database breaks no invariant at any time; each one that is broken is named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from console.soundness import room_in
from tests.grounds import ADA, Ground, opened
from tests.tampering import disarm
from tests.visits import END, START
from workflow.auditing.invariants import CODES, Broken, check_all, overslept
from workflow.changes import change_of
from workflow.linking import ties
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.challenge import evolve
from workflow.model.decide import Decision
from workflow.model.records.events import DisposalApproved, DisposalDone
from workflow.model.task import TaskStatus
from workflow.store import challenges
from workflow.store.challenges import Origin

RULE = "own_records"


@pytest.fixture
def visit(sqlite_url: str) -> Iterator[Ground]:
    """Yield a ground with a visit that goes on, and one beside it."""
    with opened(sqlite_url) as ground:
        ground.start()
        ground.done("scope_agreed", "brief_visitor", "call_visitor")
        ground.act(c.Advance(trigger="confirm"))
        ground.start("OTH-26")
        ground.until(START)
        yield ground


def found(ground: Ground, *, is_quick: bool = False) -> list[Broken]:
    return list(check_all(ground.database, ground.clock.at, is_quick=is_quick))


def planted(ground: Ground, *statements: str, **values: object) -> None:
    with ground.database.writing() as link:
        disarm(link)
        for statement in statements:
            link.execute(statement, **values)


def test_a_healthy_database_breaks_none_at_any_time(database_url: str) -> None:
    with opened(database_url) as ground:
        ground.start("OTH-26")
        ground.start()
        assert found(ground) == []
        ground.done("scope_agreed", "brief_visitor", "call_visitor")
        ground.act(c.Advance(trigger="confirm"))
        ground.act(c.PlaceHold(name="FOI 1", reason="asked"))
        for days in range(0, 400, 40):
            ground.until(START + timedelta(days=days))
            assert found(ground) == []
        assert overslept(ground.database, ground.clock.at) is None


def test_a_whole_life_with_its_destruction_breaks_none(visit: Ground) -> None:
    visit.until(END)
    visit.done("catch_up", "feedback_given", "evening_meeting")
    visit.until(END + timedelta(days=1))
    visit.done("draft_checked", "report_sent", "comments_in")
    visit.act(c.Advance(trigger="sign_off"))
    visit.done("destroy_notes")
    visit.act(c.Advance(trigger="close"))
    assert found(visit) == []


@dataclass(frozen=True)
class Plant:
    """What is done to a database by hand, and what is said of it then."""

    code: str
    what: str
    statements: tuple[str, ...]
    is_quick: bool = True


TWIN = """
INSERT INTO outbox (unique_key, notice, recipient_id, tasks, is_ladder, is_urgent, status,
    created_at, not_before, attempts, next_attempt_at, fence)
VALUES ('log_head/7/2', 'log_head', 2, '[]', 0, 0, 'sent',
    '2026-11-01', '2026-11-01', 1, '2026-11-01', {fence})
"""
PLANTS = [
    Plant(
        "I16",
        "1 message of NOR-26 is being sent since 2026-11-01 00:00 UTC, such as 1",
        ("UPDATE outbox SET status='sending', lease_until='2026-11-01 00:00:00' WHERE id = 1",),
    ),
    Plant(
        "I16",
        "1 message of NOR-26 is being sent without an end, such as 1",
        ("UPDATE outbox SET status = 'sending', lease_until = NULL WHERE id = 1",),
    ),
    Plant(
        "I15",
        "NOR-26: message 1 has a key that no notice has",
        ("UPDATE outbox SET unique_key = 'f3b1' WHERE id = 1",),
        is_quick=False,
    ),
    Plant(
        "I15",
        "2 messages of no challenge are the same log_head, such as ",
        (TWIN.format(fence=1), TWIN.format(fence=2)),
    ),
    Plant(
        "I8",
        "NOR-26: the notice ",
        ("DELETE FROM outbox WHERE challenge_id = 1 AND id = 1",),
        is_quick=False,
    ),
    Plant(
        "I20",
        "message 1 was sent to an address that had refused mail, or is no more",
        (
            "UPDATE outbox SET status = 'sent', sent_at = '2026-11-20 10:00:00' WHERE id = 1",
            "INSERT INTO preference (person_id, rhythm, digest_at, refused_at, refused_why)"
            " SELECT recipient_id, 'at_once', '08:00', '2026-11-10 10:00:00', '550' FROM outbox"
            " WHERE id = 1",
        ),
    ),
    Plant(
        "I14",
        "NOR-26 says that it has ",
        ("DELETE FROM event WHERE challenge_id = 1 AND seq = 4",),
    ),
    Plant(
        "I14",
        "NOR-26: what is kept is not what the ",
        ('UPDATE task SET state = replace(state, \'"status":"done"\', \'"status":"waived"\')',),
        is_quick=False,
    ),
    Plant(
        "I21",
        "event 3 of NOR-26 is in no entry of the log",
        ("UPDATE event SET entry_id = NULL WHERE challenge_id = 1 AND seq = 3",),
    ),
    Plant(
        "I10",
        "a command was applied twice in NOR-26: events 1 to ",
        ("UPDATE event SET command_id = 'one' WHERE challenge_id = 1",),
    ),
    Plant(
        "I22",
        "the tree of the log has a gap: ",
        ("DELETE FROM leaf WHERE position = 1",),
    ),
    Plant(
        "I22",
        "entry 2",
        ("UPDATE entry SET body = replace(body, '\"applied\"', '\"refused\"') WHERE id = 2",),
        is_quick=False,
    ),
    Plant(
        "I24",
        "the destruction NOR-26/1 was begun 2026-10-01 00:00 UTC and has not come to its end",
        (
            "INSERT INTO certificate (number, challenge_id, rule, is_whole, at, body, signature)"
            " VALUES ('NOR-26/1', 1, 'own_records', 0, '2026-10-01 00:00:00', '{}', '')",
        ),
    ),
    Plant(
        "I2",
        "UTC, and is looked at never",
        ("UPDATE challenge SET wake_at = NULL WHERE id = 1",),
    ),
    Plant(
        "I2",
        "UTC, and is looked at only 2031-01-01 00:00 UTC",
        ("UPDATE challenge SET wake_at = '2031-01-01 00:00:00' WHERE id = 1",),
    ),
    Plant(
        "I12",
        "NOR-26 goes on, and waits for nothing and nobody",
        (
            "UPDATE challenge SET wake_at = NULL WHERE id = 1",
            "UPDATE task SET status = 'done' WHERE challenge_id = 1",
        ),
    ),
]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.code} {plant.what[:30]}")
def test_what_should_never_be_is_named_with_a_way_out(visit: Ground, plant: Plant) -> None:
    visit.log.checkpoint()
    assert found(visit) == []
    planted(visit, *_unguarded(plant))
    named = found(visit, is_quick=plant.is_quick)
    hits = [one for one in named if one.code == plant.code and plant.what in one.what]
    assert hits, named
    assert str(hits[0]) == f"{plant.code}: {hits[0].what}; {hits[0].way_out}"
    assert hits[0].way_out


def _unguarded(plant: Plant) -> tuple[str, ...]:
    drop = "DROP INDEX ix_outbox_unique_key"  # else the database would not let it be
    return (
        (drop, *plant.statements)
        if "INSERT INTO outbox" in plant.statements[0]
        else plant.statements
    )


SLEEP = "UPDATE challenge SET wake_at = '2030-01-01 00:00:00'"


@pytest.mark.parametrize(
    ("code", "text", "days"),
    [
        ("I1", "a task should be there, open or gone, and is not", 3),
        ("I2", "a limit has passed, and nobody was told", 60),
        ("I4", "a reminder is due, and was not raised", 3),
    ],
)
def test_a_wake_up_that_was_lost_is_named_by_what_did_not_happen(
    visit: Ground, code: str, text: str, days: int
) -> None:
    """The wake-up is years away; nobody would look in time."""
    planted(visit, SLEEP)
    visit.clock.at += timedelta(days=days)
    named = [str(one) for one in found(visit)]
    wanted = f"{code}: NOR-26: {text} (it is looked at on 2030-01-01"
    assert any(one.startswith(wanted) for one in named), named


def happens(ground: Ground, *events: e.Event) -> list[Broken]:
    """Let the store keep events that no rule would have let happen; return what is found."""
    with ground.database.writing() as link:
        for event in events:
            stored, rulebook = ties.loaded(link, "NOR-26")
            after = evolve(stored.challenge, event)
            decision = Decision(before=stored.challenge, events=(event,), after=after, wakes={})
            change = change_of(rulebook, decision, at=event.at)
            line = change.headline._replace(wake_at=stored.wake_at)
            kept = change._replace(headline=line)
            challenges.append(link, stored, kept, origin=Origin("test", "by hand", "Mistake", ADA))
    return found(ground)


def test_a_date_that_is_not_what_the_facts_make_it_is_named(visit: Ground) -> None:
    """Such as a limit that was counted in UTC: events and state agree, the definition does not."""
    tasks = visit.views.look("NOR-26").challenge.tasks.values()
    task = next(task for task in tasks if task.limit_at and task.status is TaskStatus.PENDING)
    assert task.limit_at is not None
    moved = e.DeadlineMoved(
        at=visit.clock.at,
        task=task.key,
        opens_at=task.opens_at,
        old_target_on=task.target_on,
        old_limit_on=task.limit_on,
        target_on=task.target_on,
        limit_on=task.limit_on,
        limit_at=task.limit_at - timedelta(hours=1),
    )
    named = happens(visit, moved)
    text = "NOR-26: a date is not what the facts and the definition make it (it is looked at "
    assert any(one.code == "I3" and one.what.startswith(text) for one in named), named


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        ((RULE,), f"NOR-26: {RULE} was destroyed while FOI 7 held it"),
        ((), f"NOR-26: {RULE} was destroyed, and nobody had approved it"),
    ],
)
def test_what_was_destroyed_under_a_hold_or_unapproved_is_named(
    visit: Ground, rules: tuple[str, ...], text: str
) -> None:
    at = visit.clock.at
    held = e.HoldPlaced(at=at, actor=ADA, name="FOI 7", tasks=(), reason="asked", rules=rules)
    done = DisposalDone(at=at, actor=ADA, rule=RULE, certificate="NOR-26/1", method="erased")
    assert ("I25", text) in [(one.code, one.what) for one in happens(visit, held, done)]


def test_a_hold_and_an_approval_are_known_by_the_new_name_of_their_rule(visit: Ground) -> None:
    at, before = visit.clock.at, visit.views.look("NOR-26").challenge
    held = e.HoldPlaced(at=at, actor=ADA, name="FOI 7", tasks=(), reason="asked", rules=(RULE,))
    renamed = e.DefinitionMigrated(
        at=at,
        actor=ADA,
        definition=before.definition,
        version=before.definition_version,
        content_hash=before.content_hash,
        stage=before.stage,
        old_version="0.9",
        rules={RULE: "visitors_notes"},
    )
    approved = DisposalApproved(at=at, actor=ADA, rule=RULE)
    done = DisposalDone(at=at, actor=ADA, rule="visitors_notes", certificate="1", method="erased")
    lifted = e.HoldLifted(at=at, actor=ADA, name="FOI 7", reason="over")
    texts = [one.what for one in happens(visit, held, approved, renamed, done, lifted, done)
             if one.code == "I25"]  # fmt: skip
    assert texts == ["NOR-26: visitors_notes was destroyed while FOI 7 held it"]


def test_what_is_over_and_owes_something_is_named(visit: Ground) -> None:
    closed = e.StageEntered(
        at=visit.clock.at, actor=ADA, trigger="close", stage="closed", left="visiting"
    )
    named = happens(visit, closed)
    assert any(one.code == "I11" and "NOR-26: it is over, and " in one.what for one in named), named


def test_who_does_not_let_time_pass_is_noticed(visit: Ground) -> None:
    visit.clock.at += timedelta(days=3)
    text = overslept(visit.database, visit.clock.at)
    assert text is not None
    assert text.startswith("2 challenges should have been looked at since 2026-11-2")


@pytest.mark.parametrize(("megabytes", "state"), [(100, "wrong"), (500, "advice"), (5000, None)])
def test_little_room_is_told(megabytes: int, state: str | None) -> None:
    told = list(room_in(Path("/srv"), megabytes * 1024**2))
    assert [one.state for one in told] == ([state] if state else [])
    if told:
        text = f"{megabytes} MB are free in /srv: without room nothing can be written"
        assert told[0].text == text


def test_every_code_has_a_test() -> None:
    named = {plant.code for plant in PLANTS} | {"I1", "I2", "I3", "I4", "I11", "I25"}
    assert named == CODES
