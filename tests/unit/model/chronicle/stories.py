"""Lives of challenges that are told in full: what was asked, what came of it, what was to be seen.

Who asks for what is drawn by a seed; most of what people ask for is allowed, much is refused.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

from tests import handing
from tests.builders import planned
from tests.invited import INVITED
from tests.property.lives import COMMANDS, RULEBOOKS, WAITS, Life, born, living
from tests.unit.model.chronicle.telling import told, told_error
from tests.unit.model.chronicle.views import ahead, seen, shifted, with_a_holiday
from tests.unit.model.register import kept
from tests.visits import dated
from workflow.model import commands as c
from workflow.model.access.admission import admit
from workflow.model.decide import Decision, decide
from workflow.model.decisions.asking import Actor
from workflow.model.errors import WorkflowError

HERE = Path(__file__).parent
KINDS = (
    "assign", "release", "date", "complete", "waive", "answer", "agree", "reopen", "advance",
    "hold", "lift", "extend", "pause", "resume", "enter", "give", "acknowledge", "revoke", "hand",
    "settle", "count", "link", "dispose", "wait", "watch",
    *["complete"] * 10, *["advance"] * 3, *["wake"] * 6, *["dispose", "give"] * 2,
)  # fmt: skip
TURNS, FEW, OFTEN = 72, 36, 18
"""How long lives are, that of the larger definition, and how often all is shown."""
ASKERS = (1, 1, 1, 2, 3, 3, 5, 7, 9)
"""Who asks: the administrator, the two who manage a visit, a visitor, the host, a stranger."""


BORN: dict[str, Callable[[], Life]] = {
    "as_it_is_6": lambda: born(RULEBOOKS["as it is"], "dated"),
    "richer_5": lambda: born(RULEBOOKS["richer"], "visiting"),
    "on_clocks_4": lambda: born(RULEBOOKS["on clocks"], "dated"),
    "with_papers_3": lambda: living(dated(*handing.EDITS, INVITED)),
    "with_records_6": lambda: living(kept.closing()),
    "shipped_7": lambda: living(
        planned(date(2027, 3, 1), date(2027, 3, 4), begun=date(2026, 10, 1))
    ),
}
"""How each life begins; its name is its seed."""


def story(name: str) -> Iterator[str]:
    """Yield the lines of a life; what was to be seen before, word for word, is not told again."""
    known: set[str] = set()
    for line in _all(name):
        if line not in known:
            yield line
        known.add(line)


def _all(name: str) -> Iterator[str]:
    random, life = Random(name), BORN[name]()  # noqa: S311
    for number in range(FEW if name.startswith("shipped") else TURNS):
        kind, first, second = random.choice(KINDS), random.randrange(61), random.randrange(60)
        if kind in WAITS:
            WAITS[kind](life, first, second)
            yield f"{life.at:%d %B %Y %H:%M}"
            continue
        yield from _asked(life, COMMANDS[kind](life, first, second), random.choice(ASKERS))
        if number % OFTEN == OFTEN - 1:
            yield from seen(life.rules, life.challenge, life.events, at=life.at)
    yield from with_a_holiday(life.rules, life.challenge, at=life.at)
    yield from ahead(life.rules, life.challenge, at=life.at)


def _asked(life: Life, command: c.Command, asker: int) -> Iterator[str]:
    yield f"{life.at:%d %B %Y %H:%M}, {asker} asks for {told(command)}"
    actor = Actor(id=asker, is_administrator=asker == 1)
    try:
        right = admit(life.rules.definition, life.challenge, command, actor=actor)
        decision = decide(life.rules, life.challenge, command, at=life.at, actor=actor)
    except WorkflowError as error:
        yield f"  {told_error(error)}"
        return
    yield f"  admitted as {right}, by right of {decision.authority or 'nothing more'}"
    yield from _came(decision)
    yield from shifted(life.rules, decision, at=life.at)
    life.keep(decision)


def _came(decision: Decision) -> Iterator[str]:
    for text in decision.warnings:
        yield f"  warning: {text}"
    for event in decision.events:
        yield f"  {told(event)}"


def file_of(name: str) -> Path:
    """Return the file in which a life stands as it was last looked through."""
    return HERE / f"{name}.txt"
