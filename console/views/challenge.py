"""One challenge on one screen: what is missing, what is to be done, what was done and sent."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import bootstrap
from console import words
from console.frame import WIDTH
from console.output import Output
from console.views import portfolio
from workflow.model.standing import Standing

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from workflow.model.planning.steps import Step
    from workflow.views import View

MOST_DONE = 6
_PROBLEMS = ("failed", "uncertain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything that is shown of one challenge."""

    row: bootstrap.queries.ListRow
    tasks: Sequence[bootstrap.tasks.TaskRow]
    team: Sequence[bootstrap.queries.MemberRow]
    mail: Counter[str]
    answers: int
    view: "View"
    today: date

    @property
    def forward(self) -> "list[Step]":
        """The steps that lead on without a special reason."""
        transitions = self.view.definition.transitions
        return [step for step in self.view.steps if not transitions[step.trigger].needs]


def picture(
    application: bootstrap.Application, reference: str, now: bootstrap.queries.Now
) -> Picture:
    """Return everything that is shown of one challenge.

    Raises:
        NotFound: there is no such challenge.
    """
    view = application.views.look(reference)
    every = bootstrap.tasks.Wanted(reference=reference, with_finished=True)
    one = bootstrap.queries.Wanted(reference=reference, with_final=True)
    with application.database.reading() as link:
        return Picture(
            row=bootstrap.queries.portfolio(link, now, one)[0],
            tasks=bootstrap.tasks.listed(link, now, every),
            team=bootstrap.queries.team(link, reference),
            mail=bootstrap.reports.counts(link, reference),
            answers=len(bootstrap.answers.listed(link, reference=reference)),
            view=view,
            today=now.today,
        )


def show_challenge(output: Output, found: Picture) -> None:
    """Show one challenge."""
    if output.is_json:
        output.document("show", as_json(output, found))
        return
    output.text(_lines(found))
    reference = found.row.reference
    first = next((row for row in _to_do(found) if row.line.status == "open"), None)
    steps = [f"advance {reference} {step.trigger}" for step in found.forward if step.is_free][:1]
    done = [portfolio.done_command(first)] if first else []
    output.follow(*(steps or done), f"tasks {reference}")


def as_json(output: Output, found: Picture) -> dict[str, Any]:
    """Return one challenge as JSON has it."""
    tasks = [row for row in found.tasks if row.line.status != "cancelled"]
    return {
        **portfolio.challenge_json(found.row),
        "dates": dict(found.view.days),
        "actual_dates": [k for k, fact in found.view.challenge.dates.items() if fact.is_actual],
        "team": [
            {
                "role": member.role,
                "person": member.person.email,
                "name": member.person.name,
                "since": member.since,
                "until": member.until,
            }
            for member in found.team
        ],
        "tasks": [portfolio.task_json(row, found.today) for row in found.tasks],
        "deadlines": [
            _deadline_json(row, output.zone, today=found.today) for row in tasks if _has_date(row)
        ],
        "blocked_by": [str(item) for step in found.forward for item in step.unmet],
        "steps": [_step_json(step) for step in found.view.steps],
        "not_applicable": [
            {"key": key, "reason": reason} for key, reason in found.view.absent.items()
        ],
        "holds": list(found.view.challenge.holds),
        "counters": dict(found.view.challenge.records.counters),
        "links": [
            {"reference": other, "relation": relation}
            for other, relation in found.view.challenge.records.links.items()
        ],
        "messages": dict(found.mail),
        "answers_waiting": found.answers,
    }


def _has_date(row: bootstrap.tasks.TaskRow) -> bool:
    return bool(row.line.target_on or row.line.limit_on) or bool(row.line.why)


def _deadline_json(
    row: bootstrap.tasks.TaskRow, zone: "ZoneInfo", *, today: date
) -> dict[str, Any]:
    line = row.line
    return {
        "key": line.spec,
        "id": line.key,
        "person": row.person.email if row.person else None,
        "target_on": line.target_on,
        "limit_on": line.limit_on,
        "limit_at": line.limit_at,
        **portfolio.lateness_json(line, today),
        "opens_on": line.opens_at.astimezone(zone).date() if line.opens_at else None,
        "standing": row.standing,
        "source": line.source,
        "explanation": line.why,
    }


def _step_json(step: "Step") -> dict[str, Any]:
    return {
        "trigger": step.trigger,
        "title": step.title,
        "to": step.target,
        "unmet": [str(item) for item in step.unmet],
        "warnings": [str(item) for item in step.warnings],
    }


def _lines(found: Picture) -> Iterator[str]:
    row, challenge = found.row, found.view.challenge
    manager = row.challenge_manager.name if row.challenge_manager else "nobody yet"
    kind = f"{found.view.definition.title} {challenge.definition_version}"
    yield f"{row.reference}  {row.title}, for {row.client}    ({kind})"
    yield f"{row.stage_title}.{_visit(found)}    Manager: {manager}"
    for step in found.forward:
        yield from _missing(step)
    yield from _to_do_lines(found)
    yield ""
    yield from _settled(found, "done")
    yield from _settled(found, "waived")
    yield from _clocks(found)
    for name in challenge.holds:
        yield f"On hold      {name}: nothing is destroyed until it is lifted"
    for other, relation in challenge.records.links.items():
        yield f"{words.sentence(relation).capitalize():12} {other} (peer-challenge show {other})"
    yield f"Sent         {_mail(found.mail)}"
    if found.answers:
        number = words.count(found.answers, "answer")
        yield f"Answered     {number} to settle (peer-challenge answer list {row.reference})"


