"""`python -m tests.rehearsal`: a year of a programme, ten thousand times as fast and more.

It imports the challenges and their people from files, lives each day through the command line with
a real mail server, and compares what came of it with what had to. Sizes are measured each month.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

from rich.progress import Progress

from notifications.sink import Sink
from tests.integration import mailrig
from tests.integration.cli.desk import Desk
from tests.integration.year import FIRST, LAST, address
from tests.rehearsal import cast, growth, model
from tests.rehearsal.programme import Programme

SECONDS_A_DAY = 86_400
RESULTS = Path("build/rehearsal.json")
Arrived = Callable[[], Counter[str]]


@contextmanager
def posted(programme: Programme) -> Iterator[Arrived]:
    """Give a programme a mail server, a real one where it is installed; yield what has arrived."""
    settings = programme.desk.environment
    settings["PEER_CHALLENGE_MAIL_RATE"] = "1000000"  # a moment stands still here
    if not mailrig.is_possible():
        with Sink() as sink:
            settings["PEER_CHALLENGE_SMTP_URL"] = sink.url
            yield lambda: Counter(str(one.email["Message-ID"]) for one in sink.received)
        return
    with mailrig.running(tuple(cast.names(programme.visits))) as rig:
        settings["PEER_CHALLENGE_SMTP_URL"] = rig.url
        settings["PEER_CHALLENGE_MAIL_FROM"] = f"Peer challenges <{address('programme')}>"
        settings["SSL_CERT_FILE"] = str(rig.folder / "cert.pem")
        yield lambda: in_boxes(rig)


def in_boxes(rig: mailrig.MailRig, *, patience: float = 60) -> Counter[str]:
    """Return the Message-IDs in everybody's box, once no more come in."""
    folder, count, until = rig.folder / "maildirs", -1, time.monotonic() + patience
    while (found := list(folder.glob("*/*/new/*"))) and len(found) != count:
        count = len(found)
        time.sleep(min(2.0, max(0.0, until - time.monotonic())))
    return Counter(_message_id(path) for path in found)


def _message_id(path: Path) -> str:
    head = path.read_text(encoding="utf-8", errors="replace").partition("\n\n")[0]
    lines = head.replace("\n ", " ").replace("\n\t", " ").splitlines()
    named = next(line for line in lines if line.lower().startswith("message-id:"))
    return named.partition(":")[2].strip()


def live(programme: Programme, last: date, arrived: Arrived) -> dict[str, object]:
    """Live a programme to the end of a day; return what came of it."""
    until, samples = last + timedelta(days=1), list[growth.Sample]()
    with Progress(transient=True) as bar:
        begun = time.perf_counter()
        programme.begin()
        step = bar.add_task("foreseeing", total=len(programme.visits))
        programme.foresee(until, on_each=lambda: bar.advance(step))
        step = bar.add_task("living", total=(until - FIRST).days)
        began = time.perf_counter()

        def on_day(day: date) -> None:
            bar.advance(step)
            if day.day == 1 or day == last:
                samples.append(growth.sample(programme, day, messages=programme.sent))
                bar.console.print(f"{day}: {programme.sent:,} messages, {len(programme.over)} over")

        programme.live(last, on_day=on_day)
        taken = time.perf_counter() - began
    totals = model.compare(programme, arrived(), until=until)
    return {
        "totals": asdict(totals),
        "is_intact": programme.read("audit", "verify")["intact"],
        "commands": programme.commands,
        "seconds": round(time.perf_counter() - begun, 1),
        "times_as_fast": round((until - FIRST).days * SECONDS_A_DAY / taken),
        "growth": growth.as_json(samples),
    }


def main(arguments: list[str] | None = None) -> int:
    """Live it, print the totals, write everything down; end with 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.rehearsal", description=__doc__)
    parser.add_argument("--challenges", type=int, default=300)
    parser.add_argument("--until", type=date.fromisoformat, default=LAST, help=f"{LAST}")
    parser.add_argument("--json", type=Path, default=RESULTS, help=f"results as JSON ({RESULTS})")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        programme = Programme(Desk(Path(folder)), visits=cast.visits(asked.challenges))
        with posted(programme) as arrived:
            found = live(programme, asked.until, arrived)
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(json.dumps(found, indent=1) + "\n")
    totals = found["totals"]
    assert isinstance(totals, dict)
    differences = totals.pop("differences")
    print(json.dumps({**totals, "times_as_fast": found["times_as_fast"]}))  # noqa: T201
    for difference in differences[:50]:
        print(difference, file=sys.stderr)  # noqa: T201
    return 1 if differences or not found["is_intact"] else 0


if __name__ == "__main__":
    sys.exit(main())
