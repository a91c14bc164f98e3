"""Makes the environment that a peer runs in: `venv` and `pip`, kept until what it asks for changes.

Each peer's `NAME.txt` pins all that is installed; nothing of it is needed to run our own program.
"""

import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
KEPT = Path("build/peers")
MARK = "made-of.txt"
QUIETLY = ("--quiet", "--disable-pip-version-check")


class NotInstalled(Exception):
    """A peer cannot be measured here; the message says why."""


def python_of(name: str, *, kept: Path = KEPT, pins: Path = HERE) -> Path:
    """Return the interpreter of a peer's environment, made first if need be.

    Raises:
        NotInstalled: it could not be made.
    """
    asked = pins / f"{name}.txt"
    folder = (kept / name).resolve()
    made_of = sha256(sys.version.encode() + asked.read_bytes()).hexdigest()
    mark = folder / MARK
    if not mark.exists() or mark.read_text() != made_of:
        shutil.rmtree(folder, ignore_errors=True)
        _run(sys.executable, "-m", "venv", "--without-pip", folder)
        python = folder / "bin" / "python"
        if _pins(asked):
            _run(sys.executable, "-m", "pip", "--python", python, "install", *QUIETLY, "-r", asked)
        mark.write_text(made_of)
    return folder / "bin" / "python"


def _pins(asked: Path) -> bool:
    return any(line and not line.startswith("#") for line in asked.read_text().splitlines())


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotInstalled(said[-1] if said else f"{command[0]} ended with {done.returncode}")
