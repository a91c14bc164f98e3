"""`python -m tests.golden record VERSION`: writes the lives of this version down, once for ever."""

import sys
import tempfile
from pathlib import Path

from tests.golden import files, written
from tests.golden.lives import lives

HERE = Path(__file__).parent
USAGE = "usage: python -m tests.golden record VERSION"


def record(version: str, folder: Path = HERE) -> str:
    """Record all lives and a database under a version; return what was done."""
    place = folder / version
    if not version.replace(".", "").replace("-", "").isalnum():
        return f"{version!r} is no version, such as 0.2.0"
    if place.exists():
        return f"{place.name} is recorded already: what was recorded is never written again"
    place.mkdir()
    for name, told in lives():
        written.write(told, place / f"{name}.jsonl")
    with tempfile.TemporaryDirectory() as scratch:
        files.write(place, Path(scratch))
    number = len(list(place.glob("*.jsonl")))
    return f"recorded {number} lives and a database in {place}"


if __name__ == "__main__":
    asked = sys.argv[1:]
    is_known = len(asked) == 2 and asked[0] == "record"
    sys.stdout.write(f"{record(asked[1]) if is_known else USAGE}\n")
