"""Published rules of other fields, put into a small frame and tried on dated examples.

A `Rule` has a fragment of a definition: only what the rule itself says. The frame gives the rest:
two roles, two stages, titles, and the rule's own source for each limit. An example is a line such
as `2026-03-02 received; 2026-03-05 pause waiting -> reply.limit 2026-03-30`: what people record
and when (local time, noon where none is given), and what is then to be seen. `_VERBS` lists the
words of the left side, `_SEEN` those of the right one.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from definitions import loader, tree
from tests.builders import Case
from workflow.model import commands as c
from workflow.model.errors import InvalidInput, Refused
from workflow.model.planning.anchors import known_date
from workflow.model.planning.basis import basis_of
from workflow.model.planning.occurrences import occurrence_of
from workflow.model.planning.rulebook import Rulebook
from workflow.model.standing import standing_of
from workflow.model.task import Task

_FRAME: dict[str, Any] = {
    "definition": "rule_of_others",
    "version": "1.0",
    "title": "A rule of another field",
    "roles": {
        "officer": {"title": "Officer", "side": "programme", "needed": "0..9"},
        "applicant": {"title": "Applicant", "side": "client", "needed": "0..9"},
    },
    "stages": {"live": {"title": "Live"}, "over": {"title": "Over", "final": True}},
    "transitions": {"close": {"from": "live", "to": "over"}},
}
_GIVEN: dict[str, dict[str, Any]] = {
    "dates": {},
    "pauses": {},
    "tasks": {"stage": "live", "by": "officer"},
    "retention": {"review_by": "officer"},
}
_DAILY, _TIMED = "%Y-%m-%d", "%Y-%m-%d %H:%M"
_FACT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?: (?P<time>\d\d:\d\d))? (?P<words>.+?)"
    r"(?: on (?P<on>\d{4}-\d\d-\d\d)(?: (?P<at>\d\d:\d\d))?)?"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in our own words, where it is said, how a definition says it, and dated examples."""

    says: str
    source: str
    written: str
    examples: tuple[str, ...]

    def __str__(self) -> str:
        """Return the rule's sentence, for the name of its test."""
        return self.says


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What somebody records at a moment: a verb, its words, and the day that it speaks of."""

    at: datetime
    verb: str
    words: tuple[str, ...]
    on: date
    moment: datetime | None

    def after(self, word: str) -> str | None:
        """Return the words after `word`, where it is there."""
        if word not in self.words:
            return None
        return " ".join(self.words[self.words.index(word) + 1 :])

    @property
    def occurrence(self) -> dict[str, Any]:
        """Return which task is meant: its spec, and the day or the person of it."""
        spec, _, which = self.words[0].partition(":")
        if not which:
            return {"spec": spec}
        return {"spec": spec, **({"person": int(which)} if which.isdigit() else _day_of(which))}


def _day_of(text: str) -> dict[str, Any]:
    return {"day": date.fromisoformat(text)}


_VERBS: dict[str, Callable[[Fact], c.Command]] = {
    "assign": lambda fact: c.AssignPerson(role=fact.words[0], person=int(fact.words[1])),
    "release": lambda fact: c.ReleasePerson(person=int(fact.words[0]), reason="left"),
    "done": lambda fact: c.CompleteTask(
        on=fact.on, by=int(fact.after("by") or 0) or None, evidence="noted", **fact.occurrence
    ),
    "waive": lambda fact: c.WaiveTask(reason="as agreed", **fact.occurrence),
    "reopen": lambda fact: c.ReopenTask(reason="not after all", **fact.occurrence),
    "extend": lambda fact: c.ExtendDeadline(
        on=fact.on, amount=fact.after("by"), reason="as agreed", agreement="letter",
        **fact.occurrence,
    ),
    "extend_silently": lambda fact: c.ExtendDeadline(on=fact.on, **fact.occurrence),
    "pause": lambda fact: c.PauseClock(
        name=fact.words[0], on=fact.on, moment=fact.moment, reason="waiting"
    ),
    "resume": lambda fact: c.ResumeClock(name=fact.words[0], on=fact.on, moment=fact.moment),
    "take": lambda fact: c.Advance(trigger=fact.words[0], reason="as agreed"),
    "hold": lambda fact: c.PlaceHold(name="hold", reason="asked", tasks=fact.words),
    "lift": lambda fact: c.LiftHold(name="hold", reason="over"),
}  # fmt: skip


def all_examples(rules: tuple[Rule, ...]) -> list[tuple[Rule, str]]:
    """Return each rule with each of its examples."""
    return [(rule, example) for rule in rules for example in rule.examples]


def document_of(rule: Rule) -> dict[str, Any]:
    """Return the definition that a rule's fragment makes in the frame."""
    source = rule.source.replace(",", "")
    document = {**_FRAME, "sources": {source: rule.says}}
    fragment = tree.grow(loader.read_tokens(rule.written)).value
    assert isinstance(fragment, dict)
    for part, value in fragment.items():
        if part in _GIVEN:
            document[part] = {key: _filled(part, key, one, source) for key, one in value.items()}
        else:
            is_added = isinstance(value, dict) and part in _FRAME
            document[part] = {**document[part], **value} if is_added else value
    return document


