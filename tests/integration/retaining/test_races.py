"""Holds and destructions at the same moment: nothing that is held is ever destroyed (I25)."""

import shutil
import threading
import time
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

from tests.grounds import ADA
from tests.integration.retaining.destroying import AFTER, MARKER, Site
from tests.visits import DIRECTOR, MANAGER
from workflow.clock import SetClock
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.errors import Conflict, Refused
from workflow.model.records import commands as r
from workflow.model.records import events as re
from workflow.retaining import disposals
from workflow.store.database import Database
from workflow.store.records import erasure

MOST, MOST_SECONDS, LEAST = 1_000, 5.0, 10
HOLD = c.PlaceHold(name="FOI 1", reason="a request")


class Race:
    """Two people at two connections, who begin at the same moment."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def run(self, number: int) -> tuple[bool, bool]:
        """Let one place a hold and one destroy; return whether each came through."""
        gate, done = threading.Barrier(2), {"hold": False, "destroy": False}

        def attempt(name: str, command: c.Command, actor: int) -> None:
            engine = disposals.Destroying(self.site.database, self.site.clock)
            gate.wait()
            if (name == "hold") == bool(number % 2):
                time.sleep(number % 7 / 20_000)
            with suppress(Refused, Conflict):
                engine.act("NOR-26", command, actor=actor)
                done[name] = True

        command = r.CarryOutDisposal(rule="mail", certificate=f"C-{number}", method="deleted")
        work = [
            threading.Thread(target=attempt, args=("hold", HOLD, ADA)),
            threading.Thread(target=attempt, args=("destroy", command, MANAGER)),
        ]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()
        return done["hold"], done["destroy"]


def again(site: Site, number: int) -> None:
    """Make the rule ready to be destroyed once more: it failed, it was extended, it is due."""
    with suppress(Refused):
        site.act(c.LiftHold(name="FOI 1", reason="answered"))
    site.act(r.ReportFailure(rule="mail", problem=f"try {number}"))
    tomorrow = site.clock.at + timedelta(days=1)
    until = tomorrow.date()
    site.act(r.ExtendRetention(rule="mail", until=until, reason="once more"), actor=MANAGER)
    site.clock.at = tomorrow
    site.act(r.RequestDisposal(rule="mail"), actor=MANAGER)
    site.act(r.ApproveDisposal(rule="mail"), actor=DIRECTOR)


def test_of_many_holds_and_destructions_at_once_none_destroys_what_is_held(site: Site) -> None:
    """A thousand at most, in five seconds at most; whoever is first decides."""
    site.approve("mail")
    race, began = Race(site), time.monotonic()
    results: list[tuple[bool, bool]] = []
    while len(results) < MOST and time.monotonic() - began < MOST_SECONDS:
        results.append(race.run(len(results)))
        again(site, len(results))
    assert len(results) >= LEAST
    held = False
    for event in site.history():
        held = isinstance(event, e.HoldPlaced) or (held and not isinstance(event, e.HoldLifted))
        assert not (held and isinstance(event, re.DisposalDone))
    assert all(was_held or was_destroyed for was_held, was_destroyed in results)


def test_the_control_that_does_not_look_again_destroys_what_is_held(site: Site) -> None:
    """Decided in one transaction, done in the next: what is placed between is not seen."""
    site.approve("mail")
    outcome = site.disposals.foresee("NOR-26", "mail", actor=MANAGER)
    assert any(isinstance(one, re.DisposalDone) for one in outcome.events)
    site.act(HOLD)
    with site.database.writing() as link:
        erasure.erase_messages(link, erasure.Whose(1, "NOR-26"), erasure.Erased())
    held = next(one for one in site.disposals.listed("NOR-26") if one.rule == "mail")
    assert held.holds == ("FOI 1",)
    assert f"{MARKER} in a message" not in str(site.rows("outbox"))


def test_a_hold_outlives_a_copy_of_the_database(site: Site, tmp_path: Path) -> None:
    site.act(HOLD)
    site.database.close()
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in tmp_path.glob("visits.db*"):
        (shutil.copytree if path.is_dir() else shutil.copy)(path, copy / path.name)
    with closing(Database(f"sqlite:///{copy / 'visits.db'}")) as database:
        other = Site(database, site.content_hash, SetClock(AFTER))
        assert other.disposals.listed("NOR-26")[0].holds == ("FOI 1",)
