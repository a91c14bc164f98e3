"""What templates are told: plain values, worked out from a brief. Pure: the brief's own day counts.

Nothing here says "today" of the day of sending: a message that is sent again says the same. Only a
digest, which says together what was raised on several days, counts from its own.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from notifications.links import Desk
from notifications.wording import (
    clock_in_words,
    in_words_of_the_year,
    moment_in_words,
    span_in_words,
)
from workflow.model.calendar import in_words
from workflow.model.decisions.answers import ANSWER_GIVEN
from workflow.model.lines import RETENTION_PREFIX, TaskLine
from workflow.model.people import Person
from workflow.model.task import UNFINISHED
from workflow.store.briefs import Brief
from workflow.store.queries import ListRow

MANAGERS = ("challenge_manager", "programme_manager")
"""Roles that may be asked, the first one first, and that record what others have done."""

FIRST_DAY, LAST_DAY = "onsite_start", "onsite_end"
NO_DESK = Desk()


def gather_facts(
    brief: Brief, desk: Desk = NO_DESK, *, at: datetime | None = None
) -> dict[str, Any]:
    """Return what the templates of a notice may use; links lead to the pages of the desk.

    What is late is so `at` a moment, usually the one at which the notice was raised.
    """
    links = [_link(line, brief, desk) for line in brief.lines]  # a page asks when it was raised
    brief = replace(brief, created_at=at or brief.created_at)
    lines = [_line(line, brief, link) for line, link in zip(brief.lines, links, strict=True)]
    asked = asked_person(brief)
    return {
        "reference": brief.reference or "the programme",
        "client": brief.client or brief.challenge_title,
        "title": brief.notice_title.strip().rstrip("."),
        "says": (brief.notice_says or "").strip(),
        "about": _person(brief.about),
        "manager": _person(_holder(brief, MANAGERS[0])),
        "lines": lines,
        "is_asked": any(_is_asked(line, brief) for line in brief.lines),
        "is_rehearsal": brief.is_rehearsal,
        "portfolio": [_challenge(row) for row in brief.portfolio],
        "asked": asked.name if asked else "us",
        "asked_first": asked.name if asked else "The challenge manager",
        "ask": _contact(asked) if asked else "",
        "answer": _answer(brief, asked, has_links=any(line["link"] for line in lines)),
        "for_whom": brief.recipient.name if brief.stand_in else "",
        "away_until": in_words(brief.away_until) if brief.away_until else "",
        "entry": _entry(brief),
        "heading": brief.notice_title,
        "footer": _footer(brief),
        **_visit(brief),
        **_due(brief),
    }


def asked_person(brief: Brief) -> Person | None:
    """Return whom the recipient can ask: the first manager who is somebody else."""
    holders = [person for role in MANAGERS for person in brief.people.get(role, ())]
    return next((person for person in holders if person.id != brief.recipient.id), None)


def _is_operator(brief: Brief) -> bool:
    """Return whether the recipient records things here: others answer by e-mail."""
    holders = {person.id for role in MANAGERS for person in brief.people.get(role, ())}
    return brief.recipient.is_administrator or brief.recipient.id in holders


def _is_asked(line: TaskLine, brief: Brief) -> bool:
    """Return whether it is the recipient of whom a task wants something, not who records it."""
    if line.person is not None:
        return line.person == brief.recipient.id
    return brief.recipient.id in line.assignees and not _is_operator(brief)


def _may_answer(line: TaskLine, brief: Brief) -> bool:
    """Return whether the recipient may record a task: theirs, or as one who records for others."""
    is_theirs = brief.recipient.id in {*line.assignees, line.person}
    return line.status in UNFINISHED and (is_theirs or _is_operator(brief))


def _line(line: TaskLine, brief: Brief, link: str) -> dict[str, Any]:
    is_operator = _is_operator(brief)
    is_yours = brief.recipient.id in {*line.assignees, line.person}
    known = {person.id: person for holders in brief.people.values() for person in holders}
    person = known.get(line.person or 0) or brief.about
    is_other = person is not None and person.id == line.person != brief.recipient.id
    doers = [known[doer].name for doer in line.assignees if doer in known]
    return {
        "title": line.title,
        "key": line.key,
        "is_late": _is_late(line, brief),
        "by": _by(line, brief),
        "why": _why(line),
        "contact": _contact(person) if person and is_operator and is_other else "",
        "who": "" if is_yours else ", ".join(doers),
        "command": _command(line, brief, person if is_other else None) if is_operator else "",
        "link": link,
        "link_says": _link_says(line, brief),
    }


def _link(line: TaskLine, brief: Brief, desk: Desk) -> str:
    """Return the address of the page that takes an answer; empty where there is none to take."""
    is_settling = brief.notice == ANSWER_GIVEN
    if brief.is_revoked or not (_may_answer(line, brief) or is_settling):
        return ""
    return desk.page(brief.id, line.key, raised_at=brief.created_at)


def _link_says(line: TaskLine, brief: Brief) -> str:
    if brief.notice == ANSWER_GIVEN:
        return "Read the answer, and accept or decline it"
    if _is_operator(brief) or brief.recipient.id in line.assignees:
        return "Say that it is done, or that it cannot be"
    return "Answer: yes, no, or another time"


def _entry(brief: Brief) -> dict[str, Any] | None:
    """Return the calendar entry that an invitation is about, in words."""
    entry = brief.calendar
    if not entry:
        return None
    if "starts_at" in entry:
        zone = ZoneInfo(brief.zone)
        starts, ends = (datetime.fromisoformat(entry[name]) for name in ("starts_at", "ends_at"))
        until = clock_in_words(ends.astimezone(zone).time())
        when = f"{moment_in_words(starts, zone)}, until {until}"
    else:
        first, last = (date.fromisoformat(entry[name]) for name in ("first_on", "last_on"))
        when = span_in_words(first, last)
    return {
        "title": entry["title"],
        "when": when,
        "is_cancelled": entry["method"] == "CANCEL",
        "is_new": entry["kind"] == "new",
    }


def _by(line: TaskLine, brief: Brief) -> str:
    """Return the sentence that says by when."""
    limit = _limit_in_words(line, brief)
    target = in_words(line.target_on) if line.target_on else ""
    if _is_late(line, brief):
        return f"It was due by {limit or target}."
    if limit and (not target or target == limit):
        return f"By {limit}, at the latest."
    if limit and _is_past(line.target_on, brief):
        return f"By {limit}, at the latest; it was planned for {target}."
    if limit:
        return f"By {target}; at the latest by {limit}."
    return f"By {target}." if target else "No day is set for it."


def _limit_in_words(line: TaskLine, brief: Brief) -> str:
    if line.limit_at:
        return moment_in_words(line.limit_at, ZoneInfo(brief.zone))
    return in_words(line.limit_on) if line.limit_on else ""


def _why(line: TaskLine) -> str:
    """Return the sentence that says why the day is what it is, with the rule behind it."""
    why = line.why.strip().rstrip(".")
    source = f" ({line.source})" if line.source and line.source not in why else ""
    return f"{why}{source}." if why else line.source


def _command(line: TaskLine, brief: Brief, person: Person | None) -> str:
    """Return what to type when it is done; what retention asks for the engine does."""
    if line.spec.startswith(RETENTION_PREFIX):
        return f"peer-challenge retention list {brief.reference}"
    if line.person is None:
        return f"peer-challenge done {brief.reference} {line.key}"
    whose = str(line.person)
    if person is not None or line.person == brief.recipient.id:
        whose = (person or brief.recipient).email
    return f"peer-challenge done {brief.reference} {line.spec} --for {whose}"


def _answer(brief: Brief, asked: Person | None, *, has_links: bool) -> str:
    """Return what somebody does who does not record things: answer the message."""
    if _is_operator(brief):
        return ""
    if has_links:
        return "Or simply answer this message: what you say is read and recorded."
    recorder = asked.name if asked else "the challenge manager"
    if any(brief.recipient.id in line.assignees for line in brief.lines):
        when = "it is done" if len(brief.lines) == 1 else "they are done, or as each of them is"
        return f"When {when}, answer this message and say so: {recorder} records it."
    if any(brief.recipient.id == line.person for line in brief.lines):
        return f"Please answer this message: {recorder} records what you say."
    return ""


def _due(brief: Brief) -> dict[str, Any]:
    """Return the first day that counts: `due` in words, and what follows a sentence, `by`."""
    today = _today(brief)
    days = [day for line in brief.lines if (day := _counts(line, brief))]
    due = min(days, default=None)
    is_late = any(_is_late(line, brief) for line in brief.lines)
    facts = {"due": "", "by": "", "wanted": "", "by_day": "", "days_left": None, "days_late": 0}
    if due is None:
        return {**facts, "is_late": is_late}
    short, full = in_words_of_the_year(due), in_words(due)
    return {
        "due": short,
        "by": f", late since {short}" if is_late else f" by {short}",
        "wanted": f", late since {short}" if is_late else f", wanted by {short}",
        "by_day": "" if is_late else f" by {full}",
        "days_left": None if is_late else (due - today).days,
        "days_late": (today - due).days if is_late else 0,
        "is_late": is_late,
    }


def _counts(line: TaskLine, brief: Brief) -> date | None:
    """Return the day that matters now: the target while it is ahead, then the limit."""
    if line.target_on and not _is_past(line.target_on, brief):
        return line.target_on
    return line.limit_on or line.target_on


def _is_late(line: TaskLine, brief: Brief) -> bool:
    if line.limit_at:
        return line.limit_at < brief.created_at
    return _is_past(line.limit_on, brief)


def _is_past(day: date | None, brief: Brief) -> bool:
    return day is not None and day < _today(brief)


def _today(brief: Brief) -> date:
    """Return the local day on which the notice was raised."""
    return brief.created_at.astimezone(ZoneInfo(brief.zone)).date()


def _visit(brief: Brief) -> dict[str, Any]:
    """Return the days on site in words, where a definition has them, and the planned dates."""
    first, last = (_day(brief, key) for key in (FIRST_DAY, LAST_DAY))
    span = span_in_words(first, last) if first and last else ""
    name = f"the visit to {brief.client}" if brief.client else "the visit"
    evening = date.fromordinal(first.toordinal() - 1) if first else None
    planned = [(title, on) for title, on, is_actual in brief.dates.values() if on and not is_actual]
    return {
        "visit": span,
        "the_visit": f"{name} ({span})" if span else name,
        "evening": in_words(evening) if evening else "",
        "planned": [{"title": title, "on": in_words(on)} for title, on in planned],
    }


def _challenge(row: ListRow) -> str:
    """Return a challenge as a digest shows it: what is late first."""
    next_on = row.next_limit_on or row.next_target_on
    parts = [row.stage_title, f"{row.late} late" if row.late else ""]
    if row.next_title and next_on:
        parts.append(f"next {row.next_title}, {in_words(next_on)}")
    return f"{row.reference}, {row.client}: {'; '.join(part for part in parts if part)}"


def _day(brief: Brief, key: str) -> date | None:
    return brief.dates[key][1] if key in brief.dates else None


def _holder(brief: Brief, role: str) -> Person | None:
    return next(iter(brief.people.get(role, ())), None)


def _person(person: Person | None) -> dict[str, str] | None:
    if person is None:
        return None
    return {"name": person.name, "email": person.email, "phone": person.phone}


def _contact(person: Person) -> str:
    return ", ".join(part for part in (person.name, person.email, person.phone) if part)


def _footer(brief: Brief) -> str:
    parts: Sequence[str] = (brief.reference or "", brief.client or "", brief.stage_title or "")
    return " · ".join(part for part in parts if part) or "Peer challenges"
