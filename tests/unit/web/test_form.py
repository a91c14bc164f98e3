"""What was typed becomes an answer, or a list of what is wrong with it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.unit.web.desk import MANAGED, NOTES, NOW, PLAN, asked, questions
from web.form import AnotherTime, Answer, Cannot, Done, Problem, Settled, Typed, read
from workflow.answering.questions import Question
from workflow.model.records.events import Confirmation

TODAY = {"done-day": "9", "done-month": "3", "done-year": "2027"}
CALL = asked(can_propose_time=True)
DESTRUCTION, EVIDENCE, WAITING = (questions()[link] for link in (NOTES, PLAN, MANAGED))
ALL = ("notebook", "laptop_files", "e-mails")
HOW = {"how_1": "shredded", "how_2": "wiped", "how_3": "deleted", "when_3": "8 March 2027"}
MEDIA = (
    Confirmation(medium="notebook", method="shredded", on=date(2027, 3, 9)),
    Confirmation(medium="laptop_files", method="wiped", on=date(2027, 3, 9)),
    Confirmation(medium="e-mails", method="deleted", on=date(2027, 3, 8)),
)


def typed(what: str, **fields: "str | tuple[str, ...]") -> Typed:
    """Return a form; names may have _ for -."""
    named = {"what": what, **{name.replace("_", "-"): value for name, value in fields.items()}}
    return Typed.of(
        (name, value)
        for name, values in named.items()
        for value in ((values,) if isinstance(values, str) else values)
    )


def done(question: Question = CALL, **fields: "str | tuple[str, ...]") -> Answer | None:
    """Return what a form says that tells of a task that was done, today if no day is typed."""
    answer, problems = read(_done(**fields), question, at=NOW)
    assert (answer is None) == bool(problems)
    return answer


def _done(**fields: "str | tuple[str, ...]") -> Typed:
    return typed("done", **{"done_day": "9", "done_month": "3", "done_year": "2027", **fields})


def wrong(form: Typed, question: Question = CALL) -> dict[str, str]:
    """Return the text of each problem by its field."""
    answer, problems = read(form, question, at=NOW)
    assert answer is None
    assert len({problem.field for problem in problems}) == len(problems)
    return {problem.field: problem.text for problem in problems}


@pytest.mark.parametrize(
    ("day", "month", "year", "on"),
    [
        ("9", "3", "2027", date(2027, 3, 9)),
        (" 09 ", "03", "27", date(2027, 3, 9)),
        ("9", "March", "2027", date(2027, 3, 9)),
        ("9", "mar", "2027", date(2027, 3, 9)),
        ("29", "2", "2028", date(2028, 2, 29)),
        ("10", "3", "2027", date(2027, 3, 10)),  # to come: the rules say so, not the form
    ],
)
def test_a_day_is_read_as_people_type_it(day: str, month: str, year: str, on: date) -> None:
    assert done(done_day=day, done_month=month, done_year=year) == Done(on, (), "")


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("", "3", "2027"),
        ("9", "", "2027"),
        ("9", "3", ""),
        ("0", "3", "2027"),
        ("32", "3", "2027"),
        ("29", "2", "2027"),
        ("9", "13", "2027"),
        ("9", "Smarch", "2027"),
        ("9", "3", "1999"),
        ("9", "3", "2100"),
        ("9", "3", "127"),
        ("9", "3", "20277"),
        ("-9", "3", "2027"),
        ("9.0", "3", "2027"),
        ("nine", "3", "2027"),
        ("1" * 5_000, "3", "2027"),
        ("٩", "3", "2027"),
    ],
)
def test_what_is_no_day_is_refused_with_an_example(day: str, month: str, year: str) -> None:
    problems = wrong(_done(done_day=day, done_month=month, done_year=year))
    assert problems == {"done-day": "Enter the day on which it was done, such as 9 3 2027"}


def test_each_item_is_confirmed_by_itself_and_what_is_missing_is_named() -> None:
    problems = wrong(_done(item=("notebook",), typed="DESTROYED", **HOW), DESTRUCTION)
    assert problems == {
        "item-2": "Confirm this too: laptop files",
        "item-3": "Confirm this too: e-mails",
    }
    ticked = ("e-mails", "notebook", "laptop_files")
    answer = done(DESTRUCTION, item=ticked, typed="DESTROYED", **HOW)
    assert answer == Done(date(2027, 3, 9), ALL, "", MEDIA)


def test_how_each_was_destroyed_must_be_said_and_another_day_may_be() -> None:
    problems = wrong(_done(item=ALL, typed="DESTROYED", how_1="burnt"), DESTRUCTION)
    assert problems == {"how-2": "Say how: laptop files", "how-3": "Say how: e-mails"}
    for day in ("8", "31 2 2027", "8 3 2027 2"):
        form = _done(item=ALL, typed="DESTROYED", **{**HOW, "when_3": day})
        assert wrong(form, DESTRUCTION) == {
            "when-3": "Enter a day such as 9 3 2027, or leave it out"
        }


def test_a_statement_has_no_method() -> None:
    question = replace(DESTRUCTION, items=("notebook", "no_copies_kept"))
    ticked = ("notebook", "no_copies_kept")
    answer = done(question, item=ticked, typed="DESTROYED", how_1="shredded")
    assert answer == Done(date(2027, 3, 9), ticked, "", MEDIA[:1])


def test_an_item_that_was_not_asked_for_is_left_out() -> None:
    answer = done(DESTRUCTION, item=(*ALL, "database", ""), typed="DESTROYED", **HOW)
    assert answer == Done(date(2027, 3, 9), ALL, "", MEDIA)
    assert done(item=("notebook",)) == Done(date(2027, 3, 9), (), "")


@pytest.mark.parametrize("word", ["DESTROYED", "destroyed", " Destroyed "])
def test_a_destruction_is_confirmed_by_a_word_in_any_letters(word: str) -> None:
    answer = done(DESTRUCTION, item=ALL, typed=word, **HOW)
    assert answer == Done(date(2027, 3, 9), ALL, "", MEDIA)


@pytest.mark.parametrize("word", ["", "yes", "DESTROY", "DESTROYED!", "DE STROYED"])
def test_a_destruction_without_the_word_is_not_confirmed(word: str) -> None:
    problems = wrong(_done(item=ALL, typed=word, **HOW), DESTRUCTION)
    assert problems == {"typed": "Type the word DESTROYED to confirm it"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"evidence_1": "2.1"}, "version=2.1"),
        ({"evidence_1": "2.1", "evidence_2": "Pat"}, "version=2.1; signed_by=Pat"),
        ({"evidence_1": "a; signed_by=b"}, "version=a, signed_by=b"),
        ({"evidence_2": "Pat", "done_words": "by post"}, "signed_by=Pat; by post"),
        ({"evidence_3": "more", "done_words": "by post"}, "by post"),
    ],
)
def test_evidence_is_put_into_the_words_that_the_rules_read(
    fields: Mapping[str, str], words: str
) -> None:
    assert done(EVIDENCE, **fields) == Done(date(2027, 3, 9), (), words)


def test_what_shows_it_is_given_in_pieces_or_in_words() -> None:
    assert wrong(_done(), EVIDENCE) == {"evidence-1": "Say what shows it: version, signed by"}


@pytest.mark.parametrize(
    ("what", "fields", "settled"),
    [
        ("accept", {"answer": "11"}, Settled(11, None)),
        ("accept", {"answer": "12", "reason_12": "x"}, Settled(12, None)),
        ("decline", {"answer": "12", "reason_12": "not\nclear"}, Settled(12, "not\nclear")),
    ],
)
def test_an_answer_of_somebody_else_is_accepted_or_declined(
    what: str, fields: Mapping[str, str], settled: Settled
) -> None:
    assert read(typed(what, **fields), WAITING, at=NOW) == (settled, ())


@pytest.mark.parametrize(
    ("what", "fields", "problem"),
    [
        ("accept", {}, ("main-content", "This answer does not wait any more")),
        ("accept", {"answer": "13"}, ("main-content", "This answer does not wait any more")),
        ("accept", {"answer": "011"}, ("main-content", "This answer does not wait any more")),
        ("decline", {"answer": "11"}, ("reason-11", "Write why the answer does not count")),
    ],
)
def test_only_an_answer_that_waits_is_settled_and_declined_for_a_reason(
    what: str, fields: Mapping[str, str], problem: tuple[str, str]
) -> None:
    assert wrong(typed(what, **fields), WAITING) == dict([problem])


def test_why_it_cannot_be_done_must_be_said() -> None:
    assert wrong(typed("cannot", why=" \n ")) == {"why": "Write why it cannot be done"}
    answer, problems = read(typed("cannot", why="ill\r\nuntil May"), CALL, at=NOW)
    assert (answer, problems) == (Cannot("ill\nuntil May"), ())


@pytest.mark.parametrize("what", ["", "time", "delete", "DONE"])
def test_an_answer_that_is_not_offered_is_refused(what: str) -> None:
    problems = wrong(typed(what, time_words="any"), asked(can_propose_time=False))
    assert problems == {"main-content": "Choose one of the answers on this page"}


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (("", "", ""), "", None),
        (("10", "3", "2027"), "14:30", datetime(2027, 3, 10, 14, 30, tzinfo=UTC)),
        (("10", "3", "2027"), "2.30pm", datetime(2027, 3, 10, 14, 30, tzinfo=UTC)),
        (("10", "3", "2027"), "noon", datetime(2027, 3, 10, 12, tzinfo=UTC)),
        (("28", "3", "2027"), "9am", datetime(2027, 3, 28, 8, tzinfo=UTC)),
        (("31", "10", "2027"), "1:30am", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (("9", "3", "2027"), "14:06", datetime(2027, 3, 9, 14, 6, tzinfo=UTC)),
    ],
)
def test_another_time_is_read_in_the_zone_of_the_challenge(
    day: tuple[str, str, str], at: str, moment: datetime | None
) -> None:
    assert _time(day, at) == (AnotherTime("that week", moment), ())


def _time(day: tuple[str, str, str], at: str) -> tuple[Answer | None, tuple[Problem, ...]]:
    fields = dict(zip(("time_day", "time_month", "time_year"), day, strict=True))
    return read(typed("time", time_words="that week", time_at=at, **fields), CALL, at=NOW)


DAY = "Enter the day that would suit, such as 9 3 2027, or leave it out"
HOUR = "Enter the time of day, such as 14:30 or 2.30pm"


@pytest.mark.parametrize(
    ("day", "at", "problems"),
    [
        (("10", "3", "2027"), "", {"time-at": HOUR}),
        (("10", "3", "2027"), "9", {"time-at": HOUR}),
        (("10", "3", "2027"), "25:00", {"time-at": HOUR}),
        (("", "", ""), "14:30", {"time-day": DAY}),
        (("10", "", ""), "soon", {"time-day": DAY, "time-at": HOUR}),
        (
            ("28", "3", "2027"),
            "1:30am",
            {"time-at": "On that day the clocks go forward and skip this time"},
        ),
        (
            ("9", "3", "2027"),
            "14:05",
            {"time-day": "The time that would suit must be still to come"},
        ),
    ],
)
def test_what_is_no_time_to_come_is_refused_where_it_stands(
    day: tuple[str, str, str], at: str, problems: dict[str, str]
) -> None:
    answer, found = _time(day, at)
    assert answer is None
    assert {problem.field: problem.text for problem in found} == problems


def test_another_time_needs_words() -> None:
    assert wrong(typed("time")) == {"time-words": "Write which time would suit"}


@pytest.mark.parametrize(
    ("what", "name", "most"),
    [
        ("done", "done_words", 2_000),
        ("done", "evidence_1", 200),
        ("cannot", "why", 2_000),
        ("time", "time_words", 2_000),
    ],
)
def test_words_have_an_end(what: str, name: str, most: int) -> None:
    day = {"done_day": "9", "done_month": "3", "done_year": "2027"}
    question = asked(evidence=("version",), can_propose_time=True)
    just = typed(what, **day, **{name: "x" * most})
    assert read(just, question, at=NOW)[1] == ()
    long = typed(what, **day, **{name: "x" * (most + 1)})
    text = f"Write at most {most:,} characters; it has {most + 1:,}"
    assert wrong(long, question) == {name.replace("_", "-"): text}


def test_what_nobody_can_see_is_taken_out_of_what_was_typed() -> None:
    form = Typed.of([("why", "a\x00b\x1b[31mc\u202ed\u2028e\x85f\tg\r\nh"), ("file", object())])
    assert form.get("why") == "ab[31mcdef\tg\nh"
    assert form.get("file", "none") == "none"


def test_words_of_ones_own_are_known_and_the_last_of_two_counts() -> None:
    form = Typed.of([("why", "a"), ("why", "b"), ("done-words", ""), ("time-words", "c")])
    assert form.words == ("b", "c")
    assert form.every("why") == ("a", "b")
    assert form.every("absent") == ()
