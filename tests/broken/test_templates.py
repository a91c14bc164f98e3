"""Templates that are no good are told by `template check`, each with its file and line."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from notifications.proofs import check_folder
from notifications.sandbox.folder import shipped_names
from tests.broken import templates
from workflow.model.errors import Problem

Maker = Callable[[], Iterable[str]]
NOTICES = sorted(
    {name.partition(".")[0] for name in shipped_names() if name.endswith(".text.txt")}
    - {"general", "digest"}
)
SLOW: dict[Maker, int] = {templates.circular_include: 3, templates.no_end: 5}
"""How many are tried of those that the processor is kept busy by until they are stopped."""


def write(folder: Path, make: Maker) -> dict[Path, str]:
    """Write the templates of a class, each as the words of another notice; return them."""
    sources = list(make())[:: 20 // SLOW.get(make, 20)]
    files = [folder / f"{notice}.text.txt" for notice in NOTICES[: len(sources)]]
    found = dict(zip(files, sources, strict=True))
    for file, source in found.items():
        file.write_text(source.replace("ME", file.name))
    return found


def told(problems: Iterable[Problem], file: Path) -> bool:
    """Return whether an error stands in a file, at a place of its own."""
    return any(
        one.file == str(file) and one.line >= 1 and not one.is_warning and one.message
        for one in problems
    )


@pytest.mark.parametrize("make", [*templates.MAKERS, *templates.SLOW], ids=lambda one: one.__name__)
def test_a_template_that_is_no_good_is_told(make: Maker, tmp_path: Path) -> None:
    written = write(tmp_path, make)
    found = check_folder(tmp_path, {})
    assert [source for file, source in written.items() if not told(found, file)] == []


def test_there_are_twenty_of_each() -> None:
    assert all(len(set(make())) >= 20 for make in (*templates.MAKERS, *templates.SLOW))


def test_a_template_that_is_overlooked_would_be_seen(tmp_path: Path) -> None:
    file = tmp_path / "destroy_now.text.txt"
    file.write_text("Hello {{ title }}")
    assert not told(check_folder(tmp_path, {}), file)
