"""What happens between the transaction of a destruction and its end leaves nothing behind."""

import json
from pathlib import Path

import pytest

from tests.grounds import ADA
from tests.integration.retaining.destroying import CLOSED_LONG_AGO, MARKER, Site, opened, words
from tests.visits import MANAGER, VISITOR
from workflow.auditing.invariants import check_all
from workflow.auditing.log import verify_export
from workflow.model import commands as c
from workflow.model.errors import Refused, Unavailable
from workflow.model.records import commands as r
from workflow.model.records import events as re
from workflow.model.register.retention import Status
from workflow.retaining import finishing
from workflow.store import challenges
from workflow.store.challenges import Stored
from workflow.store.keeping.files import Files
from workflow.store.keeping.marks import DESTROYED
from workflow.store.rows import snapshots
from workflow.store.rows.snapshots import Snapshot

HOLD = c.PlaceHold(name="new", reason="a word that stays")


class Crash(BaseException):
    """The process dies here."""


def die(reached: str) -> None:
    raise Crash


def half_done(site: Site, rule: str) -> None:
    """Destroy, and die right after the transaction."""
    site.approve(rule)
    with pytest.raises(Crash):
        site.disposals.destroy("NOR-26", rule, actor=MANAGER, on_step=die)
    snapshots.forget()  # as another process


def wrongs(site: Site) -> list[str]:
    """Return what `audit verify` and the doctor find."""
    bad = site.log.verify().first_bad
    return [*([bad] if bad else []), *map(str, check_all(site.database, site.clock.at))]


def loaded(site: Site) -> Stored:
    with site.database.reading() as link:
        return challenges.load(link, "NOR-26")


def asked_for(site: Site) -> str:
    return site.views.look("NOR-26").challenge.records.disposals["mail"].reason


@pytest.mark.parametrize("is_crash", [False, True])
def test_a_step_before_their_key_is_gone_does_not_keep_what_was_said_of_a_person(
    site: Site, *, is_crash: bool
) -> None:
    said = f"{{p{VISITOR}}} wrote {MARKER}-too"
    site.act(r.RequestDisposal(rule="mail", reason=said), actor=ADA)
    assert asked_for(site) == said

    def step(reached: str) -> None:
        if reached == "kept":
            site.act(HOLD)
            if is_crash:
                raise Crash

    try:
        site.forgetting.forget(VISITOR, "she asks for it", actor=ADA, on_step=step)
    except Crash:
        site.until(site.clock.at.date())
    snapshots.forget()
    assert [one.is_finished for one in site.certificates.listed()] == [True]
    assert asked_for(site) == DESTROYED
    assert f"{MARKER}-too" not in words(site)
    assert HOLD.reason in words(site)
    assert wrongs(site) == []
    site.act(c.LiftHold(name="new", reason="answered"))
    assert wrongs(site) == []


@pytest.mark.postgres
def test_on_postgresql_it_does_not_keep_it_either(postgres_url: str) -> None:
    with opened(postgres_url) as site:
        site.close()
        site.clock.at = CLOSED_LONG_AGO
        site.act(r.RequestDisposal(rule="mail", reason=f"{{p{VISITOR}}} wrote"), actor=ADA)

        def step(reached: str) -> None:
            if reached == "kept":
                site.act(HOLD)

        site.forgetting.forget(VISITOR, "she asks for it", actor=ADA, on_step=step)
        snapshots.forget()
        assert asked_for(site) == DESTROYED
        assert wrongs(site) == []


def test_what_was_written_anew_is_entered_into_the_log_as_no_event(
    site: Site, tmp_path: Path
) -> None:
    site.act(r.RequestDisposal(rule="mail", reason=f"{{p{VISITOR}}} wrote"), actor=ADA)

    def step(reached: str) -> None:
        if reached == "kept":
            site.act(HOLD)

    done = site.forgetting.forget(VISITOR, "she asks for it", actor=ADA, on_step=step)
    with site.database.reading(is_sealed=True) as link:
        rows = link.rows("SELECT challenge_id, body FROM entry ORDER BY id")
    ((owner, body),) = [row for row in rows if '"action":"FinishDisposal"' in row[1]]
    entered = json.loads(body)
    assert (owner, entered["detail"]) == (1, {"certificate": done.number})
    assert "events" not in entered
    site.log.anchor(tmp_path / "anchors.txt")
    site.log.export(tmp_path / "log.jsonl")
    assert verify_export(tmp_path / "log.jsonl", [tmp_path / "anchors.txt"]).first_bad is None


