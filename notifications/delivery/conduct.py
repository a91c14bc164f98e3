"""By what rules a courier goes, and how its rounds come out."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from notifications.delivery.quiet import ALWAYS_OPEN, Quiet
from notifications.transport import COMMAND_SECONDS, DATA_SECONDS, GREETING_SECONDS
from workflow.store.link import Link

MOST_A_MINUTE = 60
"""Messages that go in a minute, where no setting says otherwise."""

_COMMANDS = 10
"""What is said before the message itself, TLS and login included, with one answer each."""

LEASE = timedelta(seconds=GREETING_SECONDS + _COMMANDS * COMMAND_SECONDS + DATA_SECONDS)
"""As long as the slowest conversation that a transport allows: about half an hour.

Only who was killed in the middle leaves a lease behind. It is never renewed: a conversation cannot
take longer, and who is late all the same finds that the fence has gone on.
"""

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 60, 120))
REST = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30))


LONDON = ZoneInfo("Europe/London")


def tell_nobody(reference: str, person: int, why: str) -> None:
    """Do nothing about an address that refuses mail."""


def look_nothing_up(link: Link) -> None:
    """Leave everything as it was when the courier was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """When mail rests, how fast it goes, and who is told of an address that refuses it.

    `refused` is called with a challenge's reference, a person and the server's words, after that
    was noted down; whoever is killed meanwhile has it called again, so that it must do no harm to
    be told twice. What it raises is tried again with the next round. `look_up` is called with each
    round: what `quiet` asks of may have changed since the last one. `most_a_minute` None: as fast
    as it can. `steady` tells seconds that no setting of a clock changes. `lease` must be longer
    than any conversation with the mail server.
    """

    quiet: Quiet = ALWAYS_OPEN
    zone: ZoneInfo = LONDON
    look_up: Callable[[Link], None] = look_nothing_up
    most_a_minute: int | None = None
    refused: Callable[[str, int, str], None] = tell_nobody
    steady: Callable[[], float] | None = None
    lease: timedelta = LEASE


class Outcome(StrEnum):
    """What became of a message in a round."""

    SENT = "sent"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    PUT_BACK = "put back"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """What a round came to. `postponed` are tried again later; `recovered` had no outcome before.

    Messages are counted, but of what is `cancelled` each notice. `trouble` says what stopped the
    round: the mail server, not a message.
    """

    sent: int = 0
    cancelled: int = 0
    postponed: int = 0
    uncertain: int = 0
    failed: int = 0
    recovered: int = 0
    is_held: bool = False
    trouble: str = ""


def drained(found: Counter[Outcome], *, recovered: int, is_held: bool, trouble: str) -> Drained:
    """Return a round in numbers."""
    return Drained(
        sent=found[Outcome.SENT],
        cancelled=found[Outcome.CANCELLED],
        postponed=found[Outcome.POSTPONED],
        uncertain=found[Outcome.UNCERTAIN],
        failed=found[Outcome.FAILED],
        recovered=recovered,
        is_held=is_held,
        trouble=trouble,
    )
