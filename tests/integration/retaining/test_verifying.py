"""What was destroyed leaves a log that verifies, in the database and as a file."""

from pathlib import Path

from tests.integration.retaining.destroying import CLOSED_LONG_AGO, Site
from tests.visits import MANAGER
from workflow.auditing.log import Log, verify_export
from workflow.model import commands as c


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
