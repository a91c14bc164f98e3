"""The frame of a message reads well in Outlook, on a phone, in the dark and without pictures."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from notifications.render import Rendered, Renderer, inline_styles
from notifications.sandbox.folder import SHIPPED
from notifications.sandbox.samples import sample_facts

RENDERER = Renderer()
FACTS = sample_facts()
ALL = FACTS[-1]
ADDRESS = "https://desk.example/a/" + "x" * 100
MOST_OF_ONE_TASK = 4_000


def said(**changes: object) -> Rendered:
    """Return a reminder of one task, with some facts changed."""
    facts = {**FACTS[0], **changes}
    return RENDERER.render("reminder", facts)


def linked(address: str) -> list[dict[str, Any]]:
    return [{**FACTS[0]["lines"][0], "link": address, "link_says": "Say that it is done"}]


class Elements(HTMLParser):
    """Notes down the elements of a page with their attributes, and those that are not closed."""

    EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("facts", FACTS)
def test_every_element_is_closed_and_carries_its_own_styles(facts: dict[str, Any]) -> None:
    elements = Elements(RENDERER.render("general", facts).html)
    assert elements.open == []
    for tag, attributes in elements.found:
        if tag in {"p", "td", "table", "ul", "body"}:
            assert attributes.get("style"), (tag, attributes)
        assert tag not in {"img", "script", "link", "iframe", "form"}


def test_tables_are_for_the_layout_only() -> None:
    tables = [
        at for tag, at in Elements(RENDERER.render("general", ALL).html).found if tag == "table"
    ]
    assert len(tables) > 4
    assert all(attributes["role"] == "presentation" for attributes in tables)


def test_the_page_says_its_language_its_width_and_its_colours() -> None:
    html = said().html
    assert html.startswith("<!DOCTYPE html>")
    assert '<html lang="en-GB">' in html
    assert "width=device-width" in html
    assert "max-width: 600px" in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert html.count("<style>") == 1
    assert html.partition("<style>")[2].startswith("@media (prefers-color-scheme: dark)")


def test_nothing_is_fetched_from_anywhere() -> None:
    html = RENDERER.render("general", ALL).html
    assert not re.search(r"src=|url\(|@import|background=", html)
    assert re.findall(r'href="(?!https://desk\.example/|Something")', html) == []


def test_an_inbox_shows_the_day_beside_the_subject() -> None:
    assert '<div class="peek"' in said().html
    peek = re.compile(r'<div class="peek"[^>]*display: none[^>]*>([^<]*)</div>')
    (one,) = peek.findall(said().html)
    assert one == FACTS[0]["lines"][0]["by"]
    (several,) = peek.findall(said(lines=FACTS[1]["lines"], by=", late since Tuesday").html)
    assert several == "2 things, late since Tuesday."
    assert peek.findall(said(lines=[]).html) == []


def test_a_link_is_a_button_in_html_and_a_line_of_its_own_in_the_text() -> None:
    message = said(lines=linked(ADDRESS))
    assert f"    Say that it is done:\n{ADDRESS}\n" in message.text
    button = re.search(
        r'<td class="button"([^>]*)><a [^>]*href="([^"]*)"[^>]*>([^<]*)</a></td>', message.html
    )
    assert button is not None
    assert "padding: 10px 16px" in button[1]
    assert "bgcolor=" in button[1]
    assert button.groups()[1:] == (ADDRESS, "Say that it is done")


def test_without_a_link_there_is_no_button() -> None:
    message = said(lines=linked(""))
    assert "button" not in message.html
    assert "Say that it is done" not in message.text


def test_a_stand_in_is_told_for_whom_it_is() -> None:
    message = said(for_whom="Alex Reed", away_until="Friday 12 March 2027")
    told = "This is for Alex Reed, who is away until Friday 12 March 2027. You stand in."
    assert message.text.startswith(f"{told}\n")
    assert told in re.sub(r"</?strong>", "", message.html)
    assert "who is away. You" in said(for_whom="Alex Reed", away_until="").text


def test_a_digest_has_a_section_for_each_challenge() -> None:
    line = FACTS[0]["lines"][0]
    section = {
        "heading": "EAS-27, Eastvale",
        "lines": [line],
        "words": "One <b>.\n\n- two\n- three",
    }
    message = said(lines=[], sections=[section])
    assert '<h2 class="h"' in message.html
    assert "One &lt;b&gt;.</p>" in message.html
    assert "<li>two</li>\n<li>three</li>" in message.html
    assert line["title"] in message.html
    assert "EAS-27, EASTVALE\n\nOne <b>.\n\n- two\n- three\n\n    Do it\n" in message.text


def test_the_calendar_and_the_way_to_answer_are_told() -> None:
    message = said(feed="https://desk.example/feed/x.ics", reply_says="Or answer this message.")
    assert "Your dates as a calendar:\nhttps://desk.example/feed/x.ics\n" in message.text
    assert "Or answer this message.\n" in message.text
    assert 'href="https://desk.example/feed/x.ics"' in message.html


def test_a_message_is_small() -> None:
    """A tenth of what some programs cut, and of what takes long to write down."""
    assert len(said().html) < MOST_OF_ONE_TASK


def page(body: str) -> str:
    head = "<head><style>.a { color: red }</style></head>"
    return f"<!DOCTYPE html><html>{head}<body>{body}</body></html>"


def test_styles_go_into_the_elements_and_the_tags_stay_where_they_are() -> None:
    body = (
        '{% for x in y %}<table>{% if x %}<tr><td class="a" {{ at }}>{{ x }}</td></tr>{% endif %}'
        '</table>{% endfor %}<a href="{{ link }}" class="a">{%- if 1 -%}b{% endif %}</a>{# no #}'
    )
    made = inline_styles(page(body))
    assert '<td class="a" {{ at }} style="color: red;">{{ x }}</td>' in made
    assert "{% for x in y %}<table>{% if x %}<tbody><tr>" in made or "{% if x %}<tr>" in made
    assert 'href="{{ link }}"' in made
    assert "{%- if 1 -%}b{% endif %}" in made
    assert "{#" not in made


def test_rows_that_a_template_makes_stay_in_their_table() -> None:
    body = "<table>{% for row in rows %}{{ row }}{% endfor %}</table><!-- {{ no }} -->"
    assert body in inline_styles(page(body))


def test_a_page_without_styles_stays_as_it_is() -> None:
    text = "<p>{{ a }}<table>{% if b %}</table>"
    assert inline_styles(text) is text


@pytest.mark.parametrize(
    "source",
    [
        page("<p>{{ a }}</p>").replace("red", "{{ colour }}"),
        page("<textarea>{% if a %}</textarea>{% endif %}"),
        page("<table>{% if a %}<tr><td>{% endif %}</table>"),
        page("<table>{% if a %}<tr>{% else %}<tr class='a'>{% endif %}</tr></table>"),
        page("<p>{{ a }}<p>"),
        page("<p>{% if a %}</div>{% endif %}</p>"),
    ],
)
def test_what_would_be_lost_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="its styles cannot be put into its elements"):
        inline_styles(source)


def test_a_tag_keeps_its_line() -> None:
    source = (SHIPPED / "frame.html").read_text(encoding="utf-8")
    made = inline_styles(source)
    for words in ("{% if lines %}", "{{ section.heading }}", "{{ footer }}"):
        line = next(n for n, text in enumerate(source.splitlines(), 1) if words in text)
        place = made.rindex(words.partition(" ")[2])
        assert made.count("\n", 0, place) + 1 == line
