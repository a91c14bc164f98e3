"""What is told of dates that are worked out by way of very many others, and in what time."""

from time import process_time
from typing import Any

from tests.unit.model.test_references import said, task

MOST = "by way of more than 20 dates one after the other, or of 1000 in all"
TOO_MANY = f"it is worked out {MOST}; count it from earlier ones"


def chain(count: int, first: str = "start") -> list[tuple[str, Any]]:
    """Return dates that follow each other."""
    return [
        (f"dates.d{n}", {"title": "D", "is": f"1 day after {f'd{n - 1}' if n else first}"})
        for n in range(count)
    ]


def doubling(count: int, first: str = "start") -> list[tuple[str, Any]]:
    """Return pairs of dates, each of which hangs on both before it."""
    return [
        (f"dates.{key}{n}", {"title": "D", "is": f"{days} days after {both if n else first}"})
        for n in range(count)
        for both in [f"the later of d{n - 1} and e{n - 1}"]
        for key, days in (("d", 1), ("e", 2))
    ]


def test_a_date_that_hangs_on_too_many_others_is_told_once() -> None:
    assert said(*chain(20)) == []
    assert said(*chain(25)) == [f"dates.d20.is: {TOO_MANY}"]
    assert said(*reversed(chain(25))) == [f"dates.d24.is: {TOO_MANY}"]
    assert said(*doubling(9)) == []
    assert said(*doubling(12)) == [f"dates.d9.is: {TOO_MANY}"]


def test_however_many_there_are_the_answer_comes_in_time() -> None:
    many = (*doubling(60, first="over"), ("transitions.finish.requires", ["d59 is known"]))
    begun = process_time()
    found = said(*many)
    assert process_time() - begun < 2.0
    assert found[0] == f"dates.d9.is: {TOO_MANY}"
    assert found[1].endswith(
        "and that comes only after this step; leave it out, or let "
        '"d59" count from something earlier (start, end, first, second, pause)'
    )


def test_a_task_that_opens_by_its_own_opening_is_told_as_a_circle() -> None:
    assert said(("tasks.more", task(opens="1 day after more.opened"))) == [
        "tasks.more.opens: it hangs on itself: more.opens → more.opens"
    ]
    by_a_date = ("dates.due", {"title": "Due", "is": "1 day after more.opened"})
    assert said(by_a_date, ("tasks.more", task(opens="when due is known"))) == [
        "tasks.more.opens: it hangs on itself: more.opens → due → more.opens"
    ]
    assert said(by_a_date, ("tasks.more", task(opens="when due is known or end"))) == []
