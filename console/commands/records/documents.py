"""Documents: `document add`, `list`, `issue`, `get`, `acknowledge`, `revoke`."""

from datetime import date
from typing import TYPE_CHECKING, Unpack

import click

from console import frame, options
from console.session import Session, pass_session

if TYPE_CHECKING:
    from console.intake.records.documents import Entered


@frame.group("document")
def document_command() -> None:
    """The documents that people are given: who has which version."""


@document_command.command(
    "add",
    example="document add EAS-27 timetable timetable.pdf\n"
    'document add EAS-27 position_statement --location "shared folder, 2 March"\n'
    'document add EAS-27 map map.png --title "Map of the site"',
    follow="document issue REF KEY",
)
@options.reference
@click.argument("key")
@click.argument("file", type=click.Path(dir_okay=False), required=False)
@click.option("--location", default="", metavar="TEXT", help="Where it is, if it is not kept here.")
@click.option("--title", default="", help="What it is called, if the definition does not say.")
@click.option("--kind", default="", metavar="WORD", help="What kind of document it is.")
@options.changes
@pass_session
def add_document(
    session: Session, reference: str, key: str, *, file: str | None, **said: "Unpack[Entered]"
) -> None:
    """Enter a document, or its next version; a FILE is kept here, encrypted.

    Who must have the new version acknowledged is asked again, where the definition says so.
    """
    from console.intake.records.documents import enter

    enter(session, reference, key, file=file, said=said)


@document_command.command("list", example="document list EAS-27", follow="document issue REF KEY")
@options.reference
@options.as_json
@pass_session
def list_documents(session: Session, reference: str) -> None:
    """List the documents of a challenge: which version, where, who has it, who should have it."""
    from console.views.records.documents import show_documents

    rows = session.application.documents.registers.documents(reference)
    show_documents(session.output, reference, rows, people=session.people())


@document_command.command(
    "issue",
    example="document issue EAS-27 briefing_pack -o packs\n"
    "document issue EAS-27 final_report --to client.one@example.test",
    follow="document list REF",
)
@options.reference
@click.argument("key")
@click.option("--to", "to", multiple=True, metavar="PERSON", help="Only these; may be repeated.")
@click.option(
    "-o", "--output", "folder", metavar="FOLDER", type=click.Path(file_okay=False),
    help="Write the pack of each person there, with a cover sheet.",
)  # fmt: skip
@options.changes
@pass_session
def issue_document(
    session: Session, reference: str, key: str, *, to: tuple[str, ...], folder: str | None
) -> None:
    """Give the latest version to all who should have it and do not.

    A pack is made of the documents that it contains; the task of giving it is done for each.
    """
    from console.intake.records.documents import issue

    issue(session, reference, key, to=to, folder=folder)


@document_command.command(
    "get",
    example="document get EAS-27 timetable -o timetable.pdf\n"
    "document get EAS-27 briefing_pack --for peer.four@example.test",
    follow="document list REF",
)
@options.reference
@click.argument("key")
@click.option("--for", "person", metavar="PERSON", help="Whose pack it is; without it, your own.")
@click.option(
    "-o", "--output", "file", metavar="FILE", type=click.Path(dir_okay=False),
    help="Where it is saved; without it, here, under its own name.",
)  # fmt: skip
@options.as_json
@pass_session
def get_document(
    session: Session, reference: str, key: str, *, person: str | None, file: str | None
) -> None:
    """Open the file of a document, or make the pack of a person again.

    Only whoever has a copy may, or keeps the documents; that it was opened stays in the audit log.
    """
    from console.intake.records.documents import save
    from console.views.records.documents import show_saved

    opened = session.application.documents.open(
        reference, key, actor=session.application.actor.id, person=session.person_id(person)
    )
    show_saved(session.output, reference, save(opened, file), size=len(opened.content))


@document_command.command(
    "acknowledge",
    example="document acknowledge EAS-27 briefing_pack --for peer.four@example.test",
    follow="document list REF",
)
@options.reference
@click.argument("key")
@click.option("--for", "person", metavar="PERSON", help="Who has it; without it, you yourself.")
@click.option("--on", type=options.DAY, help="The day on which they said so; without it, today.")
@click.option("--evidence", default="", metavar="TEXT", help="What shows it.")
@options.changes
@pass_session
def acknowledge_document(
    session: Session,
    reference: str,
    key: str,
    *,
    person: str | None,
    on: date | None,
    evidence: str,
) -> None:
    """Record that somebody has the version that they were given last.

    Of a pack that speaks for its parts; the task of confirming it is done by this.
    """
    from workflow.model.records.commands import AcknowledgeDocument

    whose = session.person_id(person) or session.application.actor.id
    day = on or session.now.today
    command = AcknowledgeDocument(document=key, person=whose, on=day, evidence=evidence)
    session.act(reference, command)


@document_command.command(
    "revoke",
    example='document revoke EAS-27 briefing_pack peer.four@example.test --reason "sent in error"',
    follow="document list REF",
)
@options.reference
@click.argument("key")
@click.argument("person")
@options.needed_reason
@options.changes
@pass_session
def revoke_document(
    session: Session, reference: str, key: str, *, person: str, reason: str
) -> None:
    """Record that somebody has a document no more; they cannot open it here any more."""
    from workflow.model.records.commands import RevokeDocument

    whose = session.person(person).id
    session.act(reference, RevokeDocument(document=key, person=whose, reason=reason))
