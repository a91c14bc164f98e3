"""An old backup loses again what was destroyed since it was made (I31)."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.grounds import ADA
from tests.integration.retaining.destroying import (
    AFTER,
    CLOSED_LONG_AGO,
    MARKER,
    Site,
    holding,
    words,
)
from tests.visits import MANAGER
from workflow.auditing.invariants import check_all
from workflow.model.errors import Unavailable
from workflow.model.register.retention import Status
from workflow.model.task import TaskStatus
from workflow.retaining import ledger
from workflow.retaining.applying import Order
from workflow.store.rows import snapshots


def backed_up(site: Site, folder: Path) -> Path:
    """Return a copy of the database as it is now."""
    site.database.maintain("PRAGMA wal_checkpoint(TRUNCATE)")
    site.database.close()
    return Path(shutil.copy(folder / "visits.db", folder / "backup"))


def restored(site: Site, folder: Path, copy: Path) -> None:
    """Put an old copy in place of the database; the keys and the ledger are not in it."""
    site.database.close()
    for name in ("visits.db-wal", "visits.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.move(copy, folder / "visits.db")
    snapshots.forget()


def status(site: Site, rule: str) -> Status:
    return next(one.status for one in site.disposals.listed("NOR-26") if one.rule == rule)


@pytest.mark.parametrize(
    ("rule", "marker"),
    [("mail", f"{MARKER} in a message"), ("words", MARKER), ("own_records", MARKER)],
)
def test_a_rule_is_carried_out_again_and_its_certificate_is_back(
    site: Site, tmp_path: Path, rule: str, marker: str
) -> None:
    site.clock.at = AFTER if rule == "mail" else CLOSED_LONG_AGO
    copy = backed_up(site, tmp_path)
    site.approve(rule)
    certificate = site.disposals.destroy("NOR-26", rule, actor=MANAGER)
    restored(site, tmp_path, copy)
    assert status(site, rule) is not Status.DESTROYED
    assert ledger.reapply(site.database, site.clock.at) == 1
    assert status(site, rule) is Status.DESTROYED
    assert marker not in words(site)
    assert site.certificates.find(certificate.number).body == certificate.body
    assert site.certificates.check(certificate.number).problems == ()
    assert holding(tmp_path) == []
    assert ledger.reapply(site.database, site.clock.at) == 0


def test_what_is_destroyed_again_is_asked_of_nobody_any_more(site: Site, tmp_path: Path) -> None:
    """Its own task ends with it: nobody could record that by hand, nor destroy it once more."""
    site.clock.at = AFTER
    copy = backed_up(site, tmp_path)
    site.approve("mail")
    number = site.disposals.destroy("NOR-26", "mail", actor=MANAGER).number
    restored(site, tmp_path, copy)
    ledger.reapply(site.database, site.clock.at)
    task = site.views.look("NOR-26").challenge.tasks["retention_mail"]
    assert (task.status, task.evidence) == (TaskStatus.DONE, f"certificate {number}")
    assert [str(one) for one in check_all(site.database, site.clock.at)] == []


class Died(Exception):
    """The process was killed."""


def die_at(step: str) -> Callable[[str], None]:
    """Return what is told each step of a destruction, and dies at one."""

    def hear(said: str) -> None:
        if said == step:
            raise Died

    return hear


@pytest.mark.parametrize("step", ["ledger", "removed", "cleaned"])
def test_what_was_never_signed_before_the_database_was_lost_is_signed_then(
    site: Site, tmp_path: Path, step: str
) -> None:
    site.clock.at = AFTER
    copy = backed_up(site, tmp_path)
    site.approve("mail")
    with pytest.raises(Died):
        site.disposals.destroy("NOR-26", "mail", actor=MANAGER, on_step=die_at(step))
    restored(site, tmp_path, copy)
    assert ledger.reapply(site.database, site.clock.at) == 1
    (certificate,) = site.disposals.go_on()
    body = json.loads(certificate.body)
    assert body["subject"] == {"challenge": "NOR-26"}
    assert body["authority"] == {"rule": "mail", "source": "the ledger of destruction"}
    assert site.certificates.check(certificate.number).problems == ()
    assert ledger.lines(site.database)[0].certificate["body"] == certificate.body
    assert ledger.reapply(site.database, site.clock.at) == 0


def test_a_person_whose_destruction_was_never_signed_is_forgotten_and_that_is_signed(
    site: Site, tmp_path: Path
) -> None:
    copy = backed_up(site, tmp_path)
    with pytest.raises(Died):
        site.forgetting.forget(5, "she asks", actor=ADA, on_step=die_at("ledger"))
    restored(site, tmp_path, copy)
    assert ledger.reapply(site.database, site.clock.at) == 1
    (certificate,) = site.disposals.go_on()
    assert json.loads(certificate.body)["subject"] == {"person": 5}
    assert site.certificates.check(certificate.number).problems == ()


def test_what_is_signed_is_in_the_ledger_by_then(site: Site, tmp_path: Path) -> None:
    """Who dies right after signing leaves nothing to go on with, and a backup needs the text."""
    site.clock.at = AFTER
    copy = backed_up(site, tmp_path)
    site.approve("mail")
    with pytest.raises(Died):
        site.disposals.destroy("NOR-26", "mail", actor=MANAGER, on_step=die_at("signed"))
    (signed,) = site.certificates.listed()
    restored(site, tmp_path, copy)
    assert ledger.reapply(site.database, site.clock.at) == 1
    assert site.certificates.listed() == [signed]


def test_a_forgotten_person_is_forgotten_again(site: Site, tmp_path: Path) -> None:
    copy = backed_up(site, tmp_path)
    site.forgetting.forget(5, "she asks", actor=ADA)
    restored(site, tmp_path, copy)
    assert ("5", "[destroyed]") in {row[:2] for row in site.rows("person")}
    assert ledger.reapply(site.database, site.clock.at) == 1
    assert ("5", "Forgotten person 5") in {row[:2] for row in site.rows("person")}


def test_two_destructions_since_the_backup_leave_no_key_of_the_challenge(
    site: Site, tmp_path: Path
) -> None:
    """The first, carried out again, gives the challenge another key, which the second ends."""
    site.clock.at = CLOSED_LONG_AGO
    with site.database.writing() as link:
        link.seal("makes the key of the site")
    copy = backed_up(site, tmp_path)
    for rule in ("words", "own_records"):
        site.approve(rule)
        site.disposals.destroy("NOR-26", rule, actor=MANAGER)
    before = keys_of(site)
    restored(site, tmp_path, copy)
    assert ledger.reapply(site.database, site.clock.at) == len(("words", "own_records"))
    assert keys_of(site) == before
    assert site.log.verify().is_intact


def keys_of(site: Site) -> set[str]:
    return {path.name for path in site.database.vault.folder.rglob("*.key")}


def test_an_order_about_a_person_touches_nobody_who_has_their_number_now(site: Site) -> None:
    order = Order(number="C-1", at=AFTER.isoformat(), rule="person", people=(5,), keys=("0" * 32,))
    ledger.enter(site.database, order)
    before = site.rows("person")
    assert ledger.reapply(site.database, AFTER) == 1
    assert site.rows("person") == before


def test_a_line_of_the_ledger_ends_where_it_was_ended_only(site: Site) -> None:
    """What a title has in it, such as a line separator, does not tear a line apart."""
    order = Order(number="C-1", at=AFTER.isoformat(), rule="a\u2028b\x85c", people=(5,))
    ledger.enter(site.database, order)
    assert [line.order for line in ledger.lines(site.database)] == [order]


def test_keys_that_came_back_with_their_own_backup_go_again(site: Site, tmp_path: Path) -> None:
    site.clock.at = CLOSED_LONG_AGO
    keys = tmp_path / "keys"
    shutil.copytree(site.database.vault.folder / "keys", keys)
    site.approve("words")
    site.disposals.destroy("NOR-26", "words", actor=MANAGER)
    (key_id,) = ledger.lines(site.database)[0].order.keys
    shutil.copytree(keys, site.database.vault.folder / "keys", dirs_exist_ok=True)
    assert site.database.vault.has(key_id)
    assert ledger.reapply(site.database, site.clock.at) == 0
    assert not site.database.vault.has(key_id)


def test_an_order_is_entered_once_and_a_torn_line_is_passed_over(site: Site) -> None:
    site.approve("mail")
    site.disposals.destroy("NOR-26", "mail", actor=MANAGER)
    path = ledger.path_of(site.database)
    order = ledger.lines(site.database)[0].order
    ledger.enter(site.database, order)
    assert len(path.read_text().splitlines()) == 2
    with path.open("a") as file:
        file.write('{"number": "C-')
    assert [line.order for line in ledger.lines(site.database)] == [order]
    site.forgetting.forget(5, "she asks", actor=ADA)
    assert [line.order.rule for line in ledger.lines(site.database)] == ["mail", "person"]
    last = json.loads(path.read_text().splitlines()[-1])
    assert set(last) == {"number", "body", "signature"}


def test_a_ledger_that_cannot_be_written_stops_the_destruction_and_says_so(site: Site) -> None:
    path = ledger.path_of(site.database)
    path.mkdir()
    site.approve("mail")
    with pytest.raises(Unavailable, match=r"the ledger of destruction .* cannot be used"):
        site.disposals.destroy("NOR-26", "mail", actor=MANAGER)
    path.rmdir()
    assert [one.is_finished for one in site.disposals.go_on()] == [True]
