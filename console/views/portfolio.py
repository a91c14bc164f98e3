"""The portfolio, and whose work is what: lists that load neither the rules nor their library."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from console import words
from console.output import Output
from workflow.model.standing import Standing, days_late

if TYPE_CHECKING:
    import bootstrap
    from workflow.model.lines import TaskLine
    from workflow.model.people import Person

PRESSING = (Standing.LATE, Standing.DUE_SOON)
_CHALLENGE_HEAD = ("ref", "client", "stage", "standing", "next", "manager")
_TASK_HEAD = ("ref", "task", "what", "status", "standing", "target", "limit", "who")


def show_portfolio(
    output: Output, rows: "Sequence[bootstrap.queries.ListRow]", today: date
) -> None:
    """Show challenges, what is wrong first, of these what has been due for longest."""
    ranked = sorted(rows, key=_rank)
    if output.is_json:
        output.document("list", {"challenges": [challenge_json(row) for row in ranked]})
        return
    output.table(_CHALLENGE_HEAD, [_challenge_cells(row, today) for row in ranked])
    output.follow(_next_of(ranked), summary=_summary(ranked))


def _rank(row: "bootstrap.queries.ListRow") -> tuple[int, date, str]:
    if row.standing not in PRESSING:
        return len(PRESSING), date.max, row.reference
    due_on = row.next_limit_on or row.next_target_on or date.max
    return PRESSING.index(row.standing), due_on, row.reference


def _next_of(rows: "Sequence[bootstrap.queries.ListRow]") -> str:
    return f"show {rows[0].reference}" if rows else "new --help"


def _summary(rows: "Sequence[bootstrap.queries.ListRow]") -> str:
    late = sum(row.standing is Standing.LATE for row in rows)
    soon = sum(row.standing is Standing.DUE_SOON for row in rows)
    found = words.count(len(rows), "challenge")
    return f"{found}: {late} late, {soon} due soon." if rows else "No challenges."


def challenge_json(row: "bootstrap.queries.ListRow") -> dict[str, Any]:
    """Return a challenge as JSON has it in a list."""
    upcoming = None
    if row.next_key is not None:
        upcoming = {
            "key": spec_of(row.next_key),
            "id": row.next_key,
            "title": row.next_title,
            "limit_on": row.next_limit_on,
            "target_on": row.next_target_on,
        }
    manager = row.challenge_manager
    return {
        "reference": row.reference,
        "title": row.title,
        "client": row.client,
        "definition": row.definition,
        "definition_version": row.definition_version,
        "stage": row.stage,
        "stage_title": row.stage_title,
        "is_final": row.is_final,
        "is_paused": row.is_paused,
        "standing": row.standing,
        "next_deadline": upcoming,
        "late": row.late,
        "open": row.open,
        "challenge_manager": manager.email if manager else None,
    }


def spec_of(key: str) -> str:
    """Return the definition's key of a task, without its person or day."""
    return key.partition(":")[0]


def _challenge_cells(row: "bootstrap.queries.ListRow", today: date) -> tuple[str, ...]:
    due_on = row.next_limit_on or row.next_target_on
    if row.standing is not Standing.LATE and row.next_target_on is not None:
        due_on = row.next_target_on
    dates = words.deadline(row.next_target_on, row.next_limit_on, today)
    standing = "over" if row.is_final else words.standing(row.standing, due_on, today)
    return (
        row.reference,
        row.client,
        row.stage_title,
        standing,
        ", ".join(part for part in (row.next_title, dates) if part),
        row.challenge_manager.name if row.challenge_manager else "",
    )


def show_tasks(
    output: Output, rows: "Sequence[bootstrap.tasks.TaskRow]", today: date, *, is_every: bool
) -> None:
    """Show tasks; without `is_every` only those that can be done now, or are late."""
    if output.is_json:
        output.document("tasks", {"tasks": [task_json(row, today) for row in rows]})
        return
    shown = [row for row in rows if is_every or is_for_now(row)]
    output.table(_TASK_HEAD, [_task_cells(row, today) for row in shown])
    late = sum(row.standing is Standing.LATE for row in shown)
    first = next((row for row in shown if row.line.status == "open"), None)
    summary = f"{words.count(len(shown), 'task')}, {late} late."
    output.follow(done_command(first) if first else "list", summary=summary)


def is_for_now(row: "bootstrap.tasks.TaskRow") -> bool:
    """Return whether a task can be done now, or should have been."""
    return row.line.status == "open" or row.standing is Standing.LATE


def done_command(row: "bootstrap.tasks.TaskRow") -> str:
    """Return what to type when a task is done; what retention asks for the engine does."""
    from workflow.model.lines import RETENTION_PREFIX

    if row.line.spec.startswith(RETENTION_PREFIX):
        return f"retention list {row.reference}"
    command = f"done {row.reference} {row.line.spec}"
    if row.person is not None:
        return f"{command} --for {row.person.email}"
    return f"{command} --day {row.line.day}" if row.line.day else command


def task_json(row: "bootstrap.tasks.TaskRow", today: date) -> dict[str, Any]:
    """Return a task as JSON has it; people are named by their addresses."""
    line = row.line
    return {
        "reference": row.reference,
        "key": line.spec,
        "id": line.key,
        "title": line.title,
        "person": row.person.email if row.person else None,
        "day": line.day,
        "who": [person.email for person in row.assignees],
        "stage": row.stage,
        "status": line.status,
        "opened_at": line.opened_at,
        "target_on": line.target_on,
        "limit_on": line.limit_on,
        **lateness_json(line, today),
        "done_at": line.done_at,
        "done_on": line.done_on,
        "standing": row.standing,
        "evidence": line.evidence,
        "reason": line.reason,
        "source": line.source,
    }


def lateness_json(line: "TaskLine", today: date) -> dict[str, Any]:
    """Return the first dates beside the present ones, and how late it is by each limit, in days."""
    return {
        "first_target_on": line.first_target_on,
        "first_limit_on": line.first_limit_on,
        "late_days": days_late(line, line.limit_on, today=today),
        "first_late_days": days_late(line, line.first_limit_on, today=today),
        "clock": line.clock or None,
        "clock_note": line.clock_note or None,
    }


def _task_cells(row: "bootstrap.tasks.TaskRow", today: date) -> tuple[str, ...]:
    line = row.line
    return (
        row.reference,
        line.key,
        line.title,
        line.status,
        task_standing(row, today),
        words.short_day(line.target_on, beside=today),
        words.short_day(line.limit_on, beside=today),
        who(row.assignees),
    )


def task_standing(row: "bootstrap.tasks.TaskRow", today: date) -> str:
    """Return how a task stands, in words."""
    line = row.line
    is_late = row.standing is Standing.LATE
    due_on = line.limit_on or line.target_on if is_late else line.target_on or line.limit_on
    return words.standing(row.standing, due_on, today)


def who(people: "Sequence[Person]") -> str:
    """Return the names of those who are to do something."""
    return words.listing([person.name for person in people], most=3)
