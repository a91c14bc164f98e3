"""Rules of retention that make no sense are seen before anything is kept by them."""

import pytest

from tests.unit.model.test_references import said, task


def ours(*kinds: str, **more: object) -> dict[str, object]:
    """Return a rule of retention by which copies of our own go."""
    plain = {"title": "N", "for": "1 year after over", "review_by": "boss", "then": "delete"}
    return {**plain, "copies": list(kinds), **more}


TABLE = [
    ("retention.notes", {"title": "N", "for": "1 year after over"}, "nobody sees to it at the end"),
    ("retention.n", {"title": "N", "for": "1 year after over", "review_by": "boss"}, None),
    ("retention.n", ours("messages"), None),
    ("retention.n", ours("messages", "messages"), "n.copies: a kind is listed twice"),
    (
        "retention.n",
        {"title": "N", "copies": "messages"},
        "n.copies: nothing says when our copies go: add `for`",
    ),
    (
        "retention.n",
        ours("messages", then="archive"),
        "n.copies: what ends with `archive` is not destroyed: name no copies",
    ),
    ("retention.n", ours("record", "messages"), "the record is all that we have"),
    ("retention.n", ours("contact_details"), "whose contact details: name roles or groups"),
    ("retention.n", ours("contact_details", of="peers"), None),
    ("retention.n", ours("contact_details", of="pers"), 'unknown role or group "pers"'),
    ("retention.n", ours("messages", of="peers"), "n.of: no contact details go"),
    ("retention.n", ours("texts"), "texts go with their key, which all stored files have, too"),
    ("retention.n", ours("texts", "documents"), None),
    ("retention.n", ours("messages", documents="draft"), "n.documents: no documents go"),
    ("retention.n", ours("documents", documents="draft"), 'unknown document "draft"'),
    ("retention.n", ours("messages", reminders="chse"), 'unknown ladder "chse"'),
    (
        "retention.n",
        ours("messages", reminders="chase"),
        "n.reminders.0: rung 1 of chase tells `person`, but an end has a target only",
    ),
    (
        "retention.n",
        {"title": "N", "reminders": "chase"},
        "n.reminders: nobody is reminded: only what has a `for` has an end",
    ),
    ("authority.approves", "bos", 'authority.approves.0: unknown role or group "bos"'),
    ("authority.excepts", "boss", None),
]


@pytest.mark.parametrize(("path", "value", "expected"), TABLE)
def test_each_rule_is_checked(path: str, value: object, expected: str | None) -> None:
    found = said((path, value))
    if expected is None:
        assert found == []
    else:
        assert [one for one in found if expected in one], found


def test_the_record_may_not_go_before_a_part_of_it() -> None:
    found = said(
        ("retention.all", ours("record")),
        ("retention.part", {**ours("messages"), "for": "2 years after over"}),
    )
    assert found == [
        'retention.all.for: it goes before "part", which is a part of it; keep it longer'
    ]


def test_a_task_made_from_a_retention_rule_may_not_be_there_already() -> None:
    rule = {"title": "N", "for": "1 year after over", "review_by": "boss"}
    found = said(("retention.notes", rule), ("tasks.retention_notes", task()))
    said_first = 'retention.notes: the task "retention_notes" is made from this rule'
    assert found == [f"{said_first}; call the other one else"]
