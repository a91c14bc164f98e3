"""Mail that was refused for good becomes a task of whoever manages the challenge."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from definitions import loader
from tests.grounds import ADA, Ground, enter, opened
from tests.visits import LEAD, MANAGER, VISITOR
from workflow.answering.deliveries import Deliveries
from workflow.engine import NewChallenge
from workflow.model import events as e
from workflow.store.correspondence import preferences
from workflow.store.library import Offered

DEFINITION = "local_system_peer_challenge"
HOUR = timedelta(hours=1)


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    """Yield a database with a challenge of the shipped definition, NOR-26."""
    with opened(database_url) as ground:
        loaded = loader.load(DEFINITION)
        with ground.database.writing() as link:
            enter(link, loaded)
        new = NewChallenge(
            reference="NOR-26",
            title="Northshire",
            client="Northshire system",
            offered=Offered(loaded.content_hash),
            roles=(("challenge_manager", MANAGER), ("client_contact", LEAD)),
        )
        ground.engine.start(new, actor=ADA)
        yield ground


def refuse(ground: Ground, person: int, why: str = "RCPT: 550 no such user") -> None:
    """Mark somebody's address, and tell the challenge, as the courier does."""
    with ground.database.writing() as link:
        preferences.mark_refused(link, person, at=ground.clock.at, why=why)
    Deliveries(ground.database, ground.clock).refused("NOR-26", person, why)


def status(ground: Ground) -> str:
    """Return how the manager's task stands."""
    tasks = ground.views.look("NOR-26").challenge.tasks
    return str(tasks["correct_address"].status) if "correct_address" in tasks else "none"


def test_a_refusal_opens_a_task_and_tells_the_manager_at_once(ground: Ground) -> None:
    assert status(ground) == "none"
    refuse(ground, LEAD)
    assert status(ground) == "open"
    said = [v for v in ground.history() if isinstance(v, e.NoticeRaised)]
    assert [(v.notice, v.recipient, v.is_urgent) for v in said[-1:]] == [
        ("address_refused", MANAGER, True)
    ]
    (fact,) = [v for v in ground.history() if isinstance(v, e.DateSet)]
    assert (fact.actor, fact.reason) == (None, f"to {{p{LEAD}}}: RCPT: 550 no such user")


def test_to_be_told_twice_changes_nothing(ground: Ground) -> None:
    refuse(ground, LEAD)
    before = ground.everything()
    Deliveries(ground.database, ground.clock).refused("NOR-26", LEAD, "again")
    assert ground.everything() == before


def test_a_second_person_of_the_same_day_asks_for_it_again(ground: Ground) -> None:
    refuse(ground, LEAD)
    ground.done("correct_address")
    assert status(ground) == "done"
    ground.clock.at += HOUR
    refuse(ground, VISITOR)
    assert status(ground) == "open"


def test_an_earlier_failure_that_is_told_later_is_not_lost(ground: Ground) -> None:
    with ground.database.writing() as link:
        preferences.mark_refused(link, VISITOR, at=ground.clock.at, why="550")
    ground.clock.at += HOUR
    refuse(ground, LEAD)
    Deliveries(ground.database, ground.clock).refused("NOR-26", VISITOR, "550")
    facts = [v for v in ground.history() if isinstance(v, e.DateSet)]
    assert [v.reason[:5] for v in facts] == [f"to {{p{LEAD}"[:5], f"to {{p{VISITOR}"[:5]]


def test_an_address_that_was_corrected_meanwhile_is_no_news(ground: Ground) -> None:
    before = ground.everything()
    Deliveries(ground.database, ground.clock).refused("NOR-26", LEAD, "550")
    assert ground.everything() == before


def test_a_definition_without_the_fact_is_left_alone(database_url: str) -> None:
    with opened(database_url) as ground:
        ground.start()
        with ground.database.writing() as link:
            preferences.mark_refused(link, LEAD, at=ground.clock.at, why="550")
        before = ground.everything()
        Deliveries(ground.database, ground.clock).refused("NOR-26", LEAD, "550")
        assert ground.everything() == before
