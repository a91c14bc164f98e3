"""Reports as files: nothing that anybody wrote is a formula, a tag or a link in them."""

import csv
import io
import json
import re
from datetime import date, timedelta
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from console.output import REHEARSAL
from console.reporting.activities import activities
from console.reporting.drawing import Due, Span, draw
from console.reporting.ocel import write_ocel
from console.reporting.page import page
from console.reporting.separated import separated
from console.reporting.tables import Shown
from console.reporting.workbook import workbook
from console.reporting.xes import write_xes
from console.views.auditing.story import story
from tests.builders import Case
from tests.visits import LEAD, MANAGER, VISITOR, dated, drafting
from workflow.auditing.accounts import counted
from workflow.auditing.reports import Basis, Life, Report
from workflow.model import commands as c
from workflow.model.people import Person
from workflow.model.records.commands import RecordCounter
from workflow.model.register.compliance import items
from workflow.model.register.exceptions import exemptions
from workflow.model.register.totals import count
from workflow.store.register.batches import Head

COUNTERS = ("obligations:", "counters:\n  met: {title: People met}\n\nobligations:")
NASTY = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "=HYPERLINK(1)", "http://a.example"]
MARKUP = '<script>alert("1")</script> & more'
ZONE = ZoneInfo("Europe/London")
PEOPLE = {
    number: Person(id=number, name=f"=Person {number}", email=f"p{number}@team.example")
    for number in range(1, 10)
}
HEAD = Head(12, "log.example\n12\nROOT=\n\n— log.example sig\n")
TABLES = ["Register", "Totals", "Months", "Exceptions", "Holders", "Counters", "About"]


@cache
def lived(text: str = MARKUP) -> Case:
    """Return a visit in which something was missed, waived with a reason, and counted."""
    case = drafting(COUNTERS).until(date(2026, 12, 26))
    case.do(c.WaiveTask(spec="draft_checked", reason=text), actor=MANAGER)
    return case.do(RecordCounter(counter="met", value=212))


def shown(case: Case, *, is_rehearsal: bool = False) -> Shown:
    """Return a report on a case."""
    found = tuple(items(case.rules, case.challenge, case.events, at=case.at))
    basis = Basis(as_of=case.at, challenges=1, events=len(case.events), destroyed=0, head=HEAD)
    report = Report(
        basis=basis,
        numbers=count(found),
        items=found,
        exempted=tuple(exemptions(case.rules, case.challenge, case.events)),
        counted=tuple(counted(case.rules, case.challenge)),
    )
    return Shown(report=report, people=PEOPLE, zone=ZONE, is_rehearsal=is_rehearsal)


def life(case: Case) -> Life:
    """Return a case as it is told."""
    return Life(rulebook=case.rules, challenge=case.challenge, events=tuple(case.events))


def printed(case: Case, *, is_rehearsal: bool = False) -> str:
    """Return the page of a case."""
    of = shown(case, is_rehearsal=is_rehearsal)
    stages = {key: stage.title for key, stage in case.rules.definition.stages.items()}
    return page(of, title=f"Register: {MARKUP}", stages=stages, story=story(of, life(case)))


@pytest.mark.parametrize("text", NASTY)
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(shown(lived(text)))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]
    reasons = [row[5].value for row in book["Exceptions"].iter_rows(min_row=2)]
    assert [str(one).strip() for one in reasons] == [text.strip()]


def test_a_workbook_has_a_sheet_for_each_table_and_days_are_days() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(shown(lived()))))
    assert book.sheetnames == TABLES
    head, *rows = book["Register"].iter_rows(values_only=True)
    found = {row[2]: dict(zip(head, row, strict=True)) for row in rows}
    late = found["report_sent"]
    assert (late["standing"], late["breach"]) == ("late", "breach")
    assert str(late["due"]) == "2026-12-24 00:00:00"
    assert list(book["Counters"].iter_rows(values_only=True))[1] == (
        "NOR-26", "People met", 212,
    )  # fmt: skip
    (about,) = [row[0] for row in book["About"].iter_rows(min_row=2, values_only=True)]
    assert str(about).endswith("log of 12 entries with the root ROOT=.")


