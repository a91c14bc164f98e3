"""What people do with their mail in a year: they answer, their mailbox is gone, the server stops.

It happens at set times, through a real mail server only. Everything that is looked at afterwards is
noted down on the way.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from email.message import EmailMessage
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from tests.integration.mailrig import DOMAIN, MailRig

ZONE = ZoneInfo("Europe/London")
OFFICE, GHOST = "challenges", "nobody.home"
WRITER, MOVER = "cara", "hal"
STOPS, STARTS = time(9), time(15)
MOVES_AWAY, MOVES_BACK = date(2027, 1, 8), date(2027, 1, 12)


class Programme(Protocol):
    """The command line, at the time of the year."""

    def type(self, *arguments: str) -> str:
        """Type a command; return what it answers."""

    def read(self, *arguments: str) -> dict[str, Any]:
        """Type a reading command; return its one object."""

    def tick(self) -> int:
        """Let the machine work."""


@dataclass
class Post:
    """A real mail server, and what became of what people wrote."""

    rig: MailRig
    stopped_on: date | None = None
    is_stopped: bool = False
    proposed: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    bounces: list[dict[str, Any]] = field(default_factory=list)

    def before(self, programme: Programme, at: datetime) -> None:
        """Do what happens before the machine works at a moment of the year."""
        local = at.astimezone(ZONE)
        if (
            local.date() == self.stopped_on
            and STOPS <= local.time() < STARTS
            and not self.is_stopped
        ):
            self.rig.stop()
            self.is_stopped = True
        elif self.is_stopped and local.time() >= STARTS:
            self.rig.start()
            self.is_stopped = False
        if local.time() == time(12) and local.date() == MOVES_AWAY:
            programme.type("person", "change", _address(MOVER), "--email", _address(GHOST))
        if local.time() == time(12) and local.date() == MOVES_BACK:
            self._move_back(programme)

    def _move_back(self, programme: Programme) -> None:
        """Look what became of the bounce, and correct the address."""
        self.rig.fetch(OFFICE, 1)  # it comes by itself, soon after
        programme.tick()
        mails = programme.read("inbox", "list")["mail"]
        self.bounces += [mail for mail in mails if mail["kind"] == "bounce"]
        tasks = programme.read("tasks", "TRO-27")["tasks"]
        self.refused += [task for task in tasks if task["key"] == "correct_address"]
        for mail in mails:
            programme.type("inbox", "close", str(mail["id"]), "--reason", "rang them")
        programme.type("person", "change", _address(GHOST), "--email", _address(MOVER))
        programme.type("mail", "retry", "--to", _address(MOVER))
        programme.tick()

    def is_answered(self, reference: str, task: dict[str, Any]) -> bool:
        """Return whether somebody answers a task by e-mail instead of telling the manager."""
        return (reference, task["key"], task["person"]) == (
            "TIM-26",
            "destroy_notes",
            _address(WRITER),
        )

    def answer(self, programme: Programme, reference: str) -> None:
        """Let the writer reply to what they got, and the manager accept it."""
        asked = next(
            mail.obj
            for mail in reversed(self.rig.fetch(WRITER, 1))
            if "destroy your notes" in " ".join(mail.subject.split())
        )
        before = len(self.rig.fetch(OFFICE, 0))
        reply = EmailMessage()
        reply["From"] = _address(WRITER)
        reply["To"] = " ".join(asked["Reply-To"].split())  # it may be folded
        reply["Subject"] = "Re: notes"
        reply["In-Reply-To"] = asked["Message-ID"]
        reply["Message-ID"] = f"<reply.{reference}@{DOMAIN}>"
        reply.set_content("I have destroyed my notes.\n\nOn Monday somebody wrote:\n> Please do.\n")
        self.rig.hand_in(reply)
        self.rig.fetch(OFFICE, before + 1)
        programme.tick()
        self.proposed += programme.read("answer", "list", reference)["answers"]
        for answer in self.proposed:
            programme.type("answer", "accept", str(answer["id"]))


def _address(name: str) -> str:
    return f"{name}@{DOMAIN}"