def _filled(part: str, key: str, given: object, source: str) -> dict[str, Any]:
    """Return a date, a pause or a task with what the frame gives it."""
    base = {"title": key.replace("_", " ").capitalize(), **_GIVEN[part]}
    own = given if isinstance(given, dict) else {"title": given} if given else {}
    is_limit = part in ("tasks", "retention") and "source" not in own
    return {**base, **({"source": source} if is_limit else {}), **own}


@cache
def rulebook_of(rule: Rule) -> Rulebook:
    """Return a rule's definition, read by the loader and made ready for the engine."""
    return Rulebook(loader.load_text(json.dumps(document_of(rule)), file="rule").definition)


def seen(rule: Rule, example: str) -> tuple[str, str]:
    """Return what an example says is to be seen, and what is seen."""
    told, _, wanted = example.partition(" -> ")
    case, refusal = tried(rule, told)
    wants = wanted.split("; ")
    if refusal and not wanted.startswith("refused"):
        return wanted, f"refused {refusal}"
    return "; ".join(wants), "; ".join(_shown(case, want, refusal) for want in wants)


def tried(rule: Rule, told: str) -> tuple[Case, str]:
    """Return the case after all that is told, and how the last of it was refused, if it was."""
    rules = rulebook_of(rule)
    facts = [_read(rules, text) for text in told.split("; ")]
    case = Case(at=facts[0].at - timedelta(minutes=1), rules=rules).started()
    for fact in facts:
        case.at = fact.at
        case.sweep()
        if fact.verb == "look":
            continue
        try:
            case.do(_VERBS.get(fact.verb, _date_set)(fact))
        except (Refused, InvalidInput) as refused:
            assert fact is facts[-1], refused
            return case, _in_full(refused)
    return case, ""


def _in_full(refused: Refused | InvalidInput) -> str:
    unmet = [item.text for item in refused.unmet] if isinstance(refused, Refused) else []
    return "; ".join((str(refused), *unmet))


def _date_set(fact: Fact) -> c.Command:
    return c.SetDate(key=fact.verb, on=fact.on, moment=fact.moment, reason="noted")


def _read(rules: Rulebook, text: str) -> Fact:
    """Return what one fact says: `2026-03-09 12:00 received on 2026-03-02 16:45`."""
    found = _FACT.fullmatch(text)
    assert found, text
    told = _moment(rules, found["day"], found["time"] or "12:00")
    on, at = found["on"] or found["day"], found["at"] if found["on"] else found["time"]
    verb, *words = found["words"].split()
    return Fact(
        at=told,
        verb=verb,
        words=tuple(words),
        on=date.fromisoformat(on),
        moment=_moment(rules, on, at) if at else None,
    )


def _moment(rules: Rulebook, day: str, at: str) -> datetime:
    local = datetime.combine(date.fromisoformat(day), time.fromisoformat(at), rules.zone)
    return local.astimezone(UTC)


def _shown(case: Case, want: str, refusal: str) -> str:
    """Return what is seen of what is wanted, in the same words where it is so."""
    what, _, value = want.partition(" ")
    if what == "refused":
        words = value.strip('"')
        return want if words in refusal else f'refused "{refusal}"'
    subject, _, part = what.partition(".")
    if what == "stage":
        return f"stage {case.challenge.stage}"
    if subject in case.rules.definition.dates and not part:
        known = known_date(case.rules, case.challenge, subject)
        return f"{what} {known.on if known else 'none'}"
    task = case.challenge.tasks.get(subject)
    shown = _SEEN[part](case, task, _form(value)) if task else "no task"
    is_part_wanted = part == "because" and value.strip('"') in shown
    return want if is_part_wanted else f"{what} {shown}"


def _form(value: str) -> str:
    """Return how a date is shown: with its time of day where that is wanted."""
    return _TIMED if re.search(r"\d\d:\d\d$", value) else _DAILY


def _at(case: Case, at: datetime | None, form: str) -> str:
    return f"{at.astimezone(case.rules.zone):{form}}" if at else "none"


def _on(day: date | None) -> str:
    return str(day) if day else "none"


def _limit(case: Case, task: Task, form: str) -> str:
    return _at(case, task.limit_at, form) if form == _TIMED else _on(task.limit_on)


def _stands(case: Case, task: Task, form: str) -> str:
    stage = case.rules.definition.stages[case.challenge.stage]
    return standing_of(task, at=case.at, today=case.today, is_paused=stage.paused).value


def _because(case: Case, task: Task, form: str) -> str:
    occurrence = occurrence_of(case.rules, case.challenge, task)
    _, lines = basis_of(case.rules, case.challenge, occurrence)
    return " / ".join(f"{line.text} ({line.note})" if line.note else line.text for line in lines)


_SEEN: dict[str, Callable[[Case, Task, str], str]] = {
    "limit": _limit,
    "target": lambda case, task, form: _on(task.target_on),
    "first_limit": lambda case, task, form: _on(task.first_limit_on),
    "opens": lambda case, task, form: _at(case, task.opens_at, form),
    "status": lambda case, task, form: task.status.value,
    "stands": _stands,
    "source": lambda case, task, form: case.rules.specs[task.spec].source or "",
    "because": _because,
}
