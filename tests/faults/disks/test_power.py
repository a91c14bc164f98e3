"""A power cut at any moment damages nothing, and loses nothing that anybody was told is kept."""

from pathlib import Path

import pytest

from tests.faults.disks import power
from tests.faults.disks.power import FATES, Tape

MOMENTS = 16
"""All of them: `make power`."""


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Tape:
    return power.record(tmp_path_factory.mktemp("power") / "home")


def cuts(tape: Tape, folder: Path, *, most: int) -> list[str]:
    """Return what is wrong after cuts at some moments, in each way."""
    return [
        fault
        for moment in power.moments(tape, most=most)
        for fate in FATES
        for fault in power.cut(tape, moment, fate, folder=folder)
    ]


def test_after_a_power_cut_all_that_was_acknowledged_is_there(tape: Tape, tmp_path: Path) -> None:
    assert cuts(tape, tmp_path / "trial", most=MOMENTS) == []


def test_the_piece_of_life_writes_to_the_log_and_to_the_file_itself(tape: Tape) -> None:
    """Else nothing would be cut between the two."""
    done = {(op.kind, op.file.rpartition("-")[2]) for op in tape.ops}
    assert {(kind, file) for kind in ("write", "sync") for file in ("wal", "challenges.db")} <= done
    assert len(tape.acknowledged) >= 10


def test_without_sync_the_same_cuts_lose_and_damage(tmp_path: Path) -> None:
    """The control: SQLite does not wait for the disk."""
    tape = power.record(tmp_path / "home", "PRAGMA synchronous = OFF")
    names = {fault.partition(":")[0] for fault in cuts(tape, tmp_path / "trial", most=5)}
    assert {"I8", "I14", "I16"} <= names


def test_a_disk_that_says_it_synced_and_did_not_loses_what_was_acknowledged(
    tape: Tape, tmp_path: Path
) -> None:
    """The control of the putting together: what was synced stays, and nothing else is sure to."""
    ops = [op for op in tape.ops if op.kind != "sync"]
    last = [(0, tape.acknowledged[-1][1])]
    keys = [(0, tape.keys[-1][1])]
    liar = Tape(tape.place, ops=ops, acknowledged=last, keys=keys, start=tape.start)
    found = power.cut(liar, len(ops), "lost", folder=tmp_path / "trial")
    assert any(fault.startswith("I8: a step that was acknowledged is gone") for fault in found)
