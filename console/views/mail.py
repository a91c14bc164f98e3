"""Messages, as lists and by themselves."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from console import words
from console.output import Output

if TYPE_CHECKING:
    import bootstrap

_LINK = re.compile(r"https?://\S+/(?:a|feed)/\S+")
_HIDDEN = "[a link that only its reader may use]"
_OF_OTHERS = (
    "[It speaks of other challenges, too: its words are for whoever may read the mail of them all.]"
)
_TO_NOBODY = "[It was never sent, and whom it was for has been forgotten.]"
_HEAD = ("id", "ref", "status", "to", "subject", "created", "sent", "error")


def show_mail(output: Output, rows: "Sequence[bootstrap.reports.MailRow]") -> None:
    """Show a list of messages."""
    if output.is_json:
        output.document("mail-list", {"messages": [_as_json(row) for row in rows]})
        return
    output.table(_HEAD, [_cells(row, output) for row in rows])
    numbers = Counter(row.status for row in rows)
    told = ", ".join(f"{number} {status}" for status, number in numbers.items())
    summary = f"{words.count(len(rows), 'message')}{f': {told}' if told else ''}."
    bad = next((row for row in rows if row.status in ("failed", "uncertain")), None)
    first = bad or (rows[0] if rows else None)
    output.follow(f"mail show {first.id}" if first else "tick", summary=summary)


def _as_json(row: "bootstrap.reports.MailRow") -> dict[str, Any]:
    return {
        "id": row.id,
        "challenges": [row.reference] if row.reference else [],
        "notices": [row.notice],
        "to": row.to,
        "for": row.for_whom,
        "carrier": row.carrier,
        "subject": row.subject,
        "status": row.status,
        "created_at": row.created_at,
        "not_before": row.not_before,
        "next_attempt_at": row.next_attempt_at,
        "sent_at": row.sent_at,
        "attempts": row.attempts,
        "message_id": row.message_id,
        "error": row.error,
    }


def _cells(row: "bootstrap.reports.MailRow", output: Output) -> tuple[str, ...]:
    return (
        str(row.id),
        row.reference or "",
        row.status,
        _reader(row),
        row.subject or words.sentence(row.notice),
        words.moment(row.created_at, output.zone),
        words.moment(row.sent_at, output.zone),
        row.error or "",
    )


def _reader(row: "bootstrap.reports.MailRow") -> str:
    """Return who got a message, and for whom where they stood in."""
    return f"{row.to} for {row.for_whom}" if row.for_whom else row.to


def show_message(output: Output, application: "bootstrap.Application", number: int) -> None:
    """Show one message; one that was not sent yet as it would be sent now."""
    import bootstrap

    with application.database.reading() as link:
        found = bootstrap.reports.message(link, number)
    subject, text = _said(application, found)
    if not _is_mine_to_act_by(application, found.row):
        text = _LINK.sub(_HIDDEN, text)
    if output.is_json:
        body = {**_as_json(found.row), "subject": subject, "tasks": found.tasks, "text": text}
        output.document("mail-show", body)
        return
    row = found.row
    sent = words.moment(row.sent_at, output.zone)
    output.text(
        [
            f"Message {row.id}: {row.status}{f', {sent}' if sent else ''}"
            f"{f' ({row.error})' if row.error else ''}",
            *_where(row),
            f"Subject: {subject}",
            "",
            *text.splitlines(),
        ]
    )
    nexts = {"failed": f"mail retry {row.id}", "uncertain": f"mail settle {row.id} --arrived"}
    output.follow(nexts.get(row.status, "mail list"))


def _said(application: "bootstrap.Application", found: "bootstrap.reports.Mail") -> tuple[str, str]:
    """Return the subject and the words of a message, as far as whoever acts may read them."""
    row = found.row
    subject = row.subject or words.sentence(row.notice)
    if found.text is not None:
        return subject, found.text if _is_mine_to_read(application, found) else _OF_OTHERS
    if not (row.to if row.for_whom is None else row.for_whom):
        return subject, _TO_NOBODY
    would = _preview(application, row.id)
    return would.subject, would.text


def _is_mine_to_read(application: "bootstrap.Application", mail: "bootstrap.reports.Mail") -> bool:
    """Return whether whoever acts may read a message with all that went along in it."""
    from workflow.model.access.permissions import Permission

    actor = application.actor.id
    seen = application.access.visible(actor, Permission.SEE_CORRESPONDENCE)
    return actor == mail.row.recipient_id or seen is None or mail.about <= seen


def _is_mine_to_act_by(
    application: "bootstrap.Application", row: "bootstrap.reports.MailRow"
) -> bool:
    """Return whether whoever acts may have the links of a message: whoever has one acts by it."""
    from workflow.model.access.permissions import Permission

    actor = application.actor
    every = application.access.visible(actor.id, Permission.ACT_FOR_OTHERS)
    return actor.id == row.recipient_id or every is None


def _where(row: "bootstrap.reports.MailRow") -> list[str]:
    """Return to whom a message went, and in which other one."""
    stood_in = f" for {row.for_name} <{row.for_whom}>" if row.for_whom else ""
    along = [f"Went along in message {row.carrier}."] if row.carrier else []
    return [f"To: {row.to_name} <{row.to}>{stood_in}", *along]


def _preview(application: "bootstrap.Application", number: int) -> "bootstrap.message.Message":
    import bootstrap

    at = application.clock.now()
    claimed = bootstrap.outbox.Claimed(number, 0, 0, at)
    with application.database.reading() as link:
        brief = bootstrap.briefs.brief(link, claimed)
    return bootstrap.office.preview(brief, application.stationery)
