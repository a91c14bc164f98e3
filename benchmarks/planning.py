"""D1 and D2: planning one challenge of sixty tasks, and foreseeing its whole life.

The challenge is one of the shipped local system definition, with its whole team, confirmed; the
tasks beyond sixty are left out of the plan by naming those that are wanted.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from time import perf_counter

from benchmarks.figures import Budget, Figure
from definitions import loader
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.decide import begin
from workflow.model.decisions.asking import Actor
from workflow.model.outlook.foresight import foresee
from workflow.model.planning.plan import plan
from workflow.model.planning.rulebook import Rulebook

BEGUN = datetime(2026, 9, 1, 9, tzinfo=UTC)
TASKS = 60
PLAN_SECONDS, FORECAST_SECONDS = 0.005, 1.0
REPEATED = 20


def measure(*, rounds: int, repeated: int = 1) -> Iterator[Figure]:
    """Yield D1, the plan, and D2, the forecast: each against what it may take at most.

    `repeated` does the work more than once for each time that is counted: a slower engine.
    """
    rulebook, challenge = ready()
    keys = list(challenge.tasks)[:TASKS]
    once = partial(_plan_anew, rulebook, challenge, keys)
    taken = [_seconds(once, each=repeated) for _ in range(rounds + 1)][1:]
    yield _figure("D1", f"planning {len(keys)} tasks", "ms", taken, PLAN_SECONDS)
    for is_anybody_acting, who in ((True, "everyone is on time"), (False, "nobody acts")):
        ahead = partial(foresee, rulebook, challenge, at=BEGUN, is_anybody_acting=is_anybody_acting)
        taken = [_seconds(ahead, times=1, each=repeated) for _ in range(rounds + 1)][1:]
        yield _figure("D2", f"forecast of a whole life, {who}", "ms", taken, FORECAST_SECONDS)


def _plan_anew(rulebook: Rulebook, challenge: Challenge, keys: list[str]) -> None:
    """Plan tasks whose dates nobody has reckoned before."""
    rulebook.reckoned.clear()
    plan(rulebook, challenge, keys)


def _figure(code: str, what: str, unit: str, taken: list[float], most: float) -> Figure:
    return Figure(
        code=code,
        what=what,
        unit=unit,
        ours=[seconds * 1000 for seconds in taken],
        against=[most * 1000] * len(taken),
        budget=Budget(1.0),
    )


def _seconds(work: Callable[[], object], *, times: int = REPEATED, each: int = 1) -> float:
    """Return how long a piece of work takes, on average of several in a row."""
    begun = perf_counter()
    for _ in range(times * each):
        work()
    return (perf_counter() - begun) / times


def ready() -> tuple[Rulebook, Challenge]:
    """Return a challenge with its team and its dates, and the rules it runs under."""
    definition = loader.load("local_system_peer_challenge").definition
    rulebook = Rulebook(definition)
    started = e.ChallengeStarted(
        at=BEGUN,
        reference="NOR-26",
        title="Northshire",
        client="Northshire system",
        definition=definition.definition,
        version=definition.version,
        content_hash="",
        stage=definition.initial,
    )
    people = [
        c.AssignPerson(person=number, role=role, capabilities=definition.roles[role].eligible)
        for number, role in enumerate(definition.roles, 1)
    ]
    dates = [
        c.SetDate(key="onsite_start", on=date(2026, 11, 24)),
        c.SetDate(key="onsite_end", on=date(2026, 11, 27)),
    ]
    actor = Actor(id=1, is_administrator=True)
    return rulebook, begin(rulebook, started, [*people, *dates], actor=actor).after
