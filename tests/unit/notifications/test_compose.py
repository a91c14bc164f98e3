"""A brief becomes a message that says what, by when and why, and that is the same at each retry."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from uuid import UUID, uuid5

import pytest

from notifications.compose import Sender, compose, message_id_of
from notifications.message import Mailbox, Message, UnsendableMessage, encode
from notifications.render import Renderer
from tests.unit.notifications.briefs import (
    AT,
    CALL,
    CLIENT,
    EVENING,
    LATE,
    MANAGER,
    PEER,
    PROGRAMME,
    make_brief,
)
from workflow.model.people import Person
from workflow.model.standing import Standing
from workflow.store.briefs import Brief
from workflow.store.queries import ListRow

THREAD = "dbeb8557333f55d2b9d4862234087f6e"
SENDER = Sender(mailbox=Mailbox(address="challenges@programme.example", name="Peer challenges"))
RENDERER = Renderer()


def composed(brief: Brief, sender: Sender = SENDER) -> Message:
    return compose(brief, RENDERER, sender=sender)


def words_of(html: str) -> str:
    """Return the words of HTML, one space apart."""
    seen = re.sub(r'(?s)<head>.*?</head>|<div class="peek".*?</div>', " ", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", seen)).split())


def test_a_message_reads_as_people_write() -> None:
    message = composed(make_brief("call_reminder", CALL))
    assert message.subject == "EAS-27: please call a peer by Tuesday 9 March"
    assert message.text == (
        "You have not yet recorded a call to one peer. The visit to Eastvale system is\n"
        "from Tuesday 16 to Friday 19 March 2027.\n"
        "\n"
        "What the call is for: the timetable, questions, first impressions. Please call\n"
        "by Tuesday 9 March 2027 and record it, or say why it cannot be made.\n"
        "\n"
        "    Call Amina Peerfour before the visit\n"
        "    By Tuesday 9 March 2027; at the latest by Monday 15 March 2027.\n"
        "    Why this date: a week before the first day on site, Tuesday 16 March 2027\n"
        "    (house policy).\n"
        "    To record it:\n"
        "        peer-challenge done EAS-27 call_peer --for 4\n"
        "\n"
        "Questions: Programme Two, programme.two@programme.example\n"
        "\n"
        "--\n"
        "EAS-27 · Eastvale system · Pre on-site\n"
    )


@pytest.mark.parametrize("key", ["", "EAS-27/call_reminder/1/1", "Ŵyn"])
def test_message_ids_are_those_of_the_standard(key: str) -> None:
    namespace = UUID("6f2f2a0e-6a4c-5d0b-9a5e-0f6d5b1f7c11")
    assert message_id_of(key, SENDER) == f"<{uuid5(namespace, key).hex}@programme.example>"


def test_message_id_and_date_outlive_retries_even_when_the_facts_move() -> None:
    brief = make_brief("call_reminder", CALL)
    moved = replace(brief, lines=(replace(CALL, target_on=date(2027, 3, 10)),))
    first, second = composed(brief), composed(moved)
    assert first.text != second.text
    assert (
        (first.message_id, first.date)
        == (second.message_id, second.date)
        == (
            first.message_id,
            AT,
        )
    )
    assert re.fullmatch(r"<[0-9a-f]{32}@programme\.example>", first.message_id)
    assert encode(first) == encode(composed(brief))


def test_another_message_has_another_message_id() -> None:
    brief = make_brief("call_reminder", CALL)
    other = replace(brief, message_key="EAS-27/call_reminder/2/1")
    assert composed(brief).message_id != composed(other).message_id


def test_programs_are_told_that_a_program_wrote_it() -> None:
    assert composed(make_brief("reminder", CALL)).headers == (
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("List-Id", "<eas-27.peer-challenge.programme.example>"),
        ("In-Reply-To", f"<{THREAD}@programme.example>"),
        ("References", f"<{THREAD}@programme.example>"),
    )


def test_a_rehearsal_says_so_in_subject_text_and_html() -> None:
    message = composed(make_brief("reminder", CALL, is_rehearsal=True))
    assert message.subject.startswith("REHEARSAL EAS-27: ")
    assert message.text.startswith("REHEARSAL: ")
    assert "REHEARSAL:" in message.html
    assert "REHEARSAL" not in composed(make_brief("reminder", CALL)).text


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [(PEER, MANAGER), (CLIENT, MANAGER), (MANAGER, PROGRAMME), (PROGRAMME, MANAGER)],
)
def test_answers_go_to_the_manager_who_is_somebody_else(
    recipient: Person, expected: Person
) -> None:
    message = composed(make_brief("reminder", CALL, recipient=recipient))
    assert message.reply_to == Mailbox(address=expected.email, name=expected.name)
    assert f"Questions: {expected.name}, {expected.email}" in message.text


def test_answers_go_to_the_configured_address_where_there_is_one() -> None:
    desk = Mailbox(address="desk@programme.example")
    assert composed(make_brief("reminder", CALL), replace(SENDER, reply_to=desk)).reply_to == desk


def test_without_any_manager_answers_go_to_the_sender() -> None:
    brief = replace(make_brief("invitation", recipient=PEER), people={})
    message = composed(brief)
    assert message.reply_to == SENDER.mailbox
    assert "Questions:" not in message.text


def test_those_who_record_are_told_what_to_type_and_others_to_answer() -> None:
    peer_task = replace(CALL, person=4, assignees=(4,))
    to_manager = composed(make_brief("reminder", peer_task, recipient=MANAGER, about=PEER)).text
    to_peer = composed(make_brief("reminder", peer_task, recipient=PEER)).text
    assert "peer-challenge done EAS-27 call_peer --for peer.four@example.test" in to_manager
    assert "How to reach: Amina Peerfour, peer.four@example.test, 01632 960001" in to_manager
    assert "peer-challenge" not in to_peer
    assert "When it is done, answer this message and say so: Manager One records" in to_peer


def test_an_administrator_is_told_what_to_type() -> None:
    chief = replace(PEER, is_administrator=True)
    text = composed(make_brief("reminder", LATE, recipient=chief)).text
    assert "        peer-challenge done EAS-27 timetable\n" in text


def test_who_does_it_is_said_to_those_who_do_not() -> None:
    assert "With: Manager One" in composed(make_brief("reminder", EVENING, recipient=PEER)).text
    assert "With:" not in composed(make_brief("reminder", EVENING, recipient=MANAGER)).text


TAKEN_ON = replace(CALL, person=4, assignees=(1,))
SIGNED = replace(LATE, assignees=(9,))
AGREED = replace(LATE, key="report_agreed", assignees=(1,))


@pytest.mark.parametrize(
    ("notice", "recipient", "expected"),
    [
        ("invitation_chaser", PEER, "We have not heard from you"),
        ("invitation_chaser", MANAGER, "A peer has not answered"),
        ("sign_off_chaser", CLIENT, "waits for your agreement"),
        ("sign_off_chaser", MANAGER, "waits for the client's agreement"),
        ("sign_off_chaser", PROGRAMME, "waits for the client's agreement"),
    ],
)
def test_a_chaser_speaks_to_whom_it_asks_and_of_them_to_the_managers(
    notice: str, recipient: Person, expected: str
) -> None:
    lines = (TAKEN_ON,) if notice == "invitation_chaser" else (AGREED, SIGNED)
    text = composed(make_brief(notice, *lines, recipient=recipient)).text
    assert expected in " ".join(text.split())


def test_a_digest_lists_the_challenges_with_what_comes_next() -> None:
    row = ListRow(
        reference="EAS-27",
        title="Peer challenge of Eastvale",
        client="Eastvale system",
        definition="local_system_peer_challenge",
        definition_version="1.0",
        stage="pre_on_site",
        stage_title="Pre on-site",
        is_final=False,
        is_paused=False,
        standing=Standing.LATE,
        next_key="timetable",
        next_title="Timetable from the client",
        next_target_on=None,
        next_limit_on=date(2027, 3, 2),
        late=2,
        open=9,
        challenge_manager=None,
    )
    quiet = row._replace(reference="WES-27", client="Westmere system", late=0, next_title="")
    brief = replace(make_brief("weekly_digest"), portfolio=(row, quiet), reference="")
    message = composed(brief)
    assert message.subject == "your week"
    assert message.headers[-1] == ("List-Id", "<programme.peer-challenge.programme.example>")
    assert (
        "2 challenges run at present. What is late stands first.\n"
        "\n"
        "- EAS-27, Eastvale system: Pre on-site; 2 late; next Timetable from the\n"
        "  client, Tuesday 2 March 2027\n"
        "- WES-27, Westmere system: Pre on-site\n"
    ) in message.text
    assert "<li>WES-27, Westmere system: Pre on-site</li>" in message.html


@pytest.mark.parametrize(
    ("target", "limit", "hour", "expected"),
    [
        ("2027-03-09", "2027-03-15", None, "By Tuesday 9 March 2027; at the latest by Monday 15"),
        ("2027-03-09", "2027-03-09", None, "By Tuesday 9 March 2027, at the latest."),
        ("2027-03-02", "2027-03-15", None, "By Tuesday 2 March 2027; at the latest by Monday 15"),
        ("2027-03-01", "2027-03-15", None, "at the latest; it was planned for Monday 1 March 2027"),
        ("2027-03-09", None, None, "By Tuesday 9 March 2027."),
        (None, "2027-03-15", None, "By Monday 15 March 2027, at the latest."),
        (None, "2027-03-15", 19, "By 7pm on Monday 15 March 2027, at the latest."),
        (None, "2027-03-02", 8, "It was due by 8am on Tuesday 2 March 2027."),
        (None, "2027-03-02", 10, "By 10am on Tuesday 2 March 2027, at the latest."),
        (None, "2027-03-01", None, "It was due by Monday 1 March 2027."),
        (None, "2027-03-02", None, "By Tuesday 2 March 2027, at the latest."),
        (None, None, None, "No day is set for it."),
    ],
)
def test_by_when_is_said_in_one_sentence(
    target: str | None, limit: str | None, hour: int | None, expected: str
) -> None:
    limit_on = date.fromisoformat(limit) if limit else None
    line = replace(
        CALL,
        target_on=date.fromisoformat(target) if target else None,
        limit_on=limit_on,
        limit_at=AT.replace(day=limit_on.day, hour=hour) if limit_on and hour else None,
    )
    said = " ".join(composed(make_brief("reminder", line)).text.split())
    assert expected in said


def test_what_is_late_is_counted_in_days() -> None:
    message = composed(make_brief("draft_late", LATE))
    assert message.subject == "EAS-27: the draft report is late, due Friday 26 February"
    assert "it was 4 days ago" in " ".join(message.text.split())


@pytest.mark.parametrize(("days", "expected"), [(0, "today"), (1, "tomorrow"), (14, "14 days")])
def test_the_countdown_counts_from_the_day_of_the_notice(days: int, expected: str) -> None:
    line = replace(EVENING, limit_at=None, limit_on=(AT + timedelta(days=days)).date())
    text = composed(make_brief("draft_countdown", line)).text
    assert expected in " ".join(text.split())


def test_html_and_text_say_the_same() -> None:
    brief = make_brief("overdue", LATE, EVENING, recipient=PROGRAMME)
    message = composed(brief)
    text = " ".join(message.text.replace("\n--\n", " ").split())
    assert words_of(message.html) == text


def test_names_are_escaped_in_html_and_harmless_in_headers() -> None:
    peer = replace(PEER, name='<b>"Amina"\r\nBcc: victim@example.test')
    line = replace(CALL, title="Call <b>Amina & Co</b>")
    message = composed(make_brief("reminder", line, recipient=peer))
    assert "Call &lt;b&gt;Amina &amp; Co&lt;/b&gt;" in message.html
    assert message.to.name == '<b>"Amina" Bcc: victim@example.test'
    assert b"\r\nBcc" not in encode(message)


def test_an_address_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(UnsendableMessage, match="not an address"):
        composed(make_brief("reminder", CALL, recipient=replace(PEER, email="a b@example.test")))


def test_dates_that_have_happened_are_not_spread() -> None:
    """An incident's date is a date too: only planned ones stand in a general message."""
    text = composed(make_brief("strange_notice", recipient=PEER)).text
    assert "First day on site: Tuesday 16 March 2027" in text
    assert "lost" not in text
