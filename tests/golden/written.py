"""A recorded life as a file: the definitions and calendars it went by, then step after step.

Events are as the store keeps them, but not sealed. Each step has a digest of all that the challenge
is after it; now and then one of what the engine would do on its own in the weeks to come. The last
line is the challenge at its end, to be read.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.golden.lives import Told, bases
from workflow.model import events as e
from workflow.model.calendar import stored_calendar
from workflow.model.challenge import Challenge, evolve
from workflow.model.decide import pass_time
from workflow.model.definition import Definition
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import changed
from workflow.store.rows import codec

FORM = "peer-challenge/golden/1"
AHEAD = timedelta(days=45)
OFTEN = 10
"""Every so many steps it is looked ahead."""


def write(told: Told, file: Path) -> None:
    """Write a life into a new file."""
    with file.open("x", encoding="utf-8") as out:
        for line in _lines(told):
            out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def _lines(told: Told) -> Iterator[dict[str, Any]]:
    yield {"form": FORM, "definitions": [_definition(rules) for rules in told.rules]}
    challenge = Challenge()
    for number, step in enumerate(told.steps):
        for event in step.events:
            challenge = evolve(challenge, event)
        events = [[e.kind_of(event), codec.dump_event(event)] for event in step.events]
        line = {"at": step.at.isoformat(), "rules": step.rules, "events": events}
        line |= {"after": digest(challenge)}
        if number % OFTEN == 0:
            line |= {"next": foreseen(told.rules[step.rules], challenge, step.at)}
        yield line
    yield {"end": plain(challenge)}


def _definition(rules: Rulebook) -> dict[str, Any]:
    model = rules.definition.model_dump_json(by_alias=True, exclude_unset=True)
    return {
        "model": model,
        "calendars": {
            name: _calendar(base.days or {}, base.years) for name, base in bases(rules).items()
        },
    }


def _calendar(days: Any, years: range) -> dict[str, Any]:  # noqa: ANN401 (a mapping of days)
    named = {day.isoformat(): name for day, name in sorted(days.items())}
    return {"first": years.start, "last": years.stop - 1, "days": named}


def plain(challenge: Challenge) -> dict[str, Any]:
    """Return all that a challenge is, as the store keeps it."""
    head = json.loads(codec.dump_challenge(changed(challenge, tasks={})))
    return {**head, "tasks": json.loads(codec.dump_tasks(challenge.tasks.values()))}


def digest(challenge: Challenge) -> str:
    """Return the first half of the SHA-256 of all that a challenge is."""
    return _short(json.dumps(plain(challenge), sort_keys=True))


def foreseen(rules: Rulebook, challenge: Challenge, at: datetime) -> list[str]:
    """Return what the engine would do on its own: at this moment (nothing), and later."""
    now, later = (pass_time(rules, challenge, at=moment).events for moment in (at, at + AHEAD))
    return [_short("\n".join(map(codec.dump_event, events))) for events in (now, later)]


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def differences(file: Path) -> Iterator[str]:
    """Yield where a life that was recorded is another one today; nothing where it is the same."""
    with file.open(encoding="utf-8") as lines:
        head = json.loads(next(lines))
        rules = [_rulebook(one) for one in head["definitions"]]
        challenge = Challenge()
        for number, text in enumerate(lines, 1):
            line = json.loads(text)
            if "end" in line:
                yield from _others(line["end"], plain(challenge))
                return
            for kind, body in line["events"]:
                event = codec.load_event(kind, body)
                if codec.dump_event(event) != body:
                    yield f"step {number}: {kind} would be kept otherwise"
                challenge = evolve(challenge, event)
            if digest(challenge) != line["after"]:
                yield f"step {number}: the challenge is another one after it"
            at = datetime.fromisoformat(line["at"])
            if "next" in line and foreseen(rules[line["rules"]], challenge, at) != line["next"]:
                yield f"step {number}: what follows by itself is something else"
        yield "it has no end"


def _rulebook(said: dict[str, Any]) -> Rulebook:
    calendars = {
        name: stored_calendar(
            name,
            version=1,
            days={date.fromisoformat(day): title for day, title in one["days"].items()},
            years=range(one["first"], one["last"] + 1),
        )
        for name, one in said["calendars"].items()
    }
    return Rulebook(Definition.model_validate_json(said["model"]), bases=calendars)


def _others(wanted: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    for key in sorted({*wanted, *found}):
        if wanted.get(key) != found.get(key):
            yield f"at the end, {key} is another: {found.get(key)!r:.200}"
