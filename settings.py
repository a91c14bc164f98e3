"""What can be set, and where it is read: flags, environment, a file. Keys that sign links, too."""

import getpass
import os
import re
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from workflow.model.errors import InvalidInput, NotFound, Unavailable, did_you_mean

if TYPE_CHECKING:
    from workflow.tokens import Keys

NAME = "peer-challenge"
PREFIX = "PEER_CHALLENGE_"
_USUALLY = {"config": ".config", "data": ".local/share"}
ZONE = ZoneInfo("Europe/London")
"""The zone of a PEER_CHALLENGE_NOW without an offset."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Settings:
    """What can be set. Empty means: not set.

    `smtp_url`, `imap_url` and `database_url` may hold a password, `link_keys` are secret: never
    print them.
    """

    database_url: str = ""
    vault: str = ""
    actor: str = ""
    smtp_url: str = ""
    mail_from: str = ""
    mail_answers: str = ""
    imap_url: str = ""
    mail_rate: str = ""
    quiet_hours: str = ""
    quiet_days: str = ""
    base_url: str = ""
    listen: str = ""
    link_keys: str = ""
    templates: str = ""
    anchor_to: str = ""
    anchor_file: str = ""
    now: str = ""
    config: str = ""


IN_FILE = tuple(field.name for field in fields(Settings) if field.name not in {"now", "config"})


def read_settings(
    flags: Mapping[str, str], environment: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings: flags before the environment, that before the file, that before nothing.

    Raises:
        InvalidInput: the file cannot be used, or says something unknown.
        NotFound: the file that was named is not there.
    """
    surroundings = os.environ if environment is None else environment
    names = [field.name for field in fields(Settings)]
    found = {name: surroundings.get(PREFIX + name.upper(), "") for name in names}
    found |= {name: value for name, value in flags.items() if value}
    return Settings(**{**_read_file(found["config"]), **{k: v for k, v in found.items() if v}})


def settings_file(named: str = "") -> Path:
    """Return where the settings file is, or would be."""
    if named:
        return Path(named)
    return _user_folder("config") / "settings.toml"


def _user_folder(kind: str) -> Path:
    """Return the user's folder of a kind, `config` or `data`.

    Nearly everywhere the answer is short; loading the library that knows the rest takes as long as
    reading the portfolio.
    """
    if sys.platform == "linux":
        named, home = os.environ.get(f"XDG_{kind.upper()}_HOME", ""), os.environ.get("HOME", "")
        if named.startswith("/"):
            return Path(named.strip()) / NAME
        if not named and home.startswith("/"):
            return Path(home) / _USUALLY[kind] / NAME
    import platformdirs

    folders = platformdirs.PlatformDirs(NAME, appauthor=False)
    return folders.user_config_path if kind == "config" else folders.user_data_path


def _read_file(named: str) -> dict[str, str]:
    path = settings_file(named)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if named:
            raise NotFound("settings file", named, ()) from None
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the settings file {path} cannot be read: {error}") from error
    return _parse_file(text, path)


def _parse_file(text: str, path: Path) -> dict[str, str]:
    import tomllib

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"the settings file {path} is not TOML: {error}") from error
    for key, value in found.items():
        if key not in IN_FILE:
            raise InvalidInput(f'{path}: there is no setting "{key}"{did_you_mean(key, IN_FILE)}')
        if not isinstance(value, str):
            raise InvalidInput(f'{path}: {key} must be a text in quotes, such as {key} = "…"')
    return found


def link_keys(settings: Settings, database: str) -> "Keys":
    """Return the keys that sign links: those set, else those of a file that is made when missing.

    The file lies beside a SQLite database, and else in the user's folder for settings: several
    machines must be given the same keys.

    Raises:
        InvalidInput: a key is too short, or others may read the file.
        Unavailable: the file cannot be made.
    """
    from workflow.tokens import read_keys

    if settings.link_keys:
        return read_keys(settings.link_keys)
    path = _keys_file(database)
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_key(path)
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise InvalidInput(f"others may read the keys in {path}; run: chmod 600 {path}")
        return read_keys(path.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError) as error:
        text = getattr(error, "strerror", None) or str(error)
        raise Unavailable(f"the keys for links in {path} cannot be used: {text}") from error


def _keys_file(database: str) -> Path:
    if database.startswith("/"):
        return Path(f"{database}.keys")
    return settings_file().with_name("links.keys")


def _write_key(path: Path) -> None:
    """Write a new key; whoever comes second keeps the first one's."""
    import secrets

    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}.draft")  # nobody reads half a key
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(f"{secrets.token_urlsafe(32)}\n")
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def login() -> str:
    """Return who is logged in where the program runs; empty where the machine cannot tell."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        return ""


def login_address() -> str:
    """Return an invented address for whoever is logged in."""
    plain = re.sub(r"[^a-z0-9]+", ".", login().lower()).strip(".")
    return f"{plain or 'administrator'}@localhost.example"


def default_database_url() -> str:
    """Return the URL of the SQLite file in the user's data folder."""
    return f"sqlite:///{_user_folder('data') / 'challenges.db'}"


def parse_now(text: str) -> datetime:
    """Return the moment that a set clock shows."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        example = "write it as 2027-03-27T09:00, with an offset or in the programme's zone"
        raise InvalidInput(f"{PREFIX}NOW is {text!r}, which is no time; {example}") from error
    return at if at.tzinfo else at.replace(tzinfo=ZONE)
