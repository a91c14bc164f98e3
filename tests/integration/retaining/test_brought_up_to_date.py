"""An upgrade takes what was destroyed for what it is, not for what the log does not know yet."""

from tests.grounds import ADA
from tests.integration.retaining.destroying import CLOSED_LONG_AGO, Site, opened
from tests.visits import MANAGER
from workflow.store import schema

LATE, STRANGER = 8, 9
_WHO = "SELECT id, name, key_id FROM person WHERE forgotten_at IS NOT NULL ORDER BY id"


def forgotten(site: Site) -> list[tuple[object, ...]]:
    with site.database.reading(is_sealed=True) as link:
        return link.rows(_WHO)


def test_an_upgrade_leaves_people_alone_who_were_forgotten(database_url: str) -> None:
    with opened(database_url) as site:
        for person in (LATE, STRANGER):
            site.forgetting.forget(person, "they ask for it", actor=ADA)
        before = site.rows("entry")
        for _ in range(2):
            schema.upgrade(site.database)
        assert forgotten(site) == [
            (LATE, f"Forgotten person {LATE}", None),
            (STRANGER, f"Forgotten person {STRANGER}", None),
        ]
        assert site.rows("entry") == before
        assert site.log.verify().is_intact


def test_an_upgrade_leaves_a_challenge_alone_that_was_destroyed_as_a_whole(site: Site) -> None:
    site.clock.at = CLOSED_LONG_AGO
    site.approve("own_records")
    site.disposals.destroy("NOR-26", "own_records", actor=MANAGER)
    before = site.everything(), site.rows("challenge")
    schema.upgrade(site.database)
    assert (site.everything(), site.rows("challenge")) == before
    assert site.log.verify().is_intact
