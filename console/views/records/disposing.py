"""What happened to retention, in a sentence for each event."""

from collections.abc import Callable, Mapping
from typing import Any

from console.words import sentence, short_day
from workflow.model import events as e
from workflow.model.records import events as r


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


SENTENCES: Mapping[type[e.Event], Callable[[Any, Any], str]] = {
    r.DisposalRequested: lambda t, v: (
        f"{sentence(v.rule)}: its destruction is asked for{_because(v.reason)}"
    ),
    r.DisposalApproved: lambda t, v: f"{sentence(v.rule)}: its destruction is approved",
    r.RetentionExtended: lambda t, v: (
        f"{sentence(v.rule)}: kept until {short_day(v.until)}{_because(v.reason)}"
    ),
    r.DisposalDone: lambda t, v: f"{sentence(v.rule)}: destroyed (certificate {v.certificate})",
    r.DisposalFailed: lambda t, v: f"{sentence(v.rule)}: not destroyed: {v.problem}",
}
