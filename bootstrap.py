"""Puts the parts together: reads the settings, opens the database, chooses clock and mail.

The only reader of settings, and the only way from the commands to the database. What is heavy is
imported where it is first needed, since most commands need little of it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mailroom import Mailroom
from settings import (
    NAME,
    PREFIX,
    ZONE,
    Settings,
    default_database_url,
    login,
    login_address,
    read_settings,
    settings_file,
)
from timekeeping import choose_clock, no_rehearsal
from workflow.clock import Clock
from workflow.cluster.nudging import NudgingDatabase, look_for_cluster
from workflow.model.errors import InvalidInput, NotFound, Refused, Unavailable
from workflow.store import meta, people, schema
from workflow.store.database import Database, Link
from workflow.store.keeping.vault import Vault

if TYPE_CHECKING:
    from definitions import loader
    from definitions import schema as definition_schema
    from notifications import courier, mailserver, message, office, proofs, sink
    from notifications.delivery import quiet
    from notifications.incoming import account, collector
    from notifications.sandbox import folder as templates
    from web import server
    from workflow import scheduler
    from workflow.backing_up.backups import Backups
    from workflow.backing_up.restoring import Restoring
    from workflow.cluster import nudging, workers
    from workflow.filing.documents import Documents
    from workflow.granting.access import Access
    from workflow.granting.grants import Grants
    from workflow.model.people import Person
    from workflow.retaining.certificates import Certificates
    from workflow.retaining.disposals import Disposals
    from workflow.retaining.forgetting import Forgetting
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
    from workflow.store.backups import mail as doubts
    from workflow.store.correspondence import answers, feeds, incoming, preferences, refusals

__all__ = [
    "NAME", "PREFIX", "ZONE", "Database", "Link", "Settings", "account", "answers", "briefs",
    "calendars", "challenges", "collector", "courier", "default_database_url",
    "definition_schema", "doubts", "feeds", "incoming", "library", "loader", "mailserver",
    "message", "meta", "nudging", "office", "outbox", "people", "preferences", "proofs", "queries",
    "quiet", "read_settings", "refusals", "reports", "scheduler", "schema", "server",
    "settings_file", "sink", "tasks", "templates", "workers",
]  # fmt: skip
_IN = {
    "workflow.store": (
        "briefs",
        "calendars",
        "challenges",
        "library",
        "outbox",
        "queries",
        "reports",
        "tasks",
    ),
    "workflow.cluster": ("nudging", "workers"),
    "workflow.store.correspondence": ("answers", "feeds", "incoming", "preferences", "refusals"),
    "notifications": ("courier", "mailserver", "message", "office", "proofs", "sink"),
}
_LATER = {
    **{name: f"{place}.{name}" for place, names in _IN.items() for name in names},
    "doubts": "workflow.store.backups.mail",
    "account": "notifications.incoming.account",
    "collector": "notifications.incoming.collector",
    "quiet": "notifications.delivery.quiet",
    "definition_schema": "definitions.schema",
    "loader": "definitions.loader",
    "scheduler": "workflow.scheduler",
    "server": "web.server",
    "templates": "notifications.sandbox.folder",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (a module)
    """Return a part that is loaded when it is first asked for."""
    if name in _LATER:
        return import_module(_LATER[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class Application(Mailroom):
    """The parts, put together for one command. Those that are heavy are made when first used."""

    right = ""
    """By which right whoever acts uses the command, as the audit log names it."""

    def __init__(self, settings: Settings, database: Database, *, is_rehearsal: bool) -> None:
        self.settings, self.database, self.is_rehearsal = settings, database, is_rehearsal

    @cached_property
    def clock(self) -> Clock:
        """The clock: the machine's, or in a rehearsal one that is set; it never runs backwards."""
        return choose_clock(self.settings.now, self.database, is_rehearsal=self.is_rehearsal)

    @cached_property
    def access(self) -> "Access":
        """What says who may do what."""
        from workflow.granting.access import Access

        return Access(self.database, self.clock)

    @cached_property
    def grants(self) -> "Grants":
        """What gives access, and takes it back."""
        from workflow.granting.grants import Grants

        return Grants(self.database, self.clock, self.access)

    @cached_property
    def documents(self) -> "Documents":
        """What enters documents with their files, and gives them out."""
        from workflow.filing.documents import Documents
        from workflow.store.keeping.files import Files

        return Documents(self.database, self.clock, Files.beside(self.database.vault))

    @cached_property
    def backups(self) -> "Backups":
        """What copies the database, and its keys, for whoever acts."""
        from workflow.backing_up.backups import Backups

        return Backups(self.database, self.clock, actor=self.actor_id)

    @cached_property
    def disposals(self) -> "Disposals":
        """What looks at retention, and destroys what is due."""
        from workflow.retaining.disposals import Disposals

        return Disposals(self.database, self.clock)

    @cached_property
    def forgetting(self) -> "Forgetting":
        """What forgets people."""
        from workflow.retaining.forgetting import Forgetting

        return Forgetting(self.database, self.clock)

    @cached_property
    def certificates(self) -> "Certificates":
        """What reads and checks certificates of destruction."""
        from workflow.retaining.certificates import Certificates

        return Certificates(self.database)

    @cached_property
    def actor(self) -> "Person":
        """The person who acts; errors are those of `actor_id`."""
        who = str(self.actor_id)
        with self.database.reading() as link:
            return people.find(link, who)

    @cached_property
    def actor_id(self) -> int:
        """The id of the person who acts; their name is not read for it.

        Raises:
            NotFound: there is no such person.
            InvalidInput: nobody is named, and whoever is logged in is not known here.
        """
        wanted = self.settings.actor or login_address()
        try:
            with self.database.reading() as link:
                return people.identify(link, wanted)
        except NotFound:
            if self.settings.actor:
                raise
            text = f"say who acts: --as PERSON, or {PREFIX}ACTOR ({wanted} is not here)"
            raise InvalidInput(text) from None

    @contextmanager
    def entering(self, action: str, detail: Mapping[str, object]) -> Iterator[Link]:
        """Open a writing transaction for what is no challenge's own; it is entered as done.

        `detail` has ids and keys only; it is read at the end of the block.
        """
        from workflow.store.log import entries

        at, actor = self.clock.now(), self.actor_id
        with self.database.writing() as link:
            yield link
            doing = entries.Doing(
                at=at,
                actor=actor,
                action=action,
                source="cli",
                authority=self.right,
                detail=detail,
            )
            entries.put(link, doing)


