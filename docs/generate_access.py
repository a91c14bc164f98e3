"""Writes the reference page of access: which role may do what, and what each command needs.

Run it as `make docs` does. A test fails when the page is not what this would write.
"""

from collections.abc import Iterator
from pathlib import Path

from console.rights import ENGINE, NEEDS, OPEN, OWN, Need
from workflow.model.access.permissions import ROLES, Permission, Role, phrase

PAGE = Path(__file__).parent / "reference" / "access.md"
_GENERATED = "<!-- By docs/generate_access.py: change the roles, then run `make docs`. -->"
_HEAD = """# Who may do what

A person has a role of access by their place on a team, for that challenge only, or by a grant, for one challenge or for all:
[how to give access](../how-to/say-who-may-do-what.md). The roles `programme_manager` and `challenge_manager` of a definition give
the roles of these names; any other gives that of its side: `programme` a challenge manager's, `team` a peer's, `client` the client's.
Where a definition says itself who may do something in a challenge (`authority:`, `by:`), those on its team are held to that."""
_COMMANDS = """## What each command needs

"the engine asks" means that the permission is looked up when the challenge is loaded, in the transaction that changes it: the one
for what is done there. "one's own" means that everybody may use it for what is theirs, and lists have nothing else in them."""

_SPECIAL = {OPEN: "nothing", ENGINE: "the engine asks", OWN: "one's own"}


def page() -> str:
    """Return the page."""
    parts = [_GENERATED, "", _HEAD, "", *_roles(), "", _COMMANDS, "", *_needs()]
    return "\n".join(parts) + "\n"


def _roles() -> Iterator[str]:
    """Yield the table of permissions and of the roles that have them."""
    yield f"| permission | may | {' | '.join(role.replace('_', ' ') for role in Role)} |"
    yield f"|---|---|{'---|' * len(Role)}"
    for permission in Permission:
        has = ("yes" if permission in ROLES[role] else "" for role in Role)
        what = phrase(permission, "a challenge")
        yield f"| `{permission}` | {what} | {' | '.join(has)} |"


def _needs() -> Iterator[str]:
    """Yield the table of commands and of what each needs."""
    yield "| command | needs |"
    yield "|---|---|"
    for words, need in NEEDS.items():
        yield f"| `{words}` | {_told(need)} |"


def _told(need: Need) -> str:
    if need in _SPECIAL:
        return _SPECIAL[need]
    own = ", or one's own" if need.is_own_enough else ""
    machine = ", where somebody is named with `--as`" if need.is_of_machine else ""
    return f"`{need.permission}`{_where(need)}{own}{machine}"


def _where(need: Need) -> str:
    if need.kind:
        return f" in the challenge of the {need.kind}"
    if need.on:
        return " in the challenge"
    return " in some challenge" if need.is_anywhere else " in all challenges"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
