"""What happened in one challenge, as a page tells it: entry by entry, and as a drawing."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from console import words
from console.reporting.drawing import Due, Span, draw
from console.reporting.page import Story
from console.reporting.tables import Shown
from console.views.auditing.log import ENGINE
from console.views.happening import Teller
from workflow.model import events as e

if TYPE_CHECKING:
    from workflow.auditing.reports import Life

LEFT_OUT = (e.TaskIssued, e.TaskOpened, e.TaskSuspended, e.DeadlineMoved, e.NoticeRaised)
"""What a page does not tell: the small events, and messages."""


def story(shown: Shown, life: "Life") -> Story:
    """Return what happened; small events and messages are left out."""
    rulebook, challenge = life.rulebook, life.challenge
    teller = Teller(rulebook, challenge, shown.people)
    rows = [
        (words.moment(event.at, shown.zone), teller.name(event.actor) or ENGINE, text)
        for event in life.events
        if not isinstance(event, LEFT_OUT) and (text := teller.tell(event))
    ]
    today = rulebook.today(shown.report.basis.as_of)
    dues = [
        Due(title=item.title, due_on=item.due_on, met_on=item.met_on, is_breach=item.is_breach)
        for item in shown.report.items
        if item.due_on is not None
    ]
    return Story(rows=rows, drawing=draw(list(_spans(life, shown)), dues, today=today))


def _spans(life: "Life", shown: Shown) -> Iterator[Span]:
    """Yield each stage, from the day on which it was entered until it was left."""
    rulebook, stages = life.rulebook, life.rulebook.definition.stages
    entered = [
        (event.stage, rulebook.today(event.at))
        for event in life.events
        if isinstance(event, e.ChallengeStarted | e.StageEntered)
    ]
    end = rulebook.today(shown.report.basis.as_of)
    following = [day for _, day in entered[1:]]
    for (stage, first), last in zip(entered, [*following, end], strict=True):
        title = stages[stage].title if stage in stages else words.sentence(stage)
        yield Span(title=title, first=first, last=last)
