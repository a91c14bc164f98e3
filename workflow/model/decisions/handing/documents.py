"""Documents: entered version by version, given to people, acknowledged, taken back.

A pack is a document that contains others. It is made when it is issued, of the versions that its
parts have then, and whoever gets it, or says that they have it, gets and has its parts.

Source: guidance 70 and 87, and house policy: each peer has what the others have, at one version.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.decisions.asking import Asking, require_known, require_reason
from workflow.model.decisions.handing.items import (
    require_key,
    require_on_team,
    require_own,
    require_past,
)
from workflow.model.decisions.handing.marking import mark_done, reopen_for
from workflow.model.definition import Definition
from workflow.model.errors import InvalidInput, NotFound, Refused, Unmet
from workflow.model.records import commands as r
from workflow.model.records.definitions import DocumentRule
from workflow.model.records.events import (
    DocumentAcknowledged,
    DocumentIssued,
    DocumentRecorded,
    DocumentRevoked,
)
from workflow.model.records.state import Document

NO_RULE = DocumentRule(title="-")
"""What counts of a document that the definition does not know: nothing follows from it."""


def record(asking: Asking, command: r.RecordDocument) -> tuple[e.Event, ...]:
    """Enter a document, or its next version; who had the last one may have to be asked again."""
    definition = asking.rulebook.definition
    asking.require_right_if_named(definition.authority.records, "enter documents")
    require_key("a document", command.document)
    asking.require_life()
    before = asking.challenge.records.documents.get(command.document)
    rule = definition.documents.get(command.document)
    title = command.title.strip() or (before.title if before else rule.title if rule else "")
    if not title:
        raise NotFound("document", command.document, definition.documents)
    if rule is not None and rule.contains:
        raise InvalidInput(
            f'"{rule.title}" is made of its parts when it is issued: enter '
            f"{', '.join(rule.contains)}"
        )
    if not command.sha256 and not command.location.strip():
        raise InvalidInput("say where the document is: a FILE to keep here, or --location TEXT")
    _require_new(before, command)
    kind = command.kind.strip() or (before.kind if before else rule.kind if rule else "document")
    recorded = DocumentRecorded(
        at=asking.at,
        actor=asking.actor.id,
        document=command.document,
        kind=kind,
        title=title,
        version=before.version + 1 if before else 1,
        on=asking.today,
        sha256=command.sha256,
        location=command.location.strip(),
        is_stored=command.is_stored,
    )
    return (recorded, *_asked_again(asking, recorded))


def _require_new(before: Document | None, command: r.RecordDocument) -> None:
    """Refuse a version that is the same as the last one."""
    if before is None:
        return
    place = command.location.strip()
    is_same = before.sha256 == command.sha256 and before.location == place
    if is_same and before.is_stored is command.is_stored:
        raise Refused(
            f'"{before.title}": version {before.version} is the same already', kind="already"
        )


def _asked_again(
    asking: Asking, recorded: DocumentRecorded, given: Iterable[int] = ()
) -> Iterator[e.Event]:
    """Yield that tasks are to be done again, since their document has another version.

    To those who are `given` it right now, it need not be given again.
    """
    rule = asking.rulebook.definition.documents.get(recorded.document, NO_RULE)
    if recorded.version == 1 or not rule.again_when_changed:
        return
    reason = f'"{recorded.title}" has changed: version {recorded.version}'
    copies = asking.challenge.records.documents[recorded.document].copies
    people = [person for person, copy in copies.items() if copy.revoked_on is None]
    lacking = [person for person in people if person not in set(given)]
    if rule.issued_by is not None and lacking:
        yield from reopen_for(asking, rule.issued_by, lacking, reason=reason)
    if rule.acknowledged_by is not None:
        yield from reopen_for(asking, rule.acknowledged_by, people, reason=reason)


def issue(asking: Asking, command: r.IssueDocument) -> tuple[e.Event, ...]:
    """Give the latest version to those who do not have it: all who should, or some by name."""
    definition = asking.rulebook.definition
    asking.require_right_if_named(definition.authority.records, "issue documents")
    asking.require_life()
    rule = definition.documents.get(command.document, NO_RULE)
    made = tuple(_pack(asking, command.document, rule)) if rule.contains else ()
    known = asking.challenge.records.documents
    if not made:
        require_known("document entered", command.document, known)
    document = made[0] if made else known[command.document]
    for person in command.people:
        require_on_team(asking, person)
    people = dict.fromkeys(command.people) or should_have(definition, asking.challenge, rule)
    if not people:
        raise InvalidInput(f'say to whom "{document.title}" is given: --to PERSON')
    lacking = [p for p in people if made or not _has_latest(asking, command.document, p)]
    if not lacking:
        raise Refused(
            f'"{document.title}": version {document.version} is with everybody meant already',
            kind="already",
        )
    issued = [one for person in lacking for one in _given(asking, command.document, person, made)]
    again = [one for recorded in made for one in _asked_again(asking, recorded, lacking)]
    return (
        *made,
        *again,
        *issued,
        *_issuing_done(asking, command.document, document.title, lacking),
    )


def should_have(
    definition: Definition, challenge: Challenge, rule: DocumentRule
) -> dict[int, None]:
    """Return who should have a document, in the order of joining."""
    return dict.fromkeys(challenge.holders(definition.members(*rule.for_)))


def _has_latest(asking: Asking, key: str, person: int) -> bool:
    document = asking.challenge.records.documents[key]
    copy = document.copies.get(person)
    return copy is not None and copy.revoked_on is None and copy.version == document.version


def parts_digest(parts: Iterable[tuple[str, int]]) -> str:
    """Return, in hex, what tells packs apart: SHA-256 of a line for each part, `KEY VERSION`."""
    text = "".join(f"{part} {version}\n" for part, version in parts)
    return sha256(text.encode()).hexdigest()


def _pack(asking: Asking, key: str, rule: DocumentRule) -> Iterator[DocumentRecorded]:
    """Yield the next version of a pack, where a part of it has another one than in the last."""
    known = asking.challenge.records.documents
    missing = [part for part in rule.contains if part not in known]
    if missing:
        raise Refused(
            f'"{rule.title}" cannot be made yet: {", ".join(missing)}: not entered',
            kind="order",
            unmet=[Unmet(f"{part}: not entered") for part in missing],
            hint=f"enter each: peer-challenge document add {asking.challenge.reference} "
            f"{missing[0]} FILE",
        )
    digest = parts_digest((part, known[part].version) for part in rule.contains)
    before = known.get(key)
    if before is not None and before.sha256 == digest:
        return
    yield DocumentRecorded(
        at=asking.at,
        actor=asking.actor.id,
        document=key,
        kind=rule.kind,
        title=rule.title,
        version=before.version + 1 if before else 1,
        on=asking.today,
        sha256=digest,
    )


def _given(
    asking: Asking, key: str, person: int, made: tuple[DocumentRecorded, ...]
) -> Iterator[DocumentIssued]:
    """Yield that a person gets a document, and of a pack the parts that they lack."""
    known = asking.challenge.records.documents
    rule = asking.rulebook.definition.documents.get(key, NO_RULE)
    version = made[0].version if made else known[key].version
    parts = [(part, known[part].version) for part in rule.contains]
    lacking = [one for one in parts if not _has_latest(asking, one[0], person)]
    for name, number in ((key, version), *lacking):
        yield DocumentIssued(
            at=asking.at,
            actor=asking.actor.id,
            document=name,
            version=number,
            person=person,
            on=asking.today,
        )


def _issuing_done(asking: Asking, key: str, title: str, people: Iterable[int]) -> Iterator[e.Event]:
    """Yield that the task of giving a document is done: each person's, or the one for all."""
    rule = asking.rulebook.definition.documents.get(key, NO_RULE)
    if rule.issued_by is None:
        return
    spec = asking.rulebook.specs[rule.issued_by]
    if spec.for_each is not None:
        for person in people:
            yield from mark_done(asking, rule.issued_by, person, evidence=f'"{title}" issued')
        return
    meant = should_have(asking.rulebook.definition, asking.challenge, rule)
    document = asking.challenge.records.documents.get(key)
    copies = document.copies if document else {}
    have = set(people) | {person for person, copy in copies.items() if not copy.revoked_on}
    if set(meant) <= have:
        yield from mark_done(asking, rule.issued_by, None, evidence=f'"{title}" issued to all')


