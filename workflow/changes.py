"""What the store must keep of a decision."""

from datetime import datetime

from workflow.model.decide import Decision
from workflow.model.outlook.showing import headline, shown_anew, task_line
from workflow.model.planning.invitations import agenda
from workflow.model.planning.rulebook import Rulebook
from workflow.store.challenges import Change


def change_of(rulebook: Rulebook, decision: Decision, *, at: datetime) -> Change:
    """Return what the store must keep of a decision: only the lines that are new or other."""
    after = decision.after
    keys = shown_anew(rulebook, after, decision.events)
    lines = tuple(
        task_line(rulebook, after, task, wake_at=decision.wakes.get(key))
        for key, task in after.tasks.items()
        if key in keys
    )
    return Change(
        at=at,
        events=decision.events,
        challenge=after,
        headline=headline(rulebook, after, at=at),
        lines=lines,
        wakes={key: at for key, at in decision.wakes.items() if key not in keys},
        agenda=agenda(rulebook, after, decision.events, at=at),
    )
