"""What is told of a value leaves nothing out: two that differ are told otherwise."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from tests.unit.model.chronicle.telling import told, told_error
from workflow.model.duties import Pause
from workflow.model.errors import InvalidInput, Refused, Unmet, WorkflowError
from workflow.model.language.phrases import Unit
from workflow.model.reckoning.moments import Clock, Known, More

ON = date(2026, 3, 27)
AT = datetime(2026, 3, 27, 9, tzinfo=UTC)
MORE = More(count=2, unit=Unit.WEEKS, title="ill")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (ON, "2026-03-27"),
        (AT, "2026-03-27T09:00:00+0000"),
        (time(9), "datetime.time(9, 0)"),
        (Unit.WORKING_DAYS, "working days"),
        (("a", 1), "['a', 1]"),
        ({"b", "a"}, "{'a', 'b'}"),
        ({"b": ON, "a": ()}, "{'b': 2026-03-27, 'a': []}"),
        (Known(ON), "Known(on=2026-03-27)"),
        (Known(ON, AT, note="x"), "Known(at=2026-03-27T09:00:00+0000, note='x', on=2026-03-27)"),
        (MORE, "More(count=2, title='ill', unit=weeks)"),
        (Clock(), "Clock()"),
        (Clock(more=(MORE,)), "Clock(more=[More(count=2, title='ill', unit=weeks)])"),
        (replace(MORE, title="well"), "More(count=2, title='well', unit=weeks)"),
        (Pause(title="Wait"), "Pause(title='Wait')"),
        (Pause(title="Wait", ends="both"), "Pause(ends='both', title='Wait')"),
    ],
)
def test_a_value_is_told_to_its_last_field(value: object, text: str) -> None:
    assert told(value) == text


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (InvalidInput("no day"), "InvalidInput: no day"),
        (Refused("No."), "refused (refused): No."),
        (
            Refused("No.", kind="order", allowed=["go"], unmet=[Unmet("a", "b")], hint="ask"),
            "refused (order): No. | allowed: ['go'] | unmet: [Unmet(source='b', text='a')] "
            "| hint: ask",
        ),
    ],
)
def test_a_refusal_is_told_with_all_that_it_says(error: WorkflowError, text: str) -> None:
    assert told_error(error) == text
