"""The linter for time: what takes more than one change to go wrong, and what it leaves alone."""

from typing import Any

import pytest

from tests.unit.model.test_references import GONE, said, task

Change = tuple[str, Any]
DUE = ("dates.due", {"title": "Due", "is": "1 week after start"})
LATE = ("tasks.more", task(limit="4 weeks after end", source="rules"))
LEAVING = {"title": "Gone", "when": "over is entered"}
OPTIONAL = {"title": "Helper", "side": "team", "needed": "0..1"}


def rung(when: str, **more: object) -> dict[str, Any]:
    return {"when": when, "to": "by", "notice": "late", **more}


def timed(*when: str, **more: object) -> tuple[Change, Change]:
    """Return a task with a ladder of its own, in which these rungs are."""
    given = {"limit": "4 weeks after end", "source": "rules", **more}
    ladder = ("ladders.own", [rung(one) for one in when])
    return ladder, ("tasks.more", task(reminders="own", **given))


LEFT_ALONE: list[tuple[Change, ...]] = [
    # calendars and hours
    (("calendar", "IE"),),
    (("calendars", {"office": {"adds": {"2027-12-24": "Closed"}}}), ("calendar", "office")),
    (
        (
            "tasks.more",
            task(limit="3 working days after end, in the calendar scotland", source="rules"),
        ),
    ),
    (("tasks.more", task(calendar="any_uk")),),
    (("send_at", "02:00"),),
    (("send_at", "00:59"),),
    (("send_at", "01:30"), ("zone", "Asia/Tokyo")),
    (("sending", {"from": "09:00", "until": "09:00"}),),
    (("sending", {"not_on": ["24 December to 1 January", "2027-03-01"]}),),
    # dates, pauses, extensions
    (DUE, ("tasks.more", task(limit="2 days after due", source="rules"))),
    (("dates.start.is", "1 month after last activity"), ("dates.end.not_before", GONE)),
    (("pauses.p", {"title": "P"}), ("tasks.more", task(pauses="p", target="end of end"))),
    (
        ("pauses.p", {"title": "P", "from": "start", "until": "end"}),
        ("tasks.more", task(pauses="p", target="end of end")),
    ),
    (("tasks.more", task(restarts_on=["start", "plan"], target="end of end")),),
    (
        (
            "tasks.more",
            task(
                limit="2 weeks after end",
                source="rules",
                extends={"more": {"by": "up to 1 month", "no_later_than": "3 months after end"}},
            ),
        ),
    ),
    (
        (
            "tasks.more",
            task(
                limit="48 hours after end",
                source="rules",
                extends={"more": {"by": "24 hours", "when": "start is not known"}},
            ),
        ),
    ),
    (
        (
            "tasks.more",
            task(
                limit="2 weeks after end",
                source="rules",
                excused_when=["start is not known", "over is not entered", "peers is not filled"],
                cap="3 weeks after end",
                not_before="1 week after end",
            ),
        ),
    ),
    (("tasks.more", task(limit="10 to 12 months after end", source="rules")),),
    (("tasks.more", task(for_each="every month after end, until over", target="end of {day}")),),
    (("tasks.more", task(for_each="every week from 3 days after end, at most 5 times")),),
    # what may be known in time
    (
        ("tasks.more", task(limit="2 days before plan.limit", source="rules")),
        ("tasks.plan.limit", "1 day before start"),
        ("tasks.plan.source", "rules"),
    ),
    (("tasks.more", task(target="5 days before 3 weeks after write")),),
    (("tasks.more", task(target="the later of 3 days before write and end")),),
    (("tasks.plan.redo_when", "second is entered"), ("tasks.plan.target", "1 day after second")),
    (("tasks.call.limit", "1 day after second"), ("transitions.go.requires", ["plan", "call"])),
    (("tasks.more", task(lapses="1 day after over")),),
    # guards
    (("transitions.go.requires", ["plan", "end is not known"]),),
    (("transitions.go.requires", [{"any": 1, "of": ["plan", "write"]}]),),
    (("transitions.go.warns", ["write"]),),
    (("transitions.go.requires", ["plan", "more"]), ("tasks.more", task(when="end is known"))),
    (("transitions.go.requires", ["plan", "more"]), ("tasks.more", task(early="flag"))),
    # rungs
    timed("on opening", "3 days before limit", "every day after limit"),
    timed("on limit", "on limit at 10:00"),
    timed(
        "3 days after plan", "2 days after last activity", "1 day after the later of plan and start"
    ),
    timed("14 days before limit", opens="2 weeks after end, or when plan is done"),
    timed("5 working days after limit", lapses="8 days after limit"),
    timed("on over", stage=["second", "over"]),
    (("stages.over.keeps", ["more"]), *timed("2 days after over")),
    (
        ("tasks.plan", {**task(), "stage": "first", "reminders": "own", "target": "start"}),
        *timed("on limit"),
    ),
    timed("on target", "on limit"),
    # audiences
    (("notices.n", {**LEAVING, "to": "peers"}),),
    (("roles.helper", OPTIONAL), ("notices.n", {**LEAVING, "to": ["helper", "boss"]})),
    (
        ("roles.helper", OPTIONAL),
        ("notices.n", {"title": "N", "when": "joining of helper", "to": "helper"}),
    ),
    (
        ("roles.helper", OPTIONAL),
        ("tasks.more", task(by="helper", when="helper is filled", target="end")),
    ),
    (
        ("groups.few", {"roles": ["helper"], "needed": "1"}),
        ("roles.helper", OPTIONAL),
        ("notices.n", {**LEAVING, "to": "few"}),
    ),
    (
        ("roles.helper", OPTIONAL),
        *timed("on limit", when="helper is filled"),
        ("ladders.own", [rung("on limit", to="helper")]),
    ),
    # retention
    (
        LATE,
        (
            "retention.r",
            {"title": "R", "for": "5 weeks after end", "review_by": "boss", "needed_for": "more"},
        ),
    ),
    (
        LATE,
        (
            "retention.r",
            {"title": "R", "for": "1 week after start", "review_by": "boss", "needed_for": "more"},
        ),
    ),
]


