"""Files that come in and go out."""

from contextlib import suppress
from os.path import lexists
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from workflow.model.errors import InvalidInput, NotFound, Refused
from workflow.model.records.commands import IssueDocument, RecordDocument
from workflow.model.records.events import DocumentIssued

if TYPE_CHECKING:
    from console.session import Session
    from workflow.filing.documents import Opened
    from workflow.outcomes import Outcome


class Entered(TypedDict):
    """What is said of a document that is entered."""

    location: str
    title: str
    kind: str


def enter(session: "Session", reference: str, key: str, *, file: str | None, said: Entered) -> None:
    """Enter a document, with its file where there is one; show what follows.

    Raises:
        InvalidInput: the file is too large, is empty or cannot be read.
        NotFound: there is no such file.
    """
    from console.views.plan.outcome import show_outcome

    if file is None:
        session.act(reference, RecordDocument(document=key, **said))
        return
    path = Path(file)
    place = said["location"] or path.name
    command = RecordDocument(document=key, location=place, title=said["title"], kind=said["kind"])
    application = session.application
    outcome = application.documents.add(
        reference,
        command,
        content=_content(path),
        actor=application.actor.id,
        is_dry_run=session.is_dry_run,
    )
    show_outcome(session.output, outcome)


def _content(path: Path) -> bytes:
    """Return what is in a file; one that is too large is not read."""
    from workflow.filing.documents import require_size

    try:
        require_size(path.stat().st_size)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound("file", str(path), ()) from error
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error


def issue(
    session: "Session", reference: str, key: str, *, to: tuple[str, ...], folder: str | None
) -> None:
    """Give a document out; show what follows, and write the packs where a folder is named.

    Raises:
        InvalidInput: it is no pack, or a pack has no place in the folder: nothing is given out.
    """
    command = IssueDocument(document=key, people=tuple(session.person(who).id for who in to))
    if folder is not None:
        session.application.documents.registers.require_pack(reference, key)
        _make(Path(folder), is_dry_run=session.is_dry_run)
        _require_places(session, reference, command, Path(folder))
    outcome = session.act(reference, command)
    if folder is not None and not session.is_dry_run:
        _write_packs(session, reference, key, outcome=outcome, folder=Path(folder))


def _make(folder: Path, *, is_dry_run: bool) -> None:
    """Make a folder before anything is given out, so that the packs find their place."""
    if is_dry_run:
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(f"{folder} cannot be made: {error.strerror}") from error


def _require_places(
    session: "Session", reference: str, command: IssueDocument, folder: Path
) -> None:
    """Refuse to give out packs for which a file stands in the way; a refusal is not told yet.

    Raises:
        InvalidInput: there is such a file.
    """
    from workflow.filing.documents import pack_name

    application, key = session.application, command.document
    with suppress(Refused):
        tried = application.engine.act(
            reference, command, actor=application.actor_id, is_dry_run=True
        )
        for person in _given(tried, key):
            path = folder / pack_name(tried.after, key, person)
            if lexists(path):
                raise InvalidInput(
                    f"there is a file {path} already, so nothing was given out; name another"
                    " folder with -o"
                )


def _given(outcome: "Outcome", key: str) -> list[int]:
    return [e.person for e in outcome.events if isinstance(e, DocumentIssued) and e.document == key]


def _write_packs(
    session: "Session", reference: str, key: str, *, outcome: "Outcome", folder: Path
) -> None:
    packs = session.application.documents.packs(reference, key, _given(outcome, key))
    for opened in packs.values():
        session.output.talk(f"written: {save(opened, str(folder / opened.name))}")


def save(opened: "Opened", file: str | None) -> Path:
    """Write a file where it is wanted, for its owner only; return the place.

    Raises:
        InvalidInput: there is a file already, or it cannot be written.
    """
    path = Path(file or opened.name)
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(opened.content)
    except FileExistsError:
        raise InvalidInput(f"there is a file {path} already; name another with -o") from None
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror}") from error
    return path
