"""The work itself: `done`, `waive`, `hold`."""

from datetime import date
from typing import Unpack

import click

from console import frame, options
from console.intake.work import Held, Said, addressed, completion, placing, reopening
from console.session import Session, pass_session

for_person = click.option(
    "--for",
    "person",
    metavar="PERSON|DAY",
    help="Whose task it is; or a day, of a task of several days.",
)
for_day = click.option("--day", type=options.DAY, help="Which day's task it is.")


@frame.command(
    "done",
    example="done EAS-27 call_peer --for peer.four@example.test\n"
    'done EAS-27 draft_report --evidence "version=1 sent_to=client.one@example.test"\n'
    "done EAS-27 destroy_notes --attest laptop=wiped@2027-03-30 --attest loose_paper=shredded\n"
    'done EAS-27 timetable --undo --reason "it was the wrong one"',
    follow="tasks REF",
)
@options.reference
@click.argument("task")
@for_person
@for_day
@click.option(
    "--on", type=options.MOMENT, help="The day on which it was done; with a time where hours count."
)
@click.option("--by", metavar="PERSON", help="Who did it, where that is somebody else.")
@click.option(
    "--evidence",
    multiple=True,
    metavar="TEXT",
    help="What shows it, in your words or as NAME=…; may be repeated.",
)
@click.option(
    "--attest",
    "attested",
    multiple=True,
    metavar="ITEM[=METHOD][@DATE]",
    help="One thing confirmed, of what is destroyed how and when; may be repeated.",
)
@click.option("--undo", is_flag=True, help="It is not done after all: say why with --reason.")
@options.reason
@options.changes
@pass_session
def done_command(session: Session, reference: str, task: str, **said: Unpack[Said]) -> None:
    """Record that a task is done.

    TASK is the key of the definition, or as `tasks` shows it, with a person's id or a day.
    """
    if said["undo"]:
        session.act(reference, reopening(session, task, said=said))
    else:
        session.act(reference, completion(session, reference, task, said=said))


@frame.command(
    "waive",
    example='waive EAS-27 evening_meeting --reason "the team met at lunch"',
    follow="show REF",
)
@options.reference
@click.argument("task")
@for_person
@for_day
@options.needed_reason
@options.changes
@pass_session
def waive_command(
    session: Session,
    reference: str,
    task: str,
    *,
    person: str | None,
    day: date | None,
    reason: str,
) -> None:
    """Say that a task is not to be done.

    It blocks nothing any more. The audit shows who said so, and why.
    """
    from workflow.model.commands import WaiveTask

    session.act(
        reference, WaiveTask(**addressed(session, task, who=person, day=day), reason=reason)
    )


@frame.command(
    "hold",
    example='hold EAS-27 "FOI 2027-12" --reason "a request for what is held"\n'
    'hold EAS-27 "SAR 3" --person peer.four@example.test --reason "a request of theirs"\n'
    'hold EAS-27 "FOI 2027-12" --lift --reason "answered"',
    follow="show REF",
)
@options.reference
@click.argument("name")
@click.option(
    "--task", "tasks", multiple=True, metavar="TASK", help="Only these tasks; may be repeated."
)
@click.option(
    "--rule",
    "rules",
    multiple=True,
    metavar="RULE",
    help="Only what these rules of retention keep.",
)
@click.option(
    "--person", "people", multiple=True, metavar="PERSON", help="Of tasks, only these people's."
)
@click.option("--lift", is_flag=True, help="End the hold.")
@options.needed_reason
@options.changes
@pass_session
def hold_command(session: Session, reference: str, name: str, **said: Unpack[Held]) -> None:
    """Stop destruction, or let it go on.

    What is asked for may not be destroyed: a hold stops every task that destroys something, and
    the destruction of our own copies. Several may lie on one thing, and all must be lifted.
    """
    from workflow.model.commands import LiftHold

    if said["lift"]:
        session.act(reference, LiftHold(name=name, reason=said["reason"]))
    else:
        session.act(reference, placing(session, name, said=said))
