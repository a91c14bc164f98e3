"""Tries templates in a process of their own, before any of them is used where it could do harm.

The sandbox stops a template that reaches for what is not its business. It does not stop one that
counts for ever or fills the memory. So each is filled in with invented facts in a process whose
time and memory are bounded; a template that ends this process is not used at all.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from notifications.sandbox.confinement import MOST_MEMORY, MOST_SECONDS
from notifications.sandbox.folder import Foreign
from workflow.model.errors import Unavailable

READY = "ready"
TOO_LARGE = f"needs more than {MOST_MEMORY // 2**20} MB of memory"
TOO_SLOW = f"takes longer than {MOST_SECONDS:.0f} seconds"
REMEMBERED = 16

_PROGRAM = "from notifications.render import try_templates; try_templates()"
_MOST_WAIT = 60.0


def tried(templates: Mapping[str, Foreign]) -> dict[str, Foreign]:
    """Return templates, those that fail their trial with the reason why they are not used.

    What was tried once in this process, to the letter, is not tried again.

    Raises:
        Unavailable: they cannot be tried now.
    """
    usable = {name: one.text for name, one in templates.items() if not one.refusal}
    if not usable:
        return dict(templates)
    refusals = dict(_refusals(tuple(sorted(usable.items()))))
    return {
        name: replace(one, refusal=one.refusal or refusals.get(name, ""))
        for name, one in templates.items()
    }


@lru_cache(maxsize=REMEMBERED)
def _refusals(templates: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the names of the templates that fail, each with the reason."""
    from notifications.sandbox.samples import sample_facts  # which loads half of the program

    asked: dict[str, Any] = {"templates": dict(templates), "samples": sample_facts()}
    waiting, found = [name for name, _ in templates], list[tuple[str, str]]()
    while waiting:
        verdicts, code = _run({**asked, "names": waiting})
        found += [(name, verdict) for name, verdict in verdicts if verdict]
        waiting = waiting[len(verdicts) :]
        if waiting:  # the first of them has ended the process
            found.append((waiting[0], _reason(code)))
            waiting = waiting[1:]
    return tuple(found)


def _run(asked: Mapping[str, Any]) -> tuple[Sequence[tuple[str, str]], int]:
    """Return how far a process came with the templates, and how it ended."""
    try:
        ended = subprocess.run(  # noqa: S603  (our own interpreter, with a fixed program)
            [sys.executable, "-c", _PROGRAM],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=_MOST_WAIT,
            check=False,
            env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        said, code = ended.stdout, ended.returncode
    except subprocess.TimeoutExpired as error:
        said, code = _text(error.stdout), -signal.SIGPROF
    except OSError as error:
        raise Unavailable(f"templates cannot be tried now: {error.strerror or error}") from error
    first, *lines = said.splitlines() or [""]
    if first != READY:
        raise Unavailable("templates cannot be tried now: their process does not start")
    return [tuple(json.loads(line)) for line in lines], code


def _text(output: bytes | str | None) -> str:
    return output.decode() if isinstance(output, bytes) else output or ""


def _reason(code: int) -> str:
    """Return why a process ended as it did."""
    return TOO_SLOW if code in (-signal.SIGPROF, -signal.SIGKILL) else TOO_LARGE
