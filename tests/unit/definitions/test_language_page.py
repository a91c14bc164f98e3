"""The reference of the language is true: its example loads, and every phrase in it is one."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from definitions import loader
from workflow.model.errors import PhraseError
from workflow.model.language.conditions import parse_occasion, parse_opening, parse_requirement
from workflow.model.language.rungs import parse_rung_time
from workflow.model.language.selections import (
    parse_count,
    parse_for_each,
    parse_quiet_days,
    parse_span,
)
from workflow.model.language.timing import parse_amount, parse_timing

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "definition-language.md").read_text()
PARSERS: dict[str, Callable[[object], object]] = {
    "timing": parse_timing,
    "opening": parse_opening,
    "requirement": parse_requirement,
    "for_each": parse_for_each,
    "rung_time": parse_rung_time,
    "occasion": parse_occasion,
    "amount": parse_amount,
    "quiet_days": parse_quiet_days,
    "count": parse_count,
    "span": parse_span,
}
EXAMPLE = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
TABLES = re.findall(r"<!-- phrases: (\w+) -->\n((?:\|.*\n)+)", PAGE)
PHRASES = [
    (kind, phrase) for kind, rows in TABLES for phrase in re.findall(r"^\| `([^`]+)`", rows, re.M)
]
KEYS = {
    "timing": "limit",
    "opening": "opens",
    "for_each": "for_each",
    "occasion": "redo_when",
    "requirement": "when",
}


def test_the_example_loads_without_a_problem() -> None:
    assert len(EXAMPLE) == 1
    assert loader.check(EXAMPLE[0], file="example").problems == ()


def test_every_kind_of_phrase_has_its_table() -> None:
    assert [kind for kind, _ in TABLES] == list(PARSERS)
    assert len(PHRASES) >= 50


@pytest.mark.parametrize(("kind", "phrase"), PHRASES)
def test_every_phrase_can_be_read(kind: str, phrase: str) -> None:
    PARSERS[kind](phrase)


@pytest.mark.parametrize(("kind", "phrase"), [(k, p) for k, p in PHRASES if k in KEYS])
def test_every_phrase_speaks_of_what_the_example_has(kind: str, phrase: str) -> None:
    people = (
        "for_each: visitors"
        if "day}" not in phrase
        else "for_each: day from visit_start to visit_end"
    )
    each = "" if kind == "for_each" else f"    {people}\n"
    rest = f"    {KEYS[kind]}: '{phrase}'\n    source: house policy\n"
    task = f"  more:\n    title: More\n    stage: drafting\n    by: manager\n{each}{rest}"
    text = EXAMPLE[0].replace("\nladders:", f"\n{task}\nladders:")
    said = [str(problem) for problem in loader.check(text, file="example").problems]
    beyond = (
        "can be asked of transitions only", "makes a notice go out", "which ends it",
        "nobody is sampled",
    )  # fmt: skip
    assert not [one for one in said if not any(words in one for words in beyond)]


def test_a_phrase_that_cannot_be_read_would_be_seen() -> None:
    for parse in PARSERS.values():
        with pytest.raises(PhraseError):
            parse("4 wekks aftr onsite_end, rolld")


def test_every_word_of_the_list_of_keys_is_explained() -> None:
    rows = re.findall(r"^\| `\w+` \|.*$", PAGE.split("## Every key")[1], re.M)
    assert len(rows) >= 80
    assert not [row for row in rows if re.search(r"\|\s*\|$", row)]
