"""Certificates of destruction, as they are shown."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from console.output import Output
from console.words import count, moment, sentence, short_day

if TYPE_CHECKING:
    from workflow.model.people import Person
    from workflow.retaining.certificates import Certificate, Checked, Confirmed

HEAD = ("number", "ref", "rule", "made", "standing")
PEERS_HEAD = ("who", "what", "standing", "how", "on", "recorded by", "notice", "sampled")
ONE_OF = {"people": "person", "texts of tasks": "text of a task"}
UNFINISHED = "not finished: it goes on with the next tick"


def show_certificates(output: Output, rows: "Sequence[Certificate]") -> None:
    """Show which certificates there are."""
    if output.is_json:
        found = [
            {
                "number": one.number,
                "reference": one.reference,
                "rule": one.rule,
                "at": one.at,
                "is_whole": one.is_whole,
                "is_finished": one.is_finished,
            }
            for one in rows
        ]
        output.document("certificate-list", {"certificates": found})
        return
    output.table(
        HEAD,
        [
            (
                one.number,
                one.reference or "",
                one.rule,
                moment(one.at, output.zone),
                "signed" if one.is_finished else UNFINISHED,
            )
            for one in rows
        ],
    )
    follow = f"certificate show {rows[-1].number}" if rows else "retention list"
    output.follow(follow, summary=f"{count(len(rows), 'certificate')}.")


def show_certificate(
    output: Output,
    certificate: "Certificate",
    *,
    names: Mapping[int, str],
    written: Sequence[str | None] = (),
) -> None:
    """Show a certificate, and to which files it was written."""
    body = json.loads(certificate.body)
    if output.is_json:
        said = {"certificate": body, "signature": certificate.signature or None}
        output.document("certificate-show", said)
        return
    output.text(f"{name:28}{text}" for name, text in told(body, names))
    if not certificate.is_finished:
        output.talk("", f"It is {UNFINISHED}.")
    output.talk(*(f"written to {path}" for path in written if path))
    output.follow(f"certificate verify {certificate.number}")


def told(body: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Yield what a certificate says, line by line: what it is called, and the text."""
    subject = body["subject"]
    yield "certificate of destruction", body["number"]
    yield "kind", body["what"]
    yield "of", subject.get("challenge") or f"person {subject.get('person')}"
    yield "what", body["class"]["title"]
    yield "how much", _counted(body["counts"]) or "nothing was there"
    yield from _authority(body["authority"])
    yield from _approvals(body["approvals"], names)
    yield "holds", f"none, looked for at {body['holds']['looked_for_at']}"
    done = body["carried_out"]
    yield "carried out", f"{_person(done['by'], names)}, {done['at']}"
    yield from _done(body)
    yield from _elsewhere(body.get("peers", {}), names)


def _authority(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "rule", f"{said['rule']} ({said['source']})"
    if "definition" in said:
        yield "definition", f"{said['definition']} {said['version']}, {said['hash'][:16]}…"
        yield "due", f"{said['due_on'] or 'not known'}: {said['trigger']}"


def _approvals(said: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    if not said:
        return
    early = ", before its day and for a reason" if said["before_its_day"] else ""
    asked = _person(said["requested_by"], names)
    yield "asked for", f"{asked}, {said['requested_at']}{early}"
    yield "approved", f"{_person(said['approved_by'], names)}, {said['approved_at']}"


def _done(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in body.get("methods", ()):
        yield f"method, {one['store']}", one["method"]
        for key_id in one.get("keys", ()):
            yield "", f"key {key_id}"
    if "verification" in body:
        found = body["verification"]
        yield (
            "looked for afterwards",
            f"rows left {found['rows_left']}, keys left {found['keys_left']}, files left "
            f"{found['files_left']}, {found['markers_found']} of {found['markers_looked_for']} "
            f"markers found in {found['looked_in']}",
        )
        yield "tool", body["tool"]
    for text in body.get("remains", ()):
        yield "remains", text
    tree = body["log"].get("tree")
    if tree:
        entry = f"entry {body['log']['entry']}, " if body["log"].get("entry") else ""
        yield "audit log", f"{entry}tree of {tree['size']}, root {tree['root']}"


def _elsewhere(peers: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Yield what people said of their own copies, in one line a person and standing."""
    found: dict[tuple[int, str], list[str]] = {}
    for one in peers.get("confirmations", ()):
        found.setdefault((one["person"], one["status"]), []).append(sentence(one["medium"]))
    for (person, status), media in found.items():
        yield "peers' own copies", f"{_person(person, names)}, {status}: {', '.join(media)}"
    for one in peers.get("exceptions", ()):
        who = _person(one["person"], names) if one["person"] else sentence(one["task"])
        yield "exception", f"{who}: let go by {_person(one['by'], names)}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(
        count(number, ONE_OF.get(kind, sentence(kind).removesuffix("s")), sentence(kind))
        for kind, number in counts.items()
    )


def _person(number: int | None, names: Mapping[int, str]) -> str:
    if number is None:
        return "the engine"
    return f"{names[number]} (person {number})" if number in names else f"person {number}"


def show_checked(output: Output, checked: "Checked") -> None:
    """Show whether a certificate is as it was signed."""
    number = checked.certificate.number
    if output.is_json:
        body = {"number": number, "is_sound": checked.is_sound, "problems": checked.problems}
        output.document("certificate-verify", body)
        return
    if checked.is_sound:
        output.text([f"{number}: as it was signed, and as the audit log knows it"])
    else:
        output.text([f"{number}: NOT SOUND", *(f"  - {text}" for text in checked.problems)])
    output.follow("audit verify")


def show_confirmed(
    output: Output, reference: str, rows: "Sequence[Confirmed]", *, people: "Mapping[int, Person]"
) -> None:
    """Show what everybody said of what they held."""
    if output.is_json:
        found = [_confirmed(one, people) for one in rows]
        output.document("certificate-peers", {"reference": reference, "confirmations": found})
        return
    output.table(PEERS_HEAD, [_cells(one, people) for one in rows])
    held = sum(1 for one in rows if one.holding.status == "held")
    summary = f"{count(len(rows), 'thing')}: {held} not confirmed."
    output.follow(f"tasks {reference}", summary=summary)


def _cells(one: "Confirmed", people: "Mapping[int, Person]") -> tuple[str, ...]:
    holding, by = one.holding, people.get(one.recorded_by or 0)
    return (
        people[holding.person].name,
        holding.what,
        holding.status,
        holding.method or one.evidence,
        short_day(holding.on),
        by.name if by else "",
        one.notice_id,
        "yes" if one.is_sampled else "",
    )


def _confirmed(one: "Confirmed", people: "Mapping[int, Person]") -> dict[str, Any]:
    holding, by = one.holding, people.get(one.recorded_by or 0)
    return {
        "person": people[holding.person].email,
        "what": holding.what,
        "medium": holding.medium,
        "status": holding.status,
        "method": holding.method,
        "on": holding.on,
        "evidence": one.evidence,
        "recorded_by": by.email if by else None,
        "recorded_at": one.recorded_at or None,
        "notice": one.notice_id or None,
        "is_sampled": one.is_sampled,
    }
