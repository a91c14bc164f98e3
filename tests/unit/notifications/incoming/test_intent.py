"""What short answers propose: a reservation of any kind is never "done"."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.incoming.intent import MOST_WORDS, UNCLEAR, Intent, intent_of

ON = date(2027, 3, 10)  # a Wednesday
DONE_SHREDDING = [
    ("done", None),
    ("Done.", None),
    ("DONE!!!", None),
    ("Hi Jane,\n\nDone.\n\nThanks\nJo", None),
    ("Yes, done", None),
    ("Yes - all done, no problem at all", None),
    ("I have destroyed my notes", None),
    ("I\u2019ve destroyed all my notes.", None),
    ("I confirm that my notes have been destroyed.", None),
    ("I can confirm that I have shredded all papers and deleted the files", None),
    ("I can confirm secure destruction of my notes", None),
    ("all shredded yesterday", date(2027, 3, 9)),
    ("completed on 3 March", date(2027, 3, 3)),
    ("Completed 3rd March 2027", date(2027, 3, 3)),
    ("Destroyed on March 3", date(2027, 3, 3)),
    ("notes shredded 2027-03-05", date(2027, 3, 5)),
    ("Notes destroyed 05/03/2027.", date(2027, 3, 5)),
    ("Wiped and shredded on 31 December", date(2026, 12, 31)),
    ("shredded on Monday", date(2027, 3, 8)),
    ("Shredded last Wednesday", date(2027, 3, 3)),
    ("I deleted everything two days ago", date(2027, 3, 8)),
    ("Everything was burnt this morning", date(2027, 3, 10)),
    ("Papers shredded on Monday, files wiped on Tuesday", None),
    ("As requested, I have disposed of all documents.", None),
    ("Sorry for the delay, all copies of my notes are destroyed", None),
    ("Done. Let me know if you need anything else.", None),
    ("Done. Please do not hesitate to contact me.", None),
    ("Dear Jane, all done. If you have any questions let me know.", None),
    ("I hope you are well. All notes shredded. I look forward to the next visit.", None),
    ("Confirmed.", None),
    ("Yes, confirmed", None),
    ("My notes were securely shredded on 1 May", date(2026, 5, 1)),
]
DONE_OTHERWISE = [
    ("Done", None),
    ("Sent yesterday", date(2027, 3, 9)),
    ("I have uploaded it", None),
    ("The form is signed", None),
    ("Completed today", ON),
    ("It is complete", None),
]
NEVER_DONE = [
    "not yet",
    "not done",
    "Not done yet.",
    "I haven't destroyed my notes",
    "I havent destroyed them",
    "I have not shredded anything",
    "I've never destroyed notes",
    "Done, except the laptop",
    "All destroyed apart from one notebook",
    "all but the laptop copy destroyed",
    "Everything shredded, but I still have the files",
    "I still have my notes",
    "Destroyed everything other than the slides",
    "All shredded bar the diary",
    "All deleted, excluding e-mail",
    "Everything is done save for the notebook",
    "I will destroy my notes tomorrow",
    "I'll get it done",
    "will be shredded on Friday",
    "Going to be done soon",
    "To be done next week",
    "Almost done",
    "Nearly all shredded",
    "Mostly destroyed",
    "Half done",
    "2 of 3 notebooks destroyed",
    "2/3 done",
    "90% done",
    "Partly done",
    "Done?",
    "Do you mean the notes are to be destroyed?",
    "How is this done",
    "When it is done I shall tell you",
    "Have you destroyed yours? I have destroyed mine",
    "I think it is done",
    "It should be done",
    "Probably shredded",
    "I hope to have it done by Friday",
    "I plan to have my notes shredded",
    "I am having them shredded",
    "They are being destroyed",
    "Ready to be shredded",
    "I tried and it could not be done",
    "I failed to get it done",
    "Well done on the report!",
    "Easier said than done",
    "I am done with this",
    "Done my best",
    "Jane has destroyed the notes",
    "My colleague destroyed the notes",
    "She shredded the notes",
    "I kept a backup, notes destroyed",
    "Files deleted, the backup remains",
    "Destroyed on 3 June 2027",
    "Destroyed this Friday",
    "Undone",
    "Abandoned",
    "Thanks",
    "Noted, thank you",
    "ok",
    "Yes",
    "",
    "   \n ",
    "I have to get this done",
    "Please get it done",
    "Destroyed only the paper",
    "Once destroyed I will write again",
    "Never mind, it was deleted. No it was not.",
    "Hi, I have not done this",
    "Hi Jane not yet done, files deleted",
    "Done, let me know if you need more but I still have the laptop",
    "Done. Let me know if there is more, I haven't wiped the laptop",
    "Done. I hope you are well and not cross that the diary is here",
    "Done. I look forward to shredding the rest",
    "Done in a week",
    "Done by the end of the month",
    "Done this week",
    "I deleted this e-mail by mistake",
    "Deleted the message unread",
    "I destroyed Jane's notes",
    "First batch shredded",
    "The majority destroyed",
    "As good as done",
    "Consider it done",
    "I ought to have destroyed them",
    "I have yet to get it shredded",
    "I have received the request and shall act on it in due course",
    "Done " + "and so on " * MOST_WORDS,
]
CANNOT = [
    "I cannot",
    "I can't do this",
    "Sorry, I am unable to do that",
    "I won't be able to",
    "I will not be able to do this, I am ill",
    "That is not possible",
    "I'm afraid I have to decline",
    "I couldn't get hold of them",
    "We are not able to deliver this",
]
ANOTHER_TIME = [
    ("could we do Tuesday 4pm instead", date(2027, 3, 16), time(16)),
    ("Could we do Tuesday at 16:30 instead?", date(2027, 3, 16), time(16, 30)),
    ("How about 18 March at noon?", date(2027, 3, 18), time(12)),
    ("Please can we reschedule?", None, None),
    ("Can I have an extension?", None, None),
    ("I need more time", None, None),
    ("I can't do Tuesday. Could we do Thursday at 10am?", None, None),
    ("Another day would be better", None, None),
    ("I would prefer Monday", date(2027, 3, 15), None),
    ("Could we move it to 2027-03-19?", date(2027, 3, 19), None),
    ("Can we talk next week?", None, None),
    ("Would it be possible in the afternoon?", None, None),
    ("May I send it until Friday or Monday", None, None),
]
UNCLEAR_ONES = [
    "I can't wait to see you all",
    "I cannot open the link",
    "I couldn't access the page",
    "Can you send me the form?",
    "What is this about?",
    "See attached",
    "I cannot thank you enough",
]


@pytest.mark.parametrize(("said", "on"), DONE_SHREDDING)
def test_what_says_that_all_is_destroyed_is_done(said: str, on: date | None) -> None:
    assert intent_of(said, destroys=True, on=ON) == Intent(kind="done", on=on)


@pytest.mark.parametrize(("said", "on"), DONE_OTHERWISE)
def test_what_says_that_a_task_is_done_is_done(said: str, on: date | None) -> None:
    assert intent_of(said, destroys=False, on=ON) == Intent(kind="done", on=on)


@pytest.mark.parametrize("said", NEVER_DONE)
@pytest.mark.parametrize("destroys", [True, False])
def test_what_has_a_reservation_is_never_done(said: str, *, destroys: bool) -> None:
    assert intent_of(said, destroys=destroys, on=ON).kind != "done"


@pytest.mark.parametrize("said", CANNOT)
def test_who_cannot_says_so(said: str) -> None:
    assert intent_of(said, destroys=True, on=ON) == Intent(kind="cannot")


@pytest.mark.parametrize(("said", "on", "at"), ANOTHER_TIME)
def test_who_asks_for_another_time_may_name_one(
    said: str, on: date | None, at: time | None
) -> None:
    expected = Intent(kind="another_time", on=on, at=at)
    assert intent_of(said, destroys=False, on=ON) == expected


@pytest.mark.parametrize("said", UNCLEAR_ONES)
def test_everything_else_is_for_a_person_to_read(said: str) -> None:
    assert intent_of(said, destroys=False, on=ON) == UNCLEAR


@pytest.mark.parametrize("said", ["I have sent it", "Form signed", "Uploaded"])
def test_to_destroy_is_not_to_send_and_not_the_other_way_round(said: str) -> None:
    assert intent_of(said, destroys=True, on=ON).kind == "unclear"
    assert intent_of("all shredded", destroys=False, on=ON).kind == "unclear"


def test_the_table_is_long_enough() -> None:
    tables = (DONE_SHREDDING, DONE_OTHERWISE, NEVER_DONE, CANNOT, ANOTHER_TIME, UNCLEAR_ONES)
    assert sum(len(table) for table in tables) >= 80


@given(
    said=st.sampled_from([said for said, _ in DONE_SHREDDING]),
    reservation=st.sampled_from(["not yet", "except the laptop", "tomorrow", "or is it?"]),
    is_first=st.booleans(),
)
def test_a_reservation_before_or_after_takes_it_back(
    said: str, reservation: str, *, is_first: bool
) -> None:
    both = f"{reservation}. {said}" if is_first else f"{said} {reservation}"
    assert intent_of(both, destroys=True, on=ON).kind != "done"


@given(said=st.text(max_size=2_000), destroys=st.booleans(), on=st.dates())
def test_any_text_on_any_day_has_an_intent(said: str, *, destroys: bool, on: date) -> None:
    intent = intent_of(said, destroys=destroys, on=on)
    if intent.kind == "done" and intent.on is not None:
        assert intent.on <= on
        assert on - intent.on < timedelta(days=5 * 366) or intent.on.year < on.year
