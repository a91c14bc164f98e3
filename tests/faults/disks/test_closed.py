"""What we may not write to, or have no room in: the error says which file, and nothing is kept."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults import findings
from tests.faults.hands import REFERENCE, Place
from tests.faults.lots import PLANNED, planning
from tests.grounds import ADA
from tests.visits import END, START, TEAM
from workflow.clock import SetClock
from workflow.engine import Engine, NewChallenge
from workflow.model import commands as c
from workflow.model.errors import Unavailable
from workflow.store.database import Database
from workflow.store.keeping.files import Files
from workflow.store.library import Offered
from workflow.store.rows import snapshots

SOMEBODY = 65_534
SMALL = "size=2m"
COMMAND = c.PlaceHold(name="FOI 1", reason="a request")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("closed") / "home")
    place.folder.mkdir()
    with closing(Database(place.url)) as database:
        planning(database)
        act(database, "A-0")  # so that all is loaded that is loaded when it is needed
    return place


@pytest.fixture
def place(template: Place, tmp_path: Path) -> Place:
    snapshots.forget()
    place = Place(tmp_path / "trial")
    place.fill_from(template)
    return place


def act(database: Database, command_id: str = "A-1") -> None:
    """Carry out a command."""
    command = c.PlaceHold(name=f"FOI {command_id}", reason="a request")
    Engine(database, SetClock(PLANNED)).act_once(
        REFERENCE, command, actor=ADA, command_id=command_id
    )


def act_often(database: Database) -> None:
    """Carry out commands until a page of the log that was left is full."""
    for number in range(500):
        act(database, f"A-{number + 1}")


def start(database: Database, reference: str) -> None:
    """Start a challenge, which takes a new key."""
    with database.reading() as link:
        row = link.row("SELECT content_hash FROM definition")
    assert row is not None
    new = NewChallenge(
        reference=reference,
        title="Westshire",
        client="Westshire system",
        offered=Offered(row[0]),
        dates={"visit_start": START, "visit_end": END},
        roles=TEAM,
    )
    Engine(database, SetClock(PLANNED)).start(new, actor=ADA)


@contextmanager
def as_somebody(*paths: Path) -> Iterator[None]:
    """Be somebody who is not root and owns what lies there, until the block ends."""
    if os.geteuid() != 0:
        yield
        return
    folders = [parent for path in paths for parent in path.parents if str(parent) != "/"]
    modes = {folder: folder.stat().st_mode & 0o777 for folder in folders}
    for path in (each for top in paths for each in (top, *top.rglob("*"))):
        os.chown(path, SOMEBODY, SOMEBODY)
    for folder in folders:
        folder.chmod(modes[folder] | 0o011)
    os.seteuid(SOMEBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        for folder, mode in modes.items():
            folder.chmod(mode)


@contextmanager
def closed(path: Path) -> Iterator[None]:
    """Let nobody write to a file, or into a folder, until the block ends."""
    mode = path.stat().st_mode & 0o777
    path.chmod(mode & 0o555)
    try:
        yield
    finally:
        path.chmod(mode)


def test_a_file_that_may_not_be_written_to_says_so_and_goes_on_afterwards(place: Place) -> None:
    said = rf"the database {place.file} cannot be used: it may not be written to \("
    with as_somebody(place.folder), closing(Database(place.url)) as database:
        before = findings.state(database)
        database.close()
        with closed(place.file), pytest.raises(Unavailable, match=said):
            act(database)
        for beside in place.folder.glob("challenges.db-*"):  # made as closed as the file was
            beside.chmod(0o600)
        assert findings.state(database) == before
        act(database)
        assert findings.faults(database) == []


def test_a_folder_that_may_not_be_written_to_says_so_and_goes_on_afterwards(place: Place) -> None:
    said = rf"the database {place.file} cannot be used: it (cannot be opened|may not be written)"
    with as_somebody(place.folder), closing(Database(place.url)) as database:
        with closed(place.folder), pytest.raises(Unavailable, match=said):
            act(database)
        act(database)
        assert findings.faults(database) == []


def test_keys_that_may_not_be_written_stop_what_needs_a_new_one_only(place: Place) -> None:
    vault = place.folder / "challenges.db.vault"
    with as_somebody(place.folder), closing(Database(place.url)) as database:
        with closed(vault / "keys"):
            for folder in (vault / "keys").iterdir():
                folder.chmod(0o500)
            with pytest.raises(Unavailable, match=rf"the key {vault}/keys/.* cannot be used: Perm"):
                start(database, "WES-26")
            act(database)
            for folder in (vault / "keys").iterdir():
                folder.chmod(0o700)
        start(database, "WES-26")
        assert findings.faults(database) == []


def test_files_that_may_not_be_written_say_so(place: Place) -> None:
    with as_somebody(place.folder), closing(Database(place.url)) as database:
        files = Files.beside(database.vault)
        files.folder.mkdir(exist_ok=True)
        key_id = database.vault.new_key()
        said = rf"{files.folder}.*Permission denied"
        with closed(files.folder), pytest.raises(Unavailable, match=said):
            files.write(b"a picture", key_id)
        assert list(files.names()) == []
        files.write(b"a picture", key_id)


def test_without_file_descriptors_it_says_so_and_goes_on_afterwards(place: Place) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    said = rf"the database {place.file} cannot be used: it cannot be opened"
    with closing(Database(place.url)) as database:
        used = max(int(name) for name in os.listdir("/proc/self/fd")) + 1
        holes = used - len(os.listdir("/proc/self/fd")) + 2
        plugs = [os.open("/", os.O_RDONLY) for _ in range(max(0, holes))]
        used = max(int(name) for name in os.listdir("/proc/self/fd")) + 1
        resource.setrlimit(resource.RLIMIT_NOFILE, (used - 1, limits[1]))
        try:
            with pytest.raises(Unavailable, match=said):
                act(database)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
            for plug in plugs:
                os.close(plug)
        act(database)
        assert findings.faults(database) == []


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder that is a disk of two megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", SMALL, "tmpfs", folder],  # noqa: S607
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("a small disk takes root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)  # noqa: S607


def test_a_disk_without_room_says_so_and_goes_on_when_there_is_some(
    template: Place, small: Path
) -> None:
    place, ballast = Place(small / "trial"), small / "ballast"
    place.fill_from(template)
    snapshots.forget()
    with closing(Database(place.url)) as database:
        before = findings.state(database)
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass
        with pytest.raises(Unavailable) as caught:
            act_often(database)
        shown = str(caught.value)
        assert shown.startswith(f"the database {place.file} cannot be used: the disk is full (")
        with pytest.raises(Unavailable, match=r"the key .* cannot be used: No space left"):
            start(database, "WES-26")
        assert findings.state(database).keys() == before.keys()  # reading goes on
        ballast.unlink()
        act(database, "A-501")
        start(database, "WES-26")
        assert findings.faults(database) == []
