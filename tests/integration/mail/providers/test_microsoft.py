"""Microsoft 365: a token from an authority opens the mailbox; without one nothing is said."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from subprocess import run
from urllib.parse import parse_qs

import pytest

from notifications.mailserver import MailServer, MicrosoftAccount, Security
from notifications.message import encode
from notifications.providers.choice import open_transport
from notifications.providers.microsoft import AuthorityTokens, MicrosoftTransport
from notifications.transport import Patience, TransportError
from tests.integration.mail.certificates import Certificate, certificate
from tests.integration.mail.faulty import Plan, serving
from tests.integration.mail.providers.serving import Answer, Asked, serving_http
from tests.unit.notifications.messages import make_message
from workflow.model.errors import InvalidInput

__all__ = ["certificate"]
PATIENCE = Patience(greeting=5, command=5, data=5)
SECRET = "client-secret-word"  # noqa: S105  (invented)
SENDER = "challenges@programme.example"
ACCOUNT = MicrosoftAccount(client_id="client-7", tenant_id="tenant-9", sender=SENDER, secret=SECRET)


@dataclass
class Authority:
    """What gives tokens: each lives for `seconds`. `says` is said instead, where it is set."""

    seconds: int = 3600
    says: Answer | None = None
    port: int = 0
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return where it is."""
        return f"https://localhost:{self.port}"

    def answer(self, asked: Asked) -> Answer:
        """Say where tokens are, or give one."""
        base = f"{self.url}/tenant-9"
        if "openid-configuration" in asked.path:
            paths = {"authorization_endpoint": "authorize", "token_endpoint": "token"}
            known = {key: f"{base}/oauth2/v2.0/{path}" for key, path in paths.items()}
            return Answer(content={**known, "issuer": base})
        self.asked.append(parse_qs(asked.body))
        if self.says is not None:
            return self.says
        token = f"token-{len(self.asked)}"
        given = {"token_type": "Bearer", "access_token": token, "expires_in": self.seconds}
        return Answer(content=given)


@contextmanager
def authority_running(certificate: Certificate, authority: Authority) -> Iterator[Authority]:
    with serving_http(authority.answer, tls=certificate.served) as port:
        authority.port = port
        yield authority


@pytest.fixture(autouse=True)
def trust(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the authority's certificate, as one does that of a proxy."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.path))


def tokens_of(
    authority: Authority, account: MicrosoftAccount = ACCOUNT
) -> closing[AuthorityTokens]:
    return closing(AuthorityTokens(account, authority=authority.url))


def transport_of(authority: Authority, certificate: Certificate, port: int) -> MicrosoftTransport:
    server = MailServer(host="localhost", port=port, security=Security.STARTTLS, user=SENDER)
    return MicrosoftTransport(
        ACCOUNT,
        tokens=AuthorityTokens(ACCOUNT, authority=authority.url),
        server=server,
        patience=PATIENCE,
        tls=certificate.trusted,
    )


def test_a_token_opens_the_mailbox_and_is_kept_for_the_next_connection(
    certificate: Certificate,
) -> None:
    plan = Plan(tls=certificate.served, tokens={"token-1"})
    messages = [make_message(number) for number in range(4)]
    with authority_running(certificate, Authority()) as authority, serving(plan) as port:
        transport = transport_of(authority, certificate, port)
        for number, message in enumerate(messages):
            transport.send(replace(message, return_path="challenges+b7.k@programme.example"))
            if number % 2:
                transport.close()
    assert plan.taken == [encode(message) for message in messages]
    assert (plan.connections, len(authority.asked)) == (2, 1)
    assert plan.said_in_clear() == {"EHLO", "STARTTLS"}
    asked = authority.asked[0]
    assert asked["grant_type"] == ["client_credentials"]
    assert asked["client_id"] == ["client-7"]
    assert asked["client_secret"] == [SECRET]
    assert asked["scope"] == ["https://outlook.office365.com/.default"]


def test_the_mailbox_sends_under_its_own_address_only(certificate: Certificate) -> None:
    plan = Plan(tls=certificate.served, tokens={"token-1"})
    with authority_running(certificate, Authority()) as authority, serving(plan) as port:
        transport = transport_of(authority, certificate, port)
        transport.send(replace(make_message(), return_path="challenges+b7.k@programme.example"))
        transport.close()
    assert plan.senders == [SENDER]


def test_a_token_that_is_nearly_over_is_renewed(certificate: Certificate) -> None:
    with (
        authority_running(certificate, Authority(seconds=60)) as authority,
        tokens_of(authority) as tokens,
    ):
        assert [tokens.token(), tokens.token()] == ["token-1", "token-2"]


def test_a_token_that_was_withdrawn_is_asked_for_again_after_the_refusal(
    certificate: Certificate,
) -> None:
    plan = Plan(tls=certificate.served, tokens={"token-2"})
    with authority_running(certificate, Authority()) as authority, serving(plan) as port:
        transport = transport_of(authority, certificate, port)
        with pytest.raises(TransportError, match="535") as caught:
            transport.send(make_message())
        assert caught.value.is_whole_server
        assert "token-1" not in str(caught.value)
        transport.send(make_message())
        transport.close()
    assert plan.taken == [encode(make_message())]


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (
            Answer(401, {"error": "invalid_client", "error_description": f"bad secret {SECRET}"}),
            "bad secret",
        ),
        (Answer(400, {"error": "unauthorized_client"}), "unauthorized_client"),
        (Answer(500, b"<html>"), "no token for client client-7 of tenant tenant-9"),
        (Answer(does="drop"), "no token for client client-7 of tenant tenant-9"),
    ],
)
def test_trouble_with_the_authority_concerns_all_mail_and_hides_the_secret(
    says: Answer, words: str, certificate: Certificate
) -> None:
    plan = Plan(tls=certificate.served, tokens={"token-1"})
    with authority_running(certificate, Authority(says=says)) as authority, serving(plan) as port:
        transport = transport_of(authority, certificate, port)
        with pytest.raises(TransportError, match=words) as caught:
            transport.send(make_message())
        transport.close()
    assert caught.value.is_whole_server
    assert not caught.value.is_permanent
    assert SECRET not in str(caught.value)
    assert plan.begun == 0
    assert plan.said_in_clear() == {"EHLO", "STARTTLS"}


