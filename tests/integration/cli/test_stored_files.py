"""Backups with the files that are stored beside the database."""

import shutil
from pathlib import Path

from tests.integration.cli.desk import Desk


def test_the_stored_files_of_an_earlier_backup_do_not_pass_for_those_of_a_later_one(
    desk: Desk,
) -> None:
    pack, file = desk.folder / "timetable.txt", desk.folder / "b.db"
    for number in (1, 2):
        pack.write_text(f"Tuesday {number}")
        desk.type("document", "add", "NOR-26", "timetable", str(pack))
        if number == 1:
            desk.type("backup", str(file), "--files")
    for path in (file, *desk.folder.glob("b.db.*")):
        if path.is_file():
            path.unlink()
    said = desk.type("backup", str(file), "--files", code=75).output
    assert f"there is a folder {file}.files already" in said
    shutil.rmtree(f"{file}.files")
    desk.type("backup", str(file), "--files")
    assert len(list(Path(f"{file}.files").iterdir())) == 2
    assert not list(desk.folder.glob("*.draft*"))
