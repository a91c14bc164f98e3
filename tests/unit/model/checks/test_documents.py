"""What a definition says of documents, samples and destruction must fit together."""

import pytest

from definitions import loader
from tests.handing import EDITS
from tests.visits import Edit, edited

ONE = "  kit: {title: Kit, for: visitors, issued_by: send_kit, on_leaving: revoke}"
KIT = "  kit: {title: Kit, for: "


def said(*edits: Edit) -> list[str]:
    """Return the problems of the definition with these edits."""
    checked = loader.check(edited(*EDITS, *edits), file="visit")
    return [str(one) for one in checked.problems]


def test_the_definition_has_no_problem() -> None:
    assert said() == []


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ((ONE, ONE.replace("visitors", "vistors")), 'unknown role or group "vistors"'),
        ((ONE, ONE.replace("send_kit", "send_kid")), 'unknown task "send_kid"'),
        (("contains: [statement,", "contains: [statment,"), 'unknown document "statment"'),
        (
            ("contains: [statement,", "contains: [pack,"),
            'documents.pack.contains.0: "pack" is a pack itself: a pack contains documents only',
        ),
        (
            (ONE, ONE.replace("send_kit", "destroy_notes")),
            '"destroy_notes" asks to confirm notebook, loose_paper, laptop, cloud, which giving a '
            "document does not",
        ),
        (
            (ONE, f"{KIT}visitors, acknowledged_by: send_kit}}"),
            '"send_kit" must be for each person (for_each: a group)',
        ),
        (
            ("attest: [statement, timetable]", "attest: [statement, timetable, map]"),
            '"have_pack" asks to confirm map: no document of it is called so',
        ),
        (
            ("    limit: 10 working days after told\n", "    lapses: 9 days after it opens\n"),
            "silence never confirms destruction: leave `lapses` out",
        ),
        (
            ("    sample: 1 in 2\n", ""),
            "nobody is sampled: add `sample: 1 in 5` to the retention rule of what they hold",
        ),
        (
            ("past and present, who were sampled", "past and present"),
            "nobody checks the sample: add a task with `for_each: GROUP, who were sampled`",
        ),
        (("    sample: 1 in 2\n", "    sample: most\n"), "retention.visitors_notes.sample"),
    ],
)
def test_what_does_not_fit_is_said(edit: Edit, message: str) -> None:
    assert any(message in one for one in said(edit)), said(edit)