def test_what_xml_cannot_hold_is_left_out_of_a_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(shown(lived("a\x00b\x1fc")))))
    assert book["Exceptions"]["F2"].value == "a b c"


@pytest.mark.parametrize("text", NASTY[:7])
def test_what_would_be_a_formula_in_a_csv_file_begins_with_an_apostrophe(text: str) -> None:
    rows = list(csv.reader(io.StringIO(separated(shown(lived(text))), newline="")))
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]
    (row,) = [row for row in rows if row[2] == "draft_checked"]
    assert row[rows[0].index("recorded by")].startswith("'=Person")
    assert row[rows[0].index("due")] == "2026-12-17"


def test_a_rehearsal_says_so_in_every_form() -> None:
    of = shown(lived(), is_rehearsal=True)
    assert all(REHEARSAL in line for line in separated(of).splitlines()[:3])
    book = openpyxl.load_workbook(io.BytesIO(workbook(of)))
    assert book["About"]["A2"].value == REHEARSAL
    header = book["Register"].oddHeader
    assert header is not None
    assert REHEARSAL in str(header.center.text)
    assert REHEARSAL in printed(lived(), is_rehearsal=True)
    assert REHEARSAL not in printed(lived())


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def count(self, tag: str) -> int:
        return len([name for name, _ in self.tags if name == tag])


def test_a_page_stands_alone_without_scripts_and_everything_in_it_is_escaped() -> None:
    text = printed(lived())
    outline = Outline(text)
    assert outline.count("script") == outline.count("link") == outline.count("img") == 0
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; more" in text
    addresses = [v for _, attrs in outline.tags for k, v in attrs.items() if k in ("href", "src")]
    assert all(str(address).startswith("#") for address in addresses)
    assert not re.search(r"url\(|@import", text)
    assert "@media print" in text
    assert "@page" in text


def test_a_page_can_be_found_ones_way_in_without_seeing_it() -> None:
    outline = Outline(printed(lived()))
    tables = [attrs for tag, attrs in outline.tags if tag == "table"]
    assert outline.count("caption") == len(tables) > 5
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in outline.tags if tag == "th")
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    named = {str(attrs["href"])[1:] for tag, attrs in outline.tags if tag == "a"}
    assert named <= set(ids)
    (drawing,) = [attrs for tag, attrs in outline.tags if tag == "svg"]
    assert drawing["role"] == "img"
    assert set(str(drawing["aria-labelledby"]).split()) <= set(ids)
    assert ("html", {"lang": "en-GB"}) in outline.tags


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_text_on_a_page_has_contrast_enough() -> None:
    """WCAG 2.2 AA asks for 4.5 to 1; the page is white."""
    text = printed(lived())
    colours = set(re.findall(r"(?<![-\w])color: (#[0-9a-f]{6})", text))
    colours |= set(re.findall(r'<text[^>]* fill="(#[0-9a-f]{6})"', text))
    assert len(colours) >= 3
    for colour in colours:
        assert 1.05 / (_luminance(colour) + 0.05) >= 4.5, colour


def test_a_page_says_the_numbers_the_stages_and_what_happened() -> None:
    text = printed(lived())
    assert "3 limits were missed." in text
    assert "<h3>Planning</h3>" in text
    assert "<h3>In any stage</h3>" in text
    assert "limit missed: " in text
    assert "People met" in text
    of = shown(dated())
    plain = page(of, title="All", stages={})
    assert "No limit was missed." in plain
    assert 'id="timeline"' not in plain


