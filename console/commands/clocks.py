"""Clocks: `extend`, `pause`."""

from datetime import date, datetime
from typing import TypedDict, Unpack

import click

from console import frame, options
from console.intake.work import addressed
from console.session import Session, pass_session


class Said(TypedDict):
    """What is said of a clock."""

    end: bool
    undo: bool
    on: tuple[date, datetime | None] | None
    reason: str


class Agreed(TypedDict):
    """What was agreed about a deadline."""

    extension: str | None
    person: str | None
    day: date | None
    amount: str | None
    on: date | None
    agreement: str
    undo: bool
    reason: str


@frame.command(
    "extend",
    example='extend EAS-27 answer_request --reason "a complex request"\n'
    'extend EAS-27 answer_request more_time --by "10 days" --agreement "their e-mail of 3 March"',
    follow="explain REF TASK",
)
@options.reference
@click.argument("task")
@click.argument("extension", required=False)
@click.option("--for", "person", metavar="PERSON|DAY", help="Whose task it is, or which day's.")
@click.option("--day", type=options.DAY, help="Which day's task it is.")
@click.option("--by", "amount", metavar="TIME", help='How much, where the rule says "up to".')
@click.option("--on", type=options.DAY, help="The day on which it was agreed; else today.")
@click.option("--agreement", default="", metavar="TEXT", help="Where it is written down.")
@click.option("--undo", is_flag=True, help="The last one was recorded in error: say why.")
@options.reason
@options.changes
@pass_session
def extend_command(session: Session, reference: str, task: str, **agreed: Unpack[Agreed]) -> None:
    """Put a deadline off, as far as its rule allows.

    EXTENSION is its key in the definition, where a task has several. The limit that was there
    first is kept beside the new one.
    """
    from workflow.model.commands import ExtendDeadline

    where = addressed(session, task, who=agreed["person"], day=agreed["day"])
    command = ExtendDeadline(
        **where,
        extension=agreed["extension"],
        amount=agreed["amount"],
        on=agreed["on"] or session.now.today,
        reason=agreed["reason"],
        agreement=agreed["agreement"],
        is_void=agreed["undo"],
    )
    session.act(reference, command)


@frame.command(
    "pause",
    example='pause EAS-27 waiting_for_fee --reason "asked on the telephone"\n'
    "pause EAS-27 waiting_for_fee --end --on 2027-03-27",
    follow="show REF",
)
@options.reference
@click.argument("name")
@click.option("--end", is_flag=True, help="The clocks go on.")
@click.option("--undo", is_flag=True, help="The last pause was recorded in error: say why.")
@click.option("--on", type=options.MOMENT, help="From when; else today. With a time for hours.")
@options.reason
@options.changes
@pass_session
def pause_command(session: Session, reference: str, name: str, **said: Unpack[Said]) -> None:
    """Let clocks stand still, or go on.

    NAME is the key of a pause in the definition. Only deadlines that stop for it are put off, by
    the days for which it lasts.
    """
    from workflow.model.commands import PauseClock, ResumeClock

    on, moment = said["on"] or (session.now.today, None)
    reason = said["reason"]
    if said["end"] or said["undo"]:
        ended = ResumeClock(name=name, on=on, moment=moment, reason=reason, is_void=said["undo"])
        session.act(reference, ended)
    else:
        session.act(reference, PauseClock(name=name, on=on, moment=moment, reason=reason))
