"""What is said of a migration, made ready for the engine."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from console.intake.definitions import choose_definition, is_file_name
from workflow.migrating.migrations import Report
from workflow.migrating.rounds import Request
from workflow.model.decisions.mapping import Renaming
from workflow.model.errors import InvalidInput

if TYPE_CHECKING:
    from console.session import Session


def migrated(session: "Session", name: str, said: Mapping[str, Any]) -> Report:
    """Carry out a migration or its undoing, or with --dry-run show what it would bring.

    Raises:
        Refused, NotFound, InvalidInput, InvalidDefinition: as the commands beneath.
    """
    application = session.application
    with session.output.progress("challenges") as say:
        request = _request(session, said, say)
        if not said["is_undone"]:
            return application.migrations.migrate(choose_definition(application, name), request)
        if said["keys"] or said["roles"]:
            raise InvalidInput("--undo takes no --map: what was renamed gets its old name back")
        return application.migrations.undo(_name(name), request)


def _request(
    session: "Session", said: Mapping[str, Any], say: Callable[[int, int], None]
) -> Request:
    return Request(
        actor=session.application.actor.id,
        reason=said["reason"],
        references=tuple(dict.fromkeys(said["references"])),
        renaming=Renaming(keys=_once(said["keys"]), roles=_once(said["roles"])),
        is_dry_run=session.is_dry_run,
        on_progress=say,
    )


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return pairs as a mapping, unless something is mapped twice."""
    found: dict[str, str] = {}
    for old, new in pairs:
        if old in found:
            raise InvalidInput(f"{old} is mapped twice: to {found[old]} and to {new}")
        found[old] = new
    return found


def _name(name: str) -> str:
    """Return the name of a definition that is named by its file, with its version, or by itself."""
    import bootstrap

    if is_file_name(name):
        return bootstrap.loader.load_file(name).definition.definition
    return name.partition("@")[0]
