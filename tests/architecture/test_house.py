"""The sizes and laws of the house hold, and each rule catches a planted violation."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.tree import ROOT, Source, sources

Rule = Callable[[list[Source]], Iterator[str]]


def body(lines: int) -> str:
    """Return a function of `lines` lines, its `def` counted."""
    return "def f() -> None:\n" + "".join(f"    f{number}()\n" for number in range(lines - 1))


def methods(number: int) -> str:
    """Return a class with so many methods."""
    return "class C:\n" + "".join(f"    def m{n}(self) -> None: ...\n" for n in range(number))


RUN = "".join(f"call_number_{number}()\n" for number in range(6))
PLANTS: list[tuple[Rule, dict[str, str], str]] = [
    (rules.long_functions, {"workflow/a.py": body(41)}, "workflow/a.py:1 f: 41 lines > 40"),
    (
        rules.wide_functions,
        {"cli.py": "def f(*, a, b, c, d, e, g, h): ..."},
        "cli.py:1 f: 7 parameters > 6",
    ),
    (rules.wide_functions, {"cli.py": "def f(a, b, c, d): ..."}, "f: 4 positional > 3"),
    (rules.large_classes, {"workflow/a.py": methods(13)}, "workflow/a.py:1 C: 13 methods > 12"),
    (rules.long_files, {"workflow/a.py": "x = 1\n" * 351}, "workflow/a.py: 351 lines > 350"),
    (
        rules.full_folders,
        {f"workflow/m{number}.py": "" for number in range(16)},
        "workflow: 16 modules > 15",
    ),
    (
        rules.import_circles,
        {"workflow/a.py": "import workflow.b", "workflow/b.py": "from workflow import a"},
        "workflow.a imports workflow.b",
    ),
    (
        rules.import_circles,
        {
            "workflow/a.py": "if TYPE_CHECKING:\n    from workflow.b import B",
            "workflow/b.py": "def f():\n    from .a import A",
        },
        "workflow.b",
    ),
    (rules.talking_faces, {"workflow/__init__.py": '"""Hi."""\nx = 1'}, "workflow/__init__.py"),
    (rules.talking_faces, {"workflow/__init__.py": ""}, "workflow/__init__.py"),
    (rules.meaningless_names, {"workflow/utils.py": ""}, "'utils' says nothing"),
    (rules.clock_reads, {"cli.py": "x = datetime.now()"}, "cli.py:1 datetime.now"),
    (rules.clock_reads, {"cli.py": "x = datetime.date.today()"}, "cli.py:1 date.today"),
    (rules.clock_reads, {"cli.py": "import time\nx = time.time()"}, "cli.py:2 time.time"),
    (rules.clock_reads, {"cli.py": "from time import time"}, "cli.py:1 time of time"),
    (rules.clock_reads, {"cli.py": "x = 'SELECT CURRENT_TIMESTAMP'"}, "current_timestamp"),
    (
        rules.repeated_lines,
        {"workflow/a.py": RUN, "workflow/b.py": "x()\n\n# why\n" + RUN},
        "workflow/b.py:4 repeats workflow/a.py:1",
    ),
    (
        rules.unmarked_timings,
        {"cli.py": "def test_f():\n    assert monotonic() - began < 5"},
        "cli.py:2 test_f: asserts a time, and is not `timed`",
    ),
    (
        rules.unmarked_timings,
        {"cli.py": "def test_f():\n    assert slow.is_met"},
        "cli.py:2 test_f",
    ),
    (
        rules.entry_point_trespass,
        {"cli.py": "def f():\n    import workflow.store", "workflow/store.py": ""},
        "cli.py:2 imports workflow.store",
    ),
    (
        rules.entry_point_trespass,
        {"bootstrap.py": "import cli", "cli.py": ""},
        "bootstrap.py:1 imports cli",
    ),
    (
        rules.entry_point_trespass,
        {"bootstrap.py": "", "notifications/courier.py": "from bootstrap import engine"},
        "notifications/courier.py:1 imports bootstrap",
    ),
]
EDGES: list[tuple[Rule, dict[str, str]]] = [
    (rules.long_functions, {"workflow/a.py": body(40)}),
    (rules.long_commands, {"console/a.py": "@main.command()\n" + body(16), "cli.py": body(30)}),
    (rules.wide_functions, {"cli.py": "class C:\n    def f(self, a, b, c, *, d, e, g): ..."}),
    (rules.wide_functions, {"cli.py": "def _f(a, b, c, d, e, g): ..."}),
    (rules.large_classes, {"workflow/a.py": methods(12)}),
    (rules.long_files, {"workflow/a.py": "x = 1\n" * 350}),
    (rules.full_folders, {f"workflow/m{number}.py": "" for number in range(15)}),
    (rules.import_circles, {"workflow/a.py": "import workflow.b", "workflow/b.py": ""}),
    (rules.talking_faces, {"workflow/__init__.py": '"""A face."""\n'}),
    (rules.clock_reads, {"workflow/clock.py": "x = datetime.now()"}),
    (rules.clock_reads, {"cli.py": "import time\ntime.sleep(clock.now())"}),
    (rules.repeated_lines, {"cli.py": RUN, "bootstrap.py": RUN.replace("call_number_5", "x")}),
    (rules.unmarked_timings, {"cli.py": "@mark.timed\ndef test_f():\n    assert it.ratio < 2"}),
    (
        rules.unmarked_timings,
        {"cli.py": "pytestmark = mark.timed\ndef test_f():\n    assert it.ratio"},
    ),
    (
        rules.unmarked_timings,
        {"cli.py": "def test_f():\n    while monotonic() < until:\n        wait()"},
    ),
    (rules.entry_point_trespass, {"cli.py": "import bootstrap", "bootstrap.py": ""}),
]
EVERY_RULE = sorted({rule for rule, *_ in PLANTS}, key=lambda rule: rule.__name__)


def planted(folder: Path, files: dict[str, str]) -> list[Source]:
    """Write `files` under `folder` and return them as a tree."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return sources(folder)


@pytest.mark.parametrize("rule", EVERY_RULE)
def test_the_source_keeps_the_rule(rule: Rule) -> None:
    files = sources(ROOT)
    assert files
    found = list(rule(files))
    assert not found, "\n".join(found)


AROUND = rules.long_functions, rules.long_files, rules.meaningless_names, rules.unmarked_timings


@pytest.mark.parametrize("rule", AROUND)
def test_what_stands_around_the_source_keeps_the_rule(rule: Rule) -> None:
    found = list(rule(sources(ROOT, "benchmarks", "docs", "tests")))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("rule", "files", "message"), PLANTS)
def test_a_planted_violation_is_caught(
    tmp_path: Path, rule: Rule, files: dict[str, str], message: str
) -> None:
    found = list(rule(planted(tmp_path, files)))
    assert any(message in line for line in found), found


@pytest.mark.parametrize(("rule", "files"), EDGES)
def test_what_just_keeps_the_rule_is_let_pass(
    tmp_path: Path, rule: Rule, files: dict[str, str]
) -> None:
    assert list(rule(planted(tmp_path, files))) == []
