"""One sentence on how a task's dates came about: what was counted, and what changed it."""

import re
from collections.abc import Iterator

from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.language.phrases import Choice, Timing
from workflow.model.planning.anchors import Occurrence, lookup
from workflow.model.planning.clocks import Hand, clock_of
from workflow.model.planning.plan import ground_of, occurrences
from workflow.model.planning.rulebook import LAST_ACTIVITY, Rulebook
from workflow.model.reckoning.moments import Lookup
from workflow.model.reckoning.reckon import reckon
from workflow.model.reckoning.telling import more_in_words, pause_in_words
from workflow.model.task import EXCUSED, PAUSED, Task

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
    """
    if task.clock == EXCUSED:
        return _with_source(f"excused: {task.clock_note}", rulebook.specs[task.spec].source)
    target = why_target(rulebook, challenge, task)
    limit = why_limit(rulebook, challenge, task)
    return f"{target}; at the latest {limit}" if target and limit else target or limit


def why_target(rulebook: Rulebook, challenge: Challenge, task: Task) -> str:
    """Return how a task's target came about, with the rule behind it.

    What changed its clock is said of the limit, where there is one.
    """
    spec = rulebook.specs[task.spec]
    if spec.target is None:
        return ""
    sentence = _sentence(rulebook, challenge, task, spec.target)
    return _with_source(sentence, spec.target_source or spec.source)


def why_limit(rulebook: Rulebook, challenge: Challenge, task: Task) -> str:
    """Return how a task's limit came about, with the rule behind it."""
    spec = rulebook.specs[task.spec]
    if spec.limit is None:
        return ""
    sentence = _sentence(rulebook, challenge, task, spec.limit)
    if task.person is not None and is_put_off(rulebook, challenge, task):
        sentence += "; put off to leave time to somebody who joined late"
    return _with_source(sentence, spec.source)


def _with_source(sentence: str, source: str | None) -> str:
    return f"{sentence} ({source})" if source else sentence


def is_put_off(rulebook: Rulebook, challenge: Challenge, task: Task) -> bool:
    """Return whether a limit lies later than its rule says, for somebody who joined late."""
    spec = rulebook.specs[task.spec]
    occurrence = occurrence_of(rulebook, challenge, task)
    if spec.limit is None or occurrence.joined_on is None:
        return False
    reckoned = reckon(spec.limit, ground_of(rulebook, challenge, occurrence))
    is_joined_late = reckoned is not None and reckoned.on <= occurrence.joined_on
    return bool(is_joined_late and reckoned and task.limit_on and task.limit_on > reckoned.on)


def occurrence_of(rulebook: Rulebook, challenge: Challenge, task: Task) -> Occurrence:
    """Return the occurrence that a task stands for, with its person's joining and leaving."""
    if task.person is not None:
        for occurrence in occurrences(rulebook, challenge, task.spec, only={task.key}):
            return occurrence
    return Occurrence(key=task.key, spec=task.spec, person=task.person, day=task.day)


def _sentence(rulebook: Rulebook, challenge: Challenge, task: Task, timing: Timing) -> str:
    """Return a timing in words, with what its anchors are, and what its clock did."""
    occurrence = occurrence_of(rulebook, challenge, task)
    hand = Hand(
        rulebook,
        challenge,
        rulebook.specs[task.spec],
        ground_of(rulebook, challenge, occurrence),
        task,
    )
    counted = _counted(timing, lookup(rulebook, challenge, occurrence), rulebook)
    if timing is not (hand.spec.limit or hand.spec.target):
        return counted
    return "; ".join((counted, *_clauses(hand, timing)))


def _clauses(hand: Hand, timing: Timing) -> Iterator[str]:
    """Yield what a deadline's clock did besides counting."""
    spec = hand.spec
    if not (spec.pauses or spec.restarts_on or spec.extends or spec.cap):
        return
    clock = clock_of(hand, timing)
    if clock.start is not None:
        yield f"counted anew from {in_words(clock.start.on)}: {clock.start.title}"
    limit_on = hand.task.limit_on if hand.task else None
    for stretch in clock.paused:
        if limit_on is None or stretch.first <= limit_on:
            yield pause_in_words(stretch)
    for more in clock.more:
        yield more_in_words(more)
    cap = reckon(spec.cap, hand.ground) if spec.cap else None
    is_capped = cap is not None and (
        cap.on == limit_on or (hand.task is not None and hand.task.clock == PAUSED)
    )
    if spec.cap is not None and is_capped:
        yield f"at the latest {spec.cap.text}"


def _counted(timing: Timing, find: Lookup, rulebook: Rulebook) -> str:
    """Return a timing in words, with what its anchors are."""
    if timing.anchor.choice is not Choice.ONLY:
        return timing.text
    text = timing.text
    for written, name in _WRITTEN.items():
        text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", name, text)
    name = timing.anchor.names[0]
    known = find(name)
    words = _OWN_WORDS.get(name) or (known.title if known else _title(rulebook, name))
    lowered = words if name in _OWN_WORDS else _with_article(words)
    on = f" ({in_words(known.on)})" if known else " (not known yet)"
    parts = re.split(
        rf"(?<![\w.]){re.escape(name)}(?![\w.])", text, maxsplit=1, flags=re.IGNORECASE
    )
    return f"{parts[0]}{lowered}{on}{parts[1]}" if parts[1:] else f"{text}{on}"


def _with_article(title: str) -> str:
    """Return a title as it stands within a sentence."""
    if title.startswith(('"', "the ", "The ")):
        return title
    return f"the {title[0].lower()}{title[1:]}"


def _title(rulebook: Rulebook, name: str) -> str:
    """Return what people call an anchor that is not known yet."""
    key = name.partition(".")[0]
    definition = rulebook.definition
    if key in definition.dates:
        return definition.dates[key].title
    if key in definition.stages:
        return f'the stage "{definition.stages[key].title}"'
    return f'"{rulebook.specs[key].title}" is done' if key in rulebook.specs else name
