"""New challenges out of options and files."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import bootstrap
from console.intake.definitions import choose_definition
from console.intake.table import Row, Troubles, read_rows, split
from console.options import day_and_moment, told_day
from workflow.engine import NewChallenge
from workflow.model.errors import InvalidInput, NotFound, WorkflowError, did_you_mean
from workflow.outcomes import Outcome

if TYPE_CHECKING:
    from console.session import Session

NEEDED = ("reference", "title", "client", "definition")
CONCERNS = "concerns"
DATE, ROLE = "date:", "role:"


def begun(session: "Session", reference: str, said: dict[str, Any]) -> NewChallenge:
    """Return the challenge that options describe.

    Raises:
        NotFound: there is no such definition or person.
    """
    dates = {key: day_and_moment(text) for key, text in said["dates"]}
    return NewChallenge(
        reference=reference,
        title=said["title"],
        client=said["client"],
        dates={key: moment or day for key, (day, moment) in dates.items()},
        roles=tuple((role, session.person(who).id) for role, who in said["roles"]),
        concerns=tuple(said["concerns"]),
        offered=choose_definition(session.application, said["definition"]),
    )


def _references(session: "Session") -> set[str]:
    with session.reading() as link:
        return set(bootstrap.challenges.references(link))


def import_challenges(session: "Session", file: str) -> list[Outcome]:
    """Start the challenges in a file, all or none.

    Raises:
        InvalidInput: the file cannot be used; every bad row is named.
    """
    rows = read_rows(file, needed=NEEDED)
    _check_columns(file, rows)
    importing = _Importing(session, file)
    news = [new for row in rows if (new := importing.read(row)) and importing.is_allowed(row, new)]
    importing.troubles.end()
    application = session.application
    return application.engine.start_all(
        news, actor=application.actor.id, is_dry_run=session.is_dry_run
    )


def _check_columns(file: str, rows: list[Row]) -> None:
    for name in rows[0].cells if rows else ():
        if name and name not in (*NEEDED, CONCERNS) and not name.startswith((DATE, ROLE)):
            known = (*NEEDED, CONCERNS, "date:KEY", "role:ROLE")
            raise InvalidInput(f'{file}: there is no column "{name}"{did_you_mean(name, known)}')


class _Importing:
    """Reads rows, and notes everything that is wrong with them."""

    def __init__(self, session: "Session", file: str) -> None:
        self.session, self.troubles = session, Troubles(file)
        self._seen: dict[str, int] = {}
        self._allowed: dict[str, tuple[NewChallenge, ...]] = {}
        self._offered: dict[str, bootstrap.library.Offered] = {}
        self._taken = _references(session)
        with session.reading() as link:
            everybody = bootstrap.people.everybody(link)
        self._people = {person.email.casefold(): person.id for person in everybody}
        self._people |= {str(person.id): person.id for person in everybody}

    def read(self, row: Row) -> NewChallenge | None:
        """Return the challenge of a row; None when something is wrong with it."""
        before = len(self.troubles.found)
        self._check_filled(row)
        offered = self._definition(row)
        dates = dict(self._dates(row))
        roles = tuple(self._roles(row))
        if offered is None or len(self.troubles.found) > before:
            return None
        return NewChallenge(
            reference=row["reference"],
            title=row["title"],
            client=row["client"],
            dates=dates,
            roles=roles,
            concerns=tuple(split(row.cells.get(CONCERNS, ""))),
            offered=offered,
        )

    def is_allowed(self, row: Row, new: NewChallenge) -> bool:
        """Ask the rules of one row, so that all that they refuse is said at once.

        It is asked with the rows before it that it concerns, and not if one of them is refused.
        """
        names = [name for name in new.concerns if name in self._seen and name != new.reference]
        if not self._allowed.keys() >= set(names) - self._taken:
            return False
        before = {one.reference: one for name in names for one in self._allowed.get(name, ())}
        together = (*before.values(), new)
        application = self.session.application
        try:
            application.engine.start_all(together, actor=application.actor.id, is_dry_run=True)
        except WorkflowError as error:
            self.troubles.add(row, _column_of(row, error), str(error))
            return False
        self._allowed[new.reference] = together
        return True

    def _check_filled(self, row: Row) -> None:
        for column in NEEDED:
            if not row[column]:
                self.troubles.add(row, column, "it is empty")
        reference = row["reference"]
        if reference in self._taken:
            self.troubles.add(row, "reference", "there is already a challenge with it")
        if reference in self._seen:
            reason = f"the same as in row {self._seen[reference]}"
            self.troubles.add(row, "reference", reason)
        self._seen.setdefault(reference, row.number)

    def _definition(self, row: Row) -> bootstrap.library.Offered | None:
        name = row["definition"]
        if name and name not in self._offered:
            try:
                self._offered[name] = choose_definition(self.session.application, name)
            except (NotFound, InvalidInput) as error:
                self.troubles.add(row, "definition", str(error))
        return self._offered.get(name)

    def _dates(self, row: Row) -> Iterator[tuple[str, date]]:
        for column, text in row.cells.items():
            if not column.startswith(DATE) or not text:
                continue
            try:
                day, moment = told_day(text)
            except InvalidInput as error:
                self.troubles.add(row, column, str(error))
            else:
                yield column.removeprefix(DATE).strip(), moment or day

    def _roles(self, row: Row) -> Iterator[tuple[str, int]]:
        for column, text in row.cells.items():
            if not column.startswith(ROLE):
                continue
            for who in split(text):
                person = self._people.get(who.casefold())
                if person is None:
                    known = [address for address in self._people if "@" in address]
                    reason = f'there is no person "{who}"{did_you_mean(who, known)}'
                    self.troubles.add(row, column, reason)
                else:
                    yield column.removeprefix(ROLE).strip(), person


def _column_of(row: Row, error: WorkflowError) -> str:
    """Return the column that an error of the rules is about, as far as it says so."""
    if isinstance(error, NotFound) and error.what == "challenge":
        return CONCERNS
    if isinstance(error, InvalidInput) and str(error).startswith(("the title", "the client")):
        return str(error).split()[1]
    name = error.name if isinstance(error, NotFound) else ""
    named = [column for column in row.cells if name and column.endswith(f":{name}")]
    return named[0] if named else "reference"
