"""Every command, every role, the own challenge and another: who may, written down by hand.

The commands come from the command line itself: one that is not in the table fails the test.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import click
import pytest

import cli
from console.rights import ENGINE, NEEDS, Need, need_of
from definitions import loader
from tests.architecture.test_completeness import commands
from tests.prepared import prepare
from workflow.clock import SetClock
from workflow.engine import Engine, NewChallenge
from workflow.granting.access import Access
from workflow.model import commands as c
from workflow.model.access.deciding import NOT_ALLOWED
from workflow.model.access.permissions import Role
from workflow.model.errors import Refused, WorkflowError
from workflow.model.records import commands as r
from workflow.store import library, people
from workflow.store.database import Database
from workflow.store.link import Link
from workflow.store.records import grants

AT = datetime(2026, 9, 1, 9, tzinfo=UTC)
TODAY = date(2026, 9, 1)
OWN, OTHER = "OWN-26", "OTH-26"

WHO = {
    "A": "administrator",
    "P": "programme manager, granted for all",
    "M": "challenge manager, granted for all",
    "a": "auditor, granted for all",
    "p": "programme manager of the own challenge",
    "m": "challenge manager of the own challenge",
    "g": "challenge manager, granted for the own challenge",
    "r": "peer of the own challenge",
    "c": "client of the own challenge",
    "b": "auditor, granted for the own challenge",
    "l": "peer who has left the own challenge",
    "s": "stranger",
}
ALL = "APMapmgrcbls"
SEE, SEE_OTHER = "APMapmgrcb", "APMa"
MANAGE, MANAGE_OTHER = "APMpmg", "APM"
READ, READ_OTHER = "APMapmgb", "APMa"
WHOLE = "AP"

# own challenge, other challenge; one text alone: there is no challenge to name
TABLE: Mapping[str, tuple[str, ...]] = {
    "init": (ALL,),
    "doctor": (ALL,),
    "demo": (ALL,),
    "definition list": (ALL,),
    "definition show": (ALL,),
    "definition check": (ALL,),
    "definition schema": (ALL,),
    "definition diagram": (ALL,),
    "definition init": (ALL,),
    "definition migrate": ("A",),
    "calendar list": (ALL,),
    "calendar show": (ALL,),
    "calendar history": (ALL,),
    "calendar add": ("A",),
    "calendar remove": ("A",),
    "calendar refresh": ("A",),
    "person add": (MANAGE,),
    "person import": (MANAGE,),
    "person list": (ALL,),
    "person change": (ALL,),
    "person mail": (ALL,),
    "person away": (ALL,),
    "person back": (ALL,),
    "person forget": (WHOLE,),
    "grant give": (ALL,),
    "grant list": (ALL,),
    "grant revoke": (ALL,),
    "grant check": (ALL,),
    "list": (ALL,),
    "show": (SEE, SEE_OTHER),
    "tasks": (SEE + "l", SEE_OTHER),
    "new": (MANAGE_OTHER,),
    "import": (MANAGE_OTHER,),
    "assign": (MANAGE, MANAGE_OTHER),
    "release": (MANAGE, MANAGE_OTHER),
    "date": (MANAGE, MANAGE_OTHER),
    "done": (MANAGE + "r", MANAGE_OTHER),
    "waive": (MANAGE, MANAGE_OTHER),
    "extend": (MANAGE + "rc", MANAGE_OTHER),  # there is no such rule: the team is told so
    "pause": (MANAGE + "rc", MANAGE_OTHER),
    "agree": (MANAGE, MANAGE_OTHER),
    "hold": (MANAGE, MANAGE_OTHER),
    "document add": (MANAGE, MANAGE_OTHER),
    "document list": (SEE, SEE_OTHER),
    "document issue": (MANAGE, MANAGE_OTHER),
    "document get": (SEE, SEE_OTHER),
    "document acknowledge": (MANAGE + "r", MANAGE_OTHER),
    "document revoke": (MANAGE, MANAGE_OTHER),
    "item issue": (MANAGE, MANAGE_OTHER),
    "item settle": (MANAGE + "r", MANAGE_OTHER),
    "item list": (SEE, SEE_OTHER),
    "count": (MANAGE, MANAGE_OTHER),
    "retention list": (SEE, SEE_OTHER),
    "retention request": ("APp", WHOLE),  # before the day
    "retention approve": ("APp", WHOLE),
    "retention extend": (MANAGE, MANAGE_OTHER),
    "retention destroy": (MANAGE, MANAGE_OTHER),
    "certificate list": (READ, READ_OTHER),
    "certificate show": (READ, READ_OTHER),
    "certificate verify": (READ, READ_OTHER),
    "certificate peers": (READ, READ_OTHER),
    "advance": (MANAGE, MANAGE_OTHER),
    "postpone": (SEE, SEE_OTHER),
    "resume": (SEE, SEE_OTHER),
    "withdraw": (SEE, SEE_OTHER),
    "cancel": (SEE, SEE_OTHER),
    "reopen": (SEE, SEE_OTHER),
    "explain": (SEE, SEE_OTHER),
    "forecast": (SEE, SEE_OTHER),
    "timeline": (SEE, SEE_OTHER),
    "audit log": (READ, READ_OTHER),
    "audit report": (READ, READ_OTHER),
    "audit events": (READ, READ_OTHER),
    "audit verify": (READ,),
    "audit key": (READ,),
    "audit prove": (READ, READ_OTHER),
    "audit export": ("APa",),
    "audit anchor": (WHOLE,),
    "audit checkpoint": (WHOLE,),
    "tick": (MANAGE,),
    "run": (MANAGE,),
    "web": (MANAGE,),
    "mail list": (SEE + "l", SEE_OTHER),
    "mail show": (READ, READ_OTHER),
    "mail retry": (MANAGE, MANAGE_OTHER),
    "mail settle": (MANAGE, MANAGE_OTHER),
    "mail hold": (MANAGE_OTHER,),
    "mail release": (MANAGE_OTHER,),
    "template list": (ALL,),
    "template export": (ALL,),
    "template check": (ALL,),
    "template preview": (READ, READ_OTHER),
    "link feed": (ALL,),
    "link revoke": (ALL,),
    "inbox list": (READ, READ_OTHER),
    "inbox show": (READ, READ_OTHER),
    "inbox close": (MANAGE, MANAGE_OTHER),
    "answer list": (READ, READ_OTHER),
    "answer show": (READ, READ_OTHER),
    "answer accept": (MANAGE, MANAGE_OTHER),
    "answer decline": (MANAGE, MANAGE_OTHER),
    **dict.fromkeys(("backup", "migrate-database"), ("A",)),
    "restore": (ALL,),
}
# what is one's own is everybody's to see; whose else it may be, `test_grants` and others say


LETTER = {letter: number for number, letter in enumerate(WHO, 1)}
"""The id of each: they are added in this order."""


def act_of(path: str, actor: int) -> c.Command:
    """Return what a command of the command line asks of the engine, where one's own counts."""
    peer = LETTER["r"]
    acts: dict[str, c.Command] = {
        "assign": c.AssignPerson(person=LETTER["s"], role="trust_peer"),
        "release": c.ReleasePerson(person=peer, reason="ill"),
        "date": c.SetDate(key="onsite_start", on=date(2026, 11, 24)),
        "done": c.CompleteTask(spec="take_on_peer", on=TODAY, person=peer, evidence="noted"),
        "waive": c.WaiveTask(spec="commission", reason="as agreed"),
        "extend": c.ExtendDeadline(spec="commission", on=TODAY, reason="asked"),
        "pause": c.PauseClock(name="waiting", on=TODAY, reason="asked"),
        "agree": c.AgreeTime(spec="commission", moment=AT),
        "hold": c.PlaceHold(name="FOI 1", reason="asked"),
        "document add": r.RecordDocument(document="timetable", location="the cabinet"),
        "document issue": r.IssueDocument(document="timetable"),
        "document acknowledge": r.AcknowledgeDocument(document="timetable", person=peer, on=TODAY),
        "document revoke": r.RevokeDocument(document="timetable", person=peer),
        "item issue": r.IssueItem(item="8", medium="laptop", person=peer),
        "item settle": r.SettleItem(item="7", outcome="returned", on=TODAY),
        "count": r.RecordCounter(counter="meetings_held", value=3),
        "retention request": r.RequestDisposal(rule="drafts", reason="early"),
        "retention approve": r.ApproveDisposal(rule="drafts"),
        "retention extend": r.ExtendRetention(rule="drafts", until=date(2030, 1, 1), reason="x"),
        "retention destroy": r.CarryOutDisposal(rule="drafts", certificate="1", method="x"),
        "advance": c.Advance(trigger="agree_scope"),
    }
    return acts[path]


