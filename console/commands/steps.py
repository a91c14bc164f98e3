"""Steps of the lifecycle: `advance`, and the side doors."""

from datetime import date

import click

from console import frame, options
from console.session import Session, pass_session

on_day = click.option(
    "--on", type=options.DAY, help="The day, for a date that the step records; else today."
)
override = click.option(
    "--override", default="", metavar="REASON", help="Go on although something is missing."
)


@frame.command(
    "advance",
    example="advance EAS-27\nadvance EAS-27 go_on_site --dry-run\n"
    'advance EAS-27 go_on_site --override "the seventh peer was called at the station"',
    follow="show REF",
)
@options.reference
@click.argument("trigger", required=False)
@on_day
@options.reason
@override
@options.changes
@pass_session
def advance_command(
    session: Session,
    reference: str,
    trigger: str | None,
    *,
    on: date | None,
    reason: str,
    override: str,
) -> None:
    """Take the next step of the lifecycle.

    What is missing is listed. An override is for those who may, and the audit shows it.
    """
    from workflow.model.commands import Advance

    session.act(reference, Advance(trigger=trigger, on=on, reason=reason, override=override))


def _take(session: Session, reference: str, *triggers: str, reason: str, towards: str = "") -> None:
    """Take the first of `triggers` that leads from the present stage, or one that leads the way."""
    from console.intake.steps import find_trigger
    from workflow.model.commands import Advance

    view = session.application.views.look(reference)
    trigger = find_trigger(view, triggers, towards=towards)
    session.act(reference, Advance(trigger=trigger, reason=reason))


@frame.command("postpone", example='postpone EAS-27 --reason "an election"', follow="resume REF")
@options.reference
@options.needed_reason
@options.changes
@pass_session
def postpone_command(session: Session, reference: str, *, reason: str) -> None:
    """Stop the clocks of a challenge.

    Nothing is late and nobody is reminded until it goes on. Once on site it is interrupted.
    """
    _take(session, reference, "postpone", "interrupt", reason=reason, towards="paused")


@frame.command("resume", example='resume EAS-27 --reason "new dates are agreed"', follow="show REF")
@options.reference
@options.reason
@options.changes
@pass_session
def resume_command(session: Session, reference: str, *, reason: str) -> None:
    """Go on after a pause, from where it stopped."""
    _take(session, reference, "resume", reason=reason, towards="previous")


@frame.command(
    "withdraw", example='withdraw EAS-27 --reason "the client has other plans"', follow="show REF"
)
@options.reference
@options.needed_reason
@options.sure
@options.changes
@pass_session
def withdraw_command(session: Session, reference: str, *, reason: str) -> None:
    """End a challenge because the client leaves.

    What was handed out must still be destroyed.
    """
    session.confirm(f"This ends {reference} for good. Go on?")
    _take(session, reference, "withdraw", reason=reason)


@frame.command(
    "cancel", example='cancel EAS-27 --reason "no team could be found"', follow="show REF"
)
@options.reference
@options.needed_reason
@options.sure
@options.changes
@pass_session
def cancel_command(session: Session, reference: str, *, reason: str) -> None:
    """End a challenge because the programme does.

    What was handed out must still be destroyed.
    """
    session.confirm(f"This ends {reference} for good. Go on?")
    _take(session, reference, "cancel", reason=reason)


@frame.command("reopen", example='reopen EAS-27 --reason "a figure is wrong"', follow="show REF")
@options.reference
@options.needed_reason
@options.changes
@pass_session
def reopen_command(session: Session, reference: str, *, reason: str) -> None:
    """Go back after the report was signed off.

    Destruction that is not confirmed stops again.
    """
    _take(session, reference, "reopen", reason=reason)
