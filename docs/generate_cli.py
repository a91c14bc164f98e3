"""Writes the reference page of the command line from the commands themselves.

Run it as `make docs` does. A test fails when the page is not what this would write.
"""

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from cli import SECTIONS, main
from console.frame import PROGRAM, Command

PAGE = Path(__file__).parent / "reference" / "cli.md"
_GENERATED = "<!-- By docs/generate_cli.py: change the commands, then run `make docs`. -->"
_HEAD = """# The command line

Each command has a `--help` that begins with an example. Data goes to stdout and talk to stderr:
tables on a terminal, tab-separated values into a pipe, one JSON object with `--json`. With `-n` a
change shows its plan and changes nothing.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | unexpected |
| 2 | usage, or an invalid file |
| 3 | the audit found breaches, or the history is not intact |
| 4 | refused by a rule: what is missing is listed |
| 5 | not found |
| 6 | somebody else changed it meanwhile |
| 75 | try again later: the mail server or the database is away |

Settings come from the options before the command, then from the environment, then from a TOML file
(`settings.toml` in your configuration folder, or `--config FILE`):

| option | environment | in the file | what it is |
|---|---|---|---|
| `--db` | `PEER_CHALLENGE_DATABASE_URL` | `database_url` | `sqlite:///FILE`, `postgresql://…` |
| | `PEER_CHALLENGE_VAULT` | `vault` | the folder with the keys; else beside the SQLite file, or in the folder of your data |
| `--as` | `PEER_CHALLENGE_ACTOR` | `actor` | who acts: an e-mail address or an id |
| | `PEER_CHALLENGE_SMTP_URL` | `smtp_url` | the mail server, `m365://…`, `notify://…`, or `folder:///path` |
| | `PEER_CHALLENGE_MAIL_FROM` | `mail_from` | who mail comes from: `Name <address>` |
| | `PEER_CHALLENGE_MAIL_RATE` | `mail_rate` | messages a minute, at most: 60 if not set |
| | `PEER_CHALLENGE_QUIET_HOURS` | `quiet_hours` | when only urgent mail goes: `21:00-07:00` if not set, or `none` |
| | `PEER_CHALLENGE_QUIET_DAYS` | `quiet_days` | on which days: `weekends, holidays`, one of them, or `none`, which it is if not set |
| | `PEER_CHALLENGE_MAIL_ANSWERS` | `mail_answers` | the address that answers go to, which takes `+…` |
| | `PEER_CHALLENGE_IMAP_URL` | `imap_url` | where its mail is read: `imaps://user:password@host/INBOX` |
| | `PEER_CHALLENGE_BASE_URL` | `base_url` | under which address people reach the pages: `https://…` |
| `web --listen` | `PEER_CHALLENGE_LISTEN` | `listen` | where the pages are served: `127.0.0.1:8000` if not set |
| | `PEER_CHALLENGE_LINK_KEYS` | `link_keys` | the keys that sign links, the newest first; made beside the database if not set |
| | `PEER_CHALLENGE_TEMPLATES` | `templates` | a folder with message templates of your own |
| | `PEER_CHALLENGE_ANCHOR_TO` | `anchor_to` | who gets the head of the audit log each day: addresses, such as `a@one.example, b@two.example` |
| | `PEER_CHALLENGE_ANCHOR_FILE` | `anchor_file` | a file, best on another machine, to which it is added each day |
| | `PEER_CHALLENGE_NOW` | | the time, in a rehearsal only: `2027-03-27T09:00` |
| `--config` | `PEER_CHALLENGE_CONFIG` | | the settings file |
"""


def page() -> str:
    """Return the page."""
    parts = [_GENERATED, "", _HEAD]
    for title, section in SECTIONS.items():
        parts += [f"## {title}", ""]
        for name in section:
            found = main.get_command(click.Context(main), name)
            if found is not None:
                parts += _told(found, name)
    return "\n".join(parts).rstrip() + "\n"


def _told(command: click.Command, path: str) -> Iterator[str]:
    """Yield the lines on a command, or on each command of a group."""
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            yield from _told(command.commands[name], f"{path} {name}")
        return
    yield f"### {path}"
    yield ""
    yield cleandoc(command.help or "")
    yield ""
    if isinstance(command, Command):
        yield "```"
        yield from (f"{PROGRAM} {example}" for example in command.examples)
        yield "```"
        yield ""
    yield from _parameters(command)


def _parameters(command: click.Command) -> Iterator[str]:
    ctx = click.Context(command)
    rows = [
        record
        for parameter in command.params
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx))
    ]
    arguments = [
        parameter.make_metavar(ctx)
        for parameter in command.params
        if isinstance(parameter, click.Argument)
    ]
    if arguments:
        yield f"Arguments: {' '.join(f'`{name}`' for name in arguments)}"
        yield ""
    if rows:
        yield "| option | |"
        yield "|---|---|"
        for names, text in rows:
            yield f"| `{names.replace('|', chr(92) + '|')}` | {text.replace('|', chr(92) + '|')} |"
        yield ""


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
