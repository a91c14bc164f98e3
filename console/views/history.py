"""What happened in a challenge, for people."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

import bootstrap
from console import words
from console.output import Output
from console.views.auditing.log import ENGINE
from console.views.happening import Teller, facts_of, tell_done
from workflow.model import events as e
from workflow.model.events import kind_of
from workflow.model.planning.rulebook import Rulebook

if TYPE_CHECKING:
    from workflow.model.people import Person

_TIMELINE_HEAD = ("when", "who", "what")
Kinds = tuple[type[e.Event], ...]
SMALL: Kinds = (e.TaskIssued, e.TaskOpened, e.TaskSuspended, e.DeadlineMoved)
SMALL_AND_MAIL: Kinds = (*SMALL, e.NoticeRaised)


def show_timeline(
    output: Output,
    application: bootstrap.Application,
    reference: str,
    *,
    people: "Mapping[int, Person]",
    leaving_out: Kinds = SMALL,
) -> None:
    """Show what happened, a sentence for each event; those of some kinds are only counted."""
    view = application.views.look(reference)
    with application.database.reading() as link:
        history = bootstrap.challenges.history(link, reference)
    rulebook = Rulebook(view.definition)
    teller = Teller(rulebook, view.challenge, people)
    shown = [one for one in history if not isinstance(one.event, leaving_out)]
    if output.is_json:
        entries = [_entry(one, teller, people) for one in shown]
        output.document("timeline", {"reference": reference, "entries": entries})
        return
    output.table(_TIMELINE_HEAD, list(_rows(shown, teller, output)))
    hidden = len(history) - len(shown)
    summary = f"{hidden} small ones are not shown (--all)." if hidden else ""
    output.follow(f"audit report {reference}", summary=summary)


def _rows(
    shown: "list[bootstrap.challenges.Recorded]", teller: Teller, output: Output
) -> Iterator[tuple[str, ...]]:
    """Yield a row for each event; what was done of one kind on one day is one row."""
    tasks = teller.challenge.tasks

    def kind(one: "bootstrap.challenges.Recorded") -> tuple[object, ...]:
        event = one.event
        if isinstance(event, e.TaskDone):
            evidence = (event.evidence, event.on)
            spec = tasks[event.task].spec if event.task in tasks else event.task
            return (teller.rulebook.today(one.at), spec, evidence)
        return (one.seq,)

    for _, group in groupby(shown, kind):
        found = list(group)
        event = found[0].event
        text = teller.tell(event)
        if isinstance(event, e.TaskDone):
            text = tell_done(teller, event, [getattr(one.event, "task", "") for one in found])
        when = words.moment(found[0].at, output.zone)
        actors = dict.fromkeys(one.actor for one in found)
        who = f"{len(actors)} people" if len(actors) > 1 else teller.name(found[0].actor)
        yield (when, who or ENGINE, text)


def _entry(
    one: "bootstrap.challenges.Recorded", teller: Teller, people: "Mapping[int, Person]"
) -> dict[str, Any]:
    event = one.event
    return {
        "at": one.at,
        "actor": people[one.actor].email if one.actor is not None else None,
        "kind": kind_of(event),
        "text": teller.tell(event),
        "facts": facts_of(event),
    }
