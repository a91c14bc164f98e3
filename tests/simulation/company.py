"""Who works in a life: one office, now and then a second one beside it, and their deaths.

Whoever dies is replaced at once by somebody who knows nothing. The second office works between two
steps of the first: at the places where no transaction is open.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.simulation.checks.mailing import CATCHING_UP, begins_again
from tests.simulation.checks.sending import Patience
from tests.simulation.hazards import Hazards
from tests.simulation.invariants import Violation
from tests.simulation.scene import Scene
from tests.simulation.wire import Crash
from tests.simulation.world import Office, World
from workflow.model.errors import Conflict, Unavailable

MOST_TRIES = 60
BETWEEN = frozenset({"before begin", "after commit", "before read", "before send", "after send"})
STALL = timedelta(minutes=45)
LONGEST = timedelta(minutes=90)


class Company:
    """The processes of a life."""

    def __init__(self, world: World, hazards: Hazards, scene: Scene) -> None:
        self.world, self.hazards, self.scene = world, hazards, scene
        self.problem: Violation | None = None
        self.deaths = self.stalls = self._told = 0
        self.copies: dict[str, int] = {}
        self.refusals: dict[str, int] = {}
        self.patience = Patience()
        self.is_busy = self.has_trouble = False
        self.is_second_new = True
        self._phase = ""
        self._claims: set[tuple[int, str]] = set()
        self._failed: list[tuple[str, Exception]] = []
        self._rival: Callable[[Office], str] | None = None
        self._rival_answer: str | None = None
        self.last_round: datetime | None = None
        self._is_beside = self._has_stalled = False
        self.office = self._open()
        self.second = self._open()
        hazards.beside = self.beside

    @property
    def troubles(self) -> int:
        """Return how often something went wrong until now."""
        return self.hazards.done.total() + self.stalls

    def close(self) -> None:
        """Let everybody go home."""
        self.office.close()
        self.second.close()

    def begin_again(self, last_round: datetime | None) -> None:
        """Let everybody come back, to a database that knows of no round of mail after this one."""
        self.office, self.second, self.is_second_new = self._open(), self._open(), True
        self.last_round = last_round
        self.copies.clear()
        self.refusals.clear()

    def _open(self) -> Office:
        office = Office(self.world, self.hazards.observe)
        office.process.witness = _Claims(self).hear
        return office

    def attempt(self, work: Callable[[Office], Any]) -> Any:  # noqa: ANN401 (what the work gives)
        """Let the office do something until it is done; return what it gives."""
        answer: list[Any] = []
        for _ in range(MOST_TRIES):
            try:
                self.office.run(lambda office: answer.append(work(office)))
            except Crash:
                self.deaths += 1
                self.hazards.tell("the office died, and another one is opened")
                self.office = self._open()
            except (Unavailable, Conflict) as error:
                self._told += 1
                self.hazards.tell(f"the office was told: {error}")
            else:
                return answer[-1]
        raise Violation("I30", "it does not come to an end")

    def sweep(self) -> bool:
        """Let time pass for all that is due; return whether something was put off."""
        self._claims.clear()
        self._failed.clear()
        troubles = self.troubles
        self._in_phase("sweep", self._tick)
        for reference, error in self._failed:
            if not isinstance(error, Unavailable | Conflict):
                raise Violation("I2", f"{reference} cannot be looked at: {error!r}") from error
        # a sweep that was broken off may have put something off before, and said so to nobody
        return bool(self._failed) or self.troubles != troubles

    def _tick(self, office: Office) -> None:
        self._failed += office.sweep.tick().failed

    def send(self) -> None:
        """Let the courier go round."""
        at = self.world.clock.at
        is_right = at == self.world.real  # a clock that is wrong makes no backlog
        if is_right and begins_again(self.last_round, at):
            self.scene.backlog_until = at + CATCHING_UP
        self.last_round = at
        drained = self._in_phase("send", lambda office: office.courier.drain())
        self.is_busy = bool(drained.sent or drained.trouble)
        self.has_trouble = bool(drained.trouble)

    def _in_phase(self, phase: str, work: Callable[[Office], Any]) -> Any:  # noqa: ANN401
        self._phase = phase
        try:
            return self.attempt(work)
        finally:
            self._phase = ""

    # the second office ----------------------------------------------------------------------------

    def expect(self, rival: Callable[[Office], str]) -> None:
        """Let somebody ask for the same through the second office at the same moment."""
        if self.world.lot.troubles.beside and not self.hazards.is_over:
            self._rival = rival

    def rival_answer(self) -> str | None:
        """Return what the rival was answered, if one asked."""
        answer, self._rival, self._rival_answer = self._rival_answer, None, None
        return answer

    def beside(self, boundary: str) -> None:
        """Let the second office work between two steps of the first, now and then."""
        if self._is_beside or boundary not in BETWEEN:
            return
        if self._rival is not None and boundary == "before begin":
            rival, self._rival = self._rival, None
            self._rival_answer = self._run_second(rival)
        elif self._phase and self.hazards.random.random() < self.world.lot.troubles.beside:
            self._interleave(boundary)

    def _interleave(self, boundary: str) -> None:
        is_sending = boundary.endswith("send")
        if is_sending and self.hazards.random.random() < 0.3 and self._is_free():
            self.stalls += 1
            self._has_stalled = boundary == "before send"
            self.hazards.tell(f"{boundary}: the office stands still for {STALL}")
            self.world.move(self.world.real + STALL)
        if self._phase == "sweep" and not is_sending:
            self._run_second(self._tick)
        else:
            self.is_second_new = False  # from its first round on it watches the clock
            self._run_second(lambda office: office.courier.drain())

    def is_overtaken(self) -> bool:
        """Return whether the office goes on after it stood still, perhaps for too long."""
        if self._is_beside:
            return False
        has_stalled, self._has_stalled = self._has_stalled, False
        return has_stalled

    def _is_free(self) -> bool:
        """Return whether nothing is due for a while, so that standing still changes nothing."""
        until = self.world.real + LONGEST
        moments: list[datetime | None] = [life.wake_at for life in self.scene.lives.values()]
        moments += [act.at for act in self.world.lot.acts if act.at > self.world.real]
        is_right = self.world.clock.at == self.world.real
        return is_right and all(at is None or at > until for at in moments)

    def _run_second(self, work: Callable[[Office], Any]) -> Any:  # noqa: ANN401
        answer: list[Any] = [None]
        self._is_beside = True
        try:
            self.second.run(lambda office: answer.append(work(office)))
        except Crash:
            self.deaths += 1
            self.hazards.tell("the second office died")
            self.second, self.is_second_new = self._open(), True
        except (Unavailable, Conflict) as error:
            self._told += 1
            self.hazards.tell(f"the second office was told: {error}")
        finally:
            self._is_beside = False
        return answer[-1]

    # who claimed what -----------------------------------------------------------------------------

    def claimed(self, challenge: int, wake_at: str) -> None:
        """Note that a sweep has taken a challenge that was due at a moment."""
        if (challenge, wake_at) in self._claims:
            self._break(f"challenge {challenge} was taken twice, for {wake_at}")
        self._claims.add((challenge, wake_at))

    def unclaimed(self) -> None:
        """Note that a sweep has written to a challenge that it did not take."""
        is_open = any(not signature for *_, signature in self.scene.certificates)
        if self._phase == "sweep" and not is_open:
            self._break("a sweep wrote to a challenge that it had not taken")

    def _break(self, problem: str) -> None:
        self.problem = self.problem or Violation("I9", problem)


class _Claims:
    """Watches whether each sweep takes what it works on, and nobody else has."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._mine: list[tuple[int, str]] = []

    def hear(self, name: str, parameters: Any, touched: int) -> None:  # noqa: ANN401
        """Hear of a statement."""
        if name == "begin":
            self._mine = []
        elif name == "update challenge.wake_at" and "wake_at" in parameters and touched == 1:
            self._mine.append((parameters["id"], parameters["wake_at"]))
        elif name == "update challenge" and not self._mine:
            self._company.unclaimed()
        elif name == "commit":
            for claim in self._mine:
                self._company.claimed(*claim)
            self._mine = []
