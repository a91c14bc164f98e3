"""To another place with all of it: `migrate-database`."""

from typing import TYPE_CHECKING

import click

from console import frame, options
from console.session import Session, pass_session

if TYPE_CHECKING:
    from workflow.backing_up.moving import Moving


@frame.command(
    "migrate-database",
    example="migrate-database --to postgresql://user@host/challenges --dry-run\n"
    "migrate-database --to postgresql://user@host/challenges\nmigrate-database --undo",
    follow="doctor",
)
@click.option("--to", metavar="URL", default="", help="Where to: an empty database.")
@click.option("--undo", is_flag=True, help="Use the database again where it was; mail is held.")
@options.sure
@options.changes
@pass_session
def migrate_database_command(session: Session, *, to: str, undo: bool) -> None:
    """Move the whole database to another place, such as from SQLite to PostgreSQL.

    Nobody else can write meanwhile. The copy counts when every row in it is the same and its log is
    intact; then the old place refuses changes and names the new one. Keys and files stay.
    """
    from console.views.records.moving import show_look, show_moved, show_taken_back

    moving = _moving(session, to, is_undo=undo)
    output, source = session.output, moving.source.name
    if undo:
        session.confirm(f"Work in {source} again? Nobody may work in its copy then.")
        place = moving.take_back(is_dry_run=session.is_dry_run)
        show_taken_back(output, source, place, is_dry_run=session.is_dry_run)
        return
    if session.is_dry_run:
        show_look(output, moving.look())
        return
    session.confirm(f"Move {source} to {moving.target.name}, and close it where it is?")
    with output.progress("copying") as tell:
        moved = moving.move(say=output.talk, on_progress=tell)
    show_moved(output, moved, source)


def _moving(session: Session, to: str, *, is_undo: bool) -> "Moving":
    """Return what moves the database, which goes with its keys."""
    import bootstrap
    from workflow.backing_up.moving import Moving

    if is_undo == bool(to):
        raise click.UsageError("say where to, with --to URL; or take it back, with --undo")
    application = session.application
    source = application.database
    target = bootstrap.Database(to or source.url, vault=source.vault)
    target.session = source.session
    click.get_current_context().call_on_close(target.close)
    return Moving(source, target, application.clock, actor=application.actor.id)
