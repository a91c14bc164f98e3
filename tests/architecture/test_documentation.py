"""The generated pages are fresh, and nothing that users meet is left out of the documentation."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ENTRY_POINTS, PACKAGES, ROOT

GENERATORS = sorted(file.name for file in (ROOT / "docs").glob("generate_*.py"))
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def pages(root: Path) -> list[Path]:
    """Return the Markdown pages of a tree, relative to its root."""
    found = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    return sorted(page.relative_to(root) for page in found)


def generated(root: Path) -> list[Path]:
    """Return the files that the generators write."""
    reference = (root / "docs" / "reference").glob("*.md")
    names = [page.relative_to(root) for page in reference if page.name != "README.md"]
    return [*sorted(names), Path("definitions/schema.json")]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tree in which one line of each generated file is wrong, regenerated."""
    root = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in (*PACKAGES, "docs"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    for name in (*ENTRY_POINTS, "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    for page in generated(root):
        text = (root / page).read_text(encoding="utf-8")
        (root / page).write_text(text.rstrip("\n") + "\nstale\n", encoding="utf-8")
    for generator in GENERATORS:
        subprocess.run(
            [sys.executable, root / "docs" / generator],
            cwd=root, env={"PYTHONPATH": str(root)}, check=True, capture_output=True, text=True,
        )  # fmt: skip
    return root


@pytest.mark.parametrize("page", generated(ROOT), ids=str)
def test_a_generated_file_is_fresh_and_a_stale_line_does_not_survive(
    copy: Path, page: Path
) -> None:
    fresh = (copy / page).read_text(encoding="utf-8")
    assert (ROOT / page).read_text(encoding="utf-8") == fresh, f"{page} is stale: run `make docs`"


def broken_links(root: Path) -> list[str]:
    """Return the links of a tree's pages that lead nowhere in it."""
    return [
        f"{page}: {target}"
        for page in pages(root)
        for target in LINK.findall((root / page).read_text(encoding="utf-8"))
        if "://" not in target and not (root / page.parent / target).exists()
    ]


def test_every_link_leads_somewhere() -> None:
    assert broken_links(ROOT) == []


def test_a_link_to_nowhere_is_seen(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("[a](docs/none.md) [b](https://a.example) [c](README.md)")
    assert broken_links(tmp_path) == ["README.md: docs/none.md"]
