"""What lists show: portfolio, tasks, team, log, messages; each in a fixed number of queries."""

from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta

import pytest

from workflow.model import events as e
from workflow.model.errors import NotFound
from workflow.model.standing import Standing
from workflow.store import people, queries, reports, tasks
from workflow.store.database import Database
from workflow.store.link import Link
from workflow.store.queries import ListRow, Now
from workflow.store.tasks import TaskRow, Wanted

from .builders import AT, HOUR, TODAY, add_person, begin, go_on, line, notice, opened

NOW = Now(AT, TODAY)
DAY = timedelta(days=1)
CALL = line(
    "call:2",
    person=2,
    status="open",
    assignees=(1,),
    limit_on=TODAY + 9 * DAY,
    limit_at=AT + 9 * DAY,
)
LATE = line("mail", title="Write", assignees=(2,), limit_on=TODAY - DAY, limit_at=AT - HOUR)
DONE = line("plan", title="Plan", status="done", assignees=(1, 2), done_on=TODAY, done_at=AT)
SHOWN = {"next_key": "call:2", "next_title": "Call {person}", "next_limit_on": TODAY + 9 * DAY}


def portfolio(database: Database, **wanted: object) -> list[ListRow]:
    """Return the portfolio of the moment."""
    with database.reading() as link:
        return queries.portfolio(link, NOW, queries.Wanted(**wanted))  # type: ignore[arg-type]


def listed(database: Database, **wanted: object) -> list[TaskRow]:
    """Return the tasks of the moment."""
    with database.reading() as link:
        return tasks.listed(link, NOW, Wanted(**wanted))  # type: ignore[arg-type]


