"""What people and programs may type by mistake or on purpose, and files that are none.

Commands write where they are told to. So nothing here names anything of the machine's own that
could be written over: a command that ran as root once put a file in the place of a device.
"""

import os
import stat
from pathlib import Path

WORDS = {
    "nothing": "",
    "a bell": "a\x07b",
    "an escape": "\x1b[31mred\x1b]0;title\x07",
    "two lines": "a\nBcc: x@y.example",
    "a line separator": "a\u2028b",
    "right to left": "\u202egpj.exe\u2066",
    "half a character": "a\udcff",
    "a megabyte": "x" * 1_000_000,
    "an emoji": "👩‍🏫 Ω",
    "a path upwards": "../../../../dev/null/x",  # beneath a file: nothing can be made there
    "a template": "{{ 7 * 7 }} {% include 'x' %}",
    "a formula": "=1+1",
    "quotes": "';DROP TABLE person;--\"",
    "a number": "99999999999999999999999999",
    "a fraction": "1e309",
    "percent": "%s%n%d",
    "an encoded word": "=?utf-8?q?=0a?=",
    "wildcards": "*?[a-z]%_",
}


def make_files(folder: Path) -> dict[str, str]:
    """Make files that no command can use; return their names."""
    contents = {
        "binary": bytes(range(256)) * 40,
        "NULs": b"\x00" * 5_000,
        "an empty file": b"",
        "UTF-16": "name,email\n".encode("utf-16"),
        "long line": b"a" * 300_000,
        "deep": b"[" * 50_000,
        "half a JSON": b'{"made_at": "2027-01-01", ',
        "a ZIP": b"PK\x03\x04" + b"\x00" * 100,
    }
    found = {}
    for what, content in contents.items():
        path = folder / f"{what.replace(' ', '-')}.yaml"
        path.write_bytes(content)
        found[what] = str(path)
    (folder / "folder.yaml").mkdir()
    os.mknod(folder / "socket.yaml", stat.S_IFSOCK | 0o600)
    (loop := folder / "loop.yaml").symlink_to(loop)
    return found | {
        "a folder": str(folder / "folder.yaml"),
        "a link to itself": str(loop),
        "not there": str(folder / "none" / "none.yaml"),
        "no plain file": str(folder / "socket.yaml"),
        "beneath a file": f"{found['binary']}/x.yaml",
        "a very long name": str(folder / ("x" * 5_000)),
        "a NUL in the name": f"{folder}/a\x00b.yaml",
    }
