"""The register of obligations on both databases: as it is, as it was, and shared by processes."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from console.output import Output
from console.reporting.tables import Shown
from console.views.auditing.reports import report_json
from definitions import loader
from tests.grounds import ADA, Ground, opened
from tests.versions import NAMES, SECOND_VERSION
from tests.visits import BEGUN, END, HOST, LEAD, MANAGER, START, VISITOR, edited
from workflow.amending.calendars import Amendment, Calendars
from workflow.auditing.reports import Asked, Pace, Register
from workflow.migrating.migrations import Migrations
from workflow.migrating.rounds import Request
from workflow.model import commands as c
from workflow.model.errors import InvalidInput, NotFound, Refused
from workflow.model.register.compliance import Compliance
from workflow.model.register.wanted import Wanted
from workflow.store import calendars, people
from workflow.store.library import Offered

DAY = timedelta(days=1)
NOR, SUR = Asked(reference="NOR-26"), Asked(reference="SUR-26")


@pytest.fixture
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Yield the same on SQLite alone."""
    with opened(f"sqlite:///{tmp_path_factory.mktemp('lite') / 'x.db'}") as ground:
        yield ground


def told(ground: Ground, asked: Asked) -> Any:  # noqa: ANN401 (JSON)
    """Return a report as JSON has it."""
    report = ground.register.report(asked)
    with ground.database.reading() as link:
        known = {person.id: person for person in people.everybody(link)}
    output = Output(zone=ZoneInfo("Europe/London"))
    shown = Shown(report=report, people=known, zone=output.zone)
    return json.loads(output.written("audit-report", report_json(shown)))


def proclaim(ground: Ground) -> None:
    """Let a day on which something is due be a holiday."""
    amendment = Amendment(
        name="england_and_wales", adds={date(2026, 11, 23): "Day of Thanks"}, reason="proclaimed"
    )
    Calendars(ground.database, ground.clock).change(amendment, actor=ADA)


def migrate(ground: Ground) -> None:
    """Let everything go on under the second version of the definition."""
    new = loader.load_text(edited(*SECOND_VERSION), file="visit")
    target = Offered(content_hash=new.content_hash, definition=new.definition, text=new.text)
    request = Request(actor=ADA, reason="news", references=(), renaming=NAMES)
    Migrations(ground.database, ground.clock).migrate(target, request)


def days_of(ground: Ground) -> Iterator[datetime]:
    """Live through a visit; yield the moment after all that a day brings."""
    days: dict[date, Callable[[], object]] = {
        date(2026, 10, 2): lambda: ground.done("scope_agreed", "brief_visitor"),
        date(2026, 10, 5): lambda: ground.start("SUR-26"),
        date(2026, 10, 8): lambda: proclaim(ground),
        date(2026, 10, 12): lambda: ground.act(
            c.WaiveTask(spec="evening_meeting", reason="by phone"), actor=MANAGER
        ),
        date(2026, 10, 20): lambda: ground.act(
            c.ReleasePerson(person=VISITOR, reason="cannot come {p5}")
        ),
        date(2026, 11, 2): lambda: ground.act(
            c.SetDate(key="visit_end", on=END + DAY, reason="one day more")
        ),
        START: lambda: ground.act(c.Advance(trigger="confirm", override="in a hurry")),
        END: lambda: migrate(ground),
        END + 40 * DAY: lambda: ground.act(
            c.Advance(trigger="withdraw", reason="no longer wanted")
        ),
    }
    for day, happen in days.items():
        ground.until(day, time(9))
        happen()
        ground.clock.at += timedelta(minutes=1)
        yield ground.clock.at
        ground.until(day, time(18))
        yield ground.clock.at


def test_what_is_said_of_a_past_moment_is_what_was_said_then(ground: Ground) -> None:
    with ground.database.writing() as link:
        calendars.seed(link, at=BEGUN)
    ground.start()
    then = {at: told(ground, Asked()) for at in days_of(ground)}
    assert len({json.dumps(report) for report in then.values()}) == len(then)
    for at, report in then.items():
        assert told(ground, Asked(as_of=at)) == report
    last = [*then.values()][-1]
    assert {one["reference"] for one in last["items"]} == {"NOR-26", "SUR-26"}
    made = [one for one in last["exceptions"] if one["reference"] == "NOR-26"]
    assert [one["authority"] for one in made] == ["Visit manager", "administrator"]


def test_a_calendar_is_looked_back_to_as_well(lite: Ground) -> None:
    with lite.database.writing() as link:
        calendars.seed(link, at=BEGUN)
    lite.start()
    before = lite.clock.at
    lite.clock.at += DAY
    proclaim(lite)
    then, now = lite.register.life("NOR-26", before), lite.register.life("NOR-26")
    assert then.rulebook.calendar.version + 1 == now.rulebook.calendar.version == 2


