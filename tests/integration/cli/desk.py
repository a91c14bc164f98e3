"""A desk to type commands at: a rehearsal in a temporary folder, invented people, one challenge."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from cli import main

DEFINITION = "local_system_peer_challenge"
PROGRAMME, MANAGER = "sam.ford@programme.example", "alex.reed@programme.example"
CLIENT = "nia.cole@northshire.example"
LEAD, TRUST = "ada.marsh@council.example", "ben.okoro@trust.example"
PEOPLE = (
    ("Sam Ford", PROGRAMME, "--administrator"),
    ("Alex Reed", MANAGER, "--phone=01632 960001"),
    ("Nia Cole", CLIENT, "--organisation=Northshire system"),
    ("Ada Marsh", LEAD, "--can=former_chief_executive"),
    ("Ben Okoro", TRUST, "--can=trust_chief_executive"),
)
START = (
    "new", "NOR-26", f"--definition={DEFINITION}", "--title=Northshire",
    "--client=Northshire system",
    "--date", "onsite_start=2026-11-24", "--date", "onsite_end=27 November 2026",
    f"--role=challenge_manager={MANAGER}", f"--role=client_contact={CLIENT}",
    f"--role=programme_manager={PROGRAMME}",
)  # fmt: skip
NOW = "2026-09-01T09:00"


class _Runner(CliRunner):
    """Runs a command; empties what it wrote to once that is read, as click keeps it for good."""

    @contextmanager
    def isolation(
        self,
        *given: Any,  # noqa: ANN401 (click's own)
        **named: Any,  # noqa: ANN401
    ) -> Iterator[tuple[BytesIO, BytesIO, BytesIO]]:
        with super().isolation(*given, **named) as streams:
            yield streams
            for stream in streams:
                stream.seek(0)
                stream.truncate()


@dataclass
class Desk:
    """Types commands in one process, at a set time, and looks at what comes back."""

    folder: Path
    now: str = NOW
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Return the database's URL."""
        return f"sqlite:///{self.folder / 'rehearsal.db'}"

    def surroundings(self) -> dict[str, str]:
        """Return the environment of a command; nothing of the machine's own settings is in it."""
        return {
            "PEER_CHALLENGE_DATABASE_URL": self.url,
            "PEER_CHALLENGE_NOW": self.now,
            "HOME": os.environ["HOME"],
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "LOGNAME": "tester",
            **self.environment,
        }

    def type(self, *arguments: str, code: int = 0, codes: tuple[int, ...] = ()) -> Result:
        """Run a command; it must end with `code`, or with one of `codes`."""
        result = _Runner().invoke(main, arguments, env=self.surroundings())
        if result.exit_code == 1 and result.exception and code != 1:
            raise result.exception
        told = f"{arguments}: {result.exit_code}\n{result.output}"
        assert result.exit_code in (codes or (code,)), told
        return result

    def read(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Run a command with --json; return its one object."""
        found: dict[str, Any] = json.loads(self.type(*arguments, "--json", code=code).stdout)
        return found

    def fill(self) -> "Desk":
        """Make the rehearsal, its people and one challenge."""
        self.type("init", "--rehearsal")
        for name, email, fact in PEOPLE:
            self.type("person", "add", name, email, fact)
        self.type(*START)
        return self

    def task(self, spec: str, *, person: str | None = None) -> dict[str, Any]:
        """Return a task of NOR-26 as `tasks --json` has it."""
        rows = self.read("tasks", "NOR-26")["tasks"]
        found: dict[str, Any] = next(
            row for row in rows if row["key"] == spec and person in (None, row["person"])
        )
        return found
