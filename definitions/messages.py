"""Turns what the model says of a definition into problems in plain words, with their places."""

from collections.abc import Callable
from typing import cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from definitions import shape
from definitions.tree import Fault, Path, Tree, describe, shorten
from workflow.model.errors import did_you_mean

KEY_MARK = "[key]"
MOST_ERRORS = 100

_CLOCK_PATTERN, _DAY_PATTERN, _SHARE_PATTERN = "[0-5]", r"\d{4}", "1 in "
_SPELT_FOR_PYTHON = (
    ("transitions", "from_"),
    ("pauses", "from_"),
    ("sending", "from_"),
    ("dates", "is_"),
    ("retention", "for_"),
)


def translate(error: ValidationError, grown: Tree) -> list[Fault]:
    """Return the faults that pydantic found, one for each place."""
    faults: dict[Path, Fault] = {}
    for detail in error.errors(include_url=False)[:MOST_ERRORS]:
        path = in_file(detail["loc"], grown)
        is_absent = detail["type"] == "missing" and path in grown.emptied
        is_second = path in faults and not _is_better(detail["type"])
        if not is_absent and not is_second:
            faults[path] = _fault(path, detail, grown)
    return list(faults.values())


def find_python_keys(grown: Tree) -> list[Fault]:
    """Return a fault for each key that only the model's own code may use."""
    faults = []
    for path in grown.spots:
        if (path[0], *path[2:]) in _SPELT_FOR_PYTHON or path in _SPELT_FOR_PYTHON:
            text = f'unknown key "{path[-1]}"; did you mean "{str(path[-1])[:-1]}"?'
            faults.append(Fault(grown.place(path, of_key=True), path, text))
    return faults


def in_file(loc: Path, grown: Tree) -> Path:
    """Return the path in the file that the model's `loc` speaks of.

    The model's own steps (which way of a choice, the place of a single value in its list) are
    left out; a last key that is not in the file stays.
    """
    path: Path = ()
    value: object = grown.value
    for index, step in enumerate(loc):
        is_key = isinstance(value, dict) and step in value
        is_place = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if is_key or is_place:
            path, value = (*path, step), cast("dict[object, object]", value)[step]
        elif isinstance(value, dict) and index == len(loc) - 1 and step != KEY_MARK:
            path = (*path, step)
    return path


def _is_better(kind: str) -> bool:
    """Return whether an error says more than others at its place: a phrase's own words do."""
    return kind == "value_error"


def _fault(path: Path, detail: ErrorDetails, grown: Tree) -> Fault:
    """Return the fault for one of pydantic's errors."""
    kind = detail["type"]
    is_key = kind == "extra_forbidden" or KEY_MARK in detail["loc"]
    place = grown.place(path, of_key=is_key)
    if KEY_MARK in detail["loc"]:
        pattern = str(detail.get("ctx", {}).get("pattern"))
        is_day = _DAY_PATTERN in pattern or kind == "value_error"
        say_key = _refuse_day if is_day else _refuse_key
        return Fault(place, path, say_key(detail["input"], kind))
    say = _SAYINGS.get(kind, _say_something)
    return Fault(place, path, say(path, detail, grown))


def _refuse_key(key: object, kind: str) -> str:
    if kind == "string_too_long":
        return f'the name "{shorten(str(key))}" is too long (at most 60 characters)'
    return (
        f'"{shorten(str(key))}" cannot be a name; names are small letters, digits and _, '
        "beginning with a letter (such as report_sent)"
    )


def _refuse_day(key: object, kind: str) -> str:
    found = shorten(str(key))
    if kind == "value_error":
        return f'there is no day "{found}"; write it as 2027-03-27'
    return f'"{found}" is not a day; write it as 2027-03-27'


def _say_missing(path: Path, detail: ErrorDetails, grown: Tree) -> str:
    described = shape.at(path[:-1]).get("properties", {}).get(path[-1], {})
    meaning = described.get("description", "").rstrip(".")
    return f'the key "{path[-1]}" is missing ({meaning[:1].lower()}{meaning[1:]})'


