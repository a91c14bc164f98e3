"""The links that people act by: `link feed`, `link revoke`."""

import click

from console import frame, options
from console.session import Session, pass_session, require_own


@frame.group("link")
def link_command() -> None:
    """Links that act without an account."""


@link_command.command(
    "feed",
    example="link feed peer.four@example.test\nlink feed peer.four@example.test --renew",
    follow="person list",
)
@click.argument("person")
@click.option("--renew", is_flag=True, help="A new address; the one before works no more.")
@click.option("--revoke", is_flag=True, help="No address any more.")
@options.as_json
@pass_session
def feed_command(session: Session, person: str, *, renew: bool, revoke: bool) -> None:
    """Show the private address of somebody's calendar, which calendar programs subscribe to.

    Whoever knows the address sees the days of all their challenges: give it to them only.
    """
    import bootstrap
    from console.views.correspondence.links import show_feed

    if renew and revoke:
        raise click.UsageError("say --renew or --revoke, not both")
    who = session.person(person)
    application = session.application
    require_own(session, who)
    address = None
    action = "feed_revoked" if revoke else "feed_renewed" if renew else "feed_shown"
    with application.entering(action, {"person": who.id}) as link:
        if revoke:
            bootstrap.feeds.end(link, who.id)
        else:
            address = application.feed_address(link, who.id, is_new=renew)
    show_feed(session.output, who, address)


@link_command.command(
    "revoke",
    example="link revoke --message 12\nlink revoke --person peer.four@example.test",
    follow="mail list",
)
@click.option("--message", type=options.NUMBER, metavar="ID", help="The links of this message.")
@click.option("--person", metavar="PERSON", help="All links that this person was sent so far.")
@pass_session
def revoke_command(session: Session, *, message: int | None, person: str | None) -> None:
    """Let links that went out be dead: a message was forwarded, or a mailbox was opened by others.

    Messages that go out later have links that work; one that is sent again has none.
    """
    import bootstrap

    if (message is None) is (person is None):
        raise click.UsageError("say which: --message ID, or --person PERSON")
    at = session.now.at
    who = session.person(person) if person else None
    require_own(session, who)
    whose_links = {"message": message, "person": who.id if who else None}
    with session.application.entering("links_revoked", whose_links) as link:
        if message is not None:
            bootstrap.answers.revoke(link, message, at=at)
        if who is not None:
            bootstrap.feeds.revoke_links(link, who.id, at=at)
            bootstrap.feeds.end(link, who.id)
    sent = f"that {who.name} was sent so far, their calendar's among them," if who else ""
    whose = sent or f"of message {message}"
    session.output.text([f"The links {whose} are dead."])
    session.output.follow("mail list")
