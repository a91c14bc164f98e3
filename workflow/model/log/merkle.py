"""The tree over the log, as RFC 9162 has it: hashes of leaves and nodes, roots, proofs.

The root of n leaves commits to every one of them and to their order. With some twenty hashes it is
shown that an entry is among a million, and that a later tree still begins with all of an earlier
one. Nothing here knows where hashes are kept: see `tiles`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

HASH_BYTES = 32
EMPTY = sha256(b"").digest()

_LEAF, _NODE = b"\x00", b"\x01"


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry (its text in UTF-8) as a leaf. Source: RFC 9162 section 2.1.1."""
    return sha256(_LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over two others. Source: RFC 9162 section 2.1.1."""
    return sha256(_NODE + left + right).digest()


def split(size: int) -> int:
    """Return where a tree of `size` leaves (two or more) is parted: a power of two below it."""
    return 1 << ((size - 1).bit_length() - 1)


@dataclass(slots=True)
class Range:
    """A tree that grows at its right, of which only the roots of whole subtrees are kept.

    A million leaves are twenty hashes. The largest subtree leads, as the bits of `size` do.
    """

    size: int = 0
    roots: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        roots, bits = self.roots, self.size
        while bits & 1:
            leaf = node_hash(roots.pop(), leaf)
            bits >>= 1
        roots.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of all leaves so far."""
        if not self.roots:
            return EMPTY
        *others, found = self.roots
        for left in reversed(others):
            found = node_hash(left, found)
        return found


def root_above(leaf: bytes, position: int, *, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root to which a path leads from the leaf at `position`, None if it is none of its.

    Source: RFC 9162 section 2.1.3.2.
    """
    if not 0 <= position < size:
        return None
    roots = _climb(position, size - 1, begun=leaf, proof=path)
    return roots[1] if roots else None


def is_extension(sizes: tuple[int, int], roots: tuple[bytes, bytes], path: Sequence[bytes]) -> bool:
    """Return whether a path shows that the second of two trees begins with all of the first.

    Source: RFC 9162 section 2.1.4.2.
    """
    first, second = sizes
    if first == second:
        return roots[0] == roots[1] and not path
    if not 0 < first < second:
        return first == 0 and roots[0] == EMPTY and not path
    proof = iter((roots[0], *path) if first & (first - 1) == 0 else path)
    number, last = first - 1, second - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    begun = next(proof, None)
    return begun is not None and _climb(number, last, begun=begun, proof=proof) == roots


def _climb(
    number: int, last: int, *, begun: bytes, proof: Iterable[bytes]
) -> tuple[bytes, bytes] | None:
    """Return the roots of both trees that a proof leads to, None if it is too long or short."""
    old = new = begun
    for other in proof:
        if last == 0:
            return None
        if number & 1 or number == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, other)
        number, last = number >> 1, last >> 1
    return (old, new) if last == 0 else None
