"""Two at one challenge at the same moment: one winner, a clear answer for the other, no doubles."""

from collections.abc import Iterator
from random import Random
from typing import get_args

import pytest

from notifications.transport import MemoryTransport
from tests.faults import racing
from tests.faults.hands import REFERENCE, Hands
from tests.faults.holding import Holding, Rewrite, looks_before, looks_once
from tests.faults.lots import ASKED, LOTS, PLANNED, Lot
from tests.faults.racing import Fight, Ring
from tests.integration.retaining.destroying import AFTER
from tests.simulation.plants import BlindDisposals
from tests.visits import MANAGER
from workflow.model import commands as c
from workflow.model import events as e
from workflow.store import challenges, people

NAMED = (
    ("Advance", "Advance"), ("Advance", "AssignPerson"), ("CompleteTask", "CompleteTask"),
    ("SetDate", "send"), ("send", "SetDate"), ("sweep", "sweep"), ("send", "send"),
    ("PlaceHold", "CarryOutDisposal"), ("CarryOutDisposal", "PlaceHold"),
)  # fmt: skip
"""Who is most likely to meet whom. All with all, at all boundaries: `make races`."""


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> Ring:
    return Ring(tmp_path_factory.mktemp("ring"))


@pytest.fixture(scope="module")
def far_ring(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Ring:
    return Ring(tmp_path_factory.mktemp("ring"), server=postgres_server)


def fights(ring: Ring, one: str, other: str, *, most: int) -> Iterator[str]:
    """Yield what is wrong after fights of two at some boundaries, the commit among them."""
    last = racing.length(ring, one) - 1
    for number in range(most):
        point = round(last * (number + 1) / (most + 1))
        yield from Fight(ring, one, other, point).run()


def test_every_kind_of_command_takes_part() -> None:
    assert set(ASKED) == {kind.__name__ for kind in get_args(c.Command)}


@pytest.mark.parametrize("name", ASKED)
def test_what_takes_part_does_something_when_it_is_alone(ring: Ring, name: str) -> None:
    with ring.copy(LOTS[name].base) as copy:
        racing.attempt(copy, LOTS[name], "one", MemoryTransport())
        hands = copy.hands(None, LOTS[name].at, MemoryTransport())
        with hands.database.reading() as link:
            last = challenges.history(link, "NOR-26")[-1].event
        hands.database.close()
    assert not isinstance(last, e.CommandRefused)


@pytest.mark.parametrize(("one", "other"), NAMED)
def test_two_who_meet_end_as_in_a_queue(ring: Ring, one: str, other: str) -> None:
    assert list(fights(ring, one, other, most=2)) == []


@pytest.mark.parametrize("one", LOTS)
def test_each_meets_somebody_and_it_ends_as_in_a_queue(ring: Ring, one: str) -> None:
    random = Random(one)  # noqa: S311 (to be had again)
    other = random.choice(racing.partners(ring, one))
    assert Fight(ring, one, other, random.randrange(racing.length(ring, one))).run() == []


@pytest.mark.postgres
@pytest.mark.parametrize(("one", "other"), NAMED[::2])
def test_on_postgresql_the_second_waits_and_it_ends_as_in_a_queue(
    far_ring: Ring, one: str, other: str
) -> None:
    assert list(fights(far_ring, one, other, most=1)) == []


def add(hands: Hands, name: str) -> None:
    """Look whether somebody is known, and add them: in two transactions."""
    with hands.database.reading() as link:
        is_known = any(row[0] == "Nora New" for row in link.rows("SELECT name FROM person"))
    if not is_known:
        with hands.database.writing() as link:
            people.add(link, name="Nora New", email=f"{name}@team.example")


@pytest.mark.parametrize("turn", [0, -1])
def test_mail_that_is_held_when_a_message_is_claimed_does_not_go(ring: Ring, turn: int) -> None:
    holding = Holding(ring)
    assert holding.run(holding.claims()[turn]) == []


@pytest.mark.parametrize("mistake", [looks_once, looks_before])
def test_a_courier_that_does_not_look_again_whether_mail_is_held_is_found(
    ring: Ring, mistake: Rewrite
) -> None:
    """The control: a hold that is placed between the claim and the message is not seen."""
    holding = Holding(ring, mistake)
    found = holding.run(holding.claims()[0])
    assert found
    assert all(fault.startswith("I6: a message went that was read after") for fault in found)


def destroy(hands: Hands, name: str) -> None:
    """Look whether anything is held, and destroy: in two transactions, the second one blind."""
    with hands.database.reading() as link:
        is_held = bool(challenges.load(link, REFERENCE).challenge.holds)
    if not is_held:
        BlindDisposals(hands.database, hands.clock).destroy(REFERENCE, "mail", actor=MANAGER)


def test_a_hold_that_is_not_looked_at_again_is_found(ring: Ring) -> None:
    """The control: it is placed between the look and the deed."""
    careless = Lot(base="closed", at=AFTER, work=destroy, is_repeatable=False)
    lots = {"destroy": careless, "PlaceHold": LOTS["PlaceHold"]}
    made = Ring(ring.folder, lots=lots, urls=ring.urls)
    point = racing.boundaries(made, "destroy").index("before begin")
    found = Fight(made, "destroy", "PlaceHold", point).run()
    assert any(one.startswith("I25: NOR-26: mail was destroyed under the hold") for one in found)


@pytest.mark.parametrize("which", ["ring", pytest.param("far_ring", marks=pytest.mark.postgres)])
def test_whoever_reads_first_and_writes_later_does_it_twice(
    request: pytest.FixtureRequest, which: str
) -> None:
    """The control: what plain sessions do."""
    made: Ring = request.getfixturevalue(which)
    careless = Lot(base="planning", at=PLANNED, work=add, is_repeatable=False)
    ring = Ring(made.folder, server=made.server, lots={"add": careless}, urls=made.urls)
    found = list(fights(ring, "add", "add", most=5))
    assert any(fault.startswith("I9: it is the end of neither order") for fault in found)
