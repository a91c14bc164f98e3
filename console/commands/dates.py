"""Dates: `date`."""

import click

from console import frame, options
from console.session import Session, pass_session


@frame.command(
    "date",
    example="date EAS-27 onsite_start 2027-03-23 --dry-run\n"
    'date EAS-27 onsite_end "26 March 2027" --reason "the client asked"',
    follow="show REF",
)
@options.reference
@click.argument("key")
@click.argument("day", metavar="DATE")
@click.option(
    "--actual/--planned", "is_actual", default=None,
    help="It has happened, or is only planned; without either, what is not in the future has.",
)  # fmt: skip
@options.reason
@options.changes
@pass_session
def date_command(
    session: Session, reference: str, key: str, *, day: str, is_actual: bool | None, reason: str
) -> None:
    """Set or move a date, and see what follows.

    With a time, as 2027-03-27T09:00, where the definition counts in hours.
    """
    from workflow.model.commands import SetDate

    on, at = options.day_and_moment(day)
    command = SetDate(key=key, on=on, moment=at, is_actual=is_actual, reason=reason)
    session.act(reference, command)
