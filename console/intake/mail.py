"""What a person says of messages: send them again, or what became of them."""

from typing import TYPE_CHECKING

import bootstrap
from console.words import count
from workflow.model.errors import InvalidInput

if TYPE_CHECKING:
    from console.session import Session


def retry(session: "Session", number: int | None, *, to: str | None) -> str:
    """Send one message again, or all that failed to reach a person; say so.

    Raises:
        InvalidInput: both or neither are named, or it cannot be sent again.
        NotFound: there is no such message or person.
    """
    if (number is None) == (to is None):
        raise InvalidInput("name one message, or --to PERSON for all that failed to reach them")
    at = session.now.at
    if number is not None:
        with session.application.database.writing() as link:
            bootstrap.outbox.retry(link, number, at=at)
        return f"Message {number} goes out with the next round."
    person = session.person(to or "")
    with session.application.database.writing() as link:
        again = bootstrap.refusals.retry_of(link, person.id, at=at)
    if not again:
        return f"No message to {person.email} has failed."
    goes = "goes" if again == 1 else "go"
    return f"{count(again, 'message')} to {person.email} {goes} out with the next round."


def settle(session: "Session", number: int, *, has_arrived: bool | None) -> str:
    """Note down what became of an uncertain message; say so.

    Raises:
        InvalidInput: it is not said, or the message is not uncertain.
        NotFound: there is no such message.
    """
    if has_arrived is None:
        raise InvalidInput("say what became of it: --arrived, or --lost to send it again")
    at, name = session.now.at, session.application.actor.name
    note = f"{name} said that it {'arrived' if has_arrived else 'was lost'}"
    with session.application.database.writing() as link:
        bootstrap.outbox.settle(link, number, has_arrived=has_arrived, at=at, note=note)
    if has_arrived:
        return f"Message {number} is sent."
    return f"Message {number} goes out with the next round."
