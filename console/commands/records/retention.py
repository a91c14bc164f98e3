"""Retention of our own copies: `retention list`, `request`, `approve`, `extend`, `destroy`."""

from datetime import date

import click

from console import frame, options
from console.session import Session, confirm_destruction, pass_session

rule_argument = click.argument("rule", metavar="RULE")


@frame.group("retention")
def retention_command() -> None:
    """What is kept until when: ask to destroy it, approve it, do it."""


@retention_command.command(
    "list",
    example="retention list EAS-27\nretention list --due",
    follow="retention request REF RULE",
)
@click.argument("reference", metavar="[REF]", required=False)
@click.option("--due", is_flag=True, help="Only what somebody has to do something about.")
@options.as_json
@pass_session
def list_retention(session: Session, reference: str | None, *, due: bool) -> None:
    """Show what every rule keeps, when it is due to go, why then, and how far that has come."""
    from console.views.records.retention import show_retention

    disposals = session.application.disposals
    rows = [
        (one, kept)
        for one in ([reference] if reference else _seen(session))
        for kept in disposals.listed(one)
        if kept.is_pressing or not due
    ]
    show_retention(session.output, rows, people=session.people())


def _seen(session: Session) -> list[str]:
    """Return the references of the challenges that whoever acts may see."""
    from workflow.model.access.permissions import Permission

    seen = session.visible(Permission.SEE_CHALLENGE)
    known = session.application.disposals.references()
    return known if seen is None else [one for one in known if one in seen]


@retention_command.command(
    "request",
    example="retention request EAS-27 drafts\n"
    'retention request EAS-27 drafts --reason "the client asks for it"',
    follow="retention approve REF RULE",
)
@options.reference
@rule_argument
@options.reason
@options.changes
@pass_session
def request_disposal(session: Session, reference: str, rule: str, *, reason: str) -> None:
    """Ask to destroy our own copies of what a rule keeps.

    Somebody else must approve it. Before its day, a reason is needed, and the right to.
    """
    from workflow.model.records.commands import RequestDisposal

    session.act(reference, RequestDisposal(rule=rule, reason=reason))


@retention_command.command(
    "approve", example="retention approve EAS-27 drafts", follow="retention destroy REF RULE"
)
@options.reference
@rule_argument
@options.changes
@pass_session
def approve_disposal(session: Session, reference: str, rule: str) -> None:
    """Approve what somebody else asked to destroy."""
    from workflow.model.records.commands import ApproveDisposal

    session.act(reference, ApproveDisposal(rule=rule))


@retention_command.command(
    "extend",
    example='retention extend EAS-27 drafts --until 2028-06-30 --reason "an inquiry may come"',
    follow="retention list REF",
)
@options.reference
@rule_argument
@click.option("--until", required=True, type=options.DAY, help="The day until which it is kept.")
@options.needed_reason
@options.changes
@pass_session
def extend_retention(
    session: Session, reference: str, rule: str, *, until: date, reason: str
) -> None:
    """Keep what a rule keeps for longer; what was asked for and approved falls away."""
    from workflow.model.records.commands import ExtendRetention

    session.act(reference, ExtendRetention(rule=rule, until=until, reason=reason))


@retention_command.command(
    "destroy", example="retention destroy EAS-27 drafts --yes", follow="certificate show NUMBER"
)
@options.reference
@rule_argument
@options.sure
@options.changes
@pass_session
def destroy_records(session: Session, reference: str, rule: str) -> None:
    """Destroy our own copies for good, once it is approved, and show the certificate.

    Holds are looked at again as it is done. Called again after a crash, it goes on from there.
    """
    from console.views.plan.outcome import show_outcome
    from console.views.records.certificates import show_certificate

    disposals, actor = session.application.disposals, session.application.actor.id
    if session.is_dry_run:
        show_outcome(session.output, disposals.foresee(reference, rule, actor=actor))
        return
    half = disposals.half_done(reference, rule, actor=actor)
    if half is None and not session.is_sure:
        disposals.foresee(reference, rule, actor=actor)  # a refusal comes before the question
    confirm_destruction(session, f"Destroy what {rule} keeps of {reference}, for good?")
    certificate = disposals.destroy(reference, rule, actor=actor)
    names = session.application.certificates.names(certificate)
    show_certificate(session.output, certificate, names=names)