def _say_unknown(path: Path, detail: ErrorDetails, grown: Tree) -> str:
    key = shorten(str(path[-1]))
    return f'unknown key "{key}"{did_you_mean(key, shape.keys_at(path[:-1]), most=40)}'


def _say_phrase(path: Path, detail: ErrorDetails, grown: Tree) -> str:
    text = str(detail.get("ctx", {}).get("error", detail["msg"]))
    return text + (' (or "once ready")' if path[0] == "transitions" and path[-1] == "at" else "")


def _say_choice(path: Path, detail: ErrorDetails, grown: Tree) -> str:
    allowed = _words(str(detail.get("ctx", {}).get("expected")))
    found = detail["input"]
    if not isinstance(found, str):
        return f"{shape.wanted_at(path)} is wanted, but this is {describe(found)}"
    return f'"{shorten(found)}" is not allowed here{did_you_mean(found, allowed)}'


def _words(expected: str) -> list[str]:
    """Return the words of pydantic's `'a', 'b' or 'c'`."""
    return expected.replace("' or '", "', '").strip("'").split("', '")


def _say_text(path: Path, detail: ErrorDetails, grown: Tree) -> str:
    found, spot = detail["input"], grown.spots.get(path)
    wanted = f"a text is wanted, but this is {describe(found)}"
    if isinstance(found, dict | list):
        return f"{wanted}; text with braces or brackets needs quotes"
    written = spot.text if spot and spot.text else found
    return f'a text is wanted, but {written} without quotes is not one; write "{written}"'


def _say_pattern(path: Path, detail: ErrorDetails, grown: Tree) -> str:
    found, pattern = shorten(detail["input"]), str(detail.get("ctx", {}).get("pattern"))
    if _CLOCK_PATTERN in pattern:
        return f'"{found}" is not a time of day; write it with two digits each, such as "09:00"'
    if _DAY_PATTERN in pattern:
        return _refuse_day(detail["input"], detail["type"])
    if _SHARE_PATTERN in pattern:
        return f'"{found}" is not a share; write one of so many, from 1 in 1 to 1 in 99'
    return (
        f'"{found}" is not a name; names are small letters, digits and _, beginning with a '
        "letter (such as report_sent)"
    )


def _say_too_long(path: Path, detail: ErrorDetails, grown: Tree) -> str:
    most = detail.get("ctx", {}).get("max_length")
    return f'"{shorten(detail["input"])}" is too long (at most {most} characters)'


def _say_too_short(path: Path, detail: ErrorDetails, grown: Tree) -> str:
    return "the text is empty; write something, or leave the key out"


def _say_kind(path: Path, detail: ErrorDetails, grown: Tree) -> str:
    return f"{shape.wanted_at(path)} is wanted, but this is {describe(detail['input'])}"


def _say_something(path: Path, detail: ErrorDetails, grown: Tree) -> str:
    """Return what pydantic says itself: for kinds of error that the model does not yet raise."""
    return f"{detail['msg'].lower()}; wanted is {shape.wanted_at(path)}"


_SAYINGS: dict[str, Callable[[Path, ErrorDetails, Tree], str]] = {
    "missing": _say_missing,
    "extra_forbidden": _say_unknown,
    "value_error": _say_phrase,
    "literal_error": _say_choice,
    "string_type": _say_text,
    "string_pattern_mismatch": _say_pattern,
    "string_too_long": _say_too_long,
    "string_too_short": _say_too_short,
    "bool_type": _say_kind,
    "bool_parsing": _say_kind,
    "int_type": _say_kind,
    "int_parsing": _say_kind,
    "int_from_float": _say_kind,
    "greater_than_equal": _say_kind,
    "less_than_equal": _say_kind,
    "dict_type": _say_kind,
    "tuple_type": _say_kind,
    "model_type": _say_kind,
}