@dataclass
class Scene:
    """Two challenges, and one of each kind of person."""

    database: Database
    numbers: Mapping[str, Mapping[str, int]]

    def may(self, path: str, actor: int, reference: str) -> bool:
        """Return whether somebody may use a command, about a challenge where it is about one."""
        need = NEEDS[path]
        try:
            if need is ENGINE:
                engine = Engine(self.database, SetClock(AT))
                engine.act(reference, act_of(path, actor), actor=actor, is_dry_run=True)
            elif not need.is_open:
                params = self.params(need, reference)
                need.check(self.access, actor, words=path, params=params)
        except Refused as refused:
            return refused.kind != NOT_ALLOWED
        except WorkflowError:
            pass  # it makes no sense as it is, but that is not a matter of rights
        return True

    @property
    def access(self) -> Access:
        """Return what is asked."""
        return Access(self.database, SetClock(AT))

    def params(self, need: Need, reference: str) -> dict[str, object]:
        """Return the arguments of a command about a challenge."""
        number = self.numbers.get(need.kind, {}).get(reference)
        return {need.on: number if need.kind else reference}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Yield the scene: its people have the ids of their letters."""
    folder = tmp_path_factory.mktemp("matrix")
    database = Database(f"sqlite:///{folder / 'matrix.db'}")
    prepare(database)
    loaded = loader.load("local_system_peer_challenge")
    with database.writing() as link:
        for letter, title in {**WHO, "x": "other manager", "y": "other peer"}.items():
            people.add(
                link, name=title, email=f"{letter}{ord(letter)}@team.example",
                is_administrator=letter == "A",
            )  # fmt: skip
        library.keep(
            link, content_hash=loaded.content_hash, definition=loaded.definition,
            text=loaded.text, at=AT,
        )  # fmt: skip
    numbers = _filled(database, library.Offered(loaded.content_hash))
    yield Scene(database, numbers)
    database.close()


def _filled(database: Database, offered: library.Offered) -> dict[str, dict[str, int]]:
    """Start both challenges, give what is granted, hand things out; return what is about each."""
    engine, number = Engine(database, SetClock(AT)), {**LETTER, "x": 13, "y": 14}
    teams = {
        OWN: {"programme_manager": "p", "challenge_manager": "m", "lead_peer": "r",
              "trust_peer": "l", "client_contact": "c"},
        OTHER: {"challenge_manager": "x", "lead_peer": "y"},
    }  # fmt: skip
    for reference, team in teams.items():
        roles = tuple((role, number[letter]) for role, letter in team.items())
        new = NewChallenge(
            reference=reference, title="A", client="B", offered=offered, roles=roles,
            dates={"onsite_start": date(2026, 11, 24), "onsite_end": date(2026, 11, 27)},
        )  # fmt: skip
        engine.start(new, actor=1)
    for command in (
        c.ReleasePerson(person=number["l"], reason="ill"),
        r.RecordDocument(document="timetable", location="the cabinet"),
        r.IssueDocument(document="timetable", people=(number["r"],)),
        r.IssueItem(item="7", medium="laptop", person=number["r"]),
    ):
        engine.act(OWN, command, actor=1)
    given = {"P": Role.PROGRAMME_MANAGER, "M": Role.CHALLENGE_MANAGER, "a": Role.AUDITOR,
             "g": Role.CHALLENGE_MANAGER, "b": Role.AUDITOR}  # fmt: skip
    with database.writing() as link:
        ids = {reference: grants.challenge_id(link, reference) for reference in teams}
        for letter, role in given.items():
            where = ids[OWN] if letter in "gb" else None
            grants.give(link, person=number[letter], role=role, challenge_id=where, at=AT, by=1)
        return {kind: _one_of_each(link, kind, ids) for kind in _KINDS}


_MESSAGE = """
INSERT INTO outbox (challenge_id, unique_key, notice, recipient_id, tasks, is_ladder, is_urgent,
    status, created_at, not_before, attempts, next_attempt_at, fence)
