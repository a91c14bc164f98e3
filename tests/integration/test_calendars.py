"""A holiday proclaimed at ten days' notice: shown over all challenges, carried out, and audited."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.grounds import ADA, Ground, opened
from tests.tampering import disarm
from workflow.amending import amendments, previews
from workflow.amending.calendars import Amendment, Calendars, Listener
from workflow.amending.previews import Effect
from workflow.model import events as e
from workflow.model.errors import Conflict, InvalidInput, Refused
from workflow.store import calendars, meta
from workflow.sweep import Sweep

NAME = "england_and_wales"
DAY = date(2027, 5, 10)  # a Monday
PROCLAIMED = datetime(2027, 4, 30, 9, tzinfo=UTC)
THANKS = Amendment(name=NAME, adds={DAY: "Day of Thanks"}, reason="proclaimed on 30 April")
# the draft's target is four weeks after the visit, and on a working day
ON_THE_DAY = {"visit_start": date(2027, 4, 8), "visit_end": date(2027, 4, 12)}
LATER = {"visit_start": date(2027, 6, 1), "visit_end": date(2027, 6, 3)}


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    """Yield a database with calendars and three visits; the draft of two is due on the day."""
    with opened(database_url) as ground:
        ground.clock.at = datetime(2027, 3, 1, 9, tzinfo=UTC)
        with ground.database.writing() as link:
            calendars.seed(link, at=ground.clock.at)
        start(ground, "NOR-27", "WES-27")
        ground.engine.start(ground.new("EAS-27", dates=LATER), actor=ADA)
        until(ground, PROCLAIMED)
        yield ground


def start(ground: Ground, *names: str) -> None:
    """Start visits whose draft is due on the day."""
    ground.engine.start_all([ground.new(name, dates=ON_THE_DAY) for name in names], actor=ADA)


def until(ground: Ground, at: datetime) -> int:
    """Set the clock and sweep; return how many were looked at."""
    ground.clock.at = at
    return Sweep(ground.database, ground.clock).tick().looked_at


def use_case(ground: Ground) -> Calendars:
    """Return what changes calendars."""
    return Calendars(ground.database, ground.clock)


def new_events(ground: Ground, name: str, since: int) -> list[e.Event]:
    """Return what happened in a visit after its first so many events."""
    return ground.history(name)[since:]


def limits(ground: Ground, name: str) -> tuple[date | None, date | None]:
    """Return the target and the limit of a visit's draft."""
    task = ground.views.look(name).challenge.tasks["report_sent"]
    return task.target_on, task.limit_on


def test_a_proclaimed_holiday_moves_what_hangs_on_it_with_old_new_and_reason(
    ground: Ground,
) -> None:
    before = {name: len(ground.history(name)) for name in ("NOR-27", "WES-27", "EAS-27")}
    changed = use_case(ground).change(THANKS, actor=ADA)
    assert (changed.looked_at, changed.touched, changed.moves) == (3, 2, 2)
    assert changed.calendar.version == 2
    for name in ("NOR-27", "WES-27"):
        proclaimed, moved = new_events(ground, name, before[name])
        assert proclaimed == e.CalendarChanged(
            at=PROCLAIMED, actor=ADA, calendar=NAME, version=2, reason="proclaimed on 30 April"
        )
        assert isinstance(moved, e.DeadlineMoved)
        assert (moved.task, moved.old_target_on, moved.target_on) == (
            "report_sent",
            DAY,
            date(2027, 5, 7),
        )
        assert limits(ground, name) == (date(2027, 5, 7), DAY)
    assert new_events(ground, "EAS-27", before["EAS-27"]) == []
    assert ground.log.verify().is_intact


