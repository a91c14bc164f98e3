"""The corporate peer challenge: a second definition that the engine has never heard of.

Its dates, its register, and two whole lives by the engine on SQLite: everybody is on time, and
nobody does anything after the visit. All people are invented.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from definitions import loader
from tests.architecture.tree import ROOT, sources
from tests.builders import Case, rulebook
from tests.integration.corporate import (
    BEGUN,
    CAN,
    END,
    LATECOMER,
    LEAD,
    NAME,
    REFERENCE,
    SECOND,
    START,
    TEAM,
    Life,
    noon,
)
from workflow.auditing.log import Log
from workflow.clock import SetClock
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.definition import Definition
from workflow.model.errors import Refused
from workflow.model.outlook.foresight import Foreseen
from workflow.model.planning.rulebook import conditions_of
from workflow.model.task import Task, TaskStatus
from workflow.store.database import Database

DAY = timedelta(days=1)
MESSAGES = {"message", "reminder", "escalation"}
PHASES = ["Peers confirmed", "Pre on-site", "On-site", "Post on-site"]
PUBLISHED = [f"C-{number:02}" for number in range(1, 13)]


@pytest.fixture(scope="module")
def definition() -> Definition:
    return rulebook(NAME).definition


def planned(start: date, end: date) -> Case:
    """Return a challenge with its people and its days, begun half a year before them."""
    begun = datetime.combine(start - timedelta(days=180), time(10), UTC)
    case = Case(at=begun, rules=rulebook(NAME)).started()
    for role, person in TEAM:
        case.assign(role, person, *CAN.get(person, []))
    return case.plan("onsite_start", start).plan("onsite_end", end)


def confirmed(start: date = START, end: date = END) -> Case:
    """Return a challenge whose team is confirmed."""
    case = planned(start, end).done("commission", "scope_agreed").advance("agree_scope")
    case.done("take_on_peer", "acknowledge", "propose_team", "client_confirms_team")
    return case.advance("confirm_team")


# ----------------------------------------------------------------------------------------- dates

DATES = [
    # visit, documents open, are due; the call opens, is due; report, plan; review; its report
    ("2026-11-24 2026-11-27", "2026-11-03 2026-11-10", "2026-11-10 2026-11-17",
     "2027-02-27 2027-04-27", "2027-08-27 2027-10-27", "2027-11-27 2031-11-27"),
    # three days to 30 November: the third month after it is too short
    ("2028-11-28 2028-11-30", "2028-11-07 2028-11-14", "2028-11-14 2028-11-21",
     "2029-02-28 2029-04-30", "2029-08-30 2029-10-30", "2029-11-30 2033-11-30"),
    # two days to 30 November before a leap year; two days are only warned of
    ("2027-11-29 2027-11-30", "2027-11-08 2027-11-15", "2027-11-15 2027-11-22",
     "2028-02-29 2028-04-30", "2028-08-30 2028-10-30", "2028-11-30 2032-11-30"),
    # the last day of a leap year's February: twelve months and five years later there is none
    ("2028-02-27 2028-02-29", "2028-02-06 2028-02-13", "2028-02-13 2028-02-20",
     "2028-05-29 2028-07-29", "2028-11-29 2029-01-29", "2029-02-28 2033-02-28"),
]  # fmt: skip


def days(text: str) -> tuple[date, date]:
    first, last = map(date.fromisoformat, text.split())
    return first, last


@pytest.mark.parametrize(("visit", "papers", "call", "public", "review", "after"), DATES)
def test_every_published_date_counts_from_the_visit(
    visit: str, papers: str, call: str, public: str, review: str, after: str
) -> None:
    case = planned(*days(visit))
    assert window(case.task("documents_to_peers", person=LEAD)) == days(papers)
    assert window(case.task("team_call")) == days(call)
    assert (limit(case, "publish"), limit(case, "action_plan")) == days(public)
    assert (limit(case, "review_report"), limit(case, "next_challenge")) == days(after)
    held = case.task("progress_review")
    opens, ends = days(review)
    assert held.opens_at is not None
    assert case.rules.today(held.opens_at) == opens
    assert held.limit_on is None  # "about ten months" is soft
    assert held.target_on == working_day_up_to(case, ends)


def window(task: Task) -> tuple[date, date | None]:
    assert task.opens_at is not None
    return rulebook(NAME).today(task.opens_at), task.limit_on


def limit(case: Case, spec: str) -> date | None:
    return case.task(spec).limit_on


def working_day_up_to(case: Case, day: date) -> date:
    while not case.rules.calendar.is_working_day(day):
        day -= DAY
    return day


def test_a_promise_that_ends_on_a_weekend_has_a_working_target_before_it() -> None:
    case = planned(START, END)
    assert limit(case, "publish") == date(2027, 2, 27)  # a Saturday
    assert case.task("publish").target_on == date(2027, 2, 26)
    assert case.task("action_plan").target_on == date(2027, 2, 26)  # with the report


def test_a_visit_of_three_days_has_three_records_and_two_catch_ups() -> None:
    case = planned(date(2028, 11, 28), date(2028, 11, 30))
    assert case.warnings == ()
    assert len(case.unfinished("session_record")) == 3
    assert [task.day for task in case.unfinished("catch_up")] == [
        date(2028, 11, 28), date(2028, 11, 29),
    ]  # fmt: skip


def test_what_comes_before_its_window_is_said_to_be_early() -> None:
    case = confirmed().done("position_statement", "timetable", "file_share")
    case.until(START - timedelta(days=22))
    assert case.task("documents_to_peers", person=LEAD).status is TaskStatus.PENDING
    case.done_for(LEAD, "documents_to_peers")
    assert case.warnings[0].endswith("is recorded early: it was not open yet")
    case.until(START - timedelta(days=21)).done("documents_to_peers")
    assert case.warnings == ()


def test_a_substitute_gets_the_documents_after_the_window_in_a_day() -> None:
    case = confirmed().done("position_statement", "timetable", "file_share")
    case.until(START - timedelta(days=8)).release(SECOND).assign("officer_peer", LATECOMER)
    late = case.task("documents_to_peers", person=LATECOMER)
    assert (late.status, late.limit_on) == (TaskStatus.OPEN, START - timedelta(days=7))


def test_an_election_puts_the_report_off_once_and_not_past_the_plan() -> None:
    case = planned(START, END)
    asked = c.ExtendDeadline(
        spec="publish", on=case.today, amount="2 months", reason="pre-election period"
    )
    assert limit(case.do(asked), "publish") == limit(case, "action_plan") == date(2027, 4, 27)
    with pytest.raises(Refused):
        case.do(asked)


def test_a_postponement_forgets_the_days_and_stops_the_clocks() -> None:
    case = confirmed().do(c.Advance(trigger="postpone", reason="the council asked"))
    assert case.challenge.stage == "postponed"
    assert limit(case, "publish") is None
    case.advance("resume").plan("onsite_start", START).plan("onsite_end", END)
    assert limit(case, "publish") == date(2027, 2, 27)
    assert case.task("acknowledge", person=LEAD).status is TaskStatus.OPEN  # new days, anew


# ----------------------------------------------------------------------------------- the register


def test_the_four_phases_come_in_order_and_the_review_goes_on_after_them(
    definition: Definition,
) -> None:
    phases = dict.fromkeys(stage.phase or stage.title for stage in definition.stages.values())
    found = list(phases)
    first = found.index(PHASES[0])
    assert found[first : first + 5] == [*PHASES, "Action plan and review"]


def test_it_has_neither_problem_nor_warning() -> None:
    assert loader.check(loader.read_shipped(NAME), file=f"{NAME}.yaml").problems == ()


def test_each_published_rule_has_its_one_place(definition: Definition) -> None:
    published = [key for key, one in definition.obligations.items() if "LGA" in one.source]
    assert published == PUBLISHED
    for key, one in definition.obligations.items():
        places = (one.enforced_by, one.tracked_by, one.kept_by, one.policy)
        assert sum(bool(place) for place in places) == 1, key


def test_what_is_enforced_stops_a_step(definition: Definition) -> None:
    required = {
        condition.subject
        for step in definition.transitions.values()
        for requirement in step.requires
        for condition in conditions_of(requirement)
    }
    for key, one in definition.obligations.items():
        assert set(one.enforced_by) <= required | set(definition.transitions), key
    assert "next_challenge" not in required  # the control: it is tracked, and stops nothing


def test_what_nobody_has_published_is_called_house_policy(definition: Definition) -> None:
    assert {rule.source for rule in definition.retention.values()} == {"house policy"}
    assert definition.tasks["draft_report"].source == "house policy"
    assert [key for key, task in definition.tasks.items() if task.limit and not task.source] == []


def mentions(text: str, names: Iterable[str]) -> set[str]:
    return {name for name in names if re.search(rf"\b{name}\b", text)}


def test_no_python_file_has_heard_of_it(definition: Definition) -> None:
    local = rulebook().definition
    own = {
        *definition.tasks, *definition.stages, *definition.roles, *definition.notices,
        *definition.ladders,
    } - {*local.tasks, *local.stages, *local.roles, *local.notices, *local.ladders}  # fmt: skip
    own -= {"review"}  # a word of retention, too
    assert {"fact_check", "action_plan", "review_report", "sponsor", "following_up"} <= own
    found = {str(file.path): mentions(file.text, {*own, NAME}) for file in sources(ROOT)}
    assert {path: names for path, names in found.items() if names} == {}


def test_a_python_file_that_had_heard_of_it_would_be_seen() -> None:
    assert mentions('if spec == "fact_check":', ["fact_check"]) == {"fact_check"}


def forced(*triggers: str) -> Case:
    """Return a challenge that was taken from its beginning through steps by overrides."""
    case = planned(START, END).until(END + DAY)
    for trigger in triggers:
        case.advance(trigger, override="to try it out")
    return case


TO_THE_COUNCIL = (
    "agree_scope", "confirm_team", "go_on_site", "present_feedback", "circulate_draft",
    "send_to_client",
)  # fmt: skip


def test_only_errors_of_fact_are_corrected_which_is_confirmed_point_by_point() -> None:
    case = forced(*TO_THE_COUNCIL)
    asked = c.CompleteTask(spec="fact_check", on=case.today, attested=("only_errors_of_fact",))
    with pytest.raises(Refused, match="not confirmed yet: each with its evidence, judgements left"):
        case.do(asked)


def test_a_review_that_is_not_to_be_is_waived_and_else_the_challenge_stays_open() -> None:
    case = forced(*TO_THE_COUNCIL, "agree_report", "sign_off")
    case.done("publish", "action_plan", "destroy_team_material")
    with pytest.raises(Refused) as caught:
        case.advance("close")
    assert [unmet.tasks for unmet in caught.value.unmet] == [
        ("progress_review",), ("review_report",),
    ]  # fmt: skip
    case.waive("progress_review").waive("review_report").advance("close")
    assert case.challenge.stage == "closed"
    assert case.task("next_challenge").status is TaskStatus.PENDING


# ------------------------------------------------------------------------------------- two lives


def said(found: Iterable[Foreseen]) -> Counter[tuple[datetime, str, tuple[int, ...]]]:
    return Counter((one.at, one.key, one.to) for one in found if one.kind in MESSAGES)


def told(events: Iterable[e.Event]) -> Counter[tuple[datetime, str, tuple[int, ...]]]:
    raised = [event for event in events if isinstance(event, e.NoticeRaised)]
    return Counter((one.at, one.notice, (one.recipient or 0,)) for one in raised)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    yield from _begun(tmp_path_factory.mktemp("on_time"))


@pytest.fixture
def idle(tmp_path: Path) -> Iterator[Life]:
    yield from _begun(tmp_path)


def _begun(folder: Path) -> Iterator[Life]:
    database = Database(f"sqlite:///{folder / 'challenges.db'}")
    life = Life(database, SetClock(BEGUN))
    life.begin()
    yield life
    database.close()


def test_when_everybody_is_on_time_it_is_lived_to_its_end_as_foreseen(lived: Life) -> None:
    found, known = lived.foresee(is_anybody_acting=True), len(lived.history())
    lived.live(datetime(2034, 1, 1, tzinfo=UTC))
    view = lived.views.look(REFERENCE)
    assert view.challenge.stage == "closed"
    assert lived.breaches() == set()
    assert told(lived.history()[known:]) == said(found)
    entered = [event.stage for event in lived.history() if isinstance(event, e.StageEntered)]
    assert entered == [
        "peers_confirmed", "pre_on_site", "on_site", "drafting", "peer_comment", "with_client",
        "agreed", "following_up", "closed",
    ]  # fmt: skip
    tasks = view.challenge.tasks
    assert tasks["progress_review"].done_on == date(2027, 10, 27)  # at the end of month eleven
    assert tasks["review_report"].limit_on == date(2027, 11, 27)  # twelve after the challenge
    assert tasks["review_report"].target_on == date(2027, 11, 24)  # four weeks after the review
    assert tasks["next_challenge"].status is TaskStatus.DONE  # although it had closed long ago
    assert Log(lived.database, lived.clock).verify().is_intact


def test_when_nobody_acts_after_the_visit_everybody_is_told_as_foreseen(idle: Life) -> None:
    idle.live(noon(END) + timedelta(hours=6))
    assert idle.views.look(REFERENCE).challenge.stage == "drafting"
    idle.is_anybody_acting = False
    found, known = idle.foresee(is_anybody_acting=False), len(idle.history())
    limits = {one.key: one.at.date() for one in found if one.kind == "deadline"}
    assert limits["publish"] == date(2027, 2, 27)
    assert limits["review_report"] == date(2027, 11, 27)
    idle.live(datetime(2032, 6, 1, tzinfo=UTC))
    assert told(idle.history()[known:]) == said(found)
    assert {"report_publication_due", "action_plan_due", "progress_review_invitation",
            "review_report_due", "next_challenge_due", "holding_review"} <= {
        key for _, key, _ in said(found)
    }  # fmt: skip
    assert idle.breaches() >= {"C-06", "C-08", "C-10", "C-11"}
