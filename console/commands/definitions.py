"""What a challenge is: `definition list`, `show`, `check`, `schema`, `diagram`, `init` and more."""

from typing import TypedDict, Unpack

import click

from console import frame, options
from console.session import Session, pass_session


class Migrating(TypedDict):
    """What is said of a migration."""

    references: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    is_undone: bool
    reason: str


@frame.group("definition")
def definition_command() -> None:
    """What a challenge is: read, check, change it."""


@definition_command.command("list", example="definition list", follow="definition show NAME")
@options.as_json
@pass_session
def list_definitions(session: Session) -> None:
    """List the definitions that come with the program, and those that are in use."""
    from console.views.definitions import show_definitions

    show_definitions(session.output, session.application)


@definition_command.command(
    "show", example="definition show local_system_peer_challenge", follow="definition diagram NAME"
)
@click.argument("name")
@options.as_json
@pass_session
def show_definition(session: Session, name: str) -> None:
    """Show a definition: the file, as it was written."""
    from console.intake.definitions import read_definition, text_of
    from console.views.definitions import as_json

    if session.is_json:
        body = as_json(read_definition(session, name), name)
        session.output_of(None).document("definition-show", body)
    else:
        click.echo(text_of(session, name), nl=False)


@definition_command.command(
    "check", example="definition check my_programme.yaml", follow="new REF --definition FILE"
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path())
@options.as_json
@click.pass_context
def check_definitions(ctx: click.Context, files: tuple[str, ...]) -> None:
    """Find every problem of definition files, each as `file:line:column: …`.

    Ends with 2 when there is one; warnings stop nothing.
    """
    from console.failures import INVALID
    from console.views.definitions import show_checked

    session = ctx.ensure_object(Session)
    templates = session.settings.templates
    is_usable = show_checked(session.output_of(None), files, templates=templates)
    ctx.exit(0 if is_usable else INVALID)


@definition_command.command(
    "schema", example="definition schema > definition.json", follow="definition check FILE"
)
def show_schema() -> None:
    """Print the JSON Schema of definition files, for editors."""
    import bootstrap

    click.echo(bootstrap.definition_schema.schema_text(), nl=False)


@definition_command.command(
    "diagram",
    example="definition diagram local_system_peer_challenge",
    follow="definition show NAME",
)
@click.argument("name")
@pass_session
def show_diagram(session: Session, name: str) -> None:
    """Print the stages and steps as a Mermaid diagram."""
    from console.intake.definitions import read_definition
    from workflow.model.diagram import mermaid

    click.echo(mermaid(read_definition(session, name).definition).rstrip())


@definition_command.command(
    "init", example="definition init my_programme", follow="definition check FILE"
)
@click.argument("name")
@click.argument("file", required=False)
@click.option(
    "--from", "origin", metavar="NAME",
    help="The definition to begin from; else the one that comes with the program under its name, "
    "or local_system_peer_challenge.",
)  # fmt: skip
@pass_session
def init_definition(session: Session, name: str, file: str | None, *, origin: str | None) -> None:
    """Write a copy of a definition, to change.

    NAME is the new one's; the file is called NAME.yaml where no other name is given.
    """
    from console.intake.definitions import write_copy

    path = write_copy(session, name, file=file, origin=origin)
    output = session.output_of(None)
    output.text([f"{path} is yours to change."])
    output.follow(f"definition check {path}")


@definition_command.command(
    "migrate",
    example='definition migrate my_programme.yaml --reason "two weeks for comments" --dry-run\n'
    "definition migrate my_programme.yaml --map old_task=new_task --ref EAS-27 --reason …\n"
    "definition migrate my_programme --undo --reason …",
    follow="audit log REF",
)
@click.argument("name", metavar="NAME|FILE")
@click.option(
    "--ref", "references", multiple=True, metavar="REF",
    help="Only this challenge, whatever it is under; may be repeated.",
)  # fmt: skip
@click.option(
    "--map", "keys", type=options.PAIR, multiple=True,
    help="OLD=NEW: what takes the place of a stage, a date or a task; may be repeated.",
)  # fmt: skip
@click.option(
    "--map-role", "roles", type=options.PAIR, multiple=True,
    help="OLD=NEW: what takes the place of a role; may be repeated.",
)  # fmt: skip
@click.option(
    "--undo", "is_undone", is_flag=True,
    help="Take them back to what they were, as long as nobody has worked on them since.",
)  # fmt: skip
@options.needed_reason
@options.changes
@pass_session
def migrate_definition(session: Session, name: str, **said: Unpack[Migrating]) -> None:
    """Let challenges that are under way go on under another version.

    All that are under a definition of this name and are not over, or none: what is not safe is
    refused, with every reason. Nothing that was said is said again. NAME@VERSION is a version that
    is in use.
    """
    from console.intake.migrations import migrated
    from console.views.migrating import show_migrated

    show_migrated(session.output, migrated(session, name, dict(said)))
