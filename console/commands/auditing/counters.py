"""What published reports tell: `count`."""

import click

from console import frame, options
from console.session import Session, pass_session


@frame.command("count", example="count NOR-26 people_met 212", follow="show REF")
@options.reference
@click.argument("key")
@click.argument("number", type=int)
@options.changes
@pass_session
def count_command(session: Session, reference: str, key: str, *, number: int) -> None:
    """Say how many there were of something that reports tell.

    KEY is one of the definition's counters. A number takes the place of the one before.
    """
    from workflow.model.records.commands import RecordCounter

    session.act(reference, RecordCounter(counter=key, value=number))
