"""A whole life moves to another database: nothing is lost, and never do two of them go on."""

import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.grounds import ADA
from tests.integration.retaining.destroying import MARKER, Site, words
from workflow.auditing import verification
from workflow.backing_up.moving import Moving
from workflow.model.errors import Refused, Unavailable
from workflow.store import meta, schema
from workflow.store.database import Database

from .moves import goes_on, life, moved, nothing_is_there

DIES = """
import os, sys
from workflow.backing_up.moving import Moving
from workflow.clock import SystemClock
from workflow.store.database import Database

source, to, deadly = sys.argv[1:]
database = Database(source)
moving = Moving(database, Database(to, vault=database.vault), SystemClock(), actor=1)

def say(step):
    if deadly in step:
        os._exit(9)

moving.move(say=say)
"""


class Stopped(BaseException):
    """Somebody stops the program in the middle."""


def test_every_row_every_word_and_the_log_are_there(site: Site, to_server: Moving) -> None:
    root = site.log.checkpoint().note
    there = Site(**vars(moved(to_server, site)))
    assert life(there) == life(site)
    assert words(there).count(MARKER) == words(site).count(MARKER) > 10
    assert there.log.verify(anchors=()).is_intact
    assert verification.verify(there.database, given=[root]).is_intact
    with there.database.reading() as link:
        assert meta.get(link, "moved_from") is None
    assert schema.version(there.database) == schema.HEAD


def test_life_goes_on_at_the_new_place_with_ids_that_are_new(site: Site, to_server: Moving) -> None:
    there = moved(to_server, site)
    assert goes_on(there, "NEW-26")
    assert len(there.history("NEW-26")) > 5
    assert there.until(there.clock.at.date()).failed == ()


def test_the_way_back_is_the_same(site: Site, to_server: Moving, tmp_path: Path) -> None:
    there = moved(to_server, site)
    assert goes_on(there, "NEW-26")
    with closing(Database(f"sqlite:///{tmp_path / 'back.db'}", vault=site.database.vault)) as back:
        Moving(there.database, back, site.clock, actor=ADA).move()
        home = replace(site, database=back)
        assert life(home) == life(there)
        assert goes_on(home, "NEW-27")


def test_the_old_place_can_be_read_and_refuses_whoever_writes(site: Site, moving: Moving) -> None:
    """One who has had it open all the while, too, and SQL by hand."""
    with closing(Database(site.database.url)) as running:
        elsewhere = replace(site, database=running)
        elsewhere.start("EARLY-26")
        there = moved(moving, site)
        name = f"the database {site.database.name} was moved to {there.database.name}"
        for place in (site, elsewhere):
            with pytest.raises(Refused) as caught:
                place.start("LATE-26")
            assert str(caught.value) == f"{name}: nothing is written to it any more"
            assert caught.value.kind == "moved"
            way_out = "set database_url to the new place, or take it back: migrate-database --undo"
            assert caught.value.hint == way_out
            with pytest.raises(Refused), place.database.writing() as link:
                link.execute("DELETE FROM booking")
            assert len(place.history("EARLY-26")) > 5
            assert place.log.verify().is_intact


def test_postgresql_refuses_likewise_when_it_was_left(
    site: Site, to_server: Moving, tmp_path: Path
) -> None:
    there = moved(to_server, site)
    with closing(Database(f"sqlite:///{tmp_path / 'back.db'}", vault=site.database.vault)) as back:
        second = Moving(there.database, back, site.clock, actor=ADA)
        second.move()
        with pytest.raises(Refused, match=r"was moved to .*back\.db: nothing is written to it"):
            there.start("LATE-26")
        assert second.take_back() == back.name
        assert goes_on(there, "NEW-26")


def test_what_was_being_sent_is_in_doubt_and_all_mail_is_held(site: Site, moving: Moving) -> None:
    with site.database.writing() as link:
        link.execute("UPDATE outbox SET status = 'sending', lease_until = created_at WHERE id = 2")
    assert moving.look().doubtful == 1
    there = moved(moving, site)
    with there.database.reading() as link:
        assert meta.get(link, meta.MAIL_HELD) == "moved while messages were being sent: 1"


