"""The use cases on both databases: kept or not kept, in the order in which things happened."""

from collections import Counter
from datetime import datetime, time, timedelta
from threading import Barrier, Thread

import pytest

from tests.grounds import ADA, Ground
from tests.visits import (
    BEGUN,
    HOST,
    LATECOMER,
    MANAGER,
    START,
    STRANGER,
    VISITOR,
    visit_rules,
)
from workflow.auditing.reports import Asked
from workflow.engine import NewChallenge
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.challenge import replay
from workflow.model.errors import Conflict, InvalidInput, NotFound, Refused
from workflow.model.outlook.showing import headline
from workflow.store import challenges
from workflow.store.challenges import Origin

SCOPE = c.CompleteTask(spec="scope_agreed", on=BEGUN.date(), evidence="in a call")
CONFIRM = c.Advance(trigger="confirm")
DAY = timedelta(days=1)


def test_what_is_started_is_kept_with_all_that_follows(ground: Ground) -> None:
    outcome = ground.start()
    assert outcome.before is None
    assert ground.history() == list(outcome.events)
    view = ground.views.look("NOR-26")
    assert view.challenge == outcome.after == replay(outcome.events)
    assert (view.challenge.stage, len(view.challenge.team)) == ("planning", 6)
    assert view.challenge.dates["visit_start"].on == START
    assert [step.trigger for step in view.steps] == ["confirm", "hold_off", "withdraw"]
    assert view.wake_at == datetime.combine(START - 4 * DAY, time(9), BEGUN.tzinfo)
    assert len(ground.rows("outbox")) == 3  # each visitor is welcomed


def test_what_is_done_is_kept_with_all_that_follows(ground: Ground) -> None:
    ground.start()
    outcome = ground.act(SCOPE, actor=MANAGER)
    assert outcome.before is not None
    assert outcome.before.version + len(outcome.events) == outcome.after.version
    assert [type(event).__name__ for event in outcome.events] == ["TaskDone", *["TaskOpened"] * 3]
    assert ground.views.look("NOR-26").challenge == outcome.after
    assert ground.history()[-4:] == list(outcome.events)


def test_a_reference_that_cannot_be_used_is_refused(ground: Ground) -> None:
    for reference in ("", "-NOR", ".x", "NOR 26", "NOR/26", "nór", "N" * 41, "NOR_26", "NOR\n"):
        with pytest.raises(InvalidInput) as caught:
            ground.start(reference)
        assert str(caught.value) == (
            f'the reference "{reference}" cannot be used; allowed: letters, digits, dots and '
            "dashes, at most 40, such as NOR-26"
        )
    assert ground.rows("challenge") == []


def test_a_reference_is_letters_digits_dots_and_dashes(ground: Ground) -> None:
    for reference in ("N", "NOR-26.1", "9", "N" * 40):
        assert ground.start(reference).after.reference == reference


def test_of_several_challenges_all_are_started_or_none(ground: Ground) -> None:
    good, other = ground.new("NOR-26"), ground.new("SUR-26")
    wrong = [
        (ground.new("NOR-26"), InvalidInput, 'there is already a challenge "NOR-26"'),
        (ground.new("x y"), InvalidInput, 'the reference "x y" cannot be used'),
        (ground.new("WES-26", dates={"visit_strat": START}), NotFound, 'no date "visit_strat"'),
        (
            NewChallenge(
                reference="WES-26",
                title="",
                client="",
                offered=good.offered,
                roles=(("host", HOST), ("host", LATECOMER)),
            ),
            Refused,
            "Lead of the host: at most 1, and there is Hal Host",
        ),
        (
            NewChallenge(
                reference="WES-26",
                title="",
                client="",
                offered=good.offered,
                roles=(("host", 99),),
            ),
            NotFound,
            'there is no person with the id "99"',
        ),
    ]
    for new, kind, text in wrong:
        with pytest.raises(kind, match=text):
            ground.engine.start_all([good, other, new], actor=ADA)
        assert (ground.rows("challenge"), ground.rows("event"), ground.rows("outbox")) == (
            [],
            [],
            [],
        )
    assert len(ground.engine.start_all([good, other], actor=ADA)) == 2
    assert len(ground.rows("challenge")) == 2


