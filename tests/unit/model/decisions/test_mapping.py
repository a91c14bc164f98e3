"""What a person says takes the place of what is looked at before anything else is."""

import pytest

from tests.versions import AGAIN, RENAMED, WITH_ROOMS
from tests.visits import visit_rules
from workflow.model.decisions.mapping import Renaming, misnamed

OLD, NEW = visit_rules(), visit_rules(*AGAIN, *RENAMED, *WITH_ROOMS)

WRONG: list[tuple[Renaming, str]] = [
    (
        Renaming(keys={"cach_up": "talk"}),
        '--map cach_up=talk: there is no task, date, stage or pause "cach_up" now; '
        'did you mean "catch_up"?',
    ),
    (
        Renaming(keys={"catch_up": "tolk"}),
        '--map catch_up=tolk: the new version has no task "tolk"; did you mean "talk"?',
    ),
    (
        Renaming(keys={"catch_up": "visit_start"}),
        '--map catch_up=visit_start: the new version has no task "visit_start"',
    ),
    (
        Renaming(keys={"planning": "talk"}),
        '--map planning=talk: the new version has no stage "talk"',
    ),
    (
        Renaming(keys={"catch_up": "feedback_given"}),
        "--map catch_up=feedback_given: feedback_given stays what it is; two cannot become one",
    ),
    (
        Renaming(roles={"hst": "host"}),
        '--map-role hst=host: there is no role "hst" now; did you mean "host"?',
    ),
    (
        Renaming(roles={"host": "hosst"}),
        '--map-role host=hosst: the new version has no role "hosst"; did you mean "host"?',
    ),
    (
        Renaming(roles={"visitor": "host"}),
        "--map-role visitor=host: host stays what it is; two cannot become one",
    ),
]


@pytest.mark.parametrize(("renaming", "text"), WRONG)
def test_a_name_that_is_wrong_is_told_with_the_nearest(renaming: Renaming, text: str) -> None:
    assert list(misnamed([OLD], NEW, renaming)) == [text]


def test_all_that_is_wrong_is_told_at_once() -> None:
    renaming = Renaming(keys={"catch_up": "talk", "draft_checked": "talk"}, roles={"x": "host"})
    texts = list(misnamed([OLD], NEW, renaming))
    assert [text.partition(":")[0] for text in texts] == [
        "--map catch_up=talk", "--map draft_checked=talk", "--map-role x=host",
    ]  # fmt: skip


def test_two_that_become_one_are_told_of_each_other() -> None:
    renaming = Renaming(keys={"catch_up": "talk", "draft_checked": "talk"})
    assert list(misnamed([OLD], NEW, renaming)) == [
        "--map catch_up=talk: draft_checked would become talk, too; two cannot become one",
        "--map draft_checked=talk: catch_up would become talk, too; two cannot become one",
    ]


@pytest.mark.parametrize(
    "keys", [{}, {"catch_up": "talk"}, {"visit_start": "visit_end", "visit_end": "visit_start"}]
)
def test_a_name_may_be_new_or_change_places(keys: dict[str, str]) -> None:
    assert list(misnamed([OLD], NEW, Renaming(keys=keys))) == []


def test_a_retention_rule_is_named_by_its_task_even_where_it_has_none() -> None:
    new = visit_rules(*AGAIN, ("  visitors_notes:", "  notes:"))
    keys = {"retention_visitors_notes": "retention_notes"}
    assert list(misnamed([OLD], new, Renaming(keys=keys))) == []
    texts = misnamed([OLD], NEW, Renaming(keys=keys))
    assert list(texts) == [
        "--map retention_visitors_notes=retention_notes: the new version has no task "
        '"retention_notes"; did you mean "retention_visitors_notes"?'
    ]


def test_it_is_enough_that_one_of_several_versions_has_a_name() -> None:
    assert list(misnamed([OLD, NEW], NEW, Renaming(keys={"book_rooms": "book_rooms"}))) == []


def test_where_nothing_goes_on_nothing_is_wrong() -> None:
    assert list(misnamed([], NEW, Renaming(keys={"nothing": "at_all"}))) == []
