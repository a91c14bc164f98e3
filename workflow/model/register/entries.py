"""What the register has a line for: each obligation, then each task that none names."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from workflow.model.duties import HOUSE_POLICY, plain_title
from workflow.model.planning.rulebook import Rulebook


class Origin(StrEnum):
    """Whose rule an obligation is: one that was published, or the programme's own."""

    GUIDANCE = "guidance"
    HOUSE = "house"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the register, as the definition has it.

    `names` are the tasks, dates and steps that keep it, `stages` those in which they are for, none
    where that is any; `kept_by` and `policy` say how it is kept when nothing needs to be done.
    """

    key: str
    title: str
    source: str
    origin: Origin
    stages: tuple[str, ...]
    names: tuple[str, ...]
    kept_by: str = ""
    policy: str = ""


@lru_cache(maxsize=64)
def entries(rulebook: Rulebook) -> tuple[Entry, ...]:
    """Return the lines of the register, in the definition's order."""
    rules = rulebook.definition.obligations
    found = [
        Entry(
            key=key,
            title=rule.title,
            source=rule.source,
            origin=origin_of(rule.source),
            stages=_stages(rulebook, (*rule.enforced_by, *rule.tracked_by)),
            names=(*rule.enforced_by, *rule.tracked_by),
            kept_by=rule.kept_by or "",
            policy=rule.policy or "",
        )
        for key, rule in rules.items()
    ]
    named = {name for entry in found for name in entry.names}
    return (*found, *(_of_task(rulebook, key) for key in rulebook.specs if key not in named))


def _of_task(rulebook: Rulebook, key: str) -> Entry:
    spec = rulebook.specs[key]
    source = spec.source or spec.target_source or ""
    return Entry(
        key=key,
        title=plain_title(spec),
        source=source,
        origin=origin_of(source),
        stages=_stages(rulebook, (key,)),
        names=(key,),
    )


def origin_of(source: str) -> Origin:
    """Return whose rule stands behind something; what names no source is the programme's own."""
    is_house = not source or source.startswith(HOUSE_POLICY)
    return Origin.HOUSE if is_house else Origin.GUIDANCE


def _stages(rulebook: Rulebook, names: Sequence[str]) -> tuple[str, ...]:
    """Return the stages in which tasks are open, or out of which steps lead, in their order."""
    definition = rulebook.definition
    found: set[str] = set()
    for name in names:
        if name in rulebook.specs:
            found.update(rulebook.specs[name].stage)
        elif name in definition.transitions:
            found.update(definition.transitions[name].from_)
    is_any = len(found) == len(definition.stages)
    return () if is_any else tuple(stage for stage in definition.stages if stage in found)
