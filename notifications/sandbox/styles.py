"""Lets a program that reads HTML work on a template: its own tags are hidden meanwhile."""

import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

NOT_WHOLE = (
    "its styles cannot be put into its elements: begin and end each element, on the same side of"
    " {% … %}, and put nothing of the template into <style>"
)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_HIDDEN = re.compile(r'(?:<!--)?jinja(\d+)x(?:-->|="")?')
_ELEMENT = re.compile(r"<(/?[a-z][a-z0-9]*)", re.IGNORECASE)
_IMPLIED = {"html", "head", "body", "tbody", "style", "link"}


class _Tag(NamedTuple):
    """A tag of the template, how many lines are before it, whether it is inside an element's."""

    text: str
    line: int
    is_inside: bool


def changed(source: str, change: Callable[[str], str]) -> str:
    """Return what `change` makes of a page, with the template's tags where they were.

    Comments are dropped. Each other tag keeps its line, so that an error names the right one.

    Raises:
        ValueError: a tag or an element would be lost or moved.
    """
    hidden, tags = _hide(source)
    page = change(hidden)
    if _elements(page) != _elements(hidden) or "&lt;!--jinja" in page:
        raise ValueError(NOT_WHOLE)
    made, seen = "", list[int]()
    for number, piece in enumerate(_HIDDEN.split(page)):
        if number % 2 == 0:
            made += piece
            continue
        seen.append(int(piece))
        tag = tags[seen[-1]]
        begin = 3 if tag.text[2] in "-+" else 2
        made += tag.text[:begin] + "\n" * (tag.line - made.count("\n")) + tag.text[begin:]
    between = [number for number in seen if not tags[number].is_inside]
    if sorted(seen) != list(range(len(tags))) or between != sorted(between):
        raise ValueError(NOT_WHOLE)
    return made


def _hide(source: str) -> tuple[str, list[_Tag]]:
    """Return a page with words and comments in place of the template's tags, and those."""
    hidden, end, tags = "", 0, list[_Tag]()
    for found in _TAG.finditer(source):
        hidden += source[end : found.start()]
        end = found.end()
        if found[0].startswith("{#"):
            continue
        word = f"jinja{len(tags)}x"
        is_inside = _is_in(hidden, "<", ">")
        is_text = is_inside or _is_in(hidden, "<title", "</title") or _is_in(hidden, "<!--", "-->")
        hidden += word if is_text else f"<!--{word}-->"
        tags.append(_Tag(found[0], source.count("\n", 0, found.start()), is_inside))
    return hidden + source[end:], tags


def _is_in(text: str, begin: str, end: str) -> bool:
    return text.rfind(begin) > text.rfind(end)


def _elements(page: str) -> Counter[str]:
    """Return how often each element begins and ends, but for those that are added or dropped."""
    names = (name.lower() for name in _ELEMENT.findall(page))
    return Counter(name for name in names if name.removeprefix("/") not in _IMPLIED)
