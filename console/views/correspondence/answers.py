"""What people answered, as a list and by itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from console import words
from console.output import Output

if TYPE_CHECKING:
    import bootstrap

_HEAD = ("number", "ref", "task", "who", "says", "words", "by", "when")
_MOST_SHOWN = 60
SAYS = {
    "done": "it is done",
    "cannot": "they cannot",
    "another_time": "another time",
    "unclear": "read it",
}


def show_answers(output: Output, rows: "Sequence[bootstrap.answers.AnswerRow]") -> None:
    """Show a list of answers."""
    if output.is_json:
        output.document("answer-list", {"answers": [as_json(row) for row in rows]})
        return
    output.table(_HEAD, [_cells(row, output) for row in rows])
    open_ones = [row for row in rows if row.status == "open"]
    told = "nothing waits for you" if not open_ones else f"{len(open_ones)} to be settled"
    summary = f"{words.count(len(rows), 'answer')}: {told}."
    output.follow(f"answer show {open_ones[0].id}" if open_ones else "tasks", summary=summary)


def show_one(output: Output, row: "bootstrap.answers.AnswerRow") -> None:
    """Show one answer, whole."""
    if output.is_json:
        output.document("answer-show", as_json(row))
        return
    came = f"{row.person_name}, {words.moment(row.came_at, output.zone)}"
    mail = row.mail
    by = f"by e-mail from {mail.sender} (Message-ID {mail.message_id})" if mail else "on the page"
    output.text(
        [
            f"Answer {row.id} ({row.status}): {row.reference}, {row.task}",
            f"{came}, {by}",
            f"Says: {SAYS.get(row.kind, row.kind)}{_when(row, output)}",
            "",
            *(f"    {line}" for line in row.body.splitlines()),
            *([f"Declined: {row.note}"] if row.note else []),
        ]
    )
    output.follow(f"answer accept {row.id}" if row.status == "open" else "answer list")


def show_settled(
    output: Output, row: "bootstrap.answers.AnswerRow", status: str, *, is_dry_run: bool
) -> None:
    """Show what became of an answer."""
    if output.is_json:
        body = {**as_json(row), "status": status, "is_dry_run": is_dry_run}
        output.document("answer-settled", body)
        return
    would = "would be " if is_dry_run else ""
    output.text([f"Answer {row.id} of {row.person_name} {would}{status}: {row.task}."])
    output.follow(*_what_now(row, status), "answer list")


def _what_now(row: "bootstrap.answers.AnswerRow", status: str) -> tuple[str, ...]:
    """Return what to type next: an answer that is only to be known does nothing by itself."""
    spec, _, person = row.task.partition(":")
    whose = f" --for {person}" if person else ""
    if status == "accepted" and row.kind == "cannot":
        return (f'waive {row.reference} {spec}{whose} --reason "…"',)
    if status == "accepted" and row.kind == "another_time" and row.moment is None:
        return (f'agree {row.reference} {spec}{whose} --at "…"',)
    return (f"show {row.reference}",)


def as_json(row: "bootstrap.answers.AnswerRow") -> dict[str, Any]:
    """Return an answer for `--json`."""
    mail = row.mail
    return {
        "id": row.id,
        "reference": row.reference,
        "task": row.task,
        "person": row.person_name,
        "says": row.kind,
        "words": row.body,
        "done_on": row.done_on,
        "moment": row.moment,
        "came_at": row.came_at,
        "mail": mail and {"from": mail.sender, "message_id": mail.message_id},
        "status": row.status,
        "handled_at": row.handled_at,
        "note": row.note,
    }


def _cells(row: "bootstrap.answers.AnswerRow", output: Output) -> tuple[str, ...]:
    said = " ".join(row.body.split())
    said = said if len(said) <= _MOST_SHOWN else f"{said[: _MOST_SHOWN - 1]}…"
    return (
        str(row.id),
        row.reference,
        row.task,
        row.person_name,
        SAYS.get(row.kind, row.kind) + _when(row, output),
        said,
        "e-mail" if row.mail else "page",
        words.moment(row.came_at, output.zone),
    )


def _when(row: "bootstrap.answers.AnswerRow", output: Output) -> str:
    if row.moment is not None:
        return f", {words.moment(row.moment, output.zone)}"
    return f", on {words.short_day(row.done_on)}" if row.done_on else ""
