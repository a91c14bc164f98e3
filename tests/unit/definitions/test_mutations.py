"""Hundreds of broken definitions: each is told with its place, none ends in a trace.

The good file is broken in one place at a time, by classes of mistakes that people make: a key
misspelt, given twice, emptied or left out; a name that stands for nothing; a value of the wrong
kind; a phrase with a wrong word or number; and what YAML has that definitions have not.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import NamedTuple

import pytest

from definitions import loader, shape
from definitions.loader import Checked

GOOD = (Path(__file__).parents[3] / "docs" / "examples" / "site_visit.yaml").read_text()
LINES = GOOD.splitlines(keepends=True)
SLOWEST_SECONDS = 1.0


class Broken(NamedTuple):
    """A broken file: what kind of mistake, on which line, and what a problem must name."""

    kind: str
    line: int
    text: str
    names: str


def with_line(kind: str, number: int, line: str, names: str) -> Broken:
    """Return the good file with the line of this number (from 1) replaced."""
    text = "".join((*LINES[: number - 1], line, *LINES[number:]))
    return Broken(kind, number, text, names)


def model_keys() -> set[str]:
    """Return every key that the language has."""
    parts = (shape.whole(), *shape.whole()["$defs"].values())
    return {key for part in parts for key in part["properties"]}


def declared_names() -> set[str]:
    """Return the names that the good file gives to its parts."""
    definition = loader.load_text(GOOD, file="good").definition
    sections = ("roles", "groups", "dates", "stages", "transitions", "tasks", "ladders", "notices")
    return {name for section in sections for name in getattr(definition, section)}


def misspelt_keys() -> Iterator[Broken]:
    keys = model_keys()
    for number, line in enumerate(LINES, start=1):
        for found in re.finditer(r"(?:^ *|[{,] ?)([a-z_]+):(?= |\n)", line.split("#")[0]):
            key = found[1]
            if key in keys and len(key) > 1:
                wrong = key[:-1] + "xq"
                changed = line[: found.start(1)] + wrong + line[found.end(1) :]
                yield with_line("misspelt key", number, changed, wrong)


def misspelt_names() -> Iterator[Broken]:
    """Misspell each name where it is used: behind a colon, in a list, in a phrase."""
    names = "|".join(sorted(declared_names(), key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w])({names})(?![\w:])")
    for number, line in enumerate(LINES, start=1):
        code = line.split("#")[0]
        if re.search(r"\b(title|says|starts|held|kept_by|policy):", code) and "{" not in code:
            continue
        for found in pattern.finditer(re.sub(r"title: [^,}]+", lambda m: "x" * len(m[0]), code)):
            wrong = f"{found[1]}_xq"
            changed = line[: found.start(1)] + wrong + line[found.end(1) :]
            yield with_line("misspelt name", number, changed, wrong)


def doubled_keys() -> Iterator[Broken]:
    for number, line in enumerate(LINES, start=1):
        if found := re.fullmatch(r"( *)([\w-]+): +[^#\s][^#]*(#.*)?\n", line):
            yield with_line("key twice", number, f"{line}{found[1]}{found[2]}: again\n", found[2])
        elif found := re.match(r"([\w-]+):\s", line):
            yield Broken("key twice", number, f"{GOOD}{found[1]}: {{}}\n", found[1])


def emptied_values() -> Iterator[Broken]:
    for number, line in enumerate(LINES, start=1):
        if found := re.fullmatch(r"( *)([\w-]+): +([^#\s\[{][^#\[{]*)(#.*)?\n", line):
            for nothing in ("", " ~"):
                changed = f"{found[1]}{found[2]}:{nothing}\n"
                yield with_line("no value", number, changed, found[2])


def values_of_another_kind() -> Iterator[Broken]:
    for number, line in enumerate(LINES, start=1):
        if found := re.fullmatch(r"( *)([a-z_]+): +([^#\s\[{][^#\[{]*)(#.*)?\n", line):
            for odd in ("{a: b}", "[[x]]", "-1.5"):
                changed = f"{found[1]}{found[2]}: {odd}\n"
                yield with_line("wrong kind", number, changed, found[2])


def wrong_phrases() -> Iterator[Broken]:
    swaps = (
        ("working days", "wroking days"),
        (" weeks", " wekks"),
        (" days ", " dyas "),
        (" years", " yeers"),
        (" after ", " aftr "),
        (" before ", " befor "),
        (" moves", " mooves"),
        (" is known", " is knwon"),
        (" is entered", " is enterd"),
        (".enough", ".enuf"),
        ("next working", "nxt working"),
        ("past and present", "past and presnt"),
        ("who were issued something", "who got something"),
        ("except the last", "except the lst"),
    )
    counts = ("0", "-2", "1.5", "4000", "00", "1e3", "1_0")
    for number, line in enumerate(LINES, start=1):
        for old, new in swaps:
            if old in line.split("#")[0] and "title: " not in line:
                key = re.search(r"(\w+):", line)
                assert key
                yield with_line("wrong word", number, line.replace(old, new, 1), new.split()[-1])
        if found := re.search(r"(?<=[ ])(\d+)(?= (working )?(days|weeks|years)\b)", line):
            for count in counts:
                changed = line[: found.start()] + count + line[found.end() :]
                yield with_line("wrong number", number, changed, count)


def what_yaml_has() -> Iterator[Broken]:
    for number, line in enumerate(LINES, start=1):
        if not (found := re.fullmatch(r"( +)([\w-]+): +([^#\[{].*)\n", line)):
            continue
        indent, key, value = found[1], found[2], found[3]
        yield with_line("anchor", number, f"{indent}{key}: &here {value}\n", "here")
        yield with_line("alias", number, f"{indent}{key}: *there\n", "there")
        yield with_line("tag", number, f"{indent}{key}: !odd {value}\n", "odd")
        yield with_line("merge key", number, f"{indent}<<: {value}\n", "<<")
        yield with_line("tab", number, f"\t{key}: {value}\n", "tab")
        yield with_line("number as key", number, f"{indent}7: {value}\n{line}", "7")
        yield with_line("open quote", number, f'{indent}{key}: "{value}\n', "quotes")
        yield with_line("second document", number, f"---\n{line}", "---")


CLASSES = (
    misspelt_keys,
    misspelt_names,
    doubled_keys,
    emptied_values,
    values_of_another_kind,
    wrong_phrases,
    what_yaml_has,
)
SHARE = 4  # every fourth one: all of them take half a minute, and neighbours are alike
BROKEN = [broken for make in CLASSES for broken in list(make())[::SHARE]]


def is_told(broken: Broken, checked: Checked) -> bool:
    """Return whether the mistake is refused, with a place in the file, and named."""
    places = all(
        1 <= one.line <= broken.text.count("\n") + 1 and one.column >= 1 for one in checked.problems
    )
    named = any(broken.names in str(problem) for problem in checked.errors)
    return checked.definition is None and places and named


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: f"{one.kind}, line {one.line}")
def test_a_broken_definition_is_told_and_named(broken: Broken) -> None:
    begun = process_time()
    checked = loader.check(broken.text, file="broken.yaml")
    assert is_told(broken, checked), checked.problems
    assert process_time() - begun < SLOWEST_SECONDS


def test_there_are_hundreds_of_every_kind() -> None:
    assert len(BROKEN) >= 400
    assert min(len(list(make())) for make in CLASSES) >= 20


def test_a_mistake_that_is_overlooked_would_be_seen() -> None:
    overlooking = loader.check(GOOD, file="broken.yaml")
    assert not any(is_told(broken, overlooking) for broken in BROKEN)