def test_the_preview_is_the_change(ground: Ground) -> None:
    before = ground.everything()
    shown, done = list[Effect](), list[Effect]()
    plan = use_case(ground).change(
        THANKS, actor=ADA, is_dry_run=True, listener=Listener(on_found=shown.append)
    )
    assert ground.everything() == before
    change = use_case(ground).change(THANKS, actor=ADA, listener=Listener(on_found=done.append))
    assert shown == done
    assert [effect.reference for effect in shown] == ["NOR-27", "WES-27"]
    assert (plan.looked_at, plan.touched, plan.moves, plan.messages, plan.calendar) == (
        change.looked_at, change.touched, change.moves, change.messages, change.calendar,
    )  # fmt: skip
    assert plan.messages > 0


def test_a_holiday_that_is_called_off_moves_everything_back(ground: Ground) -> None:
    def lines() -> list[tuple[object, ...]]:
        with ground.database.reading() as link:
            return link.rows("SELECT key, wake_at, target_on, limit_on FROM task ORDER BY 1, 2, 3")

    before = lines()
    use_case(ground).change(THANKS, actor=ADA)
    assert lines() != before
    off = Amendment(name=NAME, removes=frozenset({DAY}), reason="called off")
    assert use_case(ground).change(off, actor=ADA).touched == 2
    assert lines() == before
    reasons = [e_.reason for e_ in ground.history("NOR-27") if isinstance(e_, e.CalendarChanged)]
    assert reasons == ["proclaimed on 30 April", "called off"]


def test_a_new_visit_is_under_the_calendar_as_it_is(ground: Ground) -> None:
    use_case(ground).change(THANKS, actor=ADA)
    start(ground, "SUD-27")
    assert limits(ground, "SUD-27") == (date(2027, 5, 7), DAY)
    kinds = {type(event) for event in ground.history("SUD-27")}
    assert e.CalendarChanged not in kinds


def test_a_change_that_was_broken_off_is_completed_by_the_next_sweep(ground: Ground) -> None:
    many = [f"MID-{number}" for number in range(amendments.BATCH + 20)]
    start(ground, *many)
    until(ground, PROCLAIMED)
    broken = use_case(ground)
    stop = Listener(on_progress=_stop)
    with pytest.raises(_Killed):
        broken.change(THANKS, actor=ADA, listener=stop)
    assert limits(ground, "NOR-27") == (date(2027, 5, 7), DAY)
    assert limits(ground, many[-1]) == (DAY, DAY)  # not yet
    until(ground, PROCLAIMED + timedelta(seconds=1))  # whoever began may still be at it
    assert limits(ground, many[-1]) == (DAY, DAY)
    with pytest.raises(Conflict) as refused:
        use_case(ground).change(Amendment(name="scotland", adds={DAY: "x"}, reason="y"), actor=ADA)
    assert str(refused.value) == (
        "another change of a calendar is still being carried out; try again in two minutes"
    )
    until(ground, PROCLAIMED + amendments.LEASE)
    assert {limits(ground, name) for name in many} == {(date(2027, 5, 7), DAY)}
    proclaimed = [
        [event for event in ground.history(name) if isinstance(event, e.CalendarChanged)]
        for name in ("NOR-27", *many)
    ]
    assert {(len(found), found[0].actor, found[0].reason) for found in proclaimed} == {
        (1, ADA, "proclaimed on 30 April")
    }
    with ground.database.reading() as link:
        assert meta.get(link, amendments.UNDERWAY) is None
    assert ground.log.verify().is_intact


class _Killed(Exception):
    """The process ends here."""


def _stop(done: int, total: int) -> None:
    raise _Killed


def test_the_next_change_completes_one_that_was_broken_off(ground: Ground) -> None:
    many = [f"MID-{number}" for number in range(amendments.BATCH)]
    start(ground, *many)
    with pytest.raises(_Killed):
        use_case(ground).change(THANKS, actor=ADA, listener=Listener(on_progress=_stop))
    ground.clock.at += amendments.LEASE
    use_case(ground).change(Amendment(name="scotland", adds={DAY: "x"}, reason="y"), actor=ADA)
    assert limits(ground, many[-1]) == (date(2027, 5, 7), DAY)


