"""One sentence on how a task's dates came about: what was counted, and what changed it."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.duties import TaskSpec, plain_title
from workflow.model.language.phrases import Choice, Timing, Unit
from workflow.model.planning.anchors import Occurrence, lookup
from workflow.model.planning.clocks import Hand, clock_of
from workflow.model.planning.occurrences import occurrence_of
from workflow.model.planning.plan import dates, ground_of, hanging, kept_until
from workflow.model.planning.rulebook import LAST_ACTIVITY, Rulebook
from workflow.model.reckoning.moments import Lookup
from workflow.model.reckoning.reckon import anchor_of, reckon
from workflow.model.reckoning.telling import more_in_words, pause_in_words
from workflow.model.task import EXCUSED, PAUSED, UNFINISHED, Task

AS_THEN = ", as it stood then"
LONGEST_WEEKEND = 16  # days: whoever joined late has until the next working day
_OWN_WORDS = {
    "opening": "it opened",
    "joining": "joining",
    "leaving": "leaving",
    "day": "the day",
    "target": "its target",
    "limit": "its limit",
    LAST_ACTIVITY: "the last activity",
}
_WRITTEN = {
    "{day}": "day",
    "it opens": "opening",
    "told": "opening",
    "last activity": LAST_ACTIVITY,
}


def why(rulebook: Rulebook, challenge: Challenge, task: Task) -> str:
    """Return one sentence on how a task's dates came about; empty when it has none.

    Where there are both a target and a limit, the target comes first: it is what people work to.
    What is settled keeps its dates; where their anchors have another day since, none is named.
    """
    spec = rulebook.specs[task.spec]
    if task.clock == EXCUSED:
        return _with_source(f"excused: {task.clock_note}", spec.source)
    if spec.target is None and spec.limit is None:
        return ""
    occurrence = occurrence_of(rulebook, challenge, task)
    told = _Told(rulebook, challenge, task, occurrence)
    facts = hanging(rulebook, challenge, occurrence)
    if facts is None:
        return _of_both(told)
    kept = None if task.status in UNFINISHED else task.target_on or ""
    key = ("why", task.spec, task.limit_on, kept, *facts)
    return rulebook.remembered(key, lambda: _of_both(told))


def _of_both(told: "_Told") -> str:
    target, limit = _of_target(told), _of_limit(told)
    return f"{target}; at the latest {limit}" if target and limit else target or limit


def why_target(rulebook: Rulebook, challenge: Challenge, task: Task) -> str:
    """Return how a task's target came about, with the rule behind it.

    What changed its clock is said of the limit, where there is one.
    """
    occurrence = occurrence_of(rulebook, challenge, task)
    return _of_target(_Told(rulebook, challenge, task, occurrence))


def why_limit(rulebook: Rulebook, challenge: Challenge, task: Task) -> str:
    """Return how a task's limit came about, with the rule behind it; or what took it away."""
    if task.clock == EXCUSED:
        return _with_source(f"excused: {task.clock_note}", rulebook.specs[task.spec].source)
    occurrence = occurrence_of(rulebook, challenge, task)
    return _of_limit(_Told(rulebook, challenge, task, occurrence))


class _Told(NamedTuple):
    """A task whose dates are told."""

    rulebook: Rulebook
    challenge: Challenge
    task: Task
    occurrence: Occurrence

    @property
    def spec(self) -> TaskSpec:
        return self.rulebook.specs[self.task.spec]


def _of_target(told: _Told) -> str:
    spec = told.spec
    if spec.target is None:
        return ""
    if until := kept_until(told.challenge, told.task.spec):
        return _with_source(f"kept until {in_words(until)}", spec.source)
    sentence = _sentence(told, spec.target, has_moved=_moved_since(told)[0])
    return _with_source(sentence, spec.target_source or spec.source)


def _of_limit(told: _Told) -> str:
    spec = told.spec
    if spec.limit is None:
        return ""
    sentence = _sentence(told, spec.limit, has_moved=_moved_since(told)[1])
    if _is_put_off(told, spec.limit):
        sentence += "; put off to leave time to somebody who joined late"
    return _with_source(sentence, spec.source)


def _with_source(sentence: str, source: str | None) -> str:
    return f"{sentence} ({source})" if source else sentence


def _moved_since(told: _Told) -> tuple[bool, bool]:
    """Return whether a settled task's target, and its limit, would be other ones by now."""
    task = told.task
    if task.status in UNFINISHED:
        return False, False
    now = dates(told.rulebook, told.challenge, told.occurrence)
    target_on = now.target.on if now.target else None
    return task.target_on != target_on, task.limit_on != (now.limit.on if now.limit else None)


