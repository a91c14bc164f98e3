"""Whether the tree is what was signed and anchored: every leaf, every tile, every head."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workflow.model.errors import InvalidInput
from workflow.model.log import notes
from workflow.model.log.merkle import HASH_BYTES, Range, leaf_hash
from workflow.model.log.notes import VerifierKey
from workflow.model.log.tiles import WIDTH, root_of
from workflow.store.database import Database
from workflow.store.link import Link
from workflow.store.log import checkpoints, reading, signatures, tree
from workflow.store.log.reading import Leaf


@dataclass(slots=True)
class Expected:
    """The roots that the tree must have had, by its size; and a fault that shows before looking.

    `anchors` counts those that lie outside.
    """

    roots: dict[int, bytes] = field(default_factory=dict)
    anchors: int = 0
    fault: str = ""

    def add(self, head: notes.Head) -> None:
        """Expect a head; two of one size that differ are a fault."""
        if self.roots.setdefault(head.size, head.root) != head.root and not self.fault:
            self.fault = f"two different trees of {head.size} entries were signed"


@dataclass(frozen=True, slots=True)
class Grown:
    """What was found of the tree: how large it is, how many entries wait to be added."""

    size: int
    pending: int
    anchors: int
    fault: str = ""


def expected(link: Link, key: VerifierKey, given: Sequence[str] = ()) -> Expected:
    """Return what the tree must be like: by every checkpoint kept, and the notes that are given."""
    found = Expected(anchors=len({*checkpoints.anchored(link), *given}))
    for number, note in enumerate(given, 1):
        try:
            found.add(notes.read_checkpoint(note, key, signatures.is_signed))
        except InvalidInput as error:
            found.fault = found.fault or f"anchor {number}: {error}"
    for kept in checkpoints.listed(link):
        try:
            head = notes.read_checkpoint(kept.note, key, signatures.is_signed)
        except InvalidInput as error:
            found.fault = found.fault or f"the checkpoint of {kept.size} entries: {error}"
            continue
        found.add(head)
        if head.size != kept.size:
            found.fault = found.fault or f"the checkpoint of {kept.size} entries is another one"
    return found


def check(database: Database, expected: Expected) -> Grown:
    """Return what is found of the tree. Reads every entry."""
    with database.reading(is_sealed=True) as link:
        walk = _Walk(link, expected)
        fault = expected.fault or next(walk.faults(), "")
        if fault:
            return Grown(walk.range.size, 0, expected.anchors, fault)
        pending, last = 0, walk.last
        for leaf in reading.after(link, last):
            pending += 1
            if not _is_right(leaf):
                fault = fault or _changed(link, leaf)
        return Grown(walk.range.size, pending, expected.anchors, fault)


class _Walk:
    """A walk along the leaves, from the first."""

    def __init__(self, link: Link, expected: Expected) -> None:
        self.link = link
        self.roots = dict(expected.roots)
        self.range = Range()
        self.last = 0
        self.levels: list[bytearray] = [bytearray()]
        self.counts: list[int] = [0]

    def faults(self) -> Iterator[str]:
        """Yield what is wrong, in the order of the leaves."""
        self.roots.pop(0, None)
        for leaf in reading.leaves(self.link):
            fault = self._fault(leaf)
            if fault:
                yield fault
        size = self.range.size
        for wanted in sorted(self.roots):
            yield f"the log has {size} entries, but {wanted} were signed: its end is cut off"
        yield from self._faults_at_the_end()
        found = reading.missing(self.link, self.last, size=size)
        if found is not None:
            name = _named(self.link, *found)
            yield f"{name} is not in the tree, though later ones are"

    def _fault(self, leaf: Leaf) -> str:
        """Return what is wrong with a leaf; go on to the next."""
        if leaf.position != self.range.size:
            return f"the entry at position {self.range.size} is missing"
        if leaf.entry_id <= self.last:
            return f"{_named(self.link, leaf.entry_id, leaf.challenge_id)} stands in a wrong place"
        if not _is_right(leaf):
            return _changed(self.link, leaf)
        self.last = leaf.entry_id
        self.range.append(leaf.digest)
        root = self.roots.pop(self.range.size, None)
        if root is not None and root != self.range.root():
            return self._other(leaf)
        return self._put(leaf.digest)

    def _other(self, leaf: Leaf) -> str:
        size, last = self.range.size, leaf.entry_id
        return f"the first {size} entries are not those that were signed (up to entry {last})"

    def _put(self, digest: bytes, level: int = 0) -> str:
        """Add a hash to a level; return what is wrong with the tile that it fills."""
        if level == len(self.levels):
            self.levels.append(bytearray())
            self.counts.append(0)
        row = self.levels[level]
        row += digest
        if len(row) < WIDTH * HASH_BYTES:
            return ""
        number, whole = self.counts[level], bytes(row)
        row.clear()
        self.counts[level] += 1
        return self._fault_of_tile(level, number, whole) or self._put(root_of(whole), level + 1)

    def _faults_at_the_end(self) -> Iterator[str]:
        """Yield what is wrong with tiles that are not full."""
        for level, row in enumerate(self.levels):
            if row and (fault := self._fault_of_tile(level, self.counts[level], bytes(row))):
                yield fault

    def _fault_of_tile(self, level: int, number: int, hashes: bytes) -> str:
        if tree.tile(self.link, level, number) == hashes:
            return ""
        return f"tile {number} of level {level} is not what its entries add up to"


def _is_right(leaf: Leaf) -> bool:
    return leaf_hash(leaf.body.encode()) == bytes(leaf.digest)


def _changed(link: Link, leaf: Leaf) -> str:
    return f"{_named(link, leaf.entry_id, leaf.challenge_id)} is not what it was when written"


def _named(link: Link, entry_id: int, challenge_id: int | None) -> str:
    """Return how an entry is named to people."""
    reference = reading.reference(link, challenge_id)
    return f"{reference}: entry {entry_id}" if reference else f"entry {entry_id}"