def test_whoever_stalled_beyond_the_lease_leaves_the_next_change_alone(ground: Ground) -> None:
    many = [f"MID-{number}" for number in range(amendments.BATCH + 20)]
    start(ground, *many)
    off = Amendment(name=NAME, removes=frozenset({DAY}), reason="called off")

    def stall(done: int, total: int) -> None:
        if ground.clock.at == PROCLAIMED:
            until(ground, PROCLAIMED + amendments.LEASE)
            with pytest.raises(_Killed):
                use_case(ground).change(off, actor=ADA, listener=Listener(on_progress=_stop))

    use_case(ground).change(THANKS, actor=ADA, listener=Listener(on_progress=stall))
    assert limits(ground, many[-1]) == (date(2027, 5, 7), DAY)
    until(ground, PROCLAIMED + 2 * amendments.LEASE)
    assert {limits(ground, name) for name in many} == {(DAY, DAY)}


def test_two_processes_find_what_one_finds(ground: Ground) -> None:
    start(ground, *(f"MID-{number}" for number in range(previews.FEW)))
    heard: list[tuple[int, int]] = []
    found: list[Effect] = []
    plan = use_case(ground).change(
        THANKS,
        actor=ADA,
        is_dry_run=True,
        listener=Listener(
            on_progress=lambda done, total: heard.append((done, total)), on_found=found.append
        ),
    )
    number = previews.FEW + 3
    assert (plan.looked_at, plan.touched, plan.moves) == (number, number - 1, number - 1)
    assert heard[-1] == (number, number)
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    assert len(plan.first) == 20
    assert len({effect.reference for effect in found}) == number - 1
    assert {effect.moves[0].moved.target_on for effect in found} == {date(2027, 5, 7)}


def test_a_challenge_that_fails_hides_no_other_and_is_swept_again(ground: Ground) -> None:
    with ground.database.writing() as link:
        disarm(link)
        (row,) = link.rows("SELECT id, snapshot FROM challenge WHERE reference = 'NOR-27'")
        head = json.loads(row[1])
        head["stage"] = "nowhere"
        spoil = "UPDATE challenge SET snapshot = :snapshot, stamp = :mark WHERE id = :id"
        link.execute(spoil, snapshot=json.dumps(head), mark="spoilt", id=row[0])
    plan = use_case(ground).change(THANKS, actor=ADA, is_dry_run=True)
    assert [(one.reference, one.failure) for one in plan.failed] == [
        ("NOR-27", "KeyError: 'nowhere'")
    ]
    assert plan.touched == 1
    done = use_case(ground).change(THANKS, actor=ADA)
    assert [one.reference for one in done.failed] == ["NOR-27"]
    assert limits(ground, "WES-27") == (date(2027, 5, 7), DAY)
    with ground.database.writing() as link:
        disarm(link)
        link.execute(spoil, snapshot=row[1], mark="mended", id=row[0])
    assert until(ground, PROCLAIMED + amendments.PUT_OFF) == 1
    assert limits(ground, "NOR-27") == (date(2027, 5, 7), DAY)


def test_only_an_administrator_changes_a_calendar(ground: Ground) -> None:
    with pytest.raises(Refused) as refused:
        use_case(ground).change(THANKS, actor=2)
    assert str(refused.value) == (
        "Dora Director may not change calendars: that is for an administrator"
    )
    assert refused.value.kind == "not_allowed"


