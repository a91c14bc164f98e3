"""The tree against an independent implementation, and proofs that anybody can check."""

import pytest
from pymerkle import InmemoryTree

from workflow.model.log import merkle
from workflow.model.log.merkle import EMPTY, Range, is_extension, leaf_hash, root_above
from workflow.model.log.tiles import WIDTH, Tree, levels, root_of

COUNT = 600
LEAVES = [leaf_hash(b"entry %d" % number) for number in range(COUNT)]
SIZES = (1, 2, 3, 6, 7, 8, 255, 256, 257, 300, 511, 512, 513, COUNT)


def tile(level: int, number: int) -> bytes:
    row = LEAVES
    for _ in range(level):
        whole = len(row) // WIDTH * WIDTH
        row = [root_of(b"".join(row[at : at + WIDTH])) for at in range(0, whole, WIDTH)]
    return b"".join(row[number * WIDTH : (number + 1) * WIDTH])


@pytest.fixture(scope="module")
def roots() -> list[bytes]:
    """Return the root at every size, by the other implementation."""
    other = InmemoryTree(algorithm="sha256")
    found = [EMPTY]
    for number in range(COUNT):
        other.append_entry(b"entry %d" % number)
        found.append(other.get_root())
    return found


def test_roots_of_all_sizes_are_those_of_another_implementation(roots: list[bytes]) -> None:
    grown = Range()
    assert grown.root() == EMPTY
    for size, leaf in enumerate(LEAVES, 1):
        grown.append(leaf)
        assert grown.root() == roots[size]
    tree = Tree(COUNT, tile)
    assert [tree.root(size) for size in SIZES] == [roots[size] for size in SIZES]
    assert tree.root() == roots[COUNT]


@pytest.mark.parametrize("size", SIZES)
def test_a_path_leads_from_each_leaf_to_the_root_and_from_no_other(
    roots: list[bytes], size: int
) -> None:
    tree = Tree(size, tile)
    for position in {*range(min(size, 8)), *range(max(0, size - 8), size), size // 2, size // 3}:
        path, leaf = tree.inclusion(position), tree.leaf(position)
        assert leaf == LEAVES[position]
        assert root_above(leaf, position, size=size, path=path) == roots[size]
        assert root_above(EMPTY, position, size=size, path=path) != roots[size]
        assert root_above(leaf, position, size=size, path=[*path, leaf]) is None
        if path:
            assert root_above(leaf, position, size=size, path=path[:-1]) is None
    assert root_above(LEAVES[0], size, size=size, path=[]) is None
    assert root_above(LEAVES[0], -1, size=size, path=[]) is None


@pytest.mark.parametrize("later", SIZES)
def test_a_later_tree_is_shown_to_begin_with_an_earlier_one(roots: list[bytes], later: int) -> None:
    tree = Tree(COUNT, tile)
    for size in {0, *(one for one in SIZES if one <= later), later // 2, later // 3, later - 1}:
        path = tree.consistency(size, later)
        sizes, both = (size, later), (roots[size], roots[later])
        assert is_extension(sizes, both, path)
        assert not is_extension(sizes, (merkle.node_hash(EMPTY, EMPTY), roots[later]), path)
        assert not is_extension(sizes, both, [*path, EMPTY])
        if 0 < size < later:
            assert not is_extension(sizes, both, path[:-1])
    assert not is_extension((later, later - 1), (roots[later], roots[later - 1]), [])


def test_each_level_has_the_roots_of_the_full_tiles_below_it() -> None:
    assert levels(0) == [0]
    assert levels(255) == [255]
    assert levels(256) == [256, 1]
    assert levels(1_000_000) == [1_000_000, 3906, 15]


def test_no_leaves_have_the_root_of_nothing() -> None:
    assert Tree(COUNT, tile).root(0) == EMPTY == Tree(0, tile).root()
