"""Whole lives of a challenge, deed by deed: from its start to the day when nothing of it is left.

Whoever has something to do does it at noon of the day on which it should be done; each moment at
which the program itself has something to do is waited for. So a life is the same each time.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from definitions import loader
from tests.faults.hands import REFERENCE, Deed, Hands, Place, requests
from tests.grounds import ADA, populate
from tests.integration.retaining.destroying import definition_text
from tests.visits import BEGUN, DIRECTOR, END, LEADER, MANAGER, START, TEAM
from workflow.engine import NewChallenge
from workflow.model import commands as c
from workflow.model.lines import RETENTION_PREFIX, TaskLine
from workflow.model.records import commands as r
from workflow.model.task import UNFINISHED
from workflow.store.database import Database
from workflow.store.library import Offered

LONDON = ZoneInfo("Europe/London")
NOON = time(12)
MOST_DEEDS = 3_000
CAPABILITIES = (
    LEADER, "trust_chief_executive", "clinical_leader", "council_chief_executive",
    "social_care_director", "elected_member", "independent_chair",
)  # fmt: skip
REFERENCE_TEAM = (
    ("programme_manager", 1), ("challenge_manager", 2), ("client_contact", 3), ("system_lead", 4),
    ("member_lead", 5), ("lead_peer", 6), ("trust_peer", 7), ("commissioning_peer", 8),
    ("council_peer", 9),
)  # fmt: skip
_NEXT = """
SELECT min(at) FROM (
    SELECT min(wake_at) AS at FROM challenge UNION ALL
    SELECT min(next_attempt_at) AS at FROM outbox WHERE status = 'waiting'
) AS due
"""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a life goes: under which definition, with whom, by which steps, until when.

    `hurried` does everything at once, so that a life has few days and few reminders.
    """

    text: str
    team: tuple[tuple[str, int], ...]
    dates: Mapping[str, date]
    steps: tuple[str, ...]
    asker: int
    approver: int
    until: datetime
    hurried: bool = False
    actor: int = ADA
    more: Mapping[str, str] = field(default_factory=dict)

    def prepare(self, place: Place) -> NewChallenge:
        """Make the database, with people and the definition; return what is to be started."""
        loaded = loader.load_text(self.text, file="life.yaml")
        with closing(Database(place.url)) as database:
            populate(database, loaded, capabilities=CAPABILITIES)
        return NewChallenge(
            reference=REFERENCE,
            title="Northshire",
            client="Northshire system",
            offered=Offered(loaded.content_hash),
            dates=self.dates,
            roles=self.team,
        )


def visit() -> Plan:
    """Return a short life: a visit, its report, and the destruction of every kind of copy."""
    return Plan(
        text=definition_text(),
        team=TEAM,
        dates={"visit_start": START, "visit_end": END},
        steps=("confirm", "sign_off", "close"),
        asker=MANAGER,
        approver=DIRECTOR,
        until=datetime(2035, 1, 1, tzinfo=LONDON),
    )


def reference() -> Plan:
    """Return the life of a peer challenge of a local system."""
    file = Path(loader.__file__).with_name("local_system_peer_challenge.yaml")
    return Plan(
        text=file.read_text(encoding="utf-8"),
        team=REFERENCE_TEAM,
        dates={"onsite_start": date(2026, 11, 24), "onsite_end": date(2026, 11, 27)},
        steps=(
            "agree_scope", "confirm_team", "go_on_site", "present_feedback", "sign_off", "close",
        ),
        asker=2,
        approver=1,
        until=datetime(2034, 1, 1, tzinfo=LONDON),
    )  # fmt: skip


def deeds(plan: Plan, new: NewChallenge, hands: Hands) -> Iterator[Deed]:
    """Yield what is done next, as long as something is; whoever asks does it with these hands."""
    at = BEGUN
    yield Deed("start", "start", at, lambda h: h.start(new, actor=plan.actor))
    number = 0
    while number < MOST_DEEDS:
        yield from _machine(at, number)
        number += 1
        hands.at(at)
        done = list(_people(plan, hands, at, number))
        yield from done
        if not done:
            moment = _next(plan, hands, at)
            if moment is None or moment >= plan.until:
                return
            at = moment
    raise AssertionError(f"a life of more than {MOST_DEEDS} deeds: it goes round in a circle")


def _machine(at: datetime, number: int) -> Iterator[Deed]:
    yield Deed("sweep", f"sweep {number}", at, Hands.sweep)
    yield Deed("send", f"send {number}", at, Hands.deliver)


def _people(plan: Plan, hands: Hands, at: datetime, number: int) -> Iterator[Deed]:
    """Yield one thing that somebody does now, if there is any."""
    view = hands.look()
    for line in view.lines:
        if line.status == "open" and at >= _time_of(plan, line, at):
            yield from _work(plan, hands, line, at=at, number=number)
            return
    for step in view.steps:
        if step.trigger in plan.steps and not step.unmet:
            command = c.Advance(trigger=step.trigger, reason="as planned")
            yield _asked("step", f"{step.trigger}.{number}", at, command, plan.actor)
            return


def _work(plan: Plan, hands: Hands, line: TaskLine, *, at: datetime, number: int) -> Iterator[Deed]:
    task = hands.look().challenge.tasks[line.key]
    if not line.spec.startswith(RETENTION_PREFIX):
        command = c.CompleteTask(
            spec=line.spec,
            on=at.astimezone(LONDON).date(),
            person=task.person,
            day=task.day,
            evidence="as agreed",
        )
        yield _asked("act", f"{line.key}.{number}".replace(":", "."), at, command, plan.actor)
        return
    rule = line.spec.removeprefix(RETENTION_PREFIX)
    approval = r.ApproveDisposal(rule=rule)
    yield _asked("act", f"request.{rule}.{number}", at, requests(rule), plan.asker)
    yield _asked("act", f"approve.{rule}.{number}", at, approval, plan.approver)
    destroy = partial(Hands.destroy, rule=rule, actor=plan.asker)
    yield Deed("destroy", f"destroy.{rule}.{number}", at, destroy)


def _asked(kind: str, name: str, at: datetime, command: c.Command, actor: int) -> Deed:
    command_id = name.replace("_", "-")
    return Deed(kind, name, at, lambda hands: hands.act(command, actor=actor, name=command_id))


def _time_of(plan: Plan, line: TaskLine, at: datetime) -> datetime:
    """Return when a task is done: at noon of its target's day, or its limit's, or now."""
    day = line.target_on or line.limit_on
    if day is None or plan.hurried:
        return at
    return datetime.combine(day, NOON, LONDON)


def _next(plan: Plan, hands: Hands, at: datetime) -> datetime | None:
    """Return the next moment at which somebody, or the program, has something to do."""
    view = hands.look()
    with hands.database.reading() as link:
        row = link.row(_NEXT)
    moments = [_time_of(plan, line, at) for line in view.lines if line.status in UNFINISHED]
    if row and row[0]:
        from workflow.store.link import moment

        woken = moment(row[0])
        assert woken is not None
        moments.append(woken)
    moments += [
        datetime.combine(day, NOON, LONDON) + timedelta(days=1) for day in view.days.values()
    ]
    ahead = [moment for moment in moments if moment > at]
    return min(ahead) if ahead else None
