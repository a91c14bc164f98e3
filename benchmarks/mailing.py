"""P10: a batch of mail, rendered, written down, read back and sent, against sending alone.

Each goes over one connection to the same server, a process of its own. What we are compared with is
`smtplib` by itself, sending the very same bytes, ready made, twenty messages at a time in turns.
Memory is that of a process which does nothing else: it must not grow with the batch.
"""

import re
import smtplib
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from benchmarks.figures import Budget, Figure
from notifications.compose import Sender, compose
from notifications.mailserver import parse_mail_url
from notifications.message import Mailbox, Message, encode
from notifications.render import Renderer
from notifications.sink import Sink
from notifications.transport import SMTPTransport
from tests.unit.notifications.briefs import CALL, MANAGER, PEER, make_brief
from workflow.store.briefs import Brief

RATE, FLAT = Budget(0.5, is_floor=True), Budget(1.1)
BATCH, IN_TURN = 1_000, 20
SENDER = Sender(mailbox=Mailbox(address="challenges@programme.example", name="Peer challenges"))

_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


def measure(*, rounds: int, batch: int = BATCH, repeated: int = 1) -> Iterator[Figure]:
    """Yield the rate of a batch against sending alone, and its memory against that of a small one.

    `repeated` renders and writes each message more than once before it is sent: slower work.
    """
    with serving() as url:
        pairs = [_round(url, batch, repeated) for _ in range(rounds + 1)][1:]
        yield Figure(
            code="P10 rate",
            what=f"{batch:,} messages rendered and sent, against smtplib sending them ready made",
            unit="/s",
            ours=[batch / ours for ours, _ in pairs],
            against=[batch / alone for _, alone in pairs],
            budget=RATE,
        )
        yield measure_memory(url, rounds=min(3, rounds), counts=(batch // 10, batch))


def _round(url: str, batch: int, repeated: int) -> tuple[float, float]:
    """Return the seconds that a batch took us and `smtplib`, a few messages each in turns."""
    server, renderer = parse_mail_url(url), Renderer()
    ready = [compose(_brief(number), renderer, sender=SENDER) for number in range(batch)]
    contents = [encode(message) for message in ready]
    briefs = [_brief(number) for number in range(batch)]
    transport, ours, alone = SMTPTransport(server), 0.0, 0.0
    with smtplib.SMTP(server.host, server.port, local_hostname="localhost") as client:
        for first in range(0, batch, IN_TURN):
            some = slice(first, first + IN_TURN)
            start = perf_counter()
            send(transport, briefs[some], renderer, repeated=repeated)
            middle = perf_counter()
            send_alone(client, ready[some], contents[some])
            ours, alone = ours + middle - start, alone + perf_counter() - middle
    transport.close()
    return ours, alone


def measure_memory(
    url: str, *, rounds: int, counts: tuple[int, int] = (BATCH // 10, BATCH), ballast: int = 0
) -> Figure:
    """Return the peak memory of a whole batch against that of a tenth.

    `ballast` bytes are kept of each message: work that leaves something behind.
    """
    return Figure(
        code="P10 memory",
        what=f"{counts[1]:,} messages, against {counts[0]:,}",
        unit="MB",
        ours=[_peak_of(url, counts[1], ballast) for _ in range(rounds)],
        against=[_peak_of(url, counts[0], ballast) for _ in range(rounds)],
        budget=FLAT,
    )


def send(
    transport: SMTPTransport, briefs: Iterable[Brief], renderer: Renderer, *, repeated: int = 1
) -> None:
    """Render and send messages as the courier does: one by one, over one connection."""
    for brief in briefs:
        for _ in range(repeated - 1):
            encode(compose(brief, renderer, sender=SENDER))
        transport.send(compose(brief, renderer, sender=SENDER))


def send_alone(client: smtplib.SMTP, ready: Sequence[Message], contents: Sequence[bytes]) -> None:
    """Send messages that are ready made, as quickly as the library can."""
    for message, content in zip(ready, contents, strict=True):
        client.sendmail(message.envelope_sender, [message.to.address], content)


@contextmanager
def serving() -> Iterator[str]:
    """Run the server in a process of its own; yield its URL."""
    code = "from benchmarks.mailing import serve; serve()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the server has no pipes")
        yield process.stdout.readline().strip()
        process.stdin.close()


def serve() -> None:
    """Run the server until nobody holds the other end of standard input."""
    with Sink() as sink:
        print(sink.url, flush=True)
        sys.stdin.read()


def drain(url: str, count: int, *, ballast: int = 0) -> None:
    """Send so many messages, and print the peak memory in MB, as Linux tells it."""
    transport, renderer, kept = SMTPTransport(parse_mail_url(url)), Renderer(), list[bytes]()
    for number in range(count):
        send(transport, [_brief(number)], renderer)
        kept.append(b"x" * ballast)
    transport.close()
    found = _PEAK.search(Path("/proc/self/status").read_text())
    print(int(found[1]) / 1024 if found else 0)


def _peak_of(url: str, count: int, ballast: int) -> float:
    code = f"from benchmarks.mailing import drain; drain({url!r}, {count}, ballast={ballast})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _brief(number: int) -> Brief:
    address = f"manager.{number}@programme.example"
    recipient = replace(MANAGER, id=number + 1, name=f"Manager {number}", email=address)
    brief = make_brief("call_reminder", CALL, recipient=recipient, about=PEER)
    return replace(brief, id=number + 1, message_key=f"EAS-27/call_reminder/{number}")
