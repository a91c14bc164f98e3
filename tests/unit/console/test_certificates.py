"""What a certificate says is in words, one thing or many."""

from typing import Any

import pytest

from console.views.records.certificates import told

BODY: dict[str, Any] = {
    "number": "C-1",
    "what": "destruction",
    "subject": {"challenge": "NOR-26"},
    "class": {"title": "Mail"},
    "authority": {"rule": "mail", "source": "house policy"},
    "approvals": {},
    "holds": {"looked_for_at": "2027-04-01"},
    "carried_out": {"by": None, "at": "2027-04-01"},
    "log": {},
}


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({}, "nothing was there"),
        ({"files": 1, "messages": 1, "people": 1}, "1 file, 1 message, 1 person"),
        ({"files": 2, "messages": 3, "people": 2}, "2 files, 3 messages, 2 people"),
        ({"texts of tasks": 1, "incoming mail": 1}, "1 text of a task, 1 incoming mail"),
        ({"texts of tasks": 2, "incoming mail": 2}, "2 texts of tasks, 2 incoming mail"),
        ({"access_grant rows": 1, "access_link rows": 2}, "1 access grant row, 2 access link rows"),
    ],
)
def test_what_was_destroyed_is_counted_in_words(counts: dict[str, int], text: str) -> None:
    assert dict(told({**BODY, "counts": counts}, {}))["how much"] == text
