"""A retention rule may get another name while what it keeps is being destroyed."""

from pathlib import Path

import pytest

from definitions import loader
from tests.grounds import ADA
from tests.integration.retaining.destroying import definition_text, fill, opened
from tests.visits import MANAGER
from workflow.migrating.migrations import Migrations
from workflow.migrating.rounds import Request
from workflow.model.decisions.mapping import Renaming
from workflow.model.errors import Unavailable
from workflow.model.register.retention import Status
from workflow.store.keeping.files import Files
from workflow.store.library import Offered


def second() -> Offered:
    """Return the second version of the definition, in which a rule has another name."""
    text = definition_text().replace("  words:", "  texts:").replace('"1.0"', '"1.1"')
    loaded = loader.load_text(text, file="visit.yaml")
    return Offered(content_hash=loaded.content_hash, definition=loaded.definition, text=text)


def test_what_has_failed_is_tried_again_and_done_under_the_new_name(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/visits.db") as site:
        fill(site)
        site.approve("words", reason="asked for")
        files = Files.beside(site.database.vault)
        (name,) = files.names()
        (files.folder / name).unlink()
        (files.folder / name).mkdir()
        with pytest.raises(Unavailable):
            site.disposals.destroy("NOR-26", "words", actor=MANAGER)
        names = Renaming(keys={"retention_words": "retention_texts"})
        request = Request(actor=ADA, reason="news", renaming=names)
        assert len(Migrations(site.database, site.clock).migrate(second(), request).moved) == 1

        def status() -> Status:
            listed = site.disposals.listed("NOR-26")
            return next(one.status for one in listed if one.rule == "texts")

        assert site.disposals.go_on() == []
        assert status() is Status.FAILED
        (files.folder / name).rmdir()
        assert [one.rule for one in site.disposals.go_on()] == ["words"]
        assert status() is Status.DESTROYED
