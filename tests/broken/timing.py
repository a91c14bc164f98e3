"""Days and durations: anchors that never come, numbers that are none, orders that cannot be."""

from collections.abc import Iterator
from itertools import product

from tests.broken.base import Variant, change, each, grid

_LIMIT, _TARGET = "limit: 4 weeks after visit_end", "    target: 3 weeks after visit_end\n"
_PLACES = (
    (_LIMIT, "limit: {}"),
    ("target: 3 weeks after visit_end", "target: {}"),
    ("when: 3 days before limit", "when: {}"),
    ("for: 6 years after closed", "for: {}"),
)
_UNITS = ("days", "weeks", "working days", "months", "years", "hours")


def _counted(counts: tuple[str, ...]) -> Iterator[Variant]:
    """Give phrases with odd numbers in every place where a phrase may stand."""
    for (old, form), count in product(_PLACES, counts):
        unit = _UNITS[len(count) % len(_UNITS)]
        phrase = f"{count} {unit} after visit_end"
        yield Variant(change(old, form.replace("{}", phrase)), form.partition(":")[0])


def negative_duration() -> Iterator[Variant]:
    yield from _counted(("-1", "-4", "minus 2", "−3", "(2)", "-0"))


def zero_duration() -> Iterator[Variant]:
    yield from _counted(("0", "00", "zero", "no", "0000", "nought"))


def huge_duration() -> Iterator[Variant]:
    yield from _counted(("1001", "4000", "99999999999999999999", "1000000000", "9" * 150, "1e9"))


def fractional_duration() -> Iterator[Variant]:
    yield from _counted(("1.5", "2,5", "½", "a half", "1/2", "3 and a half"))


def number_in_another_script() -> Iterator[Variant]:
    yield from _counted(("٤", "四", "IV", "４", "১", "²"))


def weeks_spelt_in_other_ways() -> Iterator[Variant]:
    spellings = ("4weeks", "4w", "4 wks", "4 wekks", "P4W", "4 x weeks", "four-weeks", "4 Wochen", "28d",
                 "a month of", "4 fortnights", "weeks 4", "4 4 weeks", "4 weeks 4 weeks")  # fmt: skip
    for spelling in spellings:
        yield from grid(_PLACES[:2], [f"{spelling} after visit_end"], spelling.split()[0])


def anchor_misspelt() -> Iterator[Variant]:
    joiners = (
        "afer",
        "since",
        "post",
        "from the",
        "aftr the",
        "behind",
        "past",
        "befor",
        "ere",
        "until",
    )
    for joiner in joiners:
        yield from grid(_PLACES[:3], [f"3 days {joiner} visit_end"], "")


def anchor_that_never_comes() -> Iterator[Variant]:
    """Deadlines that count from what happens only once they no longer matter, or not at all."""
    own = (
        "report_sent",
        "report_sent.recorded",
        "report_sent.limit",
        "closed",
        "the later of closed and report_sent",
    )
    for anchor, unit in product(own, ("days", "weeks", "months", "working days")):
        yield Variant(change(_LIMIT, f"limit: 2 {unit} after {anchor}"), "tasks.report_sent.limit")
    back = ("signed_off", "clearing", "destroy_notes", "closed")
    for anchor in back:
        yield Variant(change(_LIMIT, f"limit: 2 weeks before {anchor}"), "tasks.report_sent.limit")


def deadline_before_its_beginning() -> Iterator[Variant]:
    """A task that would be late before it opens, or before it may be done."""
    for key, late in product(("opens", "not_before"), range(5, 13)):
        line = f"    {key}: {late} weeks after visit_end\n"
        yield Variant(change(_TARGET, line), f"tasks.report_sent.{key}")
    for early in range(1, 5):
        lines = f"    opens: visit_end\n    target: {early} weeks before visit_end\n"
        yield Variant(change(_TARGET, lines), "tasks.report_sent.opens")


def target_after_the_limit() -> Iterator[Variant]:
    for weeks in range(5, 15):
        yield Variant(
            change("3 weeks after visit_end", f"{weeks} weeks after visit_end"), "target lies after"
        )
        yield Variant(
            change(_LIMIT, f"limit: {weeks - 4} days after visit_end"), "target lies after"
        )


def limit_without_a_source() -> Iterator[Variant]:
    for number in (1, 2, 3):
        yield Variant(
            change(f"    source: handbook {number}\n", ""),
            "nothing says where this limit comes from",
        )
        for odd in ("handbok 1", "Handbook", "my own", "1 handbook", "handbook1", "hand book 2"):
            yield Variant(change(f"source: handbook {number}", f"source: {odd}"), "source")


