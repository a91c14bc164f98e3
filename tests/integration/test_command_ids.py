"""A command applied twice under one id gives the same answer, and has one effect (I10)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.grounds import ADA, Ground
from tests.visits import MANAGER, START
from workflow.model import commands as c
from workflow.model.errors import InvalidInput, Refused
from workflow.outcomes import Outcome
from workflow.repeats import ID_LENGTH

WAIVE = c.WaiveTask(spec="evening_meeting", reason="no time")
CLOSE = c.Advance(trigger="close")


def once(ground: Ground, command: c.Command, command_id: str, *, actor: int = ADA) -> Outcome:
    return ground.engine.act_once("NOR-26", command, actor=actor, command_id=command_id)


def test_the_second_time_says_the_same_and_changes_nothing(ground: Ground) -> None:
    ground.start()
    first = once(ground, WAIVE, "A-1")
    ground.act(c.SetDate(key="visit_end", on=START, reason="shorter"))
    before = ground.everything()
    second = once(ground, WAIVE, "A-1")
    assert ground.everything() == before
    assert (second.events, second.before, second.after) == (first.events, first.before, first.after)
    assert second.at == first.at


def test_a_refusal_is_said_again_and_recorded_once(ground: Ground) -> None:
    ground.start()
    said = []
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            once(ground, CLOSE, "A-1")
        said.append((str(caught.value), [item.text for item in caught.value.unmet]))
    assert said[0] == said[1]
    kinds = [type(event).__name__ for event in ground.history()]
    assert kinds.count("CommandRefused") == 1


def test_the_same_words_under_another_id_are_another_command(ground: Ground) -> None:
    ground.start()
    place = c.PlaceHold(name="FOI 1", reason="a request")
    once(ground, place, "A-1")
    with pytest.raises(Refused):
        once(ground, place, "A-2")


@pytest.mark.parametrize("command_id", ["", " ", "a b", "a\n", "ä", "x" * (ID_LENGTH + 1)])
def test_an_id_that_cannot_be_found_again_is_refused(ground: Ground, command_id: str) -> None:
    ground.start()
    before = ground.everything()
    with pytest.raises(InvalidInput) as caught:
        once(ground, WAIVE, command_id)
    assert str(caught.value) == (
        f'the command id "{command_id}" cannot be used; allowed: letters, digits, dots and dashes,'
        " at most 64, such as a UUID"
    )
    assert ground.everything() == before


@pytest.mark.parametrize(("command", "actor"), [(CLOSE, ADA), (WAIVE, MANAGER)])
def test_an_id_stands_for_one_command_of_one_person(
    ground: Ground, command: c.Command, actor: int
) -> None:
    ground.start()
    once(ground, WAIVE, "A-1")
    before = ground.everything()
    with pytest.raises(InvalidInput) as caught:
        once(ground, command, "A-1", actor=actor)
    assert str(caught.value) == (
        'the command id "A-1" stands for another command already: WaiveTask;'
        " give each command an id of its own"
    )
    assert ground.everything() == before


def test_of_many_at_once_under_one_id_one_has_an_effect(ground: Ground) -> None:
    ground.start()
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: once(ground, WAIVE, "A-1"), range(4)))
    assert len({outcome.events for outcome in outcomes}) == 1
    kinds = [type(event).__name__ for event in ground.history()]
    assert kinds.count("TaskWaived") == 1
