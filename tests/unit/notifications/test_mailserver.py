"""A mail URL is read exactly, and what is wrong with one is said without its password."""

import pytest

from notifications.mailserver import MailServer, Security, folder_of, parse_mail_url
from notifications.transport import FolderTransport, SMTPTransport, open_transport
from workflow.model.errors import InvalidInput

WORD = "hidden-word"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, Security.NONE, "", "")),
        ("smtp://127.0.0.1:2525/", ("127.0.0.1", 2525, Security.NONE, "", "")),
        ("smtp+starttls://mail.example", ("mail.example", 587, Security.STARTTLS, "", "")),
        ("smtps://mail.example", ("mail.example", 465, Security.TLS, "", "")),
        ("smtp://us:pw@mail.example:25", ("mail.example", 25, Security.NONE, "us", "pw")),
        (
            "smtps://u%40a.test:p%2Fw%3A@m.example",
            ("m.example", 465, Security.TLS, "u@a.test", "p/w:"),
        ),
        ("smtp://[::1]:25", ("::1", 25, Security.NONE, "", "")),
        (" SMTP://mail.example ", ("mail.example", 25, Security.NONE, "", "")),
    ],
)
def test_a_mail_url_is_taken_apart(url: str, expected: tuple[str, int, Security, str, str]) -> None:
    host, port, security, user, password = expected
    assert parse_mail_url(url) == MailServer(
        host=host, port=port, security=security, user=user, password=password
    )


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", 'begins with ":"'),
        ("mail.example:25", 'begins with "mail.example:"'),
        ("smpt://mail.example", 'did you mean "smtp"?'),
        ("http://mail.example", 'begins with "http:"'),
        ("smtp://", "has no host"),
        ("smtp://:25", "has no host"),
        ("smtp://mail.example:99999", "no number from 1 to 65535"),
        ("smtp://mail.example:0", "no number from 1 to 65535"),
        ("smtp://mail.example:mail", "no number from 1 to 65535"),
        ("smtp://mail.example/x", "goes on after the host"),
        ("smtp://mail.example?tls=no", "goes on after the host"),
        (f"smtp://:{WORD}@mail.example", "a password without a user"),
        ("smtp://us@mail.example", "a user without a password"),
        (f"smtp://us:{WORD}@[mail", "cannot be read"),
        (f"smtp://us:{WORD}@mail.example:x", "no number from 1 to 65535"),
    ],
)
def test_what_is_wrong_with_a_mail_url_is_said(url: str, says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_mail_url(url)
    assert says in str(caught.value)
    assert "smtp+starttls://" in str(caught.value)
    assert WORD not in str(caught.value)


def test_a_server_never_shows_its_password() -> None:
    server = parse_mail_url(f"smtps://us:{WORD}@mail.example")
    assert str(server) == "smtps://us@mail.example:465"
    assert WORD not in repr(server)
    assert WORD not in str(server)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("folder:///var/mail/out", "/var/mail/out"),
        ("folder:///a%20b", "/a b"),
        ("smtp://mail.example", None),
    ],
)
def test_a_folder_url_names_a_path(url: str, expected: str | None) -> None:
    assert folder_of(url) == expected


@pytest.mark.parametrize("url", ["folder://", "folder:///", "folder://mail/out", "folder:out"])
def test_a_folder_needs_an_absolute_path(url: str) -> None:
    with pytest.raises(InvalidInput, match="write folder:///path"):
        open_transport(url)


def test_a_url_opens_the_transport_that_it_names() -> None:
    assert isinstance(open_transport("folder:///var/mail/out"), FolderTransport)
    assert isinstance(open_transport("smtp://mail.example"), SMTPTransport)
