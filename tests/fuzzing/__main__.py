"""`python -m tests.fuzzing TARGET --seconds N [--keep]`: fuzz a parser, then keep what is new.

With `all` in place of a target each has its turn. Ends with 1 when something was found; the input
then lies in the folder that is named.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzzing.targets import TARGETS

CORPUS = Path(__file__).with_name("corpus")
MOST_FILES, MOST_BYTES = 200, 2_048
_RUNS = re.compile(r"#(\d+)\s+DONE|Done (\d+) runs|stat::number_of_executed_units: (\d+)")


def run(target: str, *arguments: str) -> tuple[int, str]:
    """Run the engine; return how it ended and what it said."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.fuzzing.engine", target, *arguments],
        capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    return ended.returncode, ended.stderr + ended.stdout


def fuzz(target: str, seconds: int, *, is_kept: bool) -> bool:
    """Fuzz one target; return whether nothing was found."""
    work = Path(tempfile.mkdtemp(prefix=f"fuzz-{target}-"))
    corpus = CORPUS / target if target in TARGETS else work / "corpus"
    corpus.mkdir(exist_ok=True)
    (new := work / "new").mkdir()
    code, said = run(
        target, str(new), str(corpus), f"-max_total_time={seconds}", f"-max_len={MOST_BYTES}",
        "-timeout=10", "-rss_limit_mb=1500", f"-artifact_prefix={work}/", "-print_final_stats=1",
    )  # fmt: skip
    found = [group for match in _RUNS.finditer(said) for group in match.groups() if group]
    fault = next((line for line in said.splitlines() if "T20:" in line), "")
    told = "nothing found" if code == 0 else f"found, in {work}: {fault or said[-600:]}"
    print(f"{target}: {found[-1] if found else '?'} runs in {seconds} s; {told}", flush=True)
    if is_kept and code == 0:
        keep(target, corpus, new)
    if code == 0:
        shutil.rmtree(work)
    return code == 0


def keep(target: str, corpus: Path, new: Path) -> None:
    """Put the fewest inputs that reach all that was reached into the corpus."""
    with tempfile.TemporaryDirectory() as folder:
        run(target, "-merge=1", f"-max_len={MOST_BYTES}", folder, str(corpus), str(new))
        fewest = sorted(Path(folder).iterdir(), key=lambda path: path.stat().st_size)[:MOST_FILES]
        if fewest:
            shutil.rmtree(corpus)
            corpus.mkdir()
        for path in fewest:
            shutil.copy(path, corpus / path.name[:16])


def main() -> int:
    """Fuzz what is asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing")
    parser.add_argument("target", choices=["all", *TARGETS, "planted"])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--keep", action="store_true", help="write what is new into the corpus")
    said = parser.parse_args()
    names = list(TARGETS) if said.target == "all" else [said.target]
    return (
        0 if not [name for name in names if not fuzz(name, said.seconds, is_kept=said.keep)] else 1
    )


if __name__ == "__main__":
    sys.exit(main())
