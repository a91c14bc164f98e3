"""Where things are, and keys that sign links: set, or made once, for their owner only."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import platformdirs
import pytest

from settings import NAME, Settings, default_database_url, link_keys, settings_file
from workflow.model.errors import InvalidInput, Unavailable

LONG = "k" * 32


def test_keys_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    database = str(tmp_path / "challenges.db")
    first = link_keys(Settings(), database)
    file = tmp_path / "challenges.db.keys"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert link_keys(Settings(), database) == first
    assert len(first.texts[0]) >= 32


def test_those_who_make_keys_at_once_have_the_same_ones(tmp_path: Path) -> None:
    """Neither reads a file that the other is still writing; nothing is left of what came second."""
    database = str(tmp_path / "challenges.db")
    for _ in range(20):
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: link_keys(Settings(), database), range(8)))
        assert len({keys.texts for keys in found}) == 1
        (file,) = tmp_path.iterdir()
        file.unlink()


def test_keys_that_are_set_come_first(tmp_path: Path) -> None:
    keys = link_keys(Settings(link_keys=f"{LONG}1, {LONG}2"), str(tmp_path / "challenges.db"))
    assert keys.texts == (f"{LONG}1", f"{LONG}2")
    assert list(tmp_path.iterdir()) == []


def test_keys_are_never_shown() -> None:
    keys = link_keys(Settings(link_keys=LONG), "")
    assert LONG not in repr(keys)
    assert LONG not in repr(Settings(link_keys=LONG))


def test_keys_that_others_may_read_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "challenges.db.keys"
    file.write_text(LONG)
    file.chmod(0o644)
    with pytest.raises(InvalidInput) as caught:
        link_keys(Settings(), str(tmp_path / "challenges.db"))
    assert str(caught.value) == f"others may read the keys in {file}; run: chmod 600 {file}"


@pytest.mark.parametrize("text", ["short", f"{LONG} short", ""])
def test_a_key_that_can_be_guessed_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "challenges.db.keys"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(InvalidInput, match="a key for links has at least 32 characters; make one"):
        link_keys(Settings(), str(tmp_path / "challenges.db"))


def test_keys_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "challenges.db.keys").mkdir(mode=0o700)
    with pytest.raises(Unavailable, match="cannot be used: Is a directory"):
        link_keys(Settings(), str(tmp_path / "challenges.db"))


@pytest.mark.parametrize("home", ["/home/jo", "/home/jo bell/"])
@pytest.mark.parametrize("named", [None, "", "/srv/of jo", "here", " /srv/jo "])
def test_folders_are_where_every_program_has_them(
    monkeypatch: pytest.MonkeyPatch, home: str, named: str | None
) -> None:
    monkeypatch.setenv("HOME", home)
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
        if named is not None:
            monkeypatch.setenv(variable, named)
    folders = platformdirs.PlatformDirs(NAME, appauthor=False)
    assert settings_file() == folders.user_config_path / "settings.toml"
    assert default_database_url() == f"sqlite:///{folders.user_data_path / 'challenges.db'}"
