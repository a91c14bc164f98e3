"""Reads definition files: every problem at once, each with its line, column and way out.

A file passes four gates, and all that one gate finds is said at once: its text (`source`), its
shape (`tree`), its keys and values (`messages`), and what its parts say of each other
(`workflow.model.checks.references`). Findings of the last gate are given as far as they can be
trusted even when the third one found something.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from io import StringIO
from pathlib import Path as FilePath

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from definitions import messages, source, tree
from definitions.grammar import translate_yaml
from definitions.mending import find_trusted
from definitions.tree import Fault, Kind, Path, Place, Token, Tree, Unreadable
from workflow.model.checks.finding import Finding
from workflow.model.checks.references import find_problems
from workflow.model.definition import Definition
from workflow.model.errors import InvalidDefinition, InvalidInput, NotFound, Problem

MOST_PROBLEMS = 100
Checker = Callable[[Definition], Iterable[Finding]]

_KINDS: dict[type[Event], Kind] = {
    DocumentStartEvent: Kind.DOCUMENT,
    MappingStartEvent: Kind.MAPPING,
    SequenceStartEvent: Kind.LIST,
    MappingEndEvent: Kind.END,
    SequenceEndEvent: Kind.END,
    ScalarEvent: Kind.SCALAR,
    AliasEvent: Kind.ALIAS,
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A definition, its exact text, and the SHA-256 of that text (hexadecimal)."""

    definition: Definition
    text: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: `definition` is None when it cannot be used. Warnings do not stop it."""

    definition: Definition | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that stop it."""
        return tuple(problem for problem in self.problems if not problem.is_warning)


def check(content: str | bytes, *, file: str, further: Checker | None = None) -> Checked:
    """Return the definition that `content` holds, and everything that is wrong with it.

    `file` is what the problems call it; `further` finds what can be known only elsewhere, such as
    whether its messages can be written. Never raises, whatever the content.
    """
    try:
        grown = tree.grow(read_tokens(source.decode(content)))
    except Unreadable as error:
        return Checked(None, _problems(file, [error.fault]))
    if not grown.is_usable:
        return _checked(None, _problems(file, grown.faults))
    return _check_tree(grown, file=file, further=further)


def load_text(text: str | bytes, *, file: str) -> Loaded:
    """Return the definition in `text`.

    Raises:
        InvalidDefinition: something is wrong with it; all of it is listed.
    """
    checked = check(text, file=file)
    if checked.definition is None:
        raise InvalidDefinition(checked.errors)
    exact = text if isinstance(text, str) else text.decode()
    return Loaded(checked.definition, exact, content_hash(exact))


def load_file(path: str | FilePath) -> Loaded:
    """Return the definition in the file at `path`.

    Raises:
        InvalidDefinition: something is wrong with it; all of it is listed.
        NotFound: there is no such file.
        InvalidInput: it cannot be read.
    """
    return load_text(read_file(path), file=str(path))


def read_file(path: str | FilePath) -> bytes:
    """Return what the file at `path` holds, no more of it than is needed to see it is too big.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it cannot be read.
    """
    try:
        with FilePath(path).open("rb") as stream:
            return stream.read(source.MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise NotFound("definition file", str(path), ()) from error
    except IsADirectoryError as error:
        raise InvalidInput(f"{path} is a folder; give the name of a definition file") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InvalidInput(f"{path} cannot be read: {reason.lower()}") from error


@cache
def load(name: str) -> Loaded:
    """Return the definition called `name` that comes with the product.

    Raises:
        NotFound: there is no such definition.
    """
    return load_text(read_shipped(name), file=f"{name}.yaml")


def read_shipped(name: str) -> str:
    """Return the text of the definition called `name` that comes with the product.

    Raises:
        NotFound: there is no such definition.
    """
    if name not in (names := shipped()):
        raise NotFound("definition", name, names)
    return (resources.files("definitions") / f"{name}.yaml").read_text(encoding="utf-8")


def shipped() -> list[str]:
    """Return the names of the definitions that come with the product, in order."""
    entries = resources.files("definitions").iterdir()
    return sorted(entry.name[:-5] for entry in entries if entry.name.endswith(".yaml"))


def content_hash(text: str) -> str:
    """Return the SHA-256 of `text`, by which a challenge is pinned to its definition."""
    return sha256(text.encode()).hexdigest()


def dump(definition: Definition) -> str:
    """Return `definition` as a file that loads to an equal one; comments are not kept."""
    document = definition.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude_none=True
    )
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.allow_unicode, yaml.width = False, True, 100
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    stream = StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _check_tree(grown: Tree, *, file: str, further: Checker | None) -> Checked:
    """Return what the third and the fourth gate find, and whoever else was asked."""
    grown.faults.extend(messages.find_python_keys(grown))
    try:
        definition = Definition.model_validate(grown.value)
    except ValidationError as error:
        told = messages.translate(error, grown)
        about = {fault.path for fault in told}
        faults = [fault for fault in grown.faults if fault.path[:-1] not in about]
        trusted = _located(file, grown, find_trusted(error, grown.value))
        return _checked(None, _problems(file, [*faults, *told]) + trusted)
    findings = [*find_problems(definition), *(further(definition) if further else ())]
    found = _located(file, grown, findings)
    return _checked(definition, _problems(file, grown.faults) + found)


