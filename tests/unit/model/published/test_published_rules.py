"""The language of time says the published rules of other fields, and the engine keeps them.

Source: the project's rules of time, features 1 to 27, and the clocks of the years 2026 to 2028.
"""

import pytest

from tests.rules_of_others import Rule, all_examples, seen
from tests.unit.model.published.business import BUSINESS
from tests.unit.model.published.care import CARE
from tests.unit.model.published.children import CHILDREN
from tests.unit.model.published.councils import COUNCILS
from tests.unit.model.published.countries import COUNTRIES
from tests.unit.model.published.courts import COURTS
from tests.unit.model.published.information import REQUESTS
from tests.unit.model.published.licences import LICENCES
from tests.unit.model.published.meetings import MEETINGS
from tests.unit.model.published.rhythms import RHYTHMS
from tests.unit.model.published.steps import PEOPLE, RECORDS, STEPS

RULES = (
    *(*REQUESTS, *COURTS, *MEETINGS, *COUNCILS, *BUSINESS, *LICENCES, *CARE, *CHILDREN),
    *(*RHYTHMS, *COUNTRIES, *STEPS, *PEOPLE, *RECORDS),
)
SAID = (
    *("hours after", "days after", "working days after", "weeks after", "months after"),
    *("years after", "days before", "weeks before", "months before", "beginning with"),
    *("ending with", "clear days before", "clear working days before", "clear days after"),
    *("the later of", "the earlier of", "unless", "rolled to the next", "rolled to the previous"),
    *("in the calendar", "the last day of the month", "22nd of the month", "the first working day"),
    *("31 January after", "31 August on or after", "last activity", "joining", "leaving"),
    *(".recorded", "the day after", "by 4pm on", "6 to 8 weeks", "9 to 5 clear", "end of"),
    *("cut_off:", "is:", "is known", "is not known", "is filled", "until left_care"),
    *("at most", "every 6 months", "every year", "month from", "day from", "officer, past"),
    *("not_before:", "pauses:", "restarts_on:", "extends:", "excused_when:", "cap:", "lapses:"),
    *("no_later_than:", "before:", "unless:", "needs:", "at_most:", "up to", "when:", "after:"),
    *("ends: both", "ends: last", "from:", "other_than:", "any: 2", "keeps:", "retention:"),
    *("calendars:", "adds:", "removes:", "weekend:", "based_on:", "zone:", "at: end of"),
    *("any_uk", "scotland", "northern_ireland", "calendar: IE", "DE-BY", "limit:", "target:"),
)
FACTS = ("extend ", "pause ", "resume ", "waive ", "hold ", "lift", "release ", "take ", " on 2")
ALL = all_examples(RULES)


@pytest.mark.parametrize(("rule", "example"), ALL, ids=str)
def test_a_published_rule_is_kept(rule: Rule, example: str) -> None:
    wanted, found = seen(rule, example)
    assert found == wanted


@pytest.mark.parametrize("words", SAID)
def test_all_that_the_language_says_of_time_is_tried(words: str) -> None:
    assert any(words in rule.written for rule in RULES)


@pytest.mark.parametrize("words", FACTS)
def test_all_that_people_may_record_is_tried(words: str) -> None:
    assert any(words in example.partition(" -> ")[0] for _, example in ALL)


@pytest.mark.parametrize(
    "wrong",
    [
        "2026-03-02 received -> reply.limit 2026-03-30",  # as in England alone
        "2026-03-02 received; 2026-04-01 look -> reply.stands due_soon",
        "2026-03-02 received -> refused anything",
        "2026-03-02 received; 2026-03-09 extend reply -> reply.status open",
        '2026-03-02 received; 2026-03-09 extend reply -> refused "another reason"',
        "2026-03-02 received -> nothing.limit 2026-03-30",
    ],
)
def test_an_example_that_is_wrong_is_caught(wrong: str) -> None:
    wanted, found = seen(REQUESTS[0], wrong)
    assert found != wanted


def test_there_are_many_rules_of_many_sources() -> None:
    assert len({rule.source for rule in RULES}) == len(RULES) >= 75
    assert len(ALL) >= 225
