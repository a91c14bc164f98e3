"""Whether an exported log is intact: from the file and the anchors alone, without a database.

The file is read once, line by line. What is kept meanwhile is a hundred bytes for each challenge,
and some twenty hashes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workflow.model.errors import InvalidInput, Unavailable
from workflow.model.log import lines, notes
from workflow.model.log.lines import Line
from workflow.model.log.merkle import Range
from workflow.model.log.notes import Head, VerifierKey
from workflow.model.log.threads import Thread
from workflow.store.log import signatures


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Whether an exported log is intact, and what it has. `first_bad` says what is not.

    `covered` is how many entries the last anchor speaks for; `destroyed` are references of
    challenges whose events are not there any more.
    """

    is_intact: bool
    entries: int = 0
    events: int = 0
    anchors: int = 0
    covered: int = 0
    destroyed: tuple[str, ...] = ()
    first_bad: str | None = None


def verify_file(path: Path, anchors: Sequence[str] = (), *, key: str = "") -> Exported:
    """Return whether an exported log is intact, as `verify_lines` does.

    Raises:
        Unavailable: the file cannot be read.
        InvalidInput: an anchor, or the key, is none.
    """
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            return verify_lines(file, anchors, key=key)
    except OSError as error:
        raise Unavailable(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        return Exported(is_intact=False, first_bad=f"the file is not in UTF-8: {error.reason}")


def verify_lines(given: Iterable[str], anchors: Sequence[str] = (), *, key: str = "") -> Exported:
    """Return whether a log is intact, by its lines and the checkpoints that lie outside.

    Without a `key` the one that the first line says is believed: then only the anchors show that
    the log is not another one, made up and signed anew.

    Raises:
        InvalidInput: an anchor, or the key, is none.
    """
    known = notes.read_verifier(key) if key else None
    reader = _Reader(iter(given), known, anchors)
    try:
        reader.read()
    except InvalidInput as error:
        first_bad = f"line {reader.number}: {error}" if reader.is_inside else str(error)
        return reader.found(first_bad)
    return reader.found(None)


@dataclass(slots=True)
class _Reader:
    """Reads a log from its first line to its last."""

    rest: Iterator[str]
    key: VerifierKey | None
    anchors: Sequence[str]
    number: int = 0
    events: int = 0
    covered: int = 0
    is_inside: bool = True
    range: Range = field(default_factory=Range)
    threads: dict[int, Thread] = field(default_factory=dict)
    gone: dict[str, bool] = field(default_factory=dict)

    def read(self) -> None:
        """Read all lines.

        Raises:
            InvalidInput: something is wrong in the line that `number` says.
        """
        head = self._head()
        size = head.get("size")
        key = self.key or notes.read_verifier(str(head.get("key")))
        wanted = _heads(self.anchors, key)
        if not isinstance(size, int):
            raise InvalidInput("the first line does not say how many entries there are")
        before = 0
        for position in range(size):
            self._take(lines.read_line(self._next(), position))
            anchored = wanted.pop(position + 1, None)
            if anchored is not None and anchored != self.range.root():
                self.is_inside = False
                raise InvalidInput(
                    f"lines {before + 2} to {self.number}: entries {before} to {position} are not"
                    f" all those that were anchored when there were {position + 1}"
                )
            before = position + 1 if anchored else before
            self.covered = before
        self._end(key, wanted)

    def _head(self) -> dict[str, Any]:
        head = lines.read_object(self._next())
        if head.get("format") != lines.LOG:
            raise InvalidInput(f'this is not an exported log ("{lines.LOG}")')
        return head

    def _next(self) -> str:
        self.number += 1
        line = next(self.rest, None)
        if line is None:
            raise InvalidInput("the file ends here: lines are missing")
        return line

    def _take(self, line: Line) -> None:
        self.range.append(line.leaf)
        try:
            fault = self._fault(line)
        except (KeyError, TypeError, AttributeError) as error:
            raise InvalidInput(f"the entry cannot be read: {error!r}") from None
        if fault:
            raise InvalidInput(fault)
        self.events += len(line.events or ())

    def _fault(self, line: Line) -> str:
        """Return what is wrong with an entry; go on to the next of its challenge."""
        destroyed = line.entry.get("detail", {}).get("destroyed")
        if destroyed:
            self.gone[destroyed] = True
        place = line.entry.get("challenge")
        if place is None:
            return ""
        thread = self.threads.setdefault(place["id"], Thread())
        fault = thread.fault(line.entry, line.events)
        thread.go_on(line.entry, line.leaf.hex())
        if line.events is None:
            self.gone.setdefault(place["reference"], False)
        return fault

    def _end(self, key: VerifierKey, wanted: dict[int, bytes]) -> None:
        """Read the checkpoint, with which the file ends."""
        note = lines.read_object(self._next()).get("checkpoint")
        head = notes.read_checkpoint(str(note), key, signatures.is_signed)
        if head != Head(self.range.size, self.range.root()):
            raise InvalidInput("the entries are not those that the checkpoint was signed for")
        if next(self.rest, None) is not None:
            self.number += 1
            raise InvalidInput("there is something after the checkpoint")
        if wanted:
            raise InvalidInput(
                f"the log ends with {self.range.size} entries, but {min(wanted)} were anchored:"
                " its end is cut off"
            )
        lost = [reference for reference, is_whole in self.gone.items() if not is_whole]
        if lost:
            raise InvalidInput(
                f"events of {lost[0]} are missing, and nothing says that they were destroyed"
            )

    def found(self, first_bad: str | None) -> Exported:
        """Return what was found."""
        return Exported(
            is_intact=first_bad is None,
            entries=self.range.size,
            events=self.events,
            anchors=len(self.anchors),
            covered=self.covered,
            destroyed=tuple(self.gone),
            first_bad=first_bad,
        )


def _heads(anchors: Sequence[str], key: VerifierKey) -> dict[int, bytes]:
    """Return the roots that anchors say, by size.

    Raises:
        InvalidInput: one is not of this log, or two of one size say different roots.
    """
    found: dict[int, bytes] = {}
    for number, note in enumerate(anchors, 1):
        try:
            head = notes.read_checkpoint(note, key, signatures.is_signed)
        except InvalidInput as error:
            raise InvalidInput(f"anchor {number}: {error}") from None
        if found.setdefault(head.size, head.root) != head.root:
            raise InvalidInput(f"anchor {number}: two different logs of {head.size} entries")
    return {size: root for size, root in found.items() if size}
