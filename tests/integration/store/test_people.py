"""People, what is true of the database as a whole, and definitions that are kept."""

import threading
from datetime import timedelta
from time import sleep

import pytest

from workflow.model.definition import Definition
from workflow.model.errors import InvalidInput, NotFound
from workflow.store import library, meta, people
from workflow.store.people import Facts

from .builders import AT, CONTENT_HASH, DEFINITION, HOUR, begin, opened


def test_a_person_is_found_by_address_and_by_id(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        cleo = people.add(
            link,
            name=" Cleo Example ",
            email="Cleo.Example@Office.example",
            organisation="Eastvale",
            phone="01632 960001",
            capabilities=["lead_member", "senior_officer", "lead_member"],
        )
        assert cleo.name == "Cleo Example"
        assert cleo.capabilities == ("lead_member", "senior_officer")
        assert people.find(link, "cleo.example@office.EXAMPLE ") == cleo
        assert people.find(link, str(cleo.id)) == cleo
        assert people.everybody(link)[-1] == cleo
        assert people.named(link, [cleo.id, 1, 99]).keys() == {1, cleo.id}
        assert people.named(link, []) == {}


def test_only_whoever_is_said_to_be_is_an_administrator(database_url: str) -> None:
    with opened(database_url) as database, database.reading() as link:
        assert [person.is_administrator for person in people.everybody(link)] == [True, False]


@pytest.mark.parametrize("who", ["bne@office.example", "77", "9" * 20, "9" * 5000, "", "Ben"])
def test_whoever_is_not_known_gets_the_list(database_url: str, who: str) -> None:
    with (
        opened(database_url) as database,
        database.reading() as link,
        pytest.raises(NotFound) as caught,
    ):
        people.find(link, who)
    assert caught.value.known == ("ada@office.example", "ben@office.example")
    assert str(caught.value).startswith(f'there is no person "{who[:100]}')


def test_the_nearest_address_is_named(database_url: str) -> None:
    with (
        opened(database_url) as database,
        database.reading() as link,
        pytest.raises(NotFound, match=r'did you mean "ben@office\.example"'),
    ):
        people.find(link, "bne@office.example")


def test_an_address_belongs_to_one_person(database_url: str) -> None:
    with (
        opened(database_url) as database,
        database.writing() as link,
        pytest.raises(InvalidInput) as caught,
    ):
        people.add(link, name="Another Ada", email="ADA@office.example")
    text = "there is already a person with the e-mail address ADA@office.example"
    assert str(caught.value) == text


def test_of_two_changes_at_once_neither_takes_the_other_back(database_url: str) -> None:
    with opened(database_url) as database:

        def rename() -> None:
            with database.writing() as link:
                people.change(link, 2, name="Ben Second")

        thread = threading.Thread(target=rename)
        with database.writing() as link:
            people.change(link, 2, phone="01632 960001")
            thread.start()
            sleep(0.2)
        thread.join()
        with database.reading() as link:
            ben = people.find(link, "2")
    assert (ben.name, ben.phone) == ("Ben Second", "01632 960001")


GOOD = ["a@b.example", "o'neil+list@sub.council.example", "x_1.y@a-b.example", "A.B@C.EXAMPLE"]
BAD = [
    "",
    "ada",
    "ada@",
    "@office.example",
    "ada@office",
    "ada@office.example, ben@office.example",
    "<ada@office.example>",
    "<a@b>,<c@d>",
    "a@b> SIZE=9",
    "Ada <ada@office.example>",
    "ada office@office.example",
    "ada@office..example",
    ".ada@office.example",
    "a..da@office.example",
    "ada@-office.example",
    "ada@office.example\nBcc: x@y.example",
    "ada@office.example\r",
    "äda@office.example",
    "ada@öffice.example",
    f"{'a' * 65}@office.example",
    f"ada@{'o' * 200}.example",
    'a"b@office.example',
    "=?utf-8?q?x?=@office.example",
]


@pytest.mark.parametrize("email", GOOD)
def test_plain_addresses_are_taken(sqlite_url: str, email: str) -> None:
    with opened(sqlite_url) as database, database.writing() as link:
        assert people.add(link, name="Cleo", email=email).email == email


@pytest.mark.parametrize("email", [address for address in BAD if address.strip() == address])
def test_what_is_not_one_plain_address_is_refused(sqlite_url: str, email: str) -> None:
    with (
        opened(sqlite_url) as database,
        database.writing() as link,
        pytest.raises(InvalidInput, match=r"e-mail address|=\?"),
    ):
        people.add(link, name="Cleo", email=email)


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (Facts(name=" ", email="c@o.example"), "the name is empty"),
        (Facts(name="x" * 201, email="c@o.example"), "the name is longer than 200 letters"),
        (Facts(name="Cleo\nBcc: x", email="c@o.example"), "has a control character, a line break"),
        (Facts(name="Cleo\u2028", email="c@o.example"), ""),
        (Facts(name="Cl\u2028eo", email="c@o.example"), "has a control character, a line break"),
        (Facts(name="=?utf-8?q?C?=", email="c@o.example"), "or =? in it"),
        (Facts(name="C", email="c@o.example", phone="1\x00"), "the phone"),
        (Facts(name="C", email="c@o.example", organisation="\x1b[31m"), "the organisation"),
        (
            Facts(name="C", email="c@o.example", capabilities=["Chief, officer"]),
            "allowed are small letters, digits and _, such as senior_officer",
        ),
    ],
)
def test_what_would_break_a_message_is_refused(sqlite_url: str, facts: Facts, text: str) -> None:
    with opened(sqlite_url) as database, database.writing() as link:
        if not text:
            assert people.add(link, **facts).name == "Cleo"
            return
        with pytest.raises(InvalidInput) as caught:
            people.add(link, **facts)
        assert text in str(caught.value)


