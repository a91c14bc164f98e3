"""`python -m tests.unit.model.chronicle`: writes down what is told today."""

from collections.abc import Iterable

from tests.unit.model.chronicle.refusals import refusals
from tests.unit.model.chronicle.stories import BORN, file_of, story


def write(name: str, lines: Iterable[str]) -> None:
    """Write the lines of a life, or of something else, into its file."""
    file_of(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    for life in BORN:
        write(life, story(life))
    write("refusals", refusals())
