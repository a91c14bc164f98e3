"""`python -m tests.rehearsal`: a year of a programme, ten thousand times as fast and more.

It imports the challenges and their people from files, lives each day through the command line with
a real mail server, and compares what came of it with what had to. Sizes are measured each month,
written beside the totals as JSON, and drawn (`build/rehearsal-files.svg`, `…-memory.svg`).
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from email import policy
from email.parser import BytesHeaderParser
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What came of a programme, how long it took, and how it grew."""

    totals: model.Totals
    is_intact: bool
    commands: int
    seconds: float
    times_as_fast: int
    growth: list[growth.Sample]


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
        yield lambda: in_boxes(rig, programme.sent)


def in_boxes(rig: mailrig.MailRig, count: int, *, patience: float = 60) -> Counter[str]:
    """Return the Message-IDs in all boxes, once there are `count`, or after `patience` seconds."""
    folder, until = rig.folder / "maildirs", time.monotonic() + patience
    while len(found := list(folder.glob("*/*/new/*"))) < count and time.monotonic() < until:
        time.sleep(0.5)
    return Counter(_message_id(path) for path in found)


def _message_id(path: Path) -> str:
    with path.open("rb") as file:
        return str(BytesHeaderParser(policy=policy.default).parse(file)["Message-ID"])


def live(programme: Programme, last: date, arrived: Arrived) -> Lived:
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
                samples.append(growth.sample(programme, day))
                bar.console.print(f"{day}: {programme.sent:,} messages, {len(programme.over)} over")

        programme.live(last, on_day=on_day)
        taken = time.perf_counter() - began
    totals = model.compare(programme, arrived(), until=until)
    return Lived(
        totals=totals,
        is_intact=programme.read("audit", "verify")["intact"],
        commands=programme.commands,
        seconds=round(time.perf_counter() - begun, 1),
        times_as_fast=round((until - FIRST).days * SECONDS_A_DAY / taken),
        growth=samples,
    )


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
    asked.json.write_text(json.dumps(asdict(found), indent=1) + "\n")
    for name, drawing in growth.drawn(found.growth, first=FIRST).items():
        asked.json.with_name(f"{asked.json.stem}-{name}.svg").write_text(drawing, encoding="utf-8")
    numbers = {key: value for key, value in asdict(found.totals).items() if key != "differences"}
    print(json.dumps({**numbers, "times_as_fast": found.times_as_fast}))  # noqa: T201
    for difference in found.totals.differences[:50]:
        print(difference, file=sys.stderr)  # noqa: T201
    return 0 if found.is_intact and not found.totals.differences else 1


if __name__ == "__main__":
    sys.exit(main())
