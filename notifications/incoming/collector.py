"""Collects what came in: each mail is kept first, then what follows from it happens, then it moves.

Who is killed in between finds the mail again, sees that it is known, and goes on where it stopped:
a mail is `new` until everything that follows from it is done. Nothing here answers a mail, and
nothing that a machine sent is ever taken for an answer.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from notifications.delivery.whereabouts import is_about_address
from notifications.incoming.mailbox import PROCESSED, UNMATCHED, Mailbox
from notifications.incoming.proposal import answer_of, as_said
from notifications.incoming.reading import Incoming, Kind, read_mail, unreadable
from notifications.incoming.relation import as_it_came, is_of_reader, problem_of
from workflow.clock import Clock
from workflow.model.commands import GiveAnswer
from workflow.model.errors import Conflict, InvalidInput, NotFound, Refused, Unavailable
from workflow.store.correspondence import incoming, matching, preferences, refusals
from workflow.store.correspondence.incoming import Kept, Received
from workflow.store.correspondence.matching import Match
from workflow.store.database import Database
from workflow.store.link import Link
from workflow.tokens import BOUNCE, Keys, read_tag, tag_in


class Outcome(StrEnum):
    """What became of a mail."""

    PROPOSED = "proposed"
    PROBLEM = "problem"
    UNMATCHED = "unmatched"
    FILED = "filed"
    KNOWN = "known"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one mail, for the log. `message` is the outbox row that it answers."""

    outcome: Outcome
    id: int | None = None
    kind: str = ""
    message: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What a round came to. `trouble` is what went wrong with a mail that stays for the next."""

    proposed: int = 0
    problem: int = 0
    unmatched: int = 0
    filed: int = 0
    known: int = 0
    postponed: int = 0
    trouble: str = ""

    def __add__(self, other: "Collected") -> "Collected":
        """Return what two rounds came to."""
        names = [field.name for field in fields(self) if field.name != "trouble"]
        sums = {name: getattr(self, name) + getattr(other, name) for name in names}
        return Collected(**sums, trouble=other.trouble or self.trouble)


class Answers(Protocol):
    """Takes what somebody says about a task of theirs, for a manager to accept."""

    def propose(self, command: GiveAnswer, *, reference: str, actor: int) -> None:
        """Keep an answer, in a transaction of its own.

        Raises:
            Refused, InvalidInput, NotFound: the task takes no answer any more.
        """


@dataclass(frozen=True, slots=True)
class _Found:
    """What a mail answers; `by_return` when it came to the address for what is undeliverable."""

    match: Match | None = None
    by_return: bool = False


class Collector:
    """Takes mails, one at a time. One collector reads a mailbox: two may propose a thing twice."""

    def __init__(self, database: Database, clock: Clock, keys: Keys, *, answers: Answers) -> None:
        self._database, self._clock, self._keys = database, clock, keys
        self._answers = answers

    def collect(
        self, mailbox: Mailbox, *, is_stopping: Callable[[], bool] = lambda: False
    ) -> Collected:
        """Take every mail of a mailbox, and put each away; return what came of it.

        `is_stopping` is asked before each mail.

        Raises:
            Unavailable: the mailbox or the database is away; nothing is lost.
        """
        counts, trouble = Counter[str](), ""
        for uid, content in mailbox.unread():
            if is_stopping():
                break
            taken = self._take_safely(content)
            counts[taken.outcome] += 1
            if taken.outcome is Outcome.POSTPONED:
                trouble = taken.note
                continue
            mailbox.put_away(uid, UNMATCHED if taken.message is None else PROCESSED)
        return Collected(**counts, trouble=trouble)

    def take(self, content: bytes) -> Taken:
        """Take one mail; taking it again changes nothing.

        Raises:
            Unavailable, Conflict: try again.
        """
        return self._take(read_mail(content))

    def _take_safely(self, content: bytes) -> Taken:
        """Take a mail; one that cannot be dealt with is kept as far as it can be read."""
        try:
            return self.take(content)
        except Unavailable:
            raise
        except Conflict as error:
            return Taken(outcome=Outcome.POSTPONED, note=str(error))
        except Exception as error:
            # one mail that meets a mistake of ours must not stop the others
            trouble = f"{type(error).__name__}: {error}"
        try:
            return self._take(unreadable(content, trouble), is_plain=True)
        except Unavailable:
            raise
        except Exception:
            return Taken(outcome=Outcome.POSTPONED, note=trouble)

    def _take(self, mail: Incoming, *, is_plain: bool = False) -> Taken:
        at = self._clock.now()
        with self._database.writing() as link:
            found = _Found() if is_plain else self._find(link, mail)
            read = as_it_came(mail, by_return=found.by_return)
            kept = _keep(link, read, found.match, at=at)
            if kept.status != incoming.NEW:
                return _taken(kept, is_known=True)
            self._settle_at_once(link, kept, read, found.match)
            kept = incoming.one(link, kept.id)
        if kept.status == incoming.NEW and found.match is not None:
            self._propose(kept, read, found.match)
        with self._database.reading() as link:
            return _taken(incoming.one(link, kept.id))

    def _find(self, link: Link, mail: Incoming) -> _Found:
        """Return the message that a mail answers: by the tag of an address, else by its id."""
        for address in mail.addresses:
            tag = read_tag(self._keys, tag_in(address))
            match = matching.message(link, tag.message) if tag else None
            if tag and match and tag.is_of(match.lead.raised_at):
                return _Found(match, by_return=tag.purpose == BOUNCE)
        number = matching.carrier_of(link, mail.answers)
        return _Found(matching.message(link, number) if number is not None else None)

    def _settle_at_once(self, link: Link, kept: Kept, mail: Incoming, match: Match | None) -> None:
        """Settle what proposes nothing, in the transaction that keeps it."""
        note = problem_of(mail, match)
        if match is not None and mail.kind is Kind.BOUNCE and is_of_reader(mail, match):
            self._take_bounce(link, mail, match)
        if mail.kind is Kind.CALENDAR and mail.is_accepted:
            incoming.settle(link, kept.id, status=incoming.FILED)
        elif note:
            incoming.settle(link, kept.id, status=incoming.OPEN, note=note)

    def _take_bounce(self, link: Link, mail: Incoming, match: Match) -> None:
        """Fail what came back; mark the address unless it is the message that was refused."""
        at, why = self._clock.now(), mail.reason or "the message came back"
        is_marked = is_about_address(f"{mail.code} {why}")
        if is_marked:
            preferences.mark_refused(link, match.lead.reader, at=at, why=why)
        untold_since = at if is_marked else None
        refusals.mark_bounced(link, match.id, error=why, untold_since=untold_since)

    def _propose(self, kept: Kept, mail: Incoming, match: Match) -> None:
        """Propose an answer about each task that the message wanted, but for those proposed."""
        with self._database.reading() as link:
            wanted = [
                (notice.recipient, task)
                for notice in match.notices
                for task in matching.wanted_tasks(link, notice)
            ]
            done = matching.answered(link, kept.id)
        says = as_said(mail, match)
        refused = ""
        for recipient, task in wanted:
            if (task.challenge_id, task.key) not in done:
                command = answer_of(task, mail, says=says, kept=kept)
                try:
                    self._answers.propose(command, reference=task.reference, actor=recipient)
                except (Refused, InvalidInput, NotFound) as error:
                    refused = str(error)
                    continue
                done.add((task.challenge_id, task.key))
        note = "" if done else refused or "nothing is wanted any more of whom it answers for"
        status = incoming.PROPOSED if done else incoming.OPEN
        with self._database.writing() as link:
            incoming.settle(link, kept.id, status=status, note=note)


def _keep(link: Link, mail: Incoming, match: Match | None, *, at: datetime) -> Kept:
    """Keep a mail unless it is known; return it as it is kept.

    Another mail that bears a known Message-ID is not the same: it is kept under an id of its own.
    """
    lead = match.lead if match else None
    received = Received(
        message_id=mail.message_id,
        came_at=at,
        sender=mail.sender,
        subject=mail.subject,
        kind=mail.kind,
        body=mail.said,
        digest=mail.digest,
        outbox_id=lead.id if lead else None,
        challenge_id=lead.challenge_id if lead else None,
        person_id=incoming.whose(link, mail.sender, *mail.failed),
    )
    known = incoming.known(link, received.message_id)
    if known is not None and not _is_same(known, received):
        received = replace(received, message_id=f"{mail.message_id} sha256:{mail.digest}")
        known = incoming.known(link, received.message_id)
    if known is not None:
        return known
    number = incoming.keep(link, received)
    if number is None:
        raise Conflict("the same mail is being kept by somebody else")
    return incoming.one(link, number)


def _is_same(known: Kept, received: Received) -> bool:
    """Return whether two mails with one id are the same: the way there changes what is outside."""
    return known.digest == received.digest or (known.sender, known.subject, known.body) == (
        received.sender,
        received.subject,
        received.body,
    )


def _taken(kept: Kept, *, is_known: bool = False) -> Taken:
    outcomes = {incoming.PROPOSED: Outcome.PROPOSED, incoming.FILED: Outcome.FILED}
    is_matched = kept.outbox_id is not None
    plain = outcomes.get(kept.status, Outcome.PROBLEM if is_matched else Outcome.UNMATCHED)
    return Taken(
        outcome=Outcome.KNOWN if is_known else plain,
        id=kept.id,
        kind=kept.kind,
        message=kept.outbox_id,
        note=kept.note,
    )
