"""Destruction really destroys, in one transaction and after a crash, and says what it did."""

import json
from pathlib import Path

import pytest

from tests.grounds import ADA
from tests.integration.retaining.destroying import (
    CLOSED_LONG_AGO,
    MARKER,
    Site,
    fill,
    holding,
    opened,
    tokens,
    words,
)
from tests.visits import DIRECTOR, MANAGER, VISITOR
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.access.permissions import Role
from workflow.model.errors import NotFound, Refused, Unavailable
from workflow.model.records import events as re
from workflow.model.register.retention import Status
from workflow.store.keeping.files import Files
from workflow.store.keeping.marks import DESTROYED
from workflow.store.records import certificates as kept
from workflow.store.records import grants
from workflow.store.rows import snapshots

STEPS = ("kept", "ledger", "removed", "cleaned", "signed")

_DIGEST = """
UPDATE outbox SET challenge_id = NULL, status = 'sent', sent_at = :at, body = :body WHERE id = :id
"""
_BODIES = "SELECT body FROM outbox WHERE challenge_id IS NULL ORDER BY id"


class Crash(BaseException):
    """The process dies here."""


def status(site: Site, rule: str) -> Status:
    return next(one.status for one in site.disposals.listed("NOR-26") if one.rule == rule)


def destroy(site: Site, rule: str) -> dict[str, object]:
    """Ask, approve, destroy; return what the certificate says."""
    site.approve(rule)
    found: dict[str, object] = json.loads(
        site.disposals.destroy("NOR-26", rule, actor=MANAGER).body
    )
    return found


def test_messages_lose_their_words_and_nothing_else_does(site: Site, tmp_path: Path) -> None:
    assert f"{MARKER} in a message" in words(site)
    said = destroy(site, "mail")
    assert said["counts"] == {"messages": 1, "incoming mail": 1}
    assert f"{MARKER} in a message" not in words(site)
    assert f"{MARKER} in a mail" not in words(site)
    assert f"{MARKER} in an answer" in words(site)
    assert status(site, "mail") is Status.DESTROYED
    assert holding(tmp_path) == []


def test_what_people_wrote_goes_with_the_key_and_the_history_stays(site: Site) -> None:
    site.clock.at = CLOSED_LONG_AGO
    events = len(site.history())
    said = destroy(site, "words")
    assert said["counts"] == {
        "messages": 1, "incoming mail": 1, "answers": 1, "texts of tasks": 18, "files": 1,
    }  # fmt: skip
    assert MARKER not in words(site)
    assert len(site.history()) > events
    reasons = [one.reason for one in site.history() if isinstance(one, e.HoldPlaced)]
    assert reasons == [DESTROYED]
    assert list(Files.beside(site.database.vault).names()) == []
    site.act(c.PlaceHold(name="new", reason="a new word"))
    assert "a new word" in words(site)


def test_of_a_whole_challenge_only_the_log_and_a_tombstone_are_left(
    site: Site, tmp_path: Path
) -> None:
    site.clock.at = CLOSED_LONG_AGO
    sealed = tokens(site)
    assert all(any(token in file for file in contents(tmp_path)) for token in list(sealed)[:5])
    said = destroy(site, "own_records")
    assert said["verification"] == {
        "at": "2033-01-04T09:00:00.000000+00:00", "rows_left": 0, "keys_left": 0,
        "files_left": 0, "markers_looked_for": 1, "markers_found": 0,
        "looked_in": "the files of the database",
    }  # fmt: skip
    assert site.history() == []
    assert not any(token in file for file in contents(tmp_path) for token in sealed)
    assert [name for name in holding(tmp_path, "Northshire") if name != "visits.db"] == []
    assert {one.status for one in site.disposals.listed("NOR-26")} == {Status.DESTROYED}
    with pytest.raises(Refused, match=r"NOR-26 is destroyed \(certificate C-"):
        site.act(c.PlaceHold(name="late", reason="a request"))


