"""Several notices in one message: whole briefs of one recipient, a section a challenge.

What is late stands first. Each brief was read for its own challenge, and nothing of one gets into
another's section. What is kept is bounded: the rest is counted.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from notifications.compose import Sender, compose
from notifications.facts import gather_facts
from notifications.message import Message
from notifications.render import Renderer
from notifications.wording import several
from workflow.model.calendar import in_words
from workflow.store.briefs import Brief

DIGEST = "digest"
MOST_LINES = 150
"""Tasks and notices in one digest; more are only counted."""

MOST_WORDS = 40_000
"""Characters of notices' own words in one digest."""

_OLD_AFTER = timedelta(days=1)


@dataclass(slots=True)
class _Section:
    """What a digest says of one challenge, or of none."""

    heading: str
    lines: dict[str, tuple[date, dict[str, Any]]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    @property
    def rank(self) -> tuple[bool, date, str]:
        """Return what sections are sorted by: late ones first, then by their first day."""
        is_late = any(line["is_late"] for _, line in self.lines.values())
        first = min((on for on, _ in self.lines.values()), default=date.max)
        return not is_late, first, self.heading

    def facts(self) -> dict[str, Any]:
        """Return the section as templates see it."""
        ranked = sorted(self.lines.values(), key=_rank)
        lines = [line for _, line in ranked]
        return {"heading": self.heading, "lines": lines, "words": "\n\n".join(self.words)}


def _rank(line: tuple[date, dict[str, Any]]) -> tuple[bool, date, str]:
    """Return what lines are sorted by: late ones first, then by their day."""
    on, told = line
    return not told["is_late"], on, told["title"]


class Digest:
    """Takes briefs one by one, and makes a message of them.

    `at` is the moment of sending: what is late is so on its day.
    """

    def __init__(self, renderer: Renderer, sender: Sender, at: datetime) -> None:
        self._renderer, self._sender, self._at = renderer, sender, at
        self._sections: dict[str, _Section] = {}
        self._size = self._things = self._letters = self._left_out = 0

    def add(self, brief: Brief) -> None:
        """Take one brief.

        Raises:
            UnsendableMessage: its words cannot be written; the digest is as it was.
        """
        facts = gather_facts(brief, self._sender.desk, at=self._at)
        words = "" if brief.is_ladder else self._words(brief, facts)
        section = self._section(brief)
        for line, told in zip(brief.lines, facts["lines"], strict=True):
            if line.key in section.lines or self._take():
                section.lines[line.key] = line.limit_on or line.target_on or date.max, told
        if words and words not in section.words and self._take(letters=len(words)):
            section.words.append(words)
            self._things -= bool(brief.lines)  # counted by what is to be done

    def _take(self, *, letters: int = 0) -> bool:
        """Return whether one more is said; else it is only counted."""
        if self._size >= MOST_LINES or self._letters + letters > MOST_WORDS:
            self._left_out += 1
            return False
        self._size += 1
        self._things += 1
        self._letters += letters
        return True

    def _section(self, brief: Brief) -> _Section:
        names = (brief.reference, brief.client or brief.challenge_title)
        heading = ", ".join(name for name in names if name) or "Your challenges"
        return self._sections.setdefault(brief.reference, _Section(heading))

    def _words(self, brief: Brief, facts: dict[str, Any]) -> str:
        """Return a notice's own words, with its date once it is old."""
        has_words = brief.reference or self._renderer.has_words_for(brief.notice)
        said = self._renderer.words(brief.notice if has_words else "weekly_digest", facts)
        if self._at - brief.created_at <= _OLD_AFTER:
            return said
        on = brief.created_at.astimezone(ZoneInfo(brief.zone)).date()
        return f"Of {in_words(on)}:\n\n{said}"

    def compose(self, carrier: Brief) -> Message:
        """Return the message; its Message-ID, Date and addresses are those of the carrier.

        Raises:
            UnsendableMessage: a template fails, or an address cannot be used.
        """
        return compose(_neutral(carrier), self._renderer, sender=self._sender, also=self._facts())

    def _facts(self) -> dict[str, Any]:
        sections = sorted(self._sections.values(), key=lambda section: section.rank)
        lines = [line for section in sections for _, line in section.lines.values()]
        late = sum(line["is_late"] for line in lines)
        things = self._things + self._left_out
        return {
            "sections": [section.facts() for section in sections],
            "left_out": self._left_out,
            "late": late,
            "things": several(things, "one thing", "things"),
            "challenges": several(self._challenges(), "one challenge", "challenges"),
            "is_late": late > 0,
        }

    def _challenges(self) -> int:
        """Return of how many challenges it speaks: what is of none is no other one."""
        return max(1, sum(bool(reference) for reference in self._sections))


def _neutral(carrier: Brief) -> Brief:
    """Return a brief of no challenge, with the recipient and the marks of the carrier."""
    return replace(
        carrier,
        notice=DIGEST,
        notice_title="What waits for you",
        notice_says="",
        reference="",
        challenge_title="",
        client="",
        about=None,
        lines=(),
        all_lines_count=0,
        dates={},
        people={},
        stage_title="",
        calendar={},
        portfolio=(),
        is_ladder=False,
    )
