"""What compares times is tried again when it fails, and fails when it always does."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest

tried = {"at last": [], "never": []}

@pytest.mark.timed
def test_what_holds_at_the_third_try(tmp_path):
    tried["at last"].append(tmp_path)
    assert len(tried["at last"]) == 3

def test_each_try_had_a_folder_of_its_own():
    assert len(set(tried["at last"])) == 3

@pytest.mark.timed
def test_what_never_holds():
    tried["never"].append(1)
    assert not tried["never"]

def test_that_was_tried_so_often():
    assert len(tried["never"]) == 3

tried_plainly = []

def test_what_is_not_timed_is_tried_once():
    tried_plainly.append(1)
    assert len(tried_plainly) == 2
"""


def test_what_compares_times_is_tried_again_and_what_always_fails_fails(tmp_path: Path) -> None:
    (tmp_path / "test_tried.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    timed: as here\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.tries", "-p", "no:cacheprovider",
         f"--rootdir={tmp_path}", "-c", str(tmp_path / "pytest.ini"), str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    assert [line.partition("::")[2].split()[0] for line in failed] == [
        "test_what_never_holds", "test_what_is_not_timed_is_tried_once",
    ], done.stdout  # fmt: skip
    assert "2 failed, 3 passed" in done.stdout
