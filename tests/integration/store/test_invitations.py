"""What people were told of their calendars, on both databases: once each, and only what counts."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integration.store.builders import AT, TODAY, add_person, begin, opened, step
from tests.invited import Program
from workflow.model.planning.invitations import Agenda, Entry, Kind
from workflow.store import challenges
from workflow.store.challenges import Origin
from workflow.store.correspondence import invitations
from workflow.store.database import Database, Link
from workflow.store.rows import invitations as rows
from workflow.store.rows import snapshots

ADA, BEN = 1, 2
DAY = timedelta(days=1)
VISIT = Entry(
    key="visit", person=BEN, title="On site", first_on=TODAY + 20 * DAY, last_on=TODAY + 22 * DAY
)
EVENING = Entry(
    key="evening",
    person=BEN,
    title="Evening with {p1}",
    starts_at=AT + 19 * DAY,
    ends_at=AT + 19 * DAY + timedelta(hours=3),
)
CALL = Entry(
    key="call:due:2",
    person=ADA,
    title="Due: Call {p2}",
    first_on=TODAY + 9 * DAY,
    last_on=TODAY + 9 * DAY,
    task="call:2",
)
LATER = replace(VISIT, first_on=TODAY + 27 * DAY, last_on=TODAY + 29 * DAY)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Yield a database with two people and a challenge."""
    with opened(database_url) as database:
        begin(database)
        yield database


def keep(
    database: Database, *entries: Entry, done: tuple[str, ...] = (), reference: str = "GAR-26"
) -> list[tuple[Kind, str, int]]:
    """Let a change come by after which some entries should exist; return what it will send."""
    with database.writing() as link:
        stored = challenges.load(link, reference)
        agenda = Agenda(today=TODAY, entries=entries, done=frozenset(done))
        change = step(stored)._replace(agenda=agenda)
        foreseen = invitations.foresee(link, stored, change)
        before = len(outbox(database, link=link))
        challenges.append(link, stored, change, origin=Origin("test"))
        assert len(outbox(database, link=link)) == before + len(foreseen)
    return [(letter.kind, letter.entry.key, letter.sequence) for letter in foreseen]


def outbox(database: Database, *, link: Link | None = None) -> list[tuple[str, str, str, int, str]]:
    """Return of each message its notice, status, unique key, recipient, and tasks."""
    sql = "SELECT notice, status, unique_key, recipient_id, tasks FROM outbox ORDER BY id"
    if link is not None:
        return list(link.rows(sql))
    with database.reading() as reading:
        return list(reading.rows(sql))


def statuses(database: Database) -> list[tuple[str, str]]:
    """Return the end of each message's unique key, and its status."""
    return [
        (row[2].removeprefix("GAR-26/calendar/"), row[1])
        for row in outbox(database)
        if row[0].startswith("calendar")
    ]


def mark(database: Database, *, status: str, was: str = "waiting") -> list[dict[str, Any]]:
    """Let what is in one status be in another; return the entries that this is about."""
    sql = "UPDATE outbox SET status = :status WHERE status = :was RETURNING id, calendar"
    with database.writing() as link:
        return [json.loads(row[1]) for row in sorted(link.rows(sql, status=status, was=was))]


def test_what_is_new_is_kept_and_put_into_the_outbox(database: Database) -> None:
    assert keep(database, VISIT, CALL) == [(Kind.NEW, "visit", 0), (Kind.NEW, "call:due:2", 0)]
    assert outbox(database) == [
        ("calendar_entry", "waiting", "GAR-26/calendar/visit/0/2", BEN, "[]"),
        ("calendar_entry", "waiting", "GAR-26/calendar/call:due:2/0/1", ADA, '["call:2"]'),
    ]
    visit, call = mark(database, status="sent")
    assert {key: visit[key] for key in visit if key != "uid"} == {
        "key": "visit",
        "title": "On site",
        "first_on": "2026-11-22",
        "last_on": "2026-11-24",
        "is_busy": True,
        "sequence": 0,
        "method": "REQUEST",
        "kind": "new",
    }
    assert (call["is_busy"], call["title"]) == (False, "Due: Call {p2}")
    with database.reading() as link:
        assert [one.entry for one in rows.told(link, 1)] == [CALL, VISIT]


def test_what_does_not_change_is_said_once(database: Database) -> None:
    keep(database, VISIT, EVENING)
    assert keep(database, VISIT, EVENING) == []
    with database.reading() as link:
        assert {one.entry for one in rows.told(link, 1)} == {VISIT, EVENING}


