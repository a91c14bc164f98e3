"""Challenges that are under way go on under another version, on both databases, and back."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from definitions import loader
from tests.grounds import ADA, Ground, opened
from tests.versions import AGAIN, NAMES, RENAMED, SECOND_VERSION, WITHOUT_EVENING
from tests.visits import BEGUN, MANAGER, START, edited
from workflow.migrating.migrations import Migrations, Report
from workflow.migrating.rounds import Request
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.decisions.mapping import Renaming
from workflow.model.errors import InvalidInput, NotFound, Refused
from workflow.store import briefs, challenges, library, outbox, tasks
from workflow.store.library import Offered
from workflow.store.rows import snapshots

DAY = timedelta(days=1)
NOTHING = Renaming()


def target(*edits: tuple[str, str]) -> Offered:
    """Return the edited definition, that is not kept yet."""
    loaded = loader.load_text(edited(*edits), file="visit")
    return Offered(content_hash=loaded.content_hash, definition=loaded.definition, text=loaded.text)


def asked(*references: str, **other: object) -> Request:
    """Return what the administrator asks for."""
    request = Request(actor=ADA, reason="news", references=references, renaming=NAMES)
    return replace(request, **other)  # type: ignore[arg-type]


def migrate(ground: Ground, *references: str, **other: object) -> Report:
    """Let challenges go on under the second version."""
    migrations = Migrations(ground.database, ground.clock)
    return migrations.migrate(target(*SECOND_VERSION), asked(*references, **other))


def undo(ground: Ground, *references: str, **other: object) -> Report:
    """Take challenges back."""
    return Migrations(ground.database, ground.clock).undo("site_visit", asked(*references, **other))


def kept(ground: Ground) -> dict[str, list[tuple[object, ...]]]:
    """Return all that is kept of challenges, but what counts and stamps."""
    everything = ground.everything()
    del everything["event"], everything["meta"], everything["challenge"], everything["outbox"]
    return everything


def test_a_challenge_goes_on_with_all_that_lists_show(ground: Ground) -> None:
    ground.start()
    report = migrate(ground)
    (moved,) = report.moved
    assert ground.history()[-len(moved.decision.events) :] == list(moved.decision.events)
    with ground.database.reading() as link:
        stored = challenges.load(link, "NOR-26", is_cached=False)
        lines = tasks.lines(link, stored.id)
        (row,) = link.rows("SELECT definition_hash, definition_version FROM challenge")
    assert stored.challenge == moved.decision.after
    assert row == (target(*SECOND_VERSION).content_hash, "1.1")
    assert {line.key for line in lines} == set(stored.challenge.tasks)
    assert "evening_meeting" not in {line.key for line in lines}
    assert list(stored.challenge.tasks) == list(moved.decision.after.tasks)
    assert ground.log.verify().is_intact
    assert ground.views.look("NOR-26").definition.version == "1.1"


def test_the_log_says_by_which_right_a_definition_came_and_challenges_went_under_it(
    ground: Ground,
) -> None:
    ground.start()
    migrate(ground, is_dry_run=True)
    migrate(ground)
    with ground.database.reading(is_sealed=True) as link:
        bodies = link.rows("SELECT body FROM entry ORDER BY id DESC LIMIT 2")
    entered = [json.loads(body) for (body,) in reversed(bodies)]
    assert [(one["action"], one["authority"]) for one in entered] == [
        ("definition_kept", "administrator"),
        ("MigrateDefinition", "administrator"),
    ]


def test_undone_all_that_is_kept_is_what_it_was(ground: Ground) -> None:
    ground.start()
    ground.done("scope_agreed", "brief_visitor")
    ground.start("SUR-26")
    before, mails = kept(ground), len(ground.rows("outbox"))
    migrate(ground)
    assert kept(ground) != before
    report = undo(ground)
    assert (len(report.moved), report.is_undone) == (2, True)
    assert kept(ground) == before
    assert len(ground.rows("outbox")) == mails + 2  # one each, of the task that was new
    assert ground.log.verify().is_intact
    snapshots.forget()
    assert list(ground.views.look("NOR-26").challenge.tasks)[:3] == [
        "scope_agreed", "brief_visitor:4", "brief_visitor:5",
    ]  # fmt: skip


def test_a_dry_run_is_the_same_and_changes_nothing(ground: Ground) -> None:
    ground.start()
    before = ground.everything()
    shown = migrate(ground, is_dry_run=True)
    assert ground.everything() == before
    with ground.database.reading() as link:
        assert [one.version for one in library.listed(link)] == ["1.0"]
    done = migrate(ground)
    assert [m.decision.events for m in shown.moved] == [m.decision.events for m in done.moved]
    before = ground.everything()
    shown = undo(ground, is_dry_run=True)
    assert ground.everything() == before
    done = undo(ground)
    assert [m.decision.events for m in shown.moved] == [m.decision.events for m in done.moved]


def test_one_command_is_one_entry_for_auditors(ground: Ground) -> None:
    for reference in ("NOR-26", "SUR-26"):
        ground.start(reference)
    migrate(ground)
    with ground.database.reading() as link:
        rows = link.rows("SELECT command_id, actor FROM event WHERE kind = 'DefinitionMigrated'")
    assert len(rows) == 2
    assert {actor for _, actor in rows} == {ADA}
    assert len({command_id for command_id, _ in rows}) == 1


def test_what_is_over_or_there_already_is_left_alone(ground: Ground) -> None:
    for reference in ("NOR-26", "SUR-26", "WES-26"):
        ground.start(reference)
    ground.act(c.Advance(trigger="withdraw", reason="no"), reference="SUR-26")
    first = migrate(ground, "NOR-26")
    assert [one.decision.after.reference for one in first.moved] == ["NOR-26"]
    rest = migrate(ground)
    assert [one.decision.after.reference for one in rest.moved] == ["WES-26"]
    assert (rest.over, rest.already) == (1, 1)
    named = migrate(ground, "NOR-26", "SUR-26")
    assert (named.moved, named.over, named.already) == ((), 1, 1)


def test_all_that_is_unsafe_is_told_at_once_and_nothing_is_changed(ground: Ground) -> None:
    ground.start("NOR-26")
    ground.start("SUR-26")
    held = c.PlaceHold(name="FOI 7", reason="asked", tasks=("evening_meeting",))
    ground.act(held, reference="SUR-26")
    before = kept(ground)
    edits = (
        *AGAIN,
        *WITHOUT_EVENING,
        ("host:         {title", "client:         {title"),
        ("roles: [host]", "roles: [client]"),
        ("by: [manager, host], req", "by: manager, req"),
        ("    by: [manager, host]\n", "    by: manager\n"),
        ("    by: host\n", "    by: client\n"),
    )
    migrations = Migrations(ground.database, ground.clock)
    with pytest.raises(Refused) as caught:
        migrations.migrate(target(*edits), asked(renaming=Renaming(keys={"plan": "x"})))
    assert caught.value.kind == "unsafe_migration"
    assert str(caught.value) == (
        "2 challenges cannot go on under site_visit 1.1, so nothing was changed"
    )
    assert [item.text for item in caught.value.unmet] == [
        '--map plan=x: there is no task, date, stage or pause "plan" now; did you mean "planning"?',
        'NOR-26, SUR-26: somebody is "Lead of the host" (host), which is gone in version 1.1',
        'SUR-26: the hold "FOI 7" is on evening_meeting, which is gone in version 1.1',
    ]
    assert caught.value.hint == (
        "say what takes their places: --map evening_meeting=NEW --map-role host=NEW; "
        "or name the other challenges with --ref"
    )
    assert kept(ground) == before
    refused = ground.history("NOR-26")[-1]
    assert isinstance(refused, e.CommandRefused)
    with ground.database.reading() as link:
        assert [one.version for one in library.listed(link)] == ["1.0"]
    assert refused.unmet == ('somebody is "Lead of the host" (host), which is gone in version 1.1',)
    assert ground.log.verify().is_intact


def test_a_refused_dry_run_is_not_recorded(ground: Ground) -> None:
    ground.start()
    before = ground.everything()
    with pytest.raises(Refused):
        migrate(ground, renaming=Renaming(keys={"plan": "x"}), is_dry_run=True)
    assert ground.everything() == before


def test_only_administrators_may(ground: Ground) -> None:
    ground.start()
    text = "Max Manager may not change the definition of challenges: that is for an administrator"
    with pytest.raises(Refused, match=text):
        migrate(ground, actor=MANAGER)
    with pytest.raises(Refused, match=text):
        undo(ground, actor=MANAGER)
    with pytest.raises(InvalidInput, match=r'say why the definition changes: --reason "…"'):
        migrate(ground, reason=" ")
    with pytest.raises(InvalidInput, match=r'say why the definition changes back: --reason "…"'):
        undo(ground, reason=" ")


def test_what_nobody_has_is_not_found(ground: Ground) -> None:
    ground.start()
    with pytest.raises(NotFound, match='no challenge "NOR-62"; did you mean "NOR-26"'):
        migrate(ground, "NOR-62")
    with pytest.raises(NotFound, match='no definition with the hash "none"'):
        Migrations(ground.database, ground.clock).migrate(Offered(content_hash="none"), asked())


def test_who_worked_on_it_since_is_not_taken_back(ground: Ground) -> None:
    for reference in ("NOR-26", "SUR-26", "WES-26"):
        ground.start(reference)
    with pytest.raises(Refused, match="was migrated: there is nothing to undo") as caught:
        undo(ground)
    assert caught.value.kind == "nothing_to_undo"
    migrate(ground, "NOR-26", "SUR-26")
    ground.done("book_rooms")
    before = kept(ground)
    with pytest.raises(Refused, match="2 challenges cannot go back") as caught:
        undo(ground, "NOR-26", "SUR-26", "WES-26")
    assert [item.text for item in caught.value.unmet] == [
        "NOR-26: somebody has worked on it since its definition changed",
        "WES-26: its definition was not changed: there is nothing to undo",
    ]
    assert caught.value.hint == (
        "let them go on under the old version instead, or name the others with --ref"
    )
    assert kept(ground) == before
    assert len(undo(ground, "SUR-26").moved) == 1


def test_a_migration_to_the_old_version_is_the_way_out(ground: Ground) -> None:
    ground.start()
    migrate(ground)
    ground.done("book_rooms")
    old = Offered(content_hash=ground.content_hash)
    names = Renaming(keys={"talk": "catch_up"})
    report = Migrations(ground.database, ground.clock).migrate(old, asked(renaming=names))
    (moved,) = report.moved
    assert "book_rooms" not in moved.decision.after.tasks
    assert ground.views.look("NOR-26").definition.version == "1.0"
    assert ground.log.verify().is_intact


def test_a_message_that_waits_speaks_of_its_task_by_the_new_name(ground: Ground) -> None:
    ground.start()
    ground.done("scope_agreed", "brief_visitor", "call_visitor")
    ground.act(c.Advance(trigger="confirm"), actor=MANAGER)
    ground.until(START)

    def waiting() -> set[str]:
        with ground.database.reading() as link:
            rows = link.rows("SELECT tasks FROM outbox WHERE notice = 'to_do'")
        return {key for (text,) in rows for key in json.loads(text)}

    assert f"catch_up:{START}" in waiting()
    names = asked(renaming=NAMES)
    migrations = Migrations(ground.database, ground.clock)
    migrations.migrate(target(*AGAIN, *RENAMED), names)
    assert f"talk:{START}" in waiting()
    assert f"catch_up:{START}" not in waiting()
    undo(ground)
    assert f"catch_up:{START}" in waiting()


def test_a_message_that_waits_about_what_is_gone_is_not_sent_or_says_what_is_so(
    ground: Ground,
) -> None:
    ground.start()
    ground.done("scope_agreed", "brief_visitor")
    without: list[tuple[str, str]] = [
        ("  call_visitor:\n", "  ring:\n"),
        ("requires: [scope_agreed, call_visitor, ", "requires: [scope_agreed, ring, "),
        ("enforced_by: call_visitor", "enforced_by: ring"),
        ("  welcome:\n", "  hello:\n"),
    ]
    migrations = Migrations(ground.database, ground.clock)
    migrations.migrate(target(*AGAIN, *without), asked(renaming=NOTHING))
    with ground.database.writing() as link:
        rows = dict(link.rows("SELECT notice, min(id) FROM outbox GROUP BY notice"))
        lease = BEGUN + DAY
        found = {
            notice: briefs.brief(link, claimed)
            for notice, message in rows.items()
            if (claimed := outbox.claim(link, message, lease_until=lease, at=BEGUN))
        }
    assert found["to_do"].is_stale
    assert (found["welcome"].is_stale, found["welcome"].notice_title) == (False, "welcome")


def test_what_was_due_is_kept_before_the_definition_changes(ground: Ground) -> None:
    ground.start()
    ground.done("scope_agreed", "brief_visitor")
    ground.clock.at = BEGUN + 60 * DAY
    (moved,) = migrate(ground).moved
    assert any(isinstance(event, e.DeadlineMissed) for event in moved.passed)
    kinds = [type(event) for event in ground.history()]
    assert kinds.index(e.DeadlineMissed) < kinds.index(e.DefinitionMigrated)
    assert ground.log.verify().is_intact


STAGES = ("begun", "briefed", "visiting", "over", "paused")


def bring(ground: Ground, reference: str, far: str) -> None:
    """Bring a challenge as far as it should come."""
    if far == "paused":
        ground.act(c.Advance(trigger="hold_off", reason="rain"), reference=reference)
    elif far == "briefed":
        ground.done("scope_agreed", "brief_visitor", reference=reference)
    elif far == "visiting":
        ground.act(c.Advance(trigger="confirm", override="in a hurry"), reference=reference)
    elif far == "over":
        ground.act(c.Advance(trigger="withdraw", reason="other plans"), reference=reference)


def test_two_hundred_are_shown_and_migrated_and_undone(sqlite_url: str) -> None:
    with opened(sqlite_url) as ground:
        ground.engine.start_all([ground.new(f"N-{n}") for n in range(200)], actor=ADA)
        for number in range(200):
            bring(ground, f"N-{number}", STAGES[number % 5])
        ground.until(START - 5 * DAY)
        before, mails = kept(ground), len(ground.rows("outbox"))
        heard: list[tuple[int, int]] = []
        shown = migrate(ground, is_dry_run=True, on_progress=lambda *one: heard.append(one))
        assert kept(ground) == before
        assert heard == [(number, 160) for number in range(1, 161)]
        done = migrate(ground)
        assert (len(done.moved), done.over) == (160, 40)
        assert [m.decision.events for m in shown.moved] == [m.decision.events for m in done.moved]
        new = len(ground.rows("outbox")) - mails
        assert new == 120  # of the task that is new each manager is told once, but in a pause
        assert ground.until(START - 5 * DAY).raised == 0
        assert ground.log.verify().is_intact
        assert len(undo(ground).moved) == 160
        assert kept(ground) == before
        assert len(ground.rows("outbox")) == mails + new
        assert ground.until(START - 5 * DAY).raised == 0
        assert ground.log.verify().is_intact
