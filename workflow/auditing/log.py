"""What can be done with the audit log: sign and anchor its head, prove, export and check it.

Commands enter what they do by themselves; nothing here changes an entry.
"""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from workflow.auditing import proofs, timestamps, verification
from workflow.auditing.exported import Exported, verify_file
from workflow.auditing.verification import Progress, Verified
from workflow.clock import Clock
from workflow.model.errors import InvalidInput, Unavailable
from workflow.model.log import notes
from workflow.model.log.notes import VerifierKey
from workflow.store.database import Database
from workflow.store.log import checkpoints, tree
from workflow.store.log.checkpoints import Anchor, Checkpoint

__all__ = [
    "FILE",
    "TIMESTAMP",
    "Anchored",
    "Checkpoint",
    "Log",
    "outside",
    "read_notes",
    "verify_export",
]

FILE, TIMESTAMP = "file", "timestamp"
"""The kinds of anchors that are made here."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """A checkpoint that was put somewhere outside, by this call or by one before it."""

    checkpoint: Checkpoint
    place: str
    is_new: bool


class Log:
    """The audit log of a database, at the time of a clock."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    def key(self) -> VerifierKey:
        """Return what checks the signatures of this log."""
        return checkpoints.verifier(self.database.vault.signer())

    def checkpoint(self) -> Checkpoint:
        """Return the signed head of everything that was entered by now; made if it is not there.

        Raises:
            Refused: the tree is not what was signed last.
        """
        at, key = self.clock.now(), self.database.vault.signer()
        with self.database.writing() as link:
            before = checkpoints.newest(link)
            if before is not None:
                proofs.check_head(link, before, checkpoints.verifier(key))
            return checkpoints.sign(link, tree.grow(link), key, at=at)

    def unsigned(self) -> int:
        """Return how many entries no checkpoint speaks for yet."""
        with self.database.reading(is_sealed=True) as link:
            newest = checkpoints.newest(link)
            return tree.entered(link) - (newest.size if newest else 0)

    def anchor(self, path: Path) -> Anchored:
        """Add the head of the log to a file, at its end, and wait until it is on the disk.

        The file should lie where those who can change the database cannot change it.

        Raises:
            Unavailable: the file cannot be written.
        """
        head, place = self.checkpoint(), str(path.absolute())
        is_new = head.note not in read_notes(path, is_needed=False)
        if is_new:
            _write(path, f"{head.note}\n".encode(), mode="ab")
        self.record(head, kind=FILE, place=place)
        return Anchored(head, place, is_new)

    def timestamp(self, url: str, *, roots: Path, beside: Path) -> Anchored:
        """Let an authority confirm, by RFC 3161, that the head of the log was there by now.

        The head and the receipt become files beside another: `NAME.SIZE.note`, `NAME.SIZE.tsr`.

        Raises:
            Unavailable: the authority is away, a file cannot be written, or a package is needed.
            InvalidInput: what it answers is not right, or `roots` has no certificates.
        """
        head = self.checkpoint()
        message = head.note.encode()
        receipt = timestamps.fetch(url, message, roots=timestamps.read_roots(roots))
        files = [Path(f"{beside}.{head.size}.{end}") for end in ("note", "tsr")]
        for path, content in zip(files, (message, receipt), strict=True):
            _write(path, content)
        self.record(head, kind=TIMESTAMP, place=url, receipt=receipt)
        return Anchored(head, str(files[-1]), is_new=True)

    def record(
        self, head: Checkpoint, *, kind: str, place: str, receipt: bytes | None = None
    ) -> None:
        """Keep that a checkpoint was put somewhere outside, once for each place."""
        anchor = Anchor(
            checkpoint=head, kind=kind, place=place, at=self.clock.now(), receipt=receipt
        )
        with self.database.writing() as link:
            known = {(a.checkpoint.size, a.kind, a.place) for a in checkpoints.anchors(link)}
            if (head.size, kind, place) not in known:
                checkpoints.put_anchor(link, anchor)

    def anchors(self) -> list[Anchor]:
        """Return where checkpoints were put outside."""
        with self.database.reading(is_sealed=True) as link:
            return checkpoints.anchors(link)

    def elsewhere(self, anchors: Iterable[Path] = ()) -> list[str]:
        """Return the files with heads that are not of this log, though it is as long as they say.

        So it is after a restore: what was entered between the backup and then was signed, and is
        in no log any more. `anchors` are files besides those that were anchored in.

        Raises:
            Unavailable, InvalidInput: as `verify`, for `anchors`.
        """
        notes_of, key = outside(self, anchors), self.key()
        with self.database.reading(is_sealed=True) as link:
            kept = tree.kept(link)
            return [
                str(path)
                for path, some in notes_of.items()
                if any(proofs.is_other(kept, note, key) for note in some)
            ]

    def prove(self, reference: str, seq: int) -> Mapping[str, Any]:
        """Return what proves to anybody that an event is in the log; a head is signed if need be.

        Raises:
            NotFound: there is no such event.
            InvalidInput: the event is in no entry.
        """
        key = self.key()
        for is_last in (False, True):
            with self.database.reading(is_sealed=True) as link:
                found = proofs.proof(link, key, reference=reference, seq=seq)
            if found is not None:
                return found
            if not is_last:
                self.checkpoint()
        raise InvalidInput(f"event {seq} of {reference} is in no entry of the log")

    def export(self, path: Path) -> Checkpoint:
        """Write everything that was entered by now to a file, with its head; return that.

        Raises:
            Unavailable: the file cannot be written.
        """
        if os.path.exists(path) and not (path.is_file() or path.is_dir()):
            raise Unavailable(f"cannot write {path}: it is not a plain file, and would be replaced")
        head, key = self.checkpoint(), self.key()
        draft = path.parent / f"{path.name}.draft"
        try:
            with draft.open("w", encoding="utf-8", newline="\n") as file:
                with self.database.reading(is_sealed=True) as link:
                    file.writelines(proofs.lines(link, key, head))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise Unavailable(f"cannot write {path}: {error.strerror}") from error
        return head

    def verify(
        self,
        *,
        anchors: Iterable[Path] = (),
        on_progress: Progress = lambda done, total: None,
    ) -> Verified:
        """Return whether the log and all that it speaks for is intact.

        `anchors` are files of notes from outside; those that were anchored in files that can still
        be read here are looked at anyway.

        Raises:
            Unavailable: a file that is named cannot be read.
            InvalidInput: there is no note in it.
        """
        given = [note for path in anchors for note in read_notes(path)]
        given += [note for some in outside(self).values() for note in some]
        return verification.verify(self.database, given=given, on_progress=on_progress)


