"""The outbox: `mail list`, `show`, `retry`, `settle`, `hold`, `release`."""

import click

from console import frame, options
from console.session import Session, pass_session

STATUSES = ("waiting", "held", "sending", "sent", "uncertain", "failed", "cancelled")


@frame.group("mail")
def mail_command() -> None:
    """The outbox."""


@mail_command.command(
    "list", example="mail list\nmail list EAS-27 --status waiting", follow="mail show ID"
)
@click.argument("reference", metavar="[REF]", required=False)
@click.option("--status", type=click.Choice(STATUSES), help="Only those.")
@click.option("--to", metavar="PERSON", help="Only those to this person.")
@options.as_json
@pass_session
def list_mail(
    session: Session, reference: str | None, *, status: str | None, to: str | None
) -> None:
    """List the messages that you may see, the newest first: your own, and those you see to."""
    import bootstrap
    from console.intake.seeing import mail_seen
    from console.views.mail import show_mail

    if reference is not None:
        session.check_reference(reference)
    recipient = session.person_id(to)
    with session.reading() as link:
        rows = bootstrap.reports.mail(link, reference=reference, status=status, recipient=recipient)
    show_mail(session.output, mail_seen(session, rows))


@mail_command.command("show", example="mail show 12", follow="mail retry ID")
@click.argument("number", metavar="ID", type=options.NUMBER)
@options.as_json
@pass_session
def show_one(session: Session, number: int) -> None:
    """Show one message: as it was sent, or as it would be sent now."""
    from console.views.mail import show_message

    show_message(session.output, session.application, number)


@mail_command.command(
    "retry", example="mail retry 12\nmail retry --to peer.one@example.test", follow="tick"
)
@click.argument("number", metavar="[ID]", type=options.NUMBER, required=False)
@click.option("--to", metavar="PERSON", help="Instead of one: all that failed to reach a person.")
@pass_session
def retry_message(session: Session, number: int | None, *, to: str | None) -> None:
    """Send a message again that failed, is uncertain or waits, with all that went along with it."""
    from console.intake.mail import retry

    session.output.text([retry(session, number, to=to)])
    session.output.follow("tick")


@mail_command.command(
    "settle", example="mail settle 12 --arrived\nmail settle 12 --lost", follow="mail list"
)
@click.argument("number", metavar="ID", type=options.NUMBER)
@click.option("--arrived/--lost", "has_arrived", default=None, help="Which of both is true.")
@pass_session
def settle_message(session: Session, number: int, *, has_arrived: bool | None) -> None:
    """Say what became of an uncertain message: it arrived, or it was lost and goes again.

    Look for its Message-ID in the records of the mail server, or ask who should have it.
    """
    from console.intake.mail import settle

    session.output.text([settle(session, number, has_arrived=has_arrived)])
    session.output.follow("mail list")


@mail_command.command(
    "hold", example='mail hold --reason "the mail server moves"', follow="mail release"
)
@options.reason
@pass_session
def hold_mail(session: Session, reason: str) -> None:
    """Hold everything: nothing is sent until it is released, and nothing is lost."""
    import bootstrap

    actor = session.application.actor
    why = reason or f"held by {actor.name}"
    with session.application.entering("mail_held", {}) as link:
        bootstrap.outbox.hold(link, why, by=actor.id)
    session.output.text(["All mail is held."])
    session.output.follow("mail release")


@mail_command.command("release", example="mail release\nmail release --restored", follow="tick")
@click.option(
    "--restored", is_flag=True, help="Also what may have been sent before a backup was restored."
)
@options.sure
@pass_session
def release_mail(session: Session, *, restored: bool) -> None:
    """Let go what is held.

    After a backup was restored, what may have been sent since it was made stays where it is.
    """
    from console.intake.mail import release

    session.output.text(release(session, is_restored=restored))
    session.output.follow("tick")
