"""What the parts of a definition say of each other: each check, and what it leaves alone."""

from copy import deepcopy
from typing import Any

import pytest

from workflow.model.checks.references import MOST_FINDINGS, find_problems, find_unknown_names
from workflow.model.definition import Definition

GONE = object()
GOOD: dict[str, Any] = {
    "definition": "small",
    "version": "1",
    "title": "Small",
    "sources": {"rules": "The rules"},
    "roles": {
        "boss": {"title": "Boss", "side": "programme"},
        "peer": {"title": "Peer", "side": "team", "needed": "2..4"},
    },
    "groups": {"peers": ["peer"]},
    "dates": {
        "start": {"title": "Start", "needed_for": "go"},
        "end": {"title": "End", "not_before": "start"},
    },
    "stages": {
        "first": {"title": "First"},
        "second": {"title": "Second"},
        "pause": {"title": "Pause", "paused": True},
        "over": {"title": "Over", "final": True},
    },
    "transitions": {
        "go": {"from": "first", "to": "second", "by": "boss", "requires": ["plan"]},
        "wait": {"from": ["first", "second"], "to": "pause"},
        "resume": {"from": "pause", "to": "previous"},
        "finish": {"from": "second", "to": "over"},
    },
    "tasks": {
        "plan": {"title": "Plan", "stage": "first", "by": "boss"},
        "call": {
            "title": "Call {person}",
            "stage": "first",
            "by": "boss",
            "for_each": "peers",
            "limit": "end of the day before start",
            "source": "rules 3",
            "reminders": "chase",
        },
        "daily": {
            "title": "Meet on {day}",
            "stage": "second",
            "by": "peer",
            "for_each": "day from start to end",
            "limit": "end of {day}",
            "source": "house policy",
        },
        "write": {"title": "Write", "stage": "second", "by": "peer", "after": "plan"},
    },
    "ladders": {"chase": [{"when": "on limit", "to": ["by", "person"], "notice": "late"}]},
    "notices": {"late": {"title": "Late"}},
}


def changed(*changes: tuple[str, Any]) -> Definition:
    """Return the good definition with a value at each dotted path, or with that path gone."""
    document = deepcopy(GOOD)
    for path, value in changes:
        *parents, last = path.split(".")
        part = document
        for parent in parents:
            part = part.setdefault(parent, {})
        if value is GONE:
            del part[last]
        else:
            part[last] = value
    return Definition.model_validate(document)


def said(*changes: tuple[str, Any]) -> list[str]:
    """Return the findings for the changes, as `path: message`."""
    return [
        f"{'.'.join(map(str, one.path))}: {one.message}" for one in find_problems(changed(*changes))
    ]


def task(**more: object) -> dict[str, Any]:
    """Return a task of the second stage."""
    return {"title": "More", "stage": "second", "by": "boss", **more}


def test_a_good_definition_has_no_findings() -> None:
    assert said() == []


