"""Planted mistakes of sending: to whom, how often, and as whose."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from notifications.courier import Courier, Outcome
from notifications.delivery.grouping import Bundle
from notifications.delivery.writing import Letter, Writer, text_of
from notifications.transport import TransportError
from workflow.store.link import Link
from workflow.store.outbox import Claimed

SOON = timedelta(minutes=5)


class EndlessCourier(Courier):
    """Tries again and again what a server does not take for now."""

    def _take_failure(self, letter: Letter, error: TransportError) -> Outcome:
        if error.is_permanent or error.is_uncertain or error.is_whole_server:
            return super()._take_failure(letter, error)
        return self._ledger.postpone(letter, text_of(error), next_at=self._clock.now() + SOON)


class TrustfulCourier(Courier):
    """Sends again whatever may have arrived, notices with consequences among it."""

    def _take_failure(self, letter: Letter, error: TransportError) -> Outcome:
        if not error.is_uncertain:
            return super()._take_failure(letter, error)
        next_at = self._clock.now() + SOON
        return self._ledger.leave_uncertain(letter, text_of(error), next_at=next_at)


class _ConfusedWriter(Writer):
    """Addresses every letter to whoever got the first."""

    _first: Any = None

    def write(self, link: Link, bundle: Bundle, claims: Sequence[Claimed]) -> Letter | None:
        letter = super().write(link, bundle, claims)
        if letter is not None and letter.message is not None:
            self._first = self._first or letter.message.to
            letter.message = replace(letter.message, to=self._first)
        return letter


class ConfusedCourier(Courier):
    """Puts letters into the wrong envelopes."""

    def __init__(self, *arguments: Any, **more: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **more)
        self._writer = _ConfusedWriter(more["renderer"], more["sender"])


def by_nobody(sql: str) -> str:
    """Return SQL that keeps events without saying by whom they are."""
    return sql.replace(":at, :actor,", ":at, NULL,") if "INTO event" in sql else sql


def unmarked(sql: str) -> str:
    """Return SQL that does not note down which addresses refuse mail."""
    return "" if "SET refused_at = :at" in sql else sql
