"""The section `invitations` of a definition: what it may say, and what is said when it is wrong."""

from pathlib import Path

import pytest

from definitions import loader
from tests.invited import INVITED
from tests.visits import FILE, edited
from workflow.model.definition import Definition

TEXT = FILE.read_text(encoding="utf-8")
LINE = TEXT.count("\n") + 2

FIXTURES = Path(__file__).parents[2] / "fixtures" / "definitions"
CASES = [
    line.split("\t")
    for line in (FIXTURES / "invitations.tsv").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(("invitation", "said"), CASES, ids=str)
def test_what_is_wrong_is_said_with_its_place_and_the_way_out(invitation: str, said: str) -> None:
    """The place is where the mark `^` stands."""
    before, _, after = invitation.partition("^")
    text = f"{TEXT}\ninvitations:\n  {before}{after}\n"
    found = [str(one) for one in loader.check(text, file="f.yaml").problems]
    place = f"f.yaml:{LINE + 1}:{len(before) + 3}:"
    assert [one for one in found if one.startswith(f"{place} {said}")], found


def test_a_task_without_a_deadline_has_no_day() -> None:
    bare = ("    target: 3 weeks after visit_end\n", "")
    text = edited(bare) + "\ninvitations:\n  x: {task: draft_checked, to: by}\n"
    (found,) = loader.check(text, file="f.yaml").problems
    assert str(found).endswith(
        'invitations.x.task: "draft_checked" has neither target nor limit, so that it has no day'
        " to stand on; name another task"
    )


def test_each_kind_of_invitation_is_fine() -> None:
    assert loader.check(edited(INVITED), file="f.yaml").problems == ()


def test_a_role_that_is_only_invited_is_in_use() -> None:
    role = ("  host:  ", "  guest:        {title: Guest, side: client, needed: 0..1}\n  host:  ")
    text = edited(role) + "\ninvitations:\n  x: {title: A, first: visit_start, to: guest}\n"
    assert loader.check(text, file="f.yaml").problems == ()


def test_invitations_are_written_out_as_they_were_read() -> None:
    definition = loader.load_text(edited(INVITED), file="f.yaml").definition
    again = loader.load_text(loader.dump(definition), file="f.yaml").definition
    assert again == definition
    assert isinstance(again, Definition)
    assert [*again.invitations] == ["visit", "evening", "call", "day", "draft"]
