"""What holds the entries of a challenge together, and each thing that can be wrong with it."""

from collections.abc import Mapping
from typing import Any

import pytest

from workflow.model.log.texts import events_digest
from workflow.model.log.threads import Thread

AT, EARLIER = "2027-03-01T09:00:00.000000+00:00", "2027-03-01T08:59:59.999999+00:00"
TEXTS = ["[5]", "[6]"]
BOUND = {"from": 5, "to": 6, "sha256": events_digest(TEXTS)}


def entry(**facts: object) -> Mapping[str, Any]:
    return {"at": AT, "challenge": {"previous": "aa"}, "events": BOUND} | facts


def test_an_entry_follows_the_one_before_it() -> None:
    thread = Thread(digest="aa", at=AT, seq=4)
    assert thread.fault(entry(), TEXTS) == ""
    assert thread.fault(entry(), None) == ""  # destroyed
    thread.go_on(entry(), "bb")
    assert thread == Thread(digest="bb", at=AT, seq=6)
    thread.go_on({"at": AT}, "cc")  # one without events
    assert thread == Thread(digest="cc", at=AT, seq=6)


@pytest.mark.parametrize(
    ("facts", "texts", "said"),
    [
        ({"challenge": {"previous": "bb"}}, TEXTS,
         "it does not follow the entry of its challenge that stands before it"),
        ({"at": EARLIER}, TEXTS, f"it is of {EARLIER}, but the entry before it is of {AT}"),
        ({"events": BOUND | {"from": 6}}, TEXTS, "event 5 is missing (found 6)"),
        ({}, TEXTS[:1], "it speaks for events 5 to 6, but there are 1"),
        ({}, TEXTS[::-1], "events 5 to 6 are not what they were when it was written"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(facts: dict[str, Any], texts: list[str], said: str) -> None:
    assert Thread(digest="aa", at=AT, seq=4).fault(entry(**facts), texts) == said
