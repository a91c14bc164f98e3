"""What an auditor asks: the group of commands `audit`."""

from console import frame
from console.commands.auditing import log, reports


@frame.group("audit")
def audit_command() -> None:
    """The history, and what an auditor asks."""


for _command in (*log.COMMANDS, *reports.COMMANDS):
    audit_command.add_command(_command)
