"""What `doctor` looks at: each check says what it found, and the way out."""

import os
import re
import socket
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import timedelta
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import bootstrap
from console import soundness
from console.frame import PROGRAM
from console.views.setting_up import Finding
from console.words import count, listing
from workflow.model.calendar import in_words
from workflow.model.errors import InvalidInput, NotFound, WorkflowError

if TYPE_CHECKING:
    from console.session import Session

LEAST_PYTHON = (3, 11)
WAL_FAULT = ((3, 7, 0), (3, 51, 2))
MAIL_SECONDS = 5.0
_PACKAGE = re.compile(r"[\w.-]+")


def examine(
    session: "Session",
    *,
    is_quick: bool = False,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> list[Finding]:
    """Return the findings of every check; one that fails does not stop the others.

    `is_quick` leaves out what takes longer the more challenges there are, of which `tell` hears.
    """
    within = partial(_database, is_quick=is_quick, tell=tell)
    checks: dict[str, Callable[[Session], Iterator[Finding]]] = {
        "installation": _installation,
        "settings": _settings,
        "mail server": _mail_server,
        "answers": _answers,
        "database": within,
    }
    return [found for name, check in checks.items() for found in _guarded(name, check, session)]


def _guarded(
    name: str, check: "Callable[[Session], Iterator[Finding]]", session: "Session"
) -> Iterator[Finding]:
    try:
        yield from check(session)
    except WorkflowError as error:
        yield Finding(name, "wrong", str(error))


def _installation(session: "Session") -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    is_new = sys.version_info[:2] >= LEAST_PYTHON
    yield Finding("python", "ok" if is_new else "wrong", f"{version} (3.11 or later is needed)")
    needed = _needed()
    missing = [name for name in needed if not _is_installed(name)]
    if missing:
        yield Finding("packages", "wrong", f"{listing(missing)} cannot be imported: install again")
    else:
        yield Finding("packages", "ok", f"{len(needed)} are installed")
    yield _sqlite()


def _needed() -> list[str]:
    """Return the packages that the application says it needs, extras aside."""
    wanted = metadata.requires(PROGRAM) or []
    plain = (text for text in wanted if "extra ==" not in text)
    return [found[0] for text in plain if (found := _PACKAGE.match(text))]


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _sqlite() -> Finding:
    first, last = WAL_FAULT
    if first <= sqlite3.sqlite_version_info <= last:
        text = (
            "has a rare fault when several processes write at once; 3.51.3 or later is without it"
        )
        return Finding("sqlite", "advice", f"{sqlite3.sqlite_version} {text}")
    return Finding("sqlite", "ok", sqlite3.sqlite_version)


def _settings(session: "Session") -> Iterator[Finding]:
    settings = session.settings
    path = bootstrap.settings_file(settings.config)
    yield Finding("settings file", "ok", str(path) if path.exists() else f"none ({path})")
    secrets = (settings.smtp_url, settings.imap_url, settings.link_keys)
    has_secret = any(secrets) or "@" in settings.database_url
    if path.exists() and has_secret and stat.S_IMODE(path.stat().st_mode) & 0o077:
        text = f"others may read {path}, which may hold a password: chmod 600 {path}"
        yield Finding("settings file", "advice", text)
    for name in _unknown_settings():
        yield Finding("environment", "advice", f"{name} is not a setting, and does nothing")
    if settings.templates and not Path(settings.templates).is_dir():
        yield Finding("templates", "wrong", f"{settings.templates} is not a folder")


def _unknown_settings() -> list[str]:
    """Return the variables that look like settings and are none: spelling mistakes."""
    known = {bootstrap.PREFIX + field.name.upper() for field in fields(bootstrap.Settings)}
    return sorted(
        name for name in os.environ if name.startswith(bootstrap.PREFIX) and name not in known
    )


def _mail_server(session: "Session") -> Iterator[Finding]:
    settings = session.settings
    bootstrap.quiet.read_quiet(settings.quiet_hours, settings.quiet_days)
    bootstrap.office.read_rate(settings.mail_rate)
    url = settings.smtp_url
    if not url:
        yield Finding("mail server", "advice", bootstrap.office.NO_MAIL_SERVER)
        return
    bootstrap.office.read_sender(session.settings.mail_from)
    folder = bootstrap.mailserver.folder_of(url)
    if folder is not None:
        near = Path(folder) if Path(folder).exists() else Path(folder).parent
        is_usable = os.access(near, os.W_OK)
        text = "messages are written there" if is_usable else "it cannot be written to"
        yield Finding("mail folder", "ok" if is_usable else "wrong", f"{folder}: {text}")
        return
    server = bootstrap.mailserver.place_of(url)
    yield _reached("mail server", str(server), server.host, server.port)


def _answers(session: "Session") -> Iterator[Finding]:
    """Say where answers come in, and what is missing for it."""
    settings = session.settings
    if settings.mail_answers and not settings.imap_url:
        text = (
            f"answers go to {settings.mail_answers}, and nobody reads it: set {_name('imap_url')}"
        )
        yield Finding("answers", "wrong", text)
    if settings.imap_url:
        account = bootstrap.account.parse_imap_url(settings.imap_url)
        yield _reached("mailbox", str(account), account.host, account.port)
    if settings.imap_url and not settings.mail_answers:
        text = f"a mailbox is read, and no message names it: set {_name('mail_answers')}"
        yield Finding("answers", "wrong", text)
    if not settings.base_url:
        text = f"messages have no links to answer by: set {_name('base_url')}"
        yield Finding("pages", "advice", text)
        return
    _ = session.application.stationery
    yield Finding("pages", "ok", f"{settings.base_url}, served by run or web")


def _name(setting: str) -> str:
    return f"{bootstrap.PREFIX}{setting.upper()}"


def _reached(what: str, name: str, host: str, port: int) -> Finding:
    """Return whether a server can be reached."""
    try:
        socket.create_connection((host, port), timeout=MAIL_SECONDS).close()
    except OSError as error:
        text = f"{name} cannot be reached: {error.strerror or error}; mail waits until it can"
        return Finding(what, "wrong", text)
    except UnicodeError:  # of a name that no server can have
        text = f"{name} cannot be reached: a part of its name is empty, or too long; set it right"
        return Finding(what, "wrong", text)
    return Finding(what, "ok", f"{name} can be reached (nothing was sent)")


def _database(
    session: "Session", *, is_quick: bool, tell: Callable[[int, int], None]
) -> Iterator[Finding]:
    database = bootstrap.Database(session.settings.database_url or bootstrap.default_database_url())
    if database.is_missing:
        yield Finding(
            "database", "ok", f"{database.name} is not there yet; it is made on first use"
        )
        return
    try:
        bootstrap.schema.check(database)
        version = bootstrap.schema.version(database)
    finally:
        database.close()
    yield Finding("database", "ok", f"{database.name}, at step {version}")
    yield from _moved(session)
    yield from _file_mode(database)
    yield from _keys(session)
    yield from _anchors(session)
    yield _who_acts(session)
    yield from _outbox(session)
    yield from _unheard(session)
    yield from soundness.keys(session)
    yield from soundness.room(session)
    yield from soundness.alive(session)
    yield from soundness.machines(session)
    yield from soundness.invariants(session, is_quick=is_quick, tell=tell)
    yield from _files(session)
    yield from _destructions(session)


def _who_acts(session: "Session") -> Finding:
    try:
        person = session.application.actor
    except (NotFound, InvalidInput) as error:
        return Finding("who acts", "advice", str(error))
    return Finding("who acts", "ok", f"{person.name} <{person.email}>")


def _moved(session: "Session") -> Iterator[Finding]:
    """Say whether the database was moved to another place."""
    with session.reading() as link:
        place = bootstrap.meta.get(link, bootstrap.meta.MOVED_TO)
    if place is not None:
        text = f"it was moved to {place}, and refuses changes: set database_url to that"
        yield Finding("database", "wrong", f"{text}, or peer-challenge migrate-database --undo")


def _file_mode(database: bootstrap.Database) -> Iterator[Finding]:
    path = Path(database.name)
    if database.dialect == "sqlite" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding("database", "advice", f"others may read {path}: chmod 600 {path}")


def _keys(session: "Session") -> Iterator[Finding]:
    """Say whether the keys are there, for their owner only."""
    folder = session.application.database.vault.folder
    if folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Finding("keys", "wrong", f"others may read {folder}: chmod 700 {folder}")
    else:
        yield Finding("keys", "ok", f"{folder}; no backup of the database has them")


def _anchors(session: "Session") -> Iterator[Finding]:
    """Say whether somebody outside knows the head of the audit log, and since when."""
    log = session.application.log
    anchors = log.anchors()
    if not anchors and session.settings.anchor_to:
        text = "nobody outside knows the head of the audit log until the mail to anchor_to is sent"
        yield Finding("audit log", "advice", f"{text}: peer-challenge mail list")
        return
    if not anchors:
        text = "nobody outside knows the head of the audit log: set anchor_to or anchor_file"
        yield Finding("audit log", "advice", f"{text}, or peer-challenge audit anchor FILE")
        return
    last = max(anchor.at for anchor in anchors)
    is_old = session.now.at - last > timedelta(days=2)
    text = f"last anchored on {in_words(last.astimezone(bootstrap.ZONE).date())}"
    yield Finding("audit log", "advice" if is_old else "ok", text)
    if others := log.elsewhere():
        text = f"heads of another log in {listing(others)}: if there was a restore, put that aside"
        yield Finding("audit log", "wrong", f"{text}; else somebody changed the log: audit verify")


def _outbox(session: "Session") -> Iterator[Finding]:
    at = session.now.at
    with session.reading() as link:
        rows = bootstrap.reports.mail(link)
        held = bootstrap.outbox.holding(link)
    if held is not None:
        yield Finding("outbox", "advice", f"all mail is held ({held}): peer-challenge mail release")
    stuck = [row for row in rows if row.status in ("failed", "uncertain")]
    if stuck:
        numbers = listing([str(row.id) for row in stuck])
        text = f"{count(len(stuck), 'message')} need a person ({numbers}): peer-challenge mail list"
        yield Finding("outbox", "wrong", text)
    came_in, answered = _unsettled(session)
    if came_in:
        text = f"{count(came_in, 'mail')} to be seen to: peer-challenge inbox list"
        yield Finding("inbox", "wrong", text)
    if answered:
        text = f"{count(answered, 'answer')} to settle: peer-challenge answer list"
        yield Finding("answers", "advice", text)
    old = [r for r in rows if r.status == "waiting" and r.not_before and r.not_before < at]
    text = f"{count(len(rows), 'message')}, {len(old)} waiting"
    yield Finding("outbox", "ok", text)


def _unsettled(session: "Session") -> tuple[int, int]:
    """Return how many mails and how many answers nobody has seen to."""
    with session.reading() as link:
        return bootstrap.incoming.open_count(link), len(bootstrap.answers.listed(link))


def _unheard(session: "Session") -> Iterator[Finding]:
    with session.reading() as link:
        unheard = bootstrap.reports.unheard(link)
    if unheard:
        first = unheard[0]
        text = f"{count(len(unheard), 'notice')} had nobody to go to, such as {first.notice}"
        yield Finding("notices", "advice", f"{text} of {first.reference}: fill the role")


def _files(session: "Session") -> Iterator[Finding]:
    """Say which files of documents nothing names, and which are not where they should be."""
    documents = session.application.documents
    strays, missing = documents.strays()
    if missing:
        text = f"{count(len(missing), 'file')} of documents missing in {documents.files.folder}"
        yield Finding("files", "wrong", f"{text}: restore a backup")
    if strays:
        text = f"{count(len(strays), 'file')} in {documents.files.folder} that nothing names"
        yield Finding("files", "advice", f"{text}, such as {strays[0]}: they may be deleted")


def _destructions(session: "Session") -> Iterator[Finding]:
    """Say which destructions have not come to their end, which each turn tries again."""
    half = [one for one in session.application.certificates.listed() if not one.is_finished]
    if half:
        text = f"{count(len(half), 'destruction')} not finished: {half[0].number}"
        yield Finding("destruction", "wrong", f"{text}; try: peer-challenge tick")
