"""`init`, `doctor`, settings, the rehearsal's clock: what is made, and what is refused."""

import sqlite3
import stat
from pathlib import Path

import pytest

from notifications.sink import Sink
from tests.integration.cli.desk import MANAGER, Desk


def test_a_fresh_database_has_one_administrator_made_from_the_login(empty: Desk) -> None:
    made = empty.read("init")
    assert made["schema"] == "peer-challenge/init/1"
    assert made["administrator"] == "tester@localhost.example"
    people = empty.read("person", "list")["people"]
    assert [(p["email"], p["is_administrator"]) for p in people] == [(made["administrator"], True)]


def test_the_database_is_made_on_first_use_for_its_owner_only(empty: Desk) -> None:
    empty.type("list")
    file = empty.folder / "rehearsal.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_default_database_lies_in_the_users_data_folder(empty: Desk) -> None:
    empty.environment["PEER_CHALLENGE_DATABASE_URL"] = ""
    empty.type("person", "list")
    file = empty.folder / "data" / "peer-challenge" / "challenges.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_init_twice_changes_nothing(empty: Desk) -> None:
    assert empty.read("init") == empty.read("init")


def test_a_rehearsal_says_so_on_every_screen(desk: Desk) -> None:
    assert desk.type("list").stderr.startswith("REHEARSAL: nothing here is real.")
    assert desk.type("show", "NOR-26").stdout.startswith("REHEARSAL: nothing here is real.")
    assert desk.read("list")["rehearsal"] is True


def test_a_database_in_use_cannot_become_a_rehearsal(empty: Desk) -> None:
    empty.type("new", "A-1", "--definition=local_system_peer_challenge", "--title=A", "--client=A")
    result = empty.type("init", "--rehearsal", code=4)
    assert "is in use: it cannot become a rehearsal" in result.stderr


@pytest.mark.parametrize("is_made", [True, False])
def test_the_clock_is_set_in_a_rehearsal_only(empty: Desk, is_made: bool) -> None:  # noqa: FBT001
    if is_made:
        empty.type("init")
    empty.now = "2026-09-01T09:00"
    result = empty.type("list", code=4)
    assert "sets the clock of a rehearsal, and" in result.stderr
    assert "unset PEER_CHALLENGE_NOW, or make a rehearsal" in result.stderr
    assert (empty.folder / "rehearsal.db").exists() is is_made


def test_the_clock_never_runs_backwards(desk: Desk) -> None:
    desk.now = "2026-08-31T09:00"
    result = desk.type("list", code=4)
    assert "the clock never runs backwards" in result.stderr
    assert "2026-09-01T09:00+01:00" in result.stderr


def test_a_time_that_cannot_be_read_is_explained(desk: Desk) -> None:
    desk.now = "tomorrow"
    result = desk.type("list", code=2)
    assert "PEER_CHALLENGE_NOW is 'tomorrow', which is no time" in result.stderr


def test_a_time_may_have_an_offset(desk: Desk) -> None:
    desk.now = "2026-09-02T07:00+00:00"
    desk.type("tick")
    desk.now = "2026-09-02T07:59"  # 06:59 in UTC
    desk.type("list", code=4)


def test_without_a_set_time_a_rehearsal_stays_where_it_was(desk: Desk) -> None:
    desk.now = "2099-01-01T09:00"
    desk.type("done", "NOR-26", "commission", "--evidence=asked_by=the board")
    desk.now = ""
    assert desk.task("commission")["done_on"] == "2099-01-01"
    desk.type("done", "NOR-26", "scope_agreed", "--evidence=in a meeting")
    assert desk.task("scope_agreed")["done_on"] == "2099-01-01"


def test_somebody_who_is_not_known_must_say_who_acts(desk: Desk) -> None:
    desk.environment["LOGNAME"] = "stranger"
    result = desk.type("advance", "NOR-26", code=2)
    assert "say who acts: --as PERSON" in result.stderr
    assert desk.type("--as", "nobody@x.example", "advance", "NOR-26", code=5)
    desk.environment["PEER_CHALLENGE_ACTOR"] = "2"
    desk.type("advance", "NOR-26", code=4)


