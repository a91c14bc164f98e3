"""`template`: where words come from, copies to change, what is wrong with them, how they read."""

from pathlib import Path

import pytest

from tests.integration.cli.desk import CLIENT, DEFINITION, MANAGER, PROGRAMME, Desk

SITE_VISIT = "docs/examples/site_visit.yaml"


def rows(desk: Desk) -> dict[str, dict[str, object]]:
    """Return the notices that `template list` knows, by their keys."""
    return {row["key"]: row for row in desk.read("template", "list")["notices"]}


@pytest.fixture
def words(desk: Desk) -> Path:
    """Return a folder of the programme's own words, which the desk uses."""
    folder = desk.folder / "words"
    desk.type("template", "export", "timetable_changed", "--to", str(folder))
    desk.environment["PEER_CHALLENGE_TEMPLATES"] = str(folder)
    return folder


def test_the_list_says_where_the_words_of_a_notice_come_from(empty: Desk) -> None:
    empty.type("new", "A-1", f"--definition={SITE_VISIT}", "--title=A", "--client=A")
    (empty.folder / "destroy_now.subject.txt").write_text("Ours")
    empty.environment["PEER_CHALLENGE_TEMPLATES"] = str(empty.folder)
    found = rows(empty)
    assert found["destroy_now"]["words"] == "overridden"
    assert found["invitation"]["words"] == "shipped"
    assert found["dates_moved"]["words"] == "general"
    assert found["dates_moved"]["definitions"] == ["site_visit@1.0"]
    assert DEFINITION in str(found["invitation"]["definitions"])
    assert "\tgeneral\t" in empty.type("template", "list").stdout


def test_the_list_and_a_check_make_no_database(empty: Desk) -> None:
    assert rows(empty)["invitation"]["words"] == "shipped"
    folder = str(empty.folder / "words")
    empty.type("template", "export", "general", "--to", folder)
    assert "0 problems, 0 warnings." in empty.type("template", "check", folder).stderr
    assert not (empty.folder / "rehearsal.db").exists()


