"""What is written to people and what they write back: mail, answers, pages and calendars, wired.

Everything heavy is imported where it is first needed.
"""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from settings import PREFIX, Settings, link_keys
from workflow.model.errors import InvalidInput
from workflow.store import schema
from workflow.usecases import UseCases

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from notifications.courier import Courier
    from notifications.delivery.conduct import Conduct
    from notifications.incoming.collector import Collected
    from notifications.office import Stationery
    from workflow.auditing.heads import Heads
    from workflow.store.database import Link
    from workflow.tokens import FeedLink, Keys


class Mailroom(UseCases):
    """The parts that speak with people, by the settings; each is made when it is first used."""

    settings: Settings
    is_rehearsal: bool

    @cached_property
    def courier(self) -> "Courier":
        """What sends the mail; InvalidInput where no mail server is set."""
        return self.new_courier()

    def new_courier(self) -> "Courier":
        """Return one more courier: each thread that sends has its own.

        Raises:
            InvalidInput: no mail server is set.
        """
        from notifications.office import open_courier

        return open_courier(
            self.database,
            self.clock,
            self.settings.smtp_url,
            stationery=self.stationery,
            conduct=self.conduct,
        )

    @property
    def conduct(self) -> "Conduct":
        """When mail rests, and how fast it goes: in a rehearsal, whose clock stands, at once."""
        from notifications.delivery.conduct import Conduct
        from notifications.delivery.quiet import DEFAULT_HOURS, read_quiet
        from notifications.office import read_rate

        mail = self.settings
        hours = mail.quiet_hours or DEFAULT_HOURS
        rate = read_rate(mail.mail_rate)
        holidays = self.calendars.holidays()
        return Conduct(
            quiet=read_quiet(hours, mail.quiet_days, is_holiday=holidays),
            look_up=holidays.look_up,
            most_a_minute=None if self.is_rehearsal and not mail.mail_rate else rate,
            refused=self.deliveries.refused,
        )

    @cached_property
    def heads(self) -> "Heads":
        """What tells the head of the audit log to those outside who keep it."""
        from workflow.auditing.heads import Heads

        readers = tuple(filter(None, self.settings.anchor_to.replace(",", " ").split()))
        return Heads(self.database, self.clock, readers=readers, file=self.settings.anchor_file)

    @cached_property
    def keys(self) -> "Keys":
        """The keys that sign links; made when they are needed for the first time."""
        return link_keys(self.settings, self.database.name)

    def feed_address(self, link: "Link", person: int, *, is_new: bool = False) -> str:
        """Return the private address of somebody's calendar, made when there is none.

        Raises:
            InvalidInput: the site has no address.
        """
        if not self.stationery.desk.base_url:
            raise InvalidInput(f"calendars need the address of the site: set {PREFIX}BASE_URL")
        from workflow.store.correspondence import feeds

        found = None if is_new else feeds.number(link, person)
        number = feeds.renew(link, person) if found is None else found
        return self.stationery.desk.feed(person, number)

    def feed(self, address: "FeedLink") -> bytes | None:
        """Return the calendar behind a private address; None where it works no more."""
        from notifications import entries
        from workflow.store.correspondence import feeds, invitations

        with self.database.reading() as link:
            if feeds.number(link, address.person) != address.number:
                return None
            found = invitations.feed(link, address.person)
        return entries.feed(found, "Peer challenges")

    def collect(
        self, *, wait_seconds: float = 0, is_stopping: Callable[[], bool] = lambda: False
    ) -> "Collected":
        """Take the mail that came in, and listen for more for some seconds where that is possible.

        Raises:
            InvalidInput: the mailbox's URL cannot be read.
            Unavailable: the mailbox is away; what came in stays there.
        """
        from notifications.incoming.account import parse_imap_url
        from notifications.incoming.collector import Collector
        from notifications.incoming.mailbox import open_mailbox

        account = parse_imap_url(self.settings.imap_url)
        collector = Collector(self.database, self.clock, self.keys, answers=self.settlements)
        with open_mailbox(account) as mailbox:
            collected = collector.collect(mailbox, is_stopping=is_stopping)
            if wait_seconds and mailbox.wait(wait_seconds, is_stopping=is_stopping):
                collected = collected + collector.collect(mailbox, is_stopping=is_stopping)
        return collected

    @cached_property
    def pages(self) -> "ASGIApp":
        """The pages behind the links of e-mails."""
        from web.app import make_app
        from web.ports import Site

        site = Site(
            answers=self.answers,
            clock=self.clock,
            keys=self.keys,
            feed=self.feed,
            is_ready=self.is_ready,
            base_url=self.stationery.desk.base_url,
            is_rehearsal=self.is_rehearsal,
        )
        return make_app(site)

    def is_ready(self) -> bool:
        """Return whether the database answers, at the schema that the program knows."""
        schema.check(self.database)
        return True

    @cached_property
    def stationery(self) -> "Stationery":
        """How messages are written, and where answers to them go."""
        from notifications.links import Desk
        from notifications.office import Stationery
        from web.address import read_base_url

        settings = self.settings
        base_url = settings.base_url.strip().rstrip("/")
        read_base_url(base_url)
        if settings.mail_answers:
            _check_address(settings.mail_answers)
        has_desk = bool(base_url or settings.mail_answers)
        desk = Desk(
            keys=self.keys if has_desk else None, base_url=base_url, mailbox=settings.mail_answers
        )
        return Stationery(mail_from=settings.mail_from, templates=settings.templates, desk=desk)


def _check_address(text: str) -> None:
    from notifications.message import UnsendableMessage, plain_address

    try:
        plain_address(text)
    except UnsendableMessage as error:
        raise InvalidInput(f"{PREFIX}MAIL_ANSWERS: {error}") from error
