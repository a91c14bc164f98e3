"""The beginning: `init`, `doctor`, `demo`."""

import click

from console import frame, options
from console.session import Session, pass_session


@frame.command("init", example="init\ninit --rehearsal", follow="definition list")
@click.option("--rehearsal", is_flag=True, help="Nothing in it is real, and its clock can be set.")
@options.as_json
@pass_session
def init_command(session: Session, *, rehearsal: bool) -> None:
    """Make the database, or bring it up to date.

    Whoever makes it is its first administrator. In a rehearsal PEER_CHALLENGE_NOW sets the time.
    """
    import bootstrap
    from console.views.setting_up import show_made

    application = bootstrap.make_database(session.settings, is_rehearsal=rehearsal)
    show_made(session.output_of(application), application)
    application.database.close()


@frame.command("doctor", example="doctor", follow="init")
@options.as_json
@click.pass_context
def doctor_command(ctx: click.Context) -> None:
    """Check the installation and what it needs.

    Python, SQLite, settings, database, mail server (nothing is sent), messages that are stuck,
    and what should never be. Ends with 1 when something is wrong.
    """
    from console.checkup import examine
    from console.views.setting_up import show_examined

    session = ctx.ensure_object(Session)
    ctx.exit(show_examined(session.output_of(None), examine(session)))


@frame.command("demo", example="demo\ndemo --keep demo-folder", follow="init --rehearsal")
@click.option("--keep", metavar="FOLDER", help="Keep the rehearsal there, to go on by yourself.")
@pass_session
def demo_command(session: Session, keep: str | None) -> None:
    """Watch a whole challenge in a rehearsal.

    Invented people, four challenges, one of which goes wrong, and a mail server of its own:
    nothing leaves this machine.
    """
    from console.demo.performance import perform

    perform(session, keep)
