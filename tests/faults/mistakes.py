"""Mistakes that somebody might make: each harness must find them, or it is none."""

from typing import Any

from notifications.courier import Courier, Outcome
from notifications.delivery.writing import Letter
from notifications.message import Message
from tests.simulation.wire import WiredDatabase, name_of
from workflow.store.link import Connection, Cursor


class HastyCourier(Courier):
    """Marks a message before it is sent."""

    def _send(self, letter: Letter, message: Message) -> Outcome:
        self._ledger.note_sent(letter, message)
        self._transport.send(message)
        return Outcome.SENT


class HalfWire:
    """Keeps what was done so far when a challenge's row is written: one step, two transactions."""

    def __init__(self, wire: Connection) -> None:
        self._wire = wire

    def execute(self, sql: str | bytes, parameters: Any = (), **more: Any) -> Cursor:  # noqa: ANN401
        done = self._wire.execute(sql, parameters, **more)
        if name_of(sql) == "update challenge":
            self._wire.execute("COMMIT")
            self._wire.execute("BEGIN IMMEDIATE")
        return done

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._wire, name)


class HalfDatabase(WiredDatabase):
    """Works in two transactions where there should be one."""

    def connect(self) -> Connection:
        return HalfWire(super().connect())
