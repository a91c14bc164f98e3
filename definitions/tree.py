"""What stands where in a file: plain values, each with its line and column.

The loader turns the file into tokens; `grow` makes values of them. Only a small part of YAML is
welcome here: mappings, lists and plain scalars as YAML 1.2 reads them. Whatever makes a file
mean something else than it seems to say (aliases, merge keys, tags, a key given twice) is a
problem, and each place is named.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from definitions.grammar import find_odd

MOST_DEPTH = 20
MOST_ENTRIES = 2_000
MOST_NODES = 12_000

Path = tuple[str | int, ...]

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FRACTION = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
_NOTHING = ("", "~", "null", "Null", "NULL")
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class Place(NamedTuple):
    """A line and a column of a file, both counted from 1."""

    line: int
    column: int


_START = Place(1, 1)


class Kind(StrEnum):
    """What a token is."""

    DOCUMENT = "document"
    MAPPING = "mapping"
    LIST = "list"
    END = "end"
    SCALAR = "scalar"
    ALIAS = "alias"


class Token(NamedTuple):
    """One step through a file."""

    kind: Kind
    place: Place
    text: str = ""
    is_plain: bool = False
    anchor: str | None = None
    tag: str | None = None


class Spot(NamedTuple):
    """Where an entry stands: its key (or itself, in a list), its value, and how it is written."""

    key: Place
    value: Place
    text: str | None


class Fault(NamedTuple):
    """Something wrong with the file as a tree."""

    place: Place
    path: Path
    message: str


class Unreadable(Exception):
    """The file is not worth reading on; carries the one fault that says why."""

    def __init__(self, place: Place, path: Path, message: str) -> None:
        self.fault = Fault(place, path, message)
        super().__init__(message)


@dataclass
class Tree:
    """A file's values, and where each stands. `emptied` are keys that had no value, left out."""

    value: object = None
    spots: dict[Path, Spot] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    emptied: set[Path] = field(default_factory=set)
    is_usable: bool = True

    def blame(self, place: Place, path: Path, message: str) -> None:
        """Note something wrong."""
        self.faults.append(Fault(place, path, message))

    def existing(self, path: Path) -> Path:
        """Return the longest beginning of `path` that stands in the file."""
        while path and path not in self.spots:
            path = path[:-1]
        return path

    def place(self, path: Path, *, of_key: bool = False) -> Place:
        """Return where `path` stands, or the key of its nearest parent that does."""
        found = self.existing(path)
        if not found:
            return Place(1, 1)
        spot = self.spots[found]
        return spot.key if of_key or found != path else spot.value


@dataclass
class _Branch:
    """A mapping or a list that is still growing. A lost one belongs to a key that was refused."""

    path: Path
    value: dict[str, object] | list[object]
    key: str | None = None
    key_place: Place = _START
    is_skipping: bool = False
    is_lost: bool = False
    folded: dict[str, str] = field(default_factory=dict)

    @property
    def awaits_key(self) -> bool:
        """Return whether the next token is a key."""
        return isinstance(self.value, dict) and self.key is None and not self.is_skipping


def grow(tokens: Iterable[Token]) -> Tree:
    """Return the values that `tokens` make.

    Raises:
        Unreadable: it is empty, too deep, too big, or more than one document.
    """
    grower = _Grower()
    for token in tokens:
        grower.take(token)
    if not grower.has_root:
        raise Unreadable(Place(1, 1), (), "the file is empty; it must hold a definition")
    if not isinstance(grower.tree.value, dict):
        place, found = grower.root_place, describe(grower.tree.value)
        text = f"a definition is a mapping of keys and values, but this file is {found}"
        raise Unreadable(place, (), text)
    return grower.tree


def resolve(text: str, *, is_plain: bool) -> object:
    """Return what a scalar means in YAML 1.2, less its odder numbers: `NO`, `12:30` are text."""
    if not is_plain:
        return text
    if text in _NOTHING:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _FRACTION.fullmatch(text) else text


def describe(value: object) -> str:
    """Return what `value` is, in words that finish `but this is …`."""
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value}"
        case str():
            return f'the text "{shorten(value)}"'
        case dict():
            return "a mapping"
        case _:
            return "a list"