def test_a_drawing_has_a_place_for_every_stage_and_due_date_within_it() -> None:
    first = date(2026, 10, 1)
    spans = [Span(title="Planning", first=first, last=date(2026, 11, 24))]
    dues = [
        Due(title="b" * 60, due_on=date(2026, 12, 1), met_on=None, is_breach=True),
        Due(title="a", due_on=date(2026, 11, 1), met_on=first, is_breach=False),
    ]
    drawing = draw(spans, dues, today=date(2027, 1, 1))
    assert [mark.text for mark in drawing.dues] == ["a", "b" * 47 + "…"]
    assert [mark.text for mark in drawing.months] == [
        "Oct 2026", "Nov 2026", "Dec 2026", "Jan 2027",
    ]  # fmt: skip
    xs = [m.x for m in (*drawing.stages, *drawing.dues, *drawing.months)] + [drawing.today_x]
    assert all(drawing.labels <= x <= drawing.width for x in xs)
    assert drawing.dues[0].other_x == drawing.labels
    assert drawing.alternative.startswith("1 stage and 2 due dates from 2026-10-01 to ")
    long = draw([Span(title="x", first=first, last=first + timedelta(days=4000))], [], today=first)
    assert len(long.months) <= 14


def mined(case: Case, write: Any = write_ocel) -> str:  # noqa: ANN401
    """Return the event log of a case."""
    file = io.StringIO()
    assert write(file, [life(case)]) == len(case.events)
    return file.getvalue()


def test_an_event_log_keeps_to_the_rules_of_ocel() -> None:
    """The rules of the JSON schema of OCEL 2.0, and that nothing points to nowhere."""
    log = json.loads(mined(lived()))
    assert log.keys() == {"events", "objects", "objectTypes", "eventTypes"}
    for kind in ("objectTypes", "eventTypes"):
        for one in log[kind]:
            assert one.keys() == {"name", "attributes"}
            assert all(a.keys() == {"name", "type"} for a in one["attributes"])
            assert {a["type"] for a in one["attributes"]} <= {"string", "time", "integer"}
    objects = {one["id"]: one for one in log["objects"]}
    assert len(objects) == len(log["objects"])
    kinds = {kind["name"]: {a["name"] for a in kind["attributes"]} for kind in log["objectTypes"]}
    for one in log["objects"]:
        assert one.keys() == {"id", "type", "attributes", "relationships"}
        assert {a["name"] for a in one["attributes"]} <= kinds[one["type"]]
        assert all(a.keys() == {"name", "time", "value"} for a in one["attributes"])
        assert all(link["objectId"] in objects for link in one["relationships"])
    types = {kind["name"] for kind in log["eventTypes"]}
    for one in log["events"]:
        assert one.keys() == {"id", "type", "time", "attributes", "relationships"}
        assert one["type"] in types
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one["time"])
        assert all(link.keys() == {"objectId", "qualifier"} for link in one["relationships"])
        assert all(link["objectId"] in objects for link in one["relationships"])
    assert len({one["id"] for one in log["events"]}) == len(log["events"])


def test_an_event_log_has_people_as_ids_and_no_words_of_theirs() -> None:
    text = mined(lived("a secret"))
    assert "a secret" not in text
    assert "=Person" not in text
    assert f'"person:{VISITOR}"' in text
    done = [one for one in activities(life(lived())) if one.name == "task done: call_visitor"]
    assert {one.task for one in done} >= {f"call_visitor:{LEAD}"}


def test_an_event_log_in_xes_has_a_trace_for_each_challenge() -> None:
    from xml.etree import ElementTree as Xml

    root = Xml.fromstring(mined(lived(MARKUP), write_xes))  # noqa: S314
    name = "{http://www.xes-standard.org/}"
    (trace,) = root.findall(f"{name}trace")
    events = trace.findall(f"{name}event")
    assert len(events) == len(lived().events)
    first = {part.get("key"): part.get("value") for part in events[0]}
    assert first["concept:name"] == "challenge started"
    assert first["org:resource"] == "engine"
    assert first["time:timestamp"] == "2026-10-01T09:00:00.000Z"
