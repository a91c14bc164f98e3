"""django-viewflow: forty steps, side by side or one after the other.

A completion finds an open task and runs it, in one transaction that takes the lock at once; the
library writes its own history, and opens what follows.
"""

import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from benchmarks.peers.tables import CHAIN, SETTINGS, TASKS
from benchmarks.peers.wire import serve

settings.configure(
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "viewflow",
        "viewflow.workflow",
        "benchmarks.peers",
    ],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(sys.argv[1]) / f"viewflow-{sys.argv[2]}.db",
            "OPTIONS": {"init_command": "; ".join(SETTINGS), "transaction_mode": "IMMEDIATE"},
        }
    },
)
django.setup()

from django.core.management import call_command  # noqa: E402 (needs the settings)
from django.db import transaction  # noqa: E402
from viewflow import this  # noqa: E402
from viewflow.workflow import flow  # noqa: E402
from viewflow.workflow.models import Process  # noqa: E402

STEPS = [f"task{number}" for number in range(TASKS)]


def nodes(shape: str) -> dict[str, object]:
    """Return what a case consists of."""
    if shape == CHAIN:
        following = zip(STEPS, [*STEPS[1:], "end"], strict=True)
        steps = {step: flow.Handle().Next(getattr(this, after)) for step, after in following}
        return {"start": flow.StartHandle().Next(getattr(this, STEPS[0])), **steps}
    fork = flow.Split()
    for step in STEPS:
        fork = fork.Next(getattr(this, step))
    return {
        "start": flow.StartHandle().Next(this.fork),
        "fork": fork,
        **{step: flow.Handle().Next(this.join) for step in STEPS},
        "join": flow.Join().Next(this.end),
    }


Case: Any = type(
    "Case",
    (flow.Flow,),
    {
        "__module__": "benchmarks.peers.viewflow",
        "process_class": Process,
        **nodes(sys.argv[2]),
        "end": flow.End(),
    },
)


class Cases:
    """Cases in a SQLite file; `complete` goes through them one by one."""

    def __init__(self) -> None:
        call_command("migrate", verbosity=0)
        self.made: list[int] = []
        self.completed = 0

    def create(self, count: int) -> None:
        """Start so many cases, each for good."""
        for _ in range(count):
            with transaction.atomic():
                self.made.append(Case.start.run().pk)

    def complete(self, count: int) -> None:
        """Complete so many tasks, each for good."""
        for _ in range(count):
            node = getattr(Case, STEPS[self.completed % TASKS])
            with transaction.atomic():
                case = self.made[self.completed // TASKS]
                node.run(Case.task_class.objects.get(process_id=case, flow_task=node))
            self.completed += 1


def main() -> None:
    """Serve, with the files in the folder that the command names."""
    cases = Cases()
    serve({"create": cases.create, "complete": cases.complete})
