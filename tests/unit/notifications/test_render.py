"""Templates are foreign text: they see plain values, say a bounded amount, and fail by name."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from notifications.message import UnsendableMessage
from notifications.render import MOST_OUTPUT, Renderer
from notifications.sandbox.fault import TemplateFault
from notifications.sandbox.folder import MOST_FILES, MOST_SOURCE
from notifications.wording import wrap_text
from workflow.model.errors import InvalidInput

FACTS: dict[str, Any] = {
    "title": "A title",
    "by": " by Tuesday 9 March",
    "says": "What it says.",
    "planned": [],
    "lines": [],
    "is_rehearsal": False,
    "answer": "",
    "ask": "",
    "heading": "A title",
    "footer": "EAS-27",
}


def written(folder: Path, **templates: str) -> Renderer:
    """Return a renderer that looks into `folder` first; `a__html` is written as `a.html`."""
    for name, text in templates.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return Renderer(folder)


def test_a_notice_without_words_of_its_own_uses_the_general_ones() -> None:
    said = Renderer().render("nobody_wrote_this", FACTS)
    assert said.subject == "A title by Tuesday 9 March"
    assert said.text == "A title.\n\nWhat it says.\n\n--\nEAS-27\n"
    assert said.html.startswith("<!DOCTYPE html><html lang=")
    assert "What it says." in said.html


def test_a_folder_of_ones_own_comes_first(tmp_path: Path) -> None:
    renderer = written(tmp_path, visit__text__txt="Own words.", visit__subject__txt="Own {{ by }}")
    said = renderer.render("visit", FACTS)
    assert said.subject == "Own by Tuesday 9 March"
    assert said.text.startswith("Own words.\n")
    assert "Own words." in said.html


def test_html_of_ones_own_replaces_the_paragraphs_and_is_escaped(tmp_path: Path) -> None:
    renderer = written(tmp_path, visit__text__txt="Words.", visit__html="<table>{{ says }}</table>")
    html = renderer.render("visit", {**FACTS, "says": "<b>&"}).html
    assert "<table>&lt;b&gt;&amp;</table>" in html
    assert "Words." not in html


def test_words_become_paragraphs_and_lists_that_are_escaped(tmp_path: Path) -> None:
    renderer = written(tmp_path, visit__text__txt="One\ntwo.\n\n- {{ says }}\n- b\n\n- c\nd\n")
    html = renderer.render("visit", {**FACTS, "says": "<script>alert(1)</script>"}).html
    assert ">One two.</p>" in html
    assert "<li>&lt;script&gt;alert(1)&lt;/script&gt;</li>\n<li>b</li>" in html
    assert ">- c d</p>" in html


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ nothing_here }}", "cannot be filled in: 'nothing_here' is undefined"),
        ("{{ title.nothing }}", "cannot be filled in"),
        ("{% if %}", "cannot be read"),
        ("{{ ''.__class__.__mro__ }}", "cannot be filled in"),
        ("{{ lines.append(1) }}", "cannot be filled in"),
        ("{{ ('{0.__class__}').format(title) }}", "cannot be filled in"),
        ("{{ several.__globals__ }}", "cannot be filled in"),
        ("{{ 1 // 0 }}", "cannot be filled in"),
        ("{% for n in range(10**9) %}x{% endfor %}", "cannot be filled in"),
        ("{% include 'missing.txt' %}", "cannot be filled in"),
        ("{% include '../conftest.py' %}", "cannot be filled in"),
        ("{% include '/etc/hostname' %}", "cannot be filled in"),
        ("{% for n in range(90000) %}{{ title }}{% endfor %}", "says more than 200000"),
        ("x" * (MOST_SOURCE + 1), "longer than 20000 bytes"),
    ],
)
def test_a_template_that_goes_wrong_is_named(template: str, says: str, tmp_path: Path) -> None:
    renderer = written(tmp_path, visit__text__txt=template)
    with pytest.raises(UnsendableMessage) as caught:
        renderer.render("visit", FACTS)
    assert "the template visit.text.txt" in str(caught.value)
    assert says in str(caught.value)


def test_a_template_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "visit.text.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnsendableMessage, match=r"visit\.text\.txt cannot be read"):
        Renderer(tmp_path).render("visit", FACTS)


def test_the_largest_template_and_output_still_pass(tmp_path: Path) -> None:
    """The control: the limits do not refuse what is within them."""
    filler = "{# " + "x" * (MOST_SOURCE - 40) + " #}"
    renderer = written(tmp_path, visit__text__txt=filler + "{{ says }}")
    said = renderer.render("visit", {**FACTS, "says": "w " * (MOST_OUTPUT // 4)})
    assert len(said.text) > MOST_OUTPUT // 3


@pytest.mark.parametrize("value", [date(2027, 3, 9), Path(), (1,), {1}, b"x", object()])
def test_templates_never_get_objects(value: object) -> None:
    with pytest.raises(TypeError, match=r"facts\.lines\[0\]\.odd is a"):
        Renderer().render("reminder", {**FACTS, "lines": [{"odd": value}]})


@pytest.mark.parametrize("notice", ["../../secret", "/etc/passwd", "a/../frame", "FRAME", ""])
def test_a_notice_never_names_a_file_elsewhere(notice: str) -> None:
    assert Renderer().render(notice, FACTS).text.startswith("A title.")


def test_text_is_wrapped_with_its_indents_and_long_words_kept() -> None:
    address = "a" * 90 + "@example.test"
    command = f"        peer-challenge done EAS-27 call_peer --for {address}"
    text = f"    {'word ' * 30}\n- {'item ' * 30}\n\n\n\n{address}   \n{command}\n"
    wrapped = wrap_text(text)
    lines = wrapped.splitlines()
    assert max(len(line) for line in lines if address not in line) <= 78
    assert [line[:6] for line in lines if line][:3] == ["    wo", "    wo", "- item"]
    assert lines[-2:] == [address, command]
    assert "\n\n\n" not in wrapped
    assert wrapped.endswith("\n")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("One\n\n{{ nothing }}", 3, "cannot be filled in: 'nothing' is undefined"),
        (
            "One\n{% if %}",
            2,
            "cannot be read: Expected an expression, got 'end of statement block'",
        ),
        (
            "{% for line in [{'title': 1}] %}\n{{ line.titel }}{% endfor %}",
            2,
            'cannot be filled in: there is no "titel" here; did you mean "title"? (title)',
        ),
        ("x" * (MOST_OUTPUT + 1), 1, "is longer than 20000 bytes"),
    ],
)
def test_a_fault_knows_its_place_and_what_is_allowed(
    text: str, line: int, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(TemplateFault) as caught:
        written(tmp_path, visit__text__txt=text).render("visit", FACTS)
    fault = caught.value
    assert (fault.file, fault.line, fault.reason) == (f"{tmp_path}/visit.text.txt", line, reason)


def test_a_fault_in_a_part_is_at_home_in_the_part(tmp_path: Path) -> None:
    renderer = written(
        tmp_path, part__txt="\n{{ nothing }}", visit__text__txt="{% include 'part.txt' %}"
    )
    with pytest.raises(TemplateFault) as caught:
        renderer.render("visit", FACTS)
    assert (caught.value.file, caught.value.line) == (f"{tmp_path}/part.txt", 2)


def test_a_frame_of_ones_own_gets_its_styles_into_its_elements(tmp_path: Path) -> None:
    page = (
        "<html><head><style>p { color: red }</style></head><body><p>{{ words }}</p></body></html>"
    )
    html = written(tmp_path, frame__html=page).render("visit", FACTS).html
    assert '<p style="color: red;">A title.' in html


def test_a_frame_whose_elements_are_not_whole_is_named(tmp_path: Path) -> None:
    page = "<style>p { color: red }</style><p>{% if words %}</p>{% endif %}<p>"
    with pytest.raises(
        UnsendableMessage, match=r"frame\.html cannot be read: its styles cannot be"
    ):
        written(tmp_path, frame__html=page).render("visit", FACTS)


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """Also one that leads to a folder whose name only begins like that of the templates."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates-secret").mkdir()
    (tmp_path / "templates-secret" / "key.txt").write_text("Secret")
    link = tmp_path / "templates" / "visit.text.txt"
    link.symlink_to(Path("..") / "templates-secret" / "key.txt")
    with pytest.raises(UnsendableMessage) as caught:
        Renderer(tmp_path / "templates").render("visit", FACTS)
    said = "the template visit.text.txt is a link that leads out of its folder; it is not used"
    assert str(caught.value) == f"{said} ({link})"


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    """Folders that are exchanged as a whole are made of such links."""
    (tmp_path / "..2027").mkdir()
    (tmp_path / "..2027" / "visit.text.txt").write_text("Linked.")
    (tmp_path / "..data").symlink_to("..2027")
    (tmp_path / "visit.text.txt").symlink_to(Path("..data") / "visit.text.txt")
    assert Renderer(tmp_path).words("visit", FACTS) == "Linked."


