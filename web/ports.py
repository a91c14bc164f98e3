"""What the pages need of the rest: the questions that can be answered, the answers taken."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from workflow.answering.questions import Question
from workflow.clock import Clock
from workflow.model.records.events import Items, Media
from workflow.tokens import AnswerLink, FeedLink, Keys


class Answers(Protocol):
    """Knows what is asked behind a link, and takes what people answer.

    Each gives the question as it stands afterwards. All raise `LinkRefused` for a link that was
    revoked and `NotFound` for one that leads nowhere; what takes an answer also raises `Refused`
    and `InvalidInput`.
    """

    def question(self, link: AnswerLink) -> Question:
        """Return what is asked. Changes nothing."""

    def done(
        self, link: AnswerLink, *, on: date, attested: Items, words: str, media: Media = ()
    ) -> Question:
        """Record that it was done on a day, what was confirmed, and how what was destroyed was."""

    def cannot(self, link: AnswerLink, *, why: str) -> Question:
        """Record that it cannot be done."""

    def another_time(self, link: AnswerLink, *, words: str, moment: datetime | None) -> Question:
        """Record that another time would suit."""

    def settle(self, link: AnswerLink, number: int, *, reason: str | None) -> Question:
        """Accept an answer of somebody else that waits, or decline it for a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All that the pages are made of.

    `feed` gives the calendar of a person, None where its address was revoked. An empty `base_url`
    means that the pages answer to any name: for trying out.
    """

    answers: Answers
    clock: Clock
    keys: Keys
    feed: Callable[[FeedLink], bytes | None]
    is_ready: Callable[[], bool]
    base_url: str = ""
    is_rehearsal: bool = False