def day_that_is_none() -> Iterator[Variant]:
    days = ("2027-02-29", "2027-02-30", "2027-04-31", "2027-06-31", "2027-09-31", "2027-11-31", "2027-13-01",
            "2027-00-10", "2027-01-00", "2027-01-32", "2100-02-29", "1900-02-29", "0000-01-01", "27-02-28",
            "2027-2-28", "29 February 2027", "2027/02/28", "20270228", "tomorrow", "2027-W08-7", "~")  # fmt: skip
    yield from each("due_soon: 5", (f"retired_on: {day}" for day in days), "retired_on")


def day_of_no_month() -> Iterator[Variant]:
    days = ("30 February", "31 April", "31 June", "31 September", "31 November", "32 January", "0 May", "1 Foo",
            "February", "29 Febuary", "-1 May", "1.5 May", "May 1", "1st of May", "1/5", "")  # fmt: skip
    for day in days:
        for quiet in (f"{day} to 1 January", f"24 December to {day}"):
            yield Variant(change("due_soon: 5", f'sending: {{not_on: ["{quiet}"]}}'), "sending")


def hour_that_is_none() -> Iterator[Variant]:
    hours = ("24:00", "25:00", "12:60", "9:5", "-1:00", "13pm", "0pm", "noonish", "half past two", "12.75",
             "99:99", "٠٩:٠٠", "12:00:99", "1200", "12h", "12:0a", "00:60", "am", "17:00 UTC", "5pm pm")  # fmt: skip
    yield from each(
        _LIMIT, (f"limit: {hour} on visit_end" for hour in hours), "tasks.report_sent.limit"
    )


def zone_that_is_none() -> Iterator[Variant]:
    zones = ("Europe/Lundon", "europe/london ", "London", "BST", "GMT+1", "UTC+25", "../../etc/passwd", "/etc/localtime",
             "Europe", "Europe/", "Mars/Olympus", "x" * 61, "+01:00", "Europe/London/x", "Éire", "local",
             "posixrules0", "Europe\\London", "Asia/Atlantis", "Etc/GMT+99", ".", "a//b")  # fmt: skip
    for zone in zones:
        yield Variant(
            change("zone: Europe/London", f'zone: "{zone.replace(chr(92), chr(92) * 2)}"'), "zone"
        )


def calendar_that_is_none() -> Iterator[Variant]:
    names = ("england", "England_and_Wales", "uk", "any", "scotland ", "wales", "mine", "gb", "bank", "none", "working days",
             "england_and_wale", "eu", "target2", "england and wales", "ni ", "gregorian", "7", "~", "[uk]", "true")  # fmt: skip
    for name in names:
        yield Variant(
            change(
                "calendar: england_and_wales",
                f"calendar: {name}" if name[-1] != " " else f'calendar: "{name}"',
            ),
            "calendar",
        )


def reminder_out_of_time() -> Iterator[Variant]:
    """Rungs that would speak once their task has lapsed, or before it can be open."""
    line = "    reminders: chase\n    source: handbook 2"
    for days in range(1, 11):
        lapsing = change(
            line,
            "    lapses: 5 weeks after visit_end\n    reminders: late\n    source: handbook 2",
        )
        rung = f"ladders:\n  late:\n    - {{when: {7 + days} days after limit, to: by, notice: to_do}}\n"
        yield Variant(change("ladders:\n", rung, text=lapsing), "has lapsed")
        opening = change(
            line, "    opens: 2 weeks after visit_end\n    reminders: late\n    source: handbook 2"
        )
        rung = f"ladders:\n  late:\n    - {{when: {14 + days} days before limit, to: by, notice: to_do}}\n"
        yield Variant(change("ladders:\n", rung, text=opening), "can be open")


def two_rungs_at_once() -> Iterator[Variant]:
    for days in range(1, 22):
        rungs = f"    - {{when: {days} days before limit, to: by, notice: to_do}}\n" * 2
        text = change("    - {when: 3 days before limit, to: by, notice: to_do}\n", rungs)
        yield Variant(text, "speaks at this moment too")


def range_the_wrong_way() -> Iterator[Variant]:
    for most in range(7):
        for least in range(most + 1, most + 4):
            yield Variant(change("needed: 2..5", f"needed: {least}..{most}"), "needed")
    yield from each(
        "needed: 2..5", ("needed: -1", "needed: 1.5", "needed: 2...5", "needed: many"), "needed"
    )
