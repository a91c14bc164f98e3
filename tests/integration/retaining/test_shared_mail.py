"""A message or a mail that is of two challenges: one of them is destroyed, the other goes on."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from notifications.render import Renderer
from tests.integration.mail.arrivals import Arrivals
from tests.integration.mail.post import AT
from tests.integration.mail.test_collecting import reply
from tests.integration.mail.town import Raised, Town
from tests.integration.retaining.destroying import CLOSED_LONG_AGO, opened
from tests.visits import MANAGER
from workflow.store import challenges, outbox, reports, schema
from workflow.store.correspondence import answers
from workflow.store.database import Database
from workflow.store.keeping.marks import DESTROYED
from workflow.store.link import Link
from workflow.store.records import certificates, erasure
from workflow.store.records.certificates import Certificate
from workflow.store.records.erasure import Erased, Whose
from workflow.sweep import Sweep

_STATES = "SELECT id, status, links_revoked_at IS NULL FROM outbox ORDER BY id"
MAX = "max.manager@team.example"
TEAMS: dict[str, tuple[str, ...]] = {
    "quokka": ("zephyr", "lumen"),
    "narwhal": ("cobalt", "lumen"),
    "ocelot": ("saffron", "indigo"),
}


def test_whole_records_go_of_a_challenge_whose_mail_answers_another_one_too(
    database_url: str,
) -> None:
    with opened(database_url) as site:
        site.start("NOR-27")
        arrivals = Arrivals(site)
        lead = arrivals.send("scope_agreed", recipient=MANAGER)
        arrivals.go_along(lead, "scope_agreed", recipient=MANAGER, reference="NOR-27")
        arrivals.collector().take(reply(arrivals, "Both are agreed, done.", lead, From=MAX))
        site.close()
        site.clock.at = CLOSED_LONG_AGO
        Sweep(site.database, site.clock).tick()
        site.approve("own_records")
        site.disposals.destroy("NOR-26", "own_records", actor=MANAGER)
        (left,) = arrivals.answers()
        assert (left.reference, left.body, left.mail) == ("NOR-27", "Both are agreed, done.", None)
        assert arrivals.mails() == []


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """Yield a town where the number of a message that went with its challenge is another's now.

    Messages 1 and 2 of quokka went along in 4 of narwhal, which is gone; 3 and 4 are of ocelot.
    """
    with closing(Database(database_url)) as database:
        schema.upgrade(database)
        made = Town(database, TEAMS).build()
        for place in ("quokka", "narwhal"):
            made.put([Raised(place, "lumen", is_ladder=False)] * 2)
        made.send(Renderer())
        with database.writing() as link:
            erase(link, "NARWHAL-27")
            if database.dialect == "postgresql":  # it gives no number twice by itself
                link.execute("ALTER SEQUENCE outbox_id_seq RESTART WITH 3")
        made.put([Raised("ocelot", "indigo", is_ladder=False)] * 2)
        made.send(Renderer())
        yield made


def erase(link: Link, reference: str) -> None:
    """Delete every row of a challenge, as the end of its whole record does."""
    whose = Whose(challenges.load(link, reference).id, reference)
    certificates.put(link, Certificate("C-1", *whose, "own", True, AT, "{}", ""))  # noqa: FBT003
    erasure.erase_all(link, whose, Erased())


def test_what_went_along_in_a_message_that_is_gone_shows_no_other_one(town: Town) -> None:
    with town.database.reading() as link:
        found = [reports.message(link, number) for number in (1, 4)]
    assert [one.row.reference for one in found] == ["QUOKKA-27", "OCELOT-27"]
    assert found[0].text == DESTROYED
    assert "News of ocelot" in (found[1].text or "")


def test_messages_of_another_challenge_keep_their_words_when_a_number_came_again(
    town: Town,
) -> None:
    with town.database.writing() as link:
        quokka = Whose(challenges.load(link, "QUOKKA-27").id, "QUOKKA-27")
        erasure.erase_messages(link, quokka, Erased())
        assert "News of ocelot" in (reports.message(link, 4).text or "")


def test_what_is_done_to_a_message_is_done_to_none_that_has_its_number_by_now(town: Town) -> None:
    with town.database.writing() as link:
        answers.revoke(link, 4, at=AT)
        link.execute("UPDATE outbox SET status = 'uncertain'")
        outbox.retry(link, 1, at=AT)
        assert link.rows(_STATES) == [
            (1, "waiting", True), (2, "waiting", True),
            (3, "uncertain", True), (4, "uncertain", False),
        ]  # fmt: skip
