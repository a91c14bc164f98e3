"""The register as CSV, as spreadsheets read it."""

import csv
import io
from datetime import date

from console.output import REHEARSAL
from console.reporting.tables import Row, Shown, Value

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def separated(shown: Shown) -> str:
    """Return the register as CSV; what would be a formula begins with an apostrophe."""
    table = shown.register()
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    more: Row = (REHEARSAL,) if shown.is_rehearsal else ()
    for row in (table.head, *table.rows):
        writer.writerow([_cell(value) for value in (*row, *more)])
    return file.getvalue()


def _cell(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
