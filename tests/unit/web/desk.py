"""A site of pages whose questions live in memory: the port of the pages, really implemented."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from web.ports import Site
from workflow.answering.questions import Question, Recorded, Waiting
from workflow.clock import SetClock
from workflow.model.calendar import in_words
from workflow.model.errors import InvalidInput, NotFound, Refused, Unavailable, Unmet, WorkflowError
from workflow.model.records.events import Items, Media
from workflow.tokens import AnswerLink, FeedLink, Keys, LinkRefused, answer_token, feed_token

NOW = datetime(2027, 3, 9, 14, 5, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
KEYS = Keys(("k" * 40,))
CALL, NOTES, PLAN = AnswerLink(1, "call_peer:4"), AnswerLink(2, "notes:7"), AnswerLink(3, "plan")
MANAGED = AnswerLink(6, "call_peer:4")
FEED, REVOKED_FEED = FeedLink(4, 1), FeedLink(4, 0)
CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
REVOKED = "this link was revoked; ask the challenge manager"


SAID_DONE = Waiting(number=11, who="Pat Example", says="I called on Monday.", kind="done")
SAID_LATER = Waiting(number=12, who="Sam Other", says="After Easter?", kind="another_time")


def asked(link: AnswerLink = CALL, **facts: object) -> Question:
    """Return an open question, with other facts where they are given."""
    question = Question(
        link=link,
        reference="EAS-27",
        client="Eastvale system",
        title="Call peer 4",
        asked="Pat Example",
        by="By Tuesday 9 March 2027, end of the day.",
        why="A week before the first day on site (house policy).",
        zone=LONDON,
        state="open",
        contact="Morgan Manager, morgan@council.example, 01632 960001",
    )
    return replace(question, **facts)  # type: ignore[arg-type]


def questions() -> dict[AnswerLink, Question]:
    """Return a question of each kind."""
    return {
        CALL: asked(can_propose_time=True),
        NOTES: asked(
            NOTES,
            title="Destroy your notes",
            items=("notebook", "laptop_files", "e-mails"),
            is_destruction=True,
        ),
        PLAN: asked(PLAN, title="Send the plan", evidence=("version", "signed_by")),
        MANAGED: asked(MANAGED, asked="Morgan Manager", waiting=(SAID_DONE, SAID_LATER)),
    }


@dataclass
class MemoryAnswers:
    """Keeps questions in a dictionary, and answers in the questions."""

    clock: SetClock
    questions: dict[AnswerLink, Question] = field(default_factory=questions)
    revoked: set[AnswerLink] = field(default_factory=set)
    taken: list[Mapping[str, object]] = field(default_factory=list)
    trouble: WorkflowError | None = None
    """What the next answer meets."""

    is_away: bool = False

    def question(self, link: AnswerLink) -> Question:
        if self.is_away:
            raise Unavailable("postgresql://user:secret@host is away")
        if link in self.revoked:
            raise LinkRefused(REVOKED, kind="revoked")
        if link not in self.questions:
            raise NotFound("task", link.task, ("secret_of_others",))
        return self.questions[link]

    def done(
        self, link: AnswerLink, *, on: date, attested: Items, words: str, media: Media = ()
    ) -> Question:
        question = self.question(link)
        if on > self.clock.now().date():
            raise InvalidInput(f"{in_words(on)} is in the future: a task is done on a past day")
        missing = [key for key in question.evidence if f"{key}=" not in words]
        if missing and not words:
            unmet = [Unmet(key.replace("_", " ")) for key in missing]
            raise Refused("evidence is needed", unmet=unmet, hint="give it with --evidence")
        says = f"Done on {in_words(on)}. {words}"
        self.questions[link] = replace(self._recorded(link, says), state="done")
        how = {"media": {one.medium: (one.method, one.on) for one in media}} if media else {}
        self.taken.append({"on": on, "attested": attested, "words": words, **how})
        return self.questions[link]

    def cannot(self, link: AnswerLink, *, why: str) -> Question:
        self.questions[link] = self._recorded(link, f"Cannot be done: {why}")
        self.taken.append({"why": why})
        return self.questions[link]

    def another_time(self, link: AnswerLink, *, words: str, moment: datetime | None) -> Question:
        self.questions[link] = self._recorded(link, f"Another time would suit: {words}")
        self.taken.append({"words": words, "moment": moment})
        return self.questions[link]

    def settle(self, link: AnswerLink, number: int, *, reason: str | None) -> Question:
        says = f"declined: {reason}" if reason else "accepted"
        rest = tuple(one for one in self.question(link).waiting if one.number != number)
        self.questions[link] = replace(self._recorded(link, says), waiting=rest)
        self.taken.append({"number": number, "reason": reason})
        return self.questions[link]

    def _recorded(self, link: AnswerLink, says: str) -> Question:
        if self.trouble is not None:
            raise self.trouble
        question = self.question(link)
        said = Recorded(at=self.clock.now(), who=question.asked, says=says)
        return replace(question, recorded=(*question.recorded, said))


def calendar_of(link: FeedLink) -> bytes | None:
    return CALENDAR if link == FEED else None


@dataclass
class Desk:
    """A site, and what stands behind it."""

    answers: MemoryAnswers
    clock: SetClock
    site: Site


def set_up(*, base_url: str = "", is_rehearsal: bool = False, is_ready: bool = True) -> Desk:
    """Return a site with a question of each kind."""
    clock = SetClock(NOW)
    answers = MemoryAnswers(clock)
    site = Site(
        answers=answers,
        clock=clock,
        keys=KEYS,
        feed=calendar_of,
        is_ready=lambda: is_ready,
        base_url=base_url,
        is_rehearsal=is_rehearsal,
    )
    return Desk(answers, clock, site)


def token_of(link: AnswerLink, *, until: datetime = NOW + timedelta(days=30)) -> str:
    return answer_token(KEYS, link, until=until)


def feed_address(link: FeedLink = FEED) -> str:
    return f"/feed/{feed_token(KEYS, link)}.ics"
