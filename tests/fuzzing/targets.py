"""One target for each parser: any bytes may come, only errors for users may leave.

A target takes bytes, and returns or raises; `judging` says what is wrong with that.
"""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qsl

from console.intake.calendars import read_holidays
from console.intake.people import read_people
from console.intake.table import read_rows
from console.options import read_day, read_moment
from definitions import loader
from notifications.incoming.account import parse_imap_url
from notifications.incoming.automatic import accepted
from notifications.incoming.days import days_in, times_in
from notifications.incoming.hypertext import plain_text
from notifications.incoming.intent import intent_of
from notifications.incoming.quoting import prepared
from notifications.incoming.reading import read_mail
from notifications.render import look_into
from settings import parse_now, read_settings
from tests.fuzzing.judging import Target
from tests.unit.web.desk import NOW, questions
from web.form import Typed, read
from workflow.auditing.exported import verify_lines
from workflow.model.errors import WorkflowError
from workflow.model.language.conditions import parse_occasion, parse_opening, parse_requirement
from workflow.model.language.rungs import parse_rung_time
from workflow.model.language.selections import (
    parse_count,
    parse_for_each,
    parse_quiet_days,
    parse_span,
)
from workflow.model.language.timing import parse_amount, parse_time_of_day, parse_timing
from workflow.model.log import notes
from workflow.store.backups import manifest
from workflow.store.log.signatures import is_signed
from workflow.tokens import Keys, read_answer, read_feed, read_keys, read_tag

_FOLDER = Path(os.environ.get("TMPDIR", "/tmp")) / f"fuzzing-{os.getpid()}"  # noqa: S108
_ON, _AT = date(2027, 3, 9), datetime(2027, 3, 9, 12, tzinfo=UTC)
_PARSERS: tuple[Callable[[str], object], ...] = (
    parse_timing, parse_amount, parse_requirement, parse_opening, parse_occasion, parse_for_each,
    parse_count, parse_quiet_days, parse_span, parse_rung_time, parse_time_of_day,
)  # fmt: skip
_KEYS = Keys(("k" * 32,))
_VERIFIER = notes.verifier_of(b"\x01" * 32)


def definition(data: bytes) -> object:
    """Read a definition, and check all of it."""
    return loader.check(data, file="f")


def phrase(data: bytes) -> object:
    """Read a phrase of the language; the first byte chooses the kind."""
    return _PARSERS[data[0] % len(_PARSERS)](_text(data[1:])) if data else None


def day(data: bytes) -> object:
    """Read days and times, as commands and mails say them."""
    text = _text(data)
    found = read_day(text), read_moment(text), times_in(text)
    for is_past in (True, False):
        days_in(text, on=_ON, is_past=is_past)
    parse_now(text)
    return found


def table(data: bytes) -> object:
    """Read a CSV file of people."""
    return read_people(_file("people.csv", data))


def workbook(data: bytes) -> object:
    """Read a spreadsheet."""
    return read_rows(_file("people.xlsx", data), needed=("name",))


def holidays(data: bytes) -> object:
    """Read a file of holidays."""
    return read_holidays(_file("holidays.csv", data))


def template(data: bytes) -> object:
    """Read a template of messages, and look at what it asks for."""
    return look_into(_text(data), name="t.text.txt")


def mail(data: bytes) -> object:
    """Read a mail that came in: a reply, a bounce, a calendar's answer."""
    found = read_mail(data)
    return intent_of(found.said, destroys=True, on=_ON)


def words(data: bytes) -> object:
    """Read what somebody wrote: without what they quoted, out of HTML, for what it means."""
    text = _text(data)
    return prepared(text), plain_text(text), intent_of(text, destroys=False, on=_ON), accepted(text)


def token(data: bytes) -> object:
    """Read what links and addresses carry, none of which was signed by us."""
    text = _text(data)
    read_tag(_KEYS, text)
    for read_one in (
        lambda: read_keys(text),
        lambda: read_feed(_KEYS, text),
        lambda: read_answer(_KEYS, text, at=_AT),
    ):
        _shown(read_one)
    return None


def configuration(data: bytes) -> object:
    """Read the file of settings, and the URL of a mailbox."""
    _shown(lambda: parse_imap_url(_text(data)))
    return read_settings({"config": _file("settings.toml", data)}, {})


def note(data: bytes) -> object:
    """Read signed notes, and the keys that check them."""
    text = _text(data)
    _shown(lambda: notes.read_verifier(text))
    for one in notes.notes_in(text):
        _shown(lambda one=one: notes.read_checkpoint(one, _VERIFIER, is_signed))  # type: ignore[misc]
    return notes.read_checkpoint(text, _VERIFIER, is_signed)


def log(data: bytes) -> object:
    """Verify the lines of an exported log."""
    return verify_lines(_text(data).splitlines(keepends=True))


def backup(data: bytes) -> object:
    """Read the manifest of a backup, and say how it differs from what was found."""
    _file(f"b.db{manifest.SUFFIX}", data)
    found = manifest.read(_FOLDER / "b.db")
    return found.text


def form(data: bytes) -> object:
    """Read the form of an answer page, for every kind of question."""
    typed = Typed.of(parse_qsl(_text(data), keep_blank_values=True, max_num_fields=1_000))
    return [read(typed, question, at=NOW) for question in questions().values()]


TARGETS: dict[str, Target] = {
    one.__name__: one
    for one in (
        definition, phrase, day, table, workbook, holidays, template, mail, words, token,
        configuration,
        note, log, backup, form,
    )
}  # fmt: skip


def _shown(read_one: Callable[[], object]) -> None:
    """Read on, when what comes out is an error that users may be shown."""
    try:
        read_one()
    except WorkflowError:
        return


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape" if data[:1] == b"\xff" else "replace")


def _file(name: str, data: bytes) -> str:
    """Write a file; return its name."""
    _FOLDER.mkdir(exist_ok=True)
    path = _FOLDER / name
    path.write_bytes(data)
    return str(path)
