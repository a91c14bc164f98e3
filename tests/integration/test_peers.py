"""Peers take turns with us over standard input; here they are invented, and a slow one is seen."""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from benchmarks import servers
from benchmarks.figures import Figure
from benchmarks.peers import comparing, creating, environments, firing
from benchmarks.peers.comparing import Command, Peer
from benchmarks.peers.environments import NotInstalled
from benchmarks.peers.wire import WorkerFailed, working
from workflow.store.database import Database

pytestmark = pytest.mark.timed
OnReady = Callable[[Database], None]

FAKE = """
import sys, time
from benchmarks.peers.wire import serve
def work(count):
    print("what a library prints is no answer")
    time.sleep({seconds} * count)
    return [0.5] * count
serve({{"create": work, "complete": work, "plan": work, "fetch": work}})
"""
GONE = "raise SystemExit('it is not for this machine')"


def fake(seconds: float = 0.0) -> Command:
    """Return the command of a peer that takes so long for each completion."""
    return [sys.executable, "-c", FAKE.format(seconds=seconds)]


def peer(title: str, command: Command) -> Peer:
    """Return a peer that needs no environment."""
    return Peer(title, title, 1.0, lambda peer, folder: command)


def refused(peer: Peer, folder: Path) -> Command:
    """Say that a peer cannot be installed."""
    raise NotInstalled(f"no such package as {peer.name}")


def spoil(change: str, *, rows: int = 40) -> OnReady:
    """Return what makes each such change of a challenge cost a walk of millions of rows."""
    some = f"(SELECT 1 FROM task LIMIT {rows})"  # noqa: S608 (our own number)

    def spoilt(database: Database) -> None:
        with database.writing() as link:
            walk = f"SELECT count(*) FROM {some} AS a, {some} AS b, {some} AS c, {some} AS d"  # noqa: S608
            link.execute(f"CREATE TRIGGER spoilt AFTER {change} ON challenge BEGIN {walk}; END")

    return spoilt


def missing(said: Sequence[str] = ()) -> list[str]:
    """Return a list that hears what is left out."""
    return list(said)


def test_a_worker_answers_in_turns_and_says_what_each_took() -> None:
    with working(fake(0.001), count=2) as workers:
        for _ in range(2):
            for worker in workers:
                worker.send("complete", 3)
            answers = [worker.receive() for worker in workers]
            assert [answer.each for answer in answers] == [(0.5, 0.5, 0.5)] * 2
            assert all(answer.seconds > 0 for answer in answers)
        worker.process.kill()
        with pytest.raises(WorkerFailed, match="what a library prints is no answer"):
            worker.ask("complete", 1)


def test_a_worker_that_fails_says_why() -> None:
    with (
        pytest.raises(WorkerFailed, match="it is not for this machine"),
        working([sys.executable, "-c", GONE]),
    ):
        pass
    with working(fake()) as (worker,), pytest.raises(WorkerFailed, match="KeyError: 'unknown'"):
        worker.ask("unknown", 1)


def test_completions_are_compared_with_peers_and_one_that_cannot_be_installed_is_left_out(
    tmp_path: Path,
) -> None:
    said = missing()
    peers = [
        peer("quick", fake()),
        peer("slow", fake(0.01)),
        Peer("lost", "Lost", 1.0, refused),
        peer("gone", [sys.executable, "-c", GONE]),
    ]
    found = comparing.measure(
        tmp_path, rounds=1, slices=1, peers=peers, on_missing=said.append
    )  # fmt: skip
    figures = {(one.code, one.what.rpartition(" ")[2]): one for one in found}
    assert list(figures) == [
        ("P2 warm", "quick"), ("P2 cold", "quick"), ("P2 warm", "slow"), ("P2 cold", "slow"),
    ]  # fmt: skip
    assert not figures["P2 warm", "quick"].is_met
    for name in ("P2 warm", "P2 cold"):
        assert figures[name, "slow"].ratio > 5 * figures[name, "quick"].ratio
    assert said == [
        "Lost is left out: no such package as lost",
        "gone is left out: it is not for this machine",
    ]


def test_challenges_started_are_measured_and_a_slow_engine_is_seen(tmp_path: Path) -> None:
    def measured(name: str, on_ready: OnReady) -> Iterator[Figure]:
        folder = tmp_path / name
        folder.mkdir()
        return creating.measure(
            folder, rounds=1, size=1, peers=[peer("quick", fake())],
            on_missing=missing().append, on_ready=on_ready,
        )  # fmt: skip

    raw, quick = measured("sound", lambda database: None)
    slow, _ = measured("spoilt", spoil("INSERT", rows=60))
    assert (raw.code, quick.what.rpartition(" ")[2]) == ("P3", "quick")
    assert slow.ours[0] < raw.ours[0] / 2
    assert not slow.is_met


def test_what_sweeps_say_is_measured_and_a_slow_one_is_seen(tmp_path: Path) -> None:
    url_of = servers.in_folder(tmp_path)
    (found,) = firing.measure(url_of("sound"), rounds=1, due=4, jobs=50)
    (slow,) = firing.measure(url_of("spoilt"), rounds=1, due=2, jobs=50, on_ready=spoil("UPDATE"))
    assert found.facts["notices_per_challenge"] >= 1
    assert slow.ratio < found.ratio / 2
    assert not slow.is_met


def test_looking_when_nothing_is_due_is_told_beside_a_queue(tmp_path: Path) -> None:
    said = missing()
    url_of = servers.in_folder(tmp_path)
    found = firing.measure_looking(
        url_of, 3, rounds=1, made=lambda url: fake(), on_missing=said.append
    )
    assert [(one.code, one.verdict) for one in found] == [("P6 looking", "told")]
    gone = firing.measure_looking(
        servers.in_folder(tmp_path / "gone"), 3,
        made=lambda url: [sys.executable, "-c", GONE], on_missing=said.append,
    )  # fmt: skip
    (tmp_path / "gone").mkdir()
    assert list(gone) == []
    assert said == ["procrastinate is left out: it is not for this machine"]


def test_an_environment_that_cannot_be_made_says_why_and_is_made_again_when_its_pins_change(
    tmp_path: Path,
) -> None:
    kept, pins = tmp_path / "kept", tmp_path / "pins"
    pins.mkdir()
    (pins / "nothing.txt").write_text("# nothing at all\n")
    made = environments.python_of("nothing", kept=kept, pins=pins)
    assert made.exists()
    stray = kept / "nothing" / "stray"
    stray.touch()
    environments.python_of("nothing", kept=kept, pins=pins)
    assert stray.exists()
    (pins / "nothing.txt").write_text("this is no requirement\n")
    with pytest.raises(NotInstalled, match="this is no requirement"):
        environments.python_of("nothing", kept=kept, pins=pins)
    assert not stray.exists()
