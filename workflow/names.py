"""People's names, read when somebody wants to see them, and not before."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from workflow.model.people import Person
from workflow.store import people
from workflow.store.database import Database


class Names(Mapping[int, Person]):
    """The people with some ids. Reading them takes a transaction: not inside another one."""

    def __init__(self, database: Database, ids: Iterable[int]) -> None:
        self._database, self._ids = database, frozenset(ids)

    @cached_property
    def _known(self) -> Mapping[int, Person]:
        with self._database.reading() as link:
            return people.named(link, self._ids)

    def __getitem__(self, person: int) -> Person:
        """Return the person with an id."""
        return self._known[person]

    def __iter__(self) -> Iterator[int]:
        """Return the ids of those who are known."""
        return iter(self._known)

    def __len__(self) -> int:
        """Return how many are known."""
        return len(self._known)
