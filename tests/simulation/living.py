"""Lives a lot from its first day to the day on which nothing is owed any more.

A life has two parts. In the first one everything goes wrong that the plan says; in the second one
nothing does, and within 48 hours all that is owed must be done. After every step the invariants are
looked at, and the reference model is told of what was accepted.
"""

from datetime import datetime, time, timedelta
from random import Random

from tests.grounds import ADA
from tests.simulation import accounts, acts
from tests.simulation.dealing import plainly
from tests.simulation.invariants import Violation
from tests.simulation.lost.disasters import Disasters
from tests.simulation.made.days import moment_of
from tests.simulation.made.lots import Act
from tests.simulation.made.reference import Model
from tests.simulation.world import Office
from tests.visits import TEAM
from workflow.engine import NewChallenge
from workflow.model.errors import InvalidInput
from workflow.store import meta
from workflow.store.correspondence import preferences
from workflow.store.correspondence.preferences import Rhythm
from workflow.store.library import Offered

PUT_OFF = timedelta(minutes=5, seconds=1)
ALIVE = timedelta(hours=23)
MOST_MOMENTS = 2_000
CALM = timedelta(hours=48)
MADE_TEAM = {"lead_visitor": "lead"}


class Living(Disasters):
    """One life: how its time goes."""

    def live(self) -> "Living":
        """Live to the end.

        Raises:
            Violation: an invariant does not hold.
        """
        try:
            self._begin()
            for act in self.lot.acts:
                self._until(act.at)
                self._do(act)
            self._calm()
            is_paced = not self.company.stalls  # who stood still goes on at another's pace
            accounts.close(self.scene, is_verified=self.is_befallen, is_paced=is_paced)
        finally:
            self.company.close()
            self.scene.close()
            self.world.close()
        return self

    # beginning and end ----------------------------------------------------------------------------

    def _begin(self) -> None:
        for number in range(self.lot.challenges):
            new = self._new(f"SIM-{number + 1}")
            if self.lot.shape is not None:
                self.scene.models[new.reference] = self._model(new)
            self.company.attempt(lambda office, new=new: self._start(office, new))  # type: ignore[misc]
        for person in sorted(self.lot.daily):
            self._prefer(lambda link, who=person: preferences.set_rhythm(  # type: ignore[misc]
                link, who, rhythm=Rhythm.DAILY, digest_at=time(8)))  # fmt: skip
        self._check()
        self._work()

    def _new(self, reference: str) -> NewChallenge:
        is_made = self.lot.shape is not None
        roles = [(MADE_TEAM.get(role, role) if is_made else role, person) for role, person in TEAM]
        return NewChallenge(
            reference=reference,
            title=f"Title of {reference}",
            client="Northshire",
            offered=Offered(self.world.loaded.content_hash),
            dates={"visit_start": self.lot.start, "visit_end": self.lot.end},
            roles=tuple(roles),
        )

    def _start(self, office: Office, new: NewChallenge) -> None:
        try:
            office.engine.start(new, actor=ADA)
        except InvalidInput:  # it was kept the first time, and nobody heard of it
            with self.world.reader.reading() as link:
                assert link.row("SELECT 1 FROM challenge WHERE reference = :ref", ref=new.reference)

    def _model(self, new: NewChallenge) -> Model:
        assert self.lot.shape is not None
        model = Model(self.lot.shape, self.world.clock.now())
        for role, person in new.roles:
            model.join(person, role)
        for key, on in new.dates.items():
            model.set_date(key, on)
        model.settle(model.at)
        return model

    def _calm(self) -> None:
        """Let nothing go wrong any more, and everything come to rest."""
        self.tell("from here on nothing goes wrong")
        self.hazards.is_over, self.downtimes = True, ()
        self._prefer(plainly)
        end = self.world.real + CALM
        noon = moment_of(end.date() + timedelta(days=1), time(12))
        while noon.weekday() > 4:
            noon += timedelta(days=1)
        for at in (self.world.real, end - timedelta(hours=1), noon - timedelta(hours=1), noon):
            self._until(at)
            self._see_to_mail()
            self._work()
        accounts.at_rest(self.scene, self.lot)

    # time -----------------------------------------------------------------------------------------

    def _until(self, at: datetime) -> None:
        """Let time pass, and the office work whenever something is due."""
        for _ in range(MOST_MOMENTS):
            self.scene.look()
            following = self._next()
            if following is None or following > at:
                self.world.move(at)
                return
            self._keep_alive(following)
            self.world.move(following)
            self._work()
        raise Violation("I2", "something is due again and again")

    def _keep_alive(self, until: datetime) -> None:
        """Let the courier go round before long, as one that runs does all the time."""
        if until - self.world.real > ALIVE and not self._was_down(until):
            self.world.move(until - timedelta(minutes=10))
            self.company.send()

    def _was_down(self, at: datetime) -> bool:
        return any(self.world.real <= until and since <= at for since, until in self.downtimes)

    def _next(self) -> datetime | None:
        """Return the next moment at which the office has something to do."""
        now = self.world.real
        soonest = now + timedelta(seconds=1)
        wakes = [life.wake_at for life in self.scene.lives.values()]
        mail = [row.next_at for row in self.scene.waiting({"waiting"})]
        leases = [row.lease_until for row in self.scene.waiting({"sending"})]
        found = [max(at, soonest) for at in (*wakes, *leases) if at]
        found += [at for at in mail if at > now]
        if any(at <= now for at in mail):
            found.append(self._next_mail(now))
        at = min(found, default=None)
        for since, until in self.downtimes:
            if at is not None and since <= at < until:
                at = until
        return at

    def _next_mail(self, now: datetime) -> datetime:
        """Return when what waits although it is due may go: in a minute, or in the morning."""
        if self.company.is_busy:
            return now + timedelta(minutes=31 if self.company.has_trouble else 1, seconds=1)
        days = (now.date() + timedelta(days=number) for number in range(2))
        mornings = [moment_of(day, time(hour, 1)) for day in days for hour in (7, 8)]
        return next(at for at in mornings if at > now)

    def _work(self) -> None:
        """Let the office do what is due: first the challenges, then the mail."""
        self.tell("the office works")
        while self._is_due() and self.company.sweep():
            self._follow(is_over=False)  # what was not put off has come to its end by now
            self.world.move(self.world.real + PUT_OFF)
        self._follow(is_over=True)
        if self.scene.look().waiting({"waiting", "sending"}):
            self.company.send()
        self._check()

    def _follow(self, *, is_over: bool) -> None:
        """Let time pass for the models, all of them or those of which nothing is due any more."""
        self.scene.look()
        now = self.world.clock.now()
        for life in self.scene.lives.values():
            if life.model and (is_over or life.wake_at is None or life.wake_at > now):
                life.model.begins()
                life.model.settle(now)

    def _is_due(self) -> bool:
        """Return whether a sweep has anything to look at."""
        self.scene.look()
        is_open = any(not signature for *_, signature in self.scene.certificates)
        wakes = (life.wake_at for life in self.scene.lives.values())
        return is_open or any(at is not None and at <= self.world.clock.now() for at in wakes)

    def _do(self, act: Act) -> None:
        pick = Random(act.number)
        self.scene.look()
        self._see_to_mail()
        office = {"again": self._again, "other": self._other, "set back": self._set_back,
                  "jump": self._jump, "away": self._away, "back": self._back,
                  "habit": self._habit, "back up": self._back_up,
                  "lose": self._lose, "squeeze": self._squeeze}  # fmt: skip
        if act.kind in office:
            office[act.kind](pick)
        else:
            life = self.scene.lives[pick.randint(1, len(self.scene.lives))]
            self._ask(life, acts.chosen(self.scene, life, act.kind, pick), pick)
        if not self._is_down():
            self._work()

    def _lose(self, pick: Random) -> None:
        """Lose the database; live on with what was put back, and look at its mail only later."""
        self._put_back(pick)
        self._work()
        self._until(self.world.real + timedelta(hours=pick.choice([1, 5, 26])))
        self._see_to_restored(pick)

    def _is_down(self) -> bool:
        """Return whether no office is running."""
        return any(since <= self.world.real < until for since, until in self.downtimes)

    def _set_back(self, pick: Random) -> None:
        """Set the clock back while the office works: nothing is said again."""
        if self._is_down():
            return
        self._work()
        counts = {number: life.version for number, life in self.scene.lives.items()}
        self.world.clock.at = self.world.real - timedelta(hours=pick.choice([1, 2, 23]))
        self.tell("the clock was set back")
        self.company.sweep()
        self.company.send()
        self._check(is_settled=False)
        for number, life in self.scene.lives.items():
            if life.version != counts[number]:
                raise Violation("I6", f"{life.reference} changed when the clock was set back")
        self.world.clock.at = self.world.real

    def _jump(self, pick: Random) -> None:
        """Set the clock forward while the office works: mail is held until somebody looks."""
        if self._is_down():
            return
        self.company.send()
        lives, is_new = self.company.deaths, self.company.is_second_new
        before = len(self.scene.taken)
        self.world.clock.at = self.world.real + timedelta(days=pick.choice([2, 30, 365]))
        self.tell("the clock was set forward")
        self.company.send()
        self.world.clock.at = self.world.real
        with self.world.reader.reading() as link:
            is_held = meta.get(link, meta.MAIL_HELD) is not None
        is_kept = len(self.scene.taken) == before or is_new  # who begins now knows of no jump
        if lives == self.company.deaths and not (is_held and is_kept):
            raise Violation("I6", "the clock jumped, and mail was not held")
        if is_held:
            self._until(self.world.real + timedelta(hours=pick.choice([1, 5, 26])))
        self._see_to_mail()
