"""A visit whose report is on a clock: pauses, an excuse, more time by agreement."""

from datetime import date, time

from tests.builders import Case
from tests.visits import Edit, drafting
from workflow.model import commands as c

CLOCKED: tuple[Edit, ...] = (
    (
        "  signed_off:  {title",
        "  asked: {title: The host was asked}\n  answered: {title: The host answered}\n"
        "  appealed: {title: An appeal was made}\n  signed_off:  {title",
    ),
    (
        "tasks:\n",
        "pauses:\n  waiting: {title: Waiting for the host}\n"
        "  asking: {title: An answer is awaited, from: asked, until: answered}\ntasks:\n",
    ),
    (
        "    limit: 4 weeks after visit_end\n",
        "    limit: 4 weeks after visit_end\n    pauses: [waiting, asking]\n"
        "    excused_when: appealed is known\n    extends:\n"
        "      more: {title: More time, by: up to 10 days, at_most: 2, unless: asked is known,\n"
        "             needs: [reason, agreement]}\n",
    ),
)
ONE_RULE: tuple[Edit, ...] = (
    (
        "    limit: 10 working days after report_sent\n",
        "    limit: 10 working days after report_sent\n    extends:\n"
        "      week: {by: 1 week, before: 2 days before limit, allowed: manager}\n"
        "      long: {by: 1 month}\n",
    ),
)
LIMIT = date(2026, 12, 24)  # four weeks after the visit


def writing() -> Case:
    """Return a visit whose report is to be written, in the fourth week after it."""
    return drafting(*CLOCKED).until(date(2026, 12, 18), time(8))


def more(
    amount: str | None = "5 days", *, reason: str = "ill", agreement: str = "e-mail of the 17th"
) -> c.ExtendDeadline:
    on = date(2026, 12, 18)
    return c.ExtendDeadline(
        spec="report_sent", on=on, amount=amount, reason=reason, agreement=agreement
    )


def paused(on: date, name: str = "waiting", reason: str = "no answer") -> c.PauseClock:
    return c.PauseClock(name=name, on=on, reason=reason)


def resumed(on: date, name: str = "waiting") -> c.ResumeClock:
    return c.ResumeClock(name=name, on=on)
