"""Templates by folder and by notice: which definitions use them, copies, a message to look at."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import bootstrap
from console.views.correspondence.templates import Previewed
from console.words import listing
from workflow.model.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from console.session import Session
    from workflow.model.definition import Definition


def known_definitions(session: "Session") -> "dict[str, Definition]":
    """Return the definitions that come with the program, and those that are kept, newest last."""
    loader = bootstrap.loader
    found = {name: loader.load(name).definition for name in loader.shipped()}
    url = session.settings.database_url or bootstrap.default_database_url()
    database = bootstrap.Database(url)
    try:
        if database.is_missing:
            return found
        bootstrap.schema.check(database)
        with database.reading() as link:
            kept = [one for one in bootstrap.library.listed(link) if one.challenges]
            used = [bootstrap.library.fetch(link, one.content_hash) for one in kept]
    finally:
        database.close()
    for definition in used:
        if definition != found.get(definition.definition):
            found[f"{definition.definition}@{definition.version}"] = definition
    return found


def own_names(session: "Session") -> frozenset[str]:
    """Return the names of the templates in the folder of the settings; none without one."""
    folder = session.settings.templates
    if not folder:
        return frozenset()
    return frozenset(path.name for path in bootstrap.templates.files_of(Path(folder)))


def check_target(session: "Session", folder: str | None) -> Path:
    """Return the folder to check.

    Raises:
        InvalidInput: none is named, neither here nor in the settings.
    """
    named = folder or session.settings.templates
    if not named:
        text = f"name the folder of your templates, or set {bootstrap.PREFIX}TEMPLATES"
        raise InvalidInput(f"{text}; peer-challenge template export --to FOLDER makes one")
    return Path(named)


def export(
    notices: Iterable[str], folder: str, *, known: "Mapping[str, Definition]", is_sure: bool
) -> list[Path]:
    """Write copies of the templates of notices, of all where none is named; return where.

    Raises:
        NotFound: there is no such notice.
        InvalidInput: a copy is there already, or it cannot be written; nothing is written then.
    """
    shipped = {name.partition(".")[0] for name in bootstrap.templates.shipped_names()}
    every = {key for one in known.values() for key in one.notices} | shipped
    wanted = list(dict.fromkeys(notices)) or sorted(shipped)
    for notice in wanted:
        if notice not in every:
            raise NotFound("notice", notice, sorted(every))
    texts = {
        Path(folder) / name: text
        for notice in wanted
        for name, text in bootstrap.templates.copies_of(notice).items()
    }
    there = [path.name for path in texts if os.path.lexists(path)]
    if there and not is_sure:
        text = f"{folder} has {listing(there)} already"
        raise InvalidInput(f"{text}; name another folder, or write over them with --yes")
    return [_write(path, text) for path, text in texts.items()]


def _write(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror or error}") from error
    return path


def write_html(file: str, text: str) -> None:
    """Write the HTML of a message into a file.

    Raises:
        InvalidInput: it cannot be written.
    """
    _write(Path(file), text)


def previewed(
    session: "Session", reference: str, notice: str, *, to: int | None, task: str
) -> Previewed:
    """Return a message as it would be now.

    Raises:
        NotFound: there is no such challenge, notice or task.
        InvalidInput: nobody would get it.
        UnsendableMessage: its templates fail.
    """
    at = session.now.at
    with session.reading() as link:
        preview = bootstrap.briefs.preview_brief(link, reference, notice, to=to, task=task, at=at)
    message = bootstrap.office.preview(preview.brief, session.application.stationery)
    return Previewed(
        reference=reference,
        notice=notice,
        recipient=preview.brief.recipient,
        told=preview.told,
        is_bare=preview.is_bare,
        message=message,
    )