def _is_put_off(told: _Told, limit: Timing) -> bool:
    """Return whether a limit lies later than its rule says, for somebody who joined late."""
    joined_on, limit_on = told.occurrence.joined_on, told.task.limit_on
    if joined_on is None or limit_on is None or (limit_on - joined_on).days > LONGEST_WEEKEND:
        return False
    reckoned = reckon(limit, ground_of(told.rulebook, told.challenge, told.occurrence))
    return reckoned is not None and reckoned.on <= joined_on and limit_on > reckoned.on


def _sentence(told: _Told, timing: Timing, *, has_moved: bool) -> str:
    """Return a timing in words, with what its anchors are, and what its clock did."""
    rulebook, challenge, task, occurrence = told
    spec = told.spec
    find = None if has_moved else lookup(rulebook, challenge, occurrence)
    counted = _counted(timing, find, rulebook)
    if spec.calendar and not timing.calendar and timing.unit is Unit.WORKING_DAYS:
        counted += f", working days of {_calendar_title(rulebook, spec.calendar)}"
    is_told = timing is (spec.limit or spec.target)
    if has_moved:
        return f"{counted}{AS_THEN}"
    if not is_told or not (spec.pauses or spec.restarts_on or spec.extends or spec.cap):
        return counted
    ground = ground_of(rulebook, challenge, occurrence)
    hand = Hand(rulebook, challenge, spec, ground, task)
    return "; ".join((counted, *_clauses(hand, timing)))


def _calendar_title(rulebook: Rulebook, name: str) -> str:
    local = rulebook.definition.calendars.get(name)
    return (local.title if local else None) or rulebook.calendars[name].title


def _clauses(hand: Hand, timing: Timing) -> Iterator[str]:
    """Yield what a deadline's clock did besides counting."""
    spec = hand.spec
    clock = clock_of(hand, timing)
    if clock.start is not None:
        yield f"counted anew from {in_words(clock.start.on)}: {clock.start.title}"
    limit_on = hand.task.limit_on if hand.task else None
    anchor = clock.start or anchor_of(timing, hand.ground)
    is_running = timing.count > 0 or bool(timing.anchor.of)
    since = anchor.on if anchor and is_running else date.max
    for stretch in clock.paused:
        is_over = since == date.max or (stretch.last is not None and stretch.last < since)
        if not is_over and (limit_on is None or stretch.first <= limit_on):
            yield pause_in_words(stretch)
    for more in clock.more:
        yield more_in_words(more)
    cap = reckon(spec.cap, hand.ground) if spec.cap else None
    is_capped = cap is not None and (
        cap.on == limit_on or (hand.task is not None and hand.task.clock == PAUSED)
    )
    if spec.cap is not None and is_capped:
        yield f"at the latest {spec.cap.text}"


def _counted(timing: Timing, find: Lookup | None, rulebook: Rulebook) -> str:
    """Return a timing in words, with what its anchors are; without their days if not to be told."""
    if timing.anchor.choice is not Choice.ONLY:
        return timing.text
    name = timing.anchor.names[0]
    known = find(name) if find else None
    words = _OWN_WORDS.get(name) or (known.title if known else _title(rulebook, name))
    lowered = words if name in _OWN_WORDS else _with_article(words)
    on = f" ({in_words(known.on)})" if known else " (not known yet)" if find else ""
    before, after = _around(timing.text, name)
    return f"{before}{on}" if after is None else f"{before}{lowered}{on}{after}"


@lru_cache(maxsize=2_000)
def _around(text: str, name: str) -> tuple[str, str | None]:
    """Return what stands before and after an anchor in a timing; nothing after: it is not there."""
    for written, key in _WRITTEN.items():
        text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", key, text)
    sought = rf"(?<![\w.]){re.escape(name)}(?![\w.])"
    before, *after = re.split(sought, text, maxsplit=1, flags=re.IGNORECASE)
    return before, after[0] if after else None


def _with_article(title: str) -> str:
    """Return a title as it stands within a sentence."""
    if title.startswith(('"', "the ", "The ")):
        return title
    if title[1:2].isupper():  # VAT, NHS: no word that begins a sentence
        return f"the {title}"
    return f"the {title[0].lower()}{title[1:]}"


def _title(rulebook: Rulebook, name: str) -> str:
    """Return what people call an anchor that is not known yet."""
    key = name.partition(".")[0]
    definition = rulebook.definition
    if key in definition.dates:
        return definition.dates[key].title
    if key in definition.stages:
        return f'the stage "{definition.stages[key].title}"'
    return f'"{plain_title(rulebook.specs[key])}" is done' if key in rulebook.specs else name
