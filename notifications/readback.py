"""Reads the bytes of a message as a mail program would, knowing nothing of how they were written.

Lines are taken apart here; what stands in them is read by the library. What it read once is kept,
since it takes long and most headers of a batch are the same.
"""

import re
from binascii import a2b_base64, a2b_qp
from email import policy
from email.headerregistry import AddressHeader
from email.parser import BytesHeaderParser
from functools import lru_cache
from typing import NamedTuple

_CRLF = b"\r\n"
_END = _CRLF * 2
_FOLD = re.compile("\r\n(?=[ \t])")


class Part(NamedTuple):
    """A part of a message: its type, coding, character set and method, and what a reader gets."""

    kind: str
    content: bytes


class ReadBack(NamedTuple):
    """A message as read: its headers in order, unfolded and not yet interpreted, and its parts."""

    fields: list[tuple[str, str]]
    parts: list[Part]


def read(content: bytes, boundary: bytes) -> ReadBack:
    """Return what is in a message whose parts are parted by `boundary`.

    Raises:
        ValueError: these are not lines of ASCII, or the parts are not framed by the boundary.
    """
    rest = content.replace(_CRLF, b"")
    if b"\r" in rest or b"\n" in rest or not content.isascii():
        raise ValueError("it would not be lines of ASCII, each ended by CR and LF")
    head, _, body = content.partition(_END)
    lines = _FOLD.sub("", head.decode("ascii")).split("\r\n")
    fields = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
    before, *parts, after = body.split(b"--" + boundary)
    if before or after != b"--" + _CRLF:
        raise ValueError("something stands before or after its parts")
    return ReadBack(fields, [_part(part.removeprefix(_CRLF)) for part in parts])


@lru_cache(maxsize=1024)
def text_in(name: str, written: str) -> str:
    """Return the text that the library reads in a header."""
    return str(policy.SMTP.header_factory(name, written)).strip()


@lru_cache(maxsize=1024)
def mailboxes_in(name: str, written: str) -> tuple[tuple[str, str], ...]:
    """Return the names and addresses that the library reads in a header."""
    header = policy.SMTP.header_factory(name, written)
    if not isinstance(header, AddressHeader):
        raise TypeError(f"{name} is no header of addresses")
    return tuple((address.display_name, address.addr_spec) for address in header.addresses)


def _part(part: bytes) -> Part:
    head, _, coded = part.partition(_END)
    kind = _kind(head)
    is_base64 = kind.split(" ")[1] == "base64"
    return Part(kind, a2b_base64(coded) if is_base64 else a2b_qp(coded.removesuffix(_CRLF)))


@lru_cache(maxsize=64)
def _kind(head: bytes) -> str:
    """Return what the headers of a part say."""
    seen = BytesHeaderParser(policy=policy.SMTP).parsebytes(head + _END)
    parameters = [seen.get_param(key) for key in ("charset", "method")]
    coding = seen["Content-Transfer-Encoding"].cte
    return " ".join((seen.get_content_type(), coding, *(str(p) for p in parameters if p)))
