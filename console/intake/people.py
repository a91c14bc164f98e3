"""People out of arguments and files."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import bootstrap
from console.intake.table import Row, Troubles, read_rows
from workflow.granting.access import Request
from workflow.model.access.permissions import Permission
from workflow.model.errors import InvalidInput, did_you_mean

if TYPE_CHECKING:
    from workflow.model.people import Person

ADDED, CHANGED = "AddPeople", "ChangePerson"
COLUMNS = ("name", "email", "organisation", "phone", "capabilities")


class _NotKept(Exception):
    """Ends a transaction of a dry run."""


def read_arguments(words: Sequence[str], said: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of a person from arguments, of which the one with an @ is the address.

    Raises:
        InvalidInput: something is said twice, or not at all.
    """
    facts = {**said, "is_administrator": said["administrator"]}
    del facts["administrator"]
    for word in words:
        what = "email" if "@" in word else "name"
        if facts[what]:
            hint = "; an e-mail address has an @ in it" if what == "name" else ""
            raise InvalidInput(f"there are two of {what}: {facts[what]!r} and {word!r}{hint}")
        facts[what] = word
    missing = [what for what in ("name", "email") if not facts[what]]
    if missing:
        raise InvalidInput(
            f"the {' and the '.join(missing)} of the person: peer-challenge person add NAME EMAIL"
        )
    return facts


def read_people(file: str) -> list[Row]:
    """Return the rows of a file of people.

    Raises:
        InvalidInput: the file cannot be used.
    """
    rows = read_rows(file, needed=("name", "email"))
    for name in rows[0].cells if rows else ():
        if name and name not in COLUMNS:
            raise InvalidInput(f'{file}: there is no column "{name}"{did_you_mean(name, COLUMNS)}')
    return rows


def import_people(
    application: bootstrap.Application, file: str, *, is_dry_run: bool
) -> "list[Person]":
    """Add the people in a file, all or none.

    Raises:
        InvalidInput: the file cannot be used; every bad row is named.
    """
    rows, troubles = read_people(file), Troubles(file)
    with trying(application, is_dry_run=is_dry_run) as link:
        added = [person for row in rows if (person := _add_row(link, row, troubles))]
        troubles.end()
        _enter(application, link, ADDED, added)
    return added


def _add_row(link: bootstrap.Link, row: Row, troubles: Troubles) -> "Person | None":
    words = row["capabilities"].replace(";", " ").replace(",", " ").split()
    facts: dict[str, Any] = {name: row[name] for name in COLUMNS[:-1]}
    try:
        return bootstrap.people.add(link, **facts, capabilities=words)
    except InvalidInput as error:
        column = next((name for name in ("capabilit", *COLUMNS[2:]) if name in str(error)), "email")
        is_name = str(error).startswith("the name")
        troubles.add(row, "name" if is_name else _COLUMN_OF.get(column, column), str(error))
        return None


_COLUMN_OF = {"capabilit": "capabilities"}


def add_person(
    application: bootstrap.Application, facts: dict[str, Any], *, is_dry_run: bool
) -> "list[Person]":
    """Add a person; a dry run does the same and undoes it.

    Raises:
        InvalidInput: somebody cannot be added.
        Refused: only administrators make administrators.
    """
    if facts.get("is_administrator"):
        _require(application, Permission.MAKE_ADMINISTRATORS, "make administrators")
    with trying(application, is_dry_run=is_dry_run) as link:
        added = [bootstrap.people.add(link, **facts)]
        _enter(application, link, ADDED, added)
    return added


def change_person(
    application: bootstrap.Application, person: "Person", facts: dict[str, str], *, is_dry_run: bool
) -> "Person":
    """Change what is known of a person; mail may go to an address that was given anew.

    Raises:
        InvalidInput: nothing is to change, or something cannot be used.
        Refused: it is for others; only administrators change administrators.
    """
    if not facts:
        raise InvalidInput("say what is to change: --name, --email, --organisation or --phone")
    _require_change(application, person)
    with trying(application, is_dry_run=is_dry_run) as link:
        changed = bootstrap.people.change(link, person.id, **facts)
        if "email" in facts:
            bootstrap.preferences.clear_refused(link, person.id)
        _enter(application, link, CHANGED, [changed], facts=sorted(facts))
    return changed


def _enter(
    application: bootstrap.Application,
    link: bootstrap.Link,
    action: str,
    people: "Sequence[Person]",
    **detail: object,
) -> None:
    """Enter into the audit log who was added or changed, by ids."""
    said = {"people": [person.id for person in people], **detail}
    request = Request(permission=Permission.MANAGE_PEOPLE, action=action, detail=said)
    application.access.enter(link, application.actor_id, request)


@contextmanager
def trying(application: bootstrap.Application, *, is_dry_run: bool) -> Iterator[bootstrap.Link]:
    """Open a writing transaction, which a dry run undoes at its end."""
    with suppress(_NotKept), application.database.writing() as link:
        yield link
        if is_dry_run:
            raise _NotKept


def _require_change(application: bootstrap.Application, person: "Person") -> None:
    """Refuse to change somebody else without the right to, or anybody who may do more.

    Whoever changed the address of such a person would get their links, and act by them.
    """
    access, actor = application.access, application.actor
    if person.id == actor.id:
        return
    access.require_anywhere(actor.id, Request(permission=Permission.MANAGE_PEOPLE, action=CHANGED))
    if person.is_administrator:
        _require(application, Permission.MAKE_ADMINISTRATORS, "change administrators")
    elif access.is_beyond(person.id, actor.id):
        what = "change somebody who may do more"
        _require(application, Permission.MAKE_ADMINISTRATORS, what)


def _require(application: bootstrap.Application, permission: Permission, what: str) -> None:
    request = Request(permission=permission, action=CHANGED, what=what)
    application.access.require(application.actor.id, request)
