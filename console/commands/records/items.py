"""Things that people are handed: `item issue`, `settle`, `list`."""

from datetime import date
from typing import TypedDict, Unpack

import click

from console import frame, options
from console.session import Session, pass_session


class Became(TypedDict):
    """What became of a thing."""

    on: date | None
    method: str
    evidence: str


@frame.group("item")
def item_command() -> None:
    """The things that people are handed, such as notebooks: who has which."""


@item_command.command(
    "issue",
    example="item issue EAS-27 notebook-7 peer.four@example.test --medium numbered_notebook",
    follow="item list REF",
)
@options.reference
@click.argument("item")
@click.argument("person")
@click.option(
    "--medium", required=True, metavar="KEY", help="What it is, as confirmations speak of it."
)
@click.option("--title", default="", help="What it is called, where its key does not say enough.")
@options.changes
@pass_session
def issue_item(
    session: Session, reference: str, item: str, *, person: str, medium: str, title: str
) -> None:
    """Hand a thing to somebody on the team, under a key of its own such as `notebook-7`."""
    from workflow.model.records.commands import IssueItem

    whose = session.person(person).id
    session.act(reference, IssueItem(item=item, medium=medium, person=whose, title=title))


@item_command.command(
    "settle",
    example="item settle EAS-27 notebook-7 destroyed --method shredded\n"
    "item settle EAS-27 tablet-2 returned\n"
    "item settle EAS-27 notebook-7 lost",
    follow="item list REF",
)
@options.reference
@click.argument("item")
@click.argument("outcome")
@click.option("--on", type=options.DAY, help="The day on which it was; without it, today.")
@click.option("--method", default="", metavar="TEXT", help="How, such as `shredded`.")
@click.option("--evidence", default="", metavar="TEXT", help="What shows it.")
@options.changes
@pass_session
def settle_item(
    session: Session, reference: str, item: str, *, outcome: str, **became: Unpack[Became]
) -> None:
    """Record what became of a thing; one that is lost says what to do next.

    The outcomes: destroyed, returned, revoked, lost. What somebody confirms as destroyed with their
    task is settled by that.
    """
    from workflow.model.records.commands import SettleItem

    on = became["on"] or session.now.today
    said = {"method": became["method"], "evidence": became["evidence"]}
    session.act(reference, SettleItem(item=item, outcome=outcome, on=on, **said))


@item_command.command("list", example="item list EAS-27", follow="item settle REF ITEM OUTCOME")
@options.reference
@options.as_json
@pass_session
def list_items(session: Session, reference: str) -> None:
    """List what is or was held, and by whom: things, documents, and what people made themselves."""
    from console.views.records.items import Held, show_items

    registers = session.application.documents.registers
    held = Held(registers.holdings(reference), registers.sampled(reference))
    show_items(session.output, reference, held, people=session.people())
