"""A challenge that ends lets go of what it holds, whichever way time passes for it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from definitions import loader
from tests.grounds import ADA, Ground, opened
from tests.integration.mail.post import DEFINITION
from tests.integration.retaining.destroying import CLOSED_LONG_AGO, Site
from tests.versions import AGAIN
from tests.visits import BEGUN, LEAD, MANAGER, Edit, edited
from workflow.amending.calendars import Amendment, Calendars
from workflow.answering.deliveries import Deliveries
from workflow.migrating.migrations import Migrations
from workflow.migrating.rounds import Request
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.errors import Refused
from workflow.store import calendars
from workflow.store.correspondence import preferences
from workflow.store.library import Offered

Pass = Callable[[Ground], object]
OVER = "transitions:\n  over: {title: It is over, from: planning, to: withdrawn, at: %s}\n"
BRIDGE = date(2026, 11, 27)  # after the visit, and no working day
HOLDING: tuple[Edit, ...] = (
    ("due_soon: 5", "due_soon: 5\nholds_what_it_concerns: true"),
    ("title: Site visit\n", "title: Look into a visit\n"),
    ("  signed_off:  {", "  mail_refused: {title: Mail was refused}\n  signed_off:  {"),
)
ENDING = (*HOLDING, ("transitions:\n", OVER % "2 working days after visit_end"))
OF_ALL = ("ASK-1", "NOR-26")
AT_ONCE = OVER % "once ready, requires: [visit_start is known]"
ENDED = (*HOLDING, *AGAIN, ("transitions:\n", AT_ONCE))


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    """Yield a database with NOR-26, held by ASK-1 until that is over."""
    with opened(database_url) as ground:
        with ground.database.writing() as link:
            calendars.seed(link, at=BEGUN)
        change_calendar(ground, adds={BRIDGE: "Bridge"})
        ground.start()
        begin(ground, "ASK-1", ENDING, concerns="NOR-26")
        assert holds(ground) == ["ASK-1"]
        yield ground


def loaded(text: str) -> Offered:
    """Return a definition, that need not be kept yet."""
    found = loader.load_text(text, file="visit")
    return Offered(found.content_hash, found.definition, found.text)


def begin(ground: Ground, reference: str, edits: Sequence[Edit], *, concerns: str = "") -> None:
    """Start a challenge under an edited definition."""
    new = replace(ground.new(reference), offered=loaded(edited(*edits)))
    ground.engine.start(replace(new, concerns=(concerns,) if concerns else ()), actor=ADA)


def change_calendar(ground: Ground, **days: Any) -> None:  # noqa: ANN401 (more or less)
    """Change the calendar."""
    amendment = Amendment(name="england_and_wales", reason="new", **days)
    Calendars(ground.database, ground.clock).change(amendment, actor=ADA)


def holds(ground: Ground, reference: str = "NOR-26") -> list[str]:
    """Return the names of what holds a challenge."""
    return list(ground.views.look(reference).challenge.holds)


def stage(ground: Ground) -> str:
    """Return the stage of what holds."""
    return ground.views.look("ASK-1").challenge.stage


def migrate(ground: Ground, *references: str) -> None:
    """Let challenges, or what holds, go on under a version that ends it."""
    request = Request(actor=ADA, reason="news", references=references or ("ASK-1",))
    Migrations(ground.database, ground.clock).migrate(loaded(edited(*ENDED)), request)


def undo(ground: Ground, *references: str) -> None:
    """Take what holds back."""
    migrations = Migrations(ground.database, ground.clock)
    migrations.undo("site_visit", Request(actor=ADA, reason="no", references=references))


def refused_undo(ground: Ground) -> None:
    """Ask for what is refused, since nothing was migrated."""
    with pytest.raises(Refused, match="1 challenge cannot go back"):
        undo(ground, "ASK-1")


def earlier(ground: Ground) -> None:
    """Take back the holiday that puts the end off."""
    ground.clock.at -= timedelta(days=1)
    change_calendar(ground, removes=frozenset({BRIDGE}))


def refused_mail(ground: Ground) -> None:
    """Tell what holds that mail was refused."""
    with ground.database.writing() as link:
        preferences.mark_refused(link, LEAD, at=ground.clock.at, why="550")
    Deliveries(ground.database, ground.clock).refused("ASK-1", LEAD, "550")


def command(ground: Ground) -> None:
    """Let somebody change what holds."""
    ground.act(c.PlaceHold(name="FOI 1", reason="asked"), reference="ASK-1")


def sweep(ground: Ground) -> None:
    """Let time pass."""
    ground.until(ground.clock.at.date())


@pytest.mark.parametrize("passes", [sweep, command, earlier, refused_mail, refused_undo])
def test_what_is_over_by_now_lets_go_however_that_is_noticed(ground: Ground, passes: Pass) -> None:
    ground.clock.at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert holds(ground) == ["ASK-1"]
    passes(ground)
    assert stage(ground) == "withdrawn"
    assert holds(ground) == []
    lifted = [one for one in ground.history() if isinstance(one, e.HoldLifted)]
    assert [one.reason for one in lifted] == ["ASK-1 is over: Withdrawn"]
    assert ground.log.verify().is_intact


def test_a_migration_that_ends_a_challenge_lets_go_and_undone_holds_again(ground: Ground) -> None:
    migrate(ground)
    assert (stage(ground), holds(ground)) == ("withdrawn", [])
    undo(ground, "ASK-1")
    assert (stage(ground), holds(ground)) == ("planning", ["ASK-1"])
    placed = [one.reason for one in ground.history() if isinstance(one, e.HoldPlaced)]
    assert placed == ["Look into a visit ASK-1"] * 2
    assert ground.log.verify().is_intact


def test_what_somebody_holds_by_the_same_name_stays_held(ground: Ground) -> None:
    migrate(ground)
    ground.act(c.PlaceHold(name="ASK-1", reason="to be sure"))
    undo(ground, "ASK-1")
    placed = [one.reason for one in ground.history() if isinstance(one, e.HoldPlaced)]
    assert placed == ["Look into a visit ASK-1", "to be sure"]


def test_what_is_let_go_of_and_over_by_now_lets_go_too(ground: Ground) -> None:
    begin(ground, "ASK-0", ENDING, concerns="ASK-1")
    ground.clock.at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    ground.act(c.Advance(trigger="withdraw", reason="no"), reference="ASK-0")
    assert (stage(ground), holds(ground, "ASK-1"), holds(ground)) == ("withdrawn", [], [])


def test_what_has_nothing_to_destroy_is_not_held_when_a_migration_is_undone(ground: Ground) -> None:
    short = replace(ground.new("BAR-1"), offered=loaded(DEFINITION), roles=(), dates={})
    ground.engine.start(short, actor=ADA)
    begin(ground, "ASK-2", ENDING, concerns="BAR-1")
    migrate(ground, "ASK-2")
    undo(ground, "ASK-2")
    assert holds(ground, "BAR-1") == []


def test_what_was_destroyed_meanwhile_is_not_held_when_a_migration_is_undone(site: Site) -> None:
    site.clock.at = CLOSED_LONG_AGO
    begin(site, "ASK-1", HOLDING, concerns="NOR-26")
    migrate(site)
    site.approve("own_records")
    site.disposals.destroy("NOR-26", "own_records", actor=MANAGER)
    undo(site, "ASK-1")
    assert (stage(site), holds(site)) == ("planning", [])


def test_those_that_concern_each_other_end_together(ground: Ground) -> None:
    migrate(ground, *OF_ALL)
    assert [holds(ground, reference) for reference in ("ASK-1", "NOR-26")] == [[], []]
    assert {ground.views.look(name).challenge.stage for name in OF_ALL} == {"withdrawn"}