@pytest.mark.parametrize(
    ("amendment", "message"),
    [
        (
            Amendment(name=NAME, adds={date(2027, 3, 26): "Good Friday"}, reason="x"),
            'Friday 26 March 2027 is a holiday of "england_and_wales" already: Good Friday',
        ),
        (
            Amendment(name=NAME, removes=frozenset({DAY}), reason="x"),
            'Monday 10 May 2027 is no holiday of "england_and_wales"; see them with: '
            "peer-challenge calendar show england_and_wales --year 2027",
        ),
        (
            Amendment(name="englnd_and_wales", removes=frozenset({DAY}), reason="x"),
            'there is no calendar "englnd_and_wales"; did you mean "england_and_wales"? '
            "(england_and_wales, scotland, northern_ireland, any_uk)",
        ),
        (
            Amendment(name=NAME, adds={date(2101, 5, 10): "Far"}, reason="x"),
            "working days are known for the years 2000 to 2100, not for 2101; check the date",
        ),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    ground: Ground, amendment: Amendment, message: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        use_case(ground).change(amendment, actor=ADA)
    assert str(refused.value) == message


def test_a_refresh_brings_what_a_list_has_and_removes_no_past_day(ground: Ground) -> None:
    listed = {date(2027, 1, 1): "New Year's Day", DAY: "Day of Thanks",
              date(2027, 12, 27): "Christmas Day (substitute day)"}  # fmt: skip
    found = use_case(ground).missing(NAME, reason="the list of May", listed=listed)
    assert found.adds == {DAY: "Day of Thanks"}
    assert found.removes == {
        date(2027, 5, 3), date(2027, 5, 31), date(2027, 8, 30),
        date(2027, 12, 25), date(2027, 12, 26), date(2027, 12, 28),
    }  # fmt: skip
    use_case(ground).change(found, actor=ADA)
    with ground.database.reading() as link:
        now = calendars.latest(link, NAME)
    assert now.holiday_name(date(2027, 3, 26)) == "Good Friday"  # it is past, and stays
    assert now.holiday_name(date(2026, 12, 25)) == "Christmas Day"
    assert now.holiday_name(date(2028, 12, 25)) == "Christmas Day"  # of which the list says nothing
    assert use_case(ground).missing(NAME, reason="again", listed=listed).is_empty


def test_a_refresh_goes_by_the_day_of_the_programme(ground: Ground) -> None:
    """Between midnight and one o'clock in summer, it is another day there than in UTC."""
    listed = {date(2027, 5, 31): "Spring Bank Holiday"}
    removed = []
    for hour in (22, 23):
        ground.clock.at = datetime(2027, 5, 3, hour, 30, tzinfo=UTC)
        found = use_case(ground).missing(NAME, reason="the list of May", listed=listed)
        removed.append(min(found.removes))
    assert removed == [date(2027, 5, 3), date(2027, 8, 30)]


def test_the_built_in_list_takes_away_no_day_that_was_proclaimed(ground: Ground) -> None:
    use_case(ground).change(THANKS, actor=ADA)
    off = Amendment(name=NAME, removes=frozenset({date(2027, 5, 31)}), reason="a slip")
    use_case(ground).change(off, actor=ADA)
    found = use_case(ground).missing(NAME, reason="as the official list has it")
    assert found.adds == {date(2027, 5, 31): "Spring Bank Holiday"}
    assert found.removes == frozenset()


def test_another_name_of_a_holiday_moves_nothing(ground: Ground) -> None:
    other = Amendment(name=NAME, adds={date(2027, 5, 3): "Early May Bank Holiday"}, reason="x")
    changed = use_case(ground).change(other, actor=ADA)
    assert (changed.touched, changed.calendar.version) == (0, 2)
    assert changed.calendar.holiday_name(date(2027, 5, 3)) == "Early May Bank Holiday"


def test_holidays_are_as_they_were_until_they_are_looked_up(ground: Ground) -> None:
    is_holiday = use_case(ground).holidays()
    assert not is_holiday(DAY)
    use_case(ground).change(THANKS, actor=ADA)
    assert not is_holiday(DAY)
    for _ in range(2):
        with ground.database.reading() as link:
            is_holiday.look_up(link)
        assert is_holiday(DAY)


def test_nothing_is_underway_in_a_database_that_nobody_changed(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'quiet.db'}") as ground:
        assert use_case(ground).complete() == 0
