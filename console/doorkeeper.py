"""Who may use which command, and what errors and lists may show them."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from workflow.model.errors import NotFound, WorkflowError

if TYPE_CHECKING:
    import bootstrap
    from workflow.model.access.permissions import Permission


class Doorkeeper(Protocol):
    """One call of the program, as far as it asks for rights. Whoever acts is in the settings."""

    @cached_property
    def settings(self) -> "bootstrap.Settings":
        """The settings."""
        ...

    @cached_property
    def application(self) -> "bootstrap.Application":
        """The application."""
        ...

    def admit(self, words: str, params: Mapping[str, Any]) -> None:
        """Let whoever acts use a command, or refuse: `console.rights` says what each needs.

        Raises:
            Refused: they may not; that is entered into the audit log.
        """
        from console.rights import need_of

        need = need_of(words)
        is_of_machine = need.is_of_machine and not self.settings.actor
        is_for_all = need.is_open or is_of_machine or params.get(need.is_open_with) is not None
        if not is_for_all:
            access, actor = self.application.access, self.application.actor_id
            self.application.right = need.check(access, actor, words=words, params=params)

    def hiding(self, error: WorkflowError) -> WorkflowError:
        """Return an error that names no challenge and nobody whom whoever acts may not see."""
        if not isinstance(error, NotFound) or error.what not in {"challenge", "person"}:
            return error
        try:
            actor = self.application.actor_id
        except WorkflowError:
            return NotFound(error.what, error.name, ())
        return self.application.access.hiding(error, actor)

    def visible(self, permission: "Permission") -> frozenset[str] | None:
        """Return the challenges in which whoever acts has a permission; None: in all of them."""
        return self.application.access.visible(self.application.actor_id, permission)
