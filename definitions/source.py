"""The text of a definition file before it is read as YAML: its size, encoding and characters."""

import re

from definitions.grammar import find_odd
from definitions.tree import Place, Unreadable

MOST_BYTES = 500_000
MOST_COLUMNS = 4_000
MOST_LINES = 20_000

_BREAK = re.compile("\r\n|\r|\n")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def decode(content: str | bytes) -> str:
    """Return the text of `content`, exactly as it stands but for a byte order mark.

    Raises:
        Unreadable: it is too big, not UTF-8, or holds characters that do not belong into a text.
    """
    if len(content) > MOST_BYTES:
        _refuse(f"the file is too big ({len(content):,} bytes; at most {MOST_BYTES:,})")
    text = content if isinstance(content, str) else _decode_bytes(content)
    text = text.removeprefix("\ufeff")
    lines = _BREAK.split(text)
    if len(lines) > MOST_LINES:
        _refuse(f"the file has too many lines (at most {MOST_LINES:,})")
    for number, line in enumerate(lines, start=1):
        if len(line) > MOST_COLUMNS:
            reason = f"this line is too long (at most {MOST_COLUMNS:,} characters)"
            raise Unreadable(Place(number, MOST_COLUMNS + 1), (), reason)
    if odd := find_odd(text):
        index, reason = odd
        raise Unreadable(_place(content, index), (), reason)
    first = next((line for line in lines if line and not line.startswith("#")), "")
    if first.startswith("%"):
        _refuse("directives (%) are not allowed; leave the line out")
    return text


def _decode_bytes(content: bytes) -> str:
    if content.startswith(_UTF_16) or content[1:2] == b"\x00" or content[:1] == b"\x00":
        _refuse("the file is not UTF-8 but looks like UTF-16 or UTF-32; save it as UTF-8")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        text = f"the byte 0x{content[error.start]:02X} is not UTF-8; save the file as UTF-8"
        raise Unreadable(_place(before, len(before)), (), text) from error


def _refuse(message: str) -> None:
    raise Unreadable(Place(1, 1), (), message)


def _place(content: str | bytes, index: int) -> Place:
    """Return the place of the character at `index`."""
    text = content if isinstance(content, str) else content.decode()
    before = text.removeprefix("\ufeff")[:index]
    lines = _BREAK.split(before)
    return Place(len(lines), len(lines[-1]) + 1)
