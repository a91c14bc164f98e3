"""Options and arguments that several commands share, and how dates are read."""

from calendar import day_abbr
from collections.abc import Callable
from datetime import UTC, date, datetime

import click

from console.frame import Option, stacked
from console.session import Session
from workflow.model.errors import InvalidInput

_DAY_FORMS = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%A %d %B %Y", "%a %d %b %Y")
_MOMENT_FORMS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d %B %Y %H:%M")

_MOST_NUMBER = 2**31 - 1


def read_day(text: str) -> date | None:
    """Return the day that `text` names, as 2027-03-27 or 27 March 2027; None if it names none."""
    found = _read(text, _DAY_FORMS)
    return found.date() if found else None


def read_moment(text: str) -> datetime | None:
    """Return the local time that `text` names, such as 2027-03-27T09:00; None if it names none."""
    return _read(text, _MOMENT_FORMS)


def _read(text: str, forms: tuple[str, ...]) -> datetime | None:
    plain = " ".join(text.replace(",", " ").split())
    for form in forms:
        try:
            found = datetime.strptime(plain, form)  # noqa: DTZ007  (a local day or time)
        except ValueError:
            continue
        return found if _is_that_weekday(plain, form, found) else None
    return None


def _is_that_weekday(plain: str, form: str, found: datetime) -> bool:
    """Return whether a day is the day of the week that it is called, if it is called one."""
    name, said = form.partition(" ")[0], plain.partition(" ")[0]
    return name not in {"%A", "%a"} or found.strftime(name).casefold() == said.casefold()


class Day(click.ParamType[date]):
    """A day, as an option has it."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day."""
        found = value if isinstance(value, date) else read_day(str(value))
        if found is None:
            self.fail(f"{value!r} is not a date; write 2027-03-27 or 27 March 2027", param, ctx)
        return found


class Number(click.ParamType[int]):
    """The number of something in the database, as far as one can count there."""

    name = "integer"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number."""
        text = str(value)
        is_number = text.isdecimal() and len(text) <= len(str(_MOST_NUMBER))
        if not is_number or not 0 < int(text) <= _MOST_NUMBER:
            self.fail(f"{text[:20]!r} cannot be the number of anything", param, ctx)
        return int(text)


class DayOrMoment(click.ParamType[tuple[date, datetime | None]]):
    """A day, or a moment of it where hours count, as an option has it."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[date, datetime | None]:
        """Return the day, and the moment where there is one."""
        if isinstance(value, tuple):
            return value
        return day_and_moment(str(value))


class Pair(click.ParamType[tuple[str, str]]):
    """`KEY=VALUE`."""

    name = "key=value"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return the key and the value."""
        key, equals, text = str(value).partition("=")
        if not (key.strip() and equals and text.strip()):
            self.fail(f"{value!r} is not KEY=VALUE", param, ctx)
        return key.strip(), text.strip()


DAY = Day()
MOMENT = DayOrMoment()
PAIR = Pair()
NUMBER = Number()


def _note(name: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    """Return a callback that notes a flag in the session, so that commands need not carry it."""

    def note(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: FBT001
        if value:
            setattr(ctx.ensure_object(Session), name, True)

    return note


def _flag(*names: str, notes: str, text: str) -> Option:
    return click.option(
        *names, is_flag=True, expose_value=False, is_eager=True, callback=_note(notes), help=text
    )


as_json = _flag("--json", notes="is_json", text="One JSON object instead of text.")
dry_run = _flag(
    "-n", "--dry-run", notes="is_dry_run", text="Show what would follow; change nothing."
)
sure = _flag("--yes", notes="is_sure", text="Do not ask.")
changes = stacked([dry_run, as_json])

reference = click.argument("reference", metavar="REF")
reason = click.option("--reason", default="", metavar="TEXT", help="Why; it stays in the history.")
needed_reason = click.option(
    "--reason", required=True, metavar="TEXT", help="Why; it stays in the history."
)


def day_and_moment(text: str) -> tuple[date, datetime | None]:
    """Return the day that an argument names, and the moment where it has a time of day.

    Raises:
        UsageError: it is neither.
    """
    try:
        return told_day(text)
    except InvalidInput as error:
        raise click.UsageError(f"{text!r} is {error}") from error


def told_day(text: str) -> tuple[date, datetime | None]:
    """Return the day that a text names, and the moment where it has a time of day.

    Raises:
        InvalidInput: it is neither; the message says what it is instead.
    """
    import bootstrap

    day = read_day(text)
    if day is not None:
        return day, None
    local, (name, _, rest) = read_moment(text), text.strip().partition(" ")
    meant = read_day(rest) if name[:3].title() in day_abbr else None
    if local is None and meant is not None:
        raise InvalidInput(f"not a date: that day is a {meant:%A}")
    if local is None:
        raise InvalidInput("not a date; write 2027-03-27, 27 March 2027 or 2027-03-27T09:00")
    moment = local.replace(tzinfo=bootstrap.ZONE)
    if moment.astimezone(UTC).astimezone(bootstrap.ZONE).replace(tzinfo=None) != local:
        raise InvalidInput("no time of that day: the clocks go forward and skip it")
    return local.date(), moment
