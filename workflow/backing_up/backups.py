"""Backups: a copy of the whole database while it is used, looked through before it counts as one.

The keys are not in it: whoever finds a backup reads no name in it, and what was destroyed with its
key stays destroyed in every backup. Their copy is another file, which does not last.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType

from workflow.auditing import verification
from workflow.auditing.log import Log
from workflow.clock import Clock
from workflow.granting.access import Access, Request
from workflow.model.access.permissions import Permission
from workflow.model.errors import InvalidInput, Unavailable
from workflow.retaining import ledger
from workflow.store import meta, schema
from workflow.store.backups import files, keys, manifest, postgresql, sqlite
from workflow.store.backups.disk import make_private, sync
from workflow.store.backups.manifest import Manifest
from workflow.store.database import Database
from workflow.store.keeping.files import Files
from workflow.store.log import checkpoints, entries
from workflow.store.log.checkpoints import Checkpoint
from workflow.store.log.entries import Doing

KEYS_LAST = timedelta(days=30)
BACKUP, KEYS, KEYS_BACK = "backup", "backup_keys", "restore_keys"
"""What the log calls them."""
BACKED_UP_AT = "backed_up_at"
KEYS_COPIED_UNTIL = "keys_copied_until"
STAMP = "%Y%m%dT%H%M%SZ"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup, or where it would be; `manifest` is None where it was only asked for."""

    file: Path
    manifest: Manifest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysCopied:
    """A copy of the keys, or where it would be, and by which day it is to be destroyed."""

    file: Path
    until: date
    number: int = 0


def keeper_of(dialect: str) -> ModuleType:
    """Return what copies databases of a kind, looks copies through and puts them in place."""
    return sqlite if dialect == "sqlite" else postgresql


