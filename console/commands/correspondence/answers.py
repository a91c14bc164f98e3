"""What people answered: `answer list`, `show`, `accept`, `decline`; the times agreed with them."""

from datetime import date, datetime
from typing import TypedDict, Unpack

import click

from console import frame, options
from console.commands.work import for_day, for_person
from console.intake.work import addressed
from console.session import Session, pass_session


class When(TypedDict):
    """The time that is agreed."""

    at: tuple[date, datetime | None] | None
    is_none: bool


@frame.group("answer")
def answer_command() -> None:
    """What people answered: accept or decline it."""


@answer_command.command(
    "list", example="answer list\nanswer list EAS-27 --all", follow="answer show NUMBER"
)
@click.argument("reference", metavar="[REF]", required=False)
@click.option("--all", "with_settled", is_flag=True, help="Those that are settled, too.")
@options.as_json
@pass_session
def list_answers(session: Session, reference: str | None, *, with_settled: bool) -> None:
    """List what people answered and nobody has settled yet, the newest first."""
    import bootstrap
    from console.intake.seeing import correspondence_seen
    from console.views.correspondence.answers import show_answers

    if reference is not None:
        session.check_reference(reference)
    with session.reading() as link:
        rows = bootstrap.answers.listed(link, reference=reference, with_settled=with_settled)
    show_answers(session.output, correspondence_seen(session, rows))


@answer_command.command("show", example="answer show 3", follow="answer accept NUMBER")
@click.argument("number", type=options.NUMBER)
@options.as_json
@pass_session
def show_answer(session: Session, number: int) -> None:
    """Show one answer: what was said, by whom, and what accepting it would record."""
    import bootstrap
    from console.views.correspondence.answers import show_one

    with session.reading() as link:
        row = bootstrap.answers.one(link, number)
    show_one(session.output, row)


@answer_command.command("accept", example="answer accept 3", follow="show REF")
@click.argument("number", type=options.NUMBER)
@options.changes
@pass_session
def accept_answer(session: Session, number: int) -> None:
    """Let an answer count: record as done what is done, agree on the time that suits.

    What somebody cannot do stays to be done: `waive` it, or find somebody else.
    """
    from console.views.correspondence.answers import show_settled

    application = session.application
    row = application.settlements.accept(
        number, actor=application.actor.id, is_dry_run=session.is_dry_run
    )
    show_settled(session.output, row, "accepted", is_dry_run=session.is_dry_run)


@answer_command.command(
    "decline", example='answer decline 3 --reason "the laptop is still to be wiped"', follow="tasks"
)
@click.argument("number", type=options.NUMBER)
@options.needed_reason
@options.as_json
@pass_session
def decline_answer(session: Session, number: int, *, reason: str) -> None:
    """Let an answer not count; the task stays as it is."""
    from console.views.correspondence.answers import show_settled

    application = session.application
    row = application.settlements.decline(number, actor=application.actor.id, reason=reason)
    show_settled(session.output, row, "declined", is_dry_run=False)


@frame.command(
    "agree",
    example='agree EAS-27 call_peer --for peer.four@example.test --at "2027-03-04 14:00"\n'
    "agree EAS-27 call_peer --for peer.four@example.test --none",
    follow="show REF",
)
@options.reference
@click.argument("task")
@for_person
@for_day
@click.option("--at", "at", type=options.MOMENT, help="The day and the local time.")
@click.option("--none", "is_none", is_flag=True, help="No time is agreed any more.")
@options.changes
@pass_session
def agree_command(
    session: Session,
    reference: str,
    task: str,
    *,
    person: str | None,
    day: date | None,
    **when: Unpack[When],
) -> None:
    """Agree on a time, such as that of a call.

    It goes into the calendars of those concerned.
    """
    from workflow.model.commands import AgreeTime

    where = addressed(session, task, who=person, day=day)
    session.act(reference, AgreeTime(**where, moment=_moment(when)))


def _moment(when: When) -> datetime | None:
    """Return the moment that is agreed; None where none is any more."""
    moment = when["at"][1] if when["at"] else None
    if (moment is None) is not when["is_none"]:
        raise click.UsageError('say when, with the time: --at "2027-03-04 14:00"; or --none')
    return moment