def test_a_folder_that_is_not_there_is_an_error_and_not_the_shipped_words(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="none cannot be read: no such file or directory"):
        Renderer(tmp_path / "none")


def test_a_folder_of_too_many_files_is_no_folder_of_templates(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 1):
        (tmp_path / f"{number}.md").touch()
    with pytest.raises(InvalidInput, match="more than 500 files: give templates a folder"):
        Renderer(tmp_path)


def test_what_changes_after_the_trial_is_not_seen(tmp_path: Path) -> None:
    renderer = written(tmp_path, visit__text__txt="Tried.")
    (tmp_path / "visit.text.txt").write_text("{{ 'a' * 10 ** 9 }}")
    assert renderer.words("visit", FACTS) == "Tried."


@pytest.mark.parametrize(
    "name", ["a/b.txt", "../message.py", "/etc/hostname", "", ".", "..", "./x.txt"]
)
def test_no_name_leads_out_of_the_shipped_templates(name: str) -> None:
    with pytest.raises(TemplateFault, match="there is no template"):
        Renderer().check(name)


def test_only_three_words_are_there_beside_the_facts(tmp_path: Path) -> None:
    text = "{{ several(2, 'one', 'things') }} {{ range(2) | list }} {{ namespace(a=1).a }}"
    assert written(tmp_path, visit__text__txt=text).words("visit", FACTS) == "2 things [0, 1] 1"
