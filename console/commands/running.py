"""Time passes: `tick` once, `run` until stopped."""

import click

from console import frame, options
from console.session import Session, pass_session
from workflow.model.errors import InvalidInput

MOST_WORKERS = 16


@frame.command("tick", example="tick", follow="mail list")
@options.as_json
@click.pass_context
def tick_command(ctx: click.Context) -> None:
    """Do what is due now, and send what waits.

    One sweep and one round of mail. Ends with 75 when the mail server, or the mailbox that answers
    come to, is away: nothing is lost.
    """
    from dataclasses import replace

    from console.views.running import exit_code, show_turn
    from console.working import take_turn

    session = ctx.ensure_object(Session)
    turn = take_turn(session.application)
    turn = replace(turn, troubles=tuple(map(session.hiding, turn.troubles)))
    show_turn(session.output, turn)
    ctx.exit(exit_code(turn))


@frame.command("run", example="run\nrun --cluster --workers 4", follow="mail list")
@click.option(
    "--cluster", "is_cluster", is_flag=True, help="As one machine of several, on PostgreSQL."
)
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    metavar="N",
    help="With --cluster: so many jobs at a time; 1 if not set.",
)
@pass_session
def run_command(session: Session, *, is_cluster: bool, workers: int | None) -> None:
    """Do it on time, until stopped.

    SIGTERM or Ctrl-C ends it cleanly. Killing it loses nothing: what was not done is due again.
    """
    from console.company import work_in_company
    from console.working import work_until_stopped

    if is_cluster:
        work_in_company(session.application, count=workers or 1, say=session.output.talk)
    elif workers:
        raise InvalidInput("--workers goes with --cluster: run --cluster --workers N")
    else:
        work_until_stopped(session.application, say=session.output.talk)


@frame.command("web", example="web\nweb --listen 0.0.0.0:8000", follow="link feed PERSON")
@click.option("--listen", metavar="HOST:PORT", help="Where to listen: 127.0.0.1:8000 if not set.")
@pass_session
def web_command(session: Session, listen: str | None) -> None:
    """Serve the pages behind the links of e-mails.

    Until stopped. `run` serves them too: this is for a machine of its own, behind a server that
    speaks TLS.
    """
    from console.working import serve_until_stopped

    serve_until_stopped(session.application, listen=listen, say=session.output.talk)