VALUES (:challenge, :key, 'x', 13, '[]', FALSE, FALSE, 'waiting', :at, :at, 0, :at, 0) RETURNING id
"""
_ANSWER = """
INSERT INTO answer (challenge_id, task, person_id, kind, came_at, body, status, note)
VALUES (:challenge, 'x', 13, 'done', :at, '', 'open', '') RETURNING id
"""
_MAIL = """
INSERT INTO incoming (message_id, came_at, sender, subject, kind, challenge_id, body, digest,
    status, note)
VALUES (:key, :at, 'x', 'x', 'reply', :challenge, '', '', 'open', '') RETURNING id
"""
_CERTIFICATE = """
INSERT INTO certificate (number, challenge_id, rule, is_whole, at, body, signature)
VALUES (:challenge, :challenge, :key, FALSE, :at, '', '') RETURNING challenge_id
"""
_KINDS = {"message": _MESSAGE, "answer": _ANSWER, "mail": _MAIL, "certificate": _CERTIFICATE}


def _one_of_each(link: Link, kind: str, ids: Mapping[str, int | None]) -> dict[str, int]:
    """Keep one message, answer or mail of each challenge, of the other manager's."""
    return {
        reference: link.insert(_KINDS[kind], challenge=number, key=reference, at=AT)
        for reference, number in ids.items()
    }


