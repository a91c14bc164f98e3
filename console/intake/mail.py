"""What a person says of messages: send them again, or what became of them."""

import sys
from typing import TYPE_CHECKING

import bootstrap
from console.words import count
from workflow.model.access.permissions import Permission
from workflow.model.errors import InvalidInput

if TYPE_CHECKING:
    from console.session import Session


def retry(session: "Session", number: int | None, *, to: str | None) -> str:
    """Send one message again, or all that failed to reach a person; say so.

    Of a person's messages those go whose challenges whoever acts sees to.

    Raises:
        InvalidInput: both or neither are named, or it cannot be sent again.
        NotFound: there is no such message or person.
    """
    if (number is None) == (to is None):
        raise InvalidInput("name one message, or --to PERSON for all that failed to reach them")
    at = session.now.at
    if number is not None:
        with session.application.entering("mail_retried", {"message": number}) as link:
            bootstrap.outbox.retry(link, number, at=at)
        return f"Message {number} goes out with the next round."
    person, among = session.person(to or ""), session.visible(Permission.MANAGE_MAIL)
    with session.application.entering("mail_retried", {"person": person.id}) as link:
        again = bootstrap.refusals.retry_of(link, person.id, among=among, at=at)
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
    at, actor = session.now.at, session.application.actor
    note = f"{actor.name} said that it {'arrived' if has_arrived else 'was lost'}"
    said = {"message": number, "arrived": has_arrived}
    with session.application.entering("mail_settled", said) as link:
        bootstrap.outbox.settle(
            link, number, has_arrived=has_arrived, at=at, note=note, by=actor.id
        )
    if has_arrived:
        return f"Message {number} is sent."
    return f"Message {number} goes out with the next round."


def release(session: "Session", *, is_restored: bool) -> list[str]:
    """Let mail go again, and with it what is uncertain since a backup was restored; say so.

    Raises:
        InvalidInput: nobody can be asked, and `--yes` was not said.
    """
    at = session.now.at
    with session.reading() as link:
        doubtful = bootstrap.doubts.doubtful(link)
    what = count(doubtful, "message")
    if is_restored and doubtful:
        _be_sure(session, what)
    with session.application.entering("mail_released", {"restored": is_restored}) as link:
        sent = bootstrap.doubts.trust(link, at) if is_restored else 0
        bootstrap.outbox.release(link)
    if sent:
        return [f"Mail goes again, and {what} that may have arrived already."]
    if not doubtful:
        return ["Mail goes again."]
    return [
        "Mail goes again.",
        f"{what} may have been sent before the backup was restored: see them with",
        "peer-challenge mail list --status uncertain",
    ]


def _be_sure(session: "Session", what: str) -> None:
    """Ask whether messages go out that may have arrived; where nobody is there, `--yes` says it."""
    if not session.is_sure and not sys.stdin.isatty():
        raise InvalidInput(f"{what} may have arrived already: say --yes to send them all the same")
    session.confirm(f"{what} may have arrived already. Send them all the same?")
