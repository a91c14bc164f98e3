"""Turns a notice and its facts into a subject, a text and HTML. The only door of jinja2.

A notice's own words stand once, in `<notice>.text.txt`, and its subject in `<notice>.subject.txt`.
What all messages share (the tasks, their dates and why, whom to ask) stands in the two frames, and
puts the same words into the text and into the HTML. `<notice>.html` may say them with markup where
paragraphs and lists are not enough. A notice without words of its own uses `general`.

Templates see plain values only, never objects of ours; the sandbox stops everything else. Those of
a programme's own folder are tried beforehand in a process of their own (`sandbox.trial`): one that
fails there is never used, and no other words are put in its place.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateNotFound, TemplateSyntaxError, meta, nodes
from jinja2.loaders import BaseLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Namespace

from notifications.sandbox.confinement import confine, timed
from notifications.sandbox.fault import TemplateFault
from notifications.sandbox.folder import GENERAL, SHIPPED, SUFFIXES, Foreign, read_folders
from notifications.sandbox.styles import changed
from notifications.sandbox.trial import READY, TOO_LARGE, tried
from notifications.sandbox.values import refuse_objects
from notifications.wording import paragraphs, several, wrap_text
from workflow.model.errors import did_you_mean

MOST_OUTPUT = 200_000
GLOBALS: dict[str, object] = {"range": safe_range, "namespace": Namespace, "several": several}
UNSAID: dict[str, Any] = {
    "feed": "", "reply_says": "", "for_whom": "", "away_until": "", "entry": None, "sections": [],
}  # fmt: skip
"""What not every message is told about."""

_FOREIGN_KEY = re.compile(r"[^a-z0-9_]")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The three parts of a message. The subject is still without its prefix."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a template asks for: names that it does not make itself, by line; other templates."""

    names: Mapping[str, int]
    templates: frozenset[str]


class Renderer:
    """Holds the templates, each compiled when it is first used; the program's own once a process.

    `folders` are searched in turn, before the templates that come with the program. They are read
    and tried once, here: what changes in them later is not seen.

    Raises:
        InvalidInput: a folder cannot be read.
        Unavailable: its templates cannot be tried now.
    """

    def __init__(self, *folders: Path) -> None:
        self._templates = _Templates(tried(read_folders(folders)))

    def render(self, notice: str, facts: Mapping[str, Any]) -> Rendered:
        """Return the parts of the message that says `notice`, given its `facts`: plain values.

        Raises:
            UnsendableMessage: a template cannot be read, asks for what is not there, or is too
                large. The text says which one.
        """
        words = self.words(notice, facts)
        own_html = self._templates.find(f"{_named(notice)}.html")
        framed = _framed(facts, words, own_html=own_html.name if own_html else None)
        subject = _filled(self._own(notice, "subject.txt"), facts)
        return Rendered(
            subject=" ".join(subject.split()),
            text=wrap_text(_filled(self._templates.load("frame.txt"), framed)),
            html=_filled(self._templates.load("frame.html"), framed),
        )

    def words(self, notice: str, facts: Mapping[str, Any]) -> str:
        """Return only the words of a notice, as they stand among others in a digest.

        Raises:
            UnsendableMessage: as `render`.
        """
        refuse_objects(facts, path="facts")
        return _filled(self._own(notice, "text.txt"), facts).strip()

    def has_words_for(self, notice: str) -> bool:
        """Return whether `notice` has words of its own."""
        return self._templates.find(f"{_named(notice)}.text.txt") is not None

    def check(self, name: str) -> None:
        """Look whether a template can be used at all.

        Raises:
            TemplateFault: it is refused, or cannot be read.
        """
        self._templates.load(name)

    def _own(self, notice: str, kind: str) -> Template:
        """Return the template of a notice, or else the general one."""
        own = self._templates.find(f"{_named(notice)}.{kind}")
        return own or self._templates.load(f"{GENERAL}.{kind}")


class _Templates:
    """Templates by their names, compiled once each."""

    def __init__(self, foreign: Mapping[str, Foreign]) -> None:
        self._environment = _environment(_Shelf(foreign)) if foreign else _shipped()
        self._absent: set[str] = set()

    def load(self, name: str) -> Template:
        """Return a template, or raise TemplateFault."""
        try:
            return self._environment.get_template(name)
        except TemplateNotFound as error:
            reason = f"there is no template {name}"
            raise _Absent(reason, reason=reason) from error
        except TemplateFault:
            raise
        except Exception as error:
            # a template is foreign text: whatever it stumbles over is its own fault
            raise _fault(error, name, "cannot be read") from error

    def find(self, name: str) -> Template | None:
        """Return a template, None where there is none."""
        if name in self._absent:
            return None
        try:
            return self.load(name)
        except _Absent:
            self._absent.add(name)
            return None

    def fails(self, name: str, samples: Iterable[Mapping[str, Any]]) -> str:
        """Return why a template must never be used, empty if it may: a mere mistake is no reason.

        Whoever calls this has bounded the time and the memory of the process.
        """
        for facts in samples:
            try:
                _filled(self.load(name), _framed(facts, "Words.", own_html=None))
            except TemplateFault as fault:
                if isinstance(fault.__cause__, MemoryError):
                    return TOO_LARGE
        return ""


