"""A closer look at one challenge: `explain`, `forecast`, `timeline`."""

import click

from console import frame, options
from console.session import Session, pass_session


@frame.command("explain", example="explain NOR-26 draft_report", follow="forecast REF")
@options.reference
@click.argument("deadline")
@options.as_json
@pass_session
def explain_command(session: Session, reference: str, deadline: str) -> None:
    """Show how a date came about."""
    from console.views.explaining import show_explained

    found = session.application.views.explain(reference, deadline)
    show_explained(session.output, reference, found)


@frame.command(
    "forecast", example="forecast EAS-27\nforecast EAS-27 --if-nobody-acts", follow="timeline REF"
)
@options.reference
@click.option(
    "--if-nobody-acts", "--nobody-acts", "nobody_acts", is_flag=True,
    help="If only time passes; else everyone is on time.",
)  # fmt: skip
@options.as_json
@pass_session
def forecast_command(session: Session, reference: str, *, nobody_acts: bool) -> None:
    """Show what will happen and be sent, and when.

    It is the engine itself, run ahead on a copy: if everyone is on time, or if nobody acts.
    """
    from console.views.explaining import show_forecast

    found = session.application.views.foresee(reference, is_anybody_acting=not nobody_acts)
    show_forecast(session.output, reference, found, people=session.people())


@frame.command("timeline", example="timeline NOR-26", follow="audit report REF")
@options.reference
@click.option("--all", "is_every", is_flag=True, help="Also each task that came or opened.")
@options.as_json
@pass_session
def timeline_command(session: Session, reference: str, *, is_every: bool) -> None:
    """Show what happened."""
    from console.views.history import SMALL, show_timeline

    show_timeline(
        session.output,
        session.application,
        reference,
        people=session.people(),
        leaving_out=() if is_every else SMALL,
    )
