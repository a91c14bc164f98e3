"""Writes the reference pages of the shipped definitions and of the obligations they keep.

Run it as `make docs` does. A test fails when a page is not what this would write.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from definitions import loader
from workflow.model.definition import Definition, Invitation, Obligation, Transition
from workflow.model.diagram import mermaid
from workflow.model.duties import HOUSE_POLICY, Extension, TaskSpec
from workflow.model.language.fields import Requirements
from workflow.model.language.phrases import AnyOf
from workflow.model.records.rules import RetentionRule

REFERENCE = Path(__file__).parent / "reference"
GUIDANCE_FIRST = "local_system_peer_challenge"
_GENERATED = (
    "<!-- By docs/generate_obligations.py: change the definition, then run `make docs`. -->"
)
_KINDS = {
    "enforced_by": "stops a step",
    "tracked_by": "tracked",
    "kept_by": "kept by the data",
    "policy": "text that is shown",
}


def pages() -> dict[Path, str]:
    """Return every generated page by its path."""
    names = sorted(loader.shipped(), key=lambda name: name != GUIDANCE_FIRST)
    shipped = [loader.load(name).definition for name in names]
    found = {REFERENCE / f"{one.definition}.md": definition_page(one) for one in shipped}
    found[REFERENCE / "obligations.md"] = obligations_page(*shipped)
    return found


def obligations_page(*definitions: Definition) -> str:
    """Return the page that lists each obligation of some definitions with its one place."""
    return _page(
        "# Obligations",
        "Each rule that people are bound by has exactly one place in its definition. "
        "`peer-challenge audit report REF` says how each stands in one challenge.",
        *(part for definition in definitions for part in _register(definition)),
    )


def _register(definition: Definition) -> Iterator[str]:
    """Yield the heading, the count and the table of one definition's obligations."""
    rows = (
        (key, obligation.title, obligation.source, kind_of(obligation), _place(obligation))
        for key, obligation in definition.obligations.items()
    )
    yield f"## {definition.title}"
    yield (
        f"{len(definition.obligations)} obligations in the definition "
        f"[`{definition.definition}`]({definition.definition}.md) {definition.version}: "
        f"{_counted(definition)}."
    )
    yield _table(("id", "what is owed", "source", "how", "where"), rows)


def kind_of(obligation: Obligation) -> str:
    """Return in which of the four ways an obligation is kept."""
    return next(words for field, words in _KINDS.items() if getattr(obligation, field))


def definition_page(definition: Definition) -> str:
    """Return the page of one definition: its stages, steps, tasks, mails and retention."""
    return _page(
        f"# {definition.title}",
        f"The definition `{definition.definition}`, version {definition.version}. Working days "
        f"are those of the calendar `{definition.calendar}`; times are local ({definition.zone}). "
        "`house policy` marks what none of its other sources says: a default that a programme "
        "may change. What it obliges people to stands in [obligations](obligations.md).",
        "## Sources",
        _table(("name", "what it is"), definition.sources.items()),
        "## Stages",
        f"```mermaid\n{mermaid(definition).rstrip()}\n```",
        _table(("stage", "called", "what is special"), _stages(definition)),
        "## Steps",
        _table(("step", "from", "to", "who", "needs", "source"), _steps(definition)),
        "## People",
        _table(("role", "called", "side", "how many", "source"), _roles(definition)),
        "## Dates",
        _table(("date", "what it is", "rules", "source"), _dates(definition)),
        "## Tasks",
        _table(("task", "what is to be done", "who", "when", "by when"), _tasks(definition)),
        "## Reminders",
        _table(("ladder", "when", "to", "notice"), _rungs(definition)),
        "## Notices",
        _table(("notice", "subject", "goes out"), _notices(definition)),
        "## Invitations",
        _table(("entry", "what it is called", "when", "in whose calendars"), _entries(definition)),
        "## Retention",
        _table(
            ("class", "what is kept", "how long", "then", "what shows it", "source"),
            _kept(definition),
        ),
    )


def main() -> None:
    """Write every page that is not as it should be."""
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote docs/reference/{path.name}")


def _stages(definition: Definition) -> Iterator[Sequence[str]]:
    for key, stage in definition.stages.items():
        marks = [f"a step of {stage.phase}"] if stage.phase else []
        marks += ["clocks stop"] if stage.paused else []
        marks += ["final"] if stage.final else []
        if stage.keeps is not None:
            marks.append("ends every task but " + (_codes(stage.keeps) or "its own"))
        yield f"`{key}`", stage.title, "; ".join(marks)


def _steps(definition: Definition) -> Iterator[Sequence[str]]:
    for key, step in definition.transitions.items():
        leaves = _codes(step.from_)
        yield f"`{key}`", leaves, f"`{step.to}`", _taken(step), _needs(step), step.source or ""


def _taken(step: Transition) -> str:
    when = step.at if isinstance(step.at, str) or step.at is None else step.at.text
    return f"by itself, {when}" if when else _codes(step.by) or "anybody"


def _needs(step: Transition) -> str:
    parts = [_required(step.requires)] if step.requires else []
    parts += [f"else a reason: {_required(step.warns)}"] if step.warns else []
    parts += ["a reason"] if step.needs else []
    return "; ".join(parts)


