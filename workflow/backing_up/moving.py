"""A database that is moved to another place, such as from a SQLite file to PostgreSQL.

Nobody else writes while it is copied. The copy counts only when every row in it is the same, its
log is intact and its tree has the same root; then the old place is closed, and the new one opened,
in this order: there are never two that both go on. What breaks off before the old place is closed
leaves that as it was. The same call again finishes what broke off after it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workflow.auditing import verification
from workflow.auditing.log import Log
from workflow.clock import Clock
from workflow.granting.access import Access, Request
from workflow.model.access.permissions import Permission
from workflow.model.errors import InvalidInput, Refused, Unavailable
from workflow.store import meta, schema
from workflow.store.backups import mail, sqlite
from workflow.store.database import Database, Link
from workflow.store.keeping.files import Files
from workflow.store.keeping.vault import Vault
from workflow.store.log import checkpoints, entries, tree
from workflow.store.log.checkpoints import Checkpoint
from workflow.store.log.entries import Doing
from workflow.store.moving import belongings, closing, fence, rows
from workflow.store.moving.rows import Progress

MOVE, TAKE_BACK = "migrate_database", "migrate_database_undo"
"""What the log calls them."""
MOVED_FROM = "moved_from"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A move, or what it would be: how many rows of each table, and where all is that is no row.

    `doubtful` counts messages that were being sent; `root` is that of the tree, in hex.
    """

    place: str
    counts: dict[str, int] = field(default_factory=dict)
    doubtful: int = 0
    log_size: int = 0
    root: str = ""
    vault: Path = Path()
    files: Path = Path()


