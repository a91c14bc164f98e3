"""What cannot be kept as it was typed is refused before anything is decided."""

import pytest

from workflow.model import commands as c
from workflow.model.errors import InvalidInput
from workflow.model.records import commands as r
from workflow.starting import NewChallenge
from workflow.store.keeping.marks import MARK
from workflow.store.library import Offered
from workflow.store.rows.words import require_keepable

TOKEN = MARK + "Ag" * 60


def new(title: str = "Northshire", *, role: str = "lead") -> NewChallenge:
    return NewChallenge(
        reference="NOR-26", title=title, client="x", offered=Offered(""), roles=((role, 1),)
    )


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (new(TOKEN), "is a sealed text: write what you mean in clear"),
        (new(role=f"see {TOKEN}"), "is a sealed text"),
        (r.RecordDocument(document="plan", title=TOKEN), "is a sealed text"),
        (new("a\0b"), "has a control character in it"),
        (new("a\udcff"), "has bytes in it that are no text"),
        (c.PlaceHold(name="FOI 1", reason="a\udcff"), "has bytes in it that are no text"),
    ],
)
def test_what_cannot_be_kept_is_refused(asked: object, text: str) -> None:
    with pytest.raises(InvalidInput, match=text):
        require_keepable(asked)


@pytest.mark.parametrize("asked", [new(MARK), c.PlaceHold(name="FOI 1", reason=f"{TOKEN}\0")])
def test_what_is_sealed_itself_may_say_anything(asked: object) -> None:
    require_keepable(asked)
