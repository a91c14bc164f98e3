"""The register of the files of documents: which version has which, and what it must be."""

from datetime import datetime
from hashlib import sha256

from workflow.model.errors import NotFound
from workflow.store.keeping.files import Files, Kept
from workflow.store.link import Link

_PUT = """
INSERT INTO stored_file (challenge_id, document, version, name, size, sha256, added_at)
VALUES (:challenge_id, :document, :version, :name, :size, :sha256, :added_at)
"""
_FIND = """
SELECT f.name, f.size, f.sha256, c.key_id FROM stored_file f
JOIN challenge c ON c.id = f.challenge_id
WHERE f.challenge_id = :challenge_id AND f.document = :document AND f.version = :version
"""
_NAMES = "SELECT name FROM stored_file"
_VERSIONS = "SELECT document, version FROM stored_file WHERE challenge_id = :challenge_id"


def enter(
    link: Link, where: tuple[int, str, int], name: str, *, content: bytes, at: datetime
) -> None:
    """Enter a file in the register: `where` is the challenge's id, the document, its version."""
    challenge_id, document, version = where
    link.execute(
        _PUT,
        challenge_id=challenge_id,
        document=document,
        version=version,
        name=name,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        added_at=at,
    )


def find(link: Link, challenge_id: int, *, document: str, version: int) -> Kept:
    """Return where the file of a version is.

    Raises:
        NotFound: it was never kept, or is destroyed.
    """
    row = link.row(_FIND, challenge_id=challenge_id, document=document, version=version)
    if row is None:
        raise NotFound("file kept of this document, in version", str(version), ())
    name, size, digest, key_id = row
    return Kept(name=name, size=int(size), sha256=digest, key_id=key_id or "")


def versions(link: Link, challenge_id: int) -> set[tuple[str, int]]:
    """Return which documents of a challenge have a file here, each with its version. One query."""
    found = link.rows(_VERSIONS, challenge_id=challenge_id)
    return {(document, int(version)) for document, version in found}


def strays(link: Link, files: Files) -> tuple[list[str], list[str]]:
    """Return the files that nothing names, and the names without a file. One query."""
    named = {name for (name,) in link.rows(_NAMES)}
    there = set(files.names())
    return sorted(there - named), sorted(named - there)
