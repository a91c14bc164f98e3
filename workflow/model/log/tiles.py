"""How the hashes of the tree are kept: in tiles of 256, as C2SP tlog-tiles has them.

A tile at level 0 holds the hashes of up to 256 entries, one at level 1 the roots of up to 256 full
tiles of level 0, and so on. The last tile of a level is the only one that is not full. Any root
and any proof of a tree of any size is reckoned from a handful of tiles.
"""

from collections.abc import Callable

from workflow.model.log.merkle import EMPTY, HASH_BYTES, Range, node_hash, split

HEIGHT = 8
WIDTH = 1 << HEIGHT
"""How many hashes a full tile has."""

ReadTile = Callable[[int, int], bytes]
"""Returns the hashes of a tile, by its level and its number from 0."""


def levels(size: int) -> list[int]:
    """Return how many hashes each level has in a tree of `size` leaves, from level 0 up."""
    counts = [size]
    while counts[-1] >= WIDTH:
        counts.append(counts[-1] >> HEIGHT)
    return counts


def root_of(hashes: bytes) -> bytes:
    """Return the root over hashes of one level; over a full tile it is one of the level above."""
    whole = Range()
    for at in range(0, len(hashes), HASH_BYTES):
        whole.append(hashes[at : at + HASH_BYTES])
    return whole.root()


class Tree:
    """The tree of `size` leaves whose tiles `read` gives; each tile is read once."""

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size = size
        self._read = read
        self._tiles: dict[tuple[int, int], bytes] = {}

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first `size` leaves, of all if it is None."""
        return self._root(0, self.size if size is None else size)

    def leaf(self, position: int) -> bytes:
        """Return the hash of the leaf at a position."""
        return self._node(0, position)

    def inclusion(self, position: int, size: int | None = None) -> list[bytes]:
        """Return the path from a leaf to the root of the first `size` leaves.

        Source: RFC 9162 section 2.1.3.1.
        """
        first, end = 0, self.size if size is None else size
        path: list[bytes] = []
        while end - first > 1:
            middle = first + split(end - first)
            if position < middle:
                path.append(self._root(middle, end))
                end = middle
            else:
                path.append(self._root(first, middle))
                first = middle
        return path[::-1]

    def consistency(self, size: int, later: int | None = None) -> list[bytes]:
        """Return what shows that the tree of the `later` size begins with all of the first `size`.

        Source: RFC 9162 section 2.1.4.1.
        """
        first, end = 0, self.size if later is None else later
        path: list[bytes] = []
        while 0 < size < end:
            middle = first + split(end - first)
            if size <= middle:
                path.append(self._root(middle, end))
                end = middle
            else:
                path.append(self._root(first, middle))
                first = middle
        if first > 0:
            path.append(self._root(first, end))
        return path[::-1]

    def _root(self, first: int, end: int) -> bytes:
        """Return the root of the leaves from `first` (included) to `end` (not)."""
        count = end - first
        if count == 0:
            return EMPTY
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            return self._node(level, first >> level)
        middle = first + split(count)
        return node_hash(self._root(first, middle), self._root(middle, end))

    def _node(self, level: int, number: int) -> bytes:
        """Return the root of a whole subtree of 2**level leaves, the `number`th from 0."""
        row, inside = divmod(level, HEIGHT)
        first = number << inside
        tile, at = first >> HEIGHT, (first % WIDTH) * HASH_BYTES
        hashes = self._tile(row, tile)
        return root_of(hashes[at : at + (HASH_BYTES << inside)])

    def _tile(self, level: int, number: int) -> bytes:
        found = self._tiles.get((level, number))
        if found is None:
            found = self._tiles[level, number] = self._read(level, number)
        return found
