"""Microsoft 365: SMTP with a token instead of a password (XOAUTH2). The only door of msal.

The URL is `m365://client-id:secret@tenant-id/sender@council.example`; with a certificate instead of
a secret, `m365://client-id@tenant-id/sender@council.example?certificate=/path.pem`, a file with the
private key and the certificate. The application is registered with the tenant, has the permission
SMTP.SendAsApp of Office 365 Exchange Online, and is allowed to send as the mailbox.

A mailbox may not send under another address, not even one of its own with a tag. The envelope
therefore names the mailbox: what is refused later comes back to it, and is known by its Message-ID.
"""

import ssl
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from notifications.mailserver import MailServer, MicrosoftAccount
from notifications.message import Message, clean
from notifications.transport import Patience, SMTPTransport, TransportError
from workflow.model.errors import InvalidInput

AUTHORITY = "https://login.microsoftonline.com"
SCOPES = ("https://outlook.office365.com/.default",)
MISSING = (
    "mail by Microsoft 365 needs a library that is not installed;"
    ' install the extra m365: pip install "peer-challenge[m365]"'
)
TOKEN_SECONDS = 30.0


class Tokens(Protocol):
    """Something that gives the word that opens a mailbox."""

    def token(self) -> str:
        """Return a token that is valid now; raise `TransportError` where there is none."""

    def forget(self) -> None:
        """Keep no token: the next one is a new one."""

    def close(self) -> None:
        """Let go of what was opened, and keep the token."""


class MicrosoftTransport:
    """Sends as one mailbox of Microsoft 365. A token is asked for when a connection is opened.

    Raises:
        InvalidInput: the library is not installed.
    """

    def __init__(
        self,
        account: MicrosoftAccount,
        *,
        tokens: Tokens | None = None,
        server: MailServer | None = None,
        patience: Patience | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._tokens = tokens or AuthorityTokens(account)
        self._smtp = SMTPTransport(
            server or account.server, patience=patience, tls=tls, token=self._tokens.token
        )

    def send(self, message: Message) -> None:
        """Send `message`, or raise `TransportError` or `UnsendableMessage`."""
        try:
            self._smtp.send(replace(message, return_path=""))
        except TransportError as error:
            if error.is_whole_server:
                # a token may have been withdrawn before its time
                self._tokens.forget()
            raise

    def close(self) -> None:
        """Let go of the connection; the token is kept as long as it is valid."""
        self._smtp.close()
        self._tokens.close()


class AuthorityTokens:
    """Asks the tenant's authority for tokens, and keeps each as long as it is valid.

    Raises:
        InvalidInput: the library is not installed.
    """

    def __init__(self, account: MicrosoftAccount, *, authority: str = AUTHORITY) -> None:
        if not _is_installed():
            raise InvalidInput(MISSING)
        self._account, self._authority = account, authority
        self._application: Any = None

    def token(self) -> str:
        """Return a token: the one that is kept, or a new one shortly before that is over.

        Raises:
            TransportError: the authority is away or refuses; no message can be sent then.
        """
        from msal.exceptions import MsalError  # type: ignore[import-untyped]

        try:
            answer = self._opened().acquire_token_for_client(scopes=list(SCOPES))
        except (OSError, ValueError, TypeError, MsalError) as error:
            # away, or not what an authority says; or a certificate without its pass phrase
            raise self._trouble(str(error) or type(error).__name__) from error
        token = answer.get("access_token")
        if not token:
            raise self._trouble(str(answer.get("error_description") or answer.get("error")))
        return str(token)

    def forget(self) -> None:
        """Keep no token."""
        if self._application is not None:
            self._application.remove_tokens_for_client()

    def close(self) -> None:
        """Let go of the connection."""
        if self._application is not None:
            self._application.http_client.close()

    def _opened(self) -> Any:  # noqa: ANN401  (the library has no types)
        if self._application is None:
            from msal import (  # type: ignore[import-untyped]
                ConfidentialClientApplication,
            )

            self._application = ConfidentialClientApplication(
                self._account.client_id,
                client_credential=self._credential(),
                authority=f"{self._authority}/{self._account.tenant_id}",
                instance_discovery=False if self._authority != AUTHORITY else None,
                timeout=TOKEN_SECONDS,
            )
        return self._application

    def _credential(self) -> str | dict[str, str]:
        if not self._account.certificate:
            return self._account.secret
        text = Path(self._account.certificate).read_text(encoding="ascii")
        phrase = {"passphrase": self._account.secret} if self._account.secret else {}
        return {"private_key": text, "public_certificate": text, **phrase}

    def _trouble(self, reason: str) -> TransportError:
        client, tenant = self._account.client_id, self._account.tenant_id
        hidden = reason.replace(self._account.secret, "…") if self._account.secret else reason
        text = f"no token for client {client} of tenant {tenant}: {clean(hidden)[:300]}"
        return TransportError(text, is_whole_server=True)


def _is_installed() -> bool:
    try:
        return find_spec("msal") is not None
    except ValueError:  # it was taken away
        return False
