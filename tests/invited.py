"""Invitations for the tests: a visit that has some, and a calendar program that obeys messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.visits import Edit

INVITED: Edit = (
    "ladders:\n  countdown",
    """invitations:
  visit:
    {title: "On site: {client}", first: visit_start, last: visit_end, stage: visiting,
     to: [visitors, manager, hosts]}
  evening:
    {title: Evening meeting, at: 19:00 on the day before visit_start, lasts: 3 hours,
     to: [visitors, manager]}
  call: {title: "Call of {person}", task: call_visitor, lasts: 2 hours, to: [person, by]}
  day: {title: "Catch-up on {day}", task: catch_up, to: by}
  draft: {task: report_sent, to: [by, director]}

ladders:
  countdown""",
)


@dataclass
class Program:
    """A person's calendar program: it takes the message with the higher sequence, and obeys it."""

    entries: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def get(self, message: Mapping[str, Any]) -> None:
        """Take a message, in whatever order they come."""
        known = self.entries.get(message["uid"])
        if known is None or known["sequence"] < message["sequence"]:
            self.entries[message["uid"]] = message

    def shown(self) -> set[tuple[str, str]]:
        """Return the key and the beginning of each entry that is shown."""
        return {
            (entry["key"], entry.get("starts_at") or entry["first_on"])
            for entry in self.entries.values()
            if entry["method"] == "REQUEST"
        }
