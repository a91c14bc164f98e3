"""The people and the challenges of a large programme, as the files that `import` reads.

Each challenge has people of its own, seven of them peers; a challenge manager sees to twenty. Every
fifth challenge is one on which nobody ever acts.
"""

import csv
import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.integration.cli.desk import DEFINITION
from tests.integration.year import address

EACH_MANAGER, EACH_IDLE = 20, 5
FIRST_VISIT, WEEKS = date(2026, 11, 24), 20
"""The Tuesday of the first visits, and over how many weeks visits are spread."""

DAYS_ON_SITE = 4
CHRISTMAS = (date(2026, 12, 20), date(2027, 1, 4))
PEERS = {
    "lead_peer": "former_chief_executive",
    "trust_peer": "trust_chief_executive",
    "commissioning_peer": "clinical_leader",
    "council_peer": "council_chief_executive",
    "social_care_peer": "social_care_director",
    "member_peer": "elected_member",
    "system_peer": "independent_chair",
}
HOSTS = ("client_contact", "system_lead", "member_lead")
PROGRAMME, COUNTERSIGN = "sam", "pat"


@dataclass(frozen=True, slots=True)
class Visit:
    """A challenge of the programme: its reference, its first day on site, and who is on it."""

    number: int
    start: date

    @property
    def reference(self) -> str:
        """What the challenge is called."""
        return f"R-{self.number:03}"

    @property
    def end(self) -> date:
        """Its last day on site."""
        return self.start + timedelta(days=DAYS_ON_SITE - 1)

    @property
    def is_idle(self) -> bool:
        """Whether nobody ever acts on it."""
        return self.number % EACH_IDLE == 0

    @property
    def roles(self) -> dict[str, str]:
        """Who fills which role, by name."""
        own = {role: f"{role.replace('_', '.')}.{self.number}" for role in (*PEERS, *HOSTS)}
        manager = f"manager.{self.number // EACH_MANAGER}"
        return {"programme_manager": PROGRAMME, "challenge_manager": manager, **own}


def visits(count: int) -> list[Visit]:
    """Return so many challenges, with visits on the weeks of the programme in turn."""
    tuesdays = (FIRST_VISIT + timedelta(weeks=week) for week in itertools.count())
    free = (day for day in tuesdays if not CHRISTMAS[0] <= day <= CHRISTMAS[1])
    weeks = list(itertools.islice(free, WEEKS))
    return [Visit(number, weeks[number % len(weeks)]) for number in range(count)]


def names(wanted: list[Visit]) -> list[str]:
    """Return everybody's name, each once; the programme manager comes first."""
    found = dict.fromkeys([PROGRAMME, COUNTERSIGN])
    for visit in wanted:
        found.update(dict.fromkeys(visit.roles.values()))
    return list(found)


def write_people(wanted: list[Visit], file: Path) -> None:
    """Write the file that `person import` reads; the programme manager is made by `person add`."""
    can = {visit.roles[role]: fact for visit in wanted for role, fact in PEERS.items()}
    rows = [
        {
            "name": name.replace(".", " ").title(),
            "email": address(name),
            "capabilities": can.get(name, ""),
        }
        for name in names(wanted)
        if name not in (PROGRAMME, COUNTERSIGN)
    ]
    _write(rows, file)


def write_challenges(wanted: list[Visit], file: Path) -> None:
    """Write the file that `import` reads."""
    rows = [
        {
            "reference": visit.reference,
            "title": f"System {visit.number}",
            "client": f"System {visit.number}",
            "definition": DEFINITION,
            "date:onsite_start": visit.start.isoformat(),
            "date:onsite_end": visit.end.isoformat(),
            **{f"role:{role}": address(name) for role, name in visit.roles.items()},
        }
        for visit in wanted
    ]
    _write(rows, file)


def _write(rows: list[dict[str, str]], file: Path) -> None:
    with file.open("w", newline="", encoding="utf-8") as output:
        writer = csv.DictWriter(output, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
