"""Planted mistakes of restoring: mail that goes at once, or again, and forgotten orders."""

from collections.abc import Callable
from typing import Any

from workflow.backing_up.restoring import Restored, Restoring, Wanted
from workflow.retaining import ledger
from workflow.store import outbox
from workflow.store.backups import mail
from workflow.store.database import Database


class OpenRestoring(Restoring):
    """Does not hold the mail of what it puts back."""

    def _prepare(self, copy: Database, *more: Any) -> Any:  # noqa: ANN401
        made = super()._prepare(copy, *more)
        with copy.writing() as link:
            outbox.release(link)
        return made


class TrustingRestoring(Restoring):
    """Holds the mail, and does not doubt what may have been sent."""

    def _prepare(self, copy: Database, *more: Any) -> Any:  # noqa: ANN401
        made, at = super()._prepare(copy, *more)
        with copy.writing() as link:
            mail.trust(link, at)
        return made, at


class ForgetfulRestoring(Restoring):
    """Does not destroy again what was destroyed since the backup."""

    def restore(
        self, wanted: Wanted, *, say: Callable[[str], None] = lambda step: None
    ) -> Restored:
        """Put a backup in place while the ledger of destruction is not where it is looked for."""
        path = ledger.path_of(self.target)
        away = path.with_suffix(".away")
        if path.exists():
            path.rename(away)
        try:
            return super().restore(wanted, say=say)
        finally:
            if away.exists():
                away.rename(path)