def _checked(definition: Definition | None, problems: tuple[Problem, ...]) -> Checked:
    """Return what was found in the order of the file; of very many problems only the first."""
    ordered = sorted(problems)
    is_usable = all(problem.is_warning for problem in ordered)
    if len(ordered) > MOST_PROBLEMS:
        following = ordered[MOST_PROBLEMS]
        text = (
            f"from here on there are {len(ordered) - MOST_PROBLEMS} more problems; mend the first"
        )
        ordered[MOST_PROBLEMS:] = [following._replace(path="", message=text, is_warning=is_usable)]
    return Checked(definition if is_usable else None, tuple(ordered))


def _problems(file: str, faults: list[Fault]) -> tuple[Problem, ...]:
    """Return `faults` as problems of `file`, in the order of their places."""
    found = (
        Problem(file, *fault.place, ".".join(map(str, fault.path)), fault.message)
        for fault in faults
    )
    return tuple(sorted(found))


def _located(file: str, grown: Tree, findings: list[Finding]) -> tuple[Problem, ...]:
    """Return `findings` as problems of `file`, each with its place."""
    return tuple(
        Problem(
            file,
            *_place(messages.in_file(finding.path, grown), grown),
            ".".join(map(str, messages.in_file(finding.path, grown))),
            finding.message,
            finding.is_warning,
        )
        for finding in findings
    )


def _place(path: Path, grown: Tree) -> Place:
    """Return where a finding is shown: at a plain value, but at the key of a whole part."""
    spot = grown.spots.get(path)
    return grown.place(path, of_key=spot is not None and spot.text is None)


def read_tokens(text: str) -> Iterator[Token]:
    """Return the steps through the YAML in `text`.

    Raises:
        Unreadable: it is not YAML; the message is in our words.
    """
    try:
        for event in YAML(typ="safe", pure=True).parse(StringIO(text)):
            if kind := _KINDS.get(type(event)):
                yield _token(kind, event)
    except MarkedYAMLError as error:
        is_unclosed = "quoted scalar" in (error.context or "") and "end" in (error.problem or "")
        mark = error.context_mark if is_unclosed else error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        begun = error.context_mark.line + 1 if error.context_mark else None
        raise Unreadable(place, (), translate_yaml(error.problem, begun=begun)) from error
    except (YAMLError, ValueError) as error:
        raise Unreadable(Place(1, 1), (), translate_yaml(None)) from error


def _token(kind: Kind, event: Event) -> Token:
    """Return `event` without what is the library's own."""
    place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
    if not isinstance(event, NodeEvent):
        return Token(kind, place)
    if isinstance(event, AliasEvent):
        return Token(kind, place, str(event.anchor))
    text = event.value if isinstance(event, ScalarEvent) else ""
    is_plain = isinstance(event, ScalarEvent) and event.style is None
    tag = getattr(event, "ctag", None)
    return Token(kind, place, text, is_plain, event.anchor, str(tag) if tag else None)
