"""A disk that fails at any write leaves nothing half done; the error names it and the file.

Reading goes on, and when the disk is whole again, so does everything else, with nobody's help.
"""

from dataclasses import replace

import pytest

from tests.faults.disks import failing
from tests.faults.disks.apart import Held
from tests.faults.disks.failing import DEEDS, REASONS, Bench, Deed, Failing
from tests.faults.mistakes import HalfWire
from workflow.store.link import Connection

SPREAD = 3
"""So many of the writes of each deed; every one: `make power`."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return failing.prepare(tmp_path_factory.mktemp("disk"))


@pytest.mark.parametrize("is_lasting", [True, False], ids=["for ever", "once"])
@pytest.mark.parametrize("code", REASONS, ids=REASONS.values())
@pytest.mark.parametrize("deed", DEEDS)
def test_a_disk_that_fails_at_any_write_leaves_nothing_half_done(
    bench: Bench, deed: Deed, code: int, *, is_lasting: bool
) -> None:
    last = bench.writes(deed) - 1
    for first in sorted({round(n * last / (SPREAD - 1)) for n in range(SPREAD)}):
        assert bench.fail(deed, Failing(code=code, is_lasting=is_lasting), first) == []


class HalfHeld(Held):
    """Works in two transactions where there should be one."""

    def connect(self) -> Connection:
        return HalfWire(super().connect())


def test_a_step_in_two_transactions_is_found_half_done(bench: Bench) -> None:
    """The control: the disk is full when the second of the two is kept."""
    half = replace(bench, kind=HalfHeld)
    found = half.fail(failing.act, Failing(is_lasting=False), half.writes(failing.act) - 1)
    assert {fault.partition(":")[0] for fault in found} >= {"I14"}