TABLE = [
    ("occupies", {"group": "pers", "first": "strt", "last": "end"}, 'role or group "pers"'),
    ("authority", {"waives": "bos"}, 'authority.waives.0: unknown role or group "bos"'),
    ("groups.team", ["peer", "peer"], 'groups.team.roles.1: "peer" is listed twice'),
    ("groups.boss", ["peer"], 'groups.boss: "boss" is already a name under roles'),
    ("tasks.start", task(), 'tasks.start: "start" is already a name under dates'),
    ("stages.plan", {"title": "P"}, '"plan" is already a name under tasks'),
    ("tasks.limit", task(), 'tasks.limit: "limit" is a word of the language'),
    ("roles.person", {"title": "P", "side": "team"}, '"person" is a word of the language'),
    ("zone", "Mars/Base", 'zone: unknown time zone "Mars/Base"'),
    ("zone", "../secret", 'zone: unknown time zone "../secret"'),
    ("tasks.more", task(limit="3 days after pln", source="rules"), 'or stage "pln"; did you mean'),
    ("tasks.more", task(limit="end of pla.limit", source="rules"), 'unknown task "pla"'),
    ("tasks.more", task(limit="end of plan.limit", source="rules"), '"plan" has no limit'),
    ("tasks.more", task(limit="end of limit", source="rules"), '"limit" cannot be used here'),
    ("tasks.more", task(target="end of opening"), None),
    ("tasks.more", task(target="1 day before limit", limit="end of end", source="rules"), None),
    ("tasks.more", task(limit="1 day after joining", source="rules"), '"joining" needs a task'),
    ("tasks.more", task(limit="end of day", source="rules"), '"day" needs a task'),
    ("tasks.more", task(lapses="3 days after opening"), None),
    ("tasks.more", task(opens="on leaving"), '"leaving" needs a task that is for each person'),
    ("tasks.more", task(opens="on leaving", for_each="peer"), None),
    ("tasks.more", task(opens="when plan is done"), None),
    ("tasks.more", task(opens="when pln is done"), "tasks.more.opens: unknown task, date or stage"),
    ("tasks.more", task(opens="when start is done"), "start is a date; write"),
    ("tasks.more", task(opens="when second is known"), 'second is a stage; write "second is ent'),
    ("tasks.more", task(when="peers.enough"), None),
    ("tasks.more", task(when="peer is filled"), None),
    (
        "tasks.more",
        task(when="pear is filled"),
        'unknown role or group "pear"; did you mean "peer"',
    ),
    ("tasks.more", task(when="start is reached"), "a task waits for a day with `opens: start`"),
    ("tasks.more", task(opens="when start is reached"), "can be asked of transitions only"),
    ("transitions.finish.requires", ["start is reached"], None),
    ("tasks.more", task(redo_when="every week"), "cannot make a task be redone"),
    ("notices.n", {"title": "N", "when": "every week", "to": "peers"}, None),
    ("tasks.more", task(when="plan.enough"), 'tasks.more.when.0: unknown role or group "plan"'),
    (
        "tasks.more",
        task(when="peers"),
        'peers is a group; write "peers.enough" or "peers is filled"',
    ),
    ("tasks.more", task(when={"any": 1, "of": ["plan", "pln"]}), "tasks.more.when.0.of.1: unknown"),
    ("tasks.more", task(redo_when="strt moves"), 'redo_when.0: unknown date "strt"'),
    ("tasks.more", task(redo_when="peers change"), None),
    ("tasks.more", task(redo_when="start is cleared"), None),
    ("tasks.more", task(redo_when="plan is cleared"), 'redo_when.0: unknown date "plan"'),
    ("tasks.more", task(redo_when="joining of pers"), 'unknown role or group "pers"'),
    ("tasks.more", task(redo_when="over is entered"), None),
    ("tasks.more", task(for_each="pers"), 'tasks.more.for_each: unknown role or group "pers"'),
    ("tasks.more", task(for_each="day from start to ende"), 'for_each: unknown date "ende"'),
    ("tasks.more", task(for_each="peers, who were issued something"), "ever given anything"),
    ("tasks.more", task(by="person"), "tasks.more.by: `by: person` needs a task"),
    ("tasks.more", task(by="person", for_each="peers"), None),
    ("tasks.more", task(other_than="more"), "tasks.more.other_than: it cannot be done by somebody"),
    ("tasks.more", task(after="more"), "tasks.more.after: it waits for itself: more → more"),
    ("tasks.more", task(reminders="chase", for_each="peers"), "has neither target nor limit"),
    ("tasks.more", task(reminders="chase", target="end of end"), "tells `person`, but this task"),
    ("tasks.more", task(reminders="chase", target="end of end", for_each="peer"), None),
    ("tasks.more", task(limit="end of end"), "tasks.more.limit: nothing says where this limit"),
    (
        "tasks.more",
        task(limit="end of end", source="rulesy 3"),
        "tasks.more.source: unknown source",
    ),
    ("tasks.more", task(limit="end of end", source="rules, part 3"), None),
    ("tasks.more", task(target="end of end", target_source="guess"), "more.target_source: unknown"),
    (
        "tasks.more",
        task(target="2 months after end", limit="3 weeks after end", source="rules"),
        "tasks.more.target: the target lies after the limit",
    ),
    (
        "tasks.more",
        task(target="20 working days after end", limit="4 weeks after end", source="rules"),
        None,
    ),
    (
        "tasks.more",
        task(target="9 days after end", limit="3 days after start", source="rules"),
        None,
    ),
    ("tasks.retention_notes", task(), None),
    ("tasks.more", task(title="For {peer}"), "tasks.more.title: {peer} stands for nothing here"),
    ("tasks.more", task(title="Odd } brace"), "tasks.more.title: } stands for nothing here"),
    ("tasks.more", task(title="On {day}", for_each="peers"), "{day} stands for nothing here"),
    ("stages.over.final", False, "stages: no stage is final"),
    ("stages.first.final", True, "stages.first.final: the first stage is where a challenge"),
    ("stages.lost", {"title": "Lost"}, 'stages.lost: the stage "lost" cannot be reached'),
    ("transitions.resume", GONE, 'stages.pause: no way leads from the stage "pause" to a final'),
    ("transitions.again", {"from": "over", "to": "first"}, "nothing leads out of the final stage"),
    ("transitions.loop", {"from": "first", "to": "first"}, 'leads from "first" to itself'),
    ("transitions.back", {"from": "second", "to": "previous"}, "not `paused: true`"),
    ("transitions.finish.at", "once ready", "transitions.finish.at: it would be taken at once"),
    (
        "transitions.finish",
        {"from": "second", "to": "over", "at": "end of end", "needs": "reason"},
        "transitions.finish.needs: a step taken by itself cannot ask for a reason",
    ),
    ("transitions.finish.at", "end of day", '"day" needs a task'),
    ("transitions.finish.at", "end of end", None),
    ("transitions.finish.warns", ["writ"], "transitions.finish.warns.0: unknown task"),
    ("dates.start.not_before", "end", "each would have to come after the other: start → end"),
    ("dates.end.within", "2 days of end", "dates.end.within: it counts its days from itself"),
    ("dates.end.within", "2 days of start", None),
    ("dates.end.moves_with", "start", None),
    ("dates.end.moves_with", "strt", 'dates.end.moves_with: unknown date "strt"'),
    ("dates.end.moves_with", "end", "dates.end.moves_with: each would move with the other"),
    ("dates.end.set_by", "write", None),
    ("notices.lone", {"title": "Lone"}, 'notices.lone: the notice "lone" is never sent'),
    ("notices.n", {"title": "N", "when": "joining"}, "notices.n.when: nobody is told"),
    ("notices.n", {"title": "N", "to": "peers"}, "notices.n.to: it never goes out by itself"),
    ("notices.n", {"title": "N", "when": "joining", "to": "person"}, None),
    ("notices.n", {"title": "N", "when": "end moves", "to": "person"}, "somebody who joins or"),
    ("ladders.idle", [{"when": "on limit", "to": "by", "notice": "late"}], "idle: the ladder"),
    ("roles.extra", {"title": "E", "side": "team"}, 'the role "extra" is not used anywhere'),
    ("obligations.A", {"title": "A", "source": "rules 1"}, "here: none of them is given"),
    ("obligations.A", {"title": "A", "source": "law 1", "policy": "x"}, 'unknown source "law 1"'),
    ("obligations.A", {"title": "A", "source": "rules", "enforced_by": "write"}, "stops nothing"),
    ("obligations.A", {"title": "A", "source": "rules", "enforced_by": "plan"}, None),
    ("obligations.A", {"title": "A", "source": "rules", "enforced_by": "start"}, None),
    ("obligations.A", {"title": "A", "source": "rules", "enforced_by": "end"}, None),
    ("obligations.A", {"title": "A", "source": "rules", "enforced_by": "go"}, None),
    ("obligations.A", {"title": "A", "source": "rules", "tracked_by": "start"}, "unknown task"),
]


