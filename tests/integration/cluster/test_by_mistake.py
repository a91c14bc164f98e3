"""`run` begun twice by mistake on one SQLite file: each message goes once."""

import signal
import subprocess
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from notifications.sink import Sink
from tests.integration.cli.desk import Desk
from tests.integration.cli.test_running import SECONDS, running, wait_for

MOMENT = "2026-11-12T09:00"


def busy(folder: Path) -> Desk:
    """Return a desk with messages that wait, and more that a sweep will raise."""
    folder.mkdir(exist_ok=True)
    desk = Desk(folder).fill()
    for task in ("commission", "scope_agreed"):
        desk.type("done", "NOR-26", task, "--evidence=as agreed")
    desk.type("advance", "NOR-26", "agree_scope")
    desk.now = MOMENT
    return desk


def told(desk: Desk) -> Counter[tuple[str, ...]]:
    """Return who was told what, and how that ended."""
    rows = desk.read("mail", "list")["messages"]
    return Counter((str(row["notices"]), row["to"], row["status"]) for row in rows)


def end(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=SECONDS)
    return process.returncode


def test_two_that_run_on_one_file_say_each_thing_once(tmp_path: Path) -> None:
    with Sink() as sink:
        alone = busy(tmp_path / "alone")
        alone.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
        alone.type("tick")
        alone.type("tick")
        expected, number = told(alone), len(sink.received)
    with Sink() as sink, ExitStack() as stack:
        desk = busy(tmp_path / "twice")
        desk.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
        both = [stack.enter_context(running(desk)) for _ in range(2)]
        wait_for(lambda: told(desk) == expected)
        assert [end(process) for process in both] == [0, 0]
        copies = Counter(str(received.email["Message-ID"]) for received in sink.received)
    assert set(copies.values()) == {1}
    assert len(copies) <= number + 2  # how many go together may differ, what is said does not
