"""What happened in a challenge, for people."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import bootstrap
from console import words
from console.output import Output
from console.views.happening import Teller
from console.views.log import ENGINE
from workflow.model import events as e
from workflow.model.calendar import calendar_named
from workflow.model.codec import describe, kind_of
from workflow.model.planning.rulebook import Rulebook

if TYPE_CHECKING:
    from workflow.model.people import Person

_TIMELINE_HEAD = ("when", "who", "what")
_SMALL = (e.TaskIssued, e.TaskOpened, e.TaskSuspended, e.DeadlineMoved)


def show_timeline(
    output: Output,
    application: bootstrap.Application,
    reference: str,
    *,
    people: "Mapping[int, Person]",
    is_every: bool,
) -> None:
    """Show what happened, a sentence for each event; small ones are counted unless wanted."""
    view = application.views.look(reference)
    with application.database.reading() as link:
        history = bootstrap.challenges.history(link, reference)
    rulebook = Rulebook(view.definition, calendar_named(view.definition.calendar))
    teller = Teller(rulebook, view.challenge, people)
    shown = [one for one in history if is_every or not isinstance(one.event, _SMALL)]
    if output.is_json:
        entries = [_entry(one, teller, people) for one in shown]
        output.document("timeline", {"reference": reference, "entries": entries})
        return
    output.table(_TIMELINE_HEAD, [_cells(one, teller, output) for one in shown])
    hidden = len(history) - len(shown)
    summary = f"{hidden} small ones are not shown (--all)." if hidden else ""
    output.follow(f"audit report {reference}", summary=summary)


def _entry(
    one: "bootstrap.challenges.Recorded", teller: Teller, people: "Mapping[int, Person]"
) -> dict[str, Any]:
    event = one.event
    return {
        "at": one.at,
        "actor": people[one.actor].email if one.actor is not None else None,
        "kind": kind_of(event),
        "text": teller.tell(event),
        "facts": describe(event),
    }


def _cells(one: "bootstrap.challenges.Recorded", teller: Teller, output: Output) -> tuple[str, ...]:
    who = teller.name(one.actor) or ENGINE
    return (words.moment(one.at, output.zone), who, teller.tell(one.event))
