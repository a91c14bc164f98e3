"""Calendars through the engine: as foreseen, as kept, as a calendar program shows them."""

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from definitions import loader
from notifications.entries import feed, invitation
from notifications.message import Mailbox
from tests.grounds import ADA, Ground, enter, opened
from tests.invited import INVITED, Program
from tests.visits import BEGUN, END, HOST, LATECOMER, LEAD, MANAGER, SECOND, START, VISITOR, edited
from workflow.model import commands as c
from workflow.model.planning.invitations import Kind, counts
from workflow.outcomes import Outcome
from workflow.store.correspondence import invitations

CALCURSE = shutil.which("calcurse")
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
NEXT = c.SetDate(key="visit_start", on=START + WEEK, reason="agreed")
HOLD_OFF = c.Advance(trigger="hold_off", reason="ill")
RESUME = c.Advance(trigger="resume")
LEAVES = c.ReleasePerson(person=SECOND, reason="cannot come")


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    """Yield a database with a visit that is confirmed; nothing of it was sent yet."""
    with opened(database_url) as ground:
        loaded = loader.load_text(edited(INVITED), file="visit")
        ground.content_hash = loaded.content_hash
        with ground.database.writing() as link:
            enter(link, loaded)
        ground.start()
        ground.done("scope_agreed", "brief_visitor", "call_visitor")
        ground.act(c.Advance(trigger="confirm"))
        yield ground


def tell(ground: Ground, command: c.Command, *, is_dry_run: bool = False) -> Outcome:
    """Let the administrator ask for something, and see what it comes to."""
    return ground.engine.act("NOR-26", command, actor=ADA, is_dry_run=is_dry_run, is_telling=True)


def send(ground: Ground) -> list[tuple[int, dict[str, Any]]]:
    """Let what waits of calendars be sent; return it with its recipients."""
    sql = (
        "UPDATE outbox SET status = 'sent' WHERE status = 'waiting' AND calendar IS NOT NULL "
        "RETURNING id, recipient_id, calendar"
    )
    with ground.database.writing() as link:
        return [(row[1], json.loads(row[2])) for row in sorted(link.rows(sql))]


def methods(sent: list[tuple[int, dict[str, Any]]]) -> Counter[tuple[str, str, int]]:
    """Return how often each method was sent, of which key, with which sequence."""
    return Counter((one["key"], one["method"], one["sequence"]) for _, one in sent)


def shown(ground: Ground, person: int) -> list[tuple[str, str]]:
    """Return the key and the beginning of all that a person's feed shows, but what is done."""
    with ground.database.reading() as link:
        found = invitations.feed(link, person)
    return [
        (one["key"], one.get("starts_at") or one["first_on"])
        for one in found
        if not one["title"].startswith("Done: ")
    ]


def test_whoever_takes_part_is_invited_once_it_is_certain(ground: Ground) -> None:
    sent = send(ground)
    people = {
        key: sorted(p for p, one in sent if one["key"] == key) for key in ("visit", "evening")
    }
    assert people == {
        "visit": [MANAGER, LEAD, VISITOR, SECOND, HOST],
        "evening": [MANAGER, LEAD, VISITOR, SECOND],
    }
    assert all(one["sequence"] == 0 for _, one in sent)
    assert not [one for _, one in sent if one["key"].startswith("call")]  # done before it was sent


@pytest.mark.parametrize("command", [NEXT, HOLD_OFF, LEAVES], ids=["moved", "put off", "left"])
@pytest.mark.parametrize("is_sent", [True, False])
def test_what_a_change_would_send_is_what_it_sends(
    ground: Ground,
    command: c.Command,
    is_sent: bool,  # noqa: FBT001 (a test's parameter)
) -> None:
    if is_sent:
        send(ground)
    foreseen = tell(ground, command, is_dry_run=True).letters
    before = len(ground.rows("outbox"))
    told = tell(ground, command).letters
    assert foreseen == told
    with ground.database.reading() as link:
        rows = link.rows("SELECT calendar FROM outbox WHERE id > :last", last=before)
    kept = [json.loads(row[0]) for row in rows if row[0]]
    assert [(one["key"], one["kind"], one["sequence"]) for one in kept] == [
        (letter.entry.key, letter.kind.value, letter.sequence) for letter in told
    ]


def test_what_moves_before_it_was_ever_sent_is_new(ground: Ground) -> None:
    assert counts(tell(ground, NEXT).letters)[Kind.MOVED] == 0
    assert {(one["kind"], one["sequence"]) for _, one in send(ground)} == {("new", 1)}
    tell(ground, c.SetDate(key="visit_start", on=START + 2 * WEEK, reason="agreed"))
    assert {(one["kind"], one["sequence"]) for _, one in send(ground)} == {("moved", 2)}


def test_dates_that_move_move_every_entry(ground: Ground) -> None:
    before = {(p, one["key"]): one for p, one in send(ground)}
    tell(ground, NEXT)
    after = {(p, one["key"]): one for p, one in send(ground)}
    assert after.keys() == before.keys()
    for which, one in after.items():
        assert (one["uid"], one["sequence"], one["method"]) == (before[which]["uid"], 1, "REQUEST")
    assert after[HOST, "visit"]["first_on"] == str(START + WEEK)
    assert after[LEAD, "evening"]["starts_at"] == "2026-11-30T19:00:00+00:00"


