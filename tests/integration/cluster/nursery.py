"""A process that has loaded everything, and forks the workers of the tests: real ones, quickly.

It reads one order a line: `{"program": …, "environment": …, "said": FILE}`, and answers with the id
of the new process; `{"ended": ID}` is answered with how that ended, or null.
"""

import json
import os
import sys
import traceback
from typing import Any

from tests.integration.cluster import programs


def main() -> None:
    """Answer orders until there are no more."""
    programs.load()
    for line in sys.stdin:
        order = json.loads(line)
        answer = _ended(order["ended"]) if "ended" in order else _born(order)
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


def _ended(process: int) -> int | None:
    found, status = os.waitpid(process, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _born(order: dict[str, Any]) -> int:
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        said = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number in (1, 2):
            os.dup2(said, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(order["environment"])
        code = programs.run(order["program"])
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
