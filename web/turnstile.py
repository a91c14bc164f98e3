"""Lets each link in so many times, and knows the form that it let in last. In memory."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workflow.tokens import AnswerLink

MOST_POSTS = 30
WITHIN = timedelta(minutes=10)
MOST_LINKS = 10_000


@dataclass(slots=True)
class _Visits:
    """When answers came by a link, and the mark of the last one that was taken."""

    times: deque[datetime] = field(default_factory=deque)
    taken: str = ""


class Turnstile:
    """Counts by link, and forgets the links that were used longest ago. For one thread at a time.

    Each process counts by itself: this keeps a page from being hammered, it is no lock.
    """

    def __init__(self) -> None:
        self._visits: OrderedDict[AnswerLink, _Visits] = OrderedDict()

    def admits(self, link: AnswerLink, *, at: datetime) -> bool:
        """Return whether one more answer may come by `link` now, and count it."""
        times = self._of(link).times
        while times and times[0] <= at - WITHIN:
            times.popleft()
        if len(times) >= MOST_POSTS:
            return False
        times.append(at)
        return True

    def has_taken(self, link: AnswerLink, mark: str) -> bool:
        """Return whether the last answer that was taken by `link` is this very one."""
        return self._of(link).taken == mark

    def note(self, link: AnswerLink, mark: str) -> None:
        """Remember that an answer was taken."""
        self._of(link).taken = mark

    def _of(self, link: AnswerLink) -> _Visits:
        visits = self._visits.setdefault(link, _Visits())
        self._visits.move_to_end(link)
        while len(self._visits) > MOST_LINKS:
            self._visits.popitem(last=False)
        return visits