def acknowledge(asking: Asking, command: r.AcknowledgeDocument) -> tuple[e.Event, ...]:
    """Record that a person has the version that they were given last, and the parts of a pack."""
    known = asking.challenge.records.documents
    require_known("document entered", command.document, known)
    document, person = known[command.document], command.person
    require_own(asking, person, "say that others have a document")
    require_past(asking, command.on, "has arrived")
    copy = document.copies.get(person)
    if copy is None or copy.revoked_on is not None:
        raise Refused(
            f'"{document.title}" was not given to {{p{person}}}, or was taken back',
            kind="not_issued",
            hint=f"give it first: peer-challenge document issue {asking.challenge.reference} "
            f"{command.document}",
        )
    if command.on < copy.issued_on:
        raise InvalidInput(f'"{document.title}" was issued on {in_words(copy.issued_on)} only')
    rule = asking.rulebook.definition.documents.get(command.document, NO_RULE)
    held = _held(asking, (command.document, *rule.contains), person)
    fresh = {key: number for key, (number, said) in held.items() if number != said}
    done = tuple(_acknowledging_done(asking, rule, command, fresh))
    if not fresh and not done:
        raise Refused(
            f'{{p{person}}} has acknowledged version {copy.version} of "{document.title}" already',
            kind="already",
        )
    return (*_said(asking, command, fresh), *done)


