"""Definitions are read from texts and files, refused as a whole, and written out again."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import process_time

import pytest

from definitions import loader
from definitions.tree import Unreadable
from workflow.model.errors import InvalidDefinition, InvalidInput, NotFound

GOOD_FILE = Path(__file__).parents[3] / "docs" / "examples" / "site_visit.yaml"
GOOD = GOOD_FILE.read_text()


def first_problem(content: str | bytes) -> str:
    """Return the first thing wrong with `content`; nothing else may be thrown."""
    checked = loader.check(content, file="f")
    assert checked.definition is None
    return str(checked.problems[0])


def test_a_file_gives_its_definition_its_text_and_its_hash() -> None:
    loaded = loader.load_file(GOOD_FILE)
    assert loaded.definition.definition == "site_visit"
    assert loaded.text == GOOD
    assert loaded.content_hash == sha256(GOOD.encode()).hexdigest()


def test_the_shipped_definitions_load_without_a_word() -> None:
    assert "local_system_peer_challenge" in loader.shipped()
    for name in loader.shipped():
        loaded = loader.load(name)
        assert loaded.definition.definition == name
        assert loader.check(loaded.text, file=name).problems == ()


def test_an_unknown_shipped_definition_is_told_with_the_list() -> None:
    with pytest.raises(
        NotFound, match='no definition "local_peer_challenge"; did you mean "local_'
    ):
        loader.load("local_peer_challenge")


@pytest.mark.parametrize("name", ["", "..", "../pyproject", "schema.json", "/etc/passwd"])
def test_only_shipped_names_are_loaded(name: str) -> None:
    with pytest.raises(NotFound):
        loader.load(name)


def test_a_broken_text_is_refused_with_every_problem_but_no_warning() -> None:
    text = GOOD.replace("stage: planning", "stage: plan").replace("final: true", "final: yes")
    unused = text.replace("  director:", "  nobody: {title: N, side: team}\n  director:")
    with pytest.raises(InvalidDefinition) as caught:
        loader.load_text(unused, file="f.yaml")
    said = str(caught.value).splitlines()
    assert len(said) == len(caught.value.problems) == 5
    assert said == sorted(said, key=lambda line: int(line.split(":")[1]))
    assert all(line.startswith("f.yaml:") for line in said)
    assert "warning" not in str(caught.value)


def test_a_warning_does_not_stop_a_definition() -> None:
    text = GOOD.replace("  director:", "  nobody: {title: N, side: team}\n  director:")
    checked = loader.check(text, file="f.yaml")
    assert checked.definition is not None
    assert [problem.is_warning for problem in checked.problems] == [True]
    assert checked.errors == ()


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    missing = tmp_path / "none.yaml"
    with pytest.raises(NotFound, match="there is no definition file"):
        loader.load_file(missing)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is a folder; give the name of a definition file"):
        loader.load_file(tmp_path)


@pytest.mark.parametrize("name", ["bad\0name.yaml", "x" * 5000])
def test_a_name_that_no_file_can_have_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        loader.load_file(tmp_path / name)


ODD = "the character {} cannot stand in a definition; remove it"


@pytest.mark.parametrize(
    ("escape", "code"),
    [
        (r"\0", "U+0000"),
        (r"\e[2J", "U+001B"),
        (r"\x7f", "U+007F"),
        (r"\u202e", "U+202E"),
        (r"\ud800", "U+D800"),
        (r"\L", "U+2028"),
    ],
)
def test_a_character_that_an_escape_spells_out_is_refused_as_it_is_itself(
    escape: str, code: str
) -> None:
    value = GOOD.replace("title: Planning}", f'title: "Plan{escape}ning"}}')
    assert first_problem(value) == f"f:42:22: stages.planning.title: {ODD.format(code)}"
    key = GOOD.replace("  planning: ", f'  "plan{escape}": ')
    assert first_problem(key) == f"f:42:3: stages: {ODD.format(code)}"


def test_a_character_that_a_tag_spells_out_is_refused() -> None:
    text = GOOD.replace("title: Planning}", "title: !a%1Bb Planning}")
    assert first_problem(text) == f"f:42:22: stages.planning.title: {ODD.format('U+001B')}"


def test_an_escape_for_what_may_stand_in_a_text_is_welcome() -> None:
    text = GOOD.replace("title: Planning}", r'title: "Pl\u00e4n\tning"}')
    assert loader.load_text(text, file="f").definition.stages["planning"].title == "Plän\tning"


def test_a_file_in_another_encoding_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"title: visit\ndefinition: caf\xe9\n")
    with pytest.raises(InvalidDefinition) as caught:
        loader.load_file(file)
    said = "2:16: the byte 0xE9 is not UTF-8; save the file as UTF-8"
    assert str(caught.value) == f"{file}:{said}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "f:1:1: the file is empty; it must hold a definition"),
        ("# nothing but a remark\n", "f:1:1: the file is empty; it must hold a definition"),
        ("~", "f:1:1: the file is empty; it must hold a definition"),
        ("just words", "f:1:1: a definition is a mapping of keys and values, but this file is the"),
        ("- a\n- b\n", "f:1:1: a definition is a mapping of keys and values, but this file is a l"),
        ("\ufeff", "f:1:1: the file is empty"),
        (GOOD.encode("utf-16"), "f:1:1: the file is not UTF-8 but looks like UTF-16"),
        (GOOD.encode("utf-16-be"), "f:1:1: the file is not UTF-8 but looks like UTF-16"),
        (b"\x00" * 9, "f:1:1: the file is not UTF-8 but looks like UTF-16"),
        ("a: b\x00c", "f:1:5: the character U+0000 cannot stand in a definition; remove it"),
        ("a: b\nc: \u202ed", "f:2:4: the character U+202E cannot stand in a definition"),
        ("a: \ud800", "f:1:4: the character U+D800 cannot stand in a definition"),
        ("\ufeffa: \x07", "f:1:4: the character U+0007 cannot stand in a definition"),
        ("a" * 500_001, "f:1:1: the file is too big (500,001 bytes; at most 500,000)"),
        (b"a" * 500_001, "f:1:1: the file is too big"),
        ("\n" * 20_001, "f:1:1: the file has too many lines (at most 20,000)"),
        ("a: 1\nb: " + "x" * 4_000, "f:2:4001: this line is too long (at most 4,000 characters)"),
        ("%YAML 1.1\n---\na: b", "f:1:1: directives (%) are not allowed; leave the line out"),
        ("[" * 30, "f:1:21: 0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0: the file is nested too deep"),
        ("{a: " * 10_000, "f:1:4001: this line is too long"),
        ("[[x]]: 1", "f:1:1: a key must be a word, but this is a list; put text with braces in q"),
        ("*x : 1", "f:1:1: aliases (*x) are not allowed; write the value out again"),
        ("\n".join(f"k{n}: 1" for n in range(2_001)), "f:2001:1: too many entries in one place"),
        ("a: [" + "\n1," * 2_001 + "]", "f:2002:1: a: too many entries in one place"),
        ("a: b\n" * 1_000, 'f:2:1: a: the key "a" is given twice (first on line 1)'),
        ("a: [[1, 2], [\n" + "[x],\n" * 9_999, "f:2002:1: a.1: too many entries in one place"),
        ("a: &a [x]\nb: *a\n", "f:1:4: a: anchors (&a) are not allowed; leave it out"),
        ("a: ! b", "f:1:4: a: tags (!) are not allowed; leave it out"),
        ("a: %b", "f:1:4: a text that begins with % must stand in quotes"),
        ('a: "\\q"', "f:1:6: a backslash in double quotes is special; use single quotes"),
        ("a: &\n", "f:1:5: a text that begins with & or * must stand in quotes"),
        ("a: !x!y z", "f:1:4: tags (!) are not allowed; leave it out, or use quotes"),
        (
            "a\nb: 1",
            "f:2:2: a colon is too much here; put a text with a colon in quotes, or mend th",
        ),
        ("? a\n- b", "f:2:1: the indentation does not fit what stands above"),
        ("a: - b", "f:1:4: a list entry (-) cannot begin here; check the indentation"),
        ("a: {b: 1", "f:1:9: a comma or } is wanted here, to close the mapping that begins on l"),
        ("a: |x\n  b", "f:1:5: this cannot be read as YAML; check the indentation, the quotes"),
    ],
)
def test_what_is_no_definition_at_all_is_told(content: str | bytes, said: str) -> None:
    checked = loader.check(content, file="f")
    assert checked.definition is None
    assert any(str(problem).startswith(said) for problem in checked.problems), checked.problems


def test_too_many_entries_in_all_are_told() -> None:
    rows = ("[" + "x, " * 100 + "],\n") * 250
    said = first_problem("a: [" + rows + "]")
    assert "the file has too many entries (at most 12,000 keys and values in all)" in said


def test_of_very_many_problems_the_first_are_told_and_the_rest_counted() -> None:
    checked = loader.check("".join(f"k{n}: ~\n" for n in range(500)), file="f")
    assert len(checked.problems) == loader.MOST_PROBLEMS + 1
    last = str(checked.problems[-1])
    assert last.endswith("from here on there are 406 more problems; mend the first")


@pytest.mark.parametrize(
    "text",
    [
        "tasks:\n" + "".join(f"  t{n}:\n    titel: x\n    stge: y\n" for n in range(1_990)),
        GOOD + "".join(f"titl{n}: 1\n" for n in range(1_900)),
        GOOD.replace("final: true", "x" * 3_900),
        "a: " + "&a " * 1_300,
        "!" * 3_999 + "\n!" * 3_000,
        "a: " + "x x x\n " * 19_000,
        'a: "' + "\\x41" * 990 + '"',
    ],
    ids=["unknown keys", "more unknown keys", "long", "anchors", "tags", "words", "escapes"],
)
def test_the_worst_files_are_answered_quickly(text: str) -> None:
    """Within a second; where the machine is slow or busy, in thrice what its YAML alone takes."""

    def read_tokens() -> None:
        with suppress(Unreadable):
            deque(loader.read_tokens(text), maxlen=0)

    took = quickest(lambda: first_problem(text))
    assert took < 1.0 or took < 3 * quickest(read_tokens)


def quickest(call: Callable[[], object]) -> float:
    """Return the CPU seconds of the quickest of three calls: the others were disturbed."""
    found = list[float]()
    for _ in range(3):
        begun = process_time()
        call()
        found.append(process_time() - begun)
    return min(found)


def test_unreadable_parts_do_not_hide_what_is_wrong_elsewhere() -> None:
    text = (
        GOOD.replace("  host:         {title", "  Host:         {title", 1)
        .replace("by: [manager, lead_visitor]", "by: [manager, 7, lead_vistor]")
        .replace("limit: end of visit_end", "limit: end of")
        .replace("group: visitors, ", "")
        .replace("reminders: countdown", "reminders: count_down")
    )
    said = [str(problem) for problem in loader.check(text, file="f").errors]
    assert len([one for one in said if "Host" in one]) == 1
    assert [one for one in said if 'unknown ladder "count_down"' in one]
    assert [one for one in said if "occupies.group: the key" in one]
    assert not [one for one in said if "placeholder" in one]


def test_keys_of_the_model_itself_are_not_keys_of_the_language() -> None:
    text = GOOD.replace("{from: visiting, to: drafting", "{from_: visiting, to: drafting")
    line = text[: text.index("from_:")].count("\n") + 1
    said = f'f:{line}:14: transitions.go_home.from_: unknown key "from_"; did you mean "from"?'
    assert first_problem(text) == said


GOOD_VARIATIONS = [
    ("", ""),
    ("\n", "\r\n"),
    ("definition: site_visit", "---\ndefinition: site_visit"),
    ("title: Site visit\n", "title: 'Site visit'\n"),
    ("title: Site visit\n", 'title: "Visit: \\u00e9t\\u00e9"\n'),
    ("title: Site visit\n", "title: >-\n  Site visit\n  in two lines\n"),
    ("title: Site visit\n", "title: NO\n"),
    ("title: Site visit\n", "title: on\n"),
    ("title: Site visit\n", "title: 12:30\n"),
    ("title: Site visit\n", "title: Visite à l'hôtel 日本\n"),
    ('send_at: "09:00"', "send_at: 09:00"),
    ("due_soon: 5", "due_soon: 0"),
    ("zone: Europe/London", "zone: Asia/Tokyo"),
    ("zone: Europe/London\n", ""),
    ("calendar: england_and_wales", "calendar: any_uk"),
    ("needed: 2..5", "needed: 4"),
    ("needed: 2..5", "needed: 0..2"),
    ("by: [manager, lead_visitor]", "by: manager"),
    ("by: [manager, lead_visitor]", "by:\n      - manager\n      - lead_visitor"),
    ("needs: [reason]", "needs: reason"),
    ("requires: [report_sent]", "requires: report_sent"),
    ("requires: [report_sent]", "requires: {any: 1, of: [report_sent, draft_checked]}"),
    ("requires: [report_sent]", "requires: [report_sent is done, visit_end is reached]"),
    ("limit: 4 weeks after visit_end", "limit: four  weeks after visit_end"),
    ("limit: 4 weeks after visit_end", "limit: '4 Weeks after visit_end'"),
    ("limit: 4 weeks after visit_end", "limit: 28 days after the later of visit_end and submit"),
    ("limit: 19:00 on the day before", "limit: at 7.00pm on the day before"),
    (
        "visitors: [lead_visitor, visitor]",
        "visitors: {roles: [lead_visitor, visitor], needed: 3..6}",
    ),
    ("limit: 10 working days after told", "limit: 10 working days after it opens"),
    ("except the last", "except the first and last"),
    ("source: house policy", "source: house policy, agreed in May"),
]


@pytest.mark.parametrize(("old", "new"), GOOD_VARIATIONS)
def test_good_variations_are_accepted(old: str, new: str) -> None:
    text = GOOD.replace(old, new) if old else GOOD
    assert old == "" or text != GOOD
    wanted = "submit" if "of visit_end and submit" in new else None
    checked = loader.check(text, file="f")
    if wanted:  # a transition is no anchor: its stage is
        assert 'unknown date, task or stage "submit"' in str(checked.problems[0])
        checked = loader.check(text.replace("end and submit", "end and drafting"), file="f")
    assert checked.problems == ()


def test_a_byte_order_mark_does_no_harm() -> None:
    marked = b"\xef\xbb\xbf" + GOOD.encode()
    assert loader.check(marked, file="f").problems == ()
    assert loader.load_text(marked, file="f").definition == loader.load_file(GOOD_FILE).definition


@pytest.mark.parametrize("name", ["site_visit", *loader.shipped()])
def test_what_is_written_out_reads_the_same(name: str) -> None:
    text = GOOD if name == "site_visit" else loader.read_shipped(name)
    definition = loader.load_text(text, file=name).definition
    again = loader.dump(definition)
    assert loader.load_text(again, file="again").definition == definition
    assert loader.dump(loader.load_text(again, file="again").definition) == again
