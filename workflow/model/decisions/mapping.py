"""What a person says takes the place of what: is it there, on both sides, once?"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from workflow.model.errors import nearest
from workflow.model.lines import RETENTION_PREFIX
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """What is called otherwise now, old to new: `keys` of all that is no role, and `roles`."""

    keys: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    def key(self, old: str) -> str:
        """Return what a task, a date, a stage or a pause is called now."""
        return self.keys.get(old, old)

    def rule(self, old: str) -> str:
        """Return what a retention rule is called now; empty if it becomes a task of its own."""
        name = self.key(f"{RETENTION_PREFIX}{old}")
        return name.removeprefix(RETENTION_PREFIX) if name.startswith(RETENTION_PREFIX) else ""

    def role(self, old: str) -> str:
        """Return what a role is called now."""
        return self.roles.get(old, old)

    def task(self, old: Task) -> str:
        """Return the key that a task has now."""
        return self.key(old.spec) + old.key[len(old.spec) :]


@dataclass(frozen=True, slots=True)
class _Names:
    """One kind of names: what it is, what there is in the old definitions, and in the new one."""

    what: str
    old: Collection[str]
    new: Collection[str]


def misnamed(olds: Iterable[Rulebook], new: Rulebook, renaming: Renaming) -> Iterator[str]:
    """Yield what is wrong with a renaming: unknown names, other kinds, two that become one."""
    every = list(olds)
    if not every:
        return
    kinds = [_kind(what, every, new) for what in ("task", "date", "stage", "pause")]
    yield from _wrong("--map", kinds, renaming.keys)
    yield from _wrong("--map-role", [_kind("role", every, new)], renaming.roles)


def _kind(what: str, olds: list[Rulebook], new: Rulebook) -> _Names:
    """Return the names of one kind that there are, and that there will be."""
    return _Names(what, {key for old in olds for key in _names(what, old)}, _names(what, new))


def _names(what: str, rulebook: Rulebook) -> Collection[str]:
    if what == "task":
        return {
            *rulebook.specs,
            *(f"{RETENTION_PREFIX}{key}" for key in rulebook.definition.retention),
        }
    names: Collection[str] = getattr(rulebook.definition, f"{what}s")
    return names


def _wrong(option: str, kinds: list[_Names], names: Mapping[str, str]) -> Iterator[str]:
    *others, last = (kind.what for kind in kinds)
    what = f"{', '.join(others)} or {last}" if others else last
    for old, name in names.items():
        said = f"{option} {old}={name}"
        meant = [kind for kind in kinds if old in kind.old]
        if not meant:
            known = [key for kind in kinds for key in kind.old]
            yield f'{said}: there is no {what} "{old}" now{_guess(old, known)}'
        elif not any(name in kind.new for kind in meant):
            known = [key for kind in meant for key in kind.new]
            yield f'{said}: the new version has no {meant[0].what} "{name}"{_guess(name, known)}'
        elif other := _other(old, name, meant[0], names):
            is_kept = other == name
            what = f"{name} stays what it is" if is_kept else f"{other} would become {name}, too"
            yield f"{said}: {what}; two cannot become one"


def _other(old: str, name: str, kind: _Names, names: Mapping[str, str]) -> str:
    """Return another name that becomes the same: by another mapping, or since it stays."""
    found = (other for other in kind.old if other != old and names.get(other, other) == name)
    return next(iter(sorted(found)), "")


def _guess(name: str, known: Iterable[str]) -> str:
    near = nearest(name, sorted(known))
    return f'; did you mean "{near}"?' if near else ""