def test_a_refusal_is_kept_for_the_audit_in_peoples_names(ground: Ground) -> None:
    ground.start()
    with pytest.raises(Refused) as caught:
        ground.act(CONFIRM, actor=STRANGER)
    assert caught.value.message == (
        "Stan Stranger may not take steps of NOR-26: that is for a challenge manager, "
        "a programme manager or an administrator"
    )
    with pytest.raises(Refused) as unmet:
        ground.act(CONFIRM, actor=MANAGER)
    assert unmet.value.unmet[1].text == (
        "Call each person before the visit: 3 of 3 not done (Lea Lead, Vic Visitor, Sue Second)"
    )
    first, second = ground.history()[-2:]
    assert isinstance(first, e.CommandRefused)
    assert isinstance(second, e.CommandRefused)
    assert (first.actor, first.command, first.unmet) == (STRANGER, "Advance", ())
    assert first.message.startswith("{p9} may not take steps of NOR-26")  # ids, not names
    assert second.unmet[0] == "Agree the scope of the visit with the host: not done"
    assert ground.views.look("NOR-26").challenge.stage == "planning"
    assert ground.log.verify().is_intact


NONSENSE: list[tuple[c.Command, str]] = [
    (c.CompleteTask(spec="scope", on=BEGUN.date()), 'there is no task "scope"'),
    (c.SetDate(key="visit", on=START), 'there is no date "visit"'),
    (
        c.CompleteTask(spec="brief_visitor", on=BEGUN.date()),
        "say which one with --for: Lea Lead, Vic Visitor, Sue Second",
    ),
    (c.ReleasePerson(person=STRANGER, reason="x"), "Stan Stranger is not on the team"),
]


def test_what_makes_no_sense_leaves_no_trace(ground: Ground) -> None:
    ground.start()
    before = ground.everything()
    for command, text in NONSENSE:
        with pytest.raises((InvalidInput, NotFound), match=text):
            ground.act(command)
        assert ground.everything() == before


def test_a_challenge_that_does_not_exist_is_not_found_and_the_nearest_is_named(
    ground: Ground,
) -> None:
    ground.start()
    for ask in (
        lambda: ground.act(SCOPE, reference="NOR-62"),
        lambda: ground.views.look("NOR-62"),
        lambda: ground.views.explain("NOR-62", "scope_agreed"),
        lambda: ground.views.foresee("NOR-62"),
        lambda: ground.register.report(Asked(reference="NOR-62")),
    ):
        with pytest.raises(NotFound, match='no challenge "NOR-62"; did you mean "NOR-26"'):
            ask()


COMMANDS: list[c.Command] = [
    SCOPE,
    c.SetDate(key="visit_start", on=START + 7 * DAY, reason="moved"),
    c.AssignPerson(person=LATECOMER, role="visitor"),
    c.ReleasePerson(person=VISITOR, reason="ill"),
    c.WaiveTask(spec="scope_agreed", reason="known"),
    c.Advance(trigger="confirm", override="in a hurry"),
    c.Advance(trigger="withdraw", reason="asked to"),
    c.PlaceHold(name="FOI", reason="asked"),
]


def test_a_dry_run_changes_nothing_and_is_what_then_happens(ground: Ground) -> None:
    for number, command in enumerate(COMMANDS):
        reference = f"NOR-{number}"
        ground.start(reference)
        before = ground.everything()
        preview = ground.engine.act(reference, command, actor=ADA, is_dry_run=True)
        assert ground.everything() == before
        real = ground.act(command, reference=reference)
        assert (preview.is_dry_run, real.is_dry_run) == (True, False)
        assert preview.events == real.events
        assert (preview.after, preview.warnings) == (real.after, real.warnings)


