"""An exported log: whoever tampers before the last anchor is found out, and where is said."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests import ledgers
from tests.ledgers import KEY, Step, steps
from workflow.auditing.exported import Exported, verify_lines
from workflow.model.errors import InvalidInput
from workflow.model.log.merkle import leaf_hash

COUNT, ANCHORED = 72, (16, 32, 48, 64)
DONE = steps(COUNT)
HONEST = ledgers.write(DONE, anchored=ANCHORED)
PLACES = range(ANCHORED[-1])


def check(lines: list[str], anchors: list[str] | None = None) -> Exported:
    """Return what is said of a log, by the anchors of the honest one."""
    return verify_lines(lines, HONEST.anchors if anchors is None else anchors)


def moved(done: list[Step], place: int) -> list[Step]:
    return [*done[:place], done[place + 1], done[place], *done[place + 2 :]]


TAMPERING: dict[str, Callable[[list[Step], int], list[Step]]] = {
    "edit": lambda done, at: [*done[:at], ledgers.edited(done[at]), *done[at + 1 :]],
    "delete": lambda done, at: [*done[:at], *done[at + 1 :]],
    "insert": lambda done, at: [*done[:at], Step(at % 3, at, ("made up",)), *done[at:]],
    "swap": moved,
    "truncate": lambda done, at: done[:at],
    "rewrite all": lambda done, at: [*done[:at], *map(ledgers.edited, done[at:])],
    "backdate": lambda done, at: [*done[:at], ledgers.backdated(done[at]), *done[at + 1 :]],
    "duplicate": lambda done, at: [*done[:at], done[max(at - 1, 0)], *done[at:]],
}
LINES: dict[str, Callable[[list[str], int], list[str]]] = {
    "edit": lambda lines, n: [*lines[:n], lines[n].replace("Complete", "Waive"), *lines[n + 1 :]],
    "delete": lambda lines, n: [*lines[:n], *lines[n + 1 :]],
    "insert": lambda lines, n: [*lines[:n], lines[n + 1], *lines[n:]],
    "swap": lambda lines, n: [*lines[:n], lines[n + 1], lines[n], *lines[n + 2 :]],
    "truncate": lambda lines, n: lines[:n],
    "an event": lambda lines, n: [*lines[:n], lines[n].replace("says", "said"), *lines[n + 1 :]],
    "backdate": lambda lines, n: [*lines[:n], lines[n].replace("2027", "2026"), *lines[n + 1 :]],
    "duplicate": lambda lines, n: [*lines[: n + 1], *lines[n:]],
}


def test_an_honest_log_is_intact() -> None:
    found = check(HONEST.lines)
    assert found == Exported(is_intact=True, entries=COUNT, events=108, anchors=4, covered=64)


@pytest.mark.parametrize("kind", LINES)
def test_a_line_that_was_tampered_with_is_named(kind: str) -> None:
    for place in PLACES:
        number = place + 2  # the first line says what the file is
        lines = LINES[kind](HONEST.lines, number - 1)
        found = check(lines)
        said = found.first_bad or ""
        later = number + 1 if kind == "duplicate" else number
        assert said.startswith(f"line {later}: "), (place, said)


@pytest.mark.parametrize("kind", TAMPERING)
def test_who_has_the_key_and_writes_everything_anew_is_found_out_by_the_anchors(kind: str) -> None:
    """With the test above, 1,024 places: each is noticed, and where it begins is told."""
    for place in PLACES:
        changed = TAMPERING[kind](DONE, place)
        found = check(ledgers.write(changed).lines)
        said = found.first_bad or ""
        assert not found.is_intact
        if kind == "truncate":
            assert "its end is cut off" in said
            continue
        lines = re.match(r"lines? (\d+)(?: to (\d+))?: ", said)
        assert lines, said
        assert int(lines[1]) <= place + 2 <= int(lines[2] or lines[1])


def test_a_log_without_an_anchor_hides_what_was_cut_off_and_signed_again() -> None:
    """The control: this is why anchors have to lie outside."""
    shorter = ledgers.write(DONE[:50])
    assert check(shorter.lines, anchors=[]).is_intact
    late = [*DONE[: ANCHORED[-1]], *map(ledgers.edited, DONE[ANCHORED[-1] :])]
    assert check(ledgers.write(late).lines) == check(HONEST.lines)


def test_a_log_that_another_key_has_signed_is_not_the_one_that_was_anchored() -> None:
    forged = ledgers.write(DONE, signer=Ed25519PrivateKey.from_private_bytes(b"\x08" * 32))
    found = check(forged.lines)
    assert "anchor 1: the checkpoint is of another log" in (found.first_bad or "")
    found = verify_lines(forged.lines, key=str(KEY))
    assert "the checkpoint is of another log" in (found.first_bad or "")


def changed_line(number: int, **facts: object) -> list[str]:
    line = json.loads(HONEST.lines[number - 1]) | facts
    return [*HONEST.lines[: number - 1], json.dumps(line), *HONEST.lines[number:]]


def without_challenge(number: int) -> list[str]:
    entry = json.loads(json.loads(HONEST.lines[number - 1])["entry"])
    entry["challenge"] = {"id": 1}
    text = json.dumps(entry)
    return changed_line(number, entry=text, leaf=leaf_hash(text.encode()).hex())


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([], "line 1: the file ends here: lines are missing"),
        (["nonsense"], "line 1: this is not a JSON object"),
        (["[]"], "line 1: this is not a JSON object"),
        (["[" * 100_000], "line 1: this is not a JSON object"),
        (["{}"], 'line 1: this is not an exported log ("peer-challenge/log/1")'),
        (changed_line(1, size="many"), "line 1: the first line does not say how many entries"),
        (changed_line(1, key="x"), 'line 1: "x" is not a verifier key (NAME+HASH+KEY)'),
        (changed_line(5, position=4), "line 5: position 3 is missing (found 4)"),
        (changed_line(5, leaf=None), "line 5: an entry has a leaf, a text and a list of events"),
        (changed_line(5, leaf="00"), "line 5: the entry is not what it was when it was written"),
        (changed_line(5, events=[]), "line 5: it speaks for events 2 to 3, but there are 0"),
        (changed_line(6, events=["x"]), "line 6: events 3 to 3 are not what they were"),
        (without_challenge(6), "line 6: the entry cannot be read: KeyError('previous')"),
        (changed_line(74, checkpoint="x"), "line 74: this is not a checkpoint"),
        ([*HONEST.lines, ""], "line 75: there is something after the checkpoint"),
        (changed_line(1, size=71), "line 73: this is not a checkpoint"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(lines: list[str], text: str) -> None:
    assert text in (check(lines).first_bad or "")


def test_events_may_be_missing_only_where_the_log_says_that_they_were_destroyed() -> None:
    gone = changed_line(5, events=None)
    said = "events of C-0 are missing, and nothing says that they were destroyed"
    assert said in (check(gone).first_bad or "")
    told = [*DONE, replace(DONE[0], minute=80, detail={"destroyed": "C-0"})]
    ledger = ledgers.write(told, anchored=ANCHORED)
    lines = [ledger.lines[0], *map(without_events, ledger.lines[1:-1]), ledger.lines[-1]]
    found = verify_lines(lines, ledger.anchors)
    assert found.first_bad is None
    assert found.destroyed == ("C-0",)


def without_events(line: str) -> str:
    return json.dumps(json.loads(line) | ({"events": None} if "C-0" in line else {}))


def test_an_anchor_that_is_none_is_told() -> None:
    assert "anchor 1: this is not a checkpoint" in (check(HONEST.lines, ["x"]).first_bad or "")
    other = ledgers.write(list(map(ledgers.edited, DONE)), anchored=(16,)).anchors
    said = check(HONEST.lines, [*HONEST.anchors, *other]).first_bad or ""
    assert "anchor 5: two different logs of 16 entries" in said


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput, match='"nobody" is not a verifier key'):
        verify_lines(HONEST.lines, key="nobody")
    damaged = str(KEY).replace("+", "+0", 1)
    with pytest.raises(InvalidInput, match="is damaged: its hash is another"):
        verify_lines(HONEST.lines, key=damaged)