def test_a_change_after_the_first_was_sent_has_the_next_sequence_and_the_same_name(
    database: Database,
) -> None:
    keep(database, VISIT)
    (first,) = mark(database, status="sent")
    assert keep(database, LATER) == [(Kind.MOVED, "visit", 1)]
    (second,) = mark(database, status="sent")
    assert second["uid"] == first["uid"]
    assert (second["sequence"], second["kind"]) == (1, "moved")
    assert (second["first_on"], second["method"]) == ("2026-11-29", "REQUEST")


def test_a_change_before_the_first_was_sent_takes_its_place(database: Database) -> None:
    keep(database, VISIT)
    keep(database, LATER)
    assert statuses(database) == [("visit/0/2", "cancelled"), ("visit/1/2", "waiting")]


def test_what_falls_away_is_cancelled(database: Database) -> None:
    keep(database, VISIT)
    (first,) = mark(database, status="sent")
    assert keep(database) == [(Kind.WITHDRAWN, "visit", 1)]
    assert outbox(database)[-1][:2] == ("calendar_cancelled", "waiting")
    (second,) = mark(database, status="sent")
    assert (second["uid"], second["method"]) == (first["uid"], "CANCEL")
    assert keep(database) == []


def test_what_falls_away_before_it_was_sent_is_never_mentioned(database: Database) -> None:
    keep(database, VISIT)
    assert keep(database) == []
    assert statuses(database) == [("visit/0/2", "cancelled")]


def test_a_change_that_was_not_sent_does_not_hide_what_was(database: Database) -> None:
    keep(database, VISIT)
    mark(database, status="sent")
    keep(database, LATER)
    assert keep(database) == [(Kind.WITHDRAWN, "visit", 2)]
    assert statuses(database) == [
        ("visit/0/2", "sent"),
        ("visit/1/2", "cancelled"),
        ("visit/2/2", "waiting"),
    ]


@pytest.mark.parametrize(
    ("status", "is_told"),
    [("sent", True), ("sending", True), ("uncertain", True), ("failed", False)],
)
def test_whoever_may_have_an_entry_is_told_that_it_falls_away(
    database: Database,
    status: str,
    is_told: bool,  # noqa: FBT001 (a test's parameter)
) -> None:
    keep(database, VISIT)
    mark(database, status=status)
    assert keep(database) == ([(Kind.WITHDRAWN, "visit", 1)] if is_told else [])


def test_what_comes_back_goes_on_counting_under_its_name(database: Database) -> None:
    keep(database, VISIT)
    (first,) = mark(database, status="sent")
    keep(database)
    mark(database, status="sent")
    assert keep(database, VISIT) == [(Kind.NEW, "visit", 2)]
    (third,) = mark(database, status="sent")
    assert (third["uid"], third["sequence"]) == (first["uid"], 2)


def test_what_comes_back_before_its_end_was_sent_takes_the_place_of_that(
    database: Database,
) -> None:
    keep(database, VISIT)
    mark(database, status="sent")
    keep(database)
    keep(database, VISIT)
    assert statuses(database)[1:] == [("visit/1/2", "cancelled"), ("visit/2/2", "waiting")]


def test_what_was_cancelled_and_not_sent_again_need_not_be_cancelled_again(
    database: Database,
) -> None:
    keep(database, VISIT)
    mark(database, status="sent")
    keep(database)
    mark(database, status="sent")
    keep(database, VISIT)
    assert keep(database) == []


def test_what_is_done_is_called_so_without_a_word_and_what_waits_is_not_sent(
    database: Database,
) -> None:
    keep(database, CALL)
    assert keep(database, done=("call:due:2",)) == []
    assert statuses(database) == [("call:due:2/0/1", "cancelled")]
    with database.reading() as link:
        (shown,) = invitations.feed(link, ADA)
    assert (shown["title"], shown["sequence"]) == ("Done: Call Ben Example", 1)
    assert keep(database, CALL) == [(Kind.NEW, "call:due:2", 2)]


def test_what_is_done_falls_away_like_the_rest_when_it_is_not_done_after_all(
    database: Database,
) -> None:
    keep(database, CALL)
    mark(database, status="sent")
    keep(database, done=("call:due:2",))
    assert keep(database) == [(Kind.WITHDRAWN, "call:due:2", 2)]
    (sent,) = mark(database, status="sent")
    assert (sent["method"], sent["title"]) == ("CANCEL", "Call {p2}")


