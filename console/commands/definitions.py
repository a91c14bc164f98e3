"""What a challenge is: `definition list`, `show`, `check`, `schema`, `diagram`, `init`."""

import click

from console import frame, options
from console.session import Session, pass_session


@frame.group("definition")
def definition_command() -> None:
    """What a challenge is: read and check it."""


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
    from console.intake.definitions import text_of
    from console.views.definitions import as_json

    text = text_of(session, name)
    if session.is_json:
        session.output_of(None).document("definition-show", as_json(text, name))
    else:
        click.echo(text, nl=False)


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
    is_usable = show_checked(session.output_of(None), files)
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
    import bootstrap
    from console.intake.definitions import text_of
    from workflow.model.diagram import mermaid

    loaded = bootstrap.loader.load_text(text_of(session, name), file=name)
    click.echo(mermaid(loaded.definition).rstrip())


@definition_command.command(
    "init", example="definition init my_programme", follow="definition check FILE"
)
@click.argument("name")
@click.argument("file", required=False)
@click.option(
    "--from", "origin", default="local_system_peer_challenge", show_default=True, metavar="NAME",
    help="The definition to begin from.",
)  # fmt: skip
@pass_session
def init_definition(session: Session, name: str, file: str | None, *, origin: str) -> None:
    """Write a copy of a definition, to change.

    NAME is the new one's; the file is called NAME.yaml where no other name is given.
    """
    from console.intake.definitions import write_copy

    path = write_copy(session, name, file=file, origin=origin)
    output = session.output_of(None)
    output.text([f"{path} is yours to change."])
    output.follow(f"definition check {path}")
