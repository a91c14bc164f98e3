"""`python -m tests.broken`: every variant of every class, and long imports, with the figures.

Ends with 1 on a fault.
"""

import sys
import tempfile
from pathlib import Path
from time import process_time

from tests.broken import good, sheets
from tests.broken.verdict import check, classes, faults
from tests.integration.cli.desk import Desk

ROWS, MOST_SECONDS = 10_000, 30.0


def imported() -> list[str]:
    """Import people from files with 3,000 bad rows among 10,000; return what is wrong with that."""
    wrong = list[str]()
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder)).fill()
        before = desk.type("person", "list").stdout
        for write, ending in ((sheets.write_csv, "csv"), (sheets.write_xlsx, "xlsx")):
            ways = (
                sheets.PEOPLE_WAYS if ending == "csv" else sheets.in_workbooks(sheets.PEOPLE_WAYS)
            )
            sheet = sheets.people(ROWS, ways)
            file, begun = write(Path(folder) / f"people.{ending}", sheet.rows), process_time()
            said = desk.type("person", "import", str(file), code=2).stderr
            seconds = process_time() - begun
            print(f"{ending}: {ROWS} rows, {len(sheet.bad)} bad: {seconds:.1f} s")
            wrong += sheets.untold(sheet, said)
            wrong += ["T14: it takes too long"] * (seconds > MOST_SECONDS)
            wrong += ["T14: rows were kept"] * (desk.type("person", "list").stdout != before)
    return wrong


def main() -> int:
    """Try them all; return the exit code."""
    total, wrong = 0, imported()
    for name, make in classes().items():
        begun, variants = process_time(), list(make())
        found = faults(variants)
        wrong += [f"{name}: {fault}" for fault in found]
        total += len(variants)
        seconds = process_time() - begun
        print(
            f"{name:40} {len(variants):4} refused {len(variants) - len(found):4} {seconds:6.1f} s"
        )
    accepted = [check(content).definition for make in good.MAKERS for content in make()]
    wrong += ["a good one is refused"] * accepted.count(None)
    print(f"{total} broken, {len(accepted)} good; {len(wrong)} wrong", *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
