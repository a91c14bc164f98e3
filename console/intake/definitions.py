"""Definitions by name or by file: found, kept in the database, copied to begin from."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import bootstrap
from workflow.model.errors import InvalidDefinition, InvalidInput, NotFound, Problem

if TYPE_CHECKING:
    from console.session import Session

BEGUN_FROM = "local_system_peer_challenge"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_NAME_LINE = re.compile(r"(?m)^definition:.*$")
_NUMBER = re.compile(r"[0-9]+")
_VERSION_LINE = re.compile(r"^version:", re.MULTILINE)


def is_file_name(name: str) -> bool:
    """Return whether a definition is named by its file."""
    return name.endswith((".yaml", ".yml")) or os.sep in name


def choose_definition(application: bootstrap.Application, name: str) -> bootstrap.library.Offered:
    """Return a definition by its name, by `NAME@VERSION` or by its file, as the engine takes it.

    Raises:
        NotFound: there is no such definition.
        InvalidDefinition: the file has problems, or changes a version that is in use.
    """
    if is_file_name(name):
        loaded = bootstrap.loader.load_file(name)
        _refuse_changed_version(application, loaded, file=name)
        return _offered(loaded)
    name, at, version = name.partition("@")
    shipped = bootstrap.loader.shipped()
    with application.database.reading() as link:
        kept = bootstrap.library.listed(link)
        latest = bootstrap.library.latest(link, name)
    if at:
        versions = {one.version: one.content_hash for one in kept if one.name == name}
        if version not in versions:
            raise NotFound(f"version of {name}", version, versions)
        return bootstrap.library.Offered(versions[version])
    if name in shipped:
        wanted = bootstrap.loader.content_hash(bootstrap.loader.read_shipped(name))
        if wanted not in {one.content_hash for one in kept}:
            loaded = bootstrap.loader.load(name)
            versions = {one.content_hash: one.version for one in kept}
            if latest is None or not _is_above(versions[latest], loaded.definition.version):
                return _offered(loaded)
    if latest is None:
        raise NotFound("definition", name, dict.fromkeys([*shipped, *(one.name for one in kept)]))
    return bootstrap.library.Offered(latest)


def _is_above(version: str, other: str) -> bool:
    """Return whether a version is higher than another: 2.0 than 1.0, 1.10 than 1.9."""
    first, second = ([*map(int, _NUMBER.findall(one))] for one in (version, other))
    return first > second


def _offered(loaded: "bootstrap.loader.Loaded") -> bootstrap.library.Offered:
    return bootstrap.library.Offered(loaded.content_hash, loaded.definition, loaded.text)


def _refuse_changed_version(
    application: bootstrap.Application, loaded: "bootstrap.loader.Loaded", *, file: str
) -> None:
    """Refuse a file that says something else under a name and version that challenges have."""
    name, version = loaded.definition.definition, loaded.definition.version
    with application.database.reading() as link:
        used = {
            one.content_hash
            for one in bootstrap.library.listed(link)
            if (one.name, one.version) == (name, version) and one.challenges
        }
    if used and loaded.content_hash not in used:
        place = _VERSION_LINE.search(loaded.text)
        line = loaded.text.count("\n", 0, place.start()) + 1 if place else 1
        text = f'"{version}" of {name} is in use with another text; give this one another version'
        raise InvalidDefinition([Problem(file, line, 1, "version", text)])


def text_of(session: "Session", name: str) -> str:
    """Return the text of a definition by its name or its file.

    Raises:
        NotFound: there is no such definition.
    """
    if is_file_name(name):
        return bootstrap.loader.load_file(name).text
    if name in bootstrap.loader.shipped():
        return bootstrap.loader.read_shipped(name)
    content_hash = choose_definition(session.application, name).content_hash
    with session.reading() as link:
        return bootstrap.library.text_of(link, content_hash)


def read_definition(session: "Session", name: str) -> "bootstrap.loader.Loaded":
    """Return a definition by its name or its file, to look at.

    One that is kept was checked when it was entered, and is not checked again: what challenges run
    under can be looked at, whatever a later linter says of it.

    Raises:
        NotFound: there is no such definition.
        InvalidDefinition: the file has problems.
    """
    if is_file_name(name):
        return bootstrap.loader.load_file(name)
    if name in bootstrap.loader.shipped():
        return bootstrap.loader.load(name)
    content_hash = choose_definition(session.application, name).content_hash
    with session.reading() as link:
        definition = bootstrap.library.fetch(link, content_hash)
        text = bootstrap.library.text_of(link, content_hash)
    return bootstrap.loader.Loaded(definition, text, content_hash)


def write_copy(session: "Session", name: str, *, file: str | None, origin: str | None) -> Path:
    """Write a copy of the definition `origin` under a new name; return where.

    Without one it is a copy of what comes with the program under the name, or of `BEGUN_FROM`.

    Raises:
        InvalidInput: the name cannot be used, or the file is there already.
        NotFound: there is no such definition to begin from.
    """
    if not _KEY.fullmatch(name):
        example = "allowed are small letters, digits and _, such as my_programme"
        raise InvalidInput(f'"{name}" cannot name a definition: {example}')
    if origin is None:
        origin = name if name in bootstrap.loader.shipped() else BEGUN_FROM
    text = _NAME_LINE.sub(f"definition: {name}", text_of(session, origin), count=1)
    path = Path(file or f"{name}.yaml")
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise InvalidInput(f"{path} is there already; name another file") from error
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror or error}") from error
    return path