def test_without_doubt_no_mail_is_held(site: Site, moving: Moving) -> None:
    there = moved(moving, site)
    with there.database.reading() as link:
        assert meta.get(link, meta.MAIL_HELD) is None


def test_a_move_is_taken_back_and_mail_is_held(site: Site, moving: Moving) -> None:
    moved(moving, site)
    assert moving.take_back(is_dry_run=True) == moving.target.name
    with pytest.raises(Refused, match="was moved to"):
        site.start("NEW-26")
    assert moving.take_back() == moving.target.name
    assert goes_on(site, "NEW-26")
    with site.database.reading() as link:
        held = meta.get(link, meta.MAIL_HELD)
    text = f"taken back from {moving.target.name}: what was sent from there is not known here"
    assert held == text
    with pytest.raises(Refused) as caught:
        moving.take_back()
    name = site.database.name
    text = f"the database {name} was not moved: there is nothing to take back"
    assert str(caught.value) == text


def test_a_look_changes_nothing(site: Site, moving: Moving) -> None:
    found = moving.look()
    assert found.counts["challenge"] == 1
    assert nothing_is_there(moving.target)
    assert goes_on(site, "NEW-26")


def stopped(moving: Moving, step: str) -> None:
    """Begin to move, and stop at a step."""

    def say(text: str) -> None:
        if step in text:
            raise Stopped

    def tell(done: int, total: int) -> None:
        if step == "half" and 2 * done > total:
            raise Stopped

    with pytest.raises(Stopped):
        moving.move(say=say, on_progress=tell)


@pytest.mark.parametrize("step", ["half", "its log"])
def test_one_who_is_stopped_before_the_end_has_changed_nothing(
    site: Site, to_server: Moving, step: str
) -> None:
    stopped(to_server, step)
    assert nothing_is_there(to_server.target)
    assert goes_on(site, "NEW-26")
    assert goes_on(moved(to_server, site), "NEW-27")


def killed(moving: Moving, deadly: str) -> None:
    """Move in a process that dies at a step, without a last word."""
    places = [moving.source.url, moving.target.url]
    command = [sys.executable, "-c", DIES, *places, deadly]
    done = subprocess.run(command, check=False, cwd=ROOT, timeout=60)
    assert done.returncode == 9


def test_one_that_is_killed_leaves_the_old_place_usable_and_the_new_one_unused(
    site: Site, to_server: Moving
) -> None:
    killed(to_server, "every row")
    assert goes_on(site, "NEW-26")
    with pytest.raises(Unavailable) as caught:
        schema.check(to_server.target)
    assert str(caught.value) == (
        f"the database {to_server.target.name} is not complete: a move to it was broken off; "
        "run the same migrate-database again, which finishes it or begins anew"
    )
    assert goes_on(moved(to_server, site), "NEW-27")


def test_one_that_is_killed_at_the_last_step_is_finished_by_the_next(
    site: Site, moving: Moving
) -> None:
    """Neither is used meanwhile: two that go on would be worse than none."""
    killed(moving, "is closed")
    with pytest.raises(Refused, match="was moved to"):
        site.start("NEW-26")
    with pytest.raises(Unavailable, match="is not complete"):
        schema.check(moving.target)
    said: list[str] = []
    moving.move(say=said.append)
    assert said == [f"{site.database.name} is closed already: the copy is looked through again"]
    assert goes_on(replace(site, database=moving.target), "NEW-27")


def test_one_that_was_stopped_at_the_last_step_can_be_taken_back(
    site: Site, moving: Moving
) -> None:
    stopped(moving, "is closed")
    moving.take_back()
    assert goes_on(site, "NEW-26")
    assert goes_on(moved(moving, site), "NEW-27")
