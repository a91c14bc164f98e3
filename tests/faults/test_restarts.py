"""A server that comes and goes loses nothing that was acknowledged, and applies nothing twice."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests import conftest
from tests.faults import findings
from tests.faults.hands import REFERENCE
from tests.faults.lots import ASKED, PLANNED, planning
from tests.faults.restarting import HASTY, Load, Server, compared, soak
from tests.simulation.wire import Process, WiredDatabase, driver_error
from tests.visits import VISITOR
from workflow.clock import SetClock
from workflow.engine import Engine
from workflow.model.errors import Unavailable
from workflow.store.database import Database
from workflow.store.keeping.vault import Vault

SECONDS = 5.0


@pytest.fixture
def binaries() -> Path:
    found = conftest._binaries()
    if found is None:
        pytest.skip(conftest.MISSING)
    return found


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """Yield a folder that the user of the server may enter."""
    with TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.mark.postgres
def test_through_restarts_nothing_is_lost_and_nothing_applied_twice(
    server_folder: Path, binaries: Path
) -> None:
    """An hour of it: `make chaos MINUTES=60`."""
    with Server(server_folder).lasting(binaries) as server:
        soaked = soak(server, seconds=SECONDS, pauses=(0.4, 1.2))
    assert soaked.faults == ()
    assert soaked.restarts >= 2
    assert soaked.commands > 0
    assert soaked.doubts > 0, "nobody ever met the server away: the harness is broken"


@pytest.mark.postgres
def test_a_server_that_answers_before_it_has_written_is_found_losing(
    server_folder: Path, binaries: Path
) -> None:
    """The control: what is said to be kept is in its memory only."""
    with Server(server_folder, settings=dict(HASTY)).lasting(binaries) as server:
        load = Load(server.url, Vault(server_folder / "one.vault"))
        with closing(Database(server.url, vault=load.vault)) as database:
            planning(database)
            database.maintain("CHECKPOINT")
            for number in range(20):
                load.insist(database, f"1.{number}", number + 1)
        server.stop()
        server.start()
        with closing(Database(server.url, vault=load.vault)) as database:
            found = list(compared(database, load))
    assert found
    assert found[0].startswith("I8: ")


class Lost:
    """Loses the line after each commit, so that nobody knows what came of it."""

    def __init__(self) -> None:
        self.is_on = False

    def __call__(self, boundary: str) -> None:
        if self.is_on and boundary == "after commit":
            self.is_on = False
            raise driver_error("SQLITE_IOERR")


@pytest.mark.parametrize("is_once", [True, False])
def test_only_an_id_of_its_own_keeps_a_command_from_being_applied_twice(
    tmp_path: Path, *, is_once: bool
) -> None:
    """The control: whoever repeats a command without its id has it twice."""
    url, lost = f"sqlite:///{tmp_path / 'challenges.db'}", Lost()
    with closing(Database(url)) as database:
        planning(database)
    with closing(WiredDatabase(url, Process(lost))) as database:
        engine = Engine(database, SetClock(PLANNED))
        command = ASKED["GiveAnswer"].command
        assert command is not None
        for is_first in (True, False):
            lost.is_on = is_first
            try:
                if is_once:
                    engine.act_once(REFERENCE, command, actor=VISITOR, command_id="A-1")
                else:
                    engine.act(REFERENCE, command, actor=VISITOR)
            except Unavailable as error:
                assert "the disk reports an error" in str(error)
    with closing(Database(url)) as database:
        assert findings.faults(database) == []
        with database.reading() as link:
            kinds = Counter(row[0] for row in link.rows("SELECT kind FROM event"))
    assert kinds["AnswerGiven"] == (1 if is_once else 2)
