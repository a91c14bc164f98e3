"""The people who work on challenges: `person add`, `person list`, `person import`."""

from typing import TypedDict, Unpack

import click

from console import frame, options
from console.session import Session, pass_session


class Facts(TypedDict):
    """What is said of a new person."""

    name: str
    email: str
    organisation: str
    phone: str
    capabilities: tuple[str, ...]
    administrator: bool


@frame.group("person")
def person_command() -> None:
    """The people who work on challenges."""


@person_command.command(
    "add",
    example='person add "Jo Bell" jo.bell@council.example --can elected_member',
    follow="person list",
)
@click.argument("facts", nargs=-1, metavar="[NAME] [EMAIL]")
@click.option("--name", default="", help="The name, where it is not given as an argument.")
@click.option("--email", default="", help="The address, where it is not given as an argument.")
@click.option("--organisation", default="", help="Where the person works.")
@click.option("--phone", default="", help="A telephone number.")
@click.option(
    "--can", "--capability", "capabilities", multiple=True, metavar="CAPABILITY",
    help="What they may be asked for, such as chief_executive; may be repeated.",
)  # fmt: skip
@click.option("--administrator", is_flag=True, help="May do everything.")
@options.changes
@pass_session
def add_person(session: Session, facts: tuple[str, ...], **said: Unpack[Facts]) -> None:
    """Add a person."""
    from console.intake import people
    from console.views.people import show_added

    given = people.read_arguments(facts, dict(said))
    added = people.add_person(session.application, given, is_dry_run=session.is_dry_run)
    show_added(session.output, added, is_dry_run=session.is_dry_run)


@person_command.command("list", example="person list --json", follow="person add NAME EMAIL")
@options.as_json
@pass_session
def list_people(session: Session) -> None:
    """List the people."""
    from console.views.people import show_people

    show_people(session.output, list(session.people().values()))


@person_command.command("import", example="person import people.csv", follow="person list")
@click.argument("file", type=click.Path(dir_okay=False))
@options.changes
@pass_session
def import_people(session: Session, file: str) -> None:
    """Add many people from a CSV or XLSX file: all or nothing.

    The columns are name, email, organisation, phone and capabilities (several with spaces or
    semicolons between them).
    """
    from console.intake import people
    from console.views.people import show_added

    added = people.import_people(session.application, file, is_dry_run=session.is_dry_run)
    show_added(session.output, added, is_dry_run=session.is_dry_run)
