"""The audit log: `audit log`, `verify`, `export`, `prove`, `checkpoint`, `anchor`, `key`."""

from pathlib import Path

import click

from console import frame, options
from console.session import Session, pass_session

FILE = click.Path(path_type=Path, dir_okay=False)


@frame.command("log", example="audit log NOR-26", follow="audit verify")
@options.reference
@options.as_json
@pass_session
def log_command(session: Session, reference: str) -> None:
    """Show the history of a challenge, event by event."""
    import bootstrap
    from console.views.auditing.log import show_log

    session.check_reference(reference)
    with session.reading() as link:
        rows = bootstrap.queries.log(link, reference)
    show_log(session.output, reference, rows)


@frame.command(
    "verify",
    example="audit verify\naudit verify --anchors anchors.txt\n"
    "audit verify --log log.jsonl --anchors anchors.txt",
    follow="audit report",
)
@click.option("--log", "exported", type=FILE, help="Check an exported log; no database is needed.")
@click.option("--anchors", type=FILE, multiple=True, help="Checkpoints that lay outside.")
@click.option("--key", default="", metavar="KEY", help="With --log: the key that must have signed.")
@options.as_json
@click.pass_context
def verify_command(
    ctx: click.Context, exported: Path | None, *, anchors: tuple[Path, ...], key: str
) -> None:
    """Check that nothing was changed afterwards. Ends with 3 when something was."""
    from console.failures import BREACHES

    session = ctx.ensure_object(Session)
    if key and exported is None:
        raise click.UsageError("--key goes with --log")
    is_intact = _verify(session, exported, anchors=anchors, key=key)
    ctx.exit(0 if is_intact else BREACHES)


def _verify(
    session: Session, exported: Path | None, *, anchors: tuple[Path, ...], key: str
) -> bool:
    from console.views.auditing.verifying import show_exported, show_verified

    if exported is not None:
        from workflow.auditing.log import verify_export

        checked = verify_export(exported, anchors, key=key)
        show_exported(session.output_of(None), checked)
        return checked.is_intact
    with session.output.progress("events") as on_progress:
        found = session.application.log.verify(anchors=anchors, on_progress=on_progress)
    show_verified(session.output, found)
    return found.is_intact


@frame.command(
    "export",
    example="audit export log.jsonl",
    follow="audit verify --log log.jsonl --anchors anchors.txt",
)
@click.argument("file", type=FILE)
@options.dry_run
@pass_session
def export_command(session: Session, file: Path) -> None:
    """Write the whole log to a file that anybody can check without the database."""
    from console.views.auditing.verifying import show_head

    log = session.application.log
    if session.is_dry_run:
        session.output.text([f"The log would be written to {file}."])
        return
    head = log.export(file)
    show_head(session.output, head, f"written to {file}")
    session.output.follow(f"audit verify --log {file}")


@frame.command("prove", example="audit prove NOR-26 12 -o proof.json", follow="audit key")
@options.reference
@click.argument("event", type=options.NUMBER)
@click.option("-o", "--output", "file", type=FILE, help="Write the proof to a file.")
@pass_session
def prove_command(session: Session, reference: str, event: int, *, file: Path | None) -> None:
    """Prove to an outsider that an event (its number in `audit log`) is in the log, as it is."""
    from console.views.auditing.verifying import show_proof

    session.check_reference(reference)
    found = session.application.log.prove(reference, event)
    show_proof(session.output, found, file)


@frame.command("checkpoint", example="audit checkpoint", follow="audit anchor FILE")
@options.changes
@pass_session
def checkpoint_command(session: Session) -> None:
    """Sign the head of the log as it is now, and show it."""
    from console.views.auditing.verifying import show_checkpoint

    log = session.application.log
    if session.is_dry_run:
        session.output.text([f"{log.unsigned()} more entries would be signed."])
        return
    show_checkpoint(session.output, log.checkpoint())


@frame.command(
    "anchor",
    example="audit anchor /mnt/elsewhere/anchors.txt\n"
    "audit anchor anchors.txt --timestamp https://tsa.example/tsr --roots tsa.pem",
    follow="audit verify --anchors FILE",
)
@click.argument("file", type=FILE)
@click.option("--timestamp", metavar="URL", help="Let an authority (RFC 3161) confirm the time.")
@click.option("--roots", type=FILE, help="With --timestamp: the certificates (PEM) to believe.")
@options.dry_run
@pass_session
def anchor_command(
    session: Session, file: Path, *, timestamp: str | None, roots: Path | None
) -> None:
    """Sign the head of the log and put it where nobody who works with the database can change it.

    What was entered before an anchor cannot be changed unnoticed after it.
    """
    if (timestamp is None) is not (roots is None):
        raise click.UsageError("--timestamp URL and --roots FILE go together")
    if session.is_dry_run:
        more = session.application.log.unsigned()
        session.output.text([f"The head of the log would go to {file}; {more} entries are new."])
        return
    _anchor(session, file, url=timestamp, roots=roots)


def _anchor(session: Session, file: Path, *, url: str | None, roots: Path | None) -> None:
    from console.views.auditing.verifying import show_anchored

    log = session.application.log
    show_anchored(session.output, log.anchor(file))
    if url is not None and roots is not None:
        show_anchored(session.output, log.timestamp(url, roots=roots, beside=file))
    session.output.follow("audit verify")


@frame.command("key", example="audit key", follow="audit prove REF EVENT -o proof.json")
@options.as_json
@pass_session
def key_command(session: Session) -> None:
    """Show the key that checks signatures of this log; give it to auditors by another way."""
    key = session.application.log.key()
    if session.is_json:
        session.output.document("audit-key", {"name": key.name, "key": str(key)})
        return
    session.output.warn_of_rehearsal()  # beside the key: it goes into a file
    click.echo(str(key))
    session.output.follow("audit anchor FILE")


COMMANDS = (
    log_command,
    verify_command,
    export_command,
    prove_command,
    checkpoint_command,
    anchor_command,
    key_command,
)
