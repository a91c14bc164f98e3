"""Answers without an account: what a link or an e-mail says about a task, and what follows.

Whoever opens a link acts as the person whom its message was for. What the rules allow them to
record themselves is recorded at once. What needs somebody's judgement (they cannot, another time
would suit, an e-mail that seems to say "done") becomes an answer for a manager to accept or decline.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from workflow import rulebooks
from workflow.answering.questions import Matter, Question, as_question, read_matter, state_of
from workflow.clock import Clock
from workflow.engine import Engine
from workflow.model import commands as c
from workflow.model.calendar import in_words
from workflow.model.errors import InvalidInput, Refused
from workflow.model.task import Task
from workflow.store import challenges
from workflow.store.correspondence import answers as kept
from workflow.store.correspondence.answers import AnswerRow
from workflow.store.database import Database
from workflow.tokens import FORGED, AnswerLink, LinkRefused

MOST_SAID = 2_000
"""Characters of an answer that are kept: the e-mail itself is kept beside it."""

MOST_QUOTED = 300
"""Characters of an answer that stand in the evidence."""

ON_PAGE = "said on the page that an e-mail led to"


class Answers:
    """Takes answers by link and by e-mail, and lets a manager accept or decline them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        self._engine = Engine(database, clock)

    def question(self, link: AnswerLink) -> Question:
        """Return what a link asks.

        Raises:
            LinkRefused: it was revoked, or was never sent.
        """
        return as_question(link, self._matter(link))

    def done(
        self, link: AnswerLink, *, on: date, attested: tuple[str, ...], words: str
    ) -> Question:
        """Record that the task was done on a local day; `attested` are the items confirmed.

        Raises:
            LinkRefused: as for `question`.
            Refused, InvalidInput: a rule says no, or something is missing.
        """
        matter, task = self._open_matter(link)
        said = f"{words.strip()}; {ON_PAGE}" if words.strip() else ON_PAGE
        command = c.CompleteTask(
            spec=task.spec,
            person=task.person,
            day=task.day,
            on=on,
            evidence=said + matter.aside,
            attested=attested,
        )
        self._act(matter, command)
        return self.question(link)

    def cannot(self, link: AnswerLink, *, why: str) -> Question:
        """Record that it cannot be done, and tell the manager.

        Raises:
            LinkRefused, Refused: as for `done`.
            InvalidInput: nobody says why.
        """
        return self._say(link, "cannot", why)

    def another_time(self, link: AnswerLink, *, words: str, moment: datetime | None) -> Question:
        """Record which time would suit, and tell the manager.

        Raises:
            LinkRefused, Refused: as for `done`.
            InvalidInput: no time is named.
        """
        said = words if words.strip() or moment is None else "the time that is given"
        return self._say(link, "another_time", said, moment=moment)

    def settle(self, link: AnswerLink, number: int, *, reason: str | None) -> Question:
        """Accept an answer on the page, or decline it for a reason.

        Raises:
            LinkRefused: as for `question`; or the answer is not about its task.
            Refused, InvalidInput: a rule says no.
        """
        matter = self._matter(link)
        if all(row.id != number for row in matter.waiting):
            raise LinkRefused(FORGED, kind="forged")
        if reason is None:
            self.accept(number, actor=matter.asked.recipient)
        else:
            self.decline(number, actor=matter.asked.recipient, reason=reason)
        return self.question(link)

    def propose(self, command: c.GiveAnswer, *, reference: str, actor: int) -> None:
        """Keep what an e-mail says about a task, for a manager to accept.

        Raises:
            Refused, InvalidInput, NotFound: the task takes no answer any more.
        """
        self._engine.act(reference, command, actor=actor, source="mail")

    def accept(self, number: int, *, actor: int, is_dry_run: bool = False) -> AnswerRow:
        """Let an answer count: what is done is recorded as done, a time that suits as agreed.

        Raises:
            NotFound: there is no such answer.
            Refused: it is settled already, or a rule does not allow what it says.
        """
        with self.database.reading() as link:
            answer = kept.one(link, number)
            challenge = challenges.load(link, answer.reference).challenge
            zone = rulebooks.fetch(link, challenge.content_hash).zone
        _require_open(answer)
        command = _consequence(answer, challenge.tasks.get(answer.task), zone=zone)
        if command is not None:
            self._engine.act(answer.reference, command, actor=actor, is_dry_run=is_dry_run)
        if not is_dry_run:
            self._settle(number, kept.ACCEPTED, actor=actor)
        return answer

    def decline(self, number: int, *, actor: int, reason: str) -> AnswerRow:
        """Let an answer not count, for a reason; the task stays as it is.

        Raises:
            NotFound, Refused: as for `accept`.
            InvalidInput: there is no reason.
        """
        if not reason.strip():
            raise InvalidInput('say why the answer does not count: --reason "…"')
        with self.database.reading() as link:
            answer = kept.one(link, number)
        _require_open(answer)
        self._settle(number, kept.DECLINED, actor=actor, note=reason.strip())
        return answer

    def _settle(self, number: int, status: str, *, actor: int, note: str = "") -> None:
        with self.database.writing() as link:
            kept.settle(link, number, status=status, by=actor, at=self.clock.now(), note=note)

    def _say(
        self, link: AnswerLink, answer: str, words: str, *, moment: datetime | None = None
    ) -> Question:
        matter, task = self._open_matter(link)
        command = c.GiveAnswer(
            spec=task.spec,
            person=task.person,
            day=task.day,
            answer=answer,
            says=words.strip()[:MOST_SAID] and words.strip()[:MOST_SAID] + matter.aside,
            moment=moment,
        )
        self._act(matter, command)
        return self.question(link)

    def _act(self, matter: Matter, command: c.Command) -> None:
        reference, actor = matter.asked.reference, matter.asked.recipient
        self._engine.act(reference, command, actor=actor, source="page")

    def _open_matter(self, link: AnswerLink) -> tuple[Matter, Task]:
        matter = self._matter(link)
        state, over = state_of(matter)
        if matter.task is None or state == "over":
            raise Refused(over, kind="no_task")
        return matter, matter.task

    def _matter(self, link: AnswerLink) -> Matter:
        with self.database.reading() as db:
            return read_matter(db, link)


def _require_open(answer: AnswerRow) -> None:
    if answer.status != kept.OPEN:
        raise Refused(f"answer {answer.id} is {answer.status} already", kind="already")


def _consequence(answer: AnswerRow, task: Task | None, *, zone: ZoneInfo) -> c.Command | None:
    """Return what follows when an answer counts; None where there is only something to know."""
    if task is None or answer.came_at is None:
        return None
    if answer.kind == "done":
        return c.CompleteTask(
            spec=task.spec,
            person=task.person,
            day=task.day,
            on=answer.done_on or answer.came_at.astimezone(zone).date(),
            by=answer.person,
            evidence=evidence_of(answer, zone=zone),
        )
    if answer.kind == "another_time" and answer.moment is not None:
        return c.AgreeTime(spec=task.spec, person=task.person, day=task.day, moment=answer.moment)
    return None


def evidence_of(answer: AnswerRow, *, zone: ZoneInfo) -> str:
    """Return what shows that something was done: the e-mail with its day, sender and id."""
    said = " ".join(answer.body.split())
    said = said if len(said) <= MOST_QUOTED else f"{said[: MOST_QUOTED - 1]}…"
    mail = answer.mail
    if mail is None or mail.came_at is None:
        return f"{answer.person_name}: “{said}”"
    on = in_words(mail.came_at.astimezone(zone).date())
    return f"e-mail of {on} from {mail.sender}: “{said}” (Message-ID {mail.message_id})"