def contents(folder: Path) -> list[str]:
    """Return what is in all files, as far as it is text."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.read_bytes().decode("latin-1") for path in files]


@pytest.mark.postgres
def test_on_postgresql_no_marker_is_in_a_table_nor_in_clear_in_any_file(
    postgres_url: str, postgres_server: str
) -> None:
    import psycopg

    with opened(postgres_url) as site:
        fill(site.close())
        site.clock.at = CLOSED_LONG_AGO
        sealed = tokens(site)
        assert sealed
        said = destroy(site, "own_records")
        assert said["methods"][0]["method"].startswith("deleted, tables rewritten")  # type: ignore[index]
        assert tokens(site) & sealed == set()
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    assert holding(Path(row[0])) == []


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_any_step_is_taken_to_its_end_by_the_next_turn(site: Site, step: str) -> None:
    site.clock.at = CLOSED_LONG_AGO
    site.approve("words")

    def die(reached: str) -> None:
        if reached == step:
            raise Crash

    with pytest.raises(Crash):
        site.disposals.destroy("NOR-26", "words", actor=MANAGER, on_step=die)
    snapshots.forget()  # as another process
    site.until(CLOSED_LONG_AGO.date())
    (found,) = kept_of(site)
    assert found.is_finished
    assert json.loads(found.body)["verification"]["keys_left"] == 0
    lines = (site.database.vault.folder / "destroyed.jsonl").read_text().splitlines()
    assert [json.loads(line)["number"] for line in lines] in ([found.number] * 2, [found.number])
    assert status(site, "words") is Status.DESTROYED
    assert site.disposals.go_on() == []


def kept_of(site: Site) -> list[kept.Certificate]:
    with site.database.reading() as link:
        return kept.listed(link, "NOR-26")


def test_the_same_command_goes_on_after_a_crash_too(site: Site) -> None:
    site.approve("mail")

    def die(reached: str) -> None:
        raise Crash

    with pytest.raises(Crash):
        site.disposals.destroy("NOR-26", "mail", actor=MANAGER, on_step=die)
    assert site.disposals.destroy("NOR-26", "mail", actor=MANAGER).is_finished


@pytest.mark.parametrize("rule", ["mail", "own_records"])
def test_only_who_may_destroy_goes_on_with_what_is_half_done(site: Site, rule: str) -> None:
    site.clock.at = CLOSED_LONG_AGO
    site.approve(rule)

    def die(reached: str) -> None:
        raise Crash

    with pytest.raises(Crash):
        site.disposals.destroy("NOR-26", rule, actor=MANAGER, on_step=die)
    who = r"Stan Stranger may not destroy records of NOR-26: that is for a challenge manager, "
    with pytest.raises(Refused, match=who):
        site.disposals.destroy("NOR-26", rule, actor=9)
    with pytest.raises(Refused, match=r"Vic Visitor may not destroy records"):
        site.disposals.destroy("NOR-26", rule, actor=VISITOR)
    with site.database.reading() as link:
        said = [json.loads(body) for (body,) in link.rows("SELECT body FROM entry")]
    refused = [(one["actor"], one["detail"]["permission"]) for one in said
               if (one["action"], one["result"]) == ("CarryOutDisposal", "refused")]  # fmt: skip
    assert sorted(refused) == [(VISITOR, "destroy"), (9, "destroy")]
    assert [one.is_finished for one in kept_of(site)] == [False]
    by = ADA if rule == "mail" else MANAGER  # whose team is gone with the record
    assert site.disposals.destroy("NOR-26", rule, actor=by).is_finished


def test_what_cannot_be_removed_is_an_incident_until_it_can(site: Site) -> None:
    site.clock.at = CLOSED_LONG_AGO
    site.approve("words")
    files = Files.beside(site.database.vault)
    (name,) = files.names()
    (files.folder / name).unlink()
    (files.folder / name).mkdir()
    with pytest.raises(Unavailable, match=r"the file .* cannot be used: Is a directory"):
        site.disposals.destroy("NOR-26", "words", actor=MANAGER)
    assert site.disposals.go_on() == []
    assert status(site, "words") is Status.FAILED
    failures = [one for one in site.history() if isinstance(one, re.DisposalFailed)]
    assert len(failures) == 1
    (files.folder / name).rmdir()
    assert [one.rule for one in site.disposals.go_on()] == ["words"]
    assert status(site, "words") is Status.DESTROYED


def test_a_failure_of_the_whole_record_is_entered_once_and_mended_by_a_turn(site: Site) -> None:
    site.clock.at = CLOSED_LONG_AGO
    site.approve("own_records")
    files = Files.beside(site.database.vault)
    (name,) = files.names()
    (files.folder / name).unlink()
    (files.folder / name).mkdir()
    with pytest.raises(Unavailable):
        site.disposals.destroy("NOR-26", "own_records", actor=MANAGER)
    assert [site.disposals.go_on(), site.disposals.go_on()] == [[], []]
    entered = [row for row in site.rows("entry") if '"action":"ReportFailure"' in str(row)]
    assert len(entered) == 1
    (files.folder / name).rmdir()
    assert [one.rule for one in site.disposals.go_on()] == ["own_records"]
    assert site.certificates.check(site.certificates.listed()[0].number).is_sound


def test_a_refused_destruction_is_recorded_and_destroys_nothing(site: Site) -> None:
    site.approve("mail")
    site.act(c.PlaceHold(name="FOI 2", reason="a request"))
    before = site.rows("outbox")
    with pytest.raises(Refused, match=r'"Mail about the visit" is on hold: FOI 2'):
        site.disposals.destroy("NOR-26", "mail", actor=MANAGER)
    assert site.rows("outbox") == before
    (refused,) = [one for one in site.history() if isinstance(one, e.CommandRefused)]
    assert refused.command == "CarryOutDisposal"
    assert kept_of(site) == []


def test_contact_details_go_of_those_who_are_on_no_other_challenge(site: Site) -> None:
    site.start("EAS-27")
    site.act(c.ReleasePerson(person=6, reason="cannot come"), reference="EAS-27")
    site.clock.at = CLOSED_LONG_AGO
    said = destroy(site, "addresses")
    assert said["items"] == {"documents": [], "people": []}
    assert said["kept"] == {"people_on_other_challenges": [4, 5, 6]}


def test_contact_details_go_when_the_last_placement_is_over(site: Site) -> None:
    site.clock.at = CLOSED_LONG_AGO
    said = destroy(site, "addresses")
    assert said["items"] == {"documents": [], "people": [4, 5, 6]}
    assert "lea.lead@team.example" not in words(site, "person")
    assert "dora.director@team.example" in words(site, "person")


def test_contact_details_stay_of_whoever_may_do_something_elsewhere(site: Site) -> None:
    with site.database.writing() as link:
        (number,) = link.row("SELECT id FROM challenge") or (0,)
        at = site.clock.at
        grants.give(link, person=5, role=Role.AUDITOR, challenge_id=None, at=at, by=1)
        grants.give(link, person=6, role=Role.AUDITOR, challenge_id=number, at=at, by=1)
    site.clock.at = CLOSED_LONG_AGO
    assert destroy(site, "addresses")["items"] == {"documents": [], "people": [4, 6]}


def test_mail_that_speaks_of_another_challenge_keeps_its_words(site: Site) -> None:
    """The reference of one may begin that of another, which may be on hold."""
    texts = ("NOR-26.1: two tasks", "NOR-261: two tasks", "SNOR-26: one", "all of NOR-26.")
    with site.database.writing() as link:
        ids = [number for (number,) in link.rows("SELECT id FROM outbox ORDER BY id LIMIT 5")][1:]
        for number, text in zip(ids, texts, strict=True):
            link.execute(_DIGEST, id=number, body=link.seal(text), at=site.clock.at)
    destroy(site, "mail")
    with site.database.reading() as link:
        bodies = [body for (body,) in link.rows(_BODIES)]
    assert bodies == [*texts[:3], DESTROYED]


def test_a_dry_run_shows_what_would_come_and_changes_nothing(site: Site) -> None:
    site.approve("mail")
    before = site.everything()
    outcome = site.disposals.foresee("NOR-26", "mail", actor=MANAGER)
    assert any(isinstance(one, re.DisposalDone) for one in outcome.events)
    assert site.everything() == before


def test_certificates_are_found_by_number_and_checked(site: Site) -> None:
    destroy(site, "mail")
    (found,) = site.certificates.listed("NOR-26")
    assert site.certificates.find(found.number) == found
    assert site.certificates.check(found.number).is_sound
    assert set(site.certificates.names(found)) == {MANAGER, DIRECTOR, 4, 5, 6}
    with pytest.raises(NotFound, match=r'there is no certificate "C-0"'):
        site.certificates.find("C-0")


def test_a_certificate_that_was_changed_is_seen(site: Site) -> None:
    destroy(site, "mail")
    (found,) = site.certificates.listed("NOR-26")
    with site.database.writing() as link:
        link.execute("DROP TRIGGER certificate_update")
        changed = found.body.replace('"messages":1', '"messages":7')
        link.execute("UPDATE certificate SET body = :body", body=changed)
    assert site.certificates.check(found.number).problems == (
        "its signature is not that of the log's key over its text",
        "the audit log does not know it with this text",
    )


def test_a_certificate_that_is_not_finished_says_so(site: Site) -> None:
    site.approve("mail")

    def die(reached: str) -> None:
        raise Crash

    with pytest.raises(Crash):
        site.disposals.destroy("NOR-26", "mail", actor=MANAGER, on_step=die)
    (found,) = site.certificates.listed()
    assert site.certificates.check(found.number).problems == (
        "it is not signed: its destruction has not come to its end",
    )


def test_the_peers_side_says_who_confirmed_what_and_how(site: Site) -> None:
    found = site.certificates.peers("NOR-26")
    assert {(one.holding.person, one.holding.status) for one in found} == {
        (4, "confirmed"), (5, "confirmed"), (6, "confirmed"),
    }  # fmt: skip
    assert {(one.recorded_by, one.evidence) for one in found} == {(1, "noted")}
