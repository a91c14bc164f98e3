"""What is told of stages, pauses and steps that lead nowhere, and of groups nobody can be in."""

from typing import Any

import pytest

from tests.unit.model.test_references import GONE, said, task

Change = tuple[str, Any]
NOBODY: Change = ("groups.nobody", [])
ASKED = "transitions.finish.requires"
PARKED = ("stages.parked", {"title": "Parked", "paused": True})
PARK = ("transitions.park", {"from": "pause", "to": "parked"})
BACK = ("transitions.back", {"from": "parked", "to": "previous"})

TABLE: list[tuple[tuple[Change, ...], list[str]]] = [
    (
        (PARKED, PARK, BACK),
        [
            'transitions.park.to: `to: previous` leads out of "pause" and of "parked", from each '
            "to the other for ever; let one of the two lead to a stage that is named"
        ],
    ),
    ((PARKED, PARK, ("transitions.back", {"from": "parked", "to": "second"})), []),
    ((PARKED, PARK, BACK, ("transitions.resume.to", "second")), []),
    (
        (("stages.over.paused", True),),
        [
            "stages.over.paused: in a pause nothing is to be done, and nothing leads out of a "
            "final stage; leave out paused or final"
        ],
    ),
    (
        (("tasks.more", task(stage=[])),),
        ["tasks.more.stage: it is in no stage, so that it never opens; name one"],
    ),
    (
        (("transitions.again", {"from": [], "to": "first"}),),
        ["transitions.again.from: it leads from no stage, so that it can never be taken; name one"],
    ),
    (
        (("groups.peers", {"roles": ["peer"], "needed": "5..6"}),),
        [
            "groups.peers.needed: 5..6 are needed, but its roles allow 4 people at most; need "
            "fewer, or allow more"
        ],
    ),
    ((("groups.peers", {"roles": ["peer"], "needed": "4..6"}),), []),
    (
        (NOBODY, (ASKED, ["nobody is filled"])),
        [
            f'{ASKED}.0: the group "nobody" has no roles, so that nobody can be in it; name its '
            "roles, or ask for another one"
        ],
    ),
    ((NOBODY, (ASKED, ["nobody is not filled"])), []),
    ((NOBODY, (ASKED, [{"any": 1, "of": ["nobody is filled", "peers is filled"]}])), []),
    ((NOBODY, (ASKED, ["nobody.enough", "peers is filled"])), []),
    ((NOBODY, ("tasks.more", task(when="nobody is filled"))), []),
]


@pytest.mark.parametrize(("changes", "expected"), TABLE)
def test_what_leads_nowhere_is_told(changes: tuple[Change, ...], expected: list[str]) -> None:
    assert said(*changes) == expected


def test_a_pause_at_the_beginning_has_nothing_to_go_back_to() -> None:
    pause = {"title": "Pause", "paused": True}
    stages = {"pause": pause, **{name: {"title": name} for name in ("first", "second")}}
    begin = ("transitions.begin", {"from": "pause", "to": "first"})
    changes = (("stages", {**stages, "over": {"title": "Over", "final": True}}), begin)
    assert said(*changes) == [
        'transitions.resume.to: nothing was left before "pause", where a challenge begins: '
        "`to: previous` leads nowhere; name a stage"
    ]
    assert said(*changes, ("transitions.resume", GONE)) == []


def test_a_group_of_a_role_that_there_is_not_is_told_of_the_role_only() -> None:
    (found,) = said(("groups.team", {"roles": ["peer", "per"], "needed": "9"}))
    assert found.startswith('groups.team.roles.1: unknown role "per"')
