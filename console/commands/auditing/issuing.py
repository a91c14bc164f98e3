"""Reports from the question to the answer: asked, shown, written to files."""

from pathlib import Path
from typing import TYPE_CHECKING

from console import words
from console.failures import BREACHES
from console.intake.reporting import Given, Mined, asked, files_of, moment_of, opened, write
from console.reporting.tables import Shown
from console.views.auditing.reports import report_json, show_numbers, show_report, summary

if TYPE_CHECKING:
    from console.session import Session
    from workflow.auditing.reports import Asked

ALL = "Register of obligations: all challenges"


def issue(session: "Session", reference: str | None, given: Given) -> int:
    """Show a report, or write it to files; return the exit code."""
    files, question = files_of(given), asked(session, reference, given)
    register, output = session.application.register, session.output
    with output.progress("reading") as told:
        found = register.report(question, on_progress=told)
    shown = Shown(
        report=found,
        people=session.people(),
        zone=output.zone,
        is_rehearsal=output.is_rehearsal,
    )
    for file in files:
        write(file, _content(session, question, shown, file=file))
        output.talk(f"written: {file}")
    if files:
        output.follow("audit report", summary=summary(found))
    elif question.is_counting:
        show_numbers(output, shown, is_monthly=given["trend"] is not None)
    else:
        is_narrow = given["is_late"] or bool(given["standings"]) or bool(given["obligation"])
        show_report(output, shown, is_every=given["is_every"] or is_narrow)
    return BREACHES if found.numbers.breaches else 0


def _content(session: "Session", question: "Asked", shown: Shown, *, file: Path) -> bytes:
    """Return what goes into a file, in the form that its name asks for; else as a page."""
    suffix = file.suffix.lower()
    if suffix == ".csv":
        from console.reporting.separated import separated

        return separated(shown).encode("utf-8-sig")  # as spreadsheets know it
    if suffix == ".xlsx":
        from console.reporting.workbook import workbook

        return workbook(shown)
    if suffix == ".json":
        return session.output.written("audit-report", report_json(shown)).encode()
    return _page(session, question, shown).encode()


def _page(session: "Session", question: "Asked", shown: Shown) -> str:
    """Return the page; that of one challenge tells what happened in it."""
    from console.reporting.page import page
    from console.views.auditing.story import story

    if question.reference is None:
        return page(shown, title=ALL, stages={})
    life = session.application.register.life(question.reference, question.as_of)
    challenge = life.challenge
    stages = life.rulebook.definition.stages
    return page(
        shown,
        title=f"Register of obligations: {challenge.reference} {challenge.title}",
        stages={key: stage.title for key, stage in stages.items()},
        story=story(shown, life),
    )


def mine(session: "Session", reference: str | None, given: Mined) -> None:
    """Write what happened, for tools that read processes."""
    from console.reporting.ocel import write_ocel
    from console.reporting.xes import write_xes
    from workflow.auditing.reports import Asked
    from workflow.model.access.permissions import Permission

    question = Asked(
        reference=reference,
        as_of=moment_of(session, given["as_of"]),
        only=session.visible(Permission.READ_AUDIT),
    )
    written = write_xes if given["form"] == "xes" else write_ocel
    register, output = session.application.register, session.output
    with opened(given["file"]) as file, output.progress("writing") as told:
        number = written(file, register.lives(question, on_progress=told))
    output.warn_of_rehearsal()
    output.talk(f"written: {given['file']}, {words.count(number, 'event')}")
    output.follow("audit report")
