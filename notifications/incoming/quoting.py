"""What somebody wrote, apart from what they quoted and how they closed. Pure.

Careful rather than clever: what is cut off could have been a reservation, so less is cut than a
reader would. A closing is cut only where it looks like one, and what comes after "PS" is kept.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator

MOST_SAID = 20_000
MOST_LINE = 300
"""Characters of a line: the library's expressions grow with the square of it."""

_BANNER = re.compile(
    r"\W*(caution|warning|external|this (e-?mail|message) (originate|came|was sent|is) ?\w{0,3}"
    r" ?from|you don't often get e-?mail)",
    re.IGNORECASE,
)
_WARNS = re.compile(r"outside|external|don't often get|attachments", re.IGNORECASE)
_CLOSING_WORDS = 5
_POSTSCRIPT = re.compile(r"p\.?\s?p?\.?\s?s\b", re.IGNORECASE)
_DELIMITER = re.compile(r"^--\s*$|^_{2,}\s*$", re.MULTILINE)
_WROTE = re.compile(r"^(> ?)*(on\s.{0,800}wrote:|-{3,} ?original message ?-{3,})", re.I | re.S)


def prepared(text: str) -> str:
    """Return a text in bounded lines, without the banner that a gateway puts on top."""
    lines = text.replace("\u2019", "'").replace("\u2018", "'")[:MOST_SAID].split("\n")
    short = [piece for line in lines for piece in _wrapped(line.strip())]
    return _without_banner("\n".join(_single_gaps(short)).strip())


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, MOST_LINE) or [""] if len(line) > MOST_LINE else [line]


def _single_gaps(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines with at most one empty line in a row."""
    was_empty = False
    for line in lines:
        if line or not was_empty:
            yield line
        was_empty = not line


def _without_banner(text: str) -> str:
    first, gap, rest = text.partition("\n\n")
    is_banner = len(first) < 2 * MOST_LINE and _BANNER.match(first) and _WARNS.search(first)
    return rest if gap and is_banner else text


def without_closing(text: str, closing: str) -> str:
    """Return `text` without its `closing`, as the library took it for one, if it looks so."""
    delimiter = _DELIMITER.search(text)
    if delimiter is not None:
        return text[: delimiter.start()].strip() + _postscript(text[delimiter.end() :])
    begin = text.find(closing.strip()) if closing.strip() else -1
    if begin < 0:
        return text.strip()
    first = text[begin:].split("\n", 1)[0]
    if len(first.split()) > _CLOSING_WORDS:
        return text.strip()
    return text[:begin].strip() + _postscript(text[begin:])


def _postscript(tail: str) -> str:
    lines = tail.split("\n")
    for number, line in enumerate(lines):
        if _POSTSCRIPT.match(line.strip()):
            return "\n" + "\n".join(lines[number:]).strip()
    return ""


def written_between(heading: str, quoted: str) -> str:
    """Return what somebody wrote below or between what they quoted under a `heading`.

    Only where quoted lines bear a mark: elsewhere nobody can tell who wrote what.
    """
    if not _WROTE.match(heading.strip()):
        return ""
    lines = quoted.replace(heading, "", 1).split("\n")
    if not any(line.startswith(">") for line in lines):
        return ""
    return "\n".join(_single_gaps(line for line in lines if not line.startswith(">"))).strip()
