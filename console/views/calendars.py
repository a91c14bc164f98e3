"""Calendars: what they hold, how they became so, and what a change moves."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from console import words
from console.output import Output
from console.views.happening import deadline_change
from console.words import count, long_day, short_day
from workflow.model.people import Person, name_in

if TYPE_CHECKING:
    import bootstrap
    from workflow.amending.calendars import Changed
    from workflow.amending.previews import Effect
    from workflow.model.calendar import Calendar
    from workflow.model.events import DeadlineMoved

    Kept = bootstrap.calendars.Kept

_LIST_HEAD = ("name", "title", "version", "years", "holidays", "since", "who", "reason")
_HISTORY_HEAD = ("version", "when", "who", "what", "reason")
_PROGRAM = "the program"
_DRY_RUN = "Nothing was changed. Without --dry-run, this is what happens."
People = Mapping[int, Person]


def show_calendars(output: Output, kept: "Sequence[Kept]", *, people: People) -> None:
    """Show which calendars are kept, each in its last version."""
    if output.is_json:
        entries = [_version_json(one, people) for one in kept]
        output.document("calendar-list", {"calendars": entries})
        return
    rows = [
        (
            one.calendar.name,
            one.calendar.title,
            str(one.calendar.version),
            f"{one.calendar.years.start} to {one.calendar.years.stop - 1}",
            str(len(one.calendar.days or ())),
            words.moment(one.added_at, output.zone),
            _who(one, people),
            one.reason,
        )
        for one in kept
    ]
    output.table(_LIST_HEAD, rows)
    output.follow("calendar show NAME", summary=f"{count(len(kept), 'calendar')}.")


def show_holidays(output: Output, calendar: "Calendar", *, years: Sequence[int]) -> None:
    """Show the holidays of some years."""
    days = {day: name for year in years for day, name in calendar.holidays(year).items()}
    if output.is_json:
        body = {
            "calendar": calendar.name,
            "title": calendar.title,
            "version": calendar.version,
            "years": list(years),
            "holidays": [{"date": day, "name": name} for day, name in days.items()],
        }
        output.document("calendar", body)
        return
    output.table(("date", "name"), [(short_day(day), name) for day, name in days.items()])
    output.follow(f"calendar history {calendar.name}", summary=_edition(calendar))


def _edition(calendar: "Calendar") -> str:
    if not calendar.version:
        return f"{calendar.title}: as the list has it that is built in."
    return f"{calendar.title}, version {calendar.version}."


def show_versions(output: Output, name: str, kept: "Sequence[Kept]", *, people: People) -> None:
    """Show what each version of a calendar brought."""
    if output.is_json:
        entries = [
            {**_version_json(one, people), **_difference(before, one)}
            for before, one in pairwise((None, *kept))
            if one is not None
        ]
        output.document("calendar-history", {"calendar": name, "versions": entries})
        return
    rows = [
        (
            str(one.calendar.version),
            words.moment(one.added_at, output.zone),
            _who(one, people),
            _told_difference(before, one),
            one.reason,
        )
        for before, one in pairwise((None, *kept))
        if one is not None
    ]
    output.table(_HISTORY_HEAD, rows)
    output.follow(f"calendar show {name}", summary=f"{count(len(kept), 'version')}.")


def _difference(before: "Kept | None", after: "Kept") -> dict[str, Any]:
    """Return which days a version added and removed; the first one is the beginning."""
    if before is None:
        return {"added": [], "removed": []}
    years = after.calendar.years
    old, new = (
        {day: name for year in years for day, name in calendar.holidays(year).items()}
        for calendar in (before.calendar, after.calendar)
    )
    return {
        "added": [{"date": d, "name": n} for d, n in new.items() if old.get(d) != n],
        "removed": [{"date": d, "name": n} for d, n in old.items() if d not in new],
    }


def _told_difference(before: "Kept | None", after: "Kept") -> str:
    if before is None:
        return f"{count(len(after.calendar.days or ()), 'holiday')}"
    found = _difference(before, after)
    more = [f"+ {short_day(one['date'])} {one['name']}" for one in found["added"]]
    less = [f"- {short_day(one['date'])} {one['name']}" for one in found["removed"]]
    return words.listing([*more, *less])


def _who(kept: "Kept", people: People) -> str:
    return people[kept.actor].name if kept.actor is not None else _PROGRAM


def _version_json(kept: "Kept", people: People) -> dict[str, Any]:
    calendar = kept.calendar
    return {
        "name": calendar.name,
        "title": calendar.title,
        "version": calendar.version,
        "first_year": calendar.years.start,
        "last_year": calendar.years.stop - 1,
        "holidays": len(calendar.days or ()),
        "added_at": kept.added_at,
        "actor": people[kept.actor].email if kept.actor is not None else None,
        "reason": kept.reason,
    }


def show_changes(
    output: Output,
    told: "Sequence[tuple[Changed, Sequence[Effect]]]",
    *,
    people: People,
    is_dry_run: bool,
) -> None:
    """Show what changes of calendars came to, or would come to."""
    if output.is_json:
        changes = [_change_json(changed, effects, people) for changed, effects in told]
        output.document("calendar-change", {"is_dry_run": is_dry_run, "changes": changes})
        return
    if not told:
        output.text(["Every calendar is as the list has it: nothing is to be changed."])
        output.follow("calendar list")
        return
    for changed, _ in told:
        output.text(_lines(changed, people))
    if is_dry_run:
        output.talk("", _DRY_RUN)
    output.follow(f"calendar history {told[0][0].calendar.name}")


def _lines(changed: "Changed", people: People) -> Iterator[str]:
    """Yield what a change comes to: the days, what moves in the first challenges, how much."""
    amendment, calendar = changed.amendment, changed.calendar
    yield f"{calendar.title}, version {calendar.version}: {amendment.reason}"
    yield from (f"  + {long_day(day)}   {name}" for day, name in sorted(amendment.adds.items()))
    yield from (f"  - {long_day(day)}" for day in sorted(amendment.removes))
    for reference, day in changed.on_site:
        yield f"warns   {reference} is on site on {long_day(day)}, {amendment.adds[day]}"
    for effect in changed.first:
        yield ""
        yield f"{effect.reference}  {effect.client}"
        yield from (f"  {line}" for line in _effect_lines(effect, people))
    others = changed.touched - len(changed.first)
    if others:
        yield ""
        yield f"and {count(others, 'more challenge')} (--json has all)"
    for failed in changed.failed:
        yield f"{failed.reference} failed, and is tried again in five minutes: {failed.failure}"
    yield ""
    yield _summary(changed)


def _effect_lines(effect: "Effect", people: People) -> Iterator[str]:
    told = [(name_in(one.title, people), _change(one.moved), one.why) for one in effect.moves]
    width = max((len(title) for title, _, _ in told), default=0)
    wide = max((len(change) for _, change, _ in told), default=0)
    for title, change, why in told:
        yield f"moves   {title:{width}}   {change:{wide}}   {why}".rstrip()
    if effect.messages:
        yield f"mail    {count(effect.messages, 'reminder')} at another time"
    if effect.raised:
        yield f"mail    {count(effect.raised, 'message')} at once"


def _change(moved: "DeadlineMoved") -> str:
    return deadline_change(moved) or "opens at another time"


def _summary(changed: "Changed") -> str:
    looked_at = f"{count(changed.looked_at, 'challenge')} looked at"
    if not changed.touched:
        return f"{looked_at}: nothing moves."
    touched = f"{changed.touched} {'changes' if changed.touched == 1 else 'change'}"
    moves = f"{count(changed.moves, 'deadline')} {'moves' if changed.moves == 1 else 'move'}"
    return f"{looked_at}: {touched}, {moves}, {count(changed.messages, 'reminder')} with them."


def _change_json(changed: "Changed", effects: "Sequence[Effect]", people: People) -> dict[str, Any]:
    amendment, calendar = changed.amendment, changed.calendar
    return {
        "calendar": calendar.name,
        "version": calendar.version,
        "reason": amendment.reason,
        "added": [{"date": day, "name": name} for day, name in sorted(amendment.adds.items())],
        "removed": sorted(amendment.removes),
        "on_site": [{"reference": ref, "date": day} for ref, day in changed.on_site],
        "looked_at": changed.looked_at,
        "changed": changed.touched,
        "moved_deadlines": changed.moves,
        "moved_messages": changed.messages,
        "sent_at_once": changed.raised,
        "challenges": [_effect_json(one, people) for one in effects if not one.failure],
        "failures": [
            {"reference": one.reference, "message": one.failure} for one in changed.failed
        ],
    }


def _effect_json(effect: "Effect", people: People) -> dict[str, Any]:
    return {
        "reference": effect.reference,
        "client": effect.client,
        "moves": [
            {
                "key": one.moved.task,
                "title": name_in(one.title, people),
                "old_target_on": one.moved.old_target_on,
                "target_on": one.moved.target_on,
                "old_limit_on": one.moved.old_limit_on,
                "limit_on": one.moved.limit_on,
                "why": one.why,
            }
            for one in effect.moves
        ],
        "moved_messages": effect.messages,
        "sent_at_once": effect.raised,
    }
