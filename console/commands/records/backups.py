"""Copies of everything, and back again: `backup`, `restore`."""

from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from console import frame, options
from console.session import Session, confirm_destruction, pass_session

if TYPE_CHECKING:
    from workflow.backing_up.restoring import Wanted


class Said(TypedDict):
    """What is said of a restore."""

    to: str
    replace: bool
    keys: str | None
    anchors: tuple[str, ...]


@frame.command(
    "backup",
    example="backup /media/backups\nbackup before-the-move.db --files\n"
    "backup --keys /media/safe/keys.tar",
    follow="restore FILE",
)
@click.argument("place", metavar="FOLDER|FILE", type=click.Path())
@click.option("--files", "with_files", is_flag=True, help="Copy the stored files, too, encrypted.")
@click.option("--keys", "is_keys", is_flag=True, help="Copy the keys instead; this does not last.")
@options.changes
@pass_session
def backup_command(session: Session, place: str, *, with_files: bool, is_keys: bool) -> None:
    """Copy the whole database while it is used, and look the copy through.

    In a folder the file is named after its day, its tables and the head of the log. Keys are not in
    it: without them nobody reads a name, and what is destroyed stays so. Copy them apart.
    """
    from pathlib import Path

    from console.views.records.backups import show_backup, show_keys

    output, backups = session.output, session.application.backups
    if is_keys:
        show_keys(output, backups.copy_keys(Path(place), is_dry_run=session.is_dry_run))
        return
    with output.progress("copying") as tell:
        made = backups.make(
            Path(place), with_files=with_files, is_dry_run=session.is_dry_run, on_progress=tell
        )
    show_backup(output, made)


@frame.command(
    "restore",
    example="restore /media/backups/challenges-20270327T020000Z-0005-1eac17ae.db --dry-run\n"
    "restore FILE --replace\nrestore FILE --to sqlite:////srv/drill.db --keys keys.tar\n"
    "restore --keys keys.tar",
    follow="mail list --status uncertain",
)
@click.argument("file", type=click.Path(dir_okay=False), required=False)
@click.option("--to", metavar="URL", default="", help="Where to, if not to the usual database.")
@click.option("--replace", is_flag=True, help="Take the place of what is there; it is kept aside.")
@click.option("--keys", metavar="FILE", type=click.Path(dir_okay=False), help="A copy of the keys.")
@click.option(
    "--anchors", multiple=True, metavar="FILE", help="Heads of the log, kept outside; several."
)
@options.sure
@options.changes
@pass_session
def restore_command(session: Session, file: str | None, **said: Unpack[Said]) -> None:
    """Put a backup in the place of the database, when all of it is well.

    It is checked, what was destroyed since is destroyed again, and all mail is held: what may have
    been sent since waits until a person says so. Nothing is touched if anything is wrong.

    With --keys alone, keys that are missing are put back, and nothing else.
    """
    import bootstrap
    from console.views.records.backups import show_look, show_restored

    if not file:
        _put_back_keys(session, said)
        return
    restoring = bootstrap.restoring(session.settings, to=said["to"])
    wanted, output = _wanted(file, said), session.output_of(None)
    if session.is_dry_run:
        show_look(output, restoring.look(wanted).made_at.isoformat(), file)
        return
    question = f"Put {file} in the place of {restoring.target.name}?"
    if said["replace"]:
        confirm_destruction(session, question)
    else:
        session.confirm(question)
    show_restored(output, restoring.restore(wanted, say=output.talk))


def _put_back_keys(session: Session, said: Said) -> None:
    """Put back keys that are missing, where no backup is named."""
    from pathlib import Path

    from console.views.records.backups import show_keys_back

    if not said["keys"] or said["to"] or said["replace"] or said["anchors"]:
        raise click.UsageError("say which FILE to restore; or --keys FILE alone, for missing keys")
    if session.is_dry_run:
        raise click.UsageError("keys alone cannot be put back with --dry-run: doctor counts them")
    show_keys_back(session.output, session.application.backups.put_back_keys(Path(said["keys"])))


def _wanted(file: str, said: Said) -> "Wanted":
    from pathlib import Path

    from workflow.backing_up.restoring import Wanted

    return Wanted(
        file=Path(file),
        keys=Path(said["keys"]) if said["keys"] else None,
        anchors=tuple(map(Path, said["anchors"])),
        is_replacing=said["replace"],
    )
