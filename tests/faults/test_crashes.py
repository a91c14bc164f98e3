"""A process that dies at any boundary of a whole life leaves nothing lost, doubled or half done."""

from collections.abc import Iterator
from pathlib import Path

from tests.faults import lives
from tests.faults.crashes import Chooser, Crashing, Make, Peace, Points
from tests.faults.hands import Deed
from tests.faults.mistakes import HalfDatabase, HastyCourier

PATHS = ("commit", "insert event", "insert outbox", "update outbox to sent", "send", "unlink key")
"""What must be among the boundaries, or the life goes past what it is there for."""


def test_at_each_named_boundary_a_crash_changes_nothing_of_the_end(tmp_path: Path) -> None:
    crashing = Crashing(lives.visit(), tmp_path)
    deeds = list(crashing.live(Chooser().singles))
    tally = crashing.tally
    assert tally.faults == []
    assert tally.missed == set()
    assert {f"{when} {name}" for when in ("before", "after") for name in PATHS} <= set(tally.seen)
    assert {deed.kind for deed in deeds} == {"start", "act", "step", "sweep", "send", "destroy"}
    assert tally.copies >= 1, "nobody died between sending and marking: the harness is broken"


def at(kind: str, *boundaries: str) -> Chooser:
    """Return what crashes at the first of some boundaries of a kind of deed only."""

    class At(Chooser):
        def singles(self, deed: Deed, peace: Peace) -> Iterator[Points]:
            for boundary in boundaries if deed.kind == kind else ():
                if boundary in peace.boundaries:
                    yield (peace.boundaries.index(boundary),)

    return At()


def found(tmp_path: Path, make: Make, chooser: Chooser, *, deeds: int) -> set[str]:
    """Return what a mistake breaks in the first deeds of a life: invariants, and what of them."""
    crashing = Crashing(lives.visit(), tmp_path, make=make)
    for _, deed in zip(range(deeds), crashing.live(chooser.singles), strict=False):
        assert deed.name
    return {": ".join(fault.split(": ")[:2]) for fault in crashing.tally.faults}


def test_a_courier_that_marks_before_it_sends_loses_a_message(tmp_path: Path) -> None:
    names = found(tmp_path, Make(courier=HastyCourier), at("send", "before send"), deeds=6)
    assert names == {"I30: a message was lost"}


def test_a_step_in_two_transactions_leaves_half_a_step(tmp_path: Path) -> None:
    chooser = at("act", "before insert event", "before commit")
    names = found(tmp_path, Make(database=HalfDatabase), chooser, deeds=9)
    assert {name.partition(":")[0] for name in names} >= {"I14", "I30"}
