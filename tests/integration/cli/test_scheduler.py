"""The scheduler calls on time, one call of a job at a time, until it is told to stop."""

import threading
import time

import pytest

from workflow.scheduler import Job, run


@pytest.mark.timed
def test_a_job_is_called_at_once_and_again_until_stopped() -> None:
    stop, calls = threading.Event(), list[float]()

    def call() -> None:
        calls.append(time.monotonic())
        if len(calls) == 3:
            stop.set()

    begun = time.monotonic()
    run([Job("job", call, seconds=0.1)], stop)
    assert len(calls) >= 3
    assert calls[0] - begun < 3  # the library is loaded first
    assert time.monotonic() - begun < 5


def test_a_slow_job_never_runs_twice_at_a_time_and_does_not_stop_the_other() -> None:
    stop, under_way, most, quick = threading.Event(), list[int](), list[int](), list[int]()

    def slow() -> None:
        under_way.append(1)
        most.append(len(under_way))
        time.sleep(0.35)
        under_way.pop()

    def other() -> None:
        quick.append(1)
        if len(quick) == 6:
            stop.set()

    run([Job("slow", slow, seconds=0.1), Job("other", other, seconds=0.1)], stop)
    assert max(most) == 1
    assert len(quick) >= 6


def test_stopped_before_it_began_it_calls_nothing() -> None:
    stop, calls = threading.Event(), list[int]()
    stop.set()
    run([Job("job", lambda: calls.append(1))], stop)
    assert calls == []


def test_it_returns_only_when_the_call_under_way_has_ended() -> None:
    stop, ended = threading.Event(), list[int]()

    def call() -> None:
        if ended:
            stop.set()
            time.sleep(0.2)
        ended.append(1)

    run([Job("job", call, seconds=0.05)], stop)
    assert len(ended) >= 2
