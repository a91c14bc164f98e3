"""The words of messages: `template list`, `export`, `check`, `preview`."""

import click

from console import frame, options
from console.session import Session, pass_session


@frame.group("template")
def template_command() -> None:
    """The words of messages: see, change, check them."""


@template_command.command("list", example="template list", follow="template export NOTICE --to DIR")
@options.as_json
@pass_session
def list_templates(session: Session) -> None:
    """List the notices of all definitions, and where the words of each come from."""
    from console.intake.templates import known_definitions, own_names
    from console.views.correspondence.templates import show_templates

    show_templates(session.output_of(None), known_definitions(session), own=own_names(session))


@template_command.command(
    "export",
    example="template export destroy_now destroy_chaser --to our_words\n"
    "template export frame --to our_words",
    follow="template check FOLDER",
)
@click.argument("notices", nargs=-1, metavar="[NOTICE…]")
@click.option(
    "--to", "folder", required=True, metavar="FOLDER", type=click.Path(file_okay=False),
    help="Where the copies go; it is made if it is not there.",
)  # fmt: skip
@click.option("--yes", "is_sure", is_flag=True, help="Write over what is there.")
@pass_session
def export_templates(
    session: Session, notices: tuple[str, ...], *, folder: str, is_sure: bool
) -> None:
    """Copy templates, to change them: of some notices, or all of them.

    `frame` is what all messages have around their words.
    """
    from console.intake.templates import export, known_definitions

    written = export(notices, folder, known=known_definitions(session), is_sure=is_sure)
    output = session.output_of(None)
    output.text(f"{path} is yours to change." for path in written)
    output.follow(f"template check {folder}")


@template_command.command(
    "check", example="template check our_words", follow="template preview NOTICE --challenge REF"
)
@click.argument("folder", required=False, type=click.Path())
@options.as_json
@click.pass_context
def check_templates(ctx: click.Context, folder: str | None) -> None:
    """Find every problem of the templates in a folder, each as `file:line:column: …`.

    Every notice is written for all that it can be about. Without FOLDER it is the one of the
    settings. Ends with 2 when there is a problem; warnings stop nothing.
    """
    import bootstrap
    from console.failures import INVALID
    from console.intake.templates import check_target, known_definitions
    from console.views.correspondence.templates import show_checked

    session = ctx.ensure_object(Session)
    path = check_target(session, folder)
    problems = bootstrap.proofs.check_folder(path, known_definitions(session))
    ctx.exit(0 if show_checked(session.output_of(None), path, problems) else INVALID)


@template_command.command(
    "preview",
    example="template preview destroy_now --challenge EAS-27 --html destroy_now.html\n"
    "template preview call_reminder --challenge EAS-27 --to alex.reed@programme.example",
    follow="mail list REF",
)
@click.argument("notice")
@click.option("--challenge", "reference", required=True, metavar="REF", help="About which one.")
@click.option("--to", metavar="PERSON", help="As it would be for this person.")
@click.option("--task", default="", metavar="KEY", help="As it would be about this task.")
@click.option(
    "--html", metavar="FILE", type=click.Path(dir_okay=False), help="Where the HTML goes."
)
@options.as_json
@pass_session
def preview_template(
    session: Session, notice: str, *, reference: str, to: str | None, task: str, html: str | None
) -> None:
    """Show a message as it would be now, with the challenge as it is; nothing is sent."""
    from console.intake.templates import previewed, write_html
    from console.views.correspondence.templates import show_preview

    found = previewed(session, reference, notice, to=session.person_id(to), task=task)
    if html is not None:
        write_html(html, found.message.html)
    show_preview(session.output, found, html=html or "")
