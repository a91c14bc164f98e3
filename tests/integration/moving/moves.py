"""What tests of moving ask: how it went, does life go on, and what is said when it does not."""

from dataclasses import replace

import pytest

from tests.grounds import Ground
from workflow.backing_up.moving import Moving
from workflow.model.errors import InvalidInput, Refused, Unavailable
from workflow.store import reports, schema
from workflow.store.database import Database


def moved(moving: Moving, site: Ground) -> Ground:
    """Move a site; return it at its new place."""
    moving.move()
    return replace(site, database=moving.target)


def life(ground: Ground) -> tuple[object, ...]:
    """Return what happened, how all stands and what was written, the same on either database."""
    with ground.database.reading() as link:
        messages = [replace(row, next_attempt_at=None) for row in reports.mail(link)]
    return ground.history(), ground.views.look("NOR-26").challenge, messages


def refusal(moving: Moving) -> str:
    with pytest.raises((Refused, InvalidInput, Unavailable)) as caught:
        moving.move()
    hint = getattr(caught.value, "hint", "")
    return f"{caught.value}; {hint}" if hint else str(caught.value)


def goes_on(ground: Ground, reference: str) -> bool:
    """Return whether a challenge can be started, and all is intact."""
    ground.start(reference)
    return ground.log.verify().is_intact


def nothing_is_there(target: Database) -> bool:
    return target.is_missing or schema.version(target) is None