def every_path() -> list[str]:
    """Return the words of every command there is."""
    return [name for name, _ in commands(cli.main, click.Context(cli.main))]


def test_every_command_is_in_the_table_and_in_the_list_of_rights() -> None:
    found = set(every_path())
    assert found - set(TABLE) == set(), "write down who may"
    assert found - set(NEEDS) == set(), "without a line it is an administrator's"


def test_a_command_that_nobody_listed_is_an_administrators() -> None:
    assert need_of("destroy everything") == need_of("backup")


@pytest.mark.parametrize("path", TABLE)
def test_who_may_use_a_command(scene: Scene, path: str) -> None:
    where = (OWN, OTHER)[: len(TABLE[path])]
    found = tuple(
        "".join(letter for letter in WHO if scene.may(path, LETTER[letter], reference))
        for reference in where
    )
    wanted = tuple("".join(one for one in WHO if one in row) for row in TABLE[path])
    assert found == wanted


def test_each_refusal_is_in_the_audit_log(scene: Scene) -> None:
    assert not scene.may("show", LETTER["s"], OWN)
    assert not scene.may("backup", LETTER["P"], OWN)
    with scene.database.reading() as link:
        rows = link.rows("SELECT body FROM entry ORDER BY id DESC LIMIT 2")
    backup, show = [json.loads(body) for (body,) in rows]
    assert (show["actor"], show["action"], show["result"]) == (12, "read", "refused")
    assert show["detail"] == {"challenge": 1, "permission": "see_challenge"}
    assert (backup["actor"], backup["action"]) == (2, "backup")
    assert backup["detail"] == {"permission": "back_up"}
