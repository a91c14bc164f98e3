"""A person is forgotten once nobody needs them any more, and not before."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import sleep

import pytest

from tests.grounds import ADA
from tests.integration.retaining.destroying import AFTER, CLOSED_LONG_AGO, Site, opened, words
from tests.visits import DIRECTOR, VISITOR
from workflow.granting.access import Access
from workflow.granting.grants import Gift, Grants
from workflow.model import commands as c
from workflow.model.access.permissions import Role
from workflow.model.errors import InvalidInput, NotFound, Refused
from workflow.model.events import TaskDone
from workflow.store import outbox, people
from workflow.store.correspondence import answers, feeds, preferences
from workflow.store.keeping.marks import DESTROYED

STRANGER = 9
_WAITING = "SELECT min(id) FROM outbox WHERE recipient_id = :id AND status = 'waiting'"
_SENT = "UPDATE outbox SET status = 'sent', message_id = '<1@host.example>' WHERE id = :id"
_JOIN = """
INSERT INTO member (challenge_id, position, person_id, role, since, until)
SELECT challenge_id, 99, :person, role, since, NULL FROM member WHERE position = 0
"""


def forget(site: Site, person: int = VISITOR) -> str:
    return site.forgetting.forget(person, "she asks for it", actor=ADA).number


def test_what_is_known_of_a_person_is_gone_and_their_id_stays(site: Site) -> None:
    number = forget(site)
    with site.database.reading() as link:
        person = people.find(link, str(VISITOR))
        with pytest.raises(NotFound):
            people.find(link, "vic.visitor@team.example")
    assert (person.name, person.email, person.phone) == (f"Forgotten person {VISITOR}", "", "")
    assert "vic.visitor" not in words(site, "person", "preference")
    assert number in words(site, "certificate")
    own = [one for one in site.history() if isinstance(one, TaskDone) and one.task.endswith(":5")]
    assert {one.evidence for one in own} == {DESTROYED}


def test_what_this_process_knew_by_heart_is_gone_too(site: Site) -> None:
    key = f"destroy_notes:{VISITOR}"
    assert site.views.look("NOR-26").challenge.tasks[key].evidence == "noted"
    forget(site)
    assert site.views.look("NOR-26").challenge.tasks[key].evidence == DESTROYED


def test_mail_that_waits_for_them_is_cancelled(site: Site) -> None:
    assert "waiting" in states(site)
    forget(site)
    assert "waiting" not in states(site)


def states(site: Site) -> set[str]:
    with site.database.reading() as link:
        rows = link.rows("SELECT status FROM outbox WHERE recipient_id = :id", id=VISITOR)
    return {state for (state,) in rows}


def test_the_log_says_who_was_forgotten_by_id_and_its_reason_is_sealed(site: Site) -> None:
    forget(site)
    with site.database.reading(is_sealed=True) as link:
        entries = [body for (body,) in link.rows("SELECT body FROM entry ORDER BY id")]
    (entered,) = [body for body in entries if '"action":"ForgetPerson"' in body]
    assert '"detail":{"person":5}' in entered
    assert '"authority":"administrator"' in entered
    assert "she asks" not in entered


Prepare = Callable[[Site], None]


def held(site: Site) -> None:
    site.act(c.PlaceHold(name="FOI 9", reason="a request"))


def held_alone(site: Site) -> None:
    site.act(c.PlaceHold(name="SAR 9", reason="a request", people=(VISITOR,)))


def started(site: Site) -> None:
    site.start("EAS-27")


@pytest.mark.parametrize(
    ("prepare", "person", "needs"),
    [
        (held, VISITOR, "NOR-26: it is on hold (FOI 9)"),
        (held_alone, VISITOR, "NOR-26: it is on hold (SAR 9)"),
        (started, VISITOR, "EAS-27: they are on its team"),
        (started, VISITOR, "EAS-27: call_visitor, which is about them, is still to be done"),
        (lambda site: None, DIRECTOR, 'NOR-26: nobody else sees to "Records of the visit"'),
    ],
)
def test_whoever_is_still_needed_is_not_forgotten(
    site: Site, prepare: Prepare, person: int, needs: str
) -> None:
    prepare(site)
    before = site.rows("person")
    with pytest.raises(Refused) as caught:
        forget(site, person)
    assert needs in [item.text for item in caught.value.unmet]
    assert site.rows("person") == before
    assert '"action":"ForgetPerson","result":"refused"' in words(site)


def test_a_hold_on_somebody_else_is_none_on_them(site: Site) -> None:
    site.act(c.PlaceHold(name="SAR 9", reason="a request", people=(4,)))
    forget(site)


def test_what_makes_no_sense_is_said(site: Site) -> None:
    with pytest.raises(InvalidInput, match="say why they are to be forgotten"):
        site.forgetting.forget(VISITOR, " ", actor=ADA)
    with pytest.raises(NotFound, match='there is no person with the id "99"'):
        forget(site, 99)
    with pytest.raises(Refused, match="the last administrator cannot be forgotten"):
        forget(site, ADA)
    forget(site)
    with pytest.raises(Refused, match="person 5 is forgotten already"):
        site.forgetting.foresee(VISITOR)


def change(site: Site) -> None:
    with site.database.writing() as link:
        people.change(link, VISITOR, name="Vic Visitor", email="vic@home.example")


@pytest.mark.parametrize(
    "again",
    [
        change,
        lambda site: site.start("EAS-27"),
        lambda site: access(site).give(Gift(person=VISITOR, role=Role.AUDITOR), actor=ADA),
    ],
    ids=["change", "join", "grant"],
)
def test_whoever_was_forgotten_is_not_brought_in_again(site: Site, again: Prepare) -> None:
    forget(site)
    before = site.everything(), site.rows("person"), site.rows("access_grant")
    with pytest.raises(InvalidInput, match="person 5 was forgotten: nobody knows who that is"):
        again(site)
    assert (site.everything(), site.rows("person"), site.rows("access_grant")) == before


def test_their_calendar_address_and_their_links_are_dead_for_good(site: Site) -> None:
    with site.database.writing() as link:
        address = feeds.renew(link, VISITOR)
        (number,) = link.row(_WAITING, id=VISITOR) or (0,)
        link.execute(_SENT, id=number)
    forget(site)
    with site.database.writing() as link:
        assert feeds.number(link, VISITOR) is None
        kept = link.row("SELECT feed_number FROM preference WHERE person_id = 5")
        assert kept == (-address,)
        asked = answers.asked(link, number)
        assert asked is not None
        assert asked.is_revoked
        with pytest.raises(InvalidInput, match="person 5 was forgotten"):
            feeds.renew(link, VISITOR)
        with pytest.raises(InvalidInput, match="person 5 was forgotten"):
            preferences.set_away(
                link, 4, since=AFTER.date(), until=None, stand_in=VISITOR, today=AFTER.date()
            )


def test_mail_that_was_on_its_way_to_them_leaves_no_words_behind(site: Site) -> None:
    at = site.clock.at
    with site.database.writing() as link:
        (number,) = link.row(_WAITING, id=VISITOR) or (0,)
        claimed = outbox.claim(link, number, lease_until=at + timedelta(hours=1), at=at)
    assert claimed is not None
    forget(site)
    with site.database.writing() as link:
        said = {"subject": "Dear Vic", "text": "Dear Vic Visitor"}
        assert outbox.mark_sent(link, claimed, at=at, message_id="<2@host.example>", **said)
    assert "Vic" not in words(site)


def access(site: Site) -> Grants:
    return Grants(site.database, site.clock, Access(site.database, site.clock))


def test_an_administrator_by_grant_is_one_as_well(site: Site) -> None:
    """There must be one left, however they became it."""
    access(site).give(Gift(person=STRANGER, role=Role.ADMINISTRATOR), actor=ADA)
    site.forgetting.foresee(ADA)
    access(site).dismiss(ADA, actor=STRANGER, reason="she leaves")
    with pytest.raises(Refused, match="the last administrator cannot be forgotten"):
        site.forgetting.foresee(STRANGER)


@pytest.mark.postgres
def test_on_postgresql_nobody_is_forgotten_who_joins_at_the_same_moment(postgres_url: str) -> None:
    with opened(postgres_url) as site:
        said: list[str] = []

        def forgetting() -> None:
            try:
                forget(site, STRANGER)
            except Refused as refused:
                said.extend(item.text for item in refused.unmet)

        with site.database.writing() as link:
            people.require_known(link, STRANGER)
            link.execute(_JOIN, person=STRANGER)
            thread = threading.Thread(target=forgetting)
            thread.start()
            sleep(0.3)
        thread.join()
        assert said == ["NOR-26: they are on its team"]


@pytest.mark.postgres
def test_on_postgresql_a_person_is_forgotten_as_well(postgres_url: str, tmp_path: Path) -> None:
    with opened(postgres_url) as site:
        site.close()
        site.clock.at = CLOSED_LONG_AGO
        forget(site)
        assert "vic.visitor" not in words(site, "person")
