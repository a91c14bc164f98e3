"""Databases for the tests: a SQLite file, and a throw-away PostgreSQL server on loopback."""

import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.tries import pytest_runtest_protocol

MISSING = (
    "no PostgreSQL server here: apt-get install postgresql (no cluster needed), then run again"
)
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "listen_addresses": "127.0.0.1",
}
MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108 - pytest makes a folder of its own there
"""A file system in memory, and how many bytes of it must be free for the tests to live there."""

__all__ = ["pytest_runtest_protocol"]
_numbers = count(1)


def pytest_configure() -> None:
    """Put the tests' files into memory where there is room: they ask for some 100,000 syncs."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    if shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest begin first, so that nothing waits for it in the end."""
    items.sort(key=lambda item: item.get_closest_marker("longest") is None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many run at once for `-n auto`: some wait for browsers and mail servers."""
    return (os.cpu_count() or 1) + 1


def _binaries() -> Path | None:
    """Return the newest folder that holds `initdb` and `postgres`, if there is one."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=_version, reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(str(Path(found).resolve().parent))
    for folder in map(Path, folders):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def _version(folder: str) -> float:
    try:
        return float(Path(folder).parent.name)
    except ValueError:
        return 0.0


def _owner() -> tuple[int, int] | None:
    """Return the user and the group that may run the server when we are root; it refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    message = f"the PostgreSQL server did not start: {log.read_text(errors='replace')[-2000:]}"
    raise RuntimeError(message)


@contextmanager
def _server(folder: Path, binaries: Path, chosen: Mapping[str, str] = SETTINGS) -> Iterator[str]:
    """Run a PostgreSQL server out of `folder`; yield the URL of its first database."""
    owner = _owner()
    user, group = owner or (None, None)
    if owner:
        os.chown(folder, *owner)
    data, port, log = folder / "data", _free_port(), folder / "server.log"
    options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]
    subprocess.run(
        [binaries / "initdb", "-D", data, *options],
        cwd=folder,
        user=user,
        group=group,
        check=True,
        capture_output=True,
    )
    settings = [part for pair in chosen.items() for part in ("-c", "=".join(pair))]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-p", str(port), "-k", folder, *settings],
            cwd=folder,
            user=user,
            group=group,
            stdout=output,
            stderr=output,
        )
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    try:
        _wait_until_up(url, server, log)
        yield url
    finally:
        server.send_signal(2)  # a fast shutdown: sessions are cut, nothing is waited for
        server.wait(timeout=30)


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let nothing be read from, or left in, the home and the settings of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("PEER_CHALLENGE_")]:
        del os.environ[name]
    os.environ["HOME"] = str(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server that lives as long as the test run."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip(MISSING)
    scratch = tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True)
    with scratch as folder, _server(Path(folder), binaries) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Yield the URL of a fresh, empty PostgreSQL database."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    yield postgres_server.removesuffix("postgres") + name
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'challenges.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a fresh, empty database: each test runs on SQLite and on PostgreSQL."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    url: str = request.getfixturevalue(fixture)
    return url
