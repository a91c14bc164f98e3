"""Every notice of every shipped definition says what, by when and why, whatever it is given."""

import re
from dataclasses import replace
from functools import cache
from html import unescape

import pytest

from definitions import loader
from notifications.compose import Sender, compose
from notifications.delivery.digest import DIGEST
from notifications.facts import gather_facts
from notifications.links import Desk
from notifications.message import Mailbox, Message, UnsendableMessage, encode
from notifications.render import Renderer, look_into
from notifications.sandbox.folder import SHIPPED
from tests.unit.notifications.briefs import (
    CALL,
    CLIENT,
    EVENING,
    LATE,
    MANAGER,
    PEER,
    PROGRAMME,
    make_brief,
)
from workflow.model.definition import OWN_NOTICES, Definition
from workflow.model.lines import TaskLine
from workflow.store.briefs import LOG_HEAD, Brief

SENDER = Sender(mailbox=Mailbox(address="challenges@programme.example"))
RENDERER = Renderer()
DEFINITIONS: dict[str, Definition] = {
    name: loader.load(name).definition for name in loader.shipped()
}
NOTICES = sorted(
    {"general", *OWN_NOTICES, *(key for one in DEFINITIONS.values() for key in one.notices)}
)
TEMPLATES = sorted(path.name for path in SHIPPED.iterdir())
RECIPIENTS = [MANAGER, PROGRAMME, PEER, CLIENT]
BARE = replace(CALL, target_on=None, limit_on=None, limit_at=None, why="", source="")
IN_SUBJECTS = {
    "by", "challenges", "days_late", "due", "entry", "is_late", "late", "left_out", "lines",
    "several", "things", "title", "wanted",
}  # fmt: skip
LINES: dict[str, tuple[TaskLine, ...]] = {
    "one": (CALL,),
    "one of the recipient's own": (replace(CALL, assignees=(1, 2, 4, 9)),),
    "several": (CALL, LATE, EVENING, replace(CALL, key="call_peer:5", person=5)),
    "late": (LATE,),
    "no target": (EVENING,),
    "no limit": (replace(CALL, limit_on=None, limit_at=None),),
    "no dates": (BARE,),
    "none": (),
}


def realistic(notice: str) -> list[Brief]:
    """Return briefs of every kind for `notice`."""
    found = [
        make_brief(notice, *lines, recipient=recipient)
        for lines in LINES.values()
        for recipient in RECIPIENTS
    ]
    found += [make_brief(notice, CALL, about=PEER, has_dates=False, is_rehearsal=True)]
    found += [replace(make_brief(notice, CALL), people={}, client="", stage_title="")]
    return found


@cache
def said_by(notice: str) -> list[tuple[Brief, Message]]:
    """Return the briefs of every kind, each with its message."""
    return [(brief, compose(brief, RENDERER, sender=SENDER)) for brief in realistic(notice)]


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("notice", NOTICES)
def test_every_notice_says_what_by_when_and_why(notice: str) -> None:
    for brief, message in said_by(notice):
        text, html = flat(message.text), flat(unescape(re.sub(r"<[^>]+>", " ", message.html)))
        for line, fact in zip(brief.lines, gather_facts(brief, Desk())["lines"], strict=True):
            for said in (line.title, fact["by"], line.why.rstrip(".")):
                assert said in text
                assert said in html
    assert encode(message)


@pytest.mark.parametrize("notice", NOTICES)
def test_every_notice_is_plain_to_read(notice: str) -> None:
    for _, message in said_by(notice):
        text = flat(message.text)
        assert not re.search(r"\bNone\b|\{\{|\}\}|\{%| [.,;:]|\.\.|,,|://|\(\)", text), text
        assert not re.search(r"None|\{\{| [.,;:]|  ", message.subject), message.subject
        assert max(map(len, message.text.splitlines())) <= 90
        assert "\n\n\n" not in message.text


@pytest.mark.parametrize("notice", NOTICES)
def test_no_subject_names_anybody(notice: str) -> None:
    for _, message in said_by(notice):
        subject = message.subject
        assert subject.count("EAS-27: ") == 1
        for person in (*RECIPIENTS, PEER):
            assert not re.search("|".join([*person.name.split(), person.email]), subject)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if ".subject." in name])
def test_a_subject_asks_for_nothing_that_is_personal(name: str) -> None:
    """Subjects show on locked screens: a reference, a role, a day, a number, and no more."""
    text = (SHIPPED / name).read_text(encoding="utf-8")
    assert set(look_into(text, name=name).names) <= IN_SUBJECTS
    assert set(re.findall(r"\w\.(\w+)", text)) <= {"when", "is_new"}


@pytest.mark.parametrize("name", [name for name in TEMPLATES if "frame" not in name])
def test_a_template_asks_for_facts_that_every_message_has(name: str) -> None:
    text = (SHIPPED / name).read_text(encoding="utf-8")
    told = {*gather_facts(make_brief(), Desk()), "several"}
    told |= IN_SUBJECTS if name.startswith(DIGEST) else set()
    assert set(look_into(text, name=name).names) <= told


@pytest.mark.parametrize("notice", NOTICES)
def test_no_message_says_what_was_found_or_written_down(notice: str) -> None:
    """What people write about a task may name somebody who spoke in confidence."""
    told = "Pat Interviewee says that the ward is unsafe"
    line = replace(CALL, evidence=told, reason=told, clock_note=told)
    for recipient in RECIPIENTS:
        message = compose(make_brief(notice, line, recipient=recipient), RENDERER, sender=SENDER)
        for part in (message.subject, message.text, message.html):
            assert "Interviewee" not in part
            assert "unsafe" not in part


def test_every_notice_of_the_local_system_challenge_has_words_of_its_own() -> None:
    notices = DEFINITIONS["local_system_peer_challenge"].notices
    assert [key for key in notices if not RENDERER.has_words_for(key)] == []


def test_every_template_belongs_to_a_notice() -> None:
    """A template that no notice uses is a notice that was renamed; two are about no challenge."""
    names = {name.split(".")[0] for name in TEMPLATES} - {"frame", DIGEST, LOG_HEAD}
    assert names - set(NOTICES) == set()


@pytest.mark.parametrize("kind", ["subject.txt", "text.txt"])
def test_a_notice_with_words_has_a_subject_and_the_reverse(kind: str) -> None:
    names = {name.split(".")[0] for name in TEMPLATES} - {"frame"}
    assert [name for name in names if f"{name}.{kind}" not in TEMPLATES] == []


def test_a_subject_with_a_name_would_be_seen() -> None:
    """The control: the pattern of the test above finds a name that slips into a subject."""
    assert re.search("|".join(PEER.name.split()), f"EAS-27: please call {PEER.name}")


def test_a_template_that_asks_for_what_no_brief_has_would_be_seen() -> None:
    """The control: nothing is filled in silently."""
    facts = gather_facts(make_brief("reminder", CALL), Desk())
    del facts["the_visit"]
    with pytest.raises(UnsendableMessage, match="'the_visit' is undefined"):
        RENDERER.render("invitation", facts)