def test_an_authority_that_nobody_knows_gives_no_token(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.another.path))
    with (
        authority_running(certificate, Authority()) as authority,
        tokens_of(authority) as tokens,
        pytest.raises(TransportError, match="no token") as caught,
    ):
        tokens.token()
    assert caught.value.is_whole_server
    assert authority.asked == []


def test_an_authority_that_is_away_gives_no_token(certificate: Certificate) -> None:
    with authority_running(certificate, Authority()) as authority:
        pass
    with (
        tokens_of(authority) as tokens,
        pytest.raises(TransportError, match="no token") as caught,
    ):
        tokens.token()
    assert caught.value.is_whole_server


def test_a_certificate_may_stand_for_the_secret(certificate: Certificate) -> None:
    account = replace(ACCOUNT, secret="", certificate=str(certificate.another.path))
    with (
        authority_running(certificate, Authority()) as authority,
        tokens_of(authority, account) as tokens,
    ):
        assert tokens.token() == "token-1"
    (asked,) = authority.asked
    assert asked["client_assertion_type"] == [
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    ]
    assert "client_secret" not in asked


def test_a_certificate_that_is_not_there_is_said(certificate: Certificate) -> None:
    account = replace(ACCOUNT, secret="", certificate="/nowhere/at/all.pem")
    with (
        authority_running(certificate, Authority()) as authority,
        tokens_of(authority, account) as tokens,
        pytest.raises(TransportError, match=r"/nowhere/at/all\.pem") as caught,
    ):
        tokens.token()
    assert caught.value.is_whole_server


def test_a_certificate_with_a_pass_phrase_that_is_not_given_is_said(
    certificate: Certificate, tmp_path: Path
) -> None:
    locked = tmp_path / "locked.pem"
    asked = ("openssl", "pkcs8", "-topk8", "-passout", "pass:a-word", "-out", str(locked))
    run([*asked, "-in", str(certificate.another.path)], check=True, capture_output=True)
    locked.write_bytes(locked.read_bytes() + certificate.another.path.read_bytes())
    account = replace(ACCOUNT, secret="", certificate=str(locked))
    with (
        authority_running(certificate, Authority()) as authority,
        tokens_of(authority, account) as tokens,
        pytest.raises(TransportError, match=r"no token for client client-7 .*not given") as caught,
    ):
        tokens.token()
    assert caught.value.is_whole_server


def test_without_its_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msal", None)
    with pytest.raises(InvalidInput) as caught:
        open_transport(f"m365://client-7:{SECRET}@tenant-9/{SENDER}")
    assert str(caught.value) == (
        "mail by Microsoft 365 needs a library that is not installed;"
        ' install the extra m365: pip install "peer-challenge[m365]"'
    )
