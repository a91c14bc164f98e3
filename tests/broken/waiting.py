"""What waits for what comes only afterwards: steps, tasks and clocks that are stuck for ever."""

from collections.abc import Iterator
from itertools import product

from tests.broken.base import Variant, change, change_all

_DATE = "  signed_off: {title: Signed off, set_by: sign_off}\n"
_GUARD, _TARGET = "requires: [report_sent]", "    target: 3 weeks after visit_end\n"
_LIMIT = "    limit: 4 weeks after visit_end\n"
_RESUME = "  resume: {from: on_hold, to: previous, by: manager"
_LATER = ("clearing", "signed_off", "destroy_notes", "destroy_notes.opened", "destroy_notes.limit",
          "closed", "the later of visit_end and clearing")  # fmt: skip


def _dated(anchor: str, *more: tuple[str, str]) -> str:
    """Return the small definition with a date that is worked out, and others that hang on it."""
    dates = f"  agreed: {{title: Agreed, is: 3 days after {anchor}}}\n"
    dates += "  settled: {title: Settled, is: 1 week after agreed}\n"
    return change_all((_DATE, _DATE + dates), *more)


def date_known_after_its_step() -> Iterator[Variant]:
    """A step asks for a worked-out date that is counted from what comes only after the step."""
    asked = ("agreed is known", "agreed is reached", "settled is known", "agreed, settled")
    for anchor, one in product(_LATER, asked):
        text = _dated(anchor, (_GUARD, f"requires: [report_sent, {one}]"))
        yield Variant(text, "transitions.sign_off.requires.1: no task can satisfy this: the date")


def date_needed_for_what_sets_it_going() -> Iterator[Variant]:
    for anchor, key in product(_LATER, ("agreed", "settled", "visit_start")):
        needed = f"  {key}: {{title: Late, is: 2 days after {anchor}, needed_for: sign_off}}\n"
        if key == "visit_start":  # counted from through a date between
            needed = f"  mid: {{title: Mid, is: {anchor}}}\n" + needed.replace(
                f"visit_start: {{title: Late, is: 2 days after {anchor}",
                "far: {title: Far, is: mid",
            )
        yield Variant(change(_DATE, _DATE + needed), '"sign_off" cannot be taken without it')


def task_that_waits_for_a_later_date() -> Iterator[Variant]:
    """A task that a step requires cannot begin before a date that is known only after the step."""
    ways = (
        "opens: agreed",
        "opens: when agreed is known",
        "not_before: settled",
        "for_each: day from visit_end to agreed",
    )
    for anchor, way in product(_LATER[:4], ways):
        text = _dated(anchor, (_TARGET, f"    {way}\n"))
        yield Variant(text, '"report_sent" waits for "')
    for anchor, way in product(_LATER[4:6], ways):
        text = _dated(anchor, (_TARGET, f"    {way}\n"))
        yield Variant(text, "transitions.sign_off.requires.0")


def asked_for_with_its_opposite() -> Iterator[Variant]:
    pairs = ("visit_end is known, visit_end is not known", "visit_end, visit_end is not known",
             "visit_end is reached, visit_end is not known", "visit_end is reached, visit_end is not reached",
             "visiting is entered, visiting is not entered", "host is filled, host is not filled")  # fmt: skip
    steps = (_GUARD, "requires: [call_visitor]", "requires: [destroy_notes]")
    for pair, step in product(pairs, steps):
        text = change(step, step.replace("]", f", {pair}]"))
        yield Variant(text, "are never both so")
    for step, stage in zip(steps, ("writing", "planning", "clearing"), strict=True):
        text = change(step, f"requires: [{stage} is not entered]")
        yield Variant(text, "is entered whenever this step is asked")
    text = change("requires: [call_visitor]", "requires: [visit_start is not known]")
    yield Variant(text, "which must be known")


def clock_that_changes_too_late() -> Iterator[Variant]:
    """What would stop, restart or lengthen a clock is known only once its task is done."""
    lines = (
        "restarts_on: {}",
        "excused_when: {}",
        "extends: {{more: {{by: 2 weeks, when: {}, source: handbook 2}}}}",
        "pauses: late",
    )
    for line, late in product(lines, ("signed_off", "agreed", "settled", "clearing", "closed")):
        if line.startswith("restarts_on") and late in {"clearing", "closed"}:
            continue
        pause = f"pauses:\n  late: {{title: Late, from: {late}, until: visit_end}}\nladders:\n"
        edits = [("ladders:\n", pause)] if line.startswith("pauses") else []
        text = _dated("clearing", (_LIMIT, f"{_LIMIT}    {line.format(late)}\n"), *edits)
        yield Variant(text, f"tasks.report_sent.{line.partition(':')[0]}")
    for late in ("clearing", "closed"):
        agreed = f"extends: {{more: {{by: 2 weeks, before: 1 day after {late}}}}}"
        yield Variant(change(_LIMIT, f"{_LIMIT}    {agreed}\n"), "tasks.report_sent.extends")


def stage_that_cannot_be_left() -> Iterator[Variant]:
    """A pause that asks for what cannot have come before it, and has no other way out."""
    late = ("report_sent", "writing is entered", "signed_off is known", "clearing is entered",
            "destroy_notes", "agreed is known", "settled is known")  # fmt: skip
    for one in late:
        text = _dated("writing", (_RESUME, f"{_RESUME}, requires: [{one}]"))
        yield Variant(text, "transitions.resume.requires.0: no task can satisfy this")
        again = "  again: {from: clearing, to: on_hold, by: manager, needs: reason}\n"
        text = _dated(
            "writing",
            (_RESUME, f"{again}{_RESUME}, requires: [{one}]"),
            ("  on_hold: {", "  other: {title: Other, paused: true}\n  on_hold: {"),
            ("  wait: {from: planning, to: on_hold", "  wait: {from: planning, to: other"),
            ("from: on_hold, to: previous", "from: [on_hold, other], to: previous"),
        )
        yield Variant(text, 'stages.other: no step leads out of "other"')
        text = _dated("writing", (_RESUME, f"{_RESUME}, requires: [call_visitor, {one}]"))
        yield Variant(text, "transitions.resume.requires.1: no task can satisfy this")


def date_worked_out_of_too_many() -> Iterator[Variant]:
    """Dates that double the work of each other, or follow each other in a long chain."""
    for count in (*range(10, 18), 40, 80):
        doubled = "".join(
            f"  {key}{n}: {{title: D, is: {days} days after {_both(n)}}}\n"
            for n in range(count)
            for key, days in (("d", 2), ("e", 3))
        )
        yield Variant(change(_DATE, _DATE + doubled), "by way of more than 20 dates")
        chained = "".join(
            f"  d{n}: {{title: D, is: 1 day after {f'd{n - 1}' if n else 'visit_end'}}}\n"
            for n in range(count + 12)
        )
        yield Variant(change(_DATE, _DATE + chained), "by way of more than 20 dates")


def _both(number: int) -> str:
    return f"the later of d{number - 1} and e{number - 1}" if number else "visit_end"
