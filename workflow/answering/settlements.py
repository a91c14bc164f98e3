"""What a manager makes of answers: each counts, or does not.

An answer that comes by e-mail is kept here as well: a mail never changes a task by itself.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from workflow.clock import Clock
from workflow.engine import Engine
from workflow.granting.access import Access, Request
from workflow.model import commands as c
from workflow.model.access.permissions import Permission
from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.decide import Decision
from workflow.model.errors import InvalidInput, Refused
from workflow.model.events import CommandRefused
from workflow.model.planning.reminders import assignees
from workflow.model.planning.rulebook import Rulebook
from workflow.store import challenges, rulebooks
from workflow.store.challenges import Stored
from workflow.store.correspondence import answers as kept
from workflow.store.correspondence.answers import AnswerRow
from workflow.store.database import Database, Link

SETTLING = Request(permission=Permission.SETTLE_ANSWERS, action="SettleAnswer")
MOST_QUOTED = 300
"""Characters of an answer that stand in the evidence."""


class _Accepting(Engine):
    """An engine whose step also settles the answer that it follows from, in its transaction."""

    def __init__(self, database: Database, clock: Clock, settle: Callable[[Link], None]) -> None:
        super().__init__(database, clock)
        self._settle = settle

    def _also(self, link: Link, stored: Stored, decision: Decision) -> None:
        if not any(isinstance(event, CommandRefused) for event in decision.events):
            self._settle(link)


class Settlements:
    """Keeps what e-mails say, and lets a manager accept or decline what people answered."""

    def __init__(self, database: Database, clock: Clock, *, source: str = "cli") -> None:
        self.database, self.clock, self.source = database, clock, source
        self._engine, self._access = Engine(database, clock), Access(database, clock, source=source)

    def propose(self, command: c.GiveAnswer, *, reference: str, actor: int) -> None:
        """Keep what an e-mail says about a task, for a manager to accept.

        Raises:
            Refused, InvalidInput, NotFound: the task takes no answer any more.
        """
        self._engine.act(reference, command, actor=actor, source="mail")

    def accept(
        self, number: int, *, actor: int, reader: int | None = None, is_dry_run: bool = False
    ) -> AnswerRow:
        """Let an answer count: what is done is recorded as done, a time that suits as agreed.

        `reader` is who really does it, where that is a stand-in of the actor.

        Raises:
            NotFound: there is no such answer.
            Refused: it is settled already, or a rule does not allow what it says.
        """
        answer, challenge, rulebook = self._read(number)
        _require_open(answer)
        _require_another(answer, actor if reader is None else reader)
        self._require_right(rulebook, challenge, actor)
        command = _consequence(rulebook, challenge, answer)
        settle = partial(self._settle, answer=answer, status=kept.ACCEPTED, actor=actor)
        if command is not None:
            engine = _Accepting(self.database, self.clock, settle)
            source = self.source
            engine.act(answer.reference, command, actor=actor, source=source, is_dry_run=is_dry_run)
        elif not is_dry_run:
            with self.database.writing() as link:
                settle(link)
        return answer

    def decline(self, number: int, *, actor: int, reason: str) -> AnswerRow:
        """Let an answer not count, for a reason; the task stays as it is.

        Raises:
            NotFound, Refused: as for `accept`.
            InvalidInput: there is no reason.
        """
        if not reason.strip():
            raise InvalidInput('say why the answer does not count: --reason "…"')
        answer, challenge, rulebook = self._read(number)
        self._require_right(rulebook, challenge, actor)
        _require_open(answer)
        note = reason.strip()
        with self.database.writing() as link:
            self._settle(link, answer=answer, status=kept.DECLINED, actor=actor, note=note)
        return answer

    def _read(self, number: int) -> tuple[AnswerRow, Challenge, Rulebook]:
        with self.database.reading() as link:
            answer = kept.one(link, number)
            challenge = challenges.load(link, answer.reference).challenge
            return answer, challenge, rulebooks.fetch(link, challenge.content_hash)

    def _require_right(self, rulebook: Rulebook, challenge: Challenge, actor: int) -> None:
        """Refuse whoever neither records what others have done nor may settle answers."""
        definition = rulebook.definition
        if actor not in challenge.holders(definition.members(*definition.authority.records)):
            self._access.require(actor, SETTLING, challenge.reference)

    def _settle(
        self, link: Link, *, answer: AnswerRow, status: str, actor: int, note: str = ""
    ) -> None:
        at = self.clock.now()
        kept.settle(link, answer.id, status=status, by=actor, at=at, note=note)
        if answer.mail is not None:
            kept.close_mail(link, answer.mail, by=actor, at=at)
        request = replace(SETTLING, detail={"answer": answer.id, "status": status})
        self._access.enter(link, actor, request, on=answer.reference, reason=note)


def _require_open(answer: AnswerRow) -> None:
    if answer.status != kept.OPEN:
        raise Refused(f"answer {answer.id} is {answer.status} already", kind="already")


def _require_another(answer: AnswerRow, reader: int) -> None:
    """Refuse that somebody lets their own words count."""
    if answer.person == reader:
        raise Refused(
            f"answer {answer.id} is what you said yourself: somebody else must accept it",
            kind="same_person",
            hint="ask the challenge manager, or a programme manager",
        )


def _consequence(rulebook: Rulebook, challenge: Challenge, answer: AnswerRow) -> c.Command | None:
    """Return what follows when an answer counts; None where there is only something to know."""
    task, zone = challenge.tasks.get(answer.task), rulebook.zone
    if task is None and answer.kind in {"done", "another_time"}:
        raise Refused(
            f"answer {answer.id} is about the task {answer.task}, which {answer.reference} does not"
            " have any more: nothing would follow from it",
            kind="no_task",
            hint="decline it, and record by itself what was done",
        )
    if task is None or answer.came_at is None:
        return None
    if answer.kind == "done":
        return c.CompleteTask(
            spec=task.spec,
            person=task.person,
            day=task.day,
            on=answer.done_on or answer.came_at.astimezone(zone).date(),
            by=answer.person if answer.person in assignees(rulebook, challenge, task) else None,
            evidence=evidence_of(answer, subject=task.person, zone=zone),
        )
    if answer.kind == "another_time" and answer.moment is not None:
        return c.AgreeTime(spec=task.spec, person=task.person, day=task.day, moment=answer.moment)
    return None


def evidence_of(answer: AnswerRow, *, subject: int | None, zone: ZoneInfo) -> str:
    """Return what shows that something was done: the e-mail with its day, sender and id.

    Only the `subject` of a task is forgotten with its evidence: anybody else is not named in it,
    but known by the number of the answer.
    """
    said = " ".join(answer.body.split())
    said = said if len(said) <= MOST_QUOTED else f"{said[: MOST_QUOTED - 1]}…"
    mail = answer.mail
    number = f"answer {answer.id}"
    if mail is None or mail.came_at is None:
        return f"{answer.person_name if answer.person == subject else number}: “{said}”"
    on = in_words(mail.came_at.astimezone(zone).date())
    is_own = subject is not None and mail.writer == subject
    who = f" from {mail.sender}" if is_own else f", {number}"
    return f"e-mail of {on}{who}: “{said}” (Message-ID {mail.message_id})"
