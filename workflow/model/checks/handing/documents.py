"""Checks what a definition says of documents, of things handed out, and of their destruction."""

from collections.abc import Iterator

from workflow.model.checks.finding import Finding, Path, Scope, find_unknown, name_all
from workflow.model.definition import Definition
from workflow.model.duties import TaskSpec
from workflow.model.records.definitions import DocumentRule

_DESTROYING = {"destroy", "delete", "anonymise"}


def find_unknown_in_records(scope: Scope) -> Iterator[Finding]:
    """Give every name under `documents` that stands for nothing."""
    parts = scope.definition
    for name, rule in parts.documents.items():
        path: Path = ("documents", name)
        yield from find_unknown((*path, "for"), "role or group", rule.for_, known=scope.people)
        yield from find_unknown(
            (*path, "contains"), "document", rule.contains, known=parts.documents
        )
        for key in ("issued_by", "acknowledged_by"):
            named = getattr(rule, key)
            yield from find_unknown((*path, key), "task", named, known=parts.tasks)


def find_in_records(scope: Scope) -> Iterator[Finding]:
    """Give packs in packs, tasks that a document cannot do, and destruction by silence."""
    parts = scope.definition
    for name, rule in parts.documents.items():
        yield from _find_in_pack(parts, ("documents", name), name, rule)
        yield from _find_in_tasks_of(parts, ("documents", name), rule)
    rules = [rule for rule in parts.retention.values() if rule.then in _DESTROYING]
    for key in dict.fromkeys(key for rule in rules for key in rule.done_by):
        if key in parts.tasks and parts.tasks[key].lapses is not None:
            text = "silence never confirms destruction: leave `lapses` out"
            yield Finding(("tasks", key, "lapses"), text)
    yield from _find_in_samples(parts)


def _find_in_pack(
    parts: Definition, path: Path, name: str, rule: DocumentRule
) -> Iterator[Finding]:
    for index, part in enumerate(rule.contains):
        if part == name or (part in parts.documents and parts.documents[part].contains):
            text = f'"{part}" is a pack itself: a pack contains documents only'
            yield Finding((*path, "contains", index), text)


def _find_in_tasks_of(parts: Definition, path: Path, rule: DocumentRule) -> Iterator[Finding]:
    giving = parts.tasks.get(rule.issued_by or "")
    if giving is not None and giving.attest:
        asked = ", ".join(giving.attest)
        text = f'"{rule.issued_by}" asks to confirm {asked}, which giving a document does not'
        yield Finding((*path, "issued_by"), text)
    having = parts.tasks.get(rule.acknowledged_by or "")
    if having is None:
        return
    if not (having.for_each and having.for_each.people):
        text = f'"{rule.acknowledged_by}" must be for each person (for_each: a group)'
        yield Finding((*path, "acknowledged_by"), text)
    left = _unanswered(parts, rule.acknowledged_by or "", having)
    if left:
        text = f'"{rule.acknowledged_by}" asks to confirm {", ".join(left)}: no document of it'
        yield Finding((*path, "acknowledged_by"), f"{text} is called so")


def _unanswered(parts: Definition, key: str, task: TaskSpec) -> list[str]:
    """Return what a task asks to confirm that none of its documents, or their parts, is."""
    rules = {k: rule for k, rule in parts.documents.items() if rule.acknowledged_by == key}
    known = name_all(rules, *(rule.contains for rule in rules.values()))
    return [item for item in task.attest if item not in known]


def _find_in_samples(parts: Definition) -> Iterator[Finding]:
    """Give samples that nobody checks, and checks of what is not sampled."""
    checking = [k for k, task in parts.tasks.items() if task.for_each and task.for_each.is_sampled]
    sampled = [name for name, rule in parts.retention.items() if rule.sample]
    if checking and not sampled:
        text = "nobody is sampled: add `sample: 1 in 5` to the retention rule of what they hold"
        yield from (Finding(("tasks", key, "for_each"), text) for key in checking)
    if sampled and not checking:
        text = "nobody checks the sample: add a task with `for_each: GROUP, who were sampled`"
        yield from (
            Finding(("retention", name, "sample"), text, is_warning=True) for name in sampled
        )
