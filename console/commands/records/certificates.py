"""Certificates of destruction: `certificate list`, `show`, `verify`, `peers`."""

import click

from console import frame, options
from console.session import Session, pass_session


@frame.group("certificate")
def certificate_command() -> None:
    """Certificates of destruction: what, when, by whom, how, and what remains."""


@certificate_command.command(
    "list", example="certificate list EAS-27", follow="certificate show NUMBER"
)
@click.argument("reference", metavar="[REF]", required=False)
@options.as_json
@pass_session
def list_certificates(session: Session, reference: str | None) -> None:
    """List the certificates of a challenge, or all of them."""
    from console.views.records.certificates import show_certificates
    from workflow.model.access.permissions import Permission

    seen = session.visible(Permission.READ_AUDIT)
    found = session.application.certificates.listed(reference)
    rows = [one for one in found if seen is None or one.reference in seen]
    show_certificates(session.output, rows)


@certificate_command.command(
    "show",
    example="certificate show C-3F81C0A2D4\n"
    "certificate show C-3F81C0A2D4 --html certificate.html --pdf certificate.pdf",
    follow="certificate verify NUMBER",
)
@click.argument("number", metavar="NUMBER")
@click.option("--html", type=click.Path(dir_okay=False), help="Write it as a page to print.")
@click.option("--pdf", type=click.Path(dir_okay=False), help="Write it as a PDF (PDF/UA).")
@options.as_json
@pass_session
def show_one(session: Session, number: str, *, html: str | None, pdf: str | None) -> None:
    """Show a certificate: everything that was signed."""
    from console.certifying import page
    from console.views.records.certificates import show_certificate

    reading = session.application.certificates
    found = reading.find(number)
    names = reading.names(found)
    if html:
        page.write_html(found, names, html, is_rehearsal=session.application.is_rehearsal)
    if pdf:
        page.write_pdf(found, names, pdf, is_rehearsal=session.application.is_rehearsal)
    show_certificate(session.output, found, names=names, written=[html, pdf])


@certificate_command.command(
    "verify", example="certificate verify C-3F81C0A2D4", follow="audit verify"
)
@click.argument("number", metavar="NUMBER")
@options.as_json
@click.pass_context
def verify_one(ctx: click.Context, number: str) -> None:
    """Check that a certificate is as it was signed. Ends with 3 when it is not."""
    from console.failures import BREACHES
    from console.views.records.certificates import show_checked

    session = ctx.ensure_object(Session)
    checked = session.application.certificates.check(number)
    show_checked(session.output, checked)
    ctx.exit(0 if checked.is_sound else BREACHES)


@certificate_command.command(
    "peers", example="certificate peers EAS-27", follow="retention list REF"
)
@options.reference
@options.as_json
@pass_session
def show_peers(session: Session, reference: str) -> None:
    """Show what everybody confirmed of what they held: medium, method, day, and what is owed."""
    from console.views.records.certificates import show_confirmed

    rows = session.application.certificates.peers(reference)
    show_confirmed(session.output, reference, rows, people=session.people())
