"""What the parts of one call share: the settings, the application, and how to show things."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import click

from console.doorkeeper import Doorkeeper
from console.output import Output, is_a_terminal
from workflow.model.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    import bootstrap
    from workflow.model.commands import Command
    from workflow.model.people import Person
    from workflow.outcomes import Outcome


@dataclass
class Session(Doorkeeper):
    """One call of the program. `flags` are the settings given as options."""

    flags: dict[str, str] = field(default_factory=dict)
    is_quiet: bool = False
    is_verbose: bool = False
    is_json: bool = False
    is_dry_run: bool = False
    is_sure: bool = False

    @cached_property
    def settings(self) -> "bootstrap.Settings":
        """The settings."""
        import bootstrap

        return bootstrap.read_settings(self.flags)

    @cached_property
    def application(self) -> "bootstrap.Application":
        """The application; the database is made when it is not there yet."""
        import bootstrap

        application = bootstrap.open_application(self.settings)
        if self.is_verbose:
            click.echo(f"database: {application.database.name}", err=True)
        root = click.get_current_context().find_root()  # which reads once more to tell of an error
        root.call_on_close(application.database.close)
        return application

    @cached_property
    def output(self) -> Output:
        """Where words go; it knows whether this is a rehearsal."""
        return self.output_of(self.application)

    def output_of(self, application: "bootstrap.Application | None") -> Output:
        """Return where words go; None where there is no database."""
        import bootstrap

        return Output(
            zone=bootstrap.ZONE,
            is_json=self.is_json,
            is_quiet=self.is_quiet,
            is_terminal=is_a_terminal(),
            is_rehearsal=application is not None and application.is_rehearsal,
        )

    @contextmanager
    def reading(self) -> "Iterator[bootstrap.Link]":
        """Open a reading transaction."""
        _ = self.application.clock  # which reads, too: never inside
        with self.application.database.reading() as link:
            yield link

    @cached_property
    def now(self) -> "bootstrap.queries.Now":
        """The present moment, and its day in the programme's zone."""
        import bootstrap

        at = self.application.clock.now()
        return bootstrap.queries.Now(at, at.astimezone(bootstrap.ZONE).date())

    def check_reference(self, reference: str) -> None:
        """Refuse a reference that no challenge has, before an empty list is shown.

        Raises:
            NotFound: the nearest are named.
        """
        import bootstrap

        now = self.now
        with self.reading() as link:
            bootstrap.tasks.listed(link, now, bootstrap.tasks.Wanted(reference=reference))

    def person(self, who: str) -> "Person":
        """Return the person with an e-mail address or an id, or the only one of a name.

        Raises:
            NotFound: there is none; the nearest addresses are named.
        """
        import bootstrap

        with self.reading() as link:
            try:
                return bootstrap.people.find(link, who)
            except NotFound:
                everybody = bootstrap.people.everybody(link)
                named = [person for person in everybody if person.name.casefold() == who.casefold()]
                if len(named) != 1:
                    raise
                return named[0]

    def people(self) -> "dict[int, Person]":
        """Return all people by id, those added first leading."""
        import bootstrap

        with self.reading() as link:
            return {person.id: person for person in bootstrap.people.everybody(link)}

    def person_id(self, who: str | None) -> int | None:
        """Return the id of a person, None where nobody was named."""
        return None if who is None else self.person(who).id

    def act(self, reference: str, command: "Command") -> "Outcome":
        """Carry out a command on a challenge, or with --dry-run try it; show what it brings."""
        from console.views.plan.outcome import show_outcome

        application = self.application
        outcome = application.engine.act(
            reference,
            command,
            actor=application.actor_id,
            is_dry_run=self.is_dry_run,
            is_telling=True,
        )
        show_outcome(self.output, outcome)
        return outcome

    def confirm(self, question: str) -> None:
        """Ask before what cannot be taken back; never without a terminal, nor with --yes."""
        is_asked = not (self.is_sure or self.is_dry_run or self.is_json)
        if is_asked and is_a_terminal() and sys.stdin.isatty():
            click.confirm(question, abort=True, err=True)


pass_session = click.make_pass_decorator(Session)


def confirm_destruction(session: Session, question: str) -> None:
    """Ask before something is destroyed for good; where nobody can answer, `--yes` must say so.

    Raises:
        InvalidInput: nobody can be asked, and it was not said.
    """
    if session.is_sure or session.is_dry_run:
        return
    if session.is_json or not (is_a_terminal() and sys.stdin.isatty()):
        raise InvalidInput("nobody can be asked here, and it cannot be taken back: say --yes")
    click.confirm(question, abort=True, err=True)


def require_own(session: Session, person: "Person | None") -> None:
    """Refuse what concerns somebody else, or everybody, unless an administrator asks.

    Raises:
        Refused: the asker is somebody else, and no administrator.
    """
    from workflow.granting.access import Request
    from workflow.model.access.permissions import Permission

    actor = session.application.actor
    if person is not None and person.id == actor.id:
        return
    whose = f"of {person.name}" if person else "of everybody"
    request = Request(
        permission=Permission.ACT_FOR_OTHERS,
        action=Permission.ACT_FOR_OTHERS,
        what=f"change the mail {whose}",
        others=("them",) if person else (),
        detail={"person": person.id if person else None},
    )
    session.application.right = session.application.access.require(actor.id, request)