NAMING = {
    "Authority": ("approves", "excepts", "manages", "overrides", "records", "waives"),
    "DocumentRule": ("acknowledged_by", "contains", "for", "issued_by"),
    "DateFact": ("moves_with", "needed_for", "not_before", "set_by"),
    "Extension": ("allowed",),
    "Group": ("roles",),
    "Notice": ("to",),
    "Obligation": ("enforced_by", "tracked_by"),
    "Occupation": ("first", "group", "last"),
    "Invitation": ("stage", "task", "to"),
    "RetentionRule": (
        "documents",
        "done_by",
        "held_by",
        "needed_for",
        "of",
        "reminders",
        "review_by",
    ),
    "Rung": ("notice", "to"),
    "Stage": ("keeps",),
    "TaskSpec": (
        "after",
        "by",
        "calendar",
        "extends",
        "other_than",
        "pauses",
        "reminders",
        "restarts_on",
        "stage",
    ),
    "Transition": ("by", "clears", "from", "to"),
}
NAME_PATTERN = "^[a-z][a-z0-9_]*$"
FREE = {"DocumentRule": ("kind",), "Role": ("eligible",), "TaskSpec": ("attest", "evidence")}


def names_in(part: dict[str, Any]) -> tuple[str, ...]:
    """Return the keys of a part whose values are names."""
    properties = part["properties"].items()
    return tuple(sorted(key for key, told in properties if NAME_PATTERN in str(told)))