def test_engine_time_only_rises(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        assert meta.last_at(link) is None
        meta.reach(link, AT)
        meta.reach(link, AT - HOUR)
        assert meta.last_at(link) == AT
        meta.reach(link, AT + HOUR)
        assert meta.last_at(link) == AT + HOUR


def test_a_rehearsal_stays_one(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        assert not meta.is_rehearsal(link)
        meta.mark_rehearsal(link)
        assert meta.is_rehearsal(link)
        meta.put(link, "colour", "green")
        meta.put(link, "colour", None)
        assert meta.get(link, "colour") is None


def test_a_definition_is_kept_with_its_text_and_read_once(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        library.keep(link, content_hash=CONTENT_HASH, definition=DEFINITION, text="other", at=AT)
        assert library.text_of(link, CONTENT_HASH) == "text"
        library.forget()
        fetched = library.fetch(link, CONTENT_HASH)
        assert fetched == DEFINITION
        assert library.fetch(link, CONTENT_HASH) is fetched


@pytest.mark.parametrize("ahead", [HOUR, 0 * HOUR, -HOUR])
def test_the_definition_that_was_kept_last_counts(database_url: str, ahead: timedelta) -> None:
    """Also where all is kept at one moment, as in a rehearsal, or the clock was set back."""
    newer = Definition.model_validate(
        {**DEFINITION.model_dump(by_alias=True, exclude_unset=True), "version": "1.1"}
    )
    with opened(database_url) as database:
        begin(database)
        with database.writing() as link:
            library.keep(link, content_hash="77", definition=newer, text="1.1", at=AT + ahead)
            assert library.latest(link, "garden_visit") == "77"
            assert library.latest(link, "other") is None
            listed = library.listed(link)
    assert [(one.version, one.content_hash, one.challenges) for one in listed] == [
        ("1.0", CONTENT_HASH, 1),
        ("1.1", "77", 0),
    ]


def test_a_definition_that_was_never_kept_is_not_found(database_url: str) -> None:
    with opened(database_url) as database, database.reading() as link:
        for ask in (library.fetch, library.text_of):
            with pytest.raises(NotFound, match='there is no definition with the hash "none"'):
                ask(link, "none")