def _clocks(found: Picture) -> Iterator[str]:
    """Say which clocks stand still, and what is excused."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in found.tasks:
        if row.line.clock and row.line.status in ("pending", "open"):
            groups.setdefault((row.line.clock, row.line.clock_note), []).append(row.line.title)
    for (clock, why), titles in groups.items():
        listed = words.listing(list(dict.fromkeys(titles)), most=3)
        yield f"{clock.capitalize():12} {listed}: {why}"


def _visit(found: Picture) -> str:
    """Return the days for which people are booked."""
    occupies, dates = found.view.definition.occupies, found.view.challenge.dates
    if occupies is None or occupies.first not in dates or occupies.last not in dates:
        return ""
    first, last = dates[occupies.first].on, dates[occupies.last].on
    begins = f"{first:%A} {first.day}"
    if (first.year, first.month) != (last.year, last.month):
        begins = f"{begins} {first:%B}" if first.year == last.year else words.long_day(first)
    return f" On site {begins} to {words.long_day(last)}."


def _missing(step: "Step") -> Iterator[str]:
    yield ""
    if step.is_free:
        yield f'Nothing is missing for "{step.title}" ({step.trigger})'
        return
    yield f'For "{step.title}" ({step.trigger}), still missing'
    found = [(item.text, item.source) for item in step.unmet]
    softer = [item for item in step.warnings if (item.text, item.source) not in found]
    found += [(f"{item.text} (or say why)", item.source) for item in softer]
    width = max(len(text) for text, _ in found)
    for text, source in found:
        yield f"  - {text:{width}}   {source}"


def _to_do(found: Picture) -> list[bootstrap.tasks.TaskRow]:
    """Return what can be done now or is late, the most pressing first."""
    rows = [row for row in found.tasks if portfolio.is_for_now(row)]
    far = date.max
    return sorted(
        rows,
        key=lambda row: (
            row.standing is not Standing.LATE,
            row.line.target_on or row.line.limit_on or far,
        ),
    )


def _to_do_lines(found: Picture) -> Iterator[str]:
    rows = _to_do(found)
    if not rows:
        return
    yield ""
    yield "To do now"
    groups: dict[tuple[str, ...], list[bootstrap.tasks.TaskRow]] = {}
    for row in rows:
        standing = portfolio.task_standing(row, found.today)
        due = words.deadline(row.line.target_on, row.line.limit_on, found.today)
        groups.setdefault((row.line.spec, standing, due, _who(row)), []).append(row)
    cells = [
        (
            standing,
            _title(found, group),
            due,
            who if group[1:] else portfolio.who(group[0].assignees),
        )
        for (_, standing, due, who), group in groups.items()
    ]
    widths = [max(len(cell[column]) for cell in cells) for column in range(3)]
    for cell in cells:
        padded = "   ".join(f"{text:{width}}" for text, width in zip(cell, widths, strict=False))
        yield f"  {padded}   {cell[3]}"


def _who(row: bootstrap.tasks.TaskRow) -> str:
    """Return who is to do a task, for a line that may speak of several people's."""
    is_own = row.person is not None and row.assignees == (row.person,)
    return "each of them" if is_own else portfolio.who(row.assignees)


def _title(found: Picture, group: Sequence[bootstrap.tasks.TaskRow]) -> str:
    """Return the title of tasks of one kind, with whose or which they are."""
    first = group[0].line
    spec = found.view.definition.tasks.get(first.spec)
    if len(group) == 1 or spec is None:
        return first.title
    names = [row.person.name for row in group if row.person]
    days = [words.short_day(row.line.day, beside=found.today) for row in group if row.line.day]
    title = spec.title.replace("{person}", words.listing(names, most=3))
    return title.replace("{day}", words.listing(days, most=3))


def _settled(found: Picture, status: str) -> Iterator[str]:
    """Say what is done, or waived, the latest first, tasks of one kind once."""
    finished = [row for row in found.tasks if row.line.status == status]
    finished.sort(key=lambda row: str(row.line.done_at), reverse=True)
    groups: dict[str, list[bootstrap.tasks.TaskRow]] = {}
    for row in finished:
        groups.setdefault(row.line.spec, []).append(row)
    titles = [_title(found, group) for group in groups.values()]
    if titles:
        more = f" · and {len(titles) - MOST_DONE} more" if len(titles) > MOST_DONE else ""
        text = f"{status.title():<13}{' · '.join(titles[:MOST_DONE])}{more}"
        yield from wrap(text, WIDTH, subsequent_indent=" " * 13, break_on_hyphens=False)


def _mail(mail: Counter[str]) -> str:
    problems = sum(mail[status] for status in _PROBLEMS)
    waiting = mail["waiting"] + mail["held"] + mail["sending"]
    sent = words.count(mail["sent"], "message")
    return f"{sent}, {waiting} waiting, {words.count(problems, 'problem')}"
