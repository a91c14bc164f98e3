"""Starting challenges: `new`, `import`."""

from typing import TypedDict, Unpack

import click

from console import frame, options
from console.session import Session, pass_session


class Beginning(TypedDict):
    """What is said of a new challenge."""

    definition: str
    title: str
    client: str
    dates: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    concerns: tuple[str, ...]


@frame.command(
    "new",
    example='new EAS-27 --definition local_system_peer_challenge --title "Eastvale" '
    '--client "Eastvale system"\n'
    "new EAS-27 … --date onsite_start=2027-03-16 --date onsite_end=2027-03-19 "
    "--role challenge_manager=manager.two@example.test\n"
    'new LOSS-1 --definition data_breach --concerns EAS-27 --title "Lost notebook" '
    '--client "Eastvale system" --date aware=2027-03-17T16:00',
    follow="show REF",
)
@options.reference
@click.option(
    "--definition", required=True, metavar="NAME", help="Its name, or a file of your own."
)
@click.option("--title", required=True, metavar="TEXT", help="What people call it.")
@click.option("--client", required=True, metavar="TEXT", help="Who is visited.")
@click.option(
    "--date", "dates", type=options.PAIR, multiple=True, help="KEY=DATE; may be repeated."
)
@click.option(
    "--role", "roles", type=options.PAIR, multiple=True, help="ROLE=PERSON; may be repeated."
)
@click.option("--concerns", multiple=True, metavar="REF", help="What it is about; may be repeated.")
@options.changes
@pass_session
def new_command(session: Session, reference: str, **said: Unpack[Beginning]) -> None:
    """Start a challenge."""
    from console.intake.challenges import begun
    from console.views.plan.outcome import show_outcome

    application = session.application
    challenge = begun(session, reference, dict(said))
    outcome = application.engine.start(
        challenge, actor=application.actor.id, is_dry_run=session.is_dry_run
    )
    show_outcome(session.output, outcome)


@frame.command("import", example="import challenges.csv --dry-run", follow="list")
@click.argument("file", type=click.Path(dir_okay=False))
@options.changes
@pass_session
def import_command(session: Session, file: str) -> None:
    """Start many challenges from a CSV or XLSX file: all or nothing.

    The columns are reference, title, client, definition, and as many date:KEY and role:ROLE as
    you like; concerns names challenges that it is about. Every row that cannot be used is named,
    with its column and the reason.
    """
    from console.intake.challenges import import_challenges
    from console.views.starting import show_imported

    outcomes = import_challenges(session, file)
    show_imported(session.output, outcomes, is_dry_run=session.is_dry_run)
