"""What is asked of a refusal: a place in the file, the key, the way out, in time. By class."""

import re
from collections.abc import Callable, Iterable, Sequence
from inspect import getmembers, isfunction
from time import process_time
from types import ModuleType

from definitions import loader
from definitions.loader import Checked
from tests.broken import keeping, lifecycle, naming, timing, waiting, writing
from tests.broken.base import Maker, Variant

Check = Callable[[str | bytes], Checked]
FILE = "broken.yaml"
MOST_SECONDS = 2.0  # one second, and as much again for a busy machine
_WAY_OUT = re.compile(
    r"did you mean|there is:|; |wanted|at most|cannot|not allowed|missing|has no value|is not|unknown"
    r"|stands for nothing|is listed twice|is given twice|only in capitals|does not fit|no way leads"
    r"|from itself|on itself|for itself|with the other|after the other|in a circle|mapping of keys"
    r"|: name|: say|: add|name `|under `|needs a|is said|one condition at a time|an end has a target"
)
_BREAK = re.compile("\r\n|\r|\n")


def check(content: str | bytes) -> Checked:
    """Return what the loader says."""
    return loader.check(content, file=FILE)


def classes() -> dict[str, Maker]:
    """Return every class of broken files, by its name."""
    modules = (writing, naming, lifecycle, timing, waiting, keeping)
    return {name: maker for module in modules for name, maker in _made_in(module)}


def _made_in(module: ModuleType) -> list[tuple[str, Maker]]:
    functions = getmembers(module, isfunction)
    return [
        (name, one) for name, one in functions
        if one.__module__ == module.__name__ and not name.startswith("_")
    ]  # fmt: skip


def spread(variants: Iterable[Variant], most: int) -> list[Variant]:
    """Return `most` of the variants, evenly spread; all when there are fewer."""
    every = list(variants)
    if len(every) <= most:
        return every
    return [every[index * len(every) // most] for index in range(most)]


def fault_of(variant: Variant, check: Check = check, *, most: float = MOST_SECONDS) -> str:
    """Return what is wrong with how a broken file is refused; empty when nothing is."""
    begun = process_time()
    try:
        checked = check(variant.content)
    except Exception as error:
        return f"T8: it ends in a trace: {error!r}"
    if process_time() - begun > most:
        return f"T8: it takes more than {most} s of the processor"
    if checked.definition is not None or not checked.errors:
        return "T8: it is accepted"
    return _fault_of_places(variant, checked) or _fault_of_words(variant, checked)


def _fault_of_places(variant: Variant, checked: Checked) -> str:
    lines = _lines(variant.content)
    for problem in checked.problems:
        if not (1 <= problem.line <= len(lines) and problem.column >= 1):
            return f"T8: a place outside of the file: {problem}"
        if problem.column > len(lines[problem.line - 1]) + 1:
            return f"T8: a place outside of its line: {problem}"
    return ""


def _fault_of_words(variant: Variant, checked: Checked) -> str:
    naming = [problem for problem in checked.errors if variant.names in str(problem)]
    if not naming:
        return f"T8: no error names {variant.names!r}: {checked.errors[0]}"
    if not any(_WAY_OUT.search(problem.message) for problem in naming):
        return f"T8: the way out is not said: {naming[0]}"
    return ""


def faults(variants: Sequence[Variant], check: Check = check) -> list[str]:
    """Return what is wrong with several refusals, each with the beginning of its file's change."""
    return [
        f"{fault} in {one.content[-80:]!r}" for one in variants if (fault := fault_of(one, check))
    ]


def _lines(content: str | bytes) -> list[str]:
    text = content if isinstance(content, str) else content.decode("utf-8", "replace")
    return _BREAK.split(text.removeprefix("\ufeff"))
