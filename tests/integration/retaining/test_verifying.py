"""What was destroyed leaves a log that verifies, in the database and as a file."""

from pathlib import Path

import pytest

from tests.integration.retaining.destroying import CLOSED_LONG_AGO, MARKER, Site, words
from tests.visits import MANAGER
from workflow.auditing.log import Log, verify_export
from workflow.model import commands as c
from workflow.model.errors import Unavailable
from workflow.retaining import ledger
from workflow.store.keeping.files import Files


def test_words_that_are_gone_leave_everything_verifiable(site: Site, tmp_path: Path) -> None:
    site.clock.at = CLOSED_LONG_AGO
    log = Log(site.database, site.clock)
    log.anchor(tmp_path / "anchors.txt")
    site.approve("words")
    site.disposals.destroy("NOR-26", "words", actor=MANAGER)
    assert log.verify().first_bad is None
    site.act(c.PlaceHold(name="new", reason="a new word"))
    assert log.verify(anchors=[tmp_path / "anchors.txt"]).first_bad is None


def test_a_challenge_that_is_gone_is_said_to_be_destroyed(site: Site, tmp_path: Path) -> None:
    site.clock.at = CLOSED_LONG_AGO
    log = Log(site.database, site.clock)
    log.anchor(tmp_path / "anchors.txt")
    site.approve("own_records")
    done = site.disposals.destroy("NOR-26", "own_records", actor=MANAGER)
    found = log.verify(anchors=[tmp_path / "anchors.txt"])
    assert (found.first_bad, found.destroyed) == (None, (("NOR-26", done.number),))
    log.export(tmp_path / "log.jsonl")
    checked = verify_export(tmp_path / "log.jsonl", [tmp_path / "anchors.txt"])
    assert (checked.first_bad, checked.events, checked.destroyed) == (None, 0, ("NOR-26",))


@pytest.mark.parametrize("place", ["the ledger", "the file"])
def test_a_destruction_that_fails_on_the_way_writes_no_word_back(site: Site, place: str) -> None:
    """Who tells of the failure, or does anything else meanwhile, can still read them."""
    site.clock.at = CLOSED_LONG_AGO
    site.approve("words", reason=MARKER)
    files = Files.beside(site.database.vault)
    blocked = ledger.path_of(site.database)
    if place == "the file":
        blocked = files.folder / next(iter(files.names()))
        blocked.unlink()
    blocked.mkdir()
    with pytest.raises(Unavailable):
        site.disposals.destroy("NOR-26", "words", actor=MANAGER)
    site.act(c.PlaceHold(name="new", reason="a word that stays"))
    log = Log(site.database, site.clock)
    assert log.verify().first_bad is None
    blocked.rmdir()
    assert [one.is_finished for one in site.disposals.go_on()] == [True]
    assert log.verify().first_bad is None
    assert MARKER not in words(site)
    assert "a word that stays" in words(site)