def test_a_dry_run_of_a_start_and_of_a_refusal_change_nothing(ground: Ground) -> None:
    empty = ground.everything()
    preview = ground.engine.start(ground.new("NOR-26"), actor=ADA, is_dry_run=True)
    assert ground.everything() == empty
    assert preview.events == ground.start().events
    before = ground.everything()
    with pytest.raises(Refused, match="not possible yet"):
        ground.engine.act("NOR-26", CONFIRM, actor=ADA, is_dry_run=True)
    assert ground.everything() == before


def test_a_command_that_comes_late_finds_what_time_has_changed(ground: Ground) -> None:
    """Nobody swept; the command itself lets time pass first, and misses nothing."""
    ground.start()
    ground.clock.at = datetime.combine(START, time(12), BEGUN.tzinfo)
    outcome = ground.act(SCOPE)
    missed = [event.task for event in outcome.events if isinstance(event, e.DeadlineMissed)]
    assert sorted(missed) == [
        "call_visitor:4",
        "call_visitor:5",
        "call_visitor:6",
        "evening_meeting",
    ]
    assert ground.until(START, time(12)).looked_at == 0


def at_once(ground: Ground, *commands: c.Command) -> Counter[str]:
    """Let several people ask at the same moment; return how it went for each."""
    went: Counter[str] = Counter()
    start = Barrier(len(commands))

    def ask(command: c.Command) -> None:
        start.wait()
        try:
            ground.act(command)
        except (Refused, Conflict) as error:
            went[type(error).__name__] += 1
        else:
            went["done"] += 1

    threads = [Thread(target=ask, args=(command,)) for command in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return went


def test_of_several_who_take_the_same_step_one_wins_and_the_others_are_told(
    ground: Ground,
) -> None:
    ground.start()
    override = c.Advance(trigger="confirm", override="in a hurry")
    went = at_once(ground, *[override] * 4)
    assert went["done"] == 1
    assert sum(went.values()) == 4
    history = ground.history()
    assert sum(isinstance(event, e.StageEntered) for event in history) == 1
    assert sum(isinstance(event, e.CommandRefused) for event in history) == went["Refused"]
    assert ground.log.verify().is_intact


def test_several_who_ask_for_other_things_all_get_them(ground: Ground) -> None:
    ground.start()
    went = at_once(ground, *COMMANDS[:3], c.WaiveTask(spec="evening_meeting", reason="by phone"))
    assert went == {"done": 4}
    assert ground.views.look("NOR-26").challenge == replay(ground.history())


def test_who_holds_an_old_state_is_told_who_changed_it(ground: Ground) -> None:
    """The control: a change upon an old state is a conflict, not a second truth."""
    ground.start()
    with ground.database.reading() as link:
        old = challenges.load(link, "NOR-26")
    ground.act(SCOPE, actor=MANAGER)
    change = challenges.Change(
        at=BEGUN,
        events=(e.TaskWaived(at=BEGUN, task="scope_agreed", reason="x"),),
        challenge=old.challenge,
        headline=headline(visit_rules(), old.challenge, at=BEGUN),
    )
    before = ground.everything()
    with (
        pytest.raises(Conflict, match="NOR-26 was changed meanwhile"),
        ground.database.writing() as link,
    ):
        challenges.append(link, old, change, origin=Origin("test"))
    assert ground.everything() == before


def test_people_who_are_booked_twice_are_named(ground: Ground) -> None:
    assert ground.start("NOR-26").warnings == ()
    warnings = ground.start("SUR-26").warnings
    assert [text.split(" is booked")[0] for text in warnings] == [
        "clash: Lea Lead",
        "clash: Vic Visitor",
        "clash: Sue Second",
    ]
    assert "is booked for NOR-26 from " in warnings[0]
    moved = c.SetDate(key="visit_start", on=START + 14 * DAY, reason="clash")
    assert not any("clash" in text for text in ground.act(moved, reference="SUR-26").warnings)
