"""How a challenge begins: what is said of it, and the decision that starts it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.decide import Decision, begin
from workflow.model.decisions.asking import Actor
from workflow.model.decisions.links import CONCERNS
from workflow.model.definition import Definition
from workflow.model.errors import InvalidInput, NotFound, Refused, WorkflowError
from workflow.model.people import Person, named_error
from workflow.model.planning.rulebook import Rulebook
from workflow.model.records.commands import LinkChallenge
from workflow.store.library import Offered

REFERENCE_LENGTH, LINE_LENGTH = 40, 200
REFERENCE_ALLOWED = f"letters, digits, dots and dashes, at most {REFERENCE_LENGTH}, such as NOR-26"

_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChallenge:
    """What a challenge starts with. `roles` are pairs of a role and a person's id.

    Among `dates` are moments (aware) where hours count. `concerns` are references of challenges
    that it is about, such as what a request asks for. `offered` is the definition.
    """

    reference: str
    title: str
    client: str
    offered: Offered
    dates: Mapping[str, date] = field(default_factory=dict)
    roles: tuple[tuple[str, int], ...] = ()
    concerns: tuple[str, ...] = ()


def begun(
    rulebook: Rulebook,
    new: NewChallenge,
    known: Mapping[int, Person],
    *,
    at: datetime,
    actor: int,
) -> Decision:
    """Return the decision to start a challenge; whoever starts one may fill it."""
    _check_reference(new.reference)
    _check_line("title", new.title)
    _check_line("client", new.client)
    definition = rulebook.definition
    _check_current(definition, today=rulebook.today(at))
    started = e.ChallengeStarted(
        at=at,
        actor=actor,
        reference=new.reference,
        title=new.title,
        client=new.client,
        definition=definition.definition,
        version=definition.version,
        content_hash=new.offered.content_hash,
        stage=definition.initial,
    )
    for key in new.dates:
        if key not in definition.dates:
            raise NotFound("date", key, definition.dates)
    dates = [_dated(rulebook, k, new.dates[k]) for k in definition.dates if k in new.dates]
    links = [LinkChallenge(other=other, relation=CONCERNS) for other in new.concerns]
    team = [
        c.AssignPerson(person=person, role=role, capabilities=person_of(known, person).capabilities)
        for role, person in new.roles
    ]
    try:
        first: list[c.Command] = [*team, *dates, *links]
        return begin(rulebook, started, first, actor=Actor(id=actor, is_administrator=True))
    except WorkflowError as error:
        raise named_error(error, known) from error


def _dated(rulebook: Rulebook, key: str, on: date) -> c.SetDate:
    """Return the command that sets a date, on a day or at a moment of it."""
    if isinstance(on, datetime):
        return c.SetDate(key=key, on=rulebook.today(on), moment=on)
    return c.SetDate(key=key, on=on)


def _check_current(definition: Definition, *, today: date) -> None:
    """Refuse a definition under which no challenge begins any more."""
    if definition.retired_on is not None and today >= date.fromisoformat(definition.retired_on):
        since = in_words(date.fromisoformat(definition.retired_on))
        raise Refused(
            f"{definition.definition} {definition.version} is retired since {since}: nothing "
            "begins under it any more",
            kind="retired",
            hint="use a newer version: peer-challenge definition list",
        )


def _check_reference(reference: str) -> None:
    """Refuse a reference that could not stand in a command, a subject line or a file name."""
    is_plain = reference.replace("-", "").replace(".", "").isalnum() and reference.isascii()
    if not is_plain or len(reference) > REFERENCE_LENGTH or not reference[0].isalnum():
        raise InvalidInput(
            f'the reference "{reference[:60]}" cannot be used; allowed: {REFERENCE_ALLOWED}'
        )


def _check_line(what: str, text: str) -> None:
    """Refuse what could not stand in a subject line or a list: it must be one plain line."""
    if _ODD.search(text):
        raise InvalidInput(
            f"the {what} {text[:60]!r} has a control character or a line break in it; allowed is "
            "one line of plain text"
        )
    if len(text) > LINE_LENGTH:
        raise InvalidInput(f"the {what} is longer than {LINE_LENGTH} letters")


def person_of(known: Mapping[int, Person], person: int) -> Person:
    """Return a person by id.

    Raises:
        NotFound: there is none.
    """
    if person not in known:
        raise NotFound("person with the id", str(person), ())
    return known[person]
