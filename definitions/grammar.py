"""What YAML's own errors mean, in the words of somebody who writes a definition; odd characters."""

import re

_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
_ANYWHERE = "this cannot be read as YAML; check the indentation, the quotes and the brackets"
_MEANINGS = (
    (r"'\\t' that cannot start", "a tab cannot be used to indent; use spaces"),
    (r"'[@`]' that cannot start", "a text that begins with @ or ` must stand in quotes"),
    (r"'%' that cannot start", "a text that begins with % must stand in quotes"),
    (r"cannot start any token", "a text that begins like this must stand in quotes"),
    (
        r"mapping values are not allowed",
        "a colon is too much here; put a text with a colon in quotes, or mend the line above",
    ),
    (
        r"sequence entries are not allowed",
        "a list entry (-) cannot begin here; check the indentation",
    ),
    (
        r"expected ',' or '\]'",
        "a comma or ] is wanted here, to close the list that begins on line {begun}",
    ),
    (
        r"expected ',' or '}'",
        "a comma or }} is wanted here, to close the mapping that begins on line {begun}",
    ),
    (r"could not find expected ':'", "a colon after the key is missing"),
    (r"unexpected end of stream", "a text in quotes is not closed"),
    (r"unexpected document separator", "a text in quotes is not closed"),
    (r"unknown escape character", "a backslash in double quotes is special; use single quotes"),
    (r"hexdecimal", "a backslash in double quotes is special; use single quotes"),
    (r"<block end>", "the indentation does not fit what stands above"),
    (r"expected the node content", "a value is missing or cannot begin like this"),
    (r"more indented", "the indentation of this text does not fit its first line"),
    (r"document start|after document end", "one definition ends above; nothing may follow it"),
    (r"undefined tag handle", "tags (!) are not allowed; leave it out, or use quotes"),
    (r"expected alphabetic or numeric", "a text that begins with & or * must stand in quotes"),
)


def translate_yaml(problem: str | None, *, begun: int | None = None) -> str:
    """Return what YAML's own words for a `problem` mean; a general sentence when they are new.

    `begun` is the line on which the thing that has the problem begins.
    """
    for pattern, meaning in _MEANINGS:
        if problem and re.search(pattern, problem):
            return meaning.format(begun=begun)
    return _ANYWHERE


def find_odd(text: str) -> tuple[int, str] | None:
    """Return where a character stands that does not belong into a text, and what is said of it."""
    if not (odd := _ODD.search(text)):
        return None
    code = f"U+{ord(odd.group()):04X}"
    return odd.start(), f"the character {code} cannot stand in a definition; remove it"
