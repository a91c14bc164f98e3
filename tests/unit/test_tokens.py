"""Signed links: nothing of one can be changed, moved or kept past its time."""

import base64
import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from workflow.model.errors import InvalidInput
from workflow.tokens import (
    BOUNCE,
    EXPIRED,
    FORGED,
    REPLY,
    AddressTag,
    AnswerLink,
    FeedLink,
    Keys,
    LinkRefused,
    address_tag,
    answer_token,
    feed_token,
    purpose_in,
    read_answer,
    read_feed,
    read_keys,
    read_tag,
)

UNTIL = datetime(2027, 3, 9, 17, tzinfo=UTC)
OLD, NEW, FOREIGN = "o" * 32, "n" * 32, "f" * 32
KEYS = Keys((NEW,))
LINK = AnswerLink(12, "call_peer:4")
TOKEN = answer_token(KEYS, LINK, until=UNTIL)
FEED = feed_token(KEYS, FeedLink(4, 1))
URL_SAFE = string.ascii_letters + string.digits + "-_."


def refusal(token: str, *, keys: Keys = KEYS, at: datetime = UNTIL) -> str:
    """Return why the token of an answer page is refused."""
    with pytest.raises(LinkRefused) as caught:
        read_answer(keys, token, at=at)
    return caught.value.kind


def test_a_link_says_what_it_stands_for_until_its_last_second() -> None:
    assert read_answer(KEYS, TOKEN, at=UNTIL) == LINK
    assert read_feed(KEYS, FEED) == FeedLink(4, 1)


def test_a_link_works_in_any_address_and_tells_no_key() -> None:
    assert set(TOKEN + FEED) <= set(URL_SAFE)
    assert NEW not in repr(KEYS)
    assert repr(KEYS) == "Keys(1)"


@pytest.mark.parametrize(("after", "kind"), [(1, "expired"), (86_400 * 365, "expired")])
def test_a_link_expires_to_the_second(after: int, kind: str) -> None:
    assert refusal(TOKEN, at=UNTIL + timedelta(seconds=after)) == kind


def test_the_refusals_say_the_way_out() -> None:
    with pytest.raises(LinkRefused, match="open it from the e-mail") as forged:
        read_answer(KEYS, "nothing", at=UNTIL)
    assert str(forged.value) == FORGED
    with pytest.raises(LinkRefused, match="ask the challenge manager") as expired:
        read_answer(KEYS, TOKEN, at=UNTIL + timedelta(seconds=1))
    assert str(expired.value) == EXPIRED


@pytest.mark.parametrize("place", range(len(TOKEN)))
def test_a_link_that_was_changed_at_any_place_is_refused(place: int) -> None:
    for other in URL_SAFE:
        if other != TOKEN[place]:
            changed = TOKEN[:place] + other + TOKEN[place + 1 :]
            assert refusal(changed) == "forged", changed


@pytest.mark.parametrize("bit", range(8))
def test_a_link_with_any_bit_turned_is_refused(bit: int) -> None:
    for place, letter in enumerate(TOKEN):
        changed = TOKEN[:place] + chr(ord(letter) ^ (1 << bit)) + TOKEN[place + 1 :]
        assert refusal(changed) == "forged"


def test_a_link_that_was_cut_or_lengthened_is_refused() -> None:
    for length in range(len(TOKEN)):
        assert refusal(TOKEN[:length]) == "forged"
        assert refusal(TOKEN[length + 1 :]) == "forged"
    for more in ("=", "==", ".", " ", "\n", "\x00", "A", "%00", TOKEN, f".{TOKEN}"):
        assert refusal(TOKEN + more) == "forged"
        assert refusal(more + TOKEN) == "forged"


def padded(part: str) -> str:
    return part + "=" * (-len(part) % 4)


def plain_alphabet(part: str) -> str:
    raw = base64.urlsafe_b64decode(padded(part))
    return base64.b64encode(raw).decode()


def loose_end(part: str) -> str:
    """Return another text that a lenient reader decodes to the same bytes, if there is one."""
    raw = base64.urlsafe_b64decode(padded(part))
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    same = [
        part[:-1] + letter
        for letter in alphabet
        if letter != part[-1] and base64.urlsafe_b64decode(padded(part[:-1] + letter)) == raw
    ]
    return same[0] if same else part


@pytest.mark.parametrize(
    "encode",
    [
        padded,
        plain_alphabet,
        loose_end,
        str.upper,
        str.lower,
        str.swapcase,
        lambda part: f" {part}",
        lambda part: f"{part[:4]}\n{part[4:]}",
        lambda part: part.encode().hex(),
        lambda part: "".join(chr(ord(letter) + 0xFEE0) for letter in part),
    ],
)
def test_a_link_that_was_encoded_anew_is_refused(encode: Callable[[str], str]) -> None:
    body, _, signature = TOKEN.rpartition(".")
    others = {f"{encode(body)}.{signature}", f"{body}.{encode(signature)}"}
    others.add(f"{encode(body)}.{encode(signature)}")
    for other in others - {TOKEN}:
        assert refusal(other) == "forged", other
    assert others != {TOKEN}


