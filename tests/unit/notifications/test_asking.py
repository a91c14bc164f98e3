"""How a message asks for answers: links, addresses to reply to, one conversation, calendars."""

import re
from dataclasses import replace
from datetime import date

from notifications.compose import Sender, compose
from notifications.links import Desk
from notifications.message import Mailbox, Message, encode
from notifications.render import Renderer
from tests.unit.notifications.briefs import CALL, CLIENT, LATE, MANAGER, PEER, PROGRAMME, make_brief
from workflow.model.people import Person
from workflow.store.briefs import Brief
from workflow.tokens import Keys

ENTRY = {
    "key": "evening",
    "title": "Evening meeting of the team",
    "starts_at": "2027-03-15T19:00:00+00:00",
    "ends_at": "2027-03-15T22:00:00+00:00",
    "is_busy": True,
    "uid": "1@peer-challenge",
    "sequence": 0,
    "method": "REQUEST",
    "kind": "new",
}
RENDERER = Renderer()
SENDER = Sender(mailbox=Mailbox(address="challenges@programme.example", name="Peer challenges"))
WITH_DESK = replace(
    SENDER,
    desk=Desk(
        keys=Keys(("k" * 32,)),
        base_url="https://challenges.example",
        mailbox="office@programme.example",
    ),
)


def composed(brief: Brief, sender: Sender = SENDER) -> Message:
    return compose(brief, RENDERER, sender=sender)


def test_all_messages_of_a_challenge_to_a_person_are_one_conversation() -> None:
    def thread(*, notice: str, recipient: Person, reference: str = "EAS-27") -> str:
        brief = replace(make_brief(notice, CALL, recipient=recipient), reference=reference)
        return dict(composed(brief).headers)["References"]

    first = thread(notice="reminder", recipient=MANAGER)
    assert thread(notice="overdue", recipient=MANAGER) == first
    assert thread(notice="reminder", recipient=PEER) != first
    assert thread(notice="reminder", recipient=MANAGER, reference="WES-27") != first
    weekly = replace(make_brief("weekly_digest", has_dates=False), reference="")
    assert "References" not in dict(composed(weekly).headers)


def test_with_a_desk_every_task_has_a_link_and_answers_have_an_address_of_their_own() -> None:
    message = composed(make_brief("reminder", CALL, LATE, recipient=CLIENT), WITH_DESK)
    assert message.text.count("https://challenges.example/a/") == 1  # the call is not theirs
    assert message.html.count("https://challenges.example/a/") >= 1
    assert "Or simply answer this message: what you say is read and recorded." in message.text
    tag, there = r"7-[0-9a-f]{8}\.[a-z2-7]{16}", r"@programme\.example"
    assert re.fullmatch(rf"office\+r{tag}{there}", message.reply_to.address)
    assert re.fullmatch(rf"office\+b{tag}{there}", message.return_path)
    assert encode(message) == encode(
        composed(make_brief("reminder", CALL, LATE, recipient=CLIENT), WITH_DESK)
    )


def test_whom_a_task_is_about_is_asked_for_an_answer_and_who_does_it_for_the_deed() -> None:
    peer = composed(make_brief("call_invitation", CALL, recipient=PEER), WITH_DESK)
    assert "Answer: yes, no, or another time:" in peer.text
    manager = composed(make_brief("call_reminder", CALL), WITH_DESK)
    assert "Say that it is done, or that it cannot be:" in manager.text


def test_what_is_done_has_no_link_any_more() -> None:
    done = replace(LATE, status="done")
    assert "/a/" not in composed(make_brief("draft_issued", done, recipient=CLIENT), WITH_DESK).text


def test_who_reads_an_answer_gets_a_link_to_it_and_nothing_of_what_was_said() -> None:
    brief = make_brief("answer_given", CALL, about=PEER)
    message = composed(brief, WITH_DESK)
    assert "Read the answer, and accept or decline it" in message.text
    assert "Amina Peerfour has answered" in message.text


def test_a_stand_in_gets_the_message_and_is_told_for_whom() -> None:
    brief = replace(
        make_brief("reminder", LATE, recipient=CLIENT),
        stand_in=PROGRAMME,
        away_until=date(2027, 3, 5),
    )
    message = composed(brief)
    assert message.to == Mailbox(address=PROGRAMME.email, name=PROGRAMME.name)
    assert "Client Nine" in message.text
    assert "Friday 5 March 2027" in message.text


def test_an_entry_for_a_calendar_travels_with_its_message() -> None:
    brief = replace(make_brief("calendar_entry"), calendar=ENTRY, is_ladder=False)
    message = composed(brief)
    assert message.calendar is not None
    assert message.calendar.method == "REQUEST"
    assert "DTSTART:20270315T190000Z" in message.calendar.content
    assert "7pm on Monday 15 March 2027, until 10pm" in message.text
