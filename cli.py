"""The command line: its name, its settings and its table of contents. Commands are in `console`."""

import gc
import os

gc.set_threshold(50_000)  # what is loaded now is kept: to look through it is a tenth of --help

import click  # noqa: E402

from console.frame import PROGRAM, WIDTH, Place, Programme  # noqa: E402
from console.session import Session  # noqa: E402

SECTIONS = {
    "Begin here": {
        "init": Place("console.commands.setting_up", "Make the database, or bring it up to date."),
        "doctor": Place(
            "console.commands.setting_up",
            "Check the installation, what it needs, and what should never be.",
        ),
        "demo": Place("console.commands.setting_up", "Watch a whole challenge in a rehearsal."),
        "definition": Place(
            "console.commands.definitions", "What a challenge is: read, check, change it."
        ),
        "calendar": Place("console.commands.calendars", "The holidays that working days skip."),
        "person": Place("console.commands.people", "The people who work on challenges."),
        "grant": Place(
            "console.commands.records.grants",
            "Who may do what: give access, take it back, ask why.",
        ),
    },
    "Challenges": {
        "list": Place("console.commands.portfolio", "Show the portfolio."),
        "show": Place(
            "console.commands.portfolio", "Show one challenge: what is missing, what is next."
        ),
        "tasks": Place("console.commands.portfolio", "Show whose work is what."),
        "new": Place("console.commands.starting", "Start a challenge."),
        "import": Place(
            "console.commands.starting",
            "Start many challenges from a CSV or XLSX file: all or nothing.",
        ),
    },
    "Work on a challenge": {
        "assign": Place("console.commands.team", "Put a person on the team."),
        "release": Place("console.commands.team", "Take a person off the team."),
        "date": Place("console.commands.dates", "Set or move a date, and see what follows."),
        "done": Place("console.commands.work", "Record that a task is done."),
        "waive": Place("console.commands.work", "Say that a task is not to be done."),
        "extend": Place(
            "console.commands.clocks", "Put a deadline off, as far as its rule allows."
        ),
        "pause": Place("console.commands.clocks", "Let clocks stand still, or go on."),
        "agree": Place(
            "console.commands.correspondence.answers", "Agree on a time, such as that of a call."
        ),
        "document": Place(
            "console.commands.records.documents",
            "The documents that people are given: who has which version.",
        ),
        "item": Place(
            "console.commands.records.items",
            "The things that people are handed, such as notebooks: who has which.",
        ),
        "hold": Place("console.commands.work", "Stop destruction, or let it go on."),
        "retention": Place(
            "console.commands.records.retention",
            "What is kept until when: ask to destroy it, approve it, do it.",
        ),
        "certificate": Place(
            "console.commands.records.certificates",
            "Certificates of destruction: what, when, by whom, how, and what remains.",
        ),
        "count": Place(
            "console.commands.auditing.counters",
            "Say how many there were of something that reports tell.",
        ),
        "advance": Place("console.commands.steps", "Take the next step of the lifecycle."),
        "postpone": Place("console.commands.steps", "Stop the clocks of a challenge."),
        "resume": Place("console.commands.steps", "Go on after a pause, from where it stopped."),
        "withdraw": Place("console.commands.steps", "End a challenge because the client leaves."),
        "cancel": Place("console.commands.steps", "End a challenge because the programme does."),
        "reopen": Place("console.commands.steps", "Go back after the report was signed off."),
    },
    "Look closer": {
        "explain": Place("console.commands.looking", "Show how a date came about."),
        "forecast": Place(
            "console.commands.looking", "Show what will happen and be sent, and when."
        ),
        "timeline": Place("console.commands.looking", "Show what happened."),
        "audit": Place("console.commands.auditing.group", "The history, and what an auditor asks."),
    },
    "Keep it safe": {
        "backup": Place(
            "console.commands.records.backups",
            "Copy the whole database while it is used, and look the copy through.",
        ),
        "restore": Place(
            "console.commands.records.backups",
            "Put a backup in the place of the database, when all of it is well.",
        ),
        "migrate-database": Place(
            "console.commands.records.moving",
            "Move the whole database to another place, such as from SQLite to PostgreSQL.",
        ),
    },
    "Time and mail": {
        "tick": Place("console.commands.running", "Do what is due now, and send what waits."),
        "run": Place("console.commands.running", "Do it on time, until stopped."),
        "web": Place("console.commands.running", "Serve the pages behind the links of e-mails."),
        "mail": Place("console.commands.mail", "The outbox."),
        "template": Place(
            "console.commands.correspondence.templates",
            "The words of messages: see, change, check them.",
        ),
        "link": Place(
            "console.commands.correspondence.links", "Links that act without an account."
        ),
        "inbox": Place(
            "console.commands.correspondence.inbox", "Mail that came in and needs a person."
        ),
        "answer": Place(
            "console.commands.correspondence.answers", "What people answered: accept or decline it."
        ),
    },
}


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if value and not ctx.resilient_parsing:
        from importlib import metadata  # a third of the time that --help takes

        click.echo(f"{PROGRAM} {metadata.version(PROGRAM)}")
        ctx.exit()


@click.group(
    PROGRAM,
    cls=Programme,
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDTH},
)
@click.option("--db", metavar="URL", help="The database: sqlite:///FILE or postgresql://…")
@click.option("--as", "actor", metavar="PERSON", help="Who acts: an e-mail address or an id.")
@click.option("--config", metavar="FILE", help="The settings file, in TOML.")
@click.option("-q", "--quiet", is_flag=True, help="Answers only, no talk.")
@click.option("-v", "--verbose", is_flag=True, help="More talk.")
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version,
    help="Show the version.",
)  # fmt: skip
@click.pass_context
def main(ctx: click.Context, /, *, quiet: bool, verbose: bool, **flags: str | None) -> None:
    """Run peer challenges: tasks, dates, e-mail, audit.

    Each screen answers "what do I have to do?", and its last line says what to type next.
    """
    names = {"db": "database_url", "actor": "actor", "config": "config"}
    given = {names[flag]: value for flag, value in flags.items() if value}
    ctx.obj = Session(flags=given, is_quiet=quiet, is_verbose=verbose)
    if os.environ.get("NO_COLOR"):
        ctx.color = False
