"""`run`: on time until stopped; killed at any moment and begun again, it loses nothing."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from notifications.sink import Sink
from tests.architecture.tree import ROOT
from tests.integration.cli.desk import Desk
from tests.tampering import disarm
from workflow.store.database import Database

SECONDS = 20.0
WAITING = 3


@contextmanager
def running(desk: Desk) -> Iterator[subprocess.Popen[str]]:
    """Run `run` in a process of its own; it is killed when nobody has stopped it."""
    process = subprocess.Popen(
        [sys.executable, "-c", "import cli; cli.main()", "run"],
        env={**desk.surroundings(), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, or give up."""
    for _ in range(int(SECONDS / 0.05)):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Return a desk with messages that wait."""
    for task in ("commission", "scope_agreed"):
        desk.type("done", "NOR-26", task, "--evidence=as agreed")
    desk.type("advance", "NOR-26", "agree_scope")
    return desk


def waiting(desk: Desk) -> list[object]:
    """Return the messages that wait."""
    found: list[object] = desk.read("mail", "list", "--status=waiting")["messages"]
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_sends_at_once_and_a_signal_ends_it_cleanly(busy: Desk, number: signal.Signals) -> None:
    with Sink() as sink:
        busy.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
        with running(busy) as process:
            wait_for(lambda: len(sink.received) == WAITING)
            process.send_signal(number)
            _, said = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    assert "sent 3" in said
    assert said.rstrip().endswith("stopped; nothing is lost")


def test_killed_and_begun_again_it_sends_what_waits_and_nothing_twice(busy: Desk) -> None:
    with Sink() as sink:
        busy.environment["PEER_CHALLENGE_SMTP_URL"] = "smtp://127.0.0.1:1"
        with running(busy) as process:
            said = process.stderr
            assert said is not None
            wait_for(lambda: "mail waits" in said.readline())
            process.kill()
        busy.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
        with running(busy) as process:
            wait_for(lambda: len(sink.received) == WAITING)
            process.kill()
        assert busy.read("tick")["sent"] == 0
        assert len(sink.received) == WAITING


def test_without_a_mail_server_it_sweeps_and_says_so(busy: Desk) -> None:
    busy.now = "2026-11-12T09:00"
    with running(busy) as process:
        wait_for(lambda: len(waiting(busy)) > WAITING)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    assert "no mail server is set" in said
    assert "looked at 1" in said


def test_a_challenge_that_fails_is_named_though_the_head_cannot_be_told(busy: Desk) -> None:
    with closing(Database(busy.url)) as database, database.writing() as link:
        disarm(link)
        link.execute("UPDATE challenge SET snapshot = '{', stamp = 'x'")
    busy.now = "2026-11-12T09:00"
    busy.environment["PEER_CHALLENGE_ANCHOR_TO"] = "gone@auditor.example"
    said = list[str]()
    with running(busy) as process:
        lines = process.stderr
        assert lines is not None
        while "gone@auditor.example" not in "".join(said):
            said.append(lines.readline())
            assert said[-1], said
    assert any("NOR-26 failed and is tried again in five minutes: " in line for line in said)
    assert 'sweep: there is no person "gone@auditor.example"' in said[-1]
