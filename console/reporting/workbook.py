"""A report as a workbook with a sheet for each table. The only door of xlsxwriter.

Whatever anybody wrote is text there, never a formula or a link, whatever it begins with.
"""

import io
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from console.output import REHEARSAL
from console.reporting.tables import Shown, Table, Value

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_WIDEST, _NARROWEST, _CELL = 60, 10, 32_767
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(shown: Shown) -> bytes:
    """Return the report as the bytes of an XLSX file."""
    import xlsxwriter  # type: ignore[import-untyped]

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        if shown.is_rehearsal:
            book.set_properties({"title": REHEARSAL, "comments": REHEARSAL})
        for table in shown.tables():
            _add(book, table, is_rehearsal=shown.is_rehearsal)
    return file.getvalue()


def _add(book: "Workbook", table: Table, *, is_rehearsal: bool) -> None:
    sheet = book.add_worksheet(table.title)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    if is_rehearsal:
        sheet.set_header(f"&C{REHEARSAL}")
        sheet.set_footer(f"&C{REHEARSAL}")
    sheet.write_row(0, 0, table.head, bold)
    for number, row in enumerate(table.rows, 1):
        for column, value in enumerate(row):
            _write(sheet, (number, column), value, day=day)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.head) - 1)
    for column, name in enumerate(table.head):
        longest = max((len(str(row[column] or "")) for row in table.rows[:1000]), default=0)
        width = min(max(longest, len(name) + 2, _NARROWEST), _WIDEST)
        sheet.set_column(column, column, width)


def _write(sheet: "Worksheet", place: tuple[int, int], value: Value, *, day: Any) -> None:  # noqa: ANN401
    """Write one value as what it is: a day, a number or text."""
    if isinstance(value, date):
        sheet.write_datetime(*place, value, day)
    elif isinstance(value, int):
        sheet.write_number(*place, value)
    elif value:
        sheet.write_string(*place, _NOT_IN_XML.sub(" ", value)[:_CELL])
