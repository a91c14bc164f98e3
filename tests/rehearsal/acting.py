"""What people do about a challenge at a moment, through the command line: two of them at a time.

Those who keep different challenges do not wait for each other, so two processes type for them.
What is due to be destroyed is only named: it is destroyed when nobody else is at work, since the
database's file is rewritten then.
"""

import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.integration.cli.desk import Desk
from tests.integration.year import NOON, STEPS, ZONE, Typist, local
from workflow.model.lines import RETENTION_PREFIX

SIDE_BY_SIDE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What was done about a challenge: whether anything, and whether it is over.

    `rules` are due to destroy what they keep; `looks` are moments at which to look again.
    """

    reference: str
    commands: int
    has_acted: bool
    is_over: bool
    rules: tuple[str, ...]
    looks: frozenset[datetime]


def crew() -> Executor:
    """Return the processes that act side by side."""
    return ProcessPoolExecutor(SIDE_BY_SIDE, mp_context=multiprocessing.get_context("spawn"))


def keep_up(desk: Desk, reference: str) -> Acted:
    """Do what is due of a challenge by now, or else take a step that can be taken.

    What follows is sent before anybody acts on it, as nobody is quicker than the mail.
    """
    return _Keeper(desk).keep_up(reference)


def noon(day: date) -> datetime:
    """Return when people act on a day."""
    return datetime.combine(day, NOON, ZONE)


@dataclass
class _Keeper(Typist):
    """Whoever keeps a challenge; no command is a process of its own: there are many."""

    commands: int = field(default=0, init=False)

    def type(self, *arguments: str, more: tuple[int, ...] = ()) -> str:
        self.commands += 1
        return self.desk.type(*arguments, codes=(0, *more)).stdout

    def keep_up(self, reference: str) -> Acted:
        found = self.read("show", reference)
        due = [task for task in found["tasks"] if self._is_due(task)]
        keys = [task["key"] for task in due]
        for task in due:
            if not task["key"].startswith(RETENTION_PREFIX):
                self.type("done", reference, task["id"], "--evidence=as agreed")
        free = [s for s in found["steps"] if s["trigger"] in STEPS and not s["unmet"]]
        if free and not due:
            self.type("advance", reference, free[0]["trigger"], "--reason=as planned")
        is_at_rest = not due and not free
        is_over = is_at_rest and found["is_final"]
        return Acted(
            reference=reference,
            commands=self.commands,
            has_acted=not is_at_rest,
            is_over=is_over,
            rules=tuple(
                k.removeprefix(RETENTION_PREFIX) for k in keys if k.startswith(RETENTION_PREFIX)
            ),
            looks=self._ahead(found) if is_at_rest and not is_over else frozenset(),
        )

    def _is_due(self, task: dict[str, Any]) -> bool:
        """Return whether the noon of an open task has come."""
        return task["status"] == "open" and _noon_of(task) <= self.now

    def _ahead(self, found: dict[str, Any]) -> frozenset[datetime]:
        """Return when to look next: at the noons on which something opens, or will be done."""
        ahead = {_noon_of(task) for task in found["tasks"] if task["status"] == "open"}
        opening = {line["opens_on"] for line in found["deadlines"]} - {None}
        ahead |= {noon(date.fromisoformat(day)) for day in opening}
        return frozenset(at for at in ahead if at > self.now)


def _noon_of(task: dict[str, Any]) -> datetime:
    """Return when an open task will be done: its target's noon, its limit's, or its opening's."""
    opened_on = local(task["opened_at"]).date().isoformat()
    return noon(date.fromisoformat(task["target_on"] or task["limit_on"] or opened_on))
