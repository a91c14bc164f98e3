"""One thing that is wrong across the parts of a definition, and what the parts are called."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from workflow.model.definition import Definition
from workflow.model.errors import did_you_mean

Path = tuple[str | int, ...]
Names = Collection[str]

_MOST_COMPARED = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at `path` of a definition; `name` is the unknown name, if that is it."""

    path: Path
    message: str
    is_warning: bool = False
    name: str = ""


@dataclass(frozen=True)
class Scope:
    """A definition, and its names by their kind."""

    definition: Definition

    @cached_property
    def people(self) -> Names:
        """Return the names that stand for people: roles and groups."""
        return name_all(self.definition.roles, self.definition.groups)

    @cached_property
    def anchors(self) -> Names:
        """Return the names that a timing may count from."""
        parts = self.definition
        return name_all(parts.dates, parts.tasks, parts.stages)

    def kind(self, name: str) -> str | None:
        """Return what `name` is: a date, task, stage, role or group; None when it is nothing."""
        kinds = ("date", "task", "stage", "role", "group")
        parts = self.definition
        places: tuple[Names, ...] = (
            parts.dates,
            parts.tasks,
            parts.stages,
            parts.roles,
            parts.groups,
        )
        return next(
            (kind for kind, place in zip(kinds, places, strict=True) if name in place), None
        )


def find_unknown(
    path: Path, what: str, names: Iterable[str] | str | None, *, known: Names
) -> Iterator[Finding]:
    """Give a finding for each of `names` that is not `known`, or that is given twice.

    `path` is that of the value, or of the list. A single name or none is welcome too.
    """
    if names is None:
        return
    if isinstance(names, str):
        if names not in known:
            yield unknown(path, what, names, known=known)
        return
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name not in known:
            yield unknown((*path, index), what, name, known=known)
        elif name in seen:
            yield Finding((*path, index), f'"{name}" is listed twice')
        seen.add(name)


def unknown(path: Path, what: str, name: str, *, known: Names) -> Finding:
    """Return the finding that there is no `what` called `name`, with the nearest and the list.

    Among very many names only those with the same first letter are compared: a file of nothing
    but mistakes is answered in time too.
    """
    compared = list(known)
    if len(compared) > _MOST_COMPARED:
        alike = [other for other in compared if other[:1] == name[:1]]
        compared = (alike or compared)[:_MOST_COMPARED]
    tail = did_you_mean(name, compared) or "; none is declared"
    return Finding(path, f'unknown {what} "{name}"{tail}', name=name)


def name_all(*names: Iterable[str]) -> Names:
    """Return all of several names in their order, quick to look up."""
    return dict.fromkeys(name for some in names for name in some)
