"""What a token looks like, and what stands for one that cannot be read: known without any key."""

import re

DESTROYED = "[destroyed]"
DAMAGED = "[damaged]"
MARK = "sealed:"
TOKEN = re.compile(MARK + r"[A-Za-z0-9_-]{80,}")

There = dict[str, bool]
"""Which keys are there, by their ids: of those that were asked for, for one query."""
