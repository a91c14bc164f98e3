"""Broken definitions are refused, each in time, with its place and the way out.

Eight of each class are tried on every commit; those of `tests/unit/definitions` make it more than
a thousand. `make broken` tries them all.
"""

import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from definitions import loader
from definitions.loader import Checked
from tests.broken import good
from tests.broken.base import LEAST_VARIANTS, SMALL, Variant, change
from tests.broken.verdict import FILE, check, classes, fault_of, faults, spread
from tests.integration.cli.desk import Desk
from tests.versions import unsafe
from tests.visits import agreeing, clearing, dated, drafting, visiting

CLASSES = classes()
TRIED = 8
SLOW = {"ten_thousand_stages": 2, "huge_file": 3}
"""Classes of which fewer are tried here."""

BOMBS = ("alias_bomb", "merge_bomb", "huge_file", "deep_file", "ten_thousand_stages")
MOST_MEMORY = 200 * 2**20
_CHILD = """
import sys
from itertools import islice
from tests.broken.verdict import classes, fault_of
for name in sys.argv[1:]:
    for variant in islice(classes()[name](), 2):
        assert not fault_of(variant), fault_of(variant)
status = open("/proc/self/status").read().splitlines()  # ru_maxrss would count the parent's, too
print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


def tried(name: str) -> list[Variant]:
    """Return the variants of a class that are tried on every commit."""
    return spread(CLASSES[name](), SLOW.get(name, TRIED))


def test_there_are_a_thousand_of_them_and_twenty_of_each_class() -> None:
    seen = {name: {hash(one.content) for one in make()} for name, make in CLASSES.items()}
    assert {name: len(few) for name, few in seen.items() if len(few) < LEAST_VARIANTS} == {}
    assert len(set().union(*seen.values())) >= 1_500


@pytest.mark.parametrize("name", CLASSES)
def test_every_broken_definition_is_refused_with_its_place_and_the_way_out(name: str) -> None:
    assert faults(tried(name)) == []


@pytest.mark.parametrize("make", good.MAKERS, ids=lambda make: make.__name__)
def test_what_looks_odd_and_is_right_is_accepted(make: good.Maker) -> None:
    assert [check(one).errors for one in make() if check(one).definition is None] == []


def test_there_are_a_hundred_good_ones() -> None:
    assert len({one for make in good.MAKERS for one in make()}) >= 100


def test_all_classes_are_refused_at_the_command_line_too(tmp_path: Path) -> None:
    names = [name for name in CLASSES if name not in BOMBS]
    for name in names:
        content = tried(name)[0].content
        whole = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        (tmp_path / f"{name}.yaml").write_bytes(whole)
    files = [str(tmp_path / f"{name}.yaml") for name in names]
    told = Desk(tmp_path).type("definition", "check", *files, code=2).stdout
    places = [line.split(": ")[0].rsplit(":", 2) for line in told.splitlines()]
    assert {place[0] for place in places} == set(files)
    assert all(line.isdigit() and column.isdigit() for _, line, column in places)
    assert "Traceback" not in told


def run_bounded(program: str, *names: str) -> int:
    """Run a program in a process of its own with little memory; return its most, in bytes."""
    ended = subprocess.run(
        [sys.executable, "-c", program, *names],
        capture_output=True, text=True, check=False, timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30)),
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return int(ended.stdout.split()[-1]) * 1024


def test_bombs_take_little_memory() -> None:
    assert run_bounded(_CHILD, *BOMBS) < MOST_MEMORY


def test_memory_that_is_taken_would_be_seen() -> None:
    greedy = f"held = bytearray(b'x' * {MOST_MEMORY})\n{_CHILD}"
    assert run_bounded(greedy) > MOST_MEMORY


@pytest.mark.parametrize(
    ("said", "spoilt"),
    [
        ("it is accepted", lambda found: Checked(loader.check(SMALL, file=FILE).definition, ())),
        ("it is accepted", lambda found: replace(found, problems=())),
        (
            "a place outside of the file",
            lambda found: spoil(found, line=SMALL.count("\n") + 9),
        ),
        ("a place outside of its line", lambda found: spoil(found, column=999)),
        ("a place outside of the file", lambda found: spoil(found, line=0)),
        ("no error names", lambda found: spoil(found, path="", message="it is wrong; mend it")),
        ("the way out is not said", lambda found: spoil(found, message="bad: nowhere")),
    ],
)
def test_a_refusal_that_is_no_good_would_be_seen(said: str, spoilt: good.Spoil) -> None:
    variant = Variant(change("to: closed,", "to: nowhere,"), "nowhere")
    assert fault_of(variant) == ""
    assert fault_of(variant, lambda content: spoilt(check(content))).startswith(f"T8: {said}")


def spoil(found: Checked, **values: str | int) -> Checked:
    """Return what was found, with every problem told badly."""
    told = tuple(one._replace(**values) for one in found.problems)  # type: ignore[arg-type]
    return replace(found, problems=told)


def test_a_trace_and_a_slow_answer_would_be_seen() -> None:
    def stumble(content: str | bytes) -> Checked:
        raise RecursionError

    variant = Variant("", "")
    assert fault_of(variant, stumble) == "T8: it ends in a trace: RecursionError()"
    assert fault_of(variant, most=-1.0).startswith("T8: it takes more than")


WITHOUT_STAGE = {
    "planning": "preparing", "visiting": "on_visit", "drafting": "writing", "agreeing": "settling",
    "clearing": "tidying",
}  # fmt: skip


@pytest.mark.parametrize("stage", WITHOUT_STAGE)
def test_a_stage_that_challenges_sit_in_is_not_taken_away(stage: str) -> None:
    """A version without it is refused as long as one of them would have to go on under it."""
    from tests.visits import FILE as VISIT

    sitting = {"planning": dated, "visiting": visiting, "drafting": drafting, "agreeing": agreeing,
               "clearing": clearing}  # fmt: skip
    text = VISIT.read_text()
    body = text[text.index("\nstages:") : text.index("\nretention:")]
    for new in (WITHOUT_STAGE[stage], "other"):
        renamed = body.replace(f" {stage}:", f" {new}:").replace(f"[{stage}", f"[{new}")
        renamed = renamed.replace(f", {stage}", f", {new}").replace(f": {stage}", f": {new}")
        said = unsafe(sitting[stage](), (body, renamed))
        assert any(f"({stage}), which is gone in version 1.1" in one for one in said), said


def test_a_version_that_is_in_use_cannot_say_something_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.type("init", "--rehearsal")
    file = tmp_path / "small.yaml"

    def begin(reference: str, text: str, code: int) -> str:
        file.write_text(text)
        start = ("new", reference, f"--definition={file}", "--title=A", "--client=A")
        return desk.type(*start, code=code).stderr

    begin("A-1", SMALL, 0)
    begin("A-2", SMALL, 0)
    for number in range(3):
        said = begin(f"B-{number}", change("title: Small visit", f"title: Visit {number}"), 2)
        told = '"1.0" of small_visit is in use with another text; give this one another version'
        assert f"{file}:3:1: version: {told}" in said
    begin("A-3", change('"1.0"', '"1.1"'), 0)