def verify_export(path: Path, anchors: Iterable[Path] = (), *, key: str = "") -> Exported:
    """Return whether an exported log is intact, without a database.

    Raises:
        Unavailable: a file cannot be read.
        InvalidInput: an anchor, or the key, is none.
    """
    given = [note for file in anchors for note in read_notes(file)]
    return verify_file(path, given, key=key)


def outside(log: Log, anchors: Iterable[Path] = ()) -> dict[Path, list[str]]:
    """Return the notes of a log by the files that they lie in, which may have those of several.

    The files are those that were anchored in and can be read here, and `anchors`.

    Raises:
        Unavailable: a file of `anchors` cannot be read.
        InvalidInput: there is no note in one of them.
    """
    own = {Path(anchor.place) for anchor in log.anchors() if anchor.kind == FILE}
    found = {path: read_notes(path, is_needed=False) for path in sorted(own)}
    found |= {path: read_notes(path) for path in anchors}
    begin = f"{log.key().name}\n"
    return {path: [one for one in some if one.startswith(begin)] for path, some in found.items()}


def read_notes(path: Path, *, is_needed: bool = True) -> list[str]:
    """Return the notes of a file of anchors; none where it is not needed, and not there.

    Raises:
        Unavailable: the file cannot be read.
        InvalidInput: there is no note in a file that is needed.
    """
    try:
        found = notes.notes_in(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        if not is_needed:
            return []
        reason = getattr(error, "strerror", None) or "it is not text"
        raise Unavailable(f"cannot read {path}: {reason}") from error
    if is_needed and not found:
        raise InvalidInput(f"there is no checkpoint in {path}")
    return found


def _write(path: Path, content: bytes, *, mode: Literal["wb", "ab"] = "wb") -> None:
    try:
        with path.open(mode) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Unavailable(f"cannot write {path}: {error.strerror}") from error
