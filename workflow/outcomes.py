"""What a change came to: what it did at once, and what it shifts of what comes later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.definition import Definition
from workflow.model.errors import Refused
from workflow.model.outlook.consequences import Consequences, consequences, is_untrue
from workflow.model.people import Person, name_in
from workflow.model.planning.invitations import Letter
from workflow.model.planning.rulebook import Rulebook
from workflow.store.outbox import Waiting


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a change came to, or would come to. `before` is None for a new challenge.

    `waiting` are the reminders that were not sent yet when the change was made; `letters` what it
    sends of the entries in people's calendars.
    """

    at: datetime
    before: Challenge | None
    after: Challenge
    events: tuple[e.Event, ...]
    warnings: tuple[str, ...]
    rulebook: Rulebook
    people: Mapping[int, Person]
    is_dry_run: bool
    waiting: tuple[Waiting, ...] = ()
    letters: tuple[Letter, ...] = ()

    @property
    def definition(self) -> Definition:
        """The definition under which it was made."""
        return self.rulebook.definition

    @cached_property
    def consequences(self) -> Consequences:
        """What it shifts of what comes later; found when somebody first wants to see it."""
        return consequences(self.rulebook, self.before, self.after, events=self.events, at=self.at)

    @cached_property
    def unsent(self) -> tuple[Waiting, ...]:
        """The waiting reminders that have nothing left to say after it, and had before."""
        return tuple(
            message
            for message in self.waiting
            if self._is_untrue(self.after, message)
            and not (self.before and self._is_untrue(self.before, message))
        )

    def _is_untrue(self, challenge: Challenge, message: Waiting) -> bool:
        return is_untrue(
            self.rulebook,
            challenge,
            message.tasks,
            to=message.recipient,
            rungs=message.rungs,
            at=self.at,
        )


class Step(NamedTuple):
    """What a command comes to, before anybody is shown it. `texts` have ids for names."""

    at: datetime
    before: Challenge
    after: Challenge
    events: tuple[e.Event, ...]
    refusal: Refused | None
    texts: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    letters: tuple[Letter, ...] = ()

    def shown(
        self, rulebook: Rulebook, people: Mapping[int, Person], *, is_dry_run: bool
    ) -> Outcome:
        """Return it with people's names."""
        return Outcome(
            at=self.at,
            before=self.before,
            after=self.after,
            events=self.events,
            warnings=tuple(name_in(text, people) for text in self.texts),
            rulebook=rulebook,
            people=people,
            is_dry_run=is_dry_run,
            waiting=self.waiting,
            letters=self.letters,
        )
