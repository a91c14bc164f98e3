"""Every obligation of the guidance has its one place in the shipped definition."""

import re
from datetime import date

import pytest

from definitions import loader
from docs.generate_obligations import REFERENCE, kind_of, obligations_page, pages
from tests.builders import Case, closed, visited
from workflow.model.calendar import calendar_named
from workflow.model.definition import Definition, Obligation
from workflow.model.planning.rulebook import Rulebook, conditions_of
from workflow.model.register.compliance import Compliance, items

# How many the guidance has of each kind: general, four stages, ground rules, data protection,
# terms, key lines of enquiry, meetings, focus groups, evidence.
COUNTS = {
    "G": 14,
    "S1": 3,
    "S2": 11,
    "S3": 17,
    "S4": 9,
    "R": 6,
    "D": 16,
    "T": 3,
    "K": 9,
    "M": 19,
    "F": 11,
    "E": 4,
}
IDS = [f"{kind}-{number:02}" for kind, count in COUNTS.items() for number in range(1, count + 1)]

# What must stop the challenge until it is met, and not merely be followed: kind and numbers.
_HARD = {
    "G": "01 02 04 10 14",
    "S1": "02 03",
    "S2": "01 02 04 05 06 07",
    "S3": "03 08 13 14",
    "S4": "02 04 05 06 07",
    "R": "01 05",
    "D": "02 04 05 06 07 08 13",
    "T": "01",
    "M": "09",
}
HARD = [f"{kind}-{number}" for kind, numbers in _HARD.items() for number in numbers.split()]
LAST_LINE = 295


@pytest.fixture(scope="module")
def definition() -> Definition:
    return loader.load("local_system_peer_challenge").definition


def test_the_guidance_has_122_obligations() -> None:
    assert len(IDS) == 122


def test_each_obligation_is_in_the_definition_and_no_other(definition: Definition) -> None:
    assert list(definition.obligations) == IDS


def test_an_obligation_that_is_missing_is_seen(definition: Definition) -> None:
    fewer = {key: one for key, one in definition.obligations.items() if key != "S4-05"}
    assert set(IDS) - set(fewer) == {"S4-05"}


def test_each_obligation_has_exactly_one_place(definition: Definition) -> None:
    several = [key for key, one in definition.obligations.items() if len(_places(one)) != 1]
    assert several == []


def _places(one: Obligation) -> list[object]:
    return [place for place in (one.enforced_by, one.tracked_by, one.kept_by, one.policy) if place]


def test_each_obligation_names_lines_that_the_guidance_has(definition: Definition) -> None:
    for key, one in definition.obligations.items():
        assert re.fullmatch(r"guidance \d+(-\d+)?(, \d+(-\d+)?)*", one.source), key
        numbers = [int(number) for number in re.findall(r"\d+", one.source)]
        assert all(1 <= number <= LAST_LINE for number in numbers), key


@pytest.mark.parametrize("key", HARD)
def test_a_hard_obligation_stops_a_step(definition: Definition, key: str) -> None:
    obligation = definition.obligations[key]
    stopping = _stopping(definition)
    assert obligation.enforced_by, f"{key} is only {kind_of(obligation)}"
    assert set(obligation.enforced_by) <= stopping, f"{key}: nothing waits for it"


def test_what_nothing_waits_for_is_seen(definition: Definition) -> None:
    assert "follow_up" not in _stopping(definition)
    assert "offer_support" not in _stopping(definition)


def _stopping(definition: Definition) -> set[str]:
    """Return what a step waits for: tasks that it requires, those before them, and dates."""
    required = {
        condition.text
        for step in definition.transitions.values()
        for requirement in step.requires
        for condition in conditions_of(requirement)
    }
    tasks = {key for key in definition.tasks if key in required}
    while True:
        before = {name for key in tasks for name in definition.tasks[key].after}
        if before <= tasks:
            break
        tasks |= before
    dates = {key for key, fact in definition.dates.items() if fact.needed_for}
    return tasks | dates | set(definition.transitions)


def test_the_page_lists_each_with_its_place(definition: Definition) -> None:
    page = obligations_page(definition)
    for key, one in definition.obligations.items():
        (place,) = _places(one)
        named = (
            place
            if isinstance(place, str)
            else ", ".join(f"`{name}`" for name in one.enforced_by or one.tracked_by)
        )
        assert f"| {key} | {one.title} | {one.source} | {kind_of(one)} | {named} |" in page


def test_the_pages_are_fresh() -> None:
    assert REFERENCE / "obligations.md" in pages()
    stale = [
        path.name
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run `make docs`"


def test_the_definition_has_neither_problem_nor_warning() -> None:
    name = "local_system_peer_challenge"
    assert loader.check(loader.read_shipped(name), file=f"{name}.yaml").problems == ()


def test_every_limit_says_where_it_comes_from(definition: Definition) -> None:
    unsaid = [key for key, task in definition.tasks.items() if task.limit and not task.source]
    assert unsaid == []


def test_every_class_of_what_is_kept_has_an_end(definition: Definition) -> None:
    """A class without a period has a task that ends it, or is kept for good and says so."""
    endless = [
        key
        for key, rule in definition.retention.items()
        if not rule.done_by and rule.for_ is None and rule.then != "archive"
    ]
    assert endless == []


def test_the_four_weeks_end_on_christmas_day_and_the_work_the_day_before(
    definition: Definition,
) -> None:
    rulebook = Rulebook(definition, calendar_named("england_and_wales"))
    report = rulebook.specs["draft_report"]
    assert report.limit is not None
    assert report.target is not None
    assert report.target.roll is not None
    assert report.limit.text == "4 weeks after onsite_end"
    assert rulebook.calendar.roll(date(2026, 12, 25), report.target.roll) == date(2026, 12, 24)


def _standings(case: Case) -> dict[str, tuple[Compliance, bool]]:
    found = items(case.rules, case.challenge, case.events, at=case.at)
    return {item.obligation: (item.standing, item.is_breach) for item in found}


def test_a_challenge_that_goes_well_meets_every_obligation() -> None:
    case = closed(date(2026, 11, 24), date(2026, 11, 27), begun=date(2026, 10, 19))
    standings = _standings(case)
    assert {standings[key] for key in HARD} == {(Compliance.MET, False)}
    unmet = {key for key in IDS if standings[key][0] is not Compliance.MET}
    assert all(case.rules.definition.obligations[key].policy for key in unmet - {"T-02", "D-14"})


def test_a_draft_that_is_late_is_a_breach_of_the_four_weeks() -> None:
    case = visited(date(2026, 11, 24), date(2026, 11, 27), begun=date(2026, 10, 19))
    case.until(date(2026, 12, 25)).done("draft_circulated", "comment_on_draft")
    assert _standings(case)["S4-05"] == (Compliance.OPEN, False)
    case.until(date(2026, 12, 26)).done("draft_report")
    assert _standings(case)["S4-05"] == (Compliance.MET_LATE, True)


def test_seven_peers_and_four_days_make_a_list_of_tasks_that_people_can_oversee() -> None:
    case = closed(date(2026, 11, 24), date(2026, 11, 27), begun=date(2026, 10, 19))
    tasks = [task for task in case.challenge.tasks.values() if "retention" not in task.spec]
    checks = [task for task in tasks if task.spec == "check_destruction"]  # one peer in five
    assert 55 <= len(tasks) - len(checks) <= 75
    assert len(checks) in (1, 2)
