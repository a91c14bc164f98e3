"""What holds the entries of one challenge together: each names the one before, and its events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.model.log.texts import events_digest

Entry = Mapping[str, Any]


@dataclass(slots=True)
class Thread:
    """How far the entries of a challenge have come: digest and time of the last, its last event."""

    digest: str = ""
    at: str = ""
    seq: int = 0

    def fault(self, entry: Entry, texts: Sequence[str] | None) -> str:
        """Return what is wrong with the next entry, given the texts of its events; else nothing.

        None for the texts: the events were destroyed, and cannot be compared.
        """
        if entry["challenge"]["previous"] != self.digest:
            return "it does not follow the entry of its challenge that stands before it"
        if entry["at"] < self.at:
            return f"it is of {entry['at']}, but the entry before it is of {self.at}"
        bound = entry.get("events")
        return self._fault_of_events(bound, texts) if bound else ""

    def _fault_of_events(self, bound: Mapping[str, Any], texts: Sequence[str] | None) -> str:
        first, last = bound["from"], bound["to"]
        if first != self.seq + 1:
            return f"event {self.seq + 1} is missing (found {first})"
        if texts is None:
            return ""
        if len(texts) != last - first + 1:
            return f"it speaks for events {first} to {last}, but there are {len(texts)}"
        if events_digest(texts) != bound["sha256"]:
            return f"events {first} to {last} are not what they were when it was written"
        return ""

    def go_on(self, entry: Entry, digest: str) -> None:
        """Go on to the next entry."""
        self.digest, self.at = digest, entry["at"]
        self.seq = entry["events"]["to"] if entry.get("events") else self.seq
