"""What somebody asks the register, from the options of the command line; and where it goes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypedDict

import click

from workflow.model.errors import InvalidInput

if TYPE_CHECKING:
    from console.session import Session
    from workflow.auditing.reports import Asked

SUFFIXES = (".csv", ".xlsx", ".html", ".json")


class Given(TypedDict):
    """The options of `audit report`."""

    is_every: bool
    is_late: bool
    standings: tuple[str, ...]
    obligation: str | None
    stage: str | None
    source: str | None
    client: str | None
    due_from: date | None
    due_to: date | None
    as_of: tuple[date, datetime | None] | None
    is_counting: bool
    trend: str | None
    files: tuple[str, ...]
    page: str | None


class Mined(TypedDict):
    """The options of `audit events`."""

    file: str
    form: str
    as_of: tuple[date, datetime | None] | None


def asked(session: "Session", reference: str | None, given: Given) -> "Asked":
    """Return the question."""
    from workflow.auditing.reports import Asked
    from workflow.model.access.permissions import Permission
    from workflow.model.register.compliance import Compliance
    from workflow.model.register.entries import Origin
    from workflow.model.register.wanted import Wanted

    if given["due_from"] and given["due_to"] and given["due_from"] > given["due_to"]:
        raise InvalidInput("--from is after --to: nothing is due in between")
    wanted = Wanted(
        standings=frozenset(Compliance(name) for name in given["standings"]),
        obligation=given["obligation"] or "",
        stage=given["stage"] or "",
        origin=Origin(given["source"]) if given["source"] else None,
        is_late=given["is_late"],
        client=given["client"] or "",
        due_from=given["due_from"],
        due_to=given["due_to"],
    )
    return Asked(
        reference=reference,
        wanted=wanted,
        as_of=moment_of(session, given["as_of"]),
        is_counting=given["is_counting"] or given["trend"] is not None,
        only=session.visible(Permission.READ_AUDIT),
    )


def moment_of(session: "Session", as_of: tuple[date, datetime | None] | None) -> datetime | None:
    """Return the moment that is looked back to: of a day its end, of today the present moment."""
    import bootstrap

    if as_of is None:
        return None
    day, moment = as_of
    if day == session.now.today and moment is None:
        return session.now.at
    return moment or datetime.combine(day, time.max, bootstrap.ZONE)


def files_of(given: Given) -> list[Path]:
    """Return the files that the report goes to.

    Raises:
        UsageError: what is to be in a file is not told by its name.
    """
    files = [Path(name) for name in (*given["files"], *([given["page"]] if given["page"] else []))]
    for file in given["files"]:
        if Path(file).suffix.lower() not in SUFFIXES:
            known = ", ".join(SUFFIXES)
            raise click.UsageError(f"{file}: a report is written as {known}; end the name so")
    if files and (given["is_counting"] or given["trend"]):
        raise click.UsageError("numbers are shown, not written: leave out --totals and --trend")
    return files


@contextmanager
def opened(name: str) -> Iterator[IO[str]]:
    """Open a file that is written bit by bit; it is there when all of it is.

    Raises:
        InvalidInput: it cannot be written.
    """
    if os.path.exists(name) and not (Path(name).is_file() or Path(name).is_dir()):
        reason = "it is not a plain file, and would be replaced"
        raise InvalidInput(f"{name} cannot be written: {reason}")
    draft = Path(f"{name}.part")
    try:
        with draft.open("w", encoding="utf-8") as file:
            yield file
        draft.replace(name)
    except OSError as error:
        raise InvalidInput(f"{name} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):  # where it could not be written there is none
            draft.unlink(missing_ok=True)


def write(file: Path, content: bytes) -> None:
    """Write a file.

    Raises:
        InvalidInput: it cannot be written.
    """
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InvalidInput(f"{file} cannot be written: {error.strerror}") from error