def test_copies_are_written_and_nothing_is_overwritten_unasked(empty: Desk) -> None:
    folder = empty.folder / "words"
    result = empty.type("template", "export", "destroy_now", "frame", "--to", str(folder))
    names = ["destroy_now.subject.txt", "destroy_now.text.txt", "frame.html", "frame.txt"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert f"{folder}/frame.html is yours to change." in result.stdout
    (folder / "frame.txt").write_text("Ours")
    text = empty.type("template", "export", "frame", "general", "--to", str(folder), code=2).stderr
    assert f"{folder} has frame.html and frame.txt already; name another folder" in text
    assert not (folder / "general.text.txt").exists()
    empty.type("template", "export", "frame", "--to", str(folder), "--yes")
    assert (folder / "frame.txt").read_text() != "Ours"


def test_without_a_name_everything_is_copied(empty: Desk) -> None:
    folder = empty.folder / "words"
    empty.type("template", "export", "--to", str(folder))
    assert len(list(folder.iterdir())) > 100
    assert (folder / "destroy_now.text.txt").exists()


def test_a_notice_without_words_begins_from_the_general_ones(empty: Desk) -> None:
    empty.type("new", "A-1", f"--definition={SITE_VISIT}", "--title=A", "--client=A")
    folder = empty.folder / "words"
    empty.type("template", "export", "dates_moved", "--to", str(folder))
    assert (folder / "dates_moved.text.txt").read_text().startswith("{{ title }}.")


def test_a_notice_that_is_not_there_is_not_copied(empty: Desk) -> None:
    text = empty.type("template", "export", "destroy_nov", "--to=x", code=5).stderr
    assert 'there is no notice "destroy_nov"; did you mean "destroy_now"?' in text


def test_a_folder_that_cannot_be_made_is_told(empty: Desk) -> None:
    (empty.folder / "file").touch()
    folder = str(empty.folder / "file" / "words")
    text = empty.type("template", "export", "frame", "--to", folder, code=2).stderr
    assert "cannot be written: Not a directory" in text


def test_every_problem_is_named_with_its_place_and_ends_with_2(desk: Desk, words: Path) -> None:
    (words / "timetable_changed.text.txt").write_text("Dear {{ asked }},\n\n{{ the_vist }}")
    (words / "timetable_chanced.subject.txt").write_text("New days")
    result = desk.type("template", "check", code=2)
    first, second = result.stdout.splitlines()
    assert first.startswith(f"{words}/timetable_chanced.subject.txt:1:1: warning: no definition")
    assert 'did you mean "timetable_changed"?' in first
    assert second.startswith(f'{words}/timetable_changed.text.txt:3:4: no message has "the_vist"')
    assert 'did you mean "the_visit"?' in second
    assert result.stderr.startswith("1 problem, 1 warning.")
    found = desk.read("template", "check", str(words), code=2)
    assert (found["folder"], found["is_usable"]) == (str(words), False)
    assert found["problems"][1].keys() == {"file", "line", "column", "message", "is_warning"}


def test_a_check_without_a_folder_says_how_to_get_one(empty: Desk) -> None:
    text = empty.type("template", "check", code=2).stderr
    assert "name the folder of your templates, or set PEER_CHALLENGE_TEMPLATES" in text
    text = empty.type("template", "check", "nowhere", code=2).stderr
    assert "the folder of templates nowhere cannot be read: no such file or directory" in text


def test_a_preview_shows_the_words_the_facts_and_who_would_get_it(desk: Desk, words: Path) -> None:
    (words / "timetable_changed.text.txt").write_text("New days: {{ visit }}.")
    page = desk.folder / "page.html"
    typed = ("template", "preview", "timetable_changed", "--challenge", "NOR-26")
    result = desk.type(*typed, "--html", str(page))
    subject = "Subject: REHEARSAL NOR-26: the dates on site have changed"
    assert subject in result.stdout
    assert "New days: Tuesday 24 to Friday 27 November 2026.\n" in result.stdout
    assert "New days: Tuesday 24" in page.read_text()
    assert "Nothing was sent. This is how it would be for Alex Reed" in result.stderr
    assert f"{page} has the HTML." in result.stderr
    found = desk.read(*typed)
    assert found["to"] == MANAGER
    assert {MANAGER, CLIENT} <= set(found["recipients"])
    assert found["subject"] == subject.removeprefix("Subject: ")
    assert found["html"].startswith("<!DOCTYPE html>")


def test_a_preview_sends_and_writes_nothing(desk: Desk) -> None:
    before = desk.read("mail", "list")["messages"], desk.read("audit", "verify")["events"]
    for notice in ("client_documents_request", "invitation", "left_team", "calendar_entry"):
        desk.type("template", "preview", notice, "--challenge=NOR-26", "--to", MANAGER)
    assert before == (desk.read("mail", "list")["messages"], desk.read("audit", "verify")["events"])


def test_a_preview_is_for_whom_and_about_what_one_says(desk: Desk) -> None:
    typed = ("template", "preview", "overdue", "--challenge", "NOR-26")
    found = desk.read(*typed, "--to", PROGRAMME, "--task", "scope_agreed")
    assert found["to"] == PROGRAMME
    (title,) = [
        t["title"] for t in desk.read("show", "NOR-26")["tasks"] if t["key"] == "scope_agreed"
    ]
    assert title in found["text"]


def test_a_reminder_of_tasks_that_are_not_there_yet_is_shown_without_them(desk: Desk) -> None:
    result = desk.type("template", "preview", "destroy_now", "--challenge=NOR-26")
    assert "The tasks of which it reminds are not there yet; it will name them." in result.stderr


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("destroy_nov", "--challenge=NOR-26"), 5, 'did you mean "destroy_now"'),
        (("destroy_now", "--challenge=NOR-27"), 5, 'no challenge "NOR-27"; did you mean "NOR-26"'),
        (
            ("overdue", "--challenge=NOR-26", "--task=scope_agred"),
            5,
            'no task "scope_agred"; did you mean "scope_agreed"',
        ),
        (("answer_given", "--challenge=NOR-26"), 2, "nobody would get answer_given of NOR-26 now"),
        (("overdue", "--challenge=NOR-26", "--to=nobody@example.test"), 5, "there is no person"),
    ],
)  # fmt: skip
def test_a_preview_that_cannot_be_is_explained(
    desk: Desk, typed: tuple[str, ...], code: int, said: str
) -> None:
    assert said in desk.type("template", "preview", *typed, code=code).stderr


def test_words_that_fail_are_named_in_a_preview(desk: Desk, words: Path) -> None:
    (words / "timetable_changed.text.txt").write_text("{{ 'a' * 10 ** 9 }}")
    typed = ("template", "preview", "timetable_changed", "--challenge", "NOR-26")
    text = desk.type(*typed, code=2).stderr
    assert "the template timetable_changed.text.txt needs more than 512 MB of memory" in text
    assert f"it is not used ({words}/timetable_changed.text.txt)" in text


def test_words_that_fail_are_not_replaced_and_their_message_waits(desk: Desk, words: Path) -> None:
    """Whoever wrote words of their own would not want others to go out in their place."""
    desk.environment["PEER_CHALLENGE_SMTP_URL"] = f"folder://{desk.folder / 'out'}"
    (words / "client_documents_request.text.txt").write_text("{{ 'a' * 10 ** 9 }}")
    for task in ("commission", "scope_agreed"):
        desk.type("done", "NOR-26", task, "--evidence=as agreed")
    desk.type("advance", "NOR-26", "agree_scope")
    desk.type("tick")
    (row,) = desk.read("mail", "list", "NOR-26", "--status", "failed")["messages"]
    assert row["to"] == CLIENT
    assert "client_documents_request.text.txt needs more than 512 MB of memory" in row["error"]
