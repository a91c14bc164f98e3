"""The picture of a lifecycle says what the definition says."""

from typing import Any

from workflow.model.definition import Definition
from workflow.model.diagram import mermaid

DOCUMENT: dict[str, Any] = {
    "definition": "small",
    "version": "1",
    "title": "Small",
    "roles": {"boss": {"title": "Boss", "side": "programme"}},
    "stages": {
        "first": {"title": 'The "first"\n one'},
        "draft": {"title": "Draft", "phase": "Writing"},
        "check": {"title": "Check", "phase": "Writing"},
        "pause": {"title": "Pause", "paused": True},
        "over": {"title": "Over", "final": True},
    },
    "transitions": {
        "go": {"from": "first", "to": "draft"},
        "send": {"from": "draft", "to": "check", "at": "once ready", "requires": ["first"]},
        "wait": {"from": ["draft", "check"], "to": "pause"},
        "resume": {"from": "pause", "to": "previous"},
        "close": {"from": "check", "to": "over"},
    },
}
PICTURE = """\
stateDiagram-v2
    state "The 'first' one" as first
    state "Writing" as phase_2 {
        state "Draft" as draft
        state "Check" as check
    }
    state "Pause" as pause
    state "Over" as over
    [*] --> first
    first --> draft: go
    draft --> check: send (by itself)
    draft --> pause: wait
    check --> pause: wait
    note right of pause: resume leads back to the stage that was left
    check --> over: close
    over --> [*]
"""


def test_the_picture_shows_every_stage_and_every_step() -> None:
    assert mermaid(Definition.model_validate(DOCUMENT)) == PICTURE


def test_the_picture_is_the_same_each_time() -> None:
    definition = Definition.model_validate(DOCUMENT)
    assert mermaid(definition) == mermaid(definition)
