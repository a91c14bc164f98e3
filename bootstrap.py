"""Puts the parts together: reads the settings, opens the database, chooses clock and mail.

The only reader of settings, and the only way from the commands to the database. What is heavy is
imported where it is first needed, since most commands need little of it.
"""

import getpass
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from workflow.clock import Clock, SetClock, SystemClock
from workflow.model.errors import InvalidInput, NotFound, Refused, did_you_mean
from workflow.store import meta, people, schema
from workflow.store.database import Database, Link
from workflow.usecases import UseCases

if TYPE_CHECKING:
    from definitions import loader
    from definitions import schema as definition_schema
    from notifications import courier, mailserver, message, office, proofs, sink
    from notifications.courier import Courier
    from workflow import scheduler
    from workflow.model.people import Person
    from workflow.store import (
        briefs,
        calendars,
        challenges,
        library,
        outbox,
        queries,
        reports,
        tasks,
    )

__all__ = [
    "Database", "Link", "briefs", "calendars", "challenges", "courier", "definition_schema",
    "library", "loader", "mailserver", "message", "meta", "office", "outbox", "people", "proofs",
    "queries", "reports", "scheduler", "schema", "sink", "tasks",
]  # fmt: skip
_LATER = {
    **{name: f"workflow.store.{name}" for name in ("briefs", "calendars", "challenges")},
    **{name: f"workflow.store.{name}" for name in ("library", "outbox", "queries", "reports")},
    "tasks": "workflow.store.tasks",
    **{name: f"notifications.{name}" for name in ("courier", "mailserver", "message")},
    **{name: f"notifications.{name}" for name in ("office", "proofs", "sink")},
    "definition_schema": "definitions.schema",
    "loader": "definitions.loader",
    "scheduler": "workflow.scheduler",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (a module)
    """Return a part that is loaded when it is first asked for."""
    if name in _LATER:
        return import_module(_LATER[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


NAME = "peer-challenge"
PREFIX = "PEER_CHALLENGE_"
ZONE = ZoneInfo("Europe/London")
"""The zone of a PEER_CHALLENGE_NOW without an offset."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Settings:
    """What can be set. Empty means: not set. `smtp_url` may hold a password; never print it."""

    database_url: str = ""
    actor: str = ""
    smtp_url: str = ""
    mail_from: str = ""
    templates: str = ""
    now: str = ""
    config: str = ""


IN_FILE = ("database_url", "actor", "smtp_url", "mail_from", "templates")


def read_settings(
    flags: Mapping[str, str], environment: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings: flags before the environment, that before the file, that before nothing.

    Raises:
        InvalidInput: the file cannot be used, or says something unknown.
        NotFound: the file that was named is not there.
    """
    surroundings = os.environ if environment is None else environment
    names = [field.name for field in fields(Settings)]
    found = {name: surroundings.get(PREFIX + name.upper(), "") for name in names}
    found |= {name: value for name, value in flags.items() if value}
    return Settings(**{**_read_file(found["config"]), **{k: v for k, v in found.items() if v}})


def settings_file(named: str = "") -> Path:
    """Return where the settings file is, or would be."""
    if named:
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path(NAME, appauthor=False) / "settings.toml"


def _read_file(named: str) -> dict[str, str]:
    path = settings_file(named)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if named:
            raise NotFound("settings file", named, ()) from None
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the settings file {path} cannot be read: {error}") from error
    return _parse_file(text, path)


def _parse_file(text: str, path: Path) -> dict[str, str]:
    import tomllib

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"the settings file {path} is not TOML: {error}") from error
    for key, value in found.items():
        if key not in IN_FILE:
            raise InvalidInput(f'{path}: there is no setting "{key}"{did_you_mean(key, IN_FILE)}')
        if not isinstance(value, str):
            raise InvalidInput(f'{path}: {key} must be a text in quotes, such as {key} = "…"')
    return found


class Application(UseCases):
    """The parts, put together for one command. Those that are heavy are made when first used."""

    def __init__(self, settings: Settings, database: Database, *, is_rehearsal: bool) -> None:
        self.settings, self.database, self.is_rehearsal = settings, database, is_rehearsal

    @cached_property
    def clock(self) -> Clock:
        """The clock: the machine's, or in a rehearsal one that is set; it never runs backwards."""
        return _choose_clock(self.settings.now, self.database, is_rehearsal=self.is_rehearsal)

    @cached_property
    def actor(self) -> "Person":
        """The person who acts.

        Raises:
            NotFound: there is no such person.
            InvalidInput: nobody is named, and whoever is logged in is not known here.
        """
        wanted = self.settings.actor
        with self.database.reading() as link:
            if wanted:
                return people.find(link, wanted)
            try:
                return people.find(link, login_address())
            except NotFound:
                text = (
                    f"say who acts: --as PERSON, or {PREFIX}ACTOR ({login_address()} is not here)"
                )
                raise InvalidInput(text) from None

    @cached_property
    def courier(self) -> "Courier":
        """What sends the mail; InvalidInput where no mail server is set."""
        from notifications.office import open_courier

        mail = self.settings
        return open_courier(
            self.database,
            self.clock,
            mail.smtp_url,
            mail_from=mail.mail_from,
            templates=mail.templates,
        )


def open_application(settings: Settings) -> Application:
    """Return the application on the database of the settings, which is made if it is not there.

    Raises:
        Unavailable: the database is away, or its version is another one.
        Refused: a time is set, but the database is not a rehearsal.
    """
    with _opened(settings) as database:
        if database.is_missing and settings.now:
            raise _no_rehearsal(database)
        is_new = database.is_missing
        schema.prepare(database)
        application = _applied(settings, database)
        if is_new:
            _begin(application)
        return application


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    """Open the database of the settings; it stays open unless an error ends the block."""
    database = Database(settings.database_url or default_database_url())
    try:
        yield database
    except BaseException:
        database.close()
        raise


def _applied(settings: Settings, database: Database) -> Application:
    with database.reading() as link:
        is_rehearsal = meta.is_rehearsal(link)
    if settings.now and not is_rehearsal:
        raise _no_rehearsal(database)
    return Application(settings, database, is_rehearsal=is_rehearsal)


def make_database(settings: Settings, *, is_rehearsal: bool) -> Application:
    """Make or upgrade the database, with its first person; return the application on it.

    Raises:
        Refused: a rehearsal is asked for, but the database is in use.
    """
    with _opened(settings) as database:
        if settings.now and not is_rehearsal and schema.version(database) is None:
            raise _no_rehearsal(database)
        schema.upgrade(database)
        if is_rehearsal:
            _mark_rehearsal(database)
        application = _applied(settings, database)
        _begin(application)
        return application


def _mark_rehearsal(database: Database) -> None:
    from workflow.store import library

    with database.writing() as link:
        if meta.is_rehearsal(link):
            return
        if library.listed(link):
            raise Refused(
                f"the database {database.name} is in use: it cannot become a rehearsal",
                kind="in_use",
                hint="name another database with --db for the rehearsal",
            )
        meta.mark_rehearsal(link)


def _begin(application: Application) -> None:
    """Add what a new database begins with; whoever is logged in is its first administrator."""
    from workflow.beginnings import begin

    def now() -> datetime:
        return application.clock.now()

    begin(application.database, administrator=login_address(), now=now)


def login_address() -> str:
    """Return an invented address for whoever is logged in."""
    try:
        login = getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        login = ""
    plain = re.sub(r"[^a-z0-9]+", ".", login.lower()).strip(".")
    return f"{plain or 'administrator'}@localhost.example"


def default_database_url() -> str:
    """Return the URL of the SQLite file in the user's data folder."""
    from platformdirs import user_data_path

    return f"sqlite:///{user_data_path(NAME, appauthor=False) / 'challenges.db'}"


def _choose_clock(now: str, database: Database, *, is_rehearsal: bool) -> Clock:
    if not is_rehearsal:
        return SystemClock()
    with database.reading() as link:
        last_at = meta.last_at(link)
    if not now:
        is_ahead = last_at is not None and last_at > SystemClock().now()
        return SetClock(last_at) if last_at is not None and is_ahead else SystemClock()
    at = _parse_now(now)
    if last_at is not None and at < last_at:
        shown = last_at.astimezone(ZONE).isoformat(timespec="minutes")
        raise Refused(
            f"the clock never runs backwards: {PREFIX}NOW is {now}, and this rehearsal has come"
            f" to {shown}",
            kind="clock",
            hint=f"set {PREFIX}NOW to {shown} or later, or begin a new rehearsal",
        )
    return SetClock(at)


def _parse_now(text: str) -> datetime:
    """Return the moment that a set clock shows."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        example = "write it as 2027-03-27T09:00, with an offset or in the programme's zone"
        raise InvalidInput(f"{PREFIX}NOW is {text!r}, which is no time; {example}") from error
    return at if at.tzinfo else at.replace(tzinfo=ZONE)


def _no_rehearsal(database: Database) -> Refused:
    return Refused(
        f"{PREFIX}NOW sets the clock of a rehearsal, and {database.name} is not one",
        kind="clock",
        hint=f"unset {PREFIX}NOW, or make a rehearsal: {NAME} --db URL init --rehearsal",
    )
