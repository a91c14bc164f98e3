"""The URL of a mailbox is read exactly, and what is wrong with one is said without its password."""

import pytest

from notifications.incoming.account import Account, Privacy, parse_imap_url
from notifications.incoming.mailbox import open_mailbox
from workflow.model.errors import InvalidInput, Unavailable

WORD = "hidden-word"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("imaps://us:pw@mail.example", ("mail.example", 993, Privacy.TLS, "us", "pw", "INBOX")),
        (
            " IMAPS://us%40a.test:p%2Fw%3A@mail.example:2993/Answers/New%20ones/ ",
            ("mail.example", 2993, Privacy.TLS, "us@a.test", "p/w:", "Answers/New ones"),
        ),
        (
            "imap+starttls://us:pw@mail.example/INBOX",
            ("mail.example", 143, Privacy.STARTTLS, "us", "pw", "INBOX"),
        ),
        ("imap://us:pw@localhost", ("localhost", 143, Privacy.LOOPBACK, "us", "pw", "INBOX")),
        ("imap://us:pw@127.0.0.9:144", ("127.0.0.9", 144, Privacy.LOOPBACK, "us", "pw", "INBOX")),
        ("imap://us:pw@[::1]", ("::1", 143, Privacy.LOOPBACK, "us", "pw", "INBOX")),
    ],
)
def test_the_url_of_a_mailbox_is_taken_apart(
    url: str, expected: tuple[str, int, Privacy, str, str, str]
) -> None:
    host, port, privacy, user, password, folder = expected
    assert parse_imap_url(url) == Account(
        host=host, port=port, privacy=privacy, user=user, password=password, folder=folder
    )


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", 'begins with ":"'),
        (f"us:{WORD}@mail.example", 'begins with "us:"'),
        (f"imapss://us:{WORD}@mail.example", 'did you mean "imaps"?'),
        (f"smtp://us:{WORD}@mail.example", 'begins with "smtp:"'),
        (f"imaps://us:{WORD}@", "has no host"),
        (f"imaps://us:{WORD}@mail.example:0", "no number from 1 to 65535"),
        (f"imaps://us:{WORD}@mail.example:99999", "no number from 1 to 65535"),
        (f"imaps://us:{WORD}@mail.example:x", "no number from 1 to 65535"),
        ("imaps://mail.example", "has no user or no password"),
        ("imaps://us@mail.example", "has no user or no password"),
        (f"imaps://:{WORD}@mail.example", "has no user or no password"),
        (f"imaps://us:{WORD}@mail.example/INBOX?a=b", "goes on after the folder"),
        (f"imaps://us:{WORD}@mail.example/INBOX#x", "goes on after the folder"),
        (f"imap://us:{WORD}@mail.example", "to mail.example in clear text"),
        (f"imap://us:{WORD}@127.0.0.1.mail.example", "in clear text"),
        (f"imap://us:{WORD}@192.0.2.1", "to 192.0.2.1 in clear text"),
        (f"imaps://us:{WORD}@[mail", "cannot be read"),
    ],
)
def test_what_is_wrong_with_the_url_of_a_mailbox_is_said(url: str, says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_imap_url(url)
    text = str(caught.value)
    assert text.startswith("the URL of the mailbox ")
    assert says in text
    assert "imaps://user:password@host:993/INBOX" in text
    assert WORD not in text


def test_a_mailbox_never_shows_its_password() -> None:
    account = parse_imap_url(f"imaps://us:{WORD}@mail.example")
    assert str(account) == "imaps://us@mail.example:993/INBOX"
    assert WORD not in repr(account)


@pytest.mark.parametrize("scheme", ["imap", "imaps", "imap+starttls"])
def test_a_mailbox_that_is_away_is_said_to_be(scheme: str) -> None:
    account = parse_imap_url(f"{scheme}://us:{WORD}@127.0.0.1:1/INBOX")
    with pytest.raises(Unavailable) as caught, open_mailbox(account):
        pytest.fail("nothing listens there")
    assert str(caught.value).startswith(f"the mailbox {account} cannot be read: ")
    assert "refused" in str(caught.value)
    assert WORD not in str(caught.value)