def test_settings_come_from_a_file_and_the_environment_is_before_it(empty: Desk) -> None:
    file = empty.folder / "settings.toml"
    file.write_text(f'database_url = "sqlite:///{empty.folder}/other.db"\n')
    empty.environment["PEER_CHALLENGE_CONFIG"] = str(file)
    empty.type("list")
    assert not (empty.folder / "other.db").exists()
    empty.environment["PEER_CHALLENGE_DATABASE_URL"] = ""
    empty.type("list")
    assert (empty.folder / "other.db").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('databse_url = "x"', 'there is no setting "databse_url"; did you mean "database_url"?'),
        ("actor = 3", "actor must be a text in quotes"),
        ("= 3", "is not TOML"),
    ],
)
def test_a_bad_settings_file_is_explained(empty: Desk, text: str, message: str) -> None:
    file = empty.folder / "settings.toml"
    file.write_text(text)
    assert message in empty.type("--config", str(file), "list", code=2).stderr


def test_a_settings_file_that_is_not_there_is_named(empty: Desk) -> None:
    assert "none.toml" in empty.type("--config", "none.toml", "list", code=5).stderr


def test_a_database_that_is_away_means_try_again_later(empty: Desk) -> None:
    empty.environment["PEER_CHALLENGE_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    assert "is away" in empty.type("list", code=75).stderr


def test_the_doctor_finds_nothing_wrong_and_names_what_is_set(desk: Desk) -> None:
    with Sink() as sink:
        desk.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
        found = desk.read("doctor")
    assert found["is_well"] is True
    checks = {check["check"]: check for check in found["checks"]}
    assert {"python", "sqlite", "database", "mail server", "outbox", "who acts"} <= checks.keys()
    assert "can be reached (nothing was sent)" in checks["mail server"]["text"]
    assert sink.received == []


def test_the_doctor_finds_a_mail_server_that_is_away_and_hides_its_password(desk: Desk) -> None:
    desk.environment["PEER_CHALLENGE_SMTP_URL"] = "smtp://user:secret@127.0.0.1:1"
    result = desk.type("doctor", code=1)
    assert "cannot be reached" in result.stdout
    assert "secret" not in result.output


def test_the_doctor_names_a_server_with_a_name_that_none_can_have(desk: Desk) -> None:
    desk.environment["PEER_CHALLENGE_SMTP_URL"] = "smtp://mail..example.org:25"
    desk.environment["PEER_CHALLENGE_IMAP_URL"] = "imaps://u:p@mail..example.org"
    found = {check["check"]: check["text"] for check in desk.read("doctor", code=1)["checks"]}
    text = "cannot be reached: a part of its name is empty, or too long; set it right"
    assert found["mail server"].endswith(text)
    assert found["mailbox"].endswith(text)


def test_the_doctor_says_that_nobody_knows_a_head_that_only_waits_to_be_sent(desk: Desk) -> None:
    desk.environment["PEER_CHALLENGE_ANCHOR_TO"] = MANAGER
    desk.type("tick")
    assert (
        "nobody outside knows the head of the audit log until the mail to anchor_to is sent: "
        "peer-challenge mail list"
    ) in desk.type("doctor").output
    with Sink() as sink:
        desk.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
        desk.type("tick")
        desk.type("tick")
        assert "last anchored on Tuesday 1 September 2026" in desk.type("doctor").output


def test_the_doctor_sees_a_misspelt_setting_and_an_open_file(desk: Desk) -> None:
    desk.environment["PEER_CHALLENGE_SMPT_URL"] = "smtp://127.0.0.1"
    (desk.folder / "rehearsal.db").chmod(0o644)
    result = desk.type("doctor")
    assert "PEER_CHALLENGE_SMPT_URL is not a setting" in result.stdout
    assert "others may read" in result.stdout


def test_the_doctor_sees_a_challenge_that_waits_for_nothing(desk: Desk) -> None:
    with sqlite3.connect(desk.folder / "rehearsal.db") as link:
        link.execute("UPDATE challenge SET wake_at = NULL")
        link.execute("UPDATE task SET status = 'done'")
    link.close()
    assert "NOR-26 goes on, and waits for nothing and nobody" in desk.type("doctor", code=1).stdout


def test_the_doctor_sees_a_database_of_another_version(desk: Desk) -> None:
    with sqlite3.connect(desk.folder / "rehearsal.db") as link:
        link.execute("UPDATE alembic_version SET version_num = '9999'")
    link.close()
    assert "is newer than this program" in desk.type("doctor", code=1).stdout
    assert "is newer than this program" in desk.type("list", code=75).stderr


def test_a_folder_for_mail_is_examined(desk: Desk, tmp_path: Path) -> None:
    desk.environment["PEER_CHALLENGE_SMTP_URL"] = f"folder://{tmp_path}/mail"
    assert "messages are written there" in desk.type("doctor").stdout
