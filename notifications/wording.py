"""Days, moments and counts as people say them; lines as they read them, and as they travel.

What a day or a line comes to is kept: most of those in a batch are the same.
"""

import re
from binascii import b2a_qp
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from workflow.model.calendar import in_words

WIDTH = 78

_NOON = time(12)
_LAST_MINUTE = time(23, 59)
_BULLET, _COMMAND = "- ", "peer-challenge "
_SIGNATURE = re.compile(r"— \S+ \S+")
_BLANK = re.compile(rf"\n\s*\n(?!{_SIGNATURE.pattern}$)", re.MULTILINE)
"""Between paragraphs, but not within a signed note: the head of the audit log."""

_GAP = re.compile("\n\n\n+")  # begins with what the library can look for quickly


@lru_cache(maxsize=256)
def in_words_of_the_year(day: date) -> str:
    """Return `Tuesday 9 March`: the year goes without saying."""
    return in_words(day).rsplit(" ", 1)[0]


@lru_cache(maxsize=256)
def span_in_words(first: date, last: date) -> str:
    """Return `Tuesday 16 to Friday 19 March 2027`, without saying a month or a year twice."""
    if first == last:
        return in_words(first)
    start = in_words_of_the_year(first) if first.year == last.year else in_words(first)
    if (first.year, first.month) == (last.year, last.month):
        start = start.rsplit(" ", 1)[0]
    return f"{start} to {in_words(last)}"


def clock_in_words(at: time) -> str:
    """Return `7pm`, `7.30pm`, `9am` or `noon`."""
    if at == _NOON:
        return "noon"
    minutes = f".{at.minute:02}" if at.minute else ""
    return f"{(at.hour - 1) % 12 + 1}{minutes}{'am' if at < _NOON else 'pm'}"


@lru_cache(maxsize=256)
def moment_in_words(at: datetime, zone: ZoneInfo) -> str:
    """Return `7pm on Monday 15 March 2027` in `zone`; only the day where the whole day counts."""
    local = at.astimezone(zone)
    if local.time() >= _LAST_MINUTE:
        return in_words(local.date())
    return f"{clock_in_words(local.time())} on {in_words(local.date())}"


def several(count: int, one: str, many: str) -> str:
    """Return `a call`, `4 calls`: `one` is said whole, `many` after its number."""
    return one if count == 1 else f"{count} {many}"


def wrap_text(text: str) -> str:
    """Return `text` with lines of at most 78 characters, words kept whole, indents kept.

    A command and a signature stay on one line, so that they can be copied.
    """
    lines = list[str]()
    for line in map(str.rstrip, text.splitlines()):
        if len(line) <= WIDTH or _is_copied(line):
            lines.append(line)
            continue
        indent = line[: len(line) - len(line.lstrip())]
        hanging = indent + "  " if line.lstrip().startswith(_BULLET) else indent
        lines += _wrapped(" ".join(line.split()), indent, hanging)
    return _GAP.sub("\n\n", "\n".join(lines)).strip("\n") + "\n"


def _is_copied(line: str) -> bool:
    return line.lstrip().startswith(_COMMAND) or _SIGNATURE.fullmatch(line) is not None


def _wrapped(words: str, indent: str, hanging: str) -> Iterator[str]:
    """Yield lines of as many words as fit; the library's own way takes ten times as long."""
    while len(words) > (room := WIDTH - len(indent)):
        end = words.rfind(" ", 0, max(room, 0) + 1)
        if end < 0:
            end = words.find(" ")
        if end < 0:
            break
        yield indent + words[:end]
        words, indent = words[end + 1 :], hanging
    yield indent + words


def ended(text: str) -> bytes:
    """Return a text with CR and LF after each line, the last one too; nothing else unprintable."""
    return b"".join(map(_ended_line, text.removesuffix("\n").split("\n")))


@lru_cache(maxsize=512)
def _ended_line(line: str) -> bytes:
    if not line.isprintable():
        line = "".join(c if c.isprintable() else " " for c in line)
    return f"{line}\r\n".encode()


def quoted(text: bytes) -> bytes:
    """Return a text in quoted-printable; each line of it has its end."""
    return b"".join(map(_quoted_line, text.splitlines(keepends=True)))


@lru_cache(maxsize=512)
def _quoted_line(line: bytes) -> bytes:
    return b2a_qp(line)


def paragraphs(words: str) -> list[dict[str, Any]]:
    """Return the paragraphs of a text; one whose lines all begin with a dash is a list.

    A signed note is one as well, and its lines are kept.
    """
    found = list[dict[str, Any]]()
    for block in _BLANK.split(words.strip()):
        lines = [line.strip() for line in block.splitlines()]
        is_list = all(line.startswith(_BULLET) for line in lines)
        items = [line.removeprefix(_BULLET) for line in lines] if is_list else []
        note = "\n".join(lines) if "" in lines else ""
        found.append({"text": " ".join(filter(None, lines)), "points": items, "note": note})
    return found
