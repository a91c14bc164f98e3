"""Calendars: `calendar list`, `show`, `history`; `add`, `remove` and `refresh` change one."""

from datetime import date

import click

from console import frame, options
from console.session import Session, pass_session


@frame.group("calendar")
def calendar_command() -> None:
    """The holidays that working days skip."""


@calendar_command.command("list", example="calendar list", follow="calendar show NAME")
@options.as_json
@pass_session
def list_calendars(session: Session) -> None:
    """List the calendars that are kept, and since when each is as it is."""
    import bootstrap
    from console.views.calendars import show_calendars

    with session.reading() as link:
        kept = [
            bootstrap.calendars.history(link, name)[-1] for name in bootstrap.calendars.names(link)
        ]
    show_calendars(session.output, kept, people=session.people())


@calendar_command.command(
    "show", example="calendar show scotland --year 2027", follow="calendar history NAME"
)
@click.argument("name", metavar="NAME")
@click.option("--year", type=click.IntRange(2000, 2100), help="Only this year; else two years.")
@options.as_json
@pass_session
def show_calendar(session: Session, name: str, *, year: int | None) -> None:
    """Show the holidays of a calendar, of this year and the next or of one year.

    NAME is england_and_wales, scotland, northern_ireland or any_uk, or a country by its ISO code,
    perhaps with a part of it, such as IE or DE-BY.
    """
    import bootstrap
    from console.views.calendars import show_holidays

    this_year = session.now.today.year
    with session.reading() as link:
        found = bootstrap.calendars.latest(link, name)
    show_holidays(session.output, found, years=[year] if year else [this_year, this_year + 1])


@calendar_command.command(
    "add",
    example='calendar add scotland "10 May 2027" "Day of Thanks" --reason "proclaimed"',
    follow="calendar history NAME",
)
@click.argument("name", metavar="NAME")
@click.argument("day", metavar="DATE", type=options.DAY)
@click.argument("title", metavar="TITLE")
@options.needed_reason
@options.changes
@pass_session
def add_holiday(session: Session, *, name: str, day: date, title: str, reason: str) -> None:
    """Add a holiday, and move every deadline that hangs on it.

    With --dry-run all challenges that go on are looked at, and nothing is changed.
    """
    from console.intake.calendars import amendment, carry_out
    from console.views.calendars import show_changes

    told = carry_out(session, [amendment(name, reason, adds={day: title})])
    show_changes(session.output, told, people=session.people(), is_dry_run=session.is_dry_run)


@calendar_command.command(
    "remove",
    example='calendar remove scotland 2027-05-10 --reason "called off"',
    follow="calendar history NAME",
)
@click.argument("name", metavar="NAME")
@click.argument("day", metavar="DATE", type=options.DAY)
@options.needed_reason
@options.changes
@pass_session
def remove_holiday(session: Session, name: str, day: date, *, reason: str) -> None:
    """Remove a holiday, and move every deadline that hangs on it."""
    from console.intake.calendars import amendment, carry_out
    from console.views.calendars import show_changes

    told = carry_out(session, [amendment(name, reason, removes=[day])])
    show_changes(session.output, told, people=session.people(), is_dry_run=session.is_dry_run)


@calendar_command.command(
    "refresh",
    example="calendar refresh\ncalendar refresh scotland --from holidays.csv",
    follow="calendar list",
)
@click.argument("name", metavar="[NAME]", required=False)
@click.option(
    "--from", "file", metavar="FILE", type=click.Path(dir_okay=False),
    help="A CSV or XLSX file with the columns date and name; else the list that is built in.",
)  # fmt: skip
@click.option("--reason", default="", metavar="TEXT", help="Why; it stays in the history.")
@options.changes
@pass_session
def refresh_calendars(session: Session, name: str | None, *, file: str | None, reason: str) -> None:
    """Bring a calendar, or all that are kept, to what the official list has.

    Only what differs is changed. A file counts for its years only, and no past day is removed.
    """
    from console.intake.calendars import carry_out, differences
    from console.views.calendars import show_changes

    told = carry_out(session, differences(session, name, file, reason=reason))
    show_changes(session.output, told, people=session.people(), is_dry_run=session.is_dry_run)


@calendar_command.command(
    "history", example="calendar history scotland", follow="calendar show NAME"
)
@click.argument("name", metavar="NAME")
@options.as_json
@pass_session
def show_history_of(session: Session, name: str) -> None:
    """Show how a calendar became what it is, version by version."""
    import bootstrap
    from console.views.calendars import show_versions

    with session.reading() as link:
        bootstrap.calendars.latest(link, name)
        kept = bootstrap.calendars.history(link, name)
    show_versions(session.output, name, kept, people=session.people())
