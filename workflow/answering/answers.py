"""Answers without an account: what somebody says on the page behind a link, and what follows.

Whoever opens a link acts as the person whom its message was for. What the rules allow them to
record themselves is recorded at once. What needs somebody's judgement (they cannot, another time
would suit, an e-mail that seems to say "done") is an answer that a manager accepts or declines.
"""

from datetime import date, datetime

from workflow.answering.questions import (
    Matter,
    Question,
    as_question,
    may_record,
    read_matter,
    state_of,
)
from workflow.answering.settlements import Settlements
from workflow.clock import Clock
from workflow.engine import Engine
from workflow.model import commands as c
from workflow.model.decisions.answers import MOST_SAID
from workflow.model.errors import Refused
from workflow.model.records.events import Items, Media
from workflow.model.task import Task
from workflow.store.database import Database
from workflow.tokens import FORGED, AnswerLink, LinkRefused

PAGE = "page"
ON_PAGE = "said on the page that an e-mail led to"


class Answers:
    """Takes answers by link and by e-mail, and lets a manager accept or decline them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        self._engine = Engine(database, clock)
        self._settlements = Settlements(database, clock, source=PAGE)

    def question(self, link: AnswerLink) -> Question:
        """Return what a link asks.

        Raises:
            LinkRefused: it was revoked, or was never sent.
        """
        return as_question(link, self._matter(link))

    def done(
        self, link: AnswerLink, *, on: date, attested: Items, words: str, media: Media = ()
    ) -> Question:
        """Record that the task was done on a local day; `attested` are the items confirmed.

        `media` says of what is destroyed how, and when.

        Of a task that is somebody else's to record, it is an answer for a manager to accept.

        Raises:
            LinkRefused: as for `question`.
            Refused, InvalidInput: a rule says no, or something is missing.
        """
        matter, task = self._open_matter(link)
        if not may_record(matter, task):
            return self._say(link, "done", words.strip() or "yes", on=on)
        wants_words = bool(matter.rulebook.specs[task.spec].evidence)
        said = "; ".join(part for part in (words.strip(), ON_PAGE) if part)
        command = c.CompleteTask(
            spec=task.spec,
            person=task.person,
            day=task.day,
            on=on,
            evidence="" if wants_words and not words.strip() else said + matter.aside,
            attested=attested,
            media=media,
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
            asked = matter.asked
            self._settlements.accept(number, actor=asked.recipient, reader=asked.reader)
        else:
            self._settlements.decline(number, actor=matter.asked.recipient, reason=reason)
        return self.question(link)

    def _say(
        self,
        link: AnswerLink,
        answer: str,
        words: str,
        *,
        on: date | None = None,
        moment: datetime | None = None,
    ) -> Question:
        matter, task = self._open_matter(link)
        command = c.GiveAnswer(
            spec=task.spec,
            person=task.person,
            day=task.day,
            answer=answer,
            says=words.strip()[:MOST_SAID] and words.strip()[:MOST_SAID] + matter.aside,
            on=on,
            moment=moment,
        )
        self._act(matter, command)
        return self.question(link)

    def _act(self, matter: Matter, command: c.Command) -> None:
        reference, actor = matter.asked.reference, matter.asked.recipient
        self._engine.act(reference, command, actor=actor, source=PAGE)

    def _open_matter(self, link: AnswerLink) -> tuple[Matter, Task]:
        matter = self._matter(link)
        state, over = state_of(matter)
        if matter.task is None or state == "over":
            raise Refused(over, kind="no_task")
        return matter, matter.task

    def _matter(self, link: AnswerLink) -> Matter:
        with self.database.reading() as db:
            return read_matter(db, link)