def test_what_is_put_off_is_cancelled_and_comes_back_under_its_name(ground: Ground) -> None:
    first = send(ground)
    tell(ground, HOLD_OFF)
    assert methods(send(ground)) == Counter(
        {("visit", "CANCEL", 1): 5, ("evening", "CANCEL", 1): 4}
    )
    assert shown(ground, LEAD) == []
    tell(ground, RESUME)
    third = send(ground)
    assert methods(third) == Counter({("visit", "REQUEST", 2): 5, ("evening", "REQUEST", 2): 4})
    assert {one["uid"] for _, one in third} == {one["uid"] for _, one in first}


def test_who_leaves_is_told_so_and_who_comes_is_invited(ground: Ground) -> None:
    send(ground)
    tell(ground, LEAVES)
    assert {p for p, _ in send(ground)} == {SECOND}
    assert shown(ground, SECOND) == []
    tell(ground, c.AssignPerson(person=LATECOMER, role="visitor"))
    sent = send(ground)
    assert {(p, one["key"]) for p, one in sent if not one["key"].startswith("call")} == {
        (LATECOMER, "visit"),
        (LATECOMER, "evening"),
    }


def test_what_lies_in_the_past_is_neither_cancelled_nor_forgotten(ground: Ground) -> None:
    send(ground)
    ground.until(END + DAY)
    send(ground)
    tell(ground, c.Advance(trigger="withdraw", reason="no money"))
    assert send(ground) == []
    assert ("visit", str(START)) in shown(ground, LEAD)


def test_time_that_passes_invites_too(ground: Ground) -> None:
    send(ground)
    ground.until(START, time(9))
    assert [(p, one["key"], one["title"]) for p, one in send(ground)] == [
        (LEAD, f"day:due:{START}", "Due: Catch-up on Tuesday 24 November 2026")
    ]


def test_a_program_that_obeys_the_messages_shows_what_the_feed_shows(ground: Ground) -> None:
    program = Program()
    for command in (NEXT, HOLD_OFF, RESUME, c.SetDate(key="visit_start", on=START, reason="no")):
        for person, one in send(ground):
            if person == LEAD:
                program.get(one)
        tell(ground, command)
    for person, one in send(ground):
        if person == LEAD:
            program.get(one)
    assert program.shown() == set(shown(ground, LEAD))
    assert {key for key, _ in program.shown()} == {"visit", "evening"}


def test_the_letters_of_an_outcome_are_counted(ground: Ground) -> None:
    send(ground)
    assert counts(tell(ground, NEXT, is_dry_run=True).letters) == {
        Kind.NEW: 0,
        Kind.MOVED: 9,
        Kind.WITHDRAWN: 0,
    }


def calcurse(folder: Path, *arguments: str) -> list[str]:
    """Run a calendar program in London, on a calendar of its own; return its lines."""
    assert CALCURSE is not None
    own = ["-D", str(folder / "data"), "-C", str(folder / "conf")]
    environment = {**os.environ, "TZ": "Europe/London", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [CALCURSE, *own, *arguments], env=environment, check=True, capture_output=True, text=True
    )
    return [" ".join(line.split()) for line in done.stdout.splitlines() if line.strip()]


@pytest.mark.skipif(CALCURSE is None, reason="no calcurse here: apt-get install calcurse")
@pytest.mark.parametrize("start", [date(2026, 10, 25), date(2026, 10, 26), date(2027, 3, 28),
                                   date(2027, 3, 29)], ids=str)  # fmt: skip
def test_a_calendar_program_shows_the_evening_at_seven_over_a_clock_change(
    ground: Ground, tmp_path: Path, start: date
) -> None:
    for key, on in (("visit_start", start), ("visit_end", start + 2 * DAY)):
        tell(ground, c.SetDate(key=key, on=on, reason="agreed"))
    file = tmp_path / "feed.ics"
    with ground.database.reading() as link:
        file.write_bytes(feed(invitations.feed(link, LEAD), "Lea Lead"))
    calcurse(tmp_path, "-i", str(file))
    found = calcurse(
        tmp_path, "-Q", "--from", f"{start - DAY:%m/%d/%Y}", "--days", "5",
        "--format-apt", "%(start:%m/%d %H:%M) to %(end:%H:%M): %m\\n",
    )  # fmt: skip
    whole = "* On site: Northshire system"
    days = [f"{start + number * DAY:%m/%d/%y}:" for number in range(-1, 3)]
    evening = f"{start - DAY:%m/%d} 19:00 to 22:00: Evening meeting"
    assert found == [days[0], evening, *(line for day in days[1:] for line in (day, whole))]


@pytest.mark.skipif(CALCURSE is None, reason="no calcurse here: apt-get install calcurse")
def test_a_calendar_program_takes_an_invitation_from_a_message(
    ground: Ground, tmp_path: Path
) -> None:
    box = Mailbox(address="challenges@programme.example")
    for number, (_, one) in enumerate(pair for pair in send(ground) if pair[0] == HOST):
        text = invitation(one, organizer=box, attendee=box, at=BEGUN)[1]
        file = tmp_path / f"{number}.ics"
        file.write_text(text, newline="")
        calcurse(tmp_path, "-i", str(file))
    found = calcurse(tmp_path, "-Q", "--from", f"{START:%m/%d/%Y}", "--days", "1")
    assert found == [f"{START:%m/%d/%y}:", "* On site: Northshire system"]
