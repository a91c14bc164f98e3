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


@frame.command("doctor", example="doctor\ndoctor --quick --json", follow="init")
@click.option("--quick", is_flag=True, help="Leave out what takes longer the more there is.")
@options.as_json
@click.pass_context
def doctor_command(ctx: click.Context, *, quick: bool) -> None:
    """Check the installation, what it needs, and what should never be.

    Python, SQLite, settings, database, mail server (nothing is sent), messages that are stuck,
    clocks, room on the disk; then every challenge, folded and planned anew, and the log. Changes
    nothing. Ends with 1 when something is wrong.
    """
    from console.checkup import examine
    from console.views.setting_up import show_examined

    session = ctx.ensure_object(Session)
    output = session.output_of(None)
    with output.progress("looking") as tell:
        found = examine(session, is_quick=quick, tell=tell)
    ctx.exit(show_examined(output, found))


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
