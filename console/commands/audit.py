"""What an auditor asks: `audit log`, `audit verify`, `audit report`."""

import click

from console import frame, options
from console.session import Session, pass_session


@frame.group("audit")
def audit_command() -> None:
    """The history, and what an auditor asks."""


@audit_command.command("log", example="audit log NOR-26", follow="audit verify")
@options.reference
@options.as_json
@pass_session
def show_log_of(session: Session, reference: str) -> None:
    """Show the history of a challenge, event by event."""
    import bootstrap
    from console.views.log import show_log

    session.check_reference(reference)
    with session.reading() as link:
        rows = bootstrap.queries.log(link, reference)
    show_log(session.output, reference, rows)


@audit_command.command("verify", example="audit verify", follow="audit report")
@options.as_json
@click.pass_context
def verify_all(ctx: click.Context) -> None:
    """Replay every history and compare: is it intact? Ends with 3 when it is not."""
    from console.failures import BREACHES
    from console.views.auditing import show_verified

    session = ctx.ensure_object(Session)
    found = session.application.audits.verify()
    show_verified(session.output, found)
    ctx.exit(0 if found.is_intact else BREACHES)


@audit_command.command("report", example="audit report NOR-26 --json", follow="audit log REF")
@click.argument("reference", metavar="[REF]", required=False)
@click.option("--all", "wanted", flag_value="all", help="Also what does not apply, or is far.")
@click.option("--late", "wanted", flag_value="late", help="Only what went wrong.")
@options.as_json
@click.pass_context
def report_all(ctx: click.Context, reference: str | None, *, wanted: str | None) -> None:
    """Show every obligation with its evidence. Ends with 3 when a limit was missed."""
    from console.failures import BREACHES
    from console.views.auditing import show_report

    session = ctx.ensure_object(Session)
    found = session.application.audits.report(reference)
    people = session.people()
    show_report(session.output, found, people=people, wanted=wanted or "")
    ctx.exit(BREACHES if found.breaches else 0)
