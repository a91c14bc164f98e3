"""A mail URL is read exactly, and what is wrong with one is said without its password."""

import pytest

from notifications.mailserver import (
    MailServer,
    MicrosoftAccount,
    NotifyAccount,
    Security,
    folder_of,
    microsoft_of,
    notify_of,
    parse_mail_url,
    place_of,
)
from notifications.providers.choice import open_transport
from notifications.providers.microsoft import MicrosoftTransport
from notifications.providers.notify import NotifyTransport
from notifications.transport import FolderTransport, SMTPTransport
from workflow.model.errors import InvalidInput

WORD = "hidden-word"
TEMPLATE = "11111111-2222-4333-8444-555555555555"
KEY = f"key-aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee-{TEMPLATE}"
MICROSOFT = f"m365://client-7:{WORD}@tenant-9/challenges@programme.example"
NOTIFY = f"notify://{KEY}@{TEMPLATE}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, Security.NONE, "", "")),
        ("smtp://127.0.0.1:2525/", ("127.0.0.1", 2525, Security.NONE, "", "")),
        ("smtp+starttls://mail.example", ("mail.example", 587, Security.STARTTLS, "", "")),
        ("smtps://mail.example", ("mail.example", 465, Security.TLS, "", "")),
        ("smtp://us:pw@localhost:25", ("localhost", 25, Security.NONE, "us", "pw")),
        ("smtp://us:pw@127.0.0.1:25", ("127.0.0.1", 25, Security.NONE, "us", "pw")),
        ("smtp://us:pw@[::1]:25", ("::1", 25, Security.NONE, "us", "pw")),
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
        ("m356://mail.example", 'did you mean "m365"?'),
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


@pytest.mark.parametrize("host", ["mail.example", "10.0.0.7", "localhost.mail.example"])
def test_a_login_never_goes_out_in_clear_text(host: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_mail_url(f"smtp://us:{WORD}@{host}:25")
    assert str(caught.value) == (
        f"smtp:// would send the login of us to {host} in clear text;"
        " write smtp+starttls:// or smtps://"
    )
    with pytest.raises(InvalidInput, match="in clear text"):
        MailServer(host=host, port=25, security=Security.NONE, user="us", password=WORD)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            MICROSOFT,
            MicrosoftAccount(
                client_id="client-7",
                tenant_id="tenant-9",
                sender="challenges@programme.example",
                secret=WORD,
            ),
        ),
        (
            "m365://client-7@tenant-9/challenges@programme.example?certificate=/etc/our%20key.pem",
            MicrosoftAccount(
                client_id="client-7",
                tenant_id="tenant-9",
                sender="challenges@programme.example",
                certificate="/etc/our key.pem",
            ),
        ),
        (
            "m365://c:a%2Fb%40~c@t.example/x@y.example",
            MicrosoftAccount(
                client_id="c",
                tenant_id="t.example",
                sender="x@y.example",
                secret="a/b@~c",  # noqa: S106  (invented)
            ),
        ),
        ("smtp://mail.example", None),
    ],
)
def test_a_microsoft_url_names_an_application_and_a_mailbox(
    url: str, expected: MicrosoftAccount | None
) -> None:
    assert microsoft_of(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "m365://",
        f"m365://client-7:{WORD}@tenant-9",
        f"m365://client-7:{WORD}@tenant-9/challenges",
        "m365://client-7@tenant-9/x@y.example",
        f"m365://:{WORD}@tenant-9/x@y.example",
        f"m365://client-7:{WORD}@/x@y.example",
        f"m365://client-7:{WORD}@tenant-9:587/x@y.example",
        f"m365://client-7:{WORD}@tenant-9/x@y.example?certficate=/x.pem",
        f"m365://client-7:{WORD}@tenant-9/x@y.example#more",
    ],
)
def test_what_a_microsoft_url_lacks_is_said(url: str) -> None:
    with pytest.raises(InvalidInput, match="Microsoft 365 wants a client") as caught:
        open_transport(url)
    assert "m365://client-id:secret@tenant-id/sender@council.example" in str(caught.value)
    assert WORD not in str(caught.value)


def test_a_notify_url_names_a_key_and_a_template() -> None:
    assert notify_of(NOTIFY) == NotifyAccount(key=KEY, template_id=TEMPLATE)
    named = notify_of(f"notify://our%20own%3A%20{KEY}@{TEMPLATE}")
    assert named == NotifyAccount(key=f"our own: {KEY}", template_id=TEMPLATE)
    assert notify_of("smtp://mail.example") is None


@pytest.mark.parametrize(
    "url",
    [
        "notify://",
        f"notify://{TEMPLATE}",
        f"notify://{WORD}@{TEMPLATE}",
        f"notify://{KEY[:-1]}@{TEMPLATE}",
        f"notify://{KEY}@template",
        f"notify://{KEY}:{WORD}@{TEMPLATE}",
        f"notify://{KEY}@{TEMPLATE}/more",
        f"notify://{KEY}@{TEMPLATE}?more=1",
    ],
)
def test_what_a_notify_url_lacks_is_said(url: str) -> None:
    with pytest.raises(InvalidInput, match=r"write notify://api-key@template-id") as caught:
        open_transport(url)
    assert WORD not in str(caught.value)
    assert KEY[:-1] not in str(caught.value)


@pytest.mark.parametrize("url", [MICROSOFT, NOTIFY, f"smtps://us:{WORD}@mail.example"])
def test_no_account_shows_its_secret(url: str) -> None:
    for found in (microsoft_of(url), notify_of(url), place_of(url)):
        assert WORD not in f"{found} {found!r}"
        assert KEY not in f"{found} {found!r}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, "smtp://mail.example:25")),
        (MICROSOFT, ("smtp.office365.com", 587, "Microsoft 365 at smtp.office365.com")),
        (
            NOTIFY,
            (
                "api.notifications.service.gov.uk",
                443,
                "GOV.UK Notify at api.notifications.service.gov.uk",
            ),
        ),
    ],
)
def test_a_url_tells_where_its_mail_goes(url: str, expected: tuple[str, int, str]) -> None:
    place = place_of(url)
    assert (place.host, place.port, str(place)) == expected


def test_microsoft_is_spoken_to_in_private_as_the_mailbox() -> None:
    account = microsoft_of(MICROSOFT)
    assert account is not None
    expected = "smtp+starttls://challenges@programme.example@smtp.office365.com:587"
    assert str(account.server) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("folder:///var/mail/out", FolderTransport),
        ("smtp://mail.example", SMTPTransport),
        (MICROSOFT, MicrosoftTransport),
        (NOTIFY, NotifyTransport),
    ],
)
def test_a_url_opens_the_transport_that_it_names(url: str, expected: type[object]) -> None:
    assert isinstance(open_transport(url), expected)
