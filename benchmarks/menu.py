"""What there is to measure, each with its codes, how much of it, and what must be made for it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks import (
    auditing,
    calendars,
    completion,
    grouping,
    mailing,
    planning,
    reporting,
    servers,
    starting,
    sweeping,
)
from benchmarks.crowds import crowding
from benchmarks.figures import Figure
from benchmarks.peers import comparing, creating, firing
from benchmarks.sizes import floors, listing, loading


def say(text: str) -> None:
    """Say how far it has come, apart from the results."""
    print(text, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: rounds, and challenges in the small and the large database.

    `leave_out` hears of what cannot be measured here, and why.
    """

    rounds: int
    few: int
    many: int
    leave_out: Callable[[str], None] = say


FULL = Effort(rounds=7, few=1_000, many=100_000)
QUICK = Effort(rounds=5, few=600, many=6_000)
AMONG_MANY = {"P4", "P5", "P7"}
"""These need two databases that differ in nothing but their number of challenges."""
FLOORS = {"F1", "F3", "F6"}


def measure_completion(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield P1 and A3."""
    if "P1" in only:
        say("P1: completions, warm and cold")
        yield from completion.measure(folder, rounds=effort.rounds)
    if "A3" in only:
        say("A3: completions with and without the audit log")
        yield completion.measure_audit(folder, rounds=effort.rounds)


def measure_peers(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield P2 and P3, and P6; a peer that cannot be installed here is left out."""
    if "P2" in only:
        say("P2: completions, by us and by others")
        yield from comparing.measure(folder, rounds=effort.rounds, on_missing=effort.leave_out)
    if "P3" in only:
        say("P3: challenges started")
        started = folder / "started"
        started.mkdir()
        yield from creating.measure(started, rounds=effort.rounds, on_missing=effort.leave_out)
    if "P6" in only:
        say("P6: sweeps that say much")
        url = servers.in_folder(folder)("firing")
        yield from firing.measure(url, rounds=effort.rounds)
        with servers.postgresql() as url_of:
            if url_of is None:
                effort.leave_out(f"P6 on PostgreSQL is left out: {servers.MISSING}")
                return
            count = effort.many // firing.SHARE
            yield from firing.measure_looking(
                url_of, count, rounds=effort.rounds, on_missing=effort.leave_out
            )


def measure_crowds(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield P11 and P12."""
    if "P12" in only:
        say(f"P12: {crowding.CLIENTS} processes on SQLite")
        url = servers.in_folder(folder)("crowd")
        yield from crowding.measure_sqlite(url, folder, rounds=effort.rounds)
    if "P11" not in only:
        return
    with servers.postgresql(is_durable=True) as url_of:
        if url_of is None:
            effort.leave_out(f"P11 is left out: {servers.MISSING}")
            return
        say(f"P11: {crowding.CLIENTS} clients of PostgreSQL")
        yield from crowding.measure_postgresql(url_of("crowd"), folder, rounds=effort.rounds)


def measure_sweeping(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield P4, P5 and P7, on SQLite and on PostgreSQL."""
    if not only & AMONG_MANY:
        return
    yield from _sweeps(servers.in_folder(folder), effort, only)
    with servers.postgresql() as url_of:
        if url_of is None:
            effort.leave_out(f"P4, P5 and P7 on PostgreSQL are left out: {servers.MISSING}")
        else:
            yield from _sweeps(url_of, effort, only)


def _sweeps(url_of: servers.UrlOf, effort: Effort, only: set[str]) -> Iterator[Figure]:
    say(f"{', '.join(sorted(only & AMONG_MANY))}: making {effort.many:,} challenges")
    few = sweeping.prepare(url_of("few"), effort.few)
    many = sweeping.prepare(url_of("many"), effort.many)
    with closing(few.ground.database), closing(many.ground.database):
        dialect = few.ground.database.dialect
        if "P4" in only:
            say(f"P4: sweeps with nothing due ({dialect})")
            yield sweeping.measure_idle(few, many, rounds=effort.rounds)
        if "P7" in only:
            say(f"P7: pages of the list ({dialect})")
            yield from listing.measure(few, many, rounds=effort.rounds)
        if "P5" in only:
            say(f"P5: sweeps with {sweeping.DUE_AT_ONCE} due ({dialect})")
            yield sweeping.measure_due(few, many, rounds=effort.rounds)


def measure_loading(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield L1."""
    if "L1" not in only:
        return
    count = min(effort.many, loading.challenges_for(loading.LOAD))
    say(f"L1: making {count:,} challenges")
    field = sweeping.prepare(servers.in_folder(folder)("load"), count)
    with closing(field.ground.database):
        yield from loading.measure(field, rounds=effort.rounds)


def measure_starting(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield P9; a process is short, so that there are more rounds."""
    if "P9" in only:
        say("P9: starting the command line")
        yield from starting.measure(folder, rounds=max(11, effort.rounds))


def measure_calendars(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield C1."""
    if "C1" not in only:
        return
    counts = min(effort.few, calendars.FEW), min(effort.many, calendars.MANY)
    say(f"C1: making {counts[1]:,} challenges")
    url_of = servers.in_folder(folder)
    few, many = (
        calendars.prepare(url_of(name), count)
        for name, count in zip(("few", "many"), counts, strict=True)
    )
    say("C1: previews of a calendar's change")
    yield from calendars.measure(
        few, many, counts=counts, rounds=min(effort.rounds, calendars.ROUNDS)
    )


def measure_planning(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield D1 and D2."""
    if only & {"D1", "D2"}:
        say("D1, D2: planning and foreseeing one challenge")
        yield from planning.measure(rounds=max(11, effort.rounds))


def measure_mailing(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield P10."""
    if "P10" in only:
        say(f"P10: {mailing.BATCH:,} messages, rendered and sent")
        yield from mailing.measure(rounds=max(5, effort.rounds))


def measure_grouping(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield M2."""
    if "M2" not in only:
        return
    many = min(effort.many, grouping.MANY)
    counts = many // grouping.TIMES, many
    say(f"M2: {counts[1]:,} notices that wait")
    url_of = servers.in_folder(folder)
    urls = [grouping.prepare(url_of(str(count)), count) for count in counts]
    yield from grouping.measure(*urls, counts=counts, rounds=effort.rounds)


def measure_reporting(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield R1."""
    if "R1" not in only:
        return
    count = min(effort.many, reporting.MANY)
    say(f"R1: making {count:,} challenges")
    ground = reporting.prepare(servers.in_folder(folder)("report"), count)
    with closing(ground.database):
        say("R1: reports on all of them")
        yield from reporting.measure(
            ground, count=count, rounds=min(effort.rounds, reporting.ROUNDS)
        )


def measure_auditing(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield P8, A1 and A2."""
    url_of, is_full = servers.in_folder(folder), effort.many > QUICK.many
    if "P8" in only:
        say(f"P8: making {auditing.HASHED:,} events")
        url = auditing.prepare(url_of("hashed"), auditing.HASHED)
        yield auditing.measure_hashing(url, rounds=effort.rounds)
    if "A1" in only:
        counts = [count // (1 if is_full else 20) for count in (auditing.FEW, auditing.MANY)]
        say(f"A1: making {counts[1]:,} events")
        few, many = (auditing.prepare(url_of(f"a{count}"), count) for count in counts)
        yield from auditing.measure(few, many, rounds=min(effort.rounds, auditing.ROUNDS))
    if "A2" in only:
        say(f"A2: making {auditing.LEAVES:,} leaves")
        url = auditing.plant(url_of("leaves"), auditing.LEAVES)
        yield auditing.measure_proofs(url, rounds=effort.rounds)


def measure_floors(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield F1, F3 and F6."""
    if only & FLOORS:
        say("F1, F3, F6: the statements alone")
        found = floors.measure(folder, rounds=effort.rounds)
        yield from (figure for figure in found if figure.code in only)


MEASURES: tuple[Callable[[Path, Effort, set[str]], Iterator[Figure]], ...] = (
    measure_completion,
    measure_peers,
    measure_sweeping,
    measure_loading,
    measure_starting,
    measure_crowds,
    measure_planning,
    measure_calendars,
    measure_mailing,
    measure_grouping,
    measure_reporting,
    measure_auditing,
    measure_floors,
)
BUDGETS = tuple(f"P{number}" for number in range(1, 13))
FIGURES = (*BUDGETS, "D1", "D2", "C1", "M2", "R1", "L1", "A1", "A2", "A3", "F1", "F3", "F6")
