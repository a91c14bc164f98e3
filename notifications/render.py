"""Turns a notice and its facts into a subject, a text and HTML. The only door of jinja2.

A notice's own words stand once, in `<notice>.text.txt`, and its subject in `<notice>.subject.txt`.
What all messages share (the tasks, their dates and why, whom to ask) stands in the two frames, and
puts the same words into the text and into the HTML. `<notice>.html` may say them with markup where
paragraphs and lists are not enough. A notice without words of its own uses `general`.

Templates see plain values only, never objects of ours; the sandbox stops everything else.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateNotFound
from jinja2.loaders import BaseLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.message import UnsendableMessage
from notifications.wording import several

SHIPPED = Path(__file__).parent / "templates"
MOST_SOURCE = 20_000
MOST_OUTPUT = 200_000
WIDTH = 78
GENERAL = "general"

_FOREIGN_KEY = re.compile(r"[^a-z0-9_]")
_BULLET, _COMMAND = "- ", "peer-challenge "


@dataclass(frozen=True, slots=True)
class Rendered:
    """The three parts of a message. The subject is still without its prefix."""

    subject: str
    text: str
    html: str


class Renderer:
    """Holds the templates, each compiled when it is first used.

    `folders` are searched in turn, before the templates that come with the program.
    """

    def __init__(self, *folders: Path) -> None:
        self._templates = ImmutableSandboxedEnvironment(
            loader=_Folders((*folders, SHIPPED)),
            undefined=StrictUndefined,
            autoescape=lambda name: bool(name) and str(name).endswith(".html"),
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        self._templates.globals["several"] = several
        self._absent: set[str] = set()

    def render(self, notice: str, facts: Mapping[str, Any]) -> Rendered:
        """Return the parts of the message that says `notice`, given its `facts`: plain values.

        Raises:
            UnsendableMessage: a template cannot be read, asks for what is not there, or is too
                large. The text says which one.
        """
        _refuse_objects(facts, path="facts")
        words = self._fill(self._own(notice, "text.txt"), facts)
        own_html = self._find(f"{_named(notice)}.html")
        framed = {
            **facts,
            "words": words.strip(),
            "paragraphs": _paragraphs(words),
            "own_html": own_html.name if own_html else None,
        }
        return Rendered(
            subject=" ".join(self._fill(self._own(notice, "subject.txt"), facts).split()),
            text=wrap_text(self._fill(self._load("frame.txt"), framed)),
            html=self._fill(self._load("frame.html"), framed),
        )

    def has_words_for(self, notice: str) -> bool:
        """Return whether `notice` has words of its own."""
        return self._find(f"{_named(notice)}.text.txt") is not None

    def _own(self, notice: str, kind: str) -> Template:
        """Return the template of a notice, or else the general one."""
        return self._find(f"{_named(notice)}.{kind}") or self._load(f"{GENERAL}.{kind}")

    def _find(self, name: str) -> Template | None:
        if name in self._absent:
            return None
        try:
            return self._load(name)
        except _Absent:
            self._absent.add(name)
            return None

    def _load(self, name: str) -> Template:
        try:
            return self._templates.get_template(name)
        except TemplateNotFound as error:
            raise _Absent(f"there is no template {name}") from error
        except (TemplateError, UnicodeError, OSError) as error:
            raise UnsendableMessage(f"the template {name} cannot be read: {error}") from error

    def _fill(self, template: Template, facts: Mapping[str, Any]) -> str:
        try:
            filled = _joined(template.generate(facts))
        except Exception as error:
            # a template is foreign text: whatever it stumbles over is its own fault
            text = f"the template {template.name} cannot be filled in: {error}"
            raise UnsendableMessage(text) from error
        if filled is None:
            text = f"the template {template.name} says more than {MOST_OUTPUT} characters"
            raise UnsendableMessage(text)
        return filled


class _Absent(UnsendableMessage):
    pass


class _Folders(BaseLoader):
    """Reads templates from the first folder that has them; refuses large ones."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def get_source(self, environment: object, template: str) -> tuple[str, str | None, None]:
        """Return the text of a template and where it stands."""
        for folder in self._folders:
            path = folder / template
            if "/" in template or template.startswith(".") or not path.is_file():
                continue
            if path.stat().st_size > MOST_SOURCE:
                text = f"the template {template} is longer than {MOST_SOURCE} bytes"
                raise UnsendableMessage(text)
            return path.read_text(encoding="utf-8"), str(path), None
        raise TemplateNotFound(template)


def wrap_text(text: str) -> str:
    """Return `text` with lines of at most 78 characters, words kept whole, indents kept.

    A command stays on one line, so that it can be copied.
    """
    lines = list[str]()
    for line in text.splitlines():
        if len(line) <= WIDTH or line.lstrip().startswith(_COMMAND):
            lines.append(line.rstrip())
            continue
        indent = line[: len(line) - len(line.lstrip())]
        hanging = indent + "  " if line.lstrip().startswith(_BULLET) else indent
        lines += wrap(
            line.strip(),
            WIDTH,
            initial_indent=indent,
            subsequent_indent=hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def _joined(pieces: Iterable[str]) -> str | None:
    """Return the pieces as one text; None as soon as it is too long."""
    kept, size = list[str](), 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size > MOST_OUTPUT:
            return None
    return "".join(kept)


def _named(notice: str) -> str:
    """Return `notice` as part of a file name: a definition's key has nothing else in it anyway."""
    return _FOREIGN_KEY.sub("", notice)


def _paragraphs(words: str) -> list[dict[str, Any]]:
    """Return the paragraphs of a text; one whose lines all begin with a dash is a list."""
    found = list[dict[str, Any]]()
    for block in re.split(r"\n\s*\n", words.strip()):
        lines = [line.strip() for line in block.splitlines()]
        is_list = all(line.startswith(_BULLET) for line in lines)
        items = [line.removeprefix(_BULLET) for line in lines] if is_list else []
        found.append({"text": " ".join(lines), "points": items})
    return found


def _refuse_objects(value: object, *, path: str) -> None:
    if isinstance(value, dict):
        for key, part in value.items():
            _refuse_objects(part, path=f"{path}.{key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            _refuse_objects(part, path=f"{path}[{number}]")
    elif type(value) not in {str, int, float, bool, type(None)}:
        raise TypeError(f"templates get plain values only: {path} is a {type(value).__name__}")
