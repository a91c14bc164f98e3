"""However a definition is bent, it is answered; and what is written out reads the same."""

import json
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from definitions import loader, source, tree
from workflow.model.definition import Definition

GOOD = (Path(__file__).parents[2] / "docs" / "examples" / "site_visit.yaml").read_text()
DOCUMENT: dict[str, Any] = tree.grow(loader.read_tokens(source.decode(GOOD))).value  # type: ignore[assignment]
SCRAPS = st.sampled_from(list(":[]{}'\"|>#~?,%@\n\t\x00é\u2028")) | st.sampled_from(
    ["  ", ": ", "- ", "&a ", "*a", "!t ", "---\n", "<<: ", "\r\n", "tasks", "by"]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30),
    st.sampled_from(
        ["4 weeks after visit_end", "on leaving", "end of {day}", "visitors", "person"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
TITLES = st.text(
    st.characters(codec="utf-8", exclude_characters="{}", exclude_categories=["Cc", "Cs", "Cf"]),
    min_size=1,
    max_size=80,
)


def is_answered(content: str | bytes) -> bool:
    """Return whether a check ends with a definition, or with problems that have places."""
    checked = loader.check(content, file="f")
    has_places = all(one.line >= 1 and one.column >= 1 for one in checked.problems)
    return has_places and (checked.definition is not None) != bool(checked.errors)


def places(part: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path of every value inside `part`."""
    entries: list[tuple[str | int, object]] = []
    if isinstance(part, dict):
        entries = list(part.items())
    elif isinstance(part, list):
        entries = list(enumerate(part))
    return [
        found for key, inner in entries for found in [(*path, key), *places(inner, (*path, key))]
    ]


@settings(deadline=None, max_examples=100)
@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.lists(SCRAPS, max_size=4))
@example(0, 0, ["---\n", "---\n"])
def test_a_file_with_scraps_in_it_is_answered(at: int, lost: int, scraps: list[str]) -> None:
    assert is_answered(GOOD[:at] + "".join(scraps) + GOOD[at + lost :])


@settings(deadline=None, max_examples=120)
@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"a\x00b")
def test_any_bytes_are_answered(content: bytes) -> None:
    assert is_answered(content)


@settings(deadline=None, max_examples=120)
@given(st.text(max_size=200))
def test_any_text_is_answered(content: str) -> None:
    assert is_answered(content)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(places(DOCUMENT)), VALUES)
def test_a_definition_with_any_value_anywhere_is_answered(
    path: tuple[str | int, ...], value: object
) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    part = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert is_answered(json.dumps(document, ensure_ascii=False, indent=1))


@settings(deadline=None, max_examples=100)
@given(TITLES, TITLES, st.integers(0, 60), st.integers(1, 100))
@example("NO", "12:30", 0, 1)
@example("~", "- a", 5, 1)
@example("a: b", "#", 5, 1)
@example("'", '"', 5, 1)
@example("true", "1.0", 5, 1)
def test_what_is_written_out_reads_the_same(
    title: str, says: str, due_soon: int, needed: int
) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    document |= {"title": title, "due_soon": due_soon}
    document["notices"]["welcome"]["says"] = says
    document["roles"]["visitor"]["needed"] = needed
    definition = Definition.model_validate(document)
    written = loader.dump(definition)
    assert loader.load_text(written, file="written").definition == definition
