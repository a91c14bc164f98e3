"""What is known of a challenge's documents and of what people hold, for those who look."""

from collections.abc import Collection
from dataclasses import dataclass

from workflow.model.challenge import Challenge
from workflow.model.custody.holdings import Holding, holdings
from workflow.model.decisions.handing.documents import NO_RULE, should_have
from workflow.model.definition import Definition
from workflow.model.errors import InvalidInput
from workflow.model.planning.rulebook import Rulebook
from workflow.model.planning.sampling import is_sampled
from workflow.model.records.state import Copy, Document
from workflow.store import challenges, rulebooks
from workflow.store.challenges import Stored
from workflow.store.database import Database, Link
from workflow.store.records import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A document of the register; None where it is not entered yet. `meant` should have it.

    `is_kept` says that the file of its latest version is here; once destroyed, it is not.
    """

    key: str
    title: str
    document: Document | None
    meant: tuple[int, ...]
    is_kept: bool = False

    @property
    def copies(self) -> dict[int, Copy]:
        """Return the copies that were not taken back, by the id of who has them."""
        found = self.document.copies if self.document else {}
        return {person: copy for person, copy in found.items() if copy.revoked_on is None}

    @property
    def owed(self) -> tuple[int, ...]:
        """Return who should have the latest version and does not."""
        latest = self.document.version if self.document else 0
        copies = self.copies
        return tuple(p for p in self.meant if p not in copies or copies[p].version < latest)

    @property
    def silent(self) -> tuple[int, ...]:
        """Return who has a version that they have not acknowledged."""
        return tuple(p for p, copy in self.copies.items() if copy.acknowledged < copy.version)


class Registers:
    """Reads the registers of challenges."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def documents(self, reference: str) -> list[Listed]:
        """Return each document that is expected or entered, in the definition's order.

        Raises:
            NotFound: there is no such challenge.
        """
        with self.database.reading() as link:
            stored, rulebook = _load(link, reference)
            there = files.versions(link, stored.id)
        definition, known = rulebook.definition, stored.challenge.records.documents
        keys = dict.fromkeys((*definition.documents, *known))
        return [_listed(definition, stored.challenge, key, there) for key in keys]

    def holdings(self, reference: str) -> tuple[Holding, ...]:
        """Return what is or was held in a challenge.

        Raises:
            NotFound: there is no such challenge.
        """
        stored, rulebook = self._read(reference)
        return holdings(rulebook, stored.challenge)

    def sampled(self, reference: str) -> tuple[int, ...]:
        """Return whose destruction is checked, of those who are or were on the team.

        Raises:
            NotFound: there is no such challenge.
        """
        stored, rulebook = self._read(reference)
        roles: dict[int, set[str]] = {}
        for member in stored.challenge.team:
            roles.setdefault(member.person, set()).add(member.role)
        return tuple(
            person
            for person, held in roles.items()
            if is_sampled(rulebook.definition, reference, person, roles=held)
        )

    def require_pack(self, reference: str, document: str) -> None:
        """Refuse a document that is no pack.

        Raises:
            NotFound: there is no such challenge.
            InvalidInput: it is another document.
        """
        _, rulebook = self._read(reference)
        if not rulebook.definition.documents.get(document, NO_RULE).contains:
            raise InvalidInput(f'"{document}" is no pack: document get opens its file')

    def _read(self, reference: str) -> tuple[Stored, Rulebook]:
        with self.database.reading() as link:
            return _load(link, reference)


def _load(link: Link, reference: str) -> tuple[Stored, Rulebook]:
    stored = challenges.load(link, reference)
    return stored, rulebooks.fetch(link, stored.challenge.content_hash)


def _listed(
    definition: Definition, challenge: Challenge, key: str, there: Collection[tuple[str, int]]
) -> Listed:
    """Return a document as the register has it; `there` are the files that are kept."""
    document = challenge.records.documents.get(key)
    return Listed(
        key=key,
        title=document.title if document else definition.documents[key].title,
        document=document,
        meant=tuple(should_have(definition, challenge, definition.documents.get(key, NO_RULE))),
        is_kept=document is not None and (key, document.version) in there,
    )
