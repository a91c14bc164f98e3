"""Entries as calendar programs read them: invitations and feeds. The only door of icalendar.

Moments are written in UTC and days as days, so that no program has to know a time zone of ours:
seven in the evening stays seven in the evening on both sides of a clock change. Entries come as
plain values, as the outbox and the store keep them, with names filled in.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from notifications.message import Mailbox, clean, plain_address

if TYPE_CHECKING:
    from icalendar import Calendar, Event, vCalAddress

PRODUCT = "-//peer-challenge//invitations//EN"
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
REFRESHED = timedelta(hours=6)
"""How often programs should look at a feed again."""

MOST_TITLE = 200
"""Characters of a title: longer ones are cut, with an ellipsis."""

_NOT_IN_NAMES = str.maketrans({'"': "'", "^": " "})

Values = Mapping[str, Any]
"""An entry: `key`, `title`, `uid`, `sequence`, `is_busy`, and its time.

That is `starts_at` and `ends_at`, or `first_on` and `last_on`, as ISO text. `reference` and
`client` say of which challenge it is, where they are known.
"""


def invitation(
    entry: Values, *, organizer: Mailbox, attendee: Mailbox, at: datetime
) -> tuple[str, str]:
    """Return the method and the text that put an entry into a calendar, move it or take it out.

    `at` (aware) is when the message was written: the same at each retry.

    Raises:
        UnsendableMessage: an address cannot be used.
    """
    method = CANCEL if entry.get("method") == CANCEL else REQUEST
    calendar, event = _calendar(method), _event(entry, at)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event["organizer"] = _person(organizer)
    event["attendee"] = _attendee(attendee)
    calendar.add_component(event)
    return method, calendar.to_ical().decode()


def feed(entries: Iterable[Values], name: str) -> bytes:
    """Return a calendar that programs fetch again and again, called `name`.

    The same entries give the same bytes.
    """
    calendar = _calendar(PUBLISH)
    calendar.add("x-wr-calname", _line(name))
    calendar.add("name", _line(name))
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        event = _event(entry, datetime.fromisoformat(entry["updated_at"]))
        event.add("status", "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar(method: str) -> "Calendar":
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(entry: Values, at: datetime) -> "Event":
    from icalendar import Event

    event = Event()
    put = event.add
    put("uid", _line(entry["uid"]))
    put("sequence", int(entry["sequence"]))
    put("dtstamp", at.astimezone(UTC).replace(microsecond=0))
    put("summary", _line(entry["title"]))
    put("description", _description(entry))
    for name, value in zip(("dtstart", "dtend"), _span(entry), strict=True):
        put(name, value)
    is_busy = bool(entry["is_busy"])
    put("transp", "OPAQUE" if is_busy else "TRANSPARENT")
    put("class", "PRIVATE")
    put("x-microsoft-cdo-busystatus", "BUSY" if is_busy else "FREE")
    return event


def _span(entry: Values) -> tuple[date, date]:
    """Return when an entry begins and ends: moments in UTC, or days, the last one not counted."""
    if "starts_at" in entry:
        starts, ends = (datetime.fromisoformat(entry[key]) for key in ("starts_at", "ends_at"))
        return starts.astimezone(UTC), ends.astimezone(UTC)
    first, last = (date.fromisoformat(entry[key]) for key in ("first_on", "last_on"))
    return first, last + timedelta(days=1)


def _description(entry: Values) -> str:
    """Return of which challenge an entry is; nothing of what is found there is ever said."""
    about = ", ".join(_line(entry[key]) for key in ("reference", "client") if entry.get(key))
    of = f" Peer challenge {about}." if about else ""
    return f"This entry follows its challenge by itself: when that changes, it does.{of}"


def _person(mailbox: Mailbox) -> "vCalAddress":
    from icalendar import vCalAddress

    address = vCalAddress(f"mailto:{plain_address(mailbox.address)}")
    name = _line(mailbox.name).translate(_NOT_IN_NAMES)
    if name:
        address.params["CN"] = name
    return address


def _attendee(mailbox: Mailbox) -> "vCalAddress":
    address = _person(mailbox)
    parameters = (
        ("CUTYPE", "INDIVIDUAL"),
        ("ROLE", "REQ-PARTICIPANT"),
        ("PARTSTAT", "NEEDS-ACTION"),
        ("RSVP", "FALSE"),
    )
    for name, value in parameters:
        address.params[name] = value
    return address


def _line(text: str) -> str:
    """Return a text on one line, without anything that does not print."""
    line = clean(str(text))
    return line if len(line) <= MOST_TITLE else line[: MOST_TITLE - 1].rstrip() + "…"