class _Absent(TemplateFault):
    pass


class _Shelf(BaseLoader):
    """Gives templates by their plain names: foreign ones, else those of the program."""

    def __init__(self, foreign: Mapping[str, Foreign]) -> None:
        self._foreign = foreign

    def get_source(
        self, environment: object, template: str
    ) -> tuple[str, str, Callable[[], bool] | None]:
        """Return the text of a template and where it stands."""
        foreign = self._foreign.get(template)
        if foreign is not None and foreign.refusal:
            text = f"the template {template} {foreign.refusal}; it is not used ({foreign.path})"
            raise TemplateFault(text, reason=foreign.refusal, file=foreign.path)
        path = Path(foreign.path) if foreign else SHIPPED / template
        if not foreign and (path.parent != SHIPPED or not path.is_file()):
            raise TemplateNotFound(template)
        text = foreign.text if foreign else path.read_text(encoding="utf-8")
        return (inline_styles(text) if template.endswith(".html") else text), str(path), None


class _Missing(StrictUndefined):
    """What is not there: it says what is."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        there, name = self._undefined_obj, str(self._undefined_name)
        if isinstance(there, dict):
            return f'there is no "{name}" here{did_you_mean(name, list(there))}'
        return super()._undefined_message


class _Sandbox(ImmutableSandboxedEnvironment):
    """The library's sandbox. It would first look for a method of a dictionary: facts have none."""

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401  (as the library has it)
        """Return what a fact holds; of anything else, what the library allows."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template knows of itself, as a dictionary: it is copied for each fill.

        The library's chain of two takes three times as long to copy as the rest of a short fill.
        """
        return {**self.globals, **(d or {})}


def _environment(loader: BaseLoader | None) -> ImmutableSandboxedEnvironment:
    made = _Sandbox(
        loader=loader,
        undefined=_Missing,
        autoescape=lambda name: bool(name) and str(name).endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.globals.clear()
    made.globals.update(GLOBALS)
    return made


@cache
def _shipped() -> ImmutableSandboxedEnvironment:
    """Return what compiles the program's own templates: once a process, whoever renders."""
    return _environment(_Shelf({}))


def try_templates() -> None:
    """Try the templates that stand on stdin; say on stdout, line by line, how each one went."""
    asked = json.load(sys.stdin)
    foreign = {name: Foreign(name, name, text) for name, text in asked["templates"].items()}
    templates = _Templates(foreign)
    confine()
    _say(READY)
    for name in asked["names"]:
        with timed():
            verdict = templates.fails(name, asked["samples"])
        _say(json.dumps([name, verdict]))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def look_into(text: str, *, name: str) -> Asked:
    """Return what a template asks for; nothing of it is carried out.

    Raises:
        TemplateFault: it cannot be read.
    """
    environment = _environment(None)
    try:
        tree = environment.parse(text, name)
        asked = meta.find_undeclared_variables(tree)
        named = meta.find_referenced_templates(tree)
        lines = {n.name: n.lineno for n in reversed(list(tree.find_all(nodes.Name)))}
    except Exception as error:
        raise _fault(error, name, "cannot be read") from error
    names = {one: line for one, line in lines.items() if one in asked}
    return Asked(names, frozenset(one for one in named if one))


def inline_styles(source: str) -> str:
    """Return a page with the rules of its `<style>` in the elements; what asks the screen stays.

    This is done once, with the template.

    Raises:
        ValueError: an element begins or ends on one side of a template's tag only.
    """
    if "<style" not in source:
        return source
    from css_inline import CSSInliner

    return changed(source, CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline)


def _framed(facts: Mapping[str, Any], words: str, *, own_html: str | None) -> dict[str, Any]:
    """Return what the frames are told."""
    told = {**UNSAID, **facts, "words": words.strip(), "paragraphs": paragraphs(words)}
    sections = [{**part, "paragraphs": paragraphs(part["words"])} for part in told["sections"]]
    return {**told, "sections": sections, "own_html": own_html}


def _fault(error: Exception, name: str, what: str) -> TemplateFault:
    """Return what is wrong with a template, with the place where it went wrong."""
    file, line = "", 1
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(SUFFIXES):
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, TemplateSyntaxError):
        file, line = error.filename or file, error.lineno
    reason = f"{what}: {error}" if str(error) else f"{what}: {type(error).__name__}"
    return TemplateFault(f"the template {name} {reason}", reason=reason, file=file, line=line)


def _filled(template: Template, facts: Mapping[str, Any]) -> str:
    """Return what a template says, or raise TemplateFault."""
    try:
        filled = _joined(template.generate(facts))
    except Exception as error:
        raise _fault(error, str(template.name), "cannot be filled in") from error
    if filled is None:
        reason = f"says more than {MOST_OUTPUT} characters"
        text = f"the template {template.name} {reason}"
        raise TemplateFault(text, reason=reason, file=template.filename or "")
    return filled


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
