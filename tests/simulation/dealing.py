"""Dealings of people with an office: what they ask for, hear and see to."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

from notifications.message import Message
from tests.grounds import ADA
from tests.simulation import accounts, acts, invariants
from tests.simulation.checks.entering import is_refused
from tests.simulation.checks.keeping import words_of
from tests.simulation.company import Company
from tests.simulation.hazards import Hazards
from tests.simulation.invariants import Violation
from tests.simulation.made.lots import Lot
from tests.simulation.scene import Life as Seen
from tests.simulation.scene import Scene
from tests.simulation.wire import Crash
from tests.simulation.world import PLAIN, Office, Parts, World, address_of
from workflow.engine import Engine
from workflow.model import commands as c
from workflow.model.errors import InvalidInput, NotFound, Refused
from workflow.model.records import commands as r
from workflow.store import outbox
from workflow.store.correspondence import preferences
from workflow.store.correspondence.preferences import Rhythm
from workflow.store.database import Link
from workflow.store.link import moment_text

APPLIED, REFUSED, NOTHING = "applied", "refused", "nothing"
REPEATED = (c.CompleteTask, c.Advance)
MOST_STEPS = 12
"""Steps until something may be destroyed: holds are lifted, it is asked for and approved."""

_KEPT = """
SELECT 1 FROM event
WHERE challenge_id = :id AND command_id = :command_id AND kind <> 'CommandRefused' LIMIT 1
"""

Tell = Callable[[datetime, str], None]


class Dealings:
    """One life as people deal with it: its world, who works in it, and what is known of it."""

    def __init__(
        self,
        lot: Lot,
        folder: Path,
        hazards: Hazards,
        *,
        parts: Parts = PLAIN,
        tell: Tell = lambda at, text: None,
    ) -> None:
        self.lot, self.hazards = lot, hazards
        self.downtimes = lot.downtimes
        self.is_befallen = not hazards.is_over
        self.world = World(lot, folder, parts=parts)
        self._tell = tell
        hazards.tell = self.tell
        self.scene = Scene(self.world)
        self.company = Company(self.world, hazards, self.scene)
        self.world.mail.look = self._see
        self.problem: Violation | None = None
        self._last: tuple[str, acts.Asked, str] | None = None
        self._asked = 0

    def tell(self, text: str) -> None:
        """Note something down for whoever reads the trace."""
        self._tell(self.world.clock.at, text)

    def _check(self, *, is_settled: bool = True) -> None:
        self.scene.look()
        problem = self.problem or self.company.problem
        if problem is not None:
            raise problem
        invariants.check(self.scene, is_settled=is_settled)
        if is_settled:
            self.scene.checked()

    def _see(self, message: Message) -> None:
        """Look at a message before a mail server takes it."""
        try:
            if not self.company.is_overtaken():  # whoever stood still is told by nobody
                known = self.scene.taken[self.world.mail.since :]
                accounts.may_be_repeated(known, message, self.company)
                accounts.may_be_tried(self.scene, message, self.company)
                invariants.before_sending(self.scene, message, self._refused())
        except Violation as error:
            self.problem = self.problem or error
        if message.to.address in self.world.mail.refusing:
            self.company.refusals[message.to.address] = self.company.troubles

    def _refused(self) -> frozenset[str]:
        """Return the addresses that had refused before this moment: within it two may cross."""
        at = moment_text(self.world.clock.now())
        rows = self.scene.ask("SELECT person_id FROM preference WHERE refused_at < :at", at=at)
        return frozenset(address_of(person) for (person,) in rows)

    # people ---------------------------------------------------------------------------------------

    def _ask(self, life: Seen, asked: acts.Asked, pick: Random) -> None:
        """Let somebody ask for something until there is an answer, and look whether it is right."""
        self._asked += 1
        command_id = f"sim-{self._asked}"
        self._last = (life.reference, asked, command_id)
        command, _ = asked
        model = life.model
        if model is not None:
            model.begins()
            model.at = self.world.clock.now()
        expected = acts.expects(model, command) if model else None
        words = words_of(self.scene, life, command)
        is_rivalled = pick.random() < 0.3 and isinstance(command, REPEATED)
        rival = f"{command_id}-rival" if is_rivalled else ""
        if rival:
            self.company.expect(lambda office: self._answer(office, life, asked, rival))
        answer = self.company.attempt(lambda office: self._answer(office, life, asked, command_id))
        other = self.company.rival_answer() or self._done_for(life, rival)
        self.tell(f"{life.reference}: {command}: {answer}{f' (rival: {other})' if other else ''}")
        if answer == other == APPLIED:
            raise Violation("I9", f"{command} was carried out for two who asked at once")
        is_accepted = APPLIED in (answer, other)
        self.scene.destroyed[life.reference] |= words if is_accepted else set()
        self._require_noted(life, command, command_id, answer=answer)
        if expected is not None and is_accepted != expected:
            word = "accepted" if is_accepted else "refused"
            raise Violation("I7", f"{life.reference}: {command} was {word}")
        if model is not None:
            if is_accepted:
                acts.follow(model, command)
            if {answer, other} != {NOTHING} and {answer, other} != {NOTHING, None}:
                model.settle(model.at)
        self._check()

    def _require_noted(
        self, life: Seen, command: c.Command, command_id: str, *, answer: str
    ) -> None:
        """Look whether the history has it that a command was refused."""
        self.scene.look()
        is_known = answer == REFUSED and not isinstance(command, r.CarryOutDisposal)
        if is_known and not is_refused(life, command_id):
            raise Violation("I7", f"{life.reference}: {command_id} was refused; nobody noted it")

    def _done_for(self, life: Seen, command_id: str) -> str | None:
        """Return that a command was carried out whose asker died before the answer came."""
        with self.world.reader.reading() as link:
            found = link.row(_KEPT, id=life.id, command_id=command_id) if command_id else None
        return APPLIED if found else None

    def _answer(self, office: Office, life: Seen, asked: acts.Asked, command_id: str) -> str:
        command, actor = asked
        try:
            if isinstance(command, r.CarryOutDisposal):
                return self._destroy(office, life, command, actor)
            office.engine.act_once(life.reference, command, actor=actor, command_id=command_id)
        except Refused:
            return REFUSED
        except (InvalidInput, NotFound):
            return NOTHING
        return APPLIED

    def _destroy(self, office: Office, life: Seen, command: r.CarryOutDisposal, actor: int) -> str:
        """Destroy; whoever died on the way looks whether it was done."""
        known = {number for number, reference, *_ in self.scene.certificates}
        try:
            office.disposals.destroy(life.reference, command.rule, actor=actor)
        except Refused:
            found = self.scene.look().certificates
            is_done = any(one[0] not in known and one[1] == life.reference for one in found)
            self.scene.certificates = [one for one in found if one[0] in known]
            return APPLIED if is_done else REFUSED
        return APPLIED

    def _squeeze(self, pick: Random) -> None:
        """Let somebody destroy, and place a hold right before, or let them die on the way.

        Each step on the way there is first asked for by who may not, and under a hold.
        """
        life = self.scene.lives[pick.randint(1, len(self.scene.lives))]
        wrong = list(acts.WRONGLY)
        for _ in range(MOST_STEPS):
            asked = acts.chosen(self.scene, life, "destroy", pick)
            if isinstance(asked[0], r.CarryOutDisposal):
                work = self._destroy_beside if pick.random() < 0.5 else self._leave_undone
                work(life, asked[0])
                return
            is_tried = asked not in (steps[-1] for steps in wrong)
            for one in (asked,) if is_tried else wrong.pop(0):
                self._ask(life, one, pick)

    def _destroy_beside(self, life: Seen, command: r.CarryOutDisposal) -> None:
        hold, answers, placed = acts.HOLD, list[str](), list[str]()
        words = words_of(self.scene, life, command)

        def between(boundary: str) -> None:
            if boundary == "before begin" and not placed:
                placed.append(hold.name)
                Engine(self.world.reader, self.world.clock).act(life.reference, hold, actor=ADA)

        office = Office(self.world, between)
        office.run(lambda one: answers.append(self._destroy(one, life, command, ADA)))
        office.close()
        self.tell(f"{life.reference}: {command}, while {hold} came: {answers[-1]}")
        self.scene.destroyed[life.reference] |= words if answers[-1] == APPLIED else set()
        self._check(is_settled=False)
        if life.model is not None:
            life.model.begins()
            if answers[-1] == APPLIED:
                acts.follow(life.model, command)
            acts.follow(life.model, hold)
            life.model.settle(self.world.clock.now())
        self._check()

    def _leave_undone(self, life: Seen, command: r.CarryOutDisposal) -> None:
        """Let somebody die right after they have begun to destroy, and nobody take it up again."""
        known, words = len(self.scene.certificates), words_of(self.scene, life, command)

        def die(boundary: str) -> None:
            if boundary == "after commit" and len(self.scene.look().certificates) > known:
                raise Crash(boundary)

        answers, office = list[str](), Office(self.world, die)
        with suppress(Crash):
            office.run(lambda one: answers.append(self._destroy(one, life, command, ADA)))
        office.close()
        self.tell(f"{life.reference}: {command}, and who did it died")
        if len(self.scene.look().certificates) > known:
            self.scene.destroyed[life.reference] |= words
            if life.model is not None:
                life.model.begins()
                acts.follow(life.model, command)
                life.model.settle(self.world.clock.now())
        self._check()

    def _again(self, pick: Random) -> None:
        """Send the last command once more, as who did not hear the answer does.

        What came to nothing the first time is not kept, and may come to something now.
        """
        if self._last is None or isinstance(self._last[1][0], r.CarryOutDisposal):
            return
        reference, asked, command_id = self._last
        life = self.scene.life(reference)
        is_kept = self._done_for(life, command_id) is not None
        before = life.version
        self.company.attempt(lambda office: self._answer(office, life, asked, command_id))
        self.scene.look()
        effects = (
            [k for k in life.new if k.command_id == command_id] if life.version > before else []
        )
        if is_kept and effects:
            raise Violation("I10", f"{asked[0]} came twice under one id, and had two effects")

    def _other(self, pick: Random) -> None:
        """Send the last command again with another content, under an id of its own."""
        if self._last is not None:
            reference, (command, actor), _ = self._last
            self._ask(self.scene.life(reference), (acts.otherwise(command, pick), actor), pick)

    def _away(self, pick: Random) -> None:
        person, other = pick.sample(range(2, 8), 2)
        today = self.world.real.date()
        stand_in = other if pick.random() < 0.5 else None
        if stand_in is not None:
            self.scene.stand_ins[person].add(stand_in)
        self._prefer(lambda link: preferences.set_away(
            link, person, since=today, until=today + timedelta(days=pick.randint(1, 9)),
            stand_in=stand_in, today=today))  # fmt: skip

    def _back(self, pick: Random) -> None:
        self._prefer(lambda link: preferences.set_back(link, pick.randint(2, 7)))

    def _habit(self, pick: Random) -> None:
        person, rhythm = pick.randint(2, 7), pick.choice(tuple(Rhythm))
        self._prefer(lambda link: preferences.set_rhythm(
            link, person, rhythm=rhythm, digest_at=time(8)))  # fmt: skip

    def _prefer(self, change: Callable[[Link], object]) -> None:
        def work(office: Office) -> str:
            try:
                with office.database.writing() as link:
                    change(link)
            except InvalidInput:
                return NOTHING
            return APPLIED

        self.company.attempt(work)

    def _see_to_mail(self) -> None:
        """Release mail that is held, say of uncertain messages what became of them, try again."""
        taken = {one.message.message_id for one in self.scene.taken}
        refusing = self.lot.refusing | self.lot.slow

        def work(office: Office) -> str:
            with office.database.writing() as link:
                outbox.release(link)
                at = self.world.clock.now()
                for number, status, message_id, person in link.rows(_TO_SEE_TO):
                    row = link.row("SELECT status FROM outbox WHERE id = :id", id=number)
                    if row is None or row[0] != status:
                        continue  # it went along with another
                    if status == "uncertain":
                        has_arrived = message_id in taken
                        outbox.settle(link, number, has_arrived=has_arrived, at=at, note="asked")
                    elif person not in refusing:
                        outbox.retry(link, number, at=at)
                        if self.scene.lost is not None:
                            self.scene.lost.released.add(number)
            return APPLIED

        self.company.attempt(work)
        self.scene.look()


_TO_SEE_TO = """
SELECT id, status, message_id, recipient_id FROM outbox
WHERE status IN ('uncertain', 'failed') ORDER BY id
"""


def plainly(link: Link) -> None:
    """Let everybody be back, and written to at once."""
    for person in range(1, 10):
        preferences.set_back(link, person)
        preferences.set_rhythm(link, person, rhythm=Rhythm.AT_ONCE, digest_at=time(8))
