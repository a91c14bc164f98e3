"""Puts the parts together: reads the settings, opens the database, chooses clock and mail.

The only reader of settings, and the only way from the commands to the database. What is heavy is
imported where it is first needed, since most commands need little of it.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from workflow.clock import Clock, SetClock, SystemClock
from workflow.model.errors import InvalidInput, NotFound, Refused, Unavailable, did_you_mean
from workflow.store import bookings, challenges, library, meta, outbox, people, queries, schema
from workflow.store.database import Database, Link

if TYPE_CHECKING:
    from types import ModuleType

    from notifications.courier import Courier
    from notifications.sink import Sink
    from notifications.transport import Transport
    from workflow.engine import Engine
    from workflow.model.people import Person
    from workflow.sweep import Sweep

__all__ = [
    "Link", "bookings", "challenges", "library", "meta", "outbox", "people", "queries", "schema",
]  # fmt: skip

NAME = "peer-challenge"
PREFIX = "PEER_CHALLENGE_"
ZONE = ZoneInfo("Europe/London")
"""The zone of times that are given without an offset, such as PEER_CHALLENGE_NOW."""
