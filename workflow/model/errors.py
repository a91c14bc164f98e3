"""The tree of errors that a user may be shown.

    WorkflowError
    ├── PhraseError            a phrase of a definition cannot be read      (also a ValueError)
    ├── InvalidDefinition      a definition has problems: all of them
    ├── InvalidInput           something typed or imported cannot be used
    ├── Refused                a rule says no: what is missing, what is allowed
    ├── NotFound               there is no such thing: the nearest, and the list
    ├── Conflict               somebody else changed it meanwhile
    └── Unavailable            the database or the mail server is away: try again later

Everything else is a bug and ends in a trace. Ways in translate these into exit codes and statuses;
nobody else does.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class WorkflowError(Exception):
    """May be shown to a user as it is."""


class PhraseError(WorkflowError, ValueError):
    """A phrase of a definition cannot be read."""


class Problem(NamedTuple):
    """One thing wrong in a file. `line` and `column` count from 1; a warning stops nothing."""

    file: str
    line: int
    column: int
    path: str
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        """Return `file:line:column: path: message`."""
        kind = "warning: " if self.is_warning else ""
        path = f"{self.path}: " if self.path else ""
        return f"{self.file}:{self.line}:{self.column}: {path}{kind}{self.message}"


class InvalidDefinition(WorkflowError):
    """A definition has problems; `problems` are all of them, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InvalidInput(WorkflowError):
    """Something typed or imported cannot be used; nothing was changed."""


class Unmet(NamedTuple):
    """One thing that is missing. `source` says which rule asks for it, as readers are shown it."""

    text: str
    source: str = ""
    tasks: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the text with its source in brackets."""
        return f"{self.text} ({self.source})" if self.source else self.text


class Refused(WorkflowError):
    """A rule does not allow it. Audited. `kind` is stable: scripts may rely on it."""

    def __init__(
        self,
        message: str,
        *,
        kind: str = "refused",
        unmet: Sequence[Unmet] = (),
        allowed: Sequence[str] = (),
        hint: str = "",
    ) -> None:
        self.message, self.kind, self.hint = message, kind, hint
        self.unmet, self.allowed = tuple(unmet), tuple(allowed)
        super().__init__(message)


class NotFound(WorkflowError):
    """There is no such thing; `known` is what there is."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        self.what, self.name, self.known = what, name, tuple(known)
        super().__init__(f'there is no {what} "{name}"{did_you_mean(name, self.known)}')


class Conflict(WorkflowError):
    """Somebody else changed it meanwhile; nothing of ours was kept."""


class Unavailable(WorkflowError):
    """Something outside is away; the same command may work later."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that `name` most likely meant, if any is near."""
    from difflib import get_close_matches  # every command would wait for it

    by_folded = {candidate.casefold(): candidate for candidate in known}
    found = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(name: str, known: Sequence[str], *, most: int = 20) -> str:
    """Return the tail of an error: `; did you mean "x"? (a, b, c)`, empty when nothing is known."""
    if not known:
        return ""
    near = nearest(name, known)
    guess = f'; did you mean "{near}"?' if near else "; there is:"
    listed = ", ".join(known[:most]) + (", …" if len(known) > most else "")
    return f"{guess} ({listed})" if near else f"{guess} {listed}"
