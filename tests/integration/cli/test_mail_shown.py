"""`mail show`: a message of several challenges, and one to somebody who was forgotten."""

from contextlib import closing

from notifications.render import Renderer
from tests.integration.cli.desk import TRUST, Desk
from tests.integration.mail.town import Raised, Town
from workflow.store import schema
from workflow.store.database import Database

TEAMS = {"quokka": ("zephyr", "lumen"), "narwhal": ("cobalt", "lumen"), "ocelot": ("saffron",)}
OF_OTHERS = (
    "[It speaks of other challenges, too: its words are for whoever may read the mail of them all.]"
)


def test_a_message_of_several_challenges_is_shown_to_whoever_may_read_them_all(
    empty: Desk,
) -> None:
    with closing(Database(empty.url)) as database:
        schema.upgrade(database)
        town = Town(database, TEAMS).build()
        many = [Raised(place, "lumen", is_ladder=False) for place in ("narwhal", "quokka") * 2]
        town.put([*many, Raised("quokka", "zephyr", is_ladder=False)])
        town.send(Renderer())
    for number in ("2", "4"):  # both are of quokka
        manager = empty.read("--as", "zephyr@zephyr.example", "mail", "show", number)
        assert manager["text"] == OF_OTHERS
        assert "NARWHAL" not in str(manager)
        reader = empty.read("--as", "lumen@lumen.example", "mail", "show", number)
        assert "News of narwhal" in reader["text"]
    own = empty.read("--as", "zephyr@zephyr.example", "mail", "show", "5")
    assert "News of quokka" in own["text"]


def test_a_message_that_never_went_to_somebody_who_was_forgotten_is_shown(desk: Desk) -> None:
    desk.type("assign", "NOR-26", "trust_peer", TRUST)
    desk.type("release", "NOR-26", TRUST, "--reason", "ill")
    number = str(desk.read("mail", "list", "--to", TRUST)["messages"][0]["id"])
    desk.type("person", "forget", TRUST, "--reason", "asks", "--yes", codes=(0, 4))
    found = desk.read("mail", "show", number)
    told = "[It was never sent, and whom it was for has been forgotten.]"
    assert (found["status"], found["text"]) == ("cancelled", told)
