"""What each event of records changes, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from workflow.model.challenge import evolve, replay
from workflow.model.events import ChallengeStarted, DefinitionMigrated, Event
from workflow.model.records import events as r
from workflow.model.records.events import Confirmation
from workflow.model.records.state import CHANGES, Copy, Disposal, Records

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
ON, NEXT = date(2026, 11, 2), date(2026, 11, 3)
STARTED = ChallengeStarted(
    at=AT,
    reference="NOR-26",
    title="Northshire",
    client="The system",
    definition="visit",
    version="1.0",
    content_hash="abc",
    stage="planning",
)
FIRST = r.DocumentRecorded(at=AT, document="map", kind="paper", title="Map", version=1, on=ON)
SECOND = r.DocumentRecorded(
    at=AT, document="map", kind="paper", title="Map", version=2, on=NEXT, is_stored=True
)
GIVEN = r.DocumentIssued(at=AT, document="map", version=1, person=4, on=ON)
AGAIN = r.DocumentIssued(at=AT, document="map", version=2, person=4, on=NEXT)
SAID = r.DocumentAcknowledged(at=AT, document="map", version=1, person=4, on=NEXT)
TAKEN = r.DocumentRevoked(at=AT, document="map", person=4, on=NEXT)
HANDED = r.ItemIssued(at=AT, item="n-7", medium="notebook", title="N 7", person=4, on=ON)
LOST = r.ItemSettled(at=AT, item="n-7", outcome="lost", on=NEXT, method="on a train")
BURNT = Confirmation(medium="laptop", method="burnt", on=ON)
MEDIA = r.MediaConfirmed(at=AT, task="burn:4", media=(BURNT,))
ASKED = r.DisposalRequested(at=AT, actor=2, rule="notes", due_on=ON, reason="early")
FAILED = r.DisposalFailed(at=AT, rule="notes", problem="disk")
MIGRATED = DefinitionMigrated(
    at=AT,
    actor=1,
    definition="visit",
    version="2.0",
    content_hash="def",
    stage="planning",
    old_version="1.0",
    renamed={"burn": "shred"},
)
COPY = Copy(version=1, first_on=ON, issued_on=ON)


def copy(records: Records) -> Copy:
    return records.documents["map"].copies[4]


TABLE: list[tuple[tuple[Event, ...], Callable[[Records], object], object]] = [
    ((FIRST,), lambda s: (s.documents["map"].version, s.documents["map"].on), (1, ON)),
    ((FIRST, GIVEN), copy, COPY),
    ((FIRST, GIVEN, SECOND), lambda s: (s.documents["map"].version, copy(s)), (2, COPY)),
    (
        (FIRST, GIVEN, SAID, SECOND, AGAIN),
        copy,
        Copy(version=2, first_on=ON, issued_on=NEXT, acknowledged=1, acknowledged_on=NEXT),
    ),
    (
        (FIRST, SAID),  # who was never given it, as it is known, has it since they said so
        copy,
        Copy(version=1, first_on=NEXT, issued_on=NEXT, acknowledged=1, acknowledged_on=NEXT),
    ),
    ((FIRST, GIVEN, TAKEN), lambda s: copy(s).revoked_on, NEXT),
    ((FIRST, GIVEN, TAKEN, SECOND, AGAIN), lambda s: copy(s).revoked_on, None),
    ((HANDED,), lambda s: (s.items["n-7"].person, s.items["n-7"].outcome), (4, "")),
    ((HANDED, LOST), lambda s: (s.items["n-7"].outcome, s.items["n-7"].settled_on), ("lost", NEXT)),
    ((MEDIA,), lambda s: s.confirmed, {"burn:4": (BURNT,)}),
    ((r.CounterRecorded(at=AT, counter="met", value=9, on=ON),), lambda s: s.counters, {"met": 9}),
    ((r.ChallengeLinked(at=AT, other="B-1", relation="concerns"),), lambda s: len(s.links), 1),
    (
        (ASKED,),
        lambda s: (s.disposals["notes"].requested_by, s.disposals["notes"].problem),
        (2, ""),
    ),
    ((ASKED, FAILED), lambda s: s.disposals["notes"].problem, "disk"),
    (
        (ASKED, r.DisposalApproved(at=AT, actor=3, rule="notes")),
        lambda s: s.disposals["notes"].approved_by,
        3,
    ),
    (
        (ASKED, r.RetentionExtended(at=AT, rule="notes", until=NEXT, reason="asked")),
        lambda s: s.disposals["notes"],
        Disposal(until=NEXT),
    ),
    (
        (ASKED, FAILED, r.DisposalDone(at=AT, rule="notes", certificate="C-1", method="erased")),
        lambda s: (s.disposals["notes"].certificate, s.disposals["notes"].problem),
        ("C-1", ""),
    ),
]


@pytest.mark.parametrize(("events", "ask", "expected"), TABLE)
def test_an_event_changes_what_it_says(
    events: tuple[Event, ...], ask: Callable[[Records], object], expected: object
) -> None:
    assert ask(replay((STARTED, *events)).records) == expected


def test_no_event_of_records_is_forgotten() -> None:
    assert {type(event) for events, _, _ in TABLE for event in events} == set(CHANGES)


def test_what_was_confirmed_follows_its_task_to_another_name() -> None:
    after = evolve(replay((STARTED, MEDIA)), MIGRATED)
    assert after.records.confirmed == {"shred:4": (BURNT,)}


def test_a_disposal_follows_its_rule_to_another_name_if_the_event_says_so() -> None:
    """An event from before that was looked at does not: what is stored adds up to the same."""
    before = replay((STARTED, ASKED))
    older = replace(MIGRATED, renamed={"retention_notes": "retention_papers"})
    assert list(evolve(before, older).records.disposals) == ["notes"]
    newer = replace(older, rules={"notes": "papers"})
    assert evolve(before, newer).records.disposals == {"papers": before.records.disposals["notes"]}


def test_what_a_rule_left_behind_makes_way_for_the_one_that_has_its_name_now() -> None:
    other = replace(ASKED, rule="papers", reason="another")
    for events in ((ASKED, other), (other, ASKED)):
        after = evolve(replay((STARTED, *events)), replace(MIGRATED, rules={"notes": "papers"}))
        assert after.records.disposals["papers"].reason == "early"