def test_each_person_is_told_for_themselves(database: Database) -> None:
    keep(database, VISIT, replace(VISIT, person=ADA))
    mark(database, status="sent")
    assert keep(database, replace(VISIT, person=ADA)) == [(Kind.WITHDRAWN, "visit", 1)]
    assert outbox(database)[-1][3] == BEN


def test_a_step_that_changes_no_calendar_reads_none(database: Database) -> None:
    with database.writing() as link:
        stored = challenges.load(link, "GAR-26")
        change = step(stored)
        assert change.agenda is None
        assert invitations.foresee(link, stored, change) == ()
        challenges.append(link, stored, change, origin=Origin("test"))


def test_a_message_is_current_until_a_later_one_is_written(database: Database) -> None:
    keep(database, VISIT)

    def is_current(sequence: int, *, person: int = BEN, at: datetime | None = None) -> bool:
        with database.reading() as link:
            return invitations.is_current(
                link, 1, key="visit", person=person, sequence=sequence, at=at
            )

    assert is_current(0)
    assert not is_current(0, person=ADA)
    for zone in map(ZoneInfo, ("America/Los_Angeles", "UTC", "Pacific/Auckland")):
        over = datetime.combine(TODAY + 23 * DAY, time(), zone)  # the day ends where the visit is
        assert [is_current(0, at=at) for at in (over - timedelta(minutes=1), over)] == [True, False]
    keep(database, LATER)
    assert not is_current(0)
    assert is_current(1)
    keep(database)
    assert not is_current(1)


def test_an_evening_is_current_until_it_ends(database: Database) -> None:
    keep(database, EVENING)
    assert EVENING.ends_at is not None
    with database.reading() as link:
        for seconds, is_current in ((-1, True), (0, False)):
            at = EVENING.ends_at + timedelta(seconds=seconds)
            found = invitations.is_current(link, 1, key="evening", person=BEN, sequence=0, at=at)
            assert found is is_current


def test_a_feed_shows_what_holds_of_all_challenges_with_names(database: Database) -> None:
    begin(database, "GAR-27")
    keep(database, EVENING, VISIT, CALL)
    keep(database, LATER, reference="GAR-27")
    sent = {entry["uid"]: entry for entry in mark(database, status="sent")}
    keep(database, EVENING, CALL)
    snapshots.forget()
    with database.reading() as link:
        found = invitations.feed(link, BEN)
        assert invitations.feed(link, 99) == []
    assert [(one["reference"], one["key"], one["title"]) for one in found] == [
        ("GAR-26", "evening", "Evening with Ada Example"),
        ("GAR-27", "visit", "On site"),
    ]
    for one in found:  # the same entry as by e-mail: a program shows it once
        told = sent[one["uid"]]
        assert one["sequence"] == told["sequence"]
        assert [one.get(key) for key in ("starts_at", "first_on", "is_busy")] == [
            told.get(key) for key in ("starts_at", "first_on", "is_busy")
        ]


def test_entries_of_other_challenges_and_people_have_other_names(database: Database) -> None:
    begin(database, "GAR-27")
    with database.writing() as link:
        add_person(link, "Cem Example")
    keep(database, VISIT, EVENING, replace(VISIT, person=3))
    keep(database, VISIT, reference="GAR-27")
    assert len({entry["uid"] for entry in mark(database, status="sent")}) == 4


def test_a_challenge_of_another_database_has_other_names() -> None:
    began = datetime(2026, 9, 1, 9, tzinfo=UTC)
    names = {
        rows.uid_of(1, at, key="visit", person=2)
        for at in (began, began + timedelta(seconds=1), None)
    }
    assert len(names) == 3


@pytest.mark.parametrize(
    ("key", "starts_at", "is_busy"),
    [
        ("visit", None, True),
        ("evening", AT, True),
        ("call:due:4", None, False),
        ("draft:due", None, False),
        ("call:due:4", AT, True),  # a time was agreed
        ("due", None, True),
    ],
)
def test_a_deadline_leaves_its_day_free(
    key: str,
    starts_at: datetime | None,
    is_busy: bool,  # noqa: FBT001 (a test's parameter)
) -> None:
    assert rows.is_busy(key, starts_at) is is_busy


def test_a_program_that_got_everything_in_any_order_shows_what_holds(database: Database) -> None:
    program = Program()
    messages = []
    for entries in ((VISIT,), (LATER, EVENING), (EVENING,), (VISIT, EVENING)):
        keep(database, *entries)
        messages += mark(database, status="sent")
    for message in reversed(messages):
        program.get(message)
    assert program.shown() == {("visit", "2026-11-22"), ("evening", "2026-11-21T09:30:00+00:00")}