class Backups:
    """Makes backups of a database, at the time of a clock."""

    def __init__(self, database: Database, clock: Clock, *, actor: int) -> None:
        self.database, self.clock, self.actor = database, clock, actor
        self._access = Access(database, clock)

    def make(
        self,
        place: Path,
        *,
        with_files: bool = False,
        is_dry_run: bool = False,
        on_progress: Progress = lambda done, total: None,
    ) -> Made:
        """Copy the database into a file, or into a new file in a folder.

        The log is signed first, so that the backup has a head to be checked against.

        Raises:
            Refused: whoever acts may not.
            InvalidInput: a program of PostgreSQL is not installed.
            Unavailable: there is such a file already, it cannot be written, or it is not whole.
        """
        at, right = self.clock.now(), self._right(BACKUP)
        if is_dry_run:
            with self.database.reading(is_sealed=True) as link:
                signed = checkpoints.newest(link)
            return Made(file=self._placed(place, at, head=signed.note if signed else ""))
        head = Log(self.database, self.clock).checkpoint()
        file = self._placed(place, at, head=head.note)
        draft = file.with_name(f"{file.name}.draft")
        _claim(draft)
        try:
            made = self._written(draft, head, with_files=with_files, on_progress=on_progress)
            if made.files:
                files.beside(draft).rename(files.beside(file))
            draft.replace(file)
            _say(file, made)
        except OSError as error:
            raise Unavailable(f"{file} cannot be written: {error.strerror}") from error
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            shutil.rmtree(files.beside(draft), ignore_errors=True)
        facts = {"file": file.name, "sha256": made.sha256, "log_size": made.log_size}
        doing = Doing(
            at=at, actor=self.actor, action=BACKUP, source="cli", authority=right, detail=facts
        )
        self._enter(doing, key=BACKED_UP_AT, value=at.isoformat())
        return Made(file=file, manifest=made)

    def copy_keys(self, file: Path, *, is_dry_run: bool = False) -> KeysCopied:
        """Copy the keys into a file, which is to be destroyed before long.

        Raises:
            Refused: whoever acts may not.
            Unavailable: there is such a file already, or it cannot be written.
        """
        at, right = self.clock.now(), self._right(KEYS)
        until = (at + KEYS_LAST).date()
        _check_free(file)
        if is_dry_run:
            return KeysCopied(file=file, until=until)
        number = keys.pack(self.database.vault, file, at=at, until=until)
        facts = {"file": file.name, "keys": number, "destroy_by": until.isoformat()}
        doing = Doing(
            at=at, actor=self.actor, action=KEYS, source="cli", authority=right, detail=facts
        )
        self._enter(doing, key=KEYS_COPIED_UNTIL, value=until.isoformat())
        return KeysCopied(file=file, until=until, number=number)

    def put_back_keys(self, file: Path) -> int:
        """Put back the keys that are missing, from a copy of them; return how many.

        Raises:
            Refused: whoever acts may not, or the keys are those of another database.
            InvalidInput: the file is no copy of keys.
            Unavailable: it cannot be read, or a key cannot be written.
        """
        at, right = self.clock.now(), self._right(KEYS_BACK)
        number = keys.number_of(put_back_keys(self.database, file))
        facts = {"file": file.name, "keys": number}
        doing = Doing(
            at=at, actor=self.actor, action=KEYS_BACK, source="cli", authority=right, detail=facts
        )
        with self.database.writing() as link:
            entries.put(link, doing)
        return number

    def _placed(self, place: Path, at: datetime, *, head: str) -> Path:
        """Return the file to write: the one that is named, or a new one in the folder that is."""
        file = place
        if place.is_dir():
            suffix = keeper_of(self.database.dialect).SUFFIX
            marks = f"{schema.HEAD}-{manifest.root_of(head)}"
            file = place / f"challenges-{at:{STAMP}}-{marks}{suffix}"
        _check_free(file)
        return file

    def _written(
        self, draft: Path, head: Checkpoint, *, with_files: bool, on_progress: Progress
    ) -> Manifest:
        keeper = keeper_of(self.database.dialect)
        counts = keeper.write(self.database, draft, on_progress=on_progress)
        found = keeper.examine(draft)
        self._check(draft)
        number = self._copy_files(draft) if with_files else None
        made = Manifest(
            made_at=self.clock.now(),
            program=entries.software(),
            dialect=self.database.dialect,
            schema=schema.HEAD,
            size_bytes=draft.stat().st_size,
            sha256=manifest.digest_of(draft),
            counts=counts,
            log_size=head.size,
            head=head.note,
            files=number,
        )
        if found != counts:
            raise Unavailable(f"{draft} is not whole: {manifest.difference(made, found)}")
        return made

    def _check(self, draft: Path) -> None:
        """Check the log in a copy. That of a dump is when it is restored: it needs a database."""
        if self.database.dialect != "sqlite":
            return
        with closing(Database(f"sqlite:///{draft}", vault=self.database.vault)) as copy:
            verified = verification.verify(copy)
        sqlite.settle(draft)
        if not verified.is_intact:
            raise Unavailable(f"the log is not intact, in the backup either: {verified.first_bad}")

    def _copy_files(self, draft: Path) -> int:
        with self.database.reading(is_sealed=True) as link:
            return files.copy(link, Files.beside(self.database.vault), draft)

    def _right(self, action: str) -> str:
        """Return by which right whoever acts copies everything; refuse others."""
        request = Request(permission=Permission.BACK_UP, action=action)
        return self._access.require(self.actor, request)

    def _enter(self, doing: Doing, *, key: str, value: str) -> None:
        with self.database.writing() as link:
            meta.put(link, key, value)
            entries.put(link, doing)


def put_back_keys(database: Database, file: Path) -> list[Path]:
    """Put back the keys that are missing, but those that were destroyed; return their files.

    Raises:
        Refused: the keys are those of another database.
        InvalidInput: the file is no copy of keys.
        Unavailable: it cannot be read, or a key cannot be written.
    """
    orders = [line.order for line in ledger.lines(database)]
    destroyed = {key for order in orders for key in order.keys}
    return keys.unpack(file, database.vault, without=destroyed)


def _check_free(file: Path) -> None:
    if not file.parent.is_dir():
        raise InvalidInput(f"there is no folder {file.parent}; make it, or name another")
    for path in (file, manifest.beside(file), files.beside(file)):
        if os.path.exists(path):  # also of a name that no file can have
            what = "folder" if path.is_dir() else "file"
            raise Unavailable(f"there is a {what} {path} already; remove it, or name another")


def _claim(draft: Path) -> None:
    """Begin the draft of a backup, which nobody else is writing."""
    if os.path.lexists(draft):
        raise Unavailable(
            f"{draft} is there: another backup is being written under this name; wait for it, or "
            "remove what one that was broken off has left"
        )
    make_private(draft)


def _say(file: Path, made: Manifest) -> None:
    """Write the manifest of a backup beside it, and let both reach the disk."""
    path = manifest.beside(file)
    make_private(path)
    with path.open("w", encoding="utf-8") as said:
        said.write(made.text())
        said.flush()
        os.fsync(said.fileno())
    with file.open("rb") as content:
        os.fsync(content.fileno())
    sync(file.parent)