def _held(asking: Asking, keys: Iterable[str], person: int) -> dict[str, tuple[int, int]]:
    """Return of each document that a person has the version, and the one acknowledged last."""
    known = asking.challenge.records.documents
    found = {key: known[key].copies.get(person) for key in keys if key in known}
    return {
        key: (copy.version, copy.acknowledged)
        for key, copy in found.items()
        if copy is not None and copy.revoked_on is None
    }


def _said(
    asking: Asking, command: r.AcknowledgeDocument, fresh: dict[str, int]
) -> Iterator[DocumentAcknowledged]:
    for key, version in fresh.items():
        yield DocumentAcknowledged(
            at=asking.at,
            actor=asking.actor.id,
            document=key,
            version=version,
            person=command.person,
            on=command.on,
            evidence=command.evidence.strip(),
        )


def _acknowledging_done(
    asking: Asking, rule: DocumentRule, command: r.AcknowledgeDocument, fresh: dict[str, int]
) -> Iterator[e.Event]:
    """Yield that a person's task is done, once they have all that it waits for."""
    key, known = rule.acknowledged_by, asking.challenge.records.documents
    if key is None:
        return
    rules = asking.rulebook.definition.documents
    waited = {name: one for name, one in rules.items() if one.acknowledged_by == key}
    person = command.person
    for name, one in waited.items():
        meant = should_have(asking.rulebook.definition, asking.challenge, one)
        copy = known[name].copies.get(person) if name in known else None
        said = fresh.get(name, copy.acknowledged if copy else 0)
        is_enough = said >= (known[name].version if name in known and one.again_when_changed else 1)
        if person in meant and not is_enough:
            asking.warnings.append(f'"{one.title}" is still to be acknowledged by {{p{person}}}')
            return
    told = ", ".join(f"{n} version {known[n].version}" for n in waited if n in known)
    evidence = "; ".join(part for part in (command.evidence.strip(), told) if part)
    yield from mark_done(asking, key, person, evidence=evidence, on=command.on)


def revoke(asking: Asking, command: r.RevokeDocument) -> tuple[e.Event, ...]:
    """Take a document back from somebody, and the parts of a pack."""
    known = asking.challenge.records.documents
    asking.require_right_if_named(
        asking.rulebook.definition.authority.records, "take documents back"
    )
    require_known("document entered", command.document, known)
    require_reason(command.reason, "it is taken back")
    rule = asking.rulebook.definition.documents.get(command.document, NO_RULE)
    held = _held(asking, (command.document, *rule.contains), command.person)
    if command.document not in held:
        title = known[command.document].title
        raise Refused(f'{{p{command.person}}} does not have "{title}"', kind="not_issued")
    return tuple(_taken(asking, held, command.person, command.reason.strip()))


def _taken(
    asking: Asking, keys: Iterable[str], person: int, reason: str
) -> Iterator[DocumentRevoked]:
    for key in keys:
        yield DocumentRevoked(
            at=asking.at,
            actor=asking.actor.id,
            document=key,
            person=person,
            on=asking.today,
            reason=reason,
        )


def leave(asking: Asking, person: int, roles: Iterable[str]) -> tuple[e.Event, ...]:
    """Return what becomes of the documents of somebody who leaves these roles.

    Nothing while they hold another one. What they still have is said.
    """
    stays = [m.role for m in asking.challenge.team if m.person == person and m.left_at is None]
    if set(stays) - set(roles):
        return ()
    records, rules = asking.challenge.records, asking.rulebook.definition.documents
    ended = [key for key, rule in rules.items() if rule.on_leaving == "revoke"]
    with_them = [k for k, i in records.items.items() if i.person == person and not i.outcome]
    if with_them:
        asking.warnings.append(
            f"{{p{person}}} still has {', '.join(with_them)}: peer-challenge item settle "
            f"{asking.challenge.reference} {with_them[0]} OUTCOME"
        )
    return tuple(_taken(asking, _held(asking, ended, person), person, "left the team"))
