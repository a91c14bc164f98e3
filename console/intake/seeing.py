"""What whoever acts may see of a list: one question for the list, and not one for each row."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol, TypeVar

from workflow.model.access.permissions import Permission

if TYPE_CHECKING:
    import bootstrap
    from console.session import Session


class OfChallenge(Protocol):
    """A row about something of a challenge, or of none."""

    @property
    def reference(self) -> str | None:
        """The challenge."""


Row = TypeVar("Row", bound=OfChallenge)


def those_seen(
    session: "Session", rows: "Iterable[bootstrap.tasks.TaskRow]"
) -> "list[bootstrap.tasks.TaskRow]":
    """Return the tasks of the challenges that somebody may see, and wherever it is their own."""
    seen = session.visible(Permission.SEE_CHALLENGE)
    if seen is None:
        return list(rows)
    me = session.application.actor.id
    return [row for row in rows if row.reference in seen or me in row.line.assignees]


def correspondence_seen(session: "Session", rows: Iterable[Row]) -> list[Row]:
    """Return the answers and mails of challenges whose correspondence somebody may read."""
    seen = session.visible(Permission.SEE_CORRESPONDENCE)
    return [row for row in rows if seen is None or row.reference in seen]


def mail_seen(
    session: "Session", rows: "Iterable[bootstrap.reports.MailRow]"
) -> "list[bootstrap.reports.MailRow]":
    """Return the messages that somebody may read, and all of their own."""
    seen = session.visible(Permission.SEE_CORRESPONDENCE)
    if seen is None:
        return list(rows)
    me = session.application.actor.id
    return [row for row in rows if row.recipient_id == me or row.reference in seen]
