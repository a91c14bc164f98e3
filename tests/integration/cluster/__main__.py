"""Each scenario many times: `python -m tests.integration.cluster --runs 10 --progress`."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.integration.cluster import servers
from tests.integration.cluster.scenarios import CONTROLS, SCENARIOS, Sea


def main() -> int:
    """Run, tell what went wrong, and return how many runs that were."""
    parser = argparse.ArgumentParser(description="Several machines on one database, many times.")
    parser.add_argument("--runs", type=int, default=10, help="how often each")
    parser.add_argument("--only", default="", help="one scenario, by its name")
    parser.add_argument("--progress", action="store_true", help="a line for each run")
    asked = parser.parse_args()
    with servers.serving() as server, tempfile.TemporaryDirectory(prefix="sea-") as folder:
        if server is None:
            sys.stderr.write("no PostgreSQL server here: apt-get install postgresql\n")
            return 1
        sea = Sea(Path(folder), server)
        try:
            return _all(sea, asked)
        finally:
            sea.nursery.close()


def _all(sea: Sea, asked: argparse.Namespace) -> int:
    broken = 0
    for number in range(1, asked.runs + 1):
        for name in [asked.only] if asked.only else [*SCENARIOS, *CONTROLS]:
            begun = time.monotonic()
            try:
                found = _faults(sea, name)
            except servers.Impossible as why:
                sys.stdout.write(f"{number}/{asked.runs} {name}: skipped: {why}\n")
                continue
            broken += bool(found)
            if asked.progress or found:
                verdict = "; ".join(found) or "well"
                seconds = time.monotonic() - begun
                sys.stdout.write(f"{number}/{asked.runs} {name}: {verdict} ({seconds:.1f} s)\n")
                sys.stdout.flush()
    sys.stdout.write(f"{broken} runs went wrong\n")
    return min(broken, 1)


def _faults(sea: Sea, name: str) -> list[str]:
    """Return what went wrong; of a control, that it was not caught."""
    if name in SCENARIOS:
        return SCENARIOS[name](sea)
    scenario, says = CONTROLS[name]
    is_caught = any(fault.startswith(says) for fault in scenario(sea))
    return [] if is_caught else [f"the control was not caught by: {says}"]


if __name__ == "__main__":
    sys.exit(main())
