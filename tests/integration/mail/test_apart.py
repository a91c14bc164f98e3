"""Messages of one challenge never carry a datum or a recipient of another: by construction.

Every field of three challenges is a word that occurs nowhere else. Whatever is raised in them and
however it is grouped, each message is read for those words: it may have those of the challenges
of its rows only, which are of one recipient, and name nobody who has no role there.
"""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.render import Rendered, Renderer
from tests.integration.mail.town import PEOPLE, PLACES, Raised, Town
from workflow.store import reports, schema
from workflow.store.database import Database


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with the schema and nothing in it."""
    path = tmp_path_factory.mktemp("town") / "empty.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.close()
    return path


@st.composite
def towns(draw: st.DrawFn) -> tuple[dict[str, tuple[str, ...]], list[Raised], tuple[str, ...]]:
    """Draw teams that overlap, what is raised to whom, and perhaps somebody with a stand-in."""
    chosen = st.lists(st.sampled_from(PEOPLE[:4]), min_size=1, max_size=4, unique=True)
    teams = {place: tuple(draw(chosen)) for place in PLACES}
    numbers = st.integers(0, 3)
    raised = [
        Raised(place, team[draw(numbers) % len(team)], draw(st.booleans()), draw(numbers) == 0)
        for place, team in teams.items()
        for _ in range(draw(st.integers(0, 6)))
    ]
    away = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=2, unique=True))
    return teams, raised, tuple(away) if draw(st.booleans()) else ()


def town_in(empty: Path, teams: dict[str, tuple[str, ...]]) -> Town:
    """Return a town in a file of its own."""
    path = empty.with_name("town.db")
    for old in empty.parent.glob("town.db*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copy(empty, path)
    return Town(Database(f"sqlite:///{path}"), teams).build()


RENDERER = Renderer()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=towns())
def test_no_message_has_a_datum_or_a_recipient_of_another_challenge(
    empty: Path, drawn: tuple[dict[str, tuple[str, ...]], list[Raised], tuple[str, ...]]
) -> None:
    teams, raised, away = drawn
    town = town_in(empty, teams)
    try:
        town.put(raised)
        if away:
            town.let_stand_in(*away)
        messages = town.send(RENDERER)
        assert town.leaks(messages) == []
        assert len(messages) <= len(raised)
    finally:
        town.database.close()


TEAMS = {
    "quokka": ("zephyr", "lumen"),
    "narwhal": ("cobalt", "lumen"),
    "ocelot": ("saffron",),
}
EACH = [Raised(place, person) for place, team in TEAMS.items() for person in team]
MANY = [Raised(place, "lumen") for place in ("quokka", "narwhal") for _ in range(3)]


@pytest.fixture
def town(empty: Path) -> Iterator[Town]:
    """Yield a town whose challenges share one peer."""
    made = town_in(empty, TEAMS)
    yield made
    made.database.close()


def test_a_digest_has_a_section_for_each_challenge_of_its_reader(town: Town) -> None:
    town.put([*MANY, Raised("ocelot", "saffron")])
    messages = town.send(RENDERER)
    assert town.leaks(messages) == []
    (digest,) = [message for message in messages if message.to.name == "Jo lumen"]
    assert digest.subject == "6 things in 2 challenges"
    for place in ("quokka", "narwhal"):
        assert f"{place.upper()}-27, COUNCIL OF {place.upper()}" in digest.text
    assert "List-Id" in dict(digest.headers)


def test_who_stands_in_gets_what_is_of_the_others_challenges_and_nothing_mixed(town: Town) -> None:
    town.let_stand_in("lumen", "saffron")
    town.put([*MANY, *[Raised("ocelot", "saffron")] * 4])
    messages = town.send(RENDERER)
    assert town.leaks(messages) == []
    assert [message.to.name for message in messages] == ["Jo saffron"] * 2


class Careless(Renderer):
    """The control: tells each message what the one before was told of the client."""

    client = ""

    def render(self, notice: str, facts: Mapping[str, Any]) -> Rendered:
        """Fill in the words with the facts of two."""
        before, self.client = self.client, str(facts["client"])
        return super().render(notice, {**facts, "footer": before})


def test_a_message_with_a_word_of_another_challenge_is_caught(town: Town) -> None:
    town.put(EACH)
    assert town.leaks(town.send(Careless())) != []


def test_a_message_to_somebody_of_no_role_there_is_caught(town: Town) -> None:
    town.put([Raised("quokka", "umber")])
    assert town.leaks(town.send(RENDERER)) != []


def test_who_has_left_a_team_is_not_reminded_and_is_told_what_is_new(town: Town) -> None:
    reminders = [Raised("quokka", "lumen"), Raised("quokka", "zephyr"), Raised("narwhal", "lumen")]
    town.put([*reminders, Raised("quokka", "lumen", is_ladder=False)])
    town.release("lumen", "quokka")
    town.send(RENDERER)
    with town.database.reading() as link:
        rows = reports.mail(link)
    assert sorted((row.to_name, str(row.reference), row.notice, row.status) for row in rows) == [
        ("Jo lumen", "NARWHAL-27", "call_reminder", "sent"),
        ("Jo lumen", "QUOKKA-27", "call_reminder", "cancelled"),
        ("Jo lumen", "QUOKKA-27", "news", "sent"),
        ("Jo zephyr", "QUOKKA-27", "call_reminder", "sent"),
    ]
