"""Files that look odd and are right: other layouts, spellings and orders, and ends of months."""

from collections.abc import Callable, Iterable, Iterator

from definitions.loader import Checked
from tests.broken.base import SMALL, change

Maker = Callable[[], Iterable[str | bytes]]
Spoil = Callable[[Checked], Checked]

_LIMIT, _TARGET = "limit: 4 weeks after visit_end", "target: 3 weeks after visit_end"


def laid_out_otherwise() -> Iterator[str | bytes]:
    yield SMALL.encode()
    yield SMALL.encode("utf-8-sig")
    yield "\ufeff" + SMALL
    yield SMALL.replace("\n", "\r\n")
    yield SMALL.replace("\n", "\r")
    yield SMALL.replace("\n", "\n\n")
    yield SMALL.replace("\n", "  \n")
    yield SMALL.replace("\n", " # a comment\n")
    yield "---\n" + SMALL
    yield "--- \n" + SMALL + "...\n"
    yield "\n" * 1_000 + SMALL
    yield SMALL + "# end"
    yield SMALL.rstrip("\n")
    yield "# " + "x" * 3_900 + "\n" + SMALL
    yield SMALL.replace("title: Small visit", "title: >-\n  Small\n  visit")
    yield SMALL.replace("title: Small visit", "title: |\n  Small\n  visit")
    yield SMALL.replace("title: Small visit", "title: 'Small visit'")
    yield SMALL.replace("title: Small visit", "title: Small\n  visit")
    yield SMALL.replace("title: Small visit", '? title\n: "Small visit"')
    yield SMALL.replace("title: Small visit", '"title": "Small \\u0076isit"')
    yield SMALL.replace("[manager, host]", "[manager, host, ]")
    yield SMALL.replace("[manager, host]", "\n      - manager\n      - host\n    ").replace(
        "  sign_off: {from: writing, to: clearing, by: ",
        "  sign_off:\n    from: writing\n    to: clearing\n    by: ",
    ).replace("    , requires: [report_sent]}", "    requires: [report_sent]")  # fmt: skip
    sections = SMALL.split("\nstages:\n")
    yield "stages:\n" + sections[1] + sections[0] + "\n"


def words_that_yaml_1_1_misreads() -> Iterator[str]:
    for title in (
        "NO",
        "on",
        "Yes",
        "off",
        "y",
        "12:30",
        "010",
        "0x1F",
        "1_000",
        "1e3",
        "=",
        "2027-01-01 ",
        "Null visit",
    ):
        quoted = f'"{title}"' if title in {"010"} else title
        yield change("title: Small visit", f"title: {quoted}")
    for version in ("1.10", "true", "~", "2027-01-01", "v1", "1e3", "№ 7"):
        yield change('version: "1.0"', f'version: "{version}"')
    for hour in ("00:00", "23:59", "08:00"):
        yield change('send_at: "09:00"', f"send_at: {hour}")
    for truth in ("True", "TRUE"):
        yield change("final: true", f"final: {truth}")


def other_scripts() -> Iterator[str]:
    for title in (
        "Ymweliad â Chymru",
        "Визит",
        "زيارة",
        "訪問",
        "Besuch — „klein“",
        "👩‍🏫 visit",
        "e\u0301",
        "ﬁne",
        "ＶＩＳＩＴ",
        "a\u00a0b",
    ):
        yield change("title: Small visit", f"title: {title}")


def long_but_allowed() -> Iterator[str]:
    yield change("title: Small visit", f"title: {'x' * 2_000}")
    yield change('version: "1.0"', f'version: "{"1" * 20}"')
    yield SMALL.replace("host", "h" * 60)
    yield SMALL.replace("to_do", "t" + "_" * 59)
    yield change("needed: 2..5", "needed: 0..2")
    yield change("due_soon: 5", "due_soon: 60")
    yield change("due_soon: 5", "due_soon: 0")
    extra = "".join(f"  s{n}: {{title: S}}\n" for n in range(40))
    steps = "".join(
        f"  t{n}: {{from: planning, to: s{n}, by: manager}}\n  u{n}: {{from: s{n}, to: planning, by: host}}\n"
        for n in range(40)
    )
    yield change(
        "  closed: {title", f"{extra}  closed: {{title", text=change("  wait:", f"{steps}  wait:")
    )


def phrases_said_in_other_ways() -> Iterator[str]:
    for limit in ("28 days after visit_end", "four weeks after visit_end", "4 Weeks After visit_end", "4  weeks  after  visit_end",
                  "1 month after visit_end", "12 months after visit_end", "1000 days after visit_end", "1 year after visit_end",
                  "20 working days after visit_end", "20 business days after visit_end", "28 calendar days after visit_end",
                  "end of the day after visit_end", "17:00 on the day after visit_end",
                  "700 hours after visit_end", "4 weeks after the later of visit_start and visit_end",
                  "4 weeks after visit_end, rolled to the next working day", "4 weeks after writing", "5 weeks after visit_end"):  # fmt: skip
        yield change(_LIMIT, f"limit: {limit}", text=change(_TARGET, "evidence: sent_to"))


def days_at_the_ends_of_months() -> Iterator[str]:
    for day in (
        "2028-02-29",
        "2000-02-29",
        "2027-02-28",
        "2027-12-31",
        "2027-01-31",
        "2027-04-30",
        "2400-02-29",
    ):
        yield change("due_soon: 5", f"retired_on: {day}")
    for quiet in ("24 December to 1 January", "31 December to 1 January", "1 August to 31 August"):
        yield change("due_soon: 5", f"sending: {{not_on: ['{quiet}']}}")


def lists_and_single_values() -> Iterator[str]:
    for old, new in (("by: manager\n    target", "by: [manager]\n    target"), ("stage: writing", "stage: [writing]"),
                     ("from: writing", "from: [writing]"), ("reminders: chase\n    source: handbook 2", "reminders: [chase]\n    source: handbook 2"),
                     ("needs: reason", "needs: [reason]"), ("requires: [report_sent]", "requires: report_sent"),
                     ("requires: [report_sent]", "requires: [report_sent is done]"),
                     ("requires: [report_sent]", "requires: [{any: 1, of: [report_sent, visit_end]}]"),
                     ("requires: [report_sent]", "requires: [report_sent, visit_end is known, writing is entered]"),
                     ("manages: [manager]", "manages: []"), ("manages: [manager]", "manages: manager"),
                     ("to: by, notice", "to: [by, host], notice"), ("needed: 2..5", "needed: 2"), ("needed: 2..5", 'needed: "2..5"'),
                     ("held_by: visitor", "held_by: [visitor]"), ("source: handbook 1", 'source: "handbook, page 1"')):  # fmt: skip
        yield change(old, new)


MAKERS: tuple[Maker, ...] = (
    laid_out_otherwise,
    words_that_yaml_1_1_misreads,
    other_scripts,
    long_but_allowed,
    phrases_said_in_other_ways,
    days_at_the_ends_of_months,
    lists_and_single_values,
)
