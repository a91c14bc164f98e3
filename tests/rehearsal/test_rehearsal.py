"""A small programme for six weeks, and mistakes that the comparison must see.

The whole of it, three hundred challenges for a year, is `make rehearsal`.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from notifications.sink import Sink
from tests.integration.cli.desk import Desk
from tests.rehearsal import cast, growth, model
from tests.rehearsal.__main__ import main
from tests.rehearsal.programme import Programme

UNTIL = date(2026, 10, 15)


@contextmanager
def mailed(programme: Programme) -> Iterator[Sink]:
    with Sink() as sink:
        programme.desk.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
        programme.desk.environment["PEER_CHALLENGE_MAIL_RATE"] = "1000000"
        yield sink


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Programme, Counter[str]]:
    """Return a programme of two challenges that was lived, and what arrived of its mail."""
    programme = Programme(Desk(tmp_path_factory.mktemp("rehearsal")), visits=cast.visits(2))
    with mailed(programme) as sink:
        programme.begin()
        programme.foresee(UNTIL)
        programme.live(UNTIL - timedelta(days=1))
        arrived = Counter(str(one.email["Message-ID"]) for one in sink.received)
    return programme, arrived


def test_what_came_of_it_is_what_had_to(lived: tuple[Programme, Counter[str]]) -> None:
    programme, arrived = lived
    totals = model.compare(programme, arrived, until=UNTIL)
    assert totals.differences == ()
    assert (totals.challenges, totals.closed, totals.messages) == (2, 0, arrived.total())
    assert programme.foreseen.total() > 10
    assert totals.done > 10


def test_a_message_that_is_lost_or_doubled_is_seen(
    lived: tuple[Programme, Counter[str]],
) -> None:
    programme, arrived = lived
    lost, doubled = sorted(arrived)[:2]
    wrong = arrived - Counter([lost]) + Counter([doubled])
    found = model.compare(programme, wrong, until=UNTIL).differences
    assert set(found) == {f"never arrived: {lost}", f"arrived too often: {doubled}"}


def test_a_draft_that_is_due_on_another_day_is_seen(
    lived: tuple[Programme, Counter[str]],
) -> None:
    """The control: for a visit that was a day earlier, the same limit is wrong."""
    programme, arrived = lived
    idle, busy = programme.visits
    mistaken = replace(
        programme, visits=[idle, replace(busy, start=busy.start - timedelta(days=1))]
    )
    found = model.compare(mistaken, arrived, until=UNTIL).differences
    assert [text for text in found if "not four weeks after" in text]


def test_sizes_are_measured(lived: tuple[Programme, Counter[str]]) -> None:
    found = growth.sample(lived[0], UNTIL)
    assert found.database > 0.5
    assert set(found.memory) == {"tick", "list", "audit report --totals"}
    assert min(found.memory.values()) > 10
    assert found.messages == lived[1].total() > 0


def test_the_command_lives_it_with_a_mail_server_and_writes_it_down(tmp_path: Path) -> None:
    file = tmp_path / "rehearsal.json"
    assert main(["--challenges", "1", "--until", "2026-09-12", "--json", str(file)]) == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["totals"]["delivered"] == found["totals"]["messages"] > 0
    assert [each["on"] for each in found["growth"]] == ["2026-09-01", "2026-09-12"]
    files = (tmp_path / "rehearsal-files.svg").read_text(encoding="utf-8")
    memory = (tmp_path / "rehearsal-memory.svg").read_text(encoding="utf-8")
    assert ">database<" in files
    assert "day of the programme, from 2026-09-01" in files
    assert all(f">{name}<" in memory for name in ("tick", "list", "audit report --totals"))


def test_sizes_are_drawn_day_by_day_and_what_grows_goes_up() -> None:
    first = date(2026, 9, 1)
    sizes = {"keys": 0.0, "messages": 0, "closed": 0, "memory": {"list": 40.0}}
    samples = [
        growth.Sample(on=(first + timedelta(days=day)).isoformat(), database=size, **sizes)  # type: ignore[arg-type]
        for day, size in ((0, 1.0), (99, 100.0))
    ]
    drawn = growth.drawn(samples, first=first)
    assert drawn.keys() == {"files", "memory"}
    assert ">keys<" not in drawn["files"]  # nothing of it is on the disk
    (points,) = re.findall(r'points="([\d.,]+) ([\d.,]+)" fill="none" stroke="#1d', drawn["files"])
    (left, low), (right, high) = (map(float, point.split(",")) for point in points)
    assert left < right
    assert low > high  # from above, as pictures are


def test_the_files_name_everybody_once(tmp_path: Path) -> None:
    visits = cast.visits(300)
    cast.write_people(visits, tmp_path / "people.csv")
    cast.write_challenges(visits, tmp_path / "challenges.csv")
    people = (tmp_path / "people.csv").read_text().splitlines()
    peers = [line for line in people if not line.endswith(",")]
    assert len(peers) - 1 == 2_100
    assert len(people) == len(set(people))
    assert len((tmp_path / "challenges.csv").read_text().splitlines()) == 301
