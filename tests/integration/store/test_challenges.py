"""Challenges: what is kept of a step, and what happens when two take one at once."""

from contextlib import closing
from datetime import date, timedelta
from itertools import groupby

import pytest

from workflow.model import events as e
from workflow.model.challenge import replay
from workflow.model.errors import InvalidInput, NotFound
from workflow.store import challenges, outbox, tasks
from workflow.store.challenges import Origin
from workflow.store.link import Link
from workflow.store.rows import snapshots

from .builders import AT, TODAY, add_person, begin, date_set, go_on, line, notice, opened, step

HOUR = timedelta(hours=1)
CALL = line("call:2", person=2, assignees=(1,), wake_at=AT + 3 * HOUR)
MAIL = line("mail", position=2, title="Write", wake_at=AT + 5 * HOUR)


def test_a_challenge_comes_back_as_it_was_kept(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", CALL, MAIL)
        with database.reading() as link:
            warm = challenges.load(link, "GAR-26")
            cold = challenges.load(link, "GAR-26", is_cached=False)
            told = [recorded.event for recorded in challenges.history(link, "GAR-26")]
        assert warm == cold
        assert list(cold.challenge.tasks) == ["call:2", "mail"]
        assert cold.challenge == replay(told)
        assert cold.wake_at == AT + 3 * HOUR


def test_a_step_writes_its_events_in_order_and_the_next_version(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", CALL)
        go_on(database, e.TaskOpened(at=AT, task="call:2"), date_set(TODAY))
        with database.reading() as link:
            stored = challenges.load(link, "GAR-26", is_cached=False)
            history = challenges.history(link, "GAR-26")
        assert [recorded.seq for recorded in history] == [1, 2, 3, 4, 5, 6]
        assert [recorded.kind for recorded in history[-2:]] == ["TaskOpened", "DateSet"]
        assert (history[0].actor, history[0].source, history[0].at) == (1, "test", AT)
        assert stored.challenge.version == 6
        assert stored.challenge == replay(recorded.event for recorded in history)


def test_only_the_lines_that_are_given_change(database_url: str) -> None:
    with opened(database_url) as database:
        challenge_id = begin(database, "GAR-26", CALL, MAIL)
        with database.writing() as link:
            stored = challenges.load(link, "GAR-26")
            opened_now = line("mail", position=2, title="Write", status="open", assignees=(1, 2))
            change = step(stored, e.TaskOpened(at=AT, task="mail"), lines=(opened_now,))
            challenges.append(link, stored, change, origin=Origin("test"))
        with database.reading() as link:
            assert tasks.lines(link, challenge_id) == [CALL, opened_now]


def test_what_is_remembered_of_a_step_is_what_is_kept_of_it(database_url: str) -> None:
    later = AT + 9 * HOUR
    with opened(database_url) as database:
        begin(database, "GAR-26", CALL, MAIL)
        with database.writing() as link:
            stored = challenges.load(link, "GAR-26")
            opened_now = line("mail", position=2, title="Write", status="open")
            change = step(stored, e.TaskOpened(at=AT, task="mail"), lines=(opened_now,))
            change = change._replace(wakes={"call:2": later})
            challenges.append(link, stored, change, origin=Origin("test"))
        with database.reading() as link:
            warm = challenges.load(link, "GAR-26")
            assert challenges.load(link, "GAR-26", is_cached=False) == warm
        assert warm.wakes == {"call:2": later, "mail": None}
        assert warm.wake_at == later


def test_a_new_task_needs_a_line(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database)
        with pytest.raises(ValueError, match="a new task of GAR-26 has no line: extra"):
            go_on(database, e.TaskIssued(at=AT, task="extra", spec="extra"))


@pytest.mark.parametrize(
    ("line_at", "own_at", "expected"),
    [
        (AT + HOUR, AT + 2 * HOUR, AT + HOUR),
        (AT + 2 * HOUR, AT + HOUR, AT + HOUR),
        (None, AT + HOUR, AT + HOUR),
        (AT + HOUR, None, AT + HOUR),
        (None, None, None),
    ],
)
def test_the_next_wake_up_is_the_earliest_moment(
    database_url: str, line_at: object, own_at: object, expected: object
) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", line("mail", wake_at=line_at), wake_at=own_at)
        with database.writing() as link:
            stored = challenges.load(link, "GAR-26")
            assert stored.wake_at == expected
            later = line("mail", wake_at=AT + 9 * HOUR)
            change = step(stored, e.TaskOpened(at=AT, task="mail"), lines=(later,), wake_at=own_at)
            challenges.append(link, stored, change, origin=Origin("test"))
            assert challenges.load(link, "GAR-26").wake_at == (own_at or AT + 9 * HOUR)


def test_time_may_pass_without_an_event(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, wake_at=AT + HOUR)
        with database.writing() as link:
            stored = challenges.load(link, "GAR-26")
            change = step(stored, wake_at=AT + 8 * HOUR)
            challenges.append(link, stored, change, origin=Origin("tick"))
        with database.reading() as link:
            after = challenges.load(link, "GAR-26", is_cached=False)
        assert (after.challenge, after.wake_at) == (stored.challenge, AT + 8 * HOUR)


def test_the_team_is_kept_with_those_who_left(database_url: str) -> None:
    released = e.PersonReleased(at=AT, actor=1, person=2, role="peer", on=TODAY, reason="ill")
    with opened(database_url) as database:
        challenge_id = begin(database)
        go_on(database, released)
        with database.reading() as link:
            rows = link.rows(
                "SELECT person_id, role, until FROM member"
                " WHERE challenge_id = :id ORDER BY position",
                id=challenge_id,
            )
    assert [row[:2] for row in rows] == [(1, "challenge_manager"), (2, "peer")]
    assert [row[2] is None for row in rows] == [True, False]


def test_bookings_follow_the_dates(database_url: str) -> None:
    def booked() -> list[tuple[object, ...]]:
        with database.reading() as link:
            return link.rows("SELECT person_id FROM booking ORDER BY person_id")

    with opened(database_url) as database:
        begin(database, busy_from=TODAY, busy_to=TODAY, busy_people=(1, 2))
        assert booked() == [(1,), (2,)]
        go_on(database, notice("a"))
        assert booked() == [(1,), (2,)]
        go_on(database, date_set(date(2027, 3, 1)))
        assert booked() == []


def test_a_notice_goes_into_the_outbox_once(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26")
        begin(database, "GAR-27")
        go_on(database, notice("a"), notice("a"), notice("a", recipient=1), notice("b"))
        go_on(database, notice("a"), notice("b", recipient=None))
        go_on(database, notice("a"), reference="GAR-27")
        with database.reading() as link:
            keys = link.rows("SELECT unique_key FROM outbox ORDER BY id")
            assert len(outbox.waiting(link, AT, 10)) == 4
        assert [key for (key,) in keys] == [
            "GAR-26/reminder/a/2",
            "GAR-26/reminder/a/1",
            "GAR-26/reminder/b/2",
            "GAR-27/reminder/a/2",
        ]


def test_a_step_that_fails_leaves_nothing_behind(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", CALL)
        nobody = e.PersonAssigned(at=AT, person=99, role="peer", on=TODAY)
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            go_on(database, notice("a"), e.TaskOpened(at=AT, task="call:2"), nobody)
        with database.reading() as link:
            assert len(challenges.history(link, "GAR-26")) == 4
            assert outbox.counts(link) == {}
            stored = challenges.load(link, "GAR-26")
            assert stored == challenges.load(link, "GAR-26", is_cached=False)
            assert stored.challenge.version == 4


def test_a_reference_is_given_once(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database)
        with pytest.raises(InvalidInput) as caught:
            begin(database)
    text = 'there is already a challenge "GAR-26"; choose another reference'
    assert str(caught.value) == text


def test_an_unknown_reference_gets_the_nearest(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26")
        begin(database, "EAS-27")
        with database.reading() as link:
            with pytest.raises(NotFound) as caught:
                challenges.load(link, "GRA-26")
            with pytest.raises(NotFound):
                challenges.load_by_id(link, 99)
            assert challenges.references(link) == ["EAS-27", "GAR-26"]
    text = 'there is no challenge "GRA-26"; did you mean "GAR-26"? (EAS-27, GAR-26)'
    assert str(caught.value) == text


def test_all_events_come_in_one_stream(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-27")
        begin(database, "GAR-26")
        go_on(database, date_set(TODAY), reference="GAR-27")
        with database.reading() as link:
            found = [(reference, one.seq, one.kind) for reference, one in challenges.stream(link)]
    assert [row[:2] for row in found] == [
        *[("GAR-27", seq) for seq in (1, 2, 3, 4)],
        *[("GAR-26", seq) for seq in (1, 2, 3)],
    ]
    assert found[3][2] == "DateSet"


def test_an_undone_step_is_not_remembered(database_url: str) -> None:
    """A step whose transaction fails later must not be served to the next who loads."""

    def act_and_fail() -> None:
        with database.writing() as link:
            stored = challenges.load(link, "GAR-26")
            challenges.append(link, stored, step(stored, date_set(TODAY)), origin=Origin("test"))
            assert challenges.load(link, "GAR-26").challenge.dates
            raise KeyError("planted")

    with opened(database_url) as database:
        begin(database)
        with pytest.raises(KeyError, match="planted"):
            act_and_fail()
        with database.reading() as link:
            assert not challenges.load(link, "GAR-26").challenge.dates


def test_what_another_process_wrote_is_seen(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database)
        with database.reading() as link:
            challenges.load(link, "GAR-26")
        go_on(database, date_set(TODAY))
        snapshots.forget()
        with database.reading() as link:
            assert challenges.load(link, "GAR-26").challenge.dates


def test_only_so_many_challenges_are_remembered(sqlite_url: str) -> None:
    with opened(sqlite_url) as database:
        for number in range(snapshots.MOST_REMEMBERED + 10):
            begin(database, f"GAR-{number}")
        assert snapshots.remembered() == snapshots.MOST_REMEMBERED


def test_a_step_takes_few_statements(sqlite_url: str) -> None:
    said: list[str] = []
    with opened(sqlite_url) as database:
        begin(database, "GAR-26", CALL)
        with closing(database.connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            link = Link(connection, dialect="sqlite", is_writing=True)
            stored = challenges.load(link, "GAR-26")
            happened = (e.TaskOpened(at=AT, task="call:2"), notice("a", tasks=("call:2",)))
            change = step(stored, *happened, lines=(CALL,))
            connection.set_trace_callback(said.append)
            challenges.append(link, stored, change, origin=Origin("test"))
            connection.execute("ROLLBACK")
    # a statement is traced again for its trigger
    verbs = [verb for verb, _ in groupby(" ".join(text.split()[:3]) for text in said)]
    assert verbs == [
        "INSERT INTO entry",
        "INSERT INTO task",
        "UPDATE challenge SET",
        "INSERT INTO event",
        "INSERT INTO outbox",
        "ROLLBACK",
    ]


def test_people_on_the_team_exist(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database)
        with database.writing() as link:
            cleo = add_person(link, "Cleo Example")
        go_on(database, e.PersonAssigned(at=AT, person=cleo.id, role="peer", on=TODAY))
        with database.reading() as link:
            stored = challenges.load(link, "GAR-26", is_cached=False)
    assert stored.challenge.holders(["peer"]) == (2, cleo.id)
