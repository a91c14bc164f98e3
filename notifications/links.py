"""Where answers come in: the pages behind the links of a message, and the addresses of replies."""

from dataclasses import dataclass
from datetime import datetime

from notifications.message import plain_address
from workflow.tokens import (
    BOUNCE,
    GOOD_FOR,
    REPLY,
    AnswerLink,
    FeedLink,
    Keys,
    address_tag,
    answer_token,
)
from workflow.tokens import feed_token as signed_feed

MOST_LOCAL = 64
"""Characters before the @, by RFC 5321."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What takes answers. Without `keys` nothing does; without `base_url` there are no pages.

    `mailbox` is the address whose mail is read; it takes what is added to it after a +.
    """

    keys: Keys | None = None
    base_url: str = ""
    mailbox: str = ""

    def page(self, message: int, task: str, *, raised_at: datetime) -> str:
        """Return the address of the page that takes an answer about a task; empty without pages."""
        if self.keys is None or not self.base_url:
            return ""
        link = AnswerLink(message=message, task=task)
        return f"{self.base_url}/a/{answer_token(self.keys, link, until=raised_at + GOOD_FOR)}"

    def feed(self, person: int, number: int) -> str:
        """Return the private address of somebody's calendar; empty without pages."""
        if self.keys is None or not self.base_url:
            return ""
        return f"{self.base_url}/feed/{signed_feed(self.keys, FeedLink(person, number))}.ics"

    def reply_to(self, message: int, *, raised_at: datetime) -> str:
        """Return the address for answers to a message; empty where no mailbox is read."""
        return self._tagged(REPLY, message, raised_at)

    def return_path(self, message: int, *, raised_at: datetime) -> str:
        """Return the address for what cannot be delivered; empty where no mailbox is read."""
        return self._tagged(BOUNCE, message, raised_at)

    def _tagged(self, purpose: str, message: int, raised_at: datetime) -> str:
        if self.keys is None or not self.mailbox:
            return ""
        local, _, domain = plain_address(self.mailbox).partition("@")
        tagged = f"{local}+{address_tag(self.keys, purpose, message, raised_at=raised_at)}"
        return f"{tagged}@{domain}" if len(tagged) <= MOST_LOCAL else self.mailbox
