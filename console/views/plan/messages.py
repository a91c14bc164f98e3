"""The mail of a change as JSON has it: every message, what becomes of it, to whom it goes."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from console.views.plan.line import Line
from console.words import address_of
from workflow.model import events as e
from workflow.model.people import name_in

if TYPE_CHECKING:
    from console.views.happening import Teller
    from workflow.model.outlook.consequences import Shift
    from workflow.outcomes import Outcome

SHIFTED = ("moved", "withdrawn", "again", "coming")


def messages_json(outcome: "Outcome") -> list[dict[str, Any]]:
    """Return every message; `when` is None of what is sent at once, and of what is not sent."""
    sent = (event for event in outcome.events if isinstance(event, e.NoticeRaised))
    shifts = ((what, shift) for what in SHIFTED for shift in getattr(outcome.consequences, what))
    return [
        *(_told(outcome, "sent", (one.notice, one.recipient), one.tasks) for one in sent),
        *(
            _told(outcome, "cancelled", (one.notice, one.recipient), one.tasks)
            for one in outcome.unsent
        ),
        *(
            _told(outcome, what, (one.notice, one.recipient), one.tasks, shift=one)
            for what, one in shifts
        ),
    ]


def invitations_json(outcome: "Outcome") -> list[dict[str, Any]]:
    """Return what becomes of every entry in people's calendars."""
    return [
        {
            "what": letter.kind.value,
            "key": letter.entry.key,
            "title": name_in(letter.entry.title, outcome.people),
            "to": address_of(letter.entry.person, outcome.people),
            "starts_at": letter.entry.starts_at,
            "ends_at": letter.entry.ends_at,
            "first_on": letter.entry.first_on,
            "last_on": letter.entry.last_on,
        }
        for letter in outcome.letters
    ]


def _told(
    outcome: "Outcome",
    what: str,
    said: tuple[str, int | None],
    tasks: Sequence[str],
    *,
    shift: "Shift | None" = None,
) -> dict[str, Any]:
    notice, recipient = said
    return {
        "what": what,
        "notice": notice,
        "to": address_of(recipient, outcome.people),
        "when": shift.new_at if shift else None,
        "from": shift.old_at if shift else None,
        "tasks": list(tasks),
    }


def unheard_lines(outcome: "Outcome", teller: "Teller") -> Iterator[Line]:
    """Yield a warning for each message that nobody is there to get."""
    for event in outcome.events:
        if isinstance(event, e.NoticeRaised) and event.recipient is None:
            title = teller.notice(event.notice)
            yield Line(kind="warns", what=f'nobody is there to be told: "{title}"')
