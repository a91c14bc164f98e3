"""A command that comes again under the id that its sender gave it: one effect, and one answer.

Whoever loses the connection while a command is kept cannot know whether it was. With an id of
their own they ask again: what was kept under it is told again, and nothing happens twice.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.challenge import replay
from workflow.model.decisions.asking import Actor
from workflow.model.errors import InvalidInput, Refused, Unmet
from workflow.outcomes import Step
from workflow.store import challenges
from workflow.store.database import Link
from workflow.store.log import logbook

ID_LENGTH = 64
ID_ALLOWED = f"letters, digits, dots and dashes, at most {ID_LENGTH}, such as a UUID"


class Asked(NamedTuple):
    """A command, with who asks and when, and the id under which it is kept."""

    command: c.Command
    at: datetime
    actor: Actor
    id: str


def require_usable(command_id: str) -> None:
    """Refuse an id under which nothing could be found again.

    Raises:
        InvalidInput: it is empty, too long, or has other signs in it.
    """
    is_plain = command_id.replace("-", "").replace(".", "").isalnum() and command_id.isascii()
    if not is_plain or len(command_id) > ID_LENGTH:
        raise InvalidInput(
            f'the command id "{command_id[:80]}" cannot be used; allowed: {ID_ALLOWED}'
        )


def find(link: Link, reference: str, asked: Asked) -> Step | None:
    """Return what a command came to that was kept under its id; None if there is none.

    Raises:
        InvalidInput: the id was given to another command, or by somebody else.
    """
    found = logbook.entered(link, reference, asked.id)
    if found is None:
        return None
    first, last, body = found
    entry = json.loads(body)
    if (entry["action"], entry["actor"]) != (type(asked.command).__name__, asked.actor.id):
        raise InvalidInput(
            f'the command id "{asked.id}" stands for another command already: '
            f"{entry['action']}; give each command an id of its own"
        )
    events = [recorded.event for recorded in challenges.history(link, reference)[:last]]
    before, brought = replay(events[: first - 1]), tuple(events[first - 1 :])
    return Step(
        at=brought[-1].at,
        before=before,
        after=replay(brought, before),
        events=brought,
        refusal=_refusal(brought),
    )


def _refusal(events: Iterable[e.Event]) -> Refused | None:
    """Return a refusal in its own words, if it was one."""
    refused = next((event for event in events if isinstance(event, e.CommandRefused)), None)
    if refused is None:
        return None
    return Refused(refused.message, unmet=[Unmet(text) for text in refused.unmet])
