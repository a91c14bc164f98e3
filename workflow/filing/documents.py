"""Documents as people use them: entered with their files, given out as packs, opened again."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256

from workflow.clock import Clock
from workflow.engine import Engine
from workflow.filing.packs import Pack, Part, ending_of, zipped
from workflow.filing.registers import Registers
from workflow.granting.access import Access, Request
from workflow.model.access.permissions import Permission
from workflow.model.challenge import Challenge
from workflow.model.decide import Decision
from workflow.model.decisions.asking import require_known
from workflow.model.decisions.handing.documents import parts_digest
from workflow.model.definition import Definition
from workflow.model.errors import InvalidInput, Refused, WorkflowError
from workflow.model.records.commands import RecordDocument
from workflow.model.records.events import DocumentRecorded
from workflow.model.records.state import Document
from workflow.outcomes import Outcome
from workflow.store import challenges, people, rulebooks
from workflow.store.challenges import Stored
from workflow.store.database import Database, Link
from workflow.store.keeping.files import Files, remove_all, require_size
from workflow.store.log.entries import Doing, put
from workflow.store.records import files as kept

__all__ = ["Documents", "Opened", "require_size"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file that was opened, with the name under which it is saved."""

    name: str
    content: bytes


class _Filing(Engine):
    """Keeps a file in the transaction that enters its document."""

    def __init__(self, database: Database, clock: Clock, files: Files, content: bytes) -> None:
        super().__init__(database, clock)
        self._files, self._content = files, content
        self.written: list[str] = []

    def _also(self, link: Link, stored: Stored, decision: Decision) -> None:
        for event in decision.events:
            if isinstance(event, DocumentRecorded) and event.is_stored:
                name = self._files.write(self._content, stored.key_id or "")
                self.written.append(name)
                where = (stored.id, event.document, event.version)
                kept.enter(link, where, name, content=self._content, at=event.at)


