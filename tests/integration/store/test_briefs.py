"""Briefs: what a message needs, as things stand when it is sent."""

from datetime import date

import pytest

from workflow.model import events as e
from workflow.store import briefs, challenges, meta, outbox
from workflow.store.briefs import Brief
from workflow.store.challenges import Origin
from workflow.store.database import Database

from .builders import AT, HOUR, TODAY, begin, date_set, go_on, line, notice, opened, step

OPEN = line("call:2", person=2, status="open", assignees=(1,), limit_on=TODAY)
OTHER = line("call:1", person=1, status="open", assignees=(1,))
DAILY = line("day:2026-11-03", title="Look at {day}", day=date(2026, 11, 3), status="open")


def brief_of(database: Database, message_id: int = 1) -> Brief:
    """Claim a message and return what it is made of."""
    with database.writing() as link:
        claimed = outbox.claim(link, message_id, lease_until=AT + HOUR, at=AT)
        assert claimed is not None
        return briefs.brief(link, claimed)


def change_line(database: Database, **other: object) -> None:
    """Change how the task of Ben's call stands."""
    with database.writing() as link:
        stored = challenges.load(link, "GAR-26")
        values = {"person": 2, "status": "open", "assignees": (1,), **other}
        is_paused = bool(values.pop("is_paused", False))
        change = step(
            stored, date_set(TODAY), lines=(line("call:2", **values),), is_paused=is_paused
        )
        challenges.append(link, stored, change, origin=Origin("test"))


def test_a_brief_says_all_that_a_message_needs(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", OPEN, OTHER, DAILY)
        go_on(database, date_set(date(2026, 12, 1)))
        go_on(database, notice("a", tasks=("call:2", DAILY.key), rung="late", about=2, recipient=1))
        found = brief_of(database)
    assert (found.id, found.message_key) == (1, "GAR-26/reminder/a/1")
    assert (found.notice, found.notice_title) == ("reminder", "Something is due")
    assert found.notice_says == "Please see to it."
    assert (found.reference, found.challenge_title) == ("GAR-26", "The walled garden")
    assert (found.client, found.stage_title) == ("Gardens of Eastvale", "Planning")
    assert (found.created_at, found.zone) == (AT, "Europe/London")
    assert (found.recipient.name, found.about and found.about.name) == (
        "Ada Example",
        "Ben Example",
    )
    titles = [one.title for one in found.lines]
    assert titles == ["Call Ben Example", "Look at Tuesday 3 November 2026"]
    assert found.all_lines_count == 3
    assert found.dates == {"visit": ("Day of the visit", date(2026, 12, 1), False)}
    assert {role: [p.name for p in held] for role, held in found.people.items()} == {
        "challenge_manager": ["Ada Example"],
        "peer": ["Ben Example"],
    }
    assert (found.is_ladder, found.is_stale, found.is_rehearsal) == (True, False, False)
    assert found.portfolio == ()


def reminded(database_url: str, now: dict[str, object]) -> Brief:
    """Return what is known of a reminder when the task that it is of has changed."""
    with opened(database_url) as database:
        begin(database, "GAR-26", OPEN)
        go_on(database, notice("a", tasks=("call:2",), rung="late"))
        change_line(database, **now)
        return brief_of(database)


@pytest.mark.parametrize(
    ("now", "is_stale"),
    [
        ({"status": "open"}, False),
        ({"status": "done"}, True),
        ({"status": "waived"}, True),
        ({"status": "cancelled"}, True),
        ({"status": "pending"}, False),
    ],
)
def test_a_reminder_of_what_is_no_longer_to_be_done_is_stale(
    database_url: str, now: dict[str, object], *, is_stale: bool
) -> None:
    found = reminded(database_url, now)
    assert found.is_stale is is_stale
    assert (found.lines == ()) is is_stale
    assert not found.is_stopped


@pytest.mark.parametrize(
    ("now", "is_stopped"),
    [
        ({"is_held": True}, True),
        ({"is_paused": True}, True),
        ({"is_paused": True, "is_held": True}, True),
        ({"is_paused": True, "status": "done"}, False),
    ],
)
def test_a_reminder_of_what_stands_still_is_stopped_and_not_stale(
    database_url: str, now: dict[str, object], *, is_stopped: bool
) -> None:
    found = reminded(database_url, now)
    assert (found.is_stopped, found.is_stale) == (is_stopped, not is_stopped)


def test_news_is_never_stale(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", OPEN)
        go_on(database, notice("a", tasks=("call:2",)), notice("b"))
        change_line(database, status="done")
        first, second = brief_of(database, 1), brief_of(database, 2)
    assert [one.key for one in first.lines] == ["call:2"]
    assert second.lines == ()
    assert not first.is_stale
    assert not second.is_stale


def test_whoever_left_is_nobody_s_holder_any_more(database_url: str) -> None:
    released = e.PersonReleased(at=AT, actor=1, person=2, role="peer", on=TODAY, reason="ill")
    with opened(database_url) as database:
        begin(database)
        go_on(database, released, notice("a"))
        assert brief_of(database).people.keys() == {"challenge_manager"}


def test_a_digest_lists_the_challenges_of_its_reader(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", OPEN)
        begin(database, "GAR-27", is_final=True)
        with database.writing() as link:
            meta.mark_rehearsal(link)
            for person in (1, 2):
                outbox.put(
                    link,
                    unique_key=f"digest/{person}",
                    notice="weekly_digest",
                    recipient_id=person,
                    at=AT,
                )
        found = brief_of(database)
    assert [row.reference for row in found.portfolio] == ["GAR-26"]
    assert (found.reference, found.people, found.dates) == ("", {}, {})
    assert found.is_rehearsal
    assert not found.is_stale


def test_a_message_that_is_not_there_is_a_bug(database_url: str) -> None:
    with (
        opened(database_url) as database,
        database.reading() as link,
        pytest.raises(LookupError, match="no message 9"),
    ):
        briefs.brief(link, outbox.Claimed(9, 1, 1, AT))
