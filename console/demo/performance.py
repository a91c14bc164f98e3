"""The demonstration: plays the script, and stops at times to show what the commands show."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

import bootstrap
from console.demo.rehearsal import Rehearsal, opening_time
from console.demo.script import BEGIN, END, ENDING, INTRODUCTION, MANAGER, SHOWN
from console.failures import Failure
from console.output import Output
from console.reporting.tables import Shown
from console.views.auditing.reports import show_report
from console.views.auditing.verifying import show_verified
from console.views.explaining import show_explained
from console.views.history import SMALL_AND_MAIL, show_timeline
from console.views.portfolio import show_portfolio
from console.words import count, long_day
from workflow.auditing.reports import Asked
from workflow.model.commands import Advance
from workflow.model.errors import InvalidInput, Refused
from workflow.model.register.wanted import Wanted

if TYPE_CHECKING:
    from console.session import Session

WHOLE, WRONG, EARLY = "NOR-26", "WES-26", "EAS-27"
MOST_MAILS = 12


def perform(session: "Session", keep: str | None) -> None:
    """Play the whole script, and show what there is to see.

    Raises:
        InvalidInput: there is a rehearsal in the folder already.
    """
    with _folder(keep) as place, bootstrap.sink.Sink() as sink:
        url = f"sqlite:///{place / 'rehearsal.db'}"
        settings = bootstrap.Settings(
            database_url=url, smtp_url=sink.url, now=opening_time(), actor=""
        )
        application = bootstrap.make_database(settings, is_rehearsal=True)
        show = Showing(application, session.is_quiet)
        try:
            show.everything(sink)
        finally:
            application.database.close()
        if keep:
            show.say(f"Go on in it: peer-challenge --db {url} list")


@contextmanager
def _folder(keep: str | None) -> Iterator[Path]:
    if keep is None:
        with TemporaryDirectory(prefix="peer-challenge-demo-") as passing:
            yield Path(passing)
        return
    folder = Path(keep).resolve()
    try:
        is_taken = (folder / "rehearsal.db").exists()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(f"{folder} cannot be a folder: {error.strerror}") from error
    if is_taken:
        raise InvalidInput(f"there is a rehearsal in {folder} already; name another folder")
    yield folder


class Showing:
    """Shows a rehearsal while it is played, with the very functions of the commands."""

    def __init__(self, application: bootstrap.Application, is_quiet: bool) -> None:  # noqa: FBT001
        self.application, self.is_quiet = application, is_quiet
        self.output = Output(zone=bootstrap.ZONE, is_quiet=True, is_terminal=True)
        self.rehearsal = Rehearsal(application)

    def everything(self, sink: "bootstrap.sink.Sink") -> None:
        """Play, and stop twice to look."""
        self.say(*INTRODUCTION)
        self.rehearsal.cast.begin()
        with _progress(is_quiet=self.is_quiet) as say:
            self.rehearsal.walk(BEGIN, SHOWN, say=say)
        self._portfolio(SHOWN)
        self._refusal()
        self._explanation()
        with _progress(is_quiet=self.is_quiet) as say:
            self.rehearsal.walk(SHOWN + timedelta(days=1), END, say=say)
        self._portfolio(END)
        self._timeline()
        self._mails(sink)
        self._audit()
        self.say("", *ENDING)

    def say(self, *lines: str) -> None:
        """Say something on a line of its own."""
        for line in lines:
            click.echo(line)

    def _typed(self, command: str) -> None:
        self.say("", f"$ peer-challenge {command}")

    def _portfolio(self, day: date) -> None:
        self.say("", f"--- {long_day(day)}: how do the challenges stand?")
        self._typed("list --all")
        now = bootstrap.queries.Now(self.application.clock.now(), day)
        wanted = bootstrap.queries.Wanted(with_final=True)
        with self.application.database.reading() as link:
            rows = bootstrap.queries.portfolio(link, now, wanted)
        show_portfolio(self.output, rows, day)

    def _refusal(self) -> None:
        self.say("", "--- A step is refused while something is missing")
        self._typed(f"advance {EARLY} confirm_team")
        actor = self.rehearsal.cast.people[MANAGER].id
        try:
            self.application.engine.act(EARLY, Advance(trigger="confirm_team"), actor=actor)
        except Refused as error:
            self.say(*Failure(error, is_json=False).as_lines())

    def _explanation(self) -> None:
        self.say("", "--- How did this date come about?")
        self._typed(f"explain {WHOLE} draft_report")
        found = self.application.views.explain(WHOLE, "draft_report")
        show_explained(self.output, WHOLE, found)

    def _timeline(self) -> None:
        self.say("", f"--- What happened in {WHOLE}, messages left out?")
        self._typed(f"timeline {WHOLE}")
        with self.application.database.reading() as link:
            people = {person.id: person for person in bootstrap.people.everybody(link)}
        show_timeline(
            self.output, self.application, WHOLE, people=people, leaving_out=SMALL_AND_MAIL
        )

    def _mails(self, sink: "bootstrap.sink.Sink") -> None:
        received = [mail.email for mail in sink.received]
        sent = count(len(received), "message")
        self.say("", f"--- What was sent? {sent} went through the mail server; the last ones:", "")
        for mail in received[-MOST_MAILS:]:
            self.say(f"  {mail['To']!s:45}  {mail['Subject']}")
        readers = Counter(str(mail["To"]) for mail in received).most_common(1)
        if readers:
            self.say("", f"Most went to {readers[0][0]}: {readers[0][1]}.")

    def _audit(self) -> None:
        self.say("", "--- What does an auditor see of the challenge that went wrong?")
        self._typed(f"audit report {WRONG} --late")
        asked = Asked(reference=WRONG, wanted=Wanted(is_late=True))
        report = self.application.register.report(asked)
        with self.application.database.reading() as link:
            people = {person.id: person for person in bootstrap.people.everybody(link)}
        shown = Shown(report=report, people=people, zone=self.output.zone)
        show_report(self.output, shown, is_every=True)
        self._typed("audit verify")
        show_verified(self.output, self.application.log.verify())


@contextmanager
def _progress(*, is_quiet: bool) -> "Iterator[Callable[[date], None]]":
    """Yield what is told each day: a line that changes on a terminal, else one a month."""
    is_terminal = sys.stderr.isatty()

    def say(day: date) -> None:
        if is_quiet:
            return
        if is_terminal:
            click.echo(f"\r  {long_day(day):35}", nl=False, err=True)
        elif day.day == 1:
            click.echo(f"  {day:%B %Y}", err=True)

    yield say
    if is_terminal and not is_quiet:
        click.echo("\r" + " " * 40 + "\r", nl=False, err=True)
