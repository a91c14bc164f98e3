"""Django with django-fsm-2: what one would write by hand for cases of forty tasks.

A case has forty rows from the start. A completion reads the case with its tasks, asks the state
machine, saves the row, writes a line of history and two rows that wait (for mail, for a timer),
counts what is left, and saves the case, which another must not have changed meanwhile, in one
transaction that takes the lock at once.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import django
from django.conf import settings

from benchmarks.peers.tables import AT, EVIDENCE, SETTINGS, TASKS
from benchmarks.peers.wire import serve

settings.configure(
    INSTALLED_APPS=[],
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(sys.argv[1]) / "django_fsm.db",
            "OPTIONS": {"init_command": "; ".join(SETTINGS), "transaction_mode": "IMMEDIATE"},
        }
    },
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402 (needs the settings)
from django_fsm import FSMField, transition  # noqa: E402

MOMENT = datetime.fromisoformat(AT).replace(tzinfo=UTC)


class Case(models.Model):
    """A case; `version` says how often it was changed."""

    title = models.TextField()
    version = models.IntegerField(default=0)

    class Meta:
        """Tables of a script have no application."""

        app_label = "cases"


class Task(models.Model):
    """One of its tasks."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    number = models.IntegerField()
    status = FSMField(default="open")
    done_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(db_index=True)
    note = models.TextField(default="")

    class Meta:
        """Tables of a script have no application."""

        app_label = "cases"

    @transition(field=status, source="open", target="done", conditions=[lambda task: task.due_at])
    def finish(self, note: str) -> None:
        """Record it as done."""
        self.done_at, self.note = MOMENT, note


class Line(models.Model):
    """A line of history, a message or a timer: `kind` says which."""

    case = models.ForeignKey(Case, models.CASCADE)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(db_index=True)
    body = models.TextField()

    class Meta:
        """Tables of a script have no application."""

        app_label = "cases"


class Cases:
    """Cases in a SQLite file; `complete` goes through them one by one."""

    def __init__(self) -> None:
        self.made = self.completed = 0
        with connection.schema_editor() as editor:
            for model in (Case, Task, Line):
                editor.create_model(model)

    def create(self, count: int) -> None:
        """Start so many cases, each for good."""
        for number in range(count):
            with transaction.atomic():
                case = Case.objects.create(title=f"Case {number}")
                Task.objects.bulk_create(
                    Task(case=case, number=place, due_at=MOMENT) for place in range(TASKS)
                )
                Line.objects.create(case=case, kind="started", at=MOMENT, body=EVIDENCE)
            self.made += 1

    def complete(self, count: int) -> None:
        """Complete so many tasks, each for good."""
        for _ in range(count):
            self._complete(1 + self.completed // TASKS, self.completed % TASKS)
            self.completed += 1

    def _complete(self, case_id: int, number: int) -> None:
        with transaction.atomic():
            case = Case.objects.get(pk=case_id)
            tasks = {task.number: task for task in case.tasks.all()}
            task = tasks[number]
            task.finish(EVIDENCE)
            task.save(update_fields=["status", "done_at", "note"])
            Line.objects.bulk_create(
                Line(case=case, kind=kind, at=MOMENT, body=EVIDENCE)
                for kind in ("done", "mail", "timer")
            )
            same = Case.objects.filter(pk=case.pk, version=case.version)
            if same.update(version=case.version + 1) != 1:
                raise ValueError("somebody else changed the case")
            sum(task.status == "open" for task in tasks.values())


def main() -> None:
    """Serve, with the files in the folder that the command names."""
    cases = Cases()
    serve({"create": cases.create, "complete": cases.complete})
