"""A line of an exported log is an entry at its place, and is what its own hash says."""

import json

import pytest

from workflow.model.errors import InvalidInput
from workflow.model.log.lines import Line, read_line, read_object
from workflow.model.log.merkle import leaf_hash

ENTRY = '{"at":"2027-03-27","seq":7}'
LEAF = leaf_hash(ENTRY.encode())
PARTS = "an entry has a leaf, a text and a list of events, or null"


def line(**other: object) -> str:
    """Return an honest line, but for what is other."""
    events: list[str] = ["one"]
    return json.dumps(
        {"position": 3, "leaf": LEAF.hex(), "entry": ENTRY, "events": events, **other}
    )


@pytest.mark.parametrize("events", [["one"], [], None])
def test_an_entry_is_read_with_its_events_or_without_those_that_were_destroyed(
    events: list[str] | None,
) -> None:
    found = read_line(line(events=events), 3)
    assert found == Line(3, LEAF, ENTRY, {"at": "2027-03-27", "seq": 7}, events)


@pytest.mark.parametrize("text", ["", "[1]", "7", "{", '{"a":1} {"b":2}', "[" * 100_000])
def test_what_is_no_object_is_told(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_object(text)
    assert str(refused.value) == "this is not a JSON object"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (line(position=4), "position 3 is missing (found 4)"),
        (line(position=None), "position 3 is missing (found None)"),
        (line(entry=7), PARTS),
        (line(leaf=None), PARTS),
        (line(events="one"), PARTS),
        (line(events={}), PARTS),
        (line(entry=f"{ENTRY} "), "the entry is not what it was when it was written"),
        (line(leaf=LEAF.hex()[:-1]), "the entry is not what it was when it was written"),
        (
            line(entry="[]", leaf=leaf_hash(b"[]").hex()),
            "this is not a JSON object",
        ),
    ],
)
def test_a_line_that_was_changed_is_refused(text: str, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_line(text, 3)
    assert str(refused.value) == why
