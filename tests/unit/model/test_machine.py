"""The lifecycle graph: which steps lead from a stage, where to, and that guards are asked."""

import pytest

from tests.visits import visit_rules

GRAPH = visit_rules().graph
STAGES = (
    "planning",
    "visiting",
    "drafting",
    "agreeing",
    "clearing",
    "closed",
    "on_hold",
    "withdrawn",
)
LEADING = {
    "planning": ("confirm", "hold_off", "withdraw"),
    "visiting": ("go_home", "hold_off", "withdraw"),
    "drafting": ("submit", "hold_off", "withdraw"),
    "agreeing": ("sign_off", "redraft", "hold_off", "withdraw"),
    "clearing": ("close", "redraft"),
    "closed": (),
    "on_hold": ("resume", "withdraw"),
    "withdrawn": (),
}
TARGETS = {
    "confirm": "visiting",
    "go_home": "drafting",
    "submit": "agreeing",
    "sign_off": "clearing",
    "close": "closed",
    "redraft": "drafting",
    "hold_off": "on_hold",
    "withdraw": "withdrawn",
}


@pytest.mark.parametrize("stage", STAGES)
def test_the_steps_of_a_stage_are_those_of_the_definition_in_its_order(stage: str) -> None:
    assert GRAPH.triggers(stage) == LEADING[stage]


@pytest.mark.parametrize(("trigger", "target"), TARGETS.items())
def test_a_step_leads_where_the_definition_says(trigger: str, target: str) -> None:
    assert GRAPH.target(trigger, left="") == target
    for stage in visit_rules().definition.transitions[trigger].from_:
        assert GRAPH.fire(trigger, stage=stage, left="", is_allowed=lambda: True) == target


@pytest.mark.parametrize("left", ["planning", "visiting", "drafting", "agreeing"])
def test_the_end_of_a_pause_leads_back(left: str) -> None:
    assert GRAPH.target("resume", left=left) == left
    assert GRAPH.fire("resume", stage="on_hold", left=left, is_allowed=lambda: True) == left


@pytest.mark.parametrize("trigger", [*TARGETS, "resume"])
def test_a_step_that_is_not_allowed_leads_nowhere(trigger: str) -> None:
    (stage, *_) = visit_rules().definition.transitions[trigger].from_
    assert GRAPH.fire(trigger, stage=stage, left="planning", is_allowed=lambda: False) is None


def test_a_step_that_does_not_lead_from_a_stage_cannot_be_fired() -> None:
    """The control: the graph itself refuses, whoever asks."""
    with pytest.raises(Exception, match="Can't trigger event confirm from state drafting"):
        GRAPH.fire("confirm", stage="drafting", left="", is_allowed=lambda: True)


def test_a_graph_serves_many_challenges_and_remembers_none() -> None:
    first = GRAPH.fire("confirm", stage="planning", left="", is_allowed=lambda: True)
    again = GRAPH.fire("confirm", stage="planning", left="", is_allowed=lambda: True)
    assert first == again == "visiting"