def test_many_challenges_are_shared_by_processes_and_come_out_the_same(lite: Ground) -> None:
    references = [f"C-{number}" for number in range(1, 6)]
    lite.engine.start_all([lite.new(name) for name in references], actor=ADA)
    lite.done("scope_agreed", reference="C-3")
    alone = lite.register.report()
    hasty = Register(lite.database, lite.clock, pace=Pace(at_once=2, shared_from=1))
    seen: list[tuple[int, int]] = []
    shared = hasty.report(on_progress=lambda done, total: seen.append((done, total)))
    assert shared == alone
    assert seen == [(2, 5), (4, 5), (5, 5)]
    assert shared.basis.events == sum(len(lite.history(name)) for name in references)


def test_the_numbers_are_those_of_the_items(lite: Ground) -> None:
    lite.start()
    lite.done("scope_agreed")
    whole, numbers = lite.register.report(), lite.register.report(Asked(is_counting=True))
    assert (numbers.items, numbers.numbers) == ((), whole.numbers)
    assert sum(whole.numbers.totals.values()) == len(whole.items)


def test_an_item_says_how_its_date_came_about_who_did_it_and_what_was_allowed(lite: Ground) -> None:
    lite.start()
    command = c.CompleteTask(spec="scope_agreed", on=BEGUN.date(), by=HOST, evidence="a letter")
    lite.act(command, actor=MANAGER)
    lite.act(c.WaiveTask(spec="evening_meeting", reason="by phone"), actor=MANAGER)
    found = {item.obligation: item for item in lite.register.report(NOR).items}
    scope = found["scope_agreed"]
    assert (scope.by, scope.actor, scope.evidence) == (HOST, MANAGER, "a letter")
    assert scope.why == ("6 weeks before the first day of the visit (Tuesday 24 November 2026)")
    (made,) = found["evening_meeting"].exceptions
    assert (made.actor, made.reason, made.authority) == (MANAGER, "by phone", "Visit manager")


def test_a_report_is_narrowed_down(lite: Ground) -> None:
    lite.start()

    def keys(**wanted: Any) -> set[str]:  # noqa: ANN401
        report = lite.register.report(Asked(wanted=Wanted(**wanted)))
        return {item.obligation for item in report.items}

    assert keys(obligation="V-1") == {"V-1"}
    assert keys(standings=frozenset({Compliance.NOT_APPLICABLE})) >= {"V-4"}
    assert keys(client="northshire SYSTEM") > {"V-1"}
    early = {"scope_agreed"}
    assert early <= keys(due_to=date(2026, 11, 1)) < keys()
    assert keys(due_from=date(2026, 11, 2)).isdisjoint(early)


def test_only_what_somebody_may_see_is_in_their_report(lite: Ground) -> None:
    lite.start()
    lite.start("SUR-26")
    report = lite.register.report(Asked(only=frozenset({"SUR-26"})))
    assert {item.reference for item in report.items} == {"SUR-26"}
    lives = lite.register.lives(Asked(only=frozenset({"NOR-26"})))
    assert [life.challenge.reference for life in lives] == ["NOR-26"]


@pytest.mark.parametrize(
    ("asked", "kind", "message"),
    [
        (Asked(reference="NOR-62"), NotFound, 'there is no challenge "NOR-62"; did you mean'),
        (Asked(wanted=Wanted(obligation="V-9")), NotFound, 'there is no obligation "V-9"'),
        (Asked(wanted=Wanted(stage="visting")), NotFound, 'there is no stage "visting"'),
        (Asked(wanted=Wanted(client="Northshore")), NotFound, 'there is no client "Northshore"'),
        (
            Asked(as_of=BEGUN + DAY),
            InvalidInput,
            "what is not past cannot be looked back to: --as-of takes a day or a moment up to now",
        ),
        (
            Asked(reference="NOR-26", as_of=BEGUN - DAY),
            Refused,
            "NOR-26 had not begun by then: there is nothing to report",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused(
    lite: Ground, asked: Asked, kind: type[Exception], message: str
) -> None:
    lite.start()
    with pytest.raises(kind) as caught:
        lite.register.report(asked)
    assert message in str(caught.value)


def test_a_challenge_is_not_there_before_it_began(lite: Ground) -> None:
    lite.start()
    report = lite.register.report(Asked(as_of=BEGUN - DAY))
    assert (report.items, report.basis.challenges, report.basis.events) == ((), 0, 0)
    with pytest.raises(Refused, match="had not begun by then"):
        lite.register.life("NOR-26", BEGUN - DAY)
    assert lite.register.report(Asked(as_of=BEGUN)).basis.as_of == BEGUN.astimezone(UTC)
    assert LEAD in {member.person for member in lite.register.life("NOR-26").challenge.team}