def open_application(settings: Settings) -> Application:
    """Return the application on the database of the settings, which is made if it is not there.

    Raises:
        Unavailable: the database is away, or its version is another one.
        Refused: a time is set, but the database is not a rehearsal.
    """
    with _opened(settings) as database:
        if database.is_missing and settings.now:
            raise no_rehearsal(database)
        is_new = database.is_missing
        schema.prepare(database)
        application = _applied(settings, database)
        if is_new:
            _begin(application)
        return application


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    """Open the database of the settings; it stays open unless an error ends the block."""
    database = _database(settings, settings.database_url)
    try:
        yield database
    except BaseException:
        database.close()
        raise


def _database(settings: Settings, url: str) -> Database:
    """Return the database at a URL, or the usual one, with its keys where the settings say."""
    vault = Vault(Path(settings.vault)) if settings.vault else None
    database = NudgingDatabase(url or default_database_url(), vault=vault)
    database.session = login()
    return database


def _applied(settings: Settings, database: Database) -> Application:
    with database.reading() as link:
        is_rehearsal = meta.is_rehearsal(link)
        look_for_cluster(database, link)
        if database.vault.is_missing and people.is_sealed(link):
            raise Unavailable(
                f"the keys of {database.name} are not in {database.vault.folder}: without them"
                f" nothing that people said can be read; set {PREFIX}VAULT to where they are"
            )
    if settings.now and not is_rehearsal:
        raise no_rehearsal(database)
    return Application(settings, database, is_rehearsal=is_rehearsal)


def join_cluster(application: Application) -> Application:
    """Return the application as that of one machine of many: the database's clock counts.

    What hands out the jobs is made in the database when it is not there.

    Raises:
        Refused: the database is a SQLite file.
        InvalidInput: a package is missing.
        Unavailable: the database is away, or its queue cannot be made or used.
    """
    from workflow.cluster import installation

    database = application.database
    installation.require_postgresql(database)
    installation.require_library()
    installation.prepare(database)
    with database.reading() as link:
        look_for_cluster(database, link)
    return type(application)(application.settings, database, is_rehearsal=application.is_rehearsal)


def make_database(settings: Settings, *, is_rehearsal: bool) -> Application:
    """Make or upgrade the database, with its first person; return the application on it.

    Raises:
        Refused: a rehearsal is asked for, but the database is in use.
    """
    with _opened(settings) as database:
        if settings.now and not is_rehearsal and schema.version(database) is None:
            raise no_rehearsal(database)
        schema.upgrade(database)
        if is_rehearsal:
            _mark_rehearsal(database)
        application = _applied(settings, database)
        _begin(application)
        return application


def restoring(settings: Settings, *, to: str) -> "Restoring":
    """Return what puts a backup in the place of the usual database, or of another one."""
    from workflow.backing_up.restoring import Restoring

    target = _database(settings, to or settings.database_url)
    return Restoring(target, lambda copy: _applied(settings, copy))


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
