"""GOV.UK Notify: mail by an API. The only door of notifications_python_client.

The URL is `notify://api-key@template-id`. The template is made once on Notify's pages: its subject
is `((subject))` and its message `((text))`. The sender's name, the address that answers go to and
the look of the message are settings of the service there. What a message has beside its subject
and text (HTML, headers, a return path, an entry for a calendar) cannot be sent this way: an
invitation's text has the day and the hour all the same.

Notify keeps a reference with each message, which is our Message-ID. It is asked for before a
message is sent, so that one that was taken already, with its answer lost, is not sent twice.
"""

import logging
import socket
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from notifications.mailserver import NOTIFY_HOST, NotifyAccount
from notifications.message import Message, clean, encode
from notifications.transport import TransportError
from workflow.model.errors import InvalidInput

ADDRESS = f"https://{NOTIFY_HOST}"
SECONDS = 30
MISSING = (
    "mail by GOV.UK Notify needs a library that is not installed;"
    ' install the extra notify: pip install "peer-challenge[notify]"'
)

_PERMANENT, _AGAIN = "permanent-failure", frozenset({"temporary-failure", "technical-failure"})
_TAKEN, _REFUSED = 2, 4
_BAD_REQUEST, _OF_THE_SERVICE = 400, frozenset({401, 403, 404, 429})
_OF_THE_TEMPLATE = ("template", "missing personalisation")
_UNREACHED = (ConnectionRefusedError, socket.gaierror)


class NotifyTransport:
    """Sends through one template of a service of GOV.UK Notify.

    Raises:
        InvalidInput: the library is not installed.
    """

    def __init__(
        self, account: NotifyAccount, *, address: str = ADDRESS, seconds: float = SECONDS
    ) -> None:
        if not _is_installed():
            raise InvalidInput(MISSING)
        self._account, self._address, self._seconds = account, address, seconds
        self._client: Any = None

    def send(self, message: Message) -> None:
        """Send `message`, unless Notify has it; it has been taken when this returns."""
        encode(message)  # what no other transport would send is not sent here
        status = self.status_of(message.message_id)
        if status == _PERMANENT:
            text = f"GOV.UK Notify could not deliver to {message.to.address}: {status}"
            raise TransportError(text, permanent=True)
        if status is None or status in _AGAIN:
            self._post(message)

    def status_of(self, message_id: str) -> str | None:
        """Return what became of a message, in Notify's words; None when it does not know it.

        Raises:
            TransportError: Notify cannot be asked.
        """
        from notifications_python_client.errors import APIError

        try:
            answer = self._opened().get_all_notifications(reference=message_id)
            statuses = [str(found["status"]) for found in answer["notifications"]]
        except APIError as error:
            raise TransportError(_said("asked", error), is_whole_server=True) from error
        except (LookupError, TypeError) as error:
            text = "GOV.UK Notify, asked: the answer is not one of Notify's"
            raise TransportError(text, is_whole_server=True) from error
        return statuses[0] if statuses else None

    def close(self) -> None:
        """Let go of the connection."""
        client, self._client = self._client, None
        if client is not None:
            client.request_session.close()

    def _post(self, message: Message) -> None:
        from notifications_python_client.errors import APIError

        try:
            self._opened().send_email_notification(
                email_address=message.to.address,
                template_id=self._account.template_id,
                personalisation={"subject": clean(message.subject), "text": message.text},
                reference=message.message_id,
            )
        except APIError as error:
            raise _trouble(error) from error

    def _opened(self) -> Any:  # noqa: ANN401  (the library's methods have no types)
        if self._client is None:
            from notifications_python_client.notifications import NotificationsAPIClient

            # it would write each failure to standard error, and then raises it
            logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)
            self._client = NotificationsAPIClient(  # type: ignore[no-untyped-call]
                self._account.key, base_url=self._address, timeout=self._seconds
            )
        return self._client


def _trouble(error: Any) -> TransportError:  # noqa: ANN401  (loaded when it is needed)
    """Return what a failed request means: of an answer, and of none."""
    text = _said("sending", error)
    if getattr(error, "response", None) is None:
        is_unreached = any(isinstance(cause, _UNREACHED) for cause in _causes(error))
        if is_unreached:
            return TransportError(text, is_whole_server=True)
        return TransportError(f"{text}; it may have been taken", is_uncertain=True)
    code, words = error.status_code, str(error.message).lower()
    is_setup = code == _BAD_REQUEST and any(part in words for part in _OF_THE_TEMPLATE)
    if is_setup or code in _OF_THE_SERVICE:
        return TransportError(text, is_whole_server=True)
    kind = code // 100
    return TransportError(text, permanent=kind == _REFUSED, is_uncertain=kind == _TAKEN)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _said(doing: str, error: Any) -> str:  # noqa: ANN401  (loaded when it is needed)
    if getattr(error, "response", None) is None:
        reason = clean(str(error.__cause__ or error))
        return f"GOV.UK Notify, {doing}: no answer ({reason[:300]})"
    message = error.message
    found = message if isinstance(message, list) else [{"message": message}]
    words = "; ".join(str(part.get("message", part)) for part in found if isinstance(part, dict))
    return f"GOV.UK Notify, {doing}: {error.status_code} {clean(words)[:300]}"


def _is_installed() -> bool:
    try:
        return find_spec("notifications_python_client") is not None
    except ValueError:  # it was taken away
        return False
