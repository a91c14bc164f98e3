"""Invented people, days and tasks: what templates are tried with before they must be right."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from notifications.facts import gather_facts
from notifications.links import Desk
from workflow.model.lines import TaskLine
from workflow.model.people import Person
from workflow.model.standing import Standing
from workflow.store.briefs import Brief
from workflow.store.queries import ListRow
from workflow.tokens import Keys

AT = datetime(2027, 3, 2, 9, tzinfo=UTC)
DAY = date(2027, 3, 16)
ANYBODY = Person(id=1, name="Robin Example", email="robin@example.test")
CLERK = Person(id=2, name="Sam Clerk", email="sam@programme.example", is_administrator=True)
DESK = Desk(
    keys=Keys(("nobody knows of a key that is no secret",)), base_url="https://desk.example"
)
PLAIN = Brief(
    id=1,
    message_key="PROOF/anything",
    created_at=AT,
    notice="anything",
    notice_title="Anything",
    notice_says="Something is said.",
    recipient=ANYBODY,
    is_rehearsal=False,
    reference="PROOF-1",
    challenge_title="Proof",
    client="Example council",
    dates={
        "onsite_start": ("First day on site", DAY, False),
        "onsite_end": ("Last day on site", DAY + timedelta(days=3), False),
    },
    people={"challenge_manager": (CLERK,)},
    stage_title="Proof",
)
"""About a challenge of which everything is known."""

OF_NO_CHALLENGE = replace(
    PLAIN, reference="", client="", challenge_title="", stage_title="", dates={}, people={}
)
ROW = ListRow(
    reference="PROOF-1",
    title="Proof",
    client="Example council",
    definition="proof",
    definition_version="1",
    stage="proof",
    stage_title="Proof",
    is_final=False,
    is_paused=False,
    standing=Standing.AHEAD,
    next_key=None,
    next_title="",
    next_target_on=None,
    next_limit_on=None,
    late=0,
    open=1,
    challenge_manager=None,
)
_TASK = TaskLine(
    key="proof:1",
    spec="proof",
    position=1,
    title="Do it",
    status="open",
    person=ANYBODY.id,
    assignees=(ANYBODY.id,),
    opened_at=AT,
    target_on=DAY,
    limit_on=DAY + timedelta(days=1),
    limit_at=datetime.combine(DAY + timedelta(days=1), time(19), UTC),
    why="two weeks before the visit",
)
_PASSED = AT - timedelta(days=7)
_LATE = replace(
    _TASK, key="late", person=None, target_on=None, limit_on=_PASSED.date(), limit_at=_PASSED
)


_ENTRY = {
    "key": "proof",
    "title": "Proof",
    "uid": "proof@desk.example",
    "sequence": 1,
    "is_busy": True,
    "kind": "new",
    "method": "REQUEST",
    "starts_at": "2027-03-16T19:00:00+00:00",
    "ends_at": "2027-03-16T20:00:00+00:00",
}
CASES = (
    replace(PLAIN, lines=(_TASK,), is_ladder=True),
    replace(PLAIN, lines=(_LATE, _TASK), is_ladder=True, recipient=CLERK, is_rehearsal=True),
    replace(PLAIN, about=ANYBODY, stand_in=CLERK, away_until=DAY),
    replace(PLAIN, dates={}, people={}, client=""),
    replace(PLAIN, calendar=_ENTRY),
    replace(OF_NO_CHALLENGE, portfolio=(ROW,)),
    OF_NO_CHALLENGE,
)
"""One of each kind of thing that messages are about."""


def sample_facts() -> list[dict[str, Any]]:
    """Return what templates may be told, for things of every kind; the last says all there is."""
    plain = [gather_facts(case, DESK) for case in CASES]
    return [*plain, _filled_up({**plain[1], "entry": plain[4]["entry"], **_of_many(plain[1])})]


def _of_many(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what a digest is told beside all others, about the tasks of one challenge."""
    section = {"heading": "PROOF-1", "lines": facts["lines"], "words": "Some words."}
    counted = {"things": "2 things", "challenges": "one challenge", "late": 1, "left_out": 1}
    return {"sections": [section], "feed": "", "reply_says": "", **counted}


def _filled_up(value: Any) -> Any:  # noqa: ANN401  (plain values of any kind)
    """Return facts in which no text is empty."""
    if isinstance(value, dict):
        return {key: _filled_up(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled_up(part) for part in value]
    return "Something" if value == "" else value
