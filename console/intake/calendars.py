"""Changes of calendars out of arguments and files."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

import bootstrap
from console.intake.table import Troubles, read_rows
from console.options import read_day
from workflow.model.errors import InvalidInput

if TYPE_CHECKING:
    from console.session import Session
    from workflow.amending.calendars import Amendment, Changed
    from workflow.amending.previews import Effect


def amendment(
    name: str,
    reason: str,
    *,
    adds: Mapping[date, str] | None = None,
    removes: Iterable[date] = (),
) -> "Amendment":
    """Return a change of a calendar.

    Raises:
        InvalidInput: the reason or a name is empty.
    """
    from workflow.amending.calendars import Amendment

    titles = {day: " ".join(title.split()) for day, title in (adds or {}).items()}
    if not reason.strip():
        raise InvalidInput("the reason is empty; say why the calendar changes")
    if not all(titles.values()):
        raise InvalidInput("the name of the holiday is empty")
    return Amendment(name=name, reason=reason.strip(), adds=titles, removes=frozenset(removes))


def differences(
    session: "Session", name: str | None, file: str | None, *, reason: str
) -> "list[Amendment]":
    """Return how calendars differ from a file, or from the list that is built in; if they do.

    Raises:
        UsageError: a file is given, but not for which calendar.
        InvalidInput: there is no such calendar, or the file cannot be used.
    """
    if file is not None and name is None:
        raise click.UsageError("say of which calendar: calendar refresh NAME --from FILE")
    application = session.application
    listed = read_holidays(file) if file is not None else None
    with session.reading() as link:
        names = [name] if name else bootstrap.calendars.names(link)
    why = reason.strip() or (f"as {file} has it" if file else bootstrap.calendars.SEEDED)
    found = [application.calendars.missing(one, reason=why, listed=listed) for one in names]
    return [one for one in found if not one.is_empty]


def carry_out(
    session: "Session", amendments: "Sequence[Amendment]"
) -> "list[tuple[Changed, list[Effect]]]":
    """Carry out changes of calendars, or with --dry-run look at what each would bring.

    What moves in each challenge is kept for JSON only: the screen shows the first few.
    """
    from workflow.amending.calendars import Listener

    application, output = session.application, session.output
    told = []
    for one in amendments:
        effects: list[Effect] = []
        with output.progress(f"{one.name}: challenges") as say:
            listener = (
                Listener(on_progress=say, on_found=effects.append)
                if output.is_json
                else Listener(on_progress=say)
            )
            changed = application.calendars.change(
                one,
                actor=application.actor.id,
                is_dry_run=session.is_dry_run,
                listener=listener,
            )
        told.append((changed, effects))
    return told


def read_holidays(file: str) -> dict[date, str]:
    """Return the holidays in a file by their names.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it cannot be used; every bad row is named.
    """
    troubles, found = Troubles(file), dict[date, str]()
    for row in read_rows(file, needed=("date", "name")):
        day = read_day(row["date"])
        if day is None:
            troubles.add(row, "date", "is not a date; write 2027-03-27 or 27 March 2027")
        elif day in found:
            troubles.add(row, "date", "is there more than once")
        elif not row["name"]:
            troubles.add(row, "name", "is empty")
        else:
            found[day] = row["name"]
    troubles.end()
    if not found:
        raise InvalidInput(f"{file}: there is no holiday in it; nothing was changed")
    return found
