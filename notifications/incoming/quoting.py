"""What somebody wrote, apart from what they quoted and how they closed. Pure.

Careful rather than clever: what is cut off could have been a reservation, so less is cut than a
reader would. A banner is cut only in the words of a gateway; a closing only where it looks like one
and nothing below it could take an answer back. What comes after "PS" is kept.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator

from notifications.incoming.intent import takes_back

MOST_SAID = 20_000
MOST_LINE = 300
"""Characters of a line: the library's expressions grow with the square of it."""

_BANNER = re.compile(
    r"\W*(caution|warning|external|this (e-?mail|message) (originate|came|was sent|is) ?\w{0,3}"
    r" ?from|you don't often get e-?mail)",
    re.IGNORECASE,
)
_WARNS = re.compile(
    r"originate[ds]? (from )?outside|(outside|external to) (of )?(the|your|our) (organi[sz]ation"
    r"|company|council|network)|external (e-?mail|sender|source)\b|don't often get e-?mail",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(i|me|my|mine|we|us|still|yet|kept|shredded|wiped|erased|destroyed)\b", re.IGNORECASE
)
"""Words of somebody who writes: no machine puts them above or below."""

_ADDED = re.compile(
    r"^get outlook for \w+.*$|\b(she|he|they)(/(she|he|they|hers?|him|his|theirs?|them))+\b",
    re.IGNORECASE | re.MULTILINE,
)
_PRINTED = re.compile(
    r"\b((intended|named) recipients?|intended (solely |only )?for the|before printing"
    r"|received (it|this (e-?mail|message)) in error|registered (office|charity)"
    r"|(e-?mail|message)\b.{0,60} confidential)\b",
    re.IGNORECASE,
)
"""What programs and organisations print below a mail: in lines, and in paragraphs."""

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
    line = " ".join(first.split())
    is_banner = len(line) < 2 * MOST_LINE and _BANNER.match(line) and _WARNS.search(line)
    return rest if gap and is_banner and not _PERSONAL.search(line) else text


def without_closing(text: str, closing: str) -> str:
    """Return `text` without its `closing`, as the library took it for one, if it looks so."""
    delimiter = _DELIMITER.search(text)
    if delimiter is not None:
        return _cut(text, delimiter.start(), delimiter.end())
    begin = text.find(closing.strip()) if closing.strip() else -1
    if begin < 0:
        return text.strip()
    first = text[begin:].split("\n", 1)[0]
    if len(first.split()) > _CLOSING_WORDS:
        return text.strip()
    return _cut(text, begin, begin)


def _cut(text: str, end: int, begin: int) -> str:
    """Return `text` up to `end`, if nothing from `begin` on takes it back; a postscript is kept."""
    lines = text[begin:].split("\n")
    starts = (number for number, line in enumerate(lines) if _POSTSCRIPT.match(line.strip()))
    start = next(starts, len(lines))
    if takes_back(_written("\n".join(lines[:start]))):
        return text.strip()
    postscript = "\n".join(lines[start:]).strip()
    return text[:end].strip() + (f"\n{postscript}" if postscript else "")


def _written(tail: str) -> str:
    """Return what is below a closing, without what is only printed there."""
    paragraphs = _ADDED.sub("", tail).split("\n\n")
    return "\n\n".join(paragraph for paragraph in paragraphs if not _is_printed(paragraph))


def _is_printed(paragraph: str) -> bool:
    line = " ".join(paragraph.split())
    return _PRINTED.search(line) is not None and _PERSONAL.search(line) is None


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