def _required(requirements: Requirements) -> str:
    return ", ".join(
        f"any {item.count} of {_codes(one.text for one in item.of)}"
        if isinstance(item, AnyOf)
        else f"`{item.text}`"
        for item in requirements
    )


def _roles(definition: Definition) -> Iterator[Sequence[str]]:
    for key, role in definition.roles.items():
        yield f"`{key}`", role.title, role.side, role.needed.text, role.source or ""


def _dates(definition: Definition) -> Iterator[Sequence[str]]:
    for key, fact in definition.dates.items():
        rules = [f"needed for {_codes(fact.needed_for)}"] if fact.needed_for else []
        rules += [f"not before `{fact.not_before}`"] if fact.not_before else []
        rules += [f"within {fact.within.text}, else {fact.otherwise}"] if fact.within else []
        rules += [f"recorded by `{fact.set_by}`"] if fact.set_by else []
        yield f"`{key}`", fact.title, "; ".join(rules), fact.source or ""


def _tasks(definition: Definition) -> Iterator[Sequence[str]]:
    for key, task in definition.tasks.items():
        title = task.title.replace("{person}", "*person*").replace("{day}", "*day*")
        yield f"`{key}`", title, _codes(task.by), _opening(task), _deadlines(task)


def _opening(task: TaskSpec) -> str:
    parts = [f"for each {task.for_each.text}"] if task.for_each else []
    parts += [f"if {_required(task.when)}"] if task.when else []
    parts += [f"in {_codes(task.stage)}"]
    parts += [f"after {_codes(task.after)}"] if task.after else []
    parts += [f"opens {task.opens.text}"] if task.opens else []
    redone = ", ".join(occasion.text for occasion in task.redo_when)
    parts += [f"again when {redone}"] if redone else []
    return "; ".join(parts)


def _deadlines(task: TaskSpec) -> str:
    source = task.source or ""
    parts = []
    if task.target:
        parts.append(f"target: {task.target.text} ({task.target_source or source})")
    if task.limit:
        parts.append(f"limit: {task.limit.text} ({source})")
    if task.lapses:
        parts.append(f"closed unanswered: {task.lapses.text}")
    parts += [f"may be put off: {_more(extension)}" for extension in task.extends.values()]
    return "; ".join(parts) or source


def _more(extension: Extension) -> str:
    """Return how much more time there may be, and where that is said."""
    last = f", no later than {extension.no_later_than.text}" if extension.no_later_than else ""
    title = f"{extension.title}, " if extension.title else ""
    return f"{title}{extension.by.text}{last} ({extension.source or HOUSE_POLICY})"


def _rungs(definition: Definition) -> Iterator[Sequence[str]]:
    for key, ladder in definition.ladders.items():
        for rung in ladder:
            when = rung.when.text + (f", at most {rung.at_most}" if rung.when.is_repeated else "")
            yield f"`{key}`", when, _codes(rung.to), f"`{rung.notice}`"


def _notices(definition: Definition) -> Iterator[Sequence[str]]:
    for key, notice in definition.notices.items():
        when = ", ".join(occasion.text for occasion in notice.when)
        goes_out = f"{when}, to {_codes(notice.to)}" if when else "by a ladder"
        yield f"`{key}`", notice.title, goes_out


def _entries(definition: Definition) -> Iterator[Sequence[str]]:
    for key, one in definition.invitations.items():
        title = one.title or (definition.tasks[one.task].title if one.task else key)
        yield f"`{key}`", title, _when(one), _codes(one.to)


def _when(one: Invitation) -> str:
    if one.task:
        return f"while `{one.task}` is open"
    since = f", once {_codes(one.stage)} is reached" if one.stage else ""
    if one.at:
        return f"{one.at.text}{f', {one.lasts.text}' if one.lasts else ''}{since}"
    days = " to ".join(timing.text for timing in (one.first, one.last) if timing)
    return f"{days}{since}"


def _kept(definition: Definition) -> Iterator[Sequence[str]]:
    for key, rule in definition.retention.items():
        copies = f"; our own: {_codes(rule.copies)}" if rule.copies else ""
        then = f"{rule.then}{copies}"
        yield f"`{key}`", rule.title, _period(rule), then, rule.evidence or "", rule.source


def _period(rule: RetentionRule) -> str:
    parts = [rule.starts] if rule.starts else []
    parts += [rule.for_.text] if rule.for_ else []
    parts += [f"done by {_codes(rule.done_by)}"] if rule.done_by else []
    parts += [f"seen to by `{rule.review_by}`"] if rule.review_by else []
    return "; ".join(parts)


def _counted(definition: Definition) -> str:
    kinds = [kind_of(obligation) for obligation in definition.obligations.values()]
    return ", ".join(f"{kinds.count(words)} {words}" for words in _KINDS.values())


def _place(obligation: Obligation) -> str:
    named = obligation.enforced_by or obligation.tracked_by
    return _codes(named) or obligation.kept_by or obligation.policy or ""


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((_GENERATED, title, *parts)) + "\n"


if __name__ == "__main__":
    main()