class Moving:
    """Moves a database to another place, for whoever acts, at the time of a clock."""

    def __init__(self, source: Database, target: Database, clock: Clock, *, actor: int) -> None:
        self.source, self.target, self.clock, self.actor = source, target, clock, actor

    def look(self) -> Moved:
        """Return what a move would copy, if all is well for it.

        Raises:
            InvalidInput: it is the same place, or the keys or files of it are not all there.
            Refused: whoever acts may not, it was moved already, or the target is not empty.
            Unavailable: the target is away, nobody may make tables there, or the program is too
                old for it.
        """
        self._right(MOVE)
        if self.target.name == self.source.name:
            raise InvalidInput(f"{self.target.name} is where the database is: name another place")
        with self.source.reading(is_sealed=True) as link:
            _check_open(link, self.source.name)
            belongings.require(link, self.source.vault, Files.beside(self.source.vault))
            tables = [name for name in closing.tables(link) if name != rows.STEPS]
            found = rows.counts(link, tables)
            moved = _moved(link, self.target.name, self.source.vault, counts=found)
        _check_target(self.target, self.source.name)
        return moved

    def move(
        self,
        *,
        say: Callable[[str], None] = lambda step: None,
        on_progress: Progress = lambda done, total: None,
    ) -> Moved:
        """Move the database; `say` hears each step.

        Raises:
            InvalidInput, Refused, Unavailable: as `look`, or the copy is not what was copied. Then
                the database goes on where it is.
        """
        right = self._right(MOVE)
        if self._is_closed_for_us():
            say(f"{self.source.name} is closed already: the copy is looked through again")
            return self._open(self._verified(None), right)
        self.look()
        self._clear()
        head = Log(self.source, self.clock).checkpoint()
        try:
            with self.source.writing(is_sealed=True) as link:
                closing.lock(link)
                schema.upgrade(self.target, then=lambda copy: self._fill(link, copy, on_progress))
                say("every row is there")
                verified = self._verified(head)
                say("its log is what was signed, and every challenge is what its events add up to")
                self._enter(link, MOVE, right, {"to": self.target.name, "log_size": head.size})
                closing.close(link, self.target.name)
        except BaseException:
            if not self._is_closed_for_us():
                self._clear()
            raise
        say(f"{self.source.name} is closed")
        return self._open(verified, right)

    def take_back(self, *, is_dry_run: bool = False) -> str:
        """Let the database be used again where it was; all mail is held. Return where it had gone.

        Raises:
            Refused: whoever acts may not, or it was not moved.
        """
        right = self._right(TAKE_BACK)
        with self.source.reading() as link:
            place = closing.moved_to(link)
        if place is None:
            raise Refused(
                f"the database {self.source.name} was not moved: there is nothing to take back",
                kind="not_moved",
            )
        if is_dry_run:
            return place
        with self.source.writing() as link:
            closing.reopen(link)
            mail.hold(link, f"taken back from {place}: what was sent from there is not known here")
            self._enter(link, TAKE_BACK, right, {"from": place})
        return place

    def _is_closed_for_us(self) -> bool:
        """Return whether a move to the target broke off after the source was closed."""
        with self.source.reading() as link:
            is_moved = closing.moved_to(link) == self.target.name
        return is_moved and schema.version(self.target) == fence.MOVING

    def _clear(self) -> None:
        """Remove a copy that was broken off, or is not what was copied."""
        if self.target.is_missing or schema.version(self.target) != fence.MOVING:
            return
        if self.target.dialect == "sqlite":
            self.target.close()
            sqlite.drop(f"sqlite:///{self.target.name}", self.target)
            return
        with self.target.writing() as link:
            rows.clear(link)

    def _fill(self, source: Link, copy: Link, on_progress: Progress) -> None:
        rows.copy(source, copy, on_progress=on_progress)
        if tree.kept(source).root() != tree.kept(copy).root():
            raise Unavailable("the copy is not what was copied: its tree has another root")
        meta.put(copy, MOVED_FROM, self.source.name)

    def _verified(self, head: Checkpoint | None) -> Moved:
        """Return the move, once all that a copy says of itself is intact."""
        with self.target.reading(is_sealed=True) as link:
            newest = head or checkpoints.newest(link)
            found = rows.counts(link, rows.in_order(link))
            moved = _moved(link, self.target.name, self.source.vault, counts=found)
        given = [newest.note] if newest else []
        verified = verification.verify(self.target, given=given)
        if not verified.is_intact:
            raise Unavailable(f"the log of the copy is not intact: {verified.first_bad}")
        return moved

    def _open(self, moved: Moved, right: str) -> Moved:
        """Let the copy be used, now that the old place is closed."""
        with self.target.writing() as link:
            if moved.doubtful:
                mail.hold(link, f"moved while messages were being sent: {moved.doubtful}")
            meta.put(link, MOVED_FROM, None)
            facts = {"from": self.source.name, "log_size": moved.log_size}
            self._enter(link, MOVE, right, facts)
            schema.complete(link)
        return moved

    def _enter(self, link: Link, action: str, right: str, detail: Mapping[str, object]) -> None:
        doing = Doing(
            at=self.clock.now(),
            actor=self.actor,
            action=action,
            source="cli",
            authority=right,
            detail=detail,
        )
        entries.put(link, doing)

    def _right(self, action: str) -> str:
        request = Request(permission=Permission.BACK_UP, action=action)
        return Access(self.source, self.clock).require(self.actor, request)


def _check_open(link: Link, name: str) -> None:
    place = closing.moved_to(link)
    if place is not None:
        raise Refused(
            f"the database {name} was moved to {place} already",
            kind="moved",
            hint="take it back first: migrate-database --undo",
        )


def _check_target(target: Database, source: str) -> None:
    """Refuse a place that is not empty, but for a copy of ours that was broken off."""
    if target.is_missing:
        return
    with target.reading() as link:
        tables = closing.tables(link)
        if tables and not _is_ours(link, tables, source):
            raise Refused(
                f"{target.name} is not empty: it has {len(tables)} tables, such as {tables[0]}",
                kind="not_empty",
                hint="name an empty database, such as one that createdb has just made",
            )
        belongings.require_making(link, target.name)


def _is_ours(link: Link, tables: list[str], source: str) -> bool:
    """Return whether a place has a copy of a database that was broken off."""
    step = link.row(fence.STEP) if rows.STEPS in tables else None
    return bool(step and step[0] == fence.MOVING and meta.get(link, MOVED_FROM) == source)


def _moved(link: Link, place: str, vault: Vault, *, counts: dict[str, int]) -> Moved:
    return Moved(
        place=place,
        counts=counts,
        doubtful=belongings.being_sent(link),
        log_size=tree.size(link),
        root=tree.kept(link).root().hex(),
        vault=vault.folder,
        files=Files.beside(vault).folder,
    )
