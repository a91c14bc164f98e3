"""What is going on: `list`, `show`, `tasks`."""

import click

from console import frame, options
from console.session import Session, pass_session


@frame.command("list", example="list", follow="show REF")
@click.option("--person", metavar="PERSON", help="Only those with this person on the team.")
@click.option("--all", "is_every", is_flag=True, help="Also those that are over.")
@options.as_json
@pass_session
def list_command(session: Session, person: str | None, *, is_every: bool) -> None:
    """Show the portfolio.

    Every challenge that goes on and that you may see, what is wrong first; with --json also those
    that are over.
    """
    import bootstrap
    from console.views.portfolio import show_portfolio
    from workflow.model.access.permissions import Permission

    wanted = bootstrap.queries.Wanted(
        member=session.person_id(person), with_final=is_every or session.is_json
    )
    with session.reading() as link:
        rows = bootstrap.queries.portfolio(link, session.now, wanted)
    seen = session.visible(Permission.SEE_CHALLENGE)
    rows = [row for row in rows if seen is None or row.reference in seen]
    show_portfolio(session.output, rows, session.now.today)


@frame.command("show", example="show EAS-27", follow="tasks REF")
@options.reference
@options.as_json
@pass_session
def show_command(session: Session, reference: str) -> None:
    """Show one challenge: what is missing, what is next."""
    from console.views.challenge import picture, show_challenge

    found = picture(session.application, reference, session.now)
    show_challenge(session.output, found)


@frame.command(
    "tasks",
    example="tasks EAS-27\ntasks --person peer.four@example.test --late",
    follow="done REF TASK",
)
@click.argument("reference", metavar="[REF]", required=False)
@click.option("--person", metavar="PERSON", help="Only what this person is to do.")
@click.option("--late", is_flag=True, help="Only what is late.")
@click.option("--all", "is_every", is_flag=True, help="Also what is done, or not open yet.")
@options.as_json
@pass_session
def tasks_command(
    session: Session, reference: str | None, person: str | None, *, late: bool, is_every: bool
) -> None:
    """Show whose work is what.

    What can be done now, or is late, and that you may see: whoever has left a team sees what is
    left for them. With --json also what is not open yet, and of one challenge also what is done.
    """
    import bootstrap
    from console.intake.seeing import those_seen
    from console.views.portfolio import show_tasks

    wanted = bootstrap.tasks.Wanted(
        reference=reference,
        person=session.person_id(person),
        is_late=late,
        with_finished=not late and (is_every or (session.is_json and reference is not None)),
    )
    with session.reading() as link:
        rows = bootstrap.tasks.listed(link, session.now, wanted)
    rows = those_seen(session, rows)
    show_tasks(session.output, rows, session.now.today, is_every=is_every or late)
