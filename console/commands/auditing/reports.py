"""How every obligation stands, `audit report`; what happened, for tools, `audit events`."""

from typing import Unpack

import click

from console import frame, options
from console.intake.reporting import Given, Mined
from console.session import Session, pass_session

STANDINGS = (
    "late", "open", "not_yet", "overridden", "met_late", "waived", "met", "not_applicable",
)  # fmt: skip
as_of = click.option(
    "--as-of",
    type=options.MOMENT,
    metavar="DAY|MOMENT",
    help="As it stood then: at the end of that day, or at that moment.",
)


@frame.command(
    "report",
    example="audit report NOR-26 --json\n"
    "audit report --late --source guidance\n"
    "audit report NOR-26 --as-of 2027-03-27 -o register.xlsx\n"
    "audit report --trend month",
    follow="audit log REF",
)
@click.argument("reference", metavar="[REF]", required=False)
@click.option("--all", "is_every", is_flag=True, help="Also what does not apply, or is far.")
@click.option("--late", "is_late", is_flag=True, help="Only what went wrong.")
@click.option(
    "--standing",
    "standings",
    multiple=True,
    type=click.Choice(STANDINGS),
    help="Only what stands so; may be repeated.",
)
@click.option("--obligation", metavar="KEY", help="Only this one.")
@click.option("--stage", metavar="KEY", help="Only what is to be kept in this stage.")
@click.option(
    "--source",
    type=click.Choice(["guidance", "house"]),
    help="Only published rules, or only the programme's own.",
)
@click.option("--client", metavar="NAME", help="Only challenges of this client.")
@click.option("--from", "due_from", type=options.DAY, help="Only what is due from this day on.")
@click.option("--to", "due_to", type=options.DAY, help="Only what is due up to this day.")
@as_of
@click.option("--totals", "is_counting", is_flag=True, help="Only how many stand how.")
@click.option("--trend", type=click.Choice(["month"]), help="How what was due came out by month.")
@click.option(
    "-o",
    "--output",
    "files",
    multiple=True,
    metavar="FILE",
    help="Write it as .csv, .xlsx, .html or .json; may be repeated.",
)
@click.option("--html", "page", metavar="FILE", help="Write it as a page to be printed.")
@options.as_json
@click.pass_context
def report_command(ctx: click.Context, reference: str | None, **given: Unpack[Given]) -> None:
    """Show every obligation with its evidence. Ends with 3 when a limit was missed."""
    from console.commands.auditing.issuing import issue

    ctx.exit(issue(ctx.ensure_object(Session), reference, given))


@frame.command(
    "events",
    example="audit events -o events.json\naudit events NOR-26 --format xes -o events.xes",
    follow="audit report",
)
@click.argument("reference", metavar="[REF]", required=False)
@click.option("-o", "--output", "file", required=True, metavar="FILE", help="Where it goes.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["ocel", "xes"]),
    default="ocel",
    show_default=True,
    help="OCEL 2.0 in JSON, or XES.",
)
@as_of
@pass_session
def events_command(session: Session, reference: str | None, **given: Unpack[Mined]) -> None:
    """Write what happened for tools that read processes. People are ids in it."""
    from console.commands.auditing.issuing import mine

    mine(session, reference, given)


COMMANDS = (report_command, events_command)