@pytest.mark.parametrize("changes", LEFT_ALONE)
def test_what_may_be_right_is_left_alone(changes: tuple[Change, ...]) -> None:
    assert said(*changes) == []


MISTAKES: list[tuple[tuple[Change, ...], str]] = [
    (
        (
            ("pauses.wait", {"title": "Waiting"}),
            ("tasks.more", task(limit="2 weeks before end", source="rules", pauses="wait")),
        ),
        "tasks.more.pauses: `pauses` is about a clock, and no date of this task counts forward; "
        "leave it out, or count where the clock runs",
    ),
    (
        (
            (
                "pauses.wait",
                {"title": "Waiting", "from": "start", "days": "1 August to 31 August"},
            ),
            ("tasks.more", task(limit="2 weeks after end", source="rules", pauses="wait")),
        ),
        "pauses.wait.days: a pause lies on fixed days or between two dates; leave out `days` or "
        "`from`",
    ),
    (
        (DUE, ("notices.n", {"title": "N", "when": "due is cleared", "to": "peers"})),
        'notices.n.when.0: "due" is worked out, so nobody ever records it as another day',
    ),
    (
        (DUE, ("tasks.more", task(limit="2 days after due.recorded", source="rules"))),
        'tasks.more.limit: "due" is worked out, never recorded; count from due itself',
    ),
    (
        (
            ("dates.due", {"title": "Due", "is": "1 week after more.limit"}),
            ("tasks.more", task(limit="1 week after due", source="rules")),
        ),
        "tasks.more.limit: it hangs on itself: more.limit → due → more.limit",
    ),
    (
        (
            ("dates.due", {"title": "Due", "is": "1 week after more.limit"}),
            (
                "tasks.more",
                task(limit="end of end", source="rules", excused_when="due is known"),
            ),
        ),
        "tasks.more.limit: it hangs on itself: more.limit → due → more.limit",
    ),
    (
        (
            ("dates.due", {"title": "Due", "is": "1 week after more.limit"}),
            (
                "tasks.more",
                task(
                    limit="end of end",
                    source="rules",
                    extends={"longer": {"by": "1 week", "when": "due is known"}},
                ),
            ),
        ),
        "tasks.more.limit: it hangs on itself: more.limit → due → more.limit",
    ),
    (
        (
            ("pauses.p", {"title": "P", "from": "3 days before more.limit"}),
            ("tasks.more", task(limit="end of end", source="rules", pauses="p")),
        ),
        "tasks.more.limit: it hangs on itself: more.limit → more.limit",
    ),
    (
        (
            ("tasks.report", task(for_each="every month after end, until wrap_up")),
            ("tasks.wrap_up", task(after="report")),
        ),
        "tasks.report.for_each: it hangs on itself: report → report.for_each → wrap_up → report",
    ),
    (
        (("tasks.one", task(when="two is done")), ("tasks.two", task(after="one"))),
        "tasks.one.when: it hangs on itself: one → one.when → two → one",
    ),
    (
        (
            ("sending", {"from": "09:00", "until": "17:00"}),
            *timed("on limit at 18:00"),
        ),
        "reminders go out from 09:00 to 17:00, so that it never speaks at 18:00; name a time in "
        "between, or let it be urgent",
    ),
    (
        (
            ("ladders.one", [rung("on limit")]),
            ("ladders.two", [rung("on limit")]),
            ("tasks.more", task(limit="end of end", source="rules", reminders=["one", "two"])),
        ),
        'tasks.more.reminders.1: a rung of "two" speaks when one of "one" does, and only the later '
        "one is said; move one of them",
    ),
    (
        timed("20 days after limit", lapses="10 days after limit"),
        'ladders.own.0.when: it would speak when "more" has lapsed (10 days after limit); let it '
        "speak earlier, or lapse later",
    ),
    (
        (("roles.helper", OPTIONAL), ("notices.n", {**LEAVING, "to": "helper"})),
        "notices.n.to: nobody may hold helper, so that the programme's side is told instead; add a "
        "role that is always held",
    ),
    (
        (
            ("roles.helper", OPTIONAL),
            ("roles.boss.needed", "0..1"),
            ("notices.n", {**LEAVING, "to": "helper"}),
        ),
        "notices.n.to: nobody at all may be told: nobody may hold helper, nor any role of the "
        "programme; let one of them be needed at least once",
    ),
    (
        (("roles.helper", OPTIONAL), ("ladders.chase", [rung("on limit", to="helper")])),
        "ladders.chase.0.to: nobody may hold helper",
    ),
    (
        (
            LATE,
            ("tasks.burn", task(limit="2 weeks after end", source="rules")),
            ("retention.r", {"title": "R", "done_by": "burn", "needed_for": "more"}),
        ),
        'retention.r.needed_for.0: it goes before "more" must be done, which needs it: the limit '
        "of burn comes first; keep it longer",
    ),
    (
        (("transitions.finish.requires", ["more"]), ("tasks.more", task(stage="over"))),
        'transitions.finish.requires.0: no task can satisfy this: "more" belongs to "over", a '
        "stage reached only by way of this step; leave it out, or let it be done earlier",
    ),
    (
        (
            ("transitions.finish.requires", ["more"]),
            ("tasks.more", task(opens="when far is done")),
            ("tasks.far", task(stage="over")),
        ),
        '"more" waits for "far", and "far" belongs to "over"',
    ),
    (
        (
            ("transitions.finish.requires", ["more"]),
            ("tasks.more", task(opens="2 days after over")),
        ),
        '"more" waits for "over", and the stage "over" is reached only by way of this step',
    ),
]


@pytest.mark.parametrize(("changes", "expected"), MISTAKES)
def test_what_is_surely_wrong_is_told(changes: tuple[Change, ...], expected: str) -> None:
    found = said(*changes)
    assert [one for one in found if expected in one], found


def test_an_owner_that_may_not_be_there_is_told() -> None:
    told = said(("roles.helper", OPTIONAL), ("tasks.more", task(by="helper", target="end")))
    assert told == [
        "tasks.more.by: its deadline may have no owner: nobody need hold helper; add a role that "
        "is always held, or `when: helper is filled`"
    ]