def test_what_another_process_knows_by_heart_serves_it_no_more(site: Site) -> None:
    site.clock.at = CLOSED_LONG_AGO
    site.approve("words", reason=MARKER)
    known: list[Stored] = []

    def step(reached: str) -> None:
        if reached == "kept":
            known.append(loaded(site))

    site.disposals.destroy("NOR-26", "words", actor=MANAGER, on_step=step)
    (theirs,) = known
    assert theirs.challenge.records.disposals["words"].reason == MARKER
    snapshots.remember(theirs.stamp, Snapshot(theirs.challenge, theirs.wakes))  # as they do
    assert loaded(site).challenge.records.disposals["words"].reason == DESTROYED
    site.act(HOLD)
    assert MARKER not in words(site)
    assert wrongs(site) == []


def test_what_another_process_knows_by_heart_of_a_person_serves_it_no_more(site: Site) -> None:
    known: list[Stored] = []

    def step(reached: str) -> None:
        if reached == "kept":
            known.append(loaded(site))

    site.forgetting.forget(VISITOR, "she asks for it", actor=ADA, on_step=step)
    (theirs,), key = known, f"destroy_notes:{VISITOR}"
    assert theirs.challenge.tasks[key].evidence == "noted"
    snapshots.remember(theirs.stamp, Snapshot(theirs.challenge, theirs.wakes))
    assert loaded(site).challenge.tasks[key].evidence == DESTROYED


def test_who_is_refused_where_nothing_is_left_leaves_nothing_there(site: Site) -> None:
    site.clock.at = CLOSED_LONG_AGO
    half_done(site, "own_records")
    before = site.rows("challenge")
    with pytest.raises(Refused, match=r"NOR-26 is destroyed \(certificate C-"):
        site.act(HOLD)
    assert (site.history(), site.rows("challenge")) == ([], before)
    with site.database.reading() as link:
        entered = [json.loads(body) for (body,) in link.rows("SELECT body FROM entry")]
    (refused,) = [one for one in entered if one["action"] == "PlaceHold" and
                  one["result"] == "refused"]  # fmt: skip
    assert (refused["actor"], refused["detail"]) == (ADA, {"challenge": 1})
    assert [one.is_finished for one in site.disposals.go_on()] == [True]
    assert wrongs(site) == []


_REFUSED = """
INSERT INTO event (challenge_id, seq, at, actor, kind, body, source, command_id, entry_id)
VALUES (1, 999, :at, 1, 'CommandRefused', '{}', 'cli', 'x', 1)
"""


def test_a_refusal_that_an_earlier_version_kept_there_goes_too(site: Site) -> None:
    site.clock.at = CLOSED_LONG_AGO
    half_done(site, "own_records")
    with site.database.writing() as link:
        link.execute(_REFUSED, at=site.clock.at)
    assert [one.is_finished for one in site.disposals.go_on()] == [True]
    assert site.history() == []


def test_words_that_were_half_destroyed_are_at_their_end_when_the_record_is_gone(
    site: Site,
) -> None:
    site.clock.at = CLOSED_LONG_AGO
    half_done(site, "words")
    site.approve("own_records")
    site.disposals.destroy("NOR-26", "own_records", actor=MANAGER)
    assert [one.rule for one in site.disposals.go_on()] == ["words"]
    assert {one.is_finished for one in site.certificates.listed()} == {True}
    assert wrongs(site) == []


def test_who_comes_second_records_no_incident_of_what_is_signed(site: Site) -> None:
    """One is stopped; another ends it meanwhile; the first then cannot do it any more."""
    site.clock.at = CLOSED_LONG_AGO
    site.approve("words")
    files = Files.beside(site.database.vault)
    (name,) = files.names()

    def step(reached: str) -> None:
        if reached == "ledger":
            finishing.go_on(site.database, at=site.clock.at)
            (files.folder / name).mkdir()

    with pytest.raises(Unavailable, match=r"the file .* cannot be used: Is a directory"):
        site.disposals.destroy("NOR-26", "words", actor=MANAGER, on_step=step)
    (found,) = [one for one in site.disposals.listed("NOR-26") if one.rule == "words"]
    assert found.status is Status.DESTROYED
    assert not any(isinstance(one, re.DisposalFailed) for one in site.history())
