"""Chooses the transport that a URL names. What a provider needs is loaded for its own URL only."""

from pathlib import Path

from notifications.mailserver import folder_of, microsoft_of, notify_of, parse_mail_url
from notifications.transport import FolderTransport, SMTPTransport, Transport


def open_transport(url: str) -> Transport:
    """Return the transport that `url` names; nothing is connected to yet.

    Raises:
        InvalidInput: it names none, or one whose library is not installed.
    """
    folder = folder_of(url)
    if folder is not None:
        return FolderTransport(Path(folder))
    microsoft = microsoft_of(url)
    if microsoft is not None:
        from notifications.providers.microsoft import MicrosoftTransport

        return MicrosoftTransport(microsoft)
    notify = notify_of(url)
    if notify is not None:
        from notifications.providers.notify import NotifyTransport

        return NotifyTransport(notify)
    return SMTPTransport(parse_mail_url(url))