def test_every_key_that_holds_a_name_is_checked_or_free() -> None:
    parts = Definition.model_json_schema()["$defs"]
    found = {name: names_in(part) for name, part in parts.items() if names_in(part)}
    names = {*NAMING, *FREE}
    assert found == {
        name: tuple(sorted((*NAMING.get(name, ()), *FREE.get(name, ())))) for name in names
    }


@pytest.mark.parametrize(("path", "value", "expected"), TABLE)
def test_each_reference_is_checked(path: str, value: object, expected: str | None) -> None:
    found = said((path, value))
    if expected is None:
        assert found == []
    else:
        assert [one for one in found if expected in one], found


def test_what_a_required_task_comes_after_is_required_too() -> None:
    duty = {"title": "A", "source": "rules", "enforced_by": ["before_plan", "opening_plan"]}
    plan = {**GOOD["tasks"]["plan"], "after": "before_plan", "opens": "when opening_plan is done"}
    found = said(
        ("tasks.before_plan", {**GOOD["tasks"]["plan"]}),
        ("tasks.opening_plan", {**GOOD["tasks"]["plan"]}),
        ("tasks.plan", plan),
        ("obligations.A", duty),
    )
    assert found == []


def test_what_sets_a_required_date_is_required_too() -> None:
    duty = {"title": "A", "source": "rules", "enforced_by": "write"}
    setting = ("dates.done_on", {"title": "Done", "set_by": "write", "needed_for": "finish"})
    assert said(setting, ("obligations.A", duty)) == []


def test_two_tasks_that_wait_for_each_others_timings_are_a_circle() -> None:
    found = said(
        ("tasks.one", task(limit="2 days after two", source="rules")),
        ("tasks.two", task(limit="2 days after one", source="rules")),
    )
    circle = "one → one.limit → two → two.limit → one"
    assert found == [f"tasks.one.limit: it hangs on itself: {circle}"]


def test_steps_that_take_themselves_in_a_circle_are_refused() -> None:
    on = {"from": "first", "to": "second", "at": "once ready", "requires": ["plan"]}
    (found,) = said(
        ("transitions.on", on), ("transitions.back", on | {"from": "second", "to": "first"})
    )
    text = "steps taken by themselves lead in a circle: first → second → first"
    assert found == f"transitions.on.at: {text}; leave `at` out of one of them"


def test_the_earliest_of_two_is_no_circle() -> None:
    found = said(
        ("tasks.one", task(limit="2 days after the earliest of end and two", source="rules")),
        ("tasks.two", task(limit="2 days after one", source="rules")),
    )
    assert found == []


def test_one_task_may_follow_another_and_hang_on_its_limit() -> None:
    found = said(
        ("tasks.one", task(limit="2 days before two.limit", source="rules")),
        ("tasks.two", task(opens="when one is done", limit="end of end", source="rules")),
    )
    assert found == []


def test_a_lifecycle_without_stages_is_told() -> None:
    found = said(("stages", {}), ("transitions", {}), ("tasks", {}), ("ladders", {}))
    assert "stages: there are no stages; a lifecycle needs a first and a final one" in found


def test_only_unknown_names_carry_the_name() -> None:
    found = find_unknown_names(changed(("tasks.more", task(after="pln", other_than="more"))))
    assert [one.name for one in found] == ["pln"]


def test_of_very_many_findings_only_the_first_are_given() -> None:
    many = {f"t{number}": task(after=f"nothing{number}") for number in range(2 * MOST_FINDINGS)}
    assert len(said(("tasks", {**GOOD["tasks"], **many}))) == MOST_FINDINGS
