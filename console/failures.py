"""How an error of the workflow ends a command: its words, its JSON, its exit code."""

import re
import sys
from typing import IO, Any

import click

from workflow.model.errors import (
    Conflict,
    InvalidDefinition,
    NotFound,
    Refused,
    Unavailable,
    WorkflowError,
)

INVALID, BREACHES, REFUSED, NOT_FOUND, CONFLICT, TRY_AGAIN = 2, 3, 4, 5, 6, 75

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_LONG = re.compile(r"\S{400,}")
_KEPT = 100
WIDEST = 80
"""Letters of a missing thing, after which its source follows without being lined up."""

_KINDS: tuple[tuple[type[WorkflowError], int, str], ...] = (
    (Refused, REFUSED, "refused"),
    (NotFound, NOT_FOUND, "not_found"),
    (Conflict, CONFLICT, "conflict"),
    (Unavailable, TRY_AGAIN, "unavailable"),
    (InvalidDefinition, INVALID, "invalid_definition"),
    (WorkflowError, INVALID, "invalid"),
)


def readable(text: str) -> str:
    """Return what a terminal may be given: what steers one is spelt out, very long words are cut.

    What went wrong quotes what was typed, or what stands in somebody's file.
    """
    spelt = _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)
    return _LONG.sub(lambda found: f"{found[0][:_KEPT]}…", spelt)


class Failure(click.ClickException):
    """A WorkflowError as a person, or with `--json` a program, is shown it."""

    def __init__(self, error: WorkflowError, *, is_json: bool) -> None:
        super().__init__(str(error))
        self.error, self.is_json = error, is_json
        code, self.kind = next(
            (code, kind) for family, code, kind in _KINDS if isinstance(error, family)
        )
        self.exit_code = code  # type: ignore[misc]  # click's class variable is only a default

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it: text on stderr, JSON on stdout."""
        import json

        if self.is_json:
            click.echo(json.dumps(self.as_json(), ensure_ascii=False, indent=2), file=sys.stdout)
        else:
            click.echo(readable("\n".join(self.as_lines())), file=file or sys.stderr)

    def as_lines(self) -> list[str]:
        """Return what a person reads: what is wrong, what is missing, the way out."""
        if isinstance(self.error, InvalidDefinition):
            return str(self.error).splitlines()
        if not isinstance(self.error, Refused):
            return [f"Error: {self.error}"]
        unmet = [(item.text, item.source) for item in self.error.unmet]
        width = min(max((len(text) for text, _ in unmet), default=0), WIDEST)
        lines = [f"Refused: {self.error.message}"]
        lines += [f"  - {text:{width}}  {source}".rstrip() for text, source in unmet]
        if self.error.hint:
            lines.append(f"You can: {self.error.hint}")
        elif self.error.allowed:
            lines.append(f"Allowed: {', '.join(self.error.allowed)}")
        return lines

    def as_json(self) -> dict[str, Any]:
        """Return what a program reads."""
        error: dict[str, Any] = {"kind": self.kind, "message": self.message}
        error |= {"unmet": [], "allowed": []}
        if isinstance(self.error, Refused):
            error["kind"] = self.error.kind
            error["unmet"] = [str(item) for item in self.error.unmet]
            error["allowed"] = list(self.error.allowed)
            error["hint"] = self.error.hint
        elif isinstance(self.error, NotFound):
            error["allowed"] = list(self.error.known)
        elif isinstance(self.error, InvalidDefinition):
            error["unmet"] = [str(problem) for problem in self.error.problems]
        return {"error": error}
