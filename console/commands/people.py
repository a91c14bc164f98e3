"""The people who work on challenges: `person add`, `list`, `import`, `change`, `mail`, `away`."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from console import frame, options
from console.session import Session, confirm_destruction, pass_session, require_own

if TYPE_CHECKING:
    import bootstrap
    from workflow.model.people import Person

RHYTHMS = ("at_once", "daily", "urgent_at_once")


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
    """List the people whom you may see: all, or those on a team with you."""
    from console.views.people import show_people

    seen = session.application.access.acquainted(session.application.actor.id)
    people = [one for one in session.people().values() if seen is None or one.id in seen]
    show_people(session.output, people)


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


class Changes(TypedDict):
    """What is said anew of a person; None: it stays."""

    name: str | None
    email: str | None
    organisation: str | None
    phone: str | None


@person_command.command(
    "change",
    example="person change jo.bell@council.example --email jo.bell@trust.example",
    follow="mail retry --to PERSON",
)
@click.argument("person")
@click.option("--name", help="Another name.")
@click.option("--email", help="Another address; mail that was refused may go there again.")
@click.option("--organisation", help="Where the person works now.")
@click.option("--phone", help="Another telephone number.")
@options.changes
@pass_session
def change_person(session: Session, person: str, **said: Unpack[Changes]) -> None:
    """Change what is known of a person."""
    from console.intake import people
    from console.views.people import show_changed

    found = session.person(person)
    given = {name: value for name, value in said.items() if isinstance(value, str)}
    is_dry_run = session.is_dry_run
    changed = people.change_person(session.application, found, given, is_dry_run=is_dry_run)
    show_changed(session.output, changed, is_dry_run=is_dry_run)


@person_command.command(
    "mail",
    example="person mail jo.bell@council.example --rhythm daily --at 08:00",
    follow="person away PERSON --from DATE",
)
@click.argument("person")
@click.option(
    "--rhythm", type=click.Choice(RHYTHMS),
    help="At once; all in one daily message; or what is urgent at once and the rest daily.",
)  # fmt: skip
@click.option("--at", metavar="HH:MM", help="When the daily message goes: 08:00 if not set.")
@options.changes
@pass_session
def mail_preference(session: Session, person: str, *, rhythm: str | None, at: str | None) -> None:
    """Show how a person whom you may see is written to, or change it."""
    from console.intake import preferences

    found = session.person(person)
    if rhythm or at:
        require_own(session, found)
        known = preferences.set_rhythm(session, found, rhythm=rhythm, at=at)
    else:
        seen = session.application.access.acquainted(session.application.actor.id)
        if seen is not None and found.id not in seen:
            require_own(session, found)
        known = preferences.read(session, found)
    _show(session, found, known)


@person_command.command(
    "away",
    example="person away jo.bell@council.example --from 2027-03-01 --until 2027-03-12"
    " --stand-in al.day@council.example",
    follow="person back PERSON",
)
@click.argument("person")
@click.option("--from", "since", type=options.DAY, metavar="DATE", help="The first day away.")
@click.option("--until", type=options.DAY, metavar="DATE", help="The last day away, if known.")
@click.option("--stand-in", metavar="PERSON", help="Who gets their mail meanwhile.")
@options.changes
@pass_session
def away_preference(
    session: Session, person: str, *, since: date | None, until: date | None, stand_in: str | None
) -> None:
    """Note that a person is away, from today if no day is given.

    Their mail goes to the stand-in. Without one it waits until they are back; what is urgent goes
    to them all the same.
    """
    from console.intake import preferences

    found = session.person(person)
    require_own(session, found)
    known = preferences.set_away(session, found, since=since, until=until, stand_in=stand_in)
    _show(session, found, known)


@person_command.command(
    "back", example="person back jo.bell@council.example", follow="person mail PERSON"
)
@click.argument("person")
@options.changes
@pass_session
def back_preference(session: Session, person: str) -> None:
    """Note that a person is back: what waited for them goes with the next round."""
    from console.intake import preferences

    found = session.person(person)
    require_own(session, found)
    _show(session, found, preferences.set_back(session, found))


@person_command.command(
    "forget",
    example='person forget jo.bell@council.example --reason "she asks for it" --yes',
    follow="certificate show NUMBER",
)
@click.argument("person")
@options.needed_reason
@options.sure
@options.changes
@pass_session
def forget_person(session: Session, person: str, *, reason: str) -> None:
    """Make a person unknown for good: name, addresses, and what was said of them.

    Refused while they are on a challenge, have something to confirm, or are under a hold.
    """
    from console.views.people import show_forgotten

    found = session.person(person)
    forgetting = session.application.forgetting
    if session.is_dry_run:
        forgetting.foresee(found.id)
        show_forgotten(session.output, found, None)
        return
    if not session.is_sure:
        forgetting.foresee(found.id)  # a refusal comes before the question
    confirm_destruction(
        session, f"Forget {found.name}? Nobody can bring back what is known of them."
    )
    actor = session.application.actor.id
    show_forgotten(session.output, found, forgetting.forget(found.id, reason, actor=actor))


def _show(session: Session, person: "Person", known: "bootstrap.preferences.Preference") -> None:
    from console.views.people import show_preference

    people, is_dry_run = session.people(), session.is_dry_run
    show_preference(session.output, person, known, people=people, is_dry_run=is_dry_run)
