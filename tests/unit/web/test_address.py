"""Addresses are read exactly, and what is wrong with one is said."""

import pytest

from web.address import Base, read_base_url, read_listen
from workflow.model.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("", Base()),
        ("  ", Base()),
        ("https://Pages.Council.Example/", Base("https", "pages.council.example")),
        ("https://pages.council.example:443", Base("https", "pages.council.example")),
        ("https://pages.council.example:8443", Base("https", "pages.council.example:8443")),
        ("http://127.0.0.1:8080", Base("http", "127.0.0.1:8080")),
        ("http://[::1]:80", Base("http", "[::1]")),
    ],
)
def test_a_base_url_is_read(text: str, base: Base) -> None:
    assert read_base_url(text) == base


@pytest.mark.parametrize(
    "text",
    [
        "pages.council.example",
        "ftp://pages.council.example",
        "https://",
        "https://pages.council.example/peer",
        "https://pages.council.example?x=1",
        "https://pages.council.example#x",
        "https://user@pages.council.example",
        "https://pages.council.example:port",
        "https://pages.council.example:70000",
        "https://[::1",
    ],
)
def test_a_base_url_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"write it like https://challenges\.council\.example"):
        read_base_url(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        (" localhost:0 ", ("localhost", 0)),
        ("[::1]:8080", ("::1", 8080)),
        ("0.0.0.0:65535", ("0.0.0.0", 65535)),  # noqa: S104  (only read)
    ],
)
def test_an_address_to_listen_at_is_read(text: str, expected: tuple[str, int]) -> None:
    assert read_listen(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8080",
        ":8080",
        "localhost",
        "localhost:",
        "localhost:http",
        "localhost:65536",
        "localhost:-1",
        "http://localhost:80",
        "localhost:80/x",
        "me@localhost:80",
        "[::1",
    ],
)
def test_what_is_no_address_to_listen_at_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"write HOST:PORT, such as 127\.0\.0\.1:8080"):
        read_listen(text)


HTTPS = Base("https", "pages.council.example")


@pytest.mark.parametrize(
    ("base", "origin", "host", "is_ours"),
    [
        (HTTPS, "https://pages.council.example", "", True),
        (HTTPS, "https://PAGES.council.example:443", "", True),
        (HTTPS, "http://pages.council.example", "pages.council.example", False),
        (HTTPS, "https://pages.council.example.evil.test", "", False),
        (HTTPS, "https://evil.test", "evil.test", False),
        (HTTPS, "null", "", False),
        (HTTPS, "", "", False),
        (Base(), "http://laptop.test:8080", "laptop.test:8080", True),
        (Base(), "https://laptop.test", "laptop.test", True),
        (Base(), "http://evil.test", "laptop.test:8080", False),
        (Base(), "null", "laptop.test", False),
        (Base(), "http://", "", False),
        (Base(), "file://laptop.test", "laptop.test", False),
    ],
)
def test_only_the_origin_of_our_own_pages_is_ours(
    base: Base, origin: str, host: str, *, is_ours: bool
) -> None:
    assert base.sent(origin, host=host) is is_ours


def test_every_host_is_ours_until_the_configuration_names_one() -> None:
    assert Base().is_ours("anything.test")
    assert HTTPS.is_ours("pages.council.example:443")
    assert not HTTPS.is_ours("evil.test")
    assert not HTTPS.is_ours("")
