"""Mail that came in and is no answer: `inbox list`, `show`, `close`."""

import click

from console import frame, options
from console.session import Session, pass_session


@frame.group("inbox")
def inbox_command() -> None:
    """Mail that came in and needs a person."""


@inbox_command.command(
    "list", example="inbox list\ninbox list EAS-27 --all", follow="inbox show ID"
)
@click.argument("reference", metavar="[REF]", required=False)
@click.option("--all", "with_closed", is_flag=True, help="Everything that ever came in.")
@options.as_json
@pass_session
def list_inbox(session: Session, reference: str | None, *, with_closed: bool) -> None:
    """List what nobody has seen to yet: bounces, automatic replies, what matches nothing."""
    import bootstrap
    from console.intake.seeing import correspondence_seen
    from console.views.correspondence.inbox import show_inbox

    if reference is not None:
        session.check_reference(reference)
    with session.reading() as link:
        if with_closed:
            rows = bootstrap.incoming.listed(link, reference=reference)
        else:
            rows = bootstrap.incoming.open_ones(link)
    wanted = [row for row in rows if reference in (None, row.reference)]
    show_inbox(session.output, correspondence_seen(session, wanted))


@inbox_command.command("show", example="inbox show 4", follow="inbox close ID")
@click.argument("number", metavar="ID", type=options.NUMBER)
@options.as_json
@pass_session
def show_mail(session: Session, number: int) -> None:
    """Show one mail: what its writer said, without what they quoted."""
    import bootstrap
    from console.views.correspondence.inbox import show_one

    with session.reading() as link:
        row = bootstrap.incoming.one(link, number)
    show_one(session.output, row)


@inbox_command.command(
    "close",
    example='inbox close 4 --reason "rang them: the new address is known"',
    follow="inbox list",
)
@click.argument("number", metavar="ID", type=options.NUMBER)
@options.reason
@pass_session
def close_mail(session: Session, number: int, reason: str) -> None:
    """Say that you have seen to a mail. It stays in the database, and leaves the list."""
    import bootstrap

    at, actor = session.now.at, session.application.actor.id
    with session.application.entering("mail_seen_to", {"mail": number}) as link:
        bootstrap.incoming.close(link, number, by=actor, at=at, note=reason)
    session.output.text([f"Mail {number} is seen to."])
    session.output.follow("inbox list")