def shorten(text: str, *, most: int = 60) -> str:
    """Return `text` on one line and not too long, to be quoted in a message."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


class _Grower:
    """Grows a tree token by token, without recursion: depth costs nothing."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.branches: list[_Branch] = []
        self.has_root, self.root_place = False, Place(1, 1)
        self.documents = self.nodes = 0

    def take(self, token: Token) -> None:
        """Take the next token."""
        if token.kind is Kind.DOCUMENT:
            self._start_document(token)
        elif token.kind is Kind.END:
            self.branches.pop()
        else:
            self._count(token)
            self._refuse_oddities(token)
            if self.branches and self.branches[-1].awaits_key:
                self._take_key(self.branches[-1], token)
            else:
                self._take_value(token)

    def _start_document(self, token: Token) -> None:
        self.documents += 1
        if self.documents > 1:
            text = "a second document begins here (`---`); a file holds one definition"
            raise Unreadable(token.place, (), text)

    def _path(self) -> Path:
        """Return the path of the entry that comes next."""
        if not self.branches:
            return ()
        branch = self.branches[-1]
        if isinstance(branch.value, list):
            return (*branch.path, len(branch.value))
        return (*branch.path, branch.key) if branch.key is not None else branch.path

    def _count(self, token: Token) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            text = f"the file has too many entries (at most {MOST_NODES:,} keys and values in all)"
            raise Unreadable(token.place, self._path(), text)
        if self.branches and len(self.branches[-1].value) >= MOST_ENTRIES:
            branch = self.branches[-1]
            text = f"too many entries in one place (at most {MOST_ENTRIES:,})"
            if branch.key is None:
                raise Unreadable(token.place, branch.path, text)

    def _refuse_oddities(self, token: Token) -> None:
        if odd := find_odd(token.text + (token.tag or "")):  # as an escape spells it out: "\0"
            raise Unreadable(token.place, self._path(), odd[1])
        name = shorten(token.text)
        if token.kind is Kind.ALIAS:
            self.tree.is_usable = False
            self.tree.blame(
                token.place,
                self._path(),
                f"aliases (*{name}) are not allowed; write the value out again",
            )
        elif token.anchor is not None:
            text = f"anchors (&{shorten(token.anchor)}) are not allowed; leave it out"
            self.tree.blame(token.place, self._path(), text)
        if token.tag is not None:
            text = f"tags ({shorten(token.tag)}) are not allowed; leave it out"
            self.tree.blame(token.place, self._path(), text)

    def _take_key(self, branch: _Branch, token: Token) -> None:
        if token.kind in {Kind.MAPPING, Kind.LIST}:
            text = (
                f"a key must be a word, but this is a {token.kind}; put text with braces in quotes"
            )
            raise Unreadable(token.place, branch.path, text)
        if token.kind is Kind.ALIAS:
            branch.is_skipping = True
            return
        key = resolve(token.text, is_plain=token.is_plain)
        if not isinstance(key, str) or not key:
            text = f'a key must be a word, but this is {describe(key)}; put it in quotes: "{key}"'
            self.tree.blame(
                token.place,
                self._path(),
                text if token.text else "a key is missing before the colon",
            )
            branch.is_skipping = True
        elif key == "<<" and token.is_plain:
            self.tree.is_usable = False
            self.tree.blame(
                token.place,
                self._path(),
                "merge keys (<<) are not allowed; write the keys out again",
            )
            branch.is_skipping = True
        else:
            self._accept_key(branch, key, token)

    def _accept_key(self, branch: _Branch, key: str, token: Token) -> None:
        earlier = branch.folded.get(key.casefold())
        if earlier is None:
            branch.folded[key.casefold()] = key
            branch.key, branch.key_place = key, token.place
            return
        first = self.tree.spots.get((*branch.path, earlier))
        where = f" (first on line {first.key.line})" if first else ""
        text = f'the key "{shorten(key)}" is given twice{where}'
        if key != earlier:
            text = f'the key "{shorten(key)}" differs from "{shorten(earlier)}" only in capitals'
        self.tree.blame(token.place, (*branch.path, key), text)
        branch.is_skipping = True

    def _take_value(self, token: Token) -> None:
        path, value = self._path(), _begin(token)
        branch = self.branches[-1] if self.branches else None
        is_skipped = branch is not None and branch.is_skipping
        if not is_skipped and value is None and token.kind is Kind.SCALAR and branch is not None:
            self._refuse_nothing(branch, path, token)
        elif not is_skipped:
            self._place_value(branch, path, token, value)
        if branch is not None:
            branch.key, branch.is_skipping = None, False
        if isinstance(value, dict | list):
            is_lost = branch is not None and (is_skipped or branch.is_lost)
            self._open(path, token, _Branch(path, value, is_lost=is_lost))

    def _refuse_nothing(self, branch: _Branch, path: Path, token: Token) -> None:
        at = branch.key_place if isinstance(branch.value, dict) and not token.text else token.place
        name = f'"{path[-1]}"' if isinstance(path[-1], str) else "an entry of the list"
        text = f"{name} has no value; write one, or leave it out"
        self.tree.blame(at, path, text)
        self.tree.emptied.add(path)

    def _place_value(self, branch: _Branch | None, path: Path, token: Token, value: object) -> None:
        if branch is None:
            self.tree.value, self.has_root = value, bool(value is not None)
            self.root_place = token.place
            return
        if isinstance(branch.value, dict):
            branch.value[str(path[-1])] = value
            key_place = branch.key_place
        else:
            branch.value.append(value)
            key_place = token.place
        text = token.text if token.kind is Kind.SCALAR else None
        if not branch.is_lost:
            self.tree.spots[path] = Spot(key_place, token.place, text)

    def _open(self, path: Path, token: Token, branch: _Branch) -> None:
        if len(self.branches) >= MOST_DEPTH:
            text = f"the file is nested too deeply (at most {MOST_DEPTH} levels)"
            raise Unreadable(token.place, path, text)
        self.branches.append(branch)


def _begin(token: Token) -> object:
    """Return the value that `token` begins."""
    if token.kind is Kind.MAPPING:
        return {}
    if token.kind is Kind.LIST:
        return []
    return None if token.kind is Kind.ALIAS else resolve(token.text, is_plain=token.is_plain)
