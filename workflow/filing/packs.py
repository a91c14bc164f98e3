"""A pack for one person: a ZIP of its documents behind a cover sheet.

The same pack is the same bytes on every machine and at every time, so that it need not be kept:
it is made again when it is asked for, and its digest shows that it is the same.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

COVER = "00-cover.html"

_MADE_AT = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can name: no clock is in it
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_READABLE = 0o644 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A document of a pack; without a `content` it is elsewhere, at its `location`."""

    key: str
    title: str
    version: int
    location: str = ""
    sha256: str = ""
    content: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What a pack is, and whose: `number` counts the people who were given this document."""

    reference: str
    client: str
    title: str
    version: int
    number: int
    person: str
    parts: tuple[Part, ...]


def member_of(part: Part, position: int) -> str:
    """Return the name of a part in the ZIP: never a path, whatever its own file was called."""
    plain = re.sub(r"[^a-z0-9_-]+", "-", part.key)
    return f"{position:02}-{plain}{ending_of(part.location)}"


def ending_of(location: str) -> str:
    """Return the ending of a file's name, such as `.pdf`; empty where there is no plain one."""
    found = _ENDING.search(location)
    return found[0].lower() if found else ""


def zipped(pack: Pack) -> bytes:
    """Return a pack as a ZIP, its cover first."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        _add(file, COVER, cover(pack).encode())
        for position, part in enumerate(pack.parts, start=1):
            if part.content is not None:
                _add(file, member_of(part, position), part.content)
    return buffer.getvalue()


def _add(file: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=_MADE_AT)
    entry.external_attr, entry.create_system = _READABLE, _UNIX
    file.writestr(entry, content)


def cover(pack: Pack) -> str:
    """Return the cover sheet of a pack, as a page that needs nothing else."""
    title = f"{pack.title}: {pack.reference}"
    facts = (
        ("Challenge", f"{pack.reference}, {pack.client}"),
        ("For", pack.person),
        ("Version", str(pack.version)),
        ("Copy", str(pack.number)),
    )
    rows = "\n".join(f"<tr><th>{escape(k)}</th><td>{escape(v)}</td></tr>" for k, v in facts)
    parts = "\n".join(_lines(pack.parts))
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n"
        f"<table>\n{rows}\n</table>\n<h2>What is in it</h2>\n<ol>\n{parts}\n</ol>\n"
        "<p>This copy is yours alone. Please say that you have it, pass it on to nobody, and "
        "destroy it when you are told to.</p>\n</body>\n</html>\n"
    )


def _lines(parts: Iterable[Part]) -> Iterable[str]:
    """Yield each part with its version and place, or its digest."""
    for position, part in enumerate(parts, start=1):
        name = f"{escape(part.title)}, version {part.version}"
        if part.content is None:
            yield f"<li>{name}: kept at {escape(part.location)}</li>"
        else:
            inside = escape(member_of(part, position))
            yield f"<li>{name}: {inside}<br><small>SHA-256 {part.sha256}</small></li>"
