"""A database that is put back from a backup: beside the one that is there, and then in its place.

Nothing of what is there is touched before all of it is well: the backup is whole, its log is what
was signed, what was destroyed since is destroyed again, and no message goes out that may have
gone. What was there stays beside under another name.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workflow.auditing import verification
from workflow.auditing.log import Log, outside
from workflow.backing_up.backups import STAMP, keeper_of, put_back_keys
from workflow.clock import Clock
from workflow.granting.access import Access, Request
from workflow.model.access.permissions import Permission
from workflow.model.errors import InvalidInput, Refused, Unavailable
from workflow.model.people import Person
from workflow.retaining import ledger
from workflow.store import meta, schema
from workflow.store.backups import files, keys, mail, manifest
from workflow.store.backups.manifest import Manifest
from workflow.store.database import Database
from workflow.store.keeping.files import Files
from workflow.store.log import checkpoints, entries
from workflow.store.log.entries import Doing

if TYPE_CHECKING:
    from workflow.digests import Digests
    from workflow.sweep import Sweep


class Parts(Protocol):
    """What is put together on a database: by whom it is restored, when, and what lets time pass."""

    @property
    def clock(self) -> Clock:
        """The clock by which all goes."""
        ...

    @property
    def actor(self) -> Person:
        """The person who acts."""
        ...

    @property
    def access(self) -> Access:
        """What says who may do what."""
        ...

    @property
    def sweep(self) -> "Sweep":
        """What lets time pass."""
        ...

    @property
    def digests(self) -> "Digests":
        """What puts the weekly digests into the outbox."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be restored; `anchors` are files of notes from outside."""

    file: Path
    keys: Path | None = None
    anchors: tuple[Path, ...] = ()
    is_replacing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore came to. `aside` is where what was there is kept, empty if nothing was.

    `destroyed` counts orders to destroy that the backup did not know of, `doubtful` the messages
    that may have been sent since; `later` are anchors of a log that went further than this one.
    """

    place: str
    manifest: Manifest
    aside: str = ""
    destroyed: int = 0
    doubtful: int = 0
    files: int = 0
    keys: int = 0
    later: tuple[str, ...] = ()
    is_rehearsal: bool = False


class Restoring:
    """Puts a database back. `parts_of` puts the parts together on one that is not in place yet."""

    def __init__(self, target: Database, parts_of: Callable[[Database], Parts]) -> None:
        self.target, self.parts_of = target, parts_of
        self.keeper = keeper_of(target.dialect)

    def look(self, wanted: Wanted) -> Manifest:
        """Return what is said of a backup, if it is whole and may be put where it is wanted.

        Raises:
            InvalidInput: it has no manifest, is of another kind of database, or is damaged.
            Unavailable: the program is too old for it.
            Refused: something stands there, is in use, or the keys are missing, or another's.
        """
        found = manifest.read(wanted.file)
        if found.dialect != self.target.dialect:
            kinds = f"a backup of {found.dialect}, and {self.target.name} is {self.target.dialect}"
            raise InvalidInput(f"{wanted.file} is {kinds}: restore it to the kind it is of")
        if manifest.digest_of(wanted.file) != found.sha256:
            raise InvalidInput(f"{wanted.file} is damaged: it is not the file that was backed up")
        if found.schema > schema.HEAD:
            newer = f"it has step {found.schema}, {schema.HEAD} is known here"
            raise Unavailable(
                f"{wanted.file} is newer than this program ({newer}); install the newer program"
            )
        self._check_place(wanted)
        if self.target.vault.is_missing and wanted.keys is None:
            raise Refused(
                f"the keys of this backup are not in {self.target.vault.folder}: without them "
                "nobody can read a name in it",
                kind="no_keys",
                hint="give the copy of the keys: --keys FILE, or set PEER_CHALLENGE_VAULT",
            )
        if not self.target.vault.is_missing:
            self._check_keys(wanted, found)
        return found

    def restore(
        self, wanted: Wanted, *, say: Callable[[str], None] = lambda step: None
    ) -> Restored:
        """Put a backup in place; `say` hears each step.

        Raises:
            InvalidInput, Unavailable, Refused: as `look`, or something is not well. Then nothing
                has changed.
        """
        found = self.look(wanted)
        say(f"{wanted.file.name} is whole, made on {found.made_at:%d %B %Y at %H:%M} UTC")
        back = put_back_keys(self.target, wanted.keys) if wanted.keys else []
        try:
            self._check_keys(wanted, found)
            done = self._put_back(wanted, found, say)
        except BaseException:
            keys.take_back(back)
            raise
        return replace(done, keys=keys.number_of(back))

    def _put_back(self, wanted: Wanted, found: Manifest, say: Callable[[str], None]) -> Restored:
        """Put a backup in place, whose keys are there."""
        draft = self.keeper.unpack(wanted.file, self.target, stamp=f"{found.made_at:{STAMP}}")
        try:
            with closing(Database(draft, vault=self.target.vault)) as copy:
                copy.session = self.target.session
                later = self._check_copy(copy, found, wanted)
                say("its rows are all there, and its log is what was signed")
                made, at = self._prepare(copy, found, wanted, say)
                with copy.reading() as link:
                    is_rehearsal = meta.is_rehearsal(link)
            self._check_place(wanted)
            stamp = f"{at:{STAMP}}"
            aside = self.keeper.put_in_place(draft, self.target, stamp=stamp)
        finally:
            self.keeper.drop(draft, self.target)
        return Restored(
            place=self.target.name,
            manifest=found,
            aside=aside,
            later=later,
            is_rehearsal=is_rehearsal,
            **made,
        )

    def _check_place(self, wanted: Wanted) -> None:
        """Refuse to put a backup over what is there, unasked or while somebody works in it."""
        name = self.target.name
        if not self.keeper.is_there(self.target):
            return
        if not wanted.is_replacing:
            raise Refused(
                f"there is a database {name} already",
                kind="in_place",
                hint="take its place with --replace (it is kept under another name), or --to URL",
            )
        if self.keeper.is_in_use(self.target):
            raise Refused(
                f"somebody is working with {name}",
                kind="in_use",
                hint="stop `peer-challenge run` and `web` on every machine, and try again",
            )

    def _check_keys(self, wanted: Wanted, found: Manifest) -> None:
        """Refuse a backup whose log was signed with another key than the one that is there."""
        vault = self.target.vault
        name = checkpoints.verifier(vault.signer()).name
        if found.head and not found.head.startswith(f"{name}\n"):
            raise Refused(
                f"the keys in {vault.folder} are those of another database than {wanted.file}",
                kind="other_keys",
                hint=f"{keys.ELSEWHERE}. Give the copy of its keys, too: --keys FILE",
            )

    def _check_copy(self, copy: Database, found: Manifest, wanted: Wanted) -> tuple[str, ...]:
        """Check a copy against its manifest and all anchors; return the anchors that are later."""
        counts = self.keeper.counts(copy)
        if counts != dict(found.counts):
            raise Unavailable(f"{wanted.file} is not whole: {manifest.difference(found, counts)}")
        schema.upgrade(copy)
        log = Log(copy, self.parts_of(copy).clock)
        notes = outside(log, wanted.anchors)
        known = [(path, note) for path, some in notes.items() for note in some]
        given = [note for _, note in known if manifest.size_of(note) <= found.log_size]
        given += [found.head] if found.head else []
        verified = verification.verify(copy, given=given)
        if not verified.is_intact:
            text = f"the log in {wanted.file} is not intact: {verified.first_bad}"
            raise Unavailable(f"{text}{_way_out(log.elsewhere(wanted.anchors))}")
        later = [path for path, note in known if manifest.size_of(note) > found.log_size]
        return tuple(str(path) for path in dict.fromkeys(later))

    def _prepare(
        self, copy: Database, found: Manifest, wanted: Wanted, say: Callable[[str], None]
    ) -> tuple[dict[str, int], datetime]:
        """Make a copy fit to be worked with; return what that came to, and when it was."""
        parts = self.parts_of(copy)
        at, actor = parts.clock.now(), parts.actor.id
        asking = Request(permission=Permission.BACK_UP, action="restore")
        right = parts.access.require(actor, asking)
        with copy.writing() as link:
            mail.hold(link, f"restored from the backup of {found.made_at:%d %B %Y %H:%M} UTC")
        destroyed = ledger.reapply(copy, at)
        say("what was destroyed since is destroyed again")
        parts.sweep.tick()
        parts.digests.raise_due()
        with copy.writing() as link:
            doubtful = mail.doubt(link)
            back = files.put_back(link, Files.beside(copy.vault), wanted.file)
            facts = {"file": wanted.file.name, "sha256": found.sha256, "log_size": found.log_size}
            counts = {"destroyed": destroyed, "doubtful": doubtful, "files": back}
            detail = {**facts, "made_at": found.made_at.isoformat(), **counts}
            doing = Doing(
                at=at, actor=actor, action="restore", source="cli", authority=right, detail=detail
            )
            entries.put(link, doing)
        say("all mail is held")
        Log(copy, parts.clock).checkpoint()
        return counts, at


def _way_out(files: list[str]) -> str:
    """Return what to do about files of anchors that do not agree with a log."""
    if not files:
        return ""
    return (
        f"; {', '.join(files)}: heads of another log, as after a restore. If there was one, put "
        "the file aside with the database of that time, and try again; else somebody changed the "
        "log"
    )
