"""Workers end when they are told to, whatever their library is waiting for."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest

from workflow.cluster.workers import Pulse, Say, Workers

LONG = 60.0


class Deaf(Workers):
    """Workers of whom the library hears only when it has been told so many times."""

    def __init__(self, *, deaf_to: int, pulse: Pulse) -> None:
        super().__init__("postgresql://nobody@nowhere.example/none", {}, pulse=pulse)
        self.told, self._deaf_to, self.are_at_work = 0, deaf_to, Event()

    async def _work(self, pool: ThreadPoolExecutor, say: Say) -> None:
        self.are_at_work.set()
        while True:
            try:
                await asyncio.sleep(LONG)
            except asyncio.CancelledError:
                self.told += 1
                if self.told > self._deaf_to:
                    raise


def ended(workers: Deaf, *, within: float) -> bool:
    """Return whether workers that are told to stop do so in time."""
    stop = Event()
    thread = Thread(target=workers.run, args=(stop,), kwargs={"say": lambda text: None})
    thread.daemon = True
    thread.start()
    assert workers.are_at_work.wait(LONG)
    stop.set()
    thread.join(within)
    return not thread.is_alive()


@pytest.mark.parametrize("deaf_to", [0, 3])
def test_who_does_not_end_when_told_to_is_told_again(deaf_to: int) -> None:
    workers = Deaf(deaf_to=deaf_to, pulse=Pulse(ending_seconds=0.01))
    assert ended(workers, within=LONG / 2)
    assert workers.told == deaf_to + 1


def test_who_is_told_once_only_would_not_end() -> None:
    """The control: it is the second word that ends them."""
    assert not ended(Deaf(deaf_to=1, pulse=Pulse(ending_seconds=LONG)), within=1.0)
