"""The tree over the entries, kept as tiles. It grows in batches, apart from what is entered.

Commands enter what they do without waiting for each other; whoever asks for a head later adds what
has come since, in the order of the entries' ids. No entry with a lower id may turn up afterwards:
on PostgreSQL the highest id is taken while nobody is entering anything.
"""

from collections.abc import Iterator

from workflow.model.log import tiles
from workflow.model.log.merkle import HASH_BYTES
from workflow.model.log.notes import Head
from workflow.model.log.tiles import HEIGHT, WIDTH, Tree
from workflow.store.link import Link

AT_ONCE = 2048
"""How many entries are added in one step: a whole number of tiles."""

_SIZE = "SELECT max(position) + 1 FROM leaf"
_LAST = "SELECT entry_id FROM leaf WHERE position = :position"
_HIGHEST = "SELECT max(id) FROM entry"
_NEXT = """
SELECT id, digest FROM entry WHERE id > :last AND id <= :highest ORDER BY id LIMIT :count
"""
_LEAF = "INSERT INTO leaf (position, entry_id) VALUES (:position, :entry_id)"
_TILE = "SELECT hashes FROM tile WHERE level = :level AND number = :number"
_PUT_TILE = """
INSERT INTO tile (level, number, hashes) VALUES (:level, :number, :hashes)
ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes
"""
# one grower at a time; then wait until nobody is entering anything, look, and let them go on
_ALONE = "SELECT pg_advisory_xact_lock(7305113)"
_QUIET = ("SAVEPOINT quiet", "LOCK TABLE entry IN SHARE MODE")
_LOUD = ("ROLLBACK TO SAVEPOINT quiet", "RELEASE SAVEPOINT quiet")


def size(link: Link) -> int:
    """Return how many leaves the tree has."""
    row = link.row(_SIZE)
    return int(row[0] or 0) if row else 0


def entered(link: Link) -> int:
    """Return how many entries there are, in the tree or not yet."""
    row = link.row("SELECT count(*) FROM entry")
    return int(row[0]) if row else 0


def kept(link: Link) -> Tree:
    """Return the tree as it is kept."""
    return Tree(size(link), lambda level, number: tile(link, level, number))


def tile(link: Link, level: int, number: int) -> bytes:
    """Return the hashes of a tile; none where there is none."""
    row = link.row(_TILE, level=level, number=number)
    return bytes(row[0]) if row else b""


def grow(link: Link) -> Head:
    """Add every entry that is not in the tree yet; return how large it is now, and its root."""
    highest = _highest(link)
    before = size(link)
    last = _last_entry(link, before)
    while last < highest:
        rows = link.rows(_NEXT, last=last, highest=highest, count=AT_ONCE - before % WIDTH)
        leaves = [{"position": before + n, "entry_id": row[0]} for n, row in enumerate(rows)]
        link.executemany(_LEAF, leaves)
        put_hashes(link, before, b"".join(bytes(digest) for _, digest in rows))
        before, last = before + len(rows), int(rows[-1][0])
    return Head(before, kept(link).root())


def _last_entry(link: Link, count: int) -> int:
    row = link.row(_LAST, position=count - 1)
    return int(row[0]) if row else 0


def _highest(link: Link) -> int:
    """Return the highest id of an entry, below which none is still on its way."""
    is_shared = link.dialect == "postgresql"
    if is_shared:
        link.execute(_ALONE)
        for statement in _QUIET:
            link.execute(statement)
    row = link.row(_HIGHEST)
    if is_shared:
        for statement in _LOUD:
            link.execute(statement)
    return int(row[0] or 0) if row else 0


def put_hashes(link: Link, before: int, hashes: bytes, *, level: int = 0) -> None:
    """Keep hashes of a level from the place `before` on, and what full tiles are for the next."""
    full = bytearray()
    first = before >> HEIGHT
    for number, whole in enumerate(_tiles(link, level, before, hashes), first):
        link.execute(_PUT_TILE, level=level, number=number, hashes=whole)
        if len(whole) == WIDTH * HASH_BYTES:
            full += tiles.root_of(whole)
    if full:
        put_hashes(link, first, bytes(full), level=level + 1)


def _tiles(link: Link, level: int, before: int, hashes: bytes) -> Iterator[bytes]:
    """Yield the tiles that hashes fill, the first with what it has already."""
    begun = tile(link, level, before >> HEIGHT) if before % WIDTH else b""
    whole = begun[: before % WIDTH * HASH_BYTES] + hashes
    for at in range(0, len(whole), WIDTH * HASH_BYTES):
        yield whole[at : at + WIDTH * HASH_BYTES]
