"""Where answers come in: addresses of pages, of replies and of what cannot be delivered."""

from datetime import timedelta

import pytest

from notifications.links import Desk
from tests.unit.notifications.briefs import AT
from workflow.tokens import (
    GOOD_FOR,
    AddressTag,
    AnswerLink,
    FeedLink,
    Keys,
    LinkRefused,
    read_answer,
    read_feed,
    read_tag,
)

KEYS = Keys(("k" * 32,))
DESK = Desk(
    keys=KEYS, base_url="https://challenges.example", mailbox="challenges@programme.example"
)


def test_a_page_has_an_address_that_says_which_message_and_task() -> None:
    page = DESK.page(7, "call_peer:4", raised_at=AT)
    base, _, token = page.rpartition("/")
    assert base == "https://challenges.example/a"
    assert read_answer(KEYS, token, at=AT + GOOD_FOR) == AnswerLink(7, "call_peer:4")
    with pytest.raises(LinkRefused):
        read_answer(KEYS, token, at=AT + GOOD_FOR + timedelta(seconds=1))


def test_the_same_message_has_the_same_links_at_each_attempt() -> None:
    assert DESK.page(7, "a", raised_at=AT) == DESK.page(7, "a", raised_at=AT)


def test_a_feed_has_an_address_of_its_own() -> None:
    token = DESK.feed(4, 2).removeprefix("https://challenges.example/feed/").removesuffix(".ics")
    assert read_feed(KEYS, token) == FeedLink(4, 2)


@pytest.mark.parametrize(
    ("address", "purpose"),
    [(DESK.reply_to(7, raised_at=AT), "r"), (DESK.return_path(7, raised_at=AT), "b")],
)
def test_replies_and_bounces_have_addresses_that_are_known_again(
    address: str, purpose: str
) -> None:
    local, _, domain = address.partition("@")
    name, _, tag = local.partition("+")
    assert (name, domain) == ("challenges", "programme.example")
    assert read_tag(KEYS, tag.upper()) == AddressTag(purpose, 7, AT)


def test_a_name_that_has_no_room_for_a_tag_goes_without() -> None:
    long = f"{'c' * 50}@programme.example"
    assert Desk(keys=KEYS, mailbox=long).reply_to(7, raised_at=AT) == long


@pytest.mark.parametrize("desk", [Desk(), Desk(keys=KEYS), Desk(base_url="https://x.example")])
def test_without_pages_there_are_no_addresses_of_pages(desk: Desk) -> None:
    assert (desk.page(7, "a", raised_at=AT), desk.feed(4, 1)) == ("", "")
    assert desk.reply_to(7, raised_at=AT) == desk.return_path(7, raised_at=AT) == ""