@pytest.mark.parametrize("text", ["", ".", "..", "a.b", "é" * 40, "\ud800", "." * 5_000, "e30.e30"])
def test_what_is_no_link_is_refused(text: str) -> None:
    assert refusal(text) == "forged"
    with pytest.raises(LinkRefused):
        read_feed(KEYS, text)


def test_a_link_is_good_for_its_own_purpose_only() -> None:
    assert refusal(FEED) == "forged"
    with pytest.raises(LinkRefused):
        read_feed(KEYS, TOKEN)


def test_the_facts_of_one_link_do_not_go_with_the_signature_of_another() -> None:
    other = answer_token(KEYS, AnswerLink(13, "call_peer:4"), until=UNTIL)
    later = answer_token(KEYS, LINK, until=UNTIL + timedelta(seconds=1))
    for one in (other, later, FEED):
        assert refusal(f"{one.rpartition('.')[0]}.{TOKEN.rpartition('.')[2]}") == "forged"
        assert refusal(f"{TOKEN.rpartition('.')[0]}.{one.rpartition('.')[2]}") == "forged"


def test_a_link_signed_with_another_key_is_refused() -> None:
    assert refusal(answer_token(Keys((FOREIGN,)), LINK, until=UNTIL)) == "forged"


def test_an_old_key_reads_while_it_is_kept_and_the_newest_signs() -> None:
    before = answer_token(Keys((OLD,)), LINK, until=UNTIL)
    both = Keys((NEW, OLD))
    assert read_answer(both, before, at=UNTIL) == LINK
    assert answer_token(both, LINK, until=UNTIL) == TOKEN
    assert read_answer(both, TOKEN, at=UNTIL) == LINK
    assert refusal(before, keys=KEYS) == "forged"


@pytest.mark.parametrize("text", [f"{NEW}\n{OLD}\n", f"{NEW},{OLD}", f"  {NEW} , {OLD} "])
def test_keys_are_read_from_lines_or_between_commas(text: str) -> None:
    assert read_keys(text) == Keys((NEW, OLD))


@pytest.mark.parametrize("text", ["", " \n ", "short", f"{NEW},short", "k" * 31])
def test_a_key_that_is_missing_or_short_is_refused_with_how_to_make_one(text: str) -> None:
    with pytest.raises(InvalidInput, match="at least 32 characters; make one with: python3"):
        read_keys(text)


@pytest.mark.parametrize("purpose", [REPLY, BOUNCE])
def test_the_tag_of_an_address_is_read_back_however_its_letters_were_folded(purpose: str) -> None:
    tag = address_tag(KEYS, purpose, 123, raised_at=UNTIL)
    found = AddressTag(purpose, 123, UNTIL)
    assert tag == tag.lower()
    assert read_tag(KEYS, tag) == found
    assert read_tag(KEYS, tag.upper()) == found
    assert read_tag(Keys((FOREIGN, NEW)), tag) == found
    assert read_tag(Keys((FOREIGN,)), tag) is None


def test_a_tag_that_was_changed_at_any_place_is_not_ours() -> None:
    tag = address_tag(KEYS, REPLY, 123, raised_at=UNTIL)
    for place, letter in enumerate(tag):
        for other in "b2a7.r":
            if other != letter:
                assert read_tag(KEYS, tag[:place] + other + tag[place + 1 :]) is None
        assert read_tag(KEYS, tag[:place]) is None
    for more in ("", "r", "r1", f"{tag}x", f"{tag}\n", f" {tag}", tag.replace("r", "b", 1)):
        assert read_tag(KEYS, more) is None


def test_a_tag_is_of_the_message_that_was_raised_when_it_says() -> None:
    found = read_tag(KEYS, address_tag(KEYS, REPLY, 123, raised_at=UNTIL))
    assert found is not None
    assert found.is_of(UNTIL + timedelta(microseconds=999_999))
    assert not found.is_of(UNTIL + timedelta(seconds=1))
    assert not found.is_of(None)


def test_a_tag_of_before_names_a_message_by_its_number_only() -> None:
    found = read_tag(KEYS, "r123.exnemzkcxezz2ruj")
    assert found == AddressTag(REPLY, 123)
    assert found.is_of(UNTIL)


@pytest.mark.parametrize("purpose", [REPLY, BOUNCE])
def test_what_an_address_is_for_is_seen_without_the_keys(purpose: str) -> None:
    tag = address_tag(KEYS, purpose, 123, raised_at=UNTIL)
    assert purpose_in(f"peers+{tag}@programme.example") == purpose
    assert purpose_in(f"Peers+mail+{tag}@programme.example".upper()) == purpose
    assert purpose_in(f"peers+{purpose}123.exnemzkcxezz2ruj@programme.example") == purpose
    for other in ("peers@programme.example", "peers+news@programme.example", ""):
        assert purpose_in(other) == ""
