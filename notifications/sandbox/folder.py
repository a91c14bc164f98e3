"""Where templates stand: with the program, or in a folder of somebody else's, read once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from workflow.model.errors import InvalidInput

SHIPPED = Path(__file__).parents[1] / "templates"
GENERAL = "general"
FRAMES = ("frame.txt", "frame.html")
KINDS = ("subject.txt", "text.txt", "html")
"""What a notice's own templates are called, after its key and a dot."""

MOST_SOURCE = 20_000
MOST_FILES = 500
SUFFIXES = (".txt", ".html")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A template that does not come with the program. `refusal` says why it is not used."""

    name: str
    path: str
    text: str
    refusal: str = ""


def read_folders(folders: Iterable[Path]) -> dict[str, Foreign]:
    """Return the templates of folders by their names; an earlier folder goes before a later one.

    Raises:
        InvalidInput: a folder cannot be read, or has too many files.
    """
    found: dict[str, Foreign] = {}
    for folder in folders:
        for path in files_of(folder):
            if is_template(path) and path.name not in found:
                found[path.name] = _read(path, folder)
    return found


def files_of(folder: Path) -> list[Path]:
    """Return what stands in a folder, by name; what begins with a dot is left out.

    Raises:
        InvalidInput: it cannot be read, or there is too much in it.
    """
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InvalidInput(f"the folder of templates {folder} cannot be read: {reason}") from error
    if len(found) > MOST_FILES:
        text = f"the folder of templates {folder} holds more than {MOST_FILES} files"
        raise InvalidInput(f"{text}: give templates a folder of their own")
    return found


def is_template(path: Path) -> bool:
    """Return whether a file is a template, by its name; a link is judged when it is read."""
    return path.suffix in SUFFIXES and path.is_file()


def _read(path: Path, folder: Path) -> Foreign:
    def refused(reason: str) -> Foreign:
        return Foreign(path.name, str(path), "", reason)

    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve(strict=True)):
            return refused("is a link that leads out of its folder")
        with path.open("rb") as stream:
            content = stream.read(MOST_SOURCE + 1)
        if len(content) > MOST_SOURCE:
            return refused(f"is longer than {MOST_SOURCE} bytes")
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeError) as error:
        return refused(f"cannot be read: {error}")
    return Foreign(path.name, str(path), text)


def shipped_names() -> list[str]:
    """Return the names of the templates that come with the program."""
    return [path.name for path in files_of(SHIPPED)]


def origin_of(notice: str, own: Collection[str]) -> str:
    """Return whose words a notice has: `overridden` by `own` templates, `shipped` or `general`."""
    if any(f"{notice}.{kind}" in own for kind in KINDS):
        return "overridden"
    return "shipped" if (SHIPPED / f"{notice}.text.txt").is_file() else "general"


def copies_of(notice: str) -> dict[str, str]:
    """Return the templates to begin from, as texts by the names that the copies have.

    A notice without words of its own begins from the general ones; `frame` is both frames.
    """
    names = {name: name for name in shipped_names() if name.partition(".")[0] == notice}
    if not names:
        names = {f"{notice}.{kind}": f"{GENERAL}.{kind}" for kind in KINDS[:2]}
    return {name: (SHIPPED / source).read_text(encoding="utf-8") for name, source in names.items()}