class Documents:
    """Enters documents with their files, and gives them out."""

    def __init__(self, database: Database, clock: Clock, files: Files) -> None:
        self.database, self.clock, self.files = database, clock, files
        self.registers, self._access = Registers(database), Access(database, clock)

    def add(
        self,
        reference: str,
        command: RecordDocument,
        *,
        content: bytes,
        actor: int,
        is_dry_run: bool = False,
    ) -> Outcome:
        """Enter a document whose file is kept here: both, or neither.

        Raises:
            InvalidInput: the file is too large, or empty.
            Refused, NotFound, Conflict, Unavailable: as for any command, or of the file.
        """
        require_size(len(content))
        digest = sha256(content).hexdigest()
        entered = replace(command, sha256=digest, is_stored=True)
        engine = _Filing(self.database, self.clock, self.files, content)
        try:
            return engine.act(
                reference, entered, actor=actor, is_dry_run=is_dry_run, is_telling=True
            )
        except BaseException:
            self._remove_unless_entered(engine.written)
            raise

    def open(
        self, reference: str, document: str, *, actor: int, person: int | None = None
    ) -> Opened:
        """Return the file of a document, or the pack of a person; that it was opened is entered.

        Raises:
            NotFound: there is no such document, or no file of it is kept.
            Refused: the actor has no copy, and does not keep documents.
            InvalidInput: nobody says whose pack is meant, or the pack is out of date.
            Unavailable: the file is damaged, or destroyed.
        """
        with self.database.reading() as link:
            stored = challenges.load(link, reference)
            require_known("document entered", document, stored.challenge.records.documents)
            whose = actor if person is None else person
            authority = "their own copy"
            if whose != actor or not _has(stored.challenge, document, actor):
                authority = ""
        request = Request(
            permission=Permission.KEEP_DOCUMENTS,
            action="document_opened",
            what="open documents of others",
            detail={"document": document},
        )
        authority = authority or self._access.require(actor, request, reference)
        opened = self._made(reference, document, [whose])[whose]
        self._enter(stored.id, document, actor=actor, authority=authority)
        return opened

    def packs(self, reference: str, document: str, persons: Iterable[int]) -> dict[int, Opened]:
        """Return the packs of people who were given one, by their ids.

        Raises:
            InvalidInput: the document is no pack.
            Unavailable: the file of a part is damaged, or destroyed.
        """
        return self._made(reference, document, persons, is_pack=True)

    def strays(self) -> tuple[list[str], list[str]]:
        """Return the files that nothing names, and those that are named and not there."""
        with self.database.reading() as link:
            return kept.strays(link, self.files)

    def _remove_unless_entered(self, names: Iterable[str]) -> None:
        """Remove files that the register does not name; where it cannot be asked, they stay.

        A connection that is lost at the end of a transaction does not tell whether that was kept.
        """
        with suppress(WorkflowError):
            strays, _ = self.strays()
            remove_all(self.files, set(names).intersection(strays))

    def _made(
        self, reference: str, document: str, persons: Iterable[int], *, is_pack: bool = False
    ) -> dict[int, Opened]:
        with self.database.reading() as link:
            stored = challenges.load(link, reference)
            definition = rulebooks.fetch(link, stored.challenge.content_hash).definition
            rule = definition.documents.get(document)
            has_parts = rule is not None and bool(rule.contains)
            if is_pack and not has_parts:
                raise InvalidInput(f'"{document}" is no pack: document get opens its file')
            if has_parts:
                return dict(self._packs(link, stored, definition, document, persons))
            found = stored.challenge.records.documents[document]
            where = kept.find(link, stored.id, document=document, version=found.version)
        opened = Opened(name=_saved(document, found), content=self.files.read(where))
        return dict.fromkeys(persons, opened)

    def _packs(
        self,
        link: Link,
        stored: Stored,
        definition: Definition,
        document: str,
        persons: Iterable[int],
    ) -> Iterable[tuple[int, Opened]]:
        """Yield the pack of each person, under their place among those who were given it."""
        records = stored.challenge.records.documents
        contains = definition.documents[document].contains
        is_whole = all(part in records for part in contains)
        parts = tuple(self._part(link, stored, part) for part in contains if is_whole)
        wanted = list(persons)
        known = people.named(link, wanted)
        for person in wanted:
            _require_current(stored.challenge, document, person, parts)
            pack = Pack(
                reference=stored.challenge.reference,
                client=stored.challenge.client,
                title=records[document].title,
                version=records[document].version,
                number=_number(records[document], person),
                person=known[person].name,
                parts=parts,
            )
            name = pack_name(stored.challenge, document, person)
            yield person, Opened(name=name, content=zipped(pack))

    def _part(self, link: Link, stored: Stored, key: str) -> Part:
        found = stored.challenge.records.documents[key]
        content = None
        if found.is_stored:
            content = self.files.read(
                kept.find(link, stored.id, document=key, version=found.version)
            )
        return Part(
            key=key,
            title=found.title,
            version=found.version,
            location=found.location,
            sha256=found.sha256,
            content=content,
        )

    def _enter(self, challenge_id: int, document: str, *, actor: int, authority: str) -> None:
        with self.database.writing() as link:
            doing = Doing(
                at=self.clock.now(),
                actor=actor,
                action="document_opened",
                source="cli",
                detail={"challenge": challenge_id, "document": document},
                authority=authority,
            )
            put(link, doing)


def pack_name(challenge: Challenge, document: str, person: int) -> str:
    """Return the name under which the pack of somebody who was given one is saved."""
    found = challenge.records.documents[document]
    number = _number(found, person)
    return f"{challenge.reference}-{document}-v{found.version}-copy-{number:02}.zip"


def _number(document: Document, person: int) -> int:
    """Return the place of somebody among those who were given a document."""
    return list(document.copies).index(person) + 1


def _has(challenge: Challenge, document: str, person: int) -> bool:
    """Return whether a person has a copy that was not taken back."""
    copy = challenge.records.documents[document].copies.get(person)
    return copy is not None and copy.revoked_on is None


def _require_current(
    challenge: Challenge, document: str, person: int, parts: tuple[Part, ...]
) -> None:
    """Refuse a pack that nobody was given, or of whose parts there are later ones, or too few."""
    records = challenge.records.documents
    title = records[document].title
    hint = f"give it out: peer-challenge document issue {challenge.reference} {document}"
    if not _has(challenge, document, person):
        text = f'"{title}" was not given to them, or was taken back'
        raise Refused(text, kind="not_issued", hint=hint)
    digest = parts_digest((part.key, part.version) for part in parts)
    is_latest = digest == records[document].sha256
    if not is_latest or records[document].copies[person].version != records[document].version:
        text = f'there are later documents than in their "{title}"'
        raise Refused(text, kind="order", hint=hint)


def _saved(key: str, document: Document) -> str:
    """Return the name under which a file is saved: never a path."""
    return f"{key}-v{document.version}{ending_of(document.location)}"
