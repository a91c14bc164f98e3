"""All that can be done with a database at the time of a clock; each part is made when asked for."""

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from workflow.clock import Clock
from workflow.store.database import Database

if TYPE_CHECKING:
    from workflow.amending.calendars import Calendars
    from workflow.answering.answers import Answers
    from workflow.answering.deliveries import Deliveries
    from workflow.answering.settlements import Settlements
    from workflow.auditing.log import Log
    from workflow.auditing.reports import Register
    from workflow.digests import Digests
    from workflow.engine import Engine
    from workflow.migrating.migrations import Migrations
    from workflow.sweep import Sweep
    from workflow.views import Views


class UseCases(Protocol):
    """What a way in may call. Whoever puts the parts together says which database and clock."""

    database: Database

    @property
    def clock(self) -> Clock:
        """The clock by which all goes."""
        ...

    @cached_property
    def engine(self) -> "Engine":
        """What changes challenges."""
        from workflow.engine import Engine

        return Engine(self.database, self.clock)

    @cached_property
    def migrations(self) -> "Migrations":
        """What changes the definition of challenges."""
        from workflow.migrating.migrations import Migrations

        return Migrations(self.database, self.clock)

    @cached_property
    def calendars(self) -> "Calendars":
        """What changes calendars."""
        from workflow.amending.calendars import Calendars

        return Calendars(self.database, self.clock)

    @cached_property
    def sweep(self) -> "Sweep":
        """What lets time pass."""
        from random import shuffle

        from workflow.cluster.nudging import is_clustered
        from workflow.sweep import Sweep, in_turn

        is_one_of_many = is_clustered(self.database)
        return Sweep(self.database, self.clock, arrange=shuffle if is_one_of_many else in_turn)

    @cached_property
    def digests(self) -> "Digests":
        """What puts the weekly digests into the outbox."""
        from workflow.digests import Digests

        return Digests(self.database, self.clock)

    @cached_property
    def views(self) -> "Views":
        """What looks at one challenge."""
        from workflow.views import Views

        return Views(self.database, self.clock)

    @cached_property
    def answers(self) -> "Answers":
        """What takes answers by link."""
        from workflow.answering.answers import Answers

        return Answers(self.database, self.clock)

    @cached_property
    def settlements(self) -> "Settlements":
        """What takes answers by e-mail, and lets a manager accept or decline answers."""
        from workflow.answering.settlements import Settlements

        return Settlements(self.database, self.clock)

    @cached_property
    def deliveries(self) -> "Deliveries":
        """What records mail that did not arrive."""
        from workflow.answering.deliveries import Deliveries

        return Deliveries(self.database, self.clock)

    @cached_property
    def register(self) -> "Register":
        """What answers from the register of obligations."""
        from workflow.auditing.reports import Register

        return Register(self.database, self.clock)

    @cached_property
    def log(self) -> "Log":
        """What signs, anchors, proves, exports and checks the audit log."""
        from workflow.auditing.log import Log

        return Log(self.database, self.clock)