def test_a_portfolio_row_says_how_a_challenge_stands(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", CALL, DONE, **SHOWN)
        (row,) = portfolio(database)
    assert (row.reference, row.title, row.client) == (
        "GAR-26",
        "The walled garden",
        "Gardens of Eastvale",
    )
    assert (row.definition, row.definition_version) == ("garden_visit", "1.0")
    assert (row.stage, row.stage_title, row.is_final, row.is_paused) == (
        "planning",
        "Planning",
        False,
        False,
    )
    assert (row.next_key, row.next_title) == ("call:2", "Call Ben Example")
    assert (row.next_target_on, row.next_limit_on) == (None, TODAY + 9 * DAY)
    assert (row.standing, row.late, row.open) == (Standing.AHEAD, 0, 1)
    assert row.challenge_manager == queries.Named(1, "Ada Example", "ada@office.example")


@pytest.mark.parametrize(
    ("task", "late"),
    [
        (LATE, 1),
        (line("a", status="open", limit_at=AT - HOUR), 1),
        (line("a", status="open", limit_at=AT), 0),
        (line("a", status="open", target_on=TODAY - DAY), 1),
        (line("a", status="open", target_on=TODAY), 0),
        (line("a", status="open", target_on=TODAY - DAY, limit_at=AT + HOUR), 0),
        (line("a", status="open", limit_at=AT - HOUR, is_held=True), 0),
        (line("a", status="done", limit_at=AT - HOUR), 0),
        (line("a", status="lapsed", limit_at=AT - HOUR), 0),
        (line("a", status="open"), 0),
    ],
)
def test_what_is_late_is_counted(database_url: str, task: object, late: int) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", task)  # type: ignore[arg-type]
        (row,) = portfolio(database)
        found = listed(database, is_late=True)
    assert row.late == late
    assert (row.standing is Standing.LATE) is bool(late)
    assert len(found) == late


@pytest.mark.parametrize(
    ("shown", "standing"),
    [
        ({}, Standing.NOT_SET),
        ({"is_final": True}, Standing.MET),
        ({"is_paused": True}, Standing.PAUSED),
        ({"next_key": "a", "next_limit_on": TODAY + 2 * DAY}, Standing.DUE_SOON),
        ({"next_key": "a", "next_limit_on": TODAY + 2 * DAY, "due_soon": 1}, Standing.AHEAD),
        ({"next_key": "a", "next_target_on": TODAY}, Standing.DUE_SOON),
    ],
)
def test_a_challenge_stands_as_its_next_date_does(
    database_url: str, shown: dict[str, object], standing: Standing
) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", **shown)
        (row,) = portfolio(database, with_final=True)
    assert row.standing is standing


def test_nothing_is_late_while_a_challenge_is_paused(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", LATE, is_paused=True)
        (row,) = portfolio(database)
        assert (row.late, row.standing) == (0, Standing.PAUSED)
        assert listed(database, is_late=True) == []
        assert [one.standing for one in listed(database)] == [Standing.PAUSED]


def test_a_portfolio_may_be_narrowed_and_paged(database_url: str) -> None:
    with opened(database_url) as database:
        for number in range(5):
            begin(database, f"GAR-{number}", is_final=number == 4)
        with database.writing() as link:
            add_person(link, "Cleo Example")
        released = e.PersonReleased(at=AT, person=2, role="peer", on=TODAY, reason="ill")
        go_on(database, released, reference="GAR-0")
        joined = e.PersonAssigned(at=AT, person=3, role="peer", on=TODAY)
        go_on(database, joined, reference="GAR-2")

        def shown(**wanted: object) -> list[str]:
            return [row.reference for row in portfolio(database, **wanted)]

        assert shown() == ["GAR-0", "GAR-1", "GAR-2", "GAR-3"]
        assert shown(with_final=True)[-1] == "GAR-4"
        assert shown(member=2) == ["GAR-1", "GAR-2", "GAR-3"]
        assert shown(member=3) == ["GAR-2"]
        assert shown(reference="GAR-3") == ["GAR-3"]
        assert shown(limit=2) == ["GAR-0", "GAR-1"]
        assert shown(limit=2, after="GAR-1") == ["GAR-2", "GAR-3"]


def test_a_task_in_a_list_has_its_names(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", CALL)
        (row,) = listed(database)
    assert (row.reference, row.stage, row.stage_title) == ("GAR-26", "planning", "Planning")
    assert row.line.title == "Call Ben Example"
    assert row.person is not None
    assert row.person.name == "Ben Example"
    assert [person.name for person in row.assignees] == ["Ada Example"]
    assert row.standing is Standing.AHEAD


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        ({}, ["call:2", "mail"]),
        ({"with_pending": False}, ["call:2"]),
        ({"with_finished": True}, ["call:2", "mail", "plan"]),
        ({"person": 1}, ["call:2"]),
        ({"person": 2}, ["mail"]),
        ({"person": 1, "with_finished": True}, ["call:2", "plan"]),
        ({"person": 9}, []),
        ({"is_late": True}, ["mail"]),
        ({"reference": "GAR-26", "is_late": True, "person": 1}, []),
    ],
)
def test_a_list_of_tasks_may_be_narrowed(
    database_url: str, wanted: dict[str, object], keys: list[str]
) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", CALL, LATE, DONE)
        assert [row.line.key for row in listed(database, **wanted)] == keys


def test_the_tasks_of_an_unknown_challenge_are_not_an_empty_list(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26")
        assert listed(database, reference="GAR-26") == []
        with pytest.raises(NotFound, match='did you mean "GAR-26"'):
            listed(database, reference="GAR-62")


def test_the_team_and_the_log_name_people(database_url: str) -> None:
    refused = e.CommandRefused(at=AT, actor=2, command="Advance", message="not yet", unmet=("x",))
    released = e.PersonReleased(at=AT, actor=1, person=2, role="peer", on=TODAY, reason="ill")
    with opened(database_url) as database:
        begin(database)
        go_on(database, refused, released)
        with database.reading() as link:
            team = queries.team(link, "GAR-26")
            log = queries.log(link, "GAR-26")
    assert [(one.role, one.person.name, one.since, one.until) for one in team] == [
        ("challenge_manager", "Ada Example", TODAY, None),
        ("peer", "Ben Example", TODAY, TODAY),
    ]
    assert [one.seq for one in log] == [1, 2, 3, 4, 5]
    assert (log[3].kind, log[3].actor) == ("CommandRefused", queries.Named(2, "Ben Example"))
    assert log[3].facts == {"command": "Advance", "message": "not yet", "unmet": ["x"]}
    assert (log[3].at, log[3].source) == (AT, "test")


def test_messages_are_listed_the_newest_first(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", CALL)
        begin(database, "GAR-27")
        go_on(database, notice("a", tasks=("call:2",)), notice("b", recipient=1))
        go_on(database, notice("a"), reference="GAR-27")
        with database.reading() as link:
            every = reports.mail(link)
            assert [row.reference for row in every] == ["GAR-27", "GAR-26", "GAR-26"]
            assert [row.to for row in reports.mail(link, reference="GAR-26")] == [
                "ada@office.example",
                "ben@office.example",
            ]
            assert len(reports.mail(link, recipient=2)) == 2
            assert len(reports.mail(link, limit=1)) == 1
            assert reports.mail(link, status="sent") == []
            assert reports.counts(link, "GAR-26") == {"waiting": 2}
            mail = reports.message(link, every[-1].id)
    assert (mail.tasks, mail.text, mail.row.subject) == (("call:2",), None, None)
    assert (mail.row.notice, mail.row.to_name) == ("reminder", "Ben Example")
    assert (mail.row.created_at, mail.row.attempts, mail.row.status) == (AT, 0, "waiting")


def test_the_doctor_finds_what_waits_for_nobody(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26")
        begin(database, "GAR-27", wake_at=AT)
        begin(database, "GAR-28", CALL)
        begin(database, "GAR-29", is_final=True)
        go_on(database, notice("a", recipient=None), notice("b"), reference="GAR-28")
        with database.reading() as link:
            assert reports.idle(link) == ["GAR-26"]
            assert reports.unheard(link) == [reports.Unheard("GAR-28", 5, "reminder")]


def test_a_clash_is_somebody_booked_elsewhere_on_the_same_days(database_url: str) -> None:
    first, last = date(2027, 3, 1), date(2027, 3, 4)
    with opened(database_url) as database:
        begin(database, "GAR-26", busy_from=first, busy_to=last, busy_people=(1, 2))
        for days, people_ids, expected in [
            ((last, last + 3 * DAY), [2], [2]),
            ((first - 3 * DAY, first), [1, 2], [1, 2]),
            ((last + DAY, last + 3 * DAY), [1, 2], []),
            ((first, last), [3], []),
        ]:
            with database.reading() as link:
                found = queries.clashes(
                    link, "GAR-27", people_ids, first_on=days[0], last_on=days[1]
                )
                assert [clash.person for clash in found] == expected
        with database.reading() as link:
            assert queries.clashes(link, "GAR-26", [1], first_on=first, last_on=last) == []


ASKED: list[tuple[Callable[[Link], object], int]] = [
    (lambda link: queries.portfolio(link, NOW, queries.Wanted(with_final=True)), 1),
    (lambda link: tasks.listed(link, NOW, Wanted(with_finished=True)), 2),
    (lambda link: queries.team(link, "GAR-0"), 1),
    (lambda link: queries.log(link, "GAR-0"), 1),
    (reports.mail, 1),
    (reports.idle, 1),
    (people.everybody, 1),
]


@pytest.mark.parametrize("number", range(len(ASKED)))
def test_a_list_takes_as_many_queries_for_many_as_for_one(sqlite_url: str, number: int) -> None:
    ask, expected = ASKED[number]
    with opened(sqlite_url) as database:
        for count in range(4):
            begin(database, f"GAR-{count}", CALL, LATE, DONE, **SHOWN)
            go_on(database, notice("a"), reference=f"GAR-{count}")
        said: list[str] = []
        with closing(database.connect()) as connection:
            connection.set_trace_callback(said.append)
            ask(Link(connection, dialect="sqlite", is_writing=False))
    assert len(said) == expected, said


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT id FROM challenge WHERE wake_at <= '2026' ORDER BY wake_at, id", "wake_at"),
        (
            "SELECT id FROM outbox WHERE status = 'waiting' AND next_attempt_at <= '2026'"
            " ORDER BY next_attempt_at, id",
            "status_next_attempt_at",
        ),
        (
            "SELECT count(*) FROM task t WHERE t.challenge_id = 1"
            " AND t.status IN ('open', 'pending') AND t.limit_at < '2026'",
            "challenge_id_status_limit_at",
        ),
    ],
)
def test_what_is_asked_often_goes_through_an_index(sqlite_url: str, sql: str, index: str) -> None:
    with opened(sqlite_url) as database, database.reading() as link:
        plan = " ".join(str(row[3]) for row in link.rows(f"EXPLAIN QUERY PLAN {sql}"))
    assert f"{index}" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda link: tasks.listed(link, NOW, Wanted(reference="GAR-0")), "reference=?"),
        (lambda link: tasks.listed(link, NOW, Wanted(person=1)), "person_id=?"),
        (
            lambda link: queries.portfolio(link, NOW, queries.Wanted(reference="GAR-0")),
            "reference=?",
        ),
        (lambda link: reports.mail(link, reference="GAR-0"), "challenge_id=?"),
    ],
)
def test_a_list_of_one_does_not_look_at_all(
    sqlite_url: str, ask: Callable[[Link], object], index: str
) -> None:
    said: list[str] = []
    with opened(sqlite_url) as database:
        begin(database, "GAR-0", CALL)
        with closing(database.connect()) as connection:
            connection.set_trace_callback(said.append)
            ask(Link(connection, dialect="sqlite", is_writing=False))
            connection.set_trace_callback(None)
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {said[0]}")]
    assert any(index in step for step in plan), plan
    scanned = {step for step in plan if step.startswith("SCAN")}
    page = {"SCAN c"} if "CO-ROUTINE c" in plan else set()  # what was found, not the table
    assert scanned <= page, plan
