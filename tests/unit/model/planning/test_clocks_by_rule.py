"""How clocks run, on small rules of our own: what stands still, what is given on top, from where.

Each line is a rule, what people record, and what is then to be seen; `rules_of_others` reads them.
"""

import pytest

from tests.rules_of_others import Rule, all_examples, seen

HOUSE = "house policy"
RULES = (
    Rule(
        "a task may hang on the day on which another opened",
        HOUSE,
        "{dates: {asked: {}}, tasks: {first: {opens: 2 days after asked, "
        "limit: 9 days after asked}, second: {limit: 3 days after first.opened}}}",
        (
            "2026-03-02 asked -> second.limit none",
            "2026-03-02 asked; 2026-03-03 look; 2026-03-04 look -> second.limit 2026-03-07; "
            'second.because "First" opened / + 3 days',
        ),
    ),
    Rule(
        "a task may hang on the day on which something was recorded, whenever it happened",
        HOUSE,
        "{dates: {asked: {}}, tasks: {first: {limit: 9 days after asked}, "
        "second: {limit: 3 days after first.recorded}, third: {limit: 3 days after first}}}",
        (
            "2026-03-02 asked -> second.limit none",
            "2026-03-02 asked; 2026-03-06 done first on 2026-03-04 -> second.limit 2026-03-09; "
            'third.limit 2026-03-07; second.because "as recorded (recorded)"',
        ),
    ),
    Rule(
        "what counts from leaving has no day while somebody stays",
        HOUSE,
        "{tasks: {hand_over: {for_each: officer, limit: 2 days after leaving}}}",
        (
            "2026-03-02 assign officer 7 -> hand_over:7.limit none",
            "2026-03-02 assign officer 7; 2026-03-05 release 7 -> hand_over:7.status cancelled",
        ),
    ),
    Rule(
        "a clock begins anew each time, also while it stands still",
        HOUSE,
        "{dates: {asked: {}, changed: {}, again: {}}, pauses: {one: {ends: both}}, "
        "tasks: {reply: {limit: 10 days after asked, restarts_on: [changed, again], "
        "pauses: [one]}}}",
        (
            "2026-03-02 asked; 2026-03-04 changed; 2026-03-06 again -> reply.limit 2026-03-16; "
            'reply.because "the clock begins anew"',
            "2026-03-02 asked; 2026-03-03 changed; 2026-03-04 pause one; 2026-03-06 again "
            "-> reply.limit none; reply.stands paused",
            "2026-03-02 asked; 2026-03-03 changed; 2026-03-04 pause one; 2026-03-06 again; "
            "2026-03-08 resume one -> reply.limit 2026-03-18",
        ),
    ),
    Rule(
        "pauses that overlap or touch are one, and each day of them is left out once",
        HOUSE,
        "{dates: {asked: {}}, pauses: {one: {ends: both}, other: {ends: both}}, "
        "tasks: {reply: {limit: 10 days after asked, pauses: [one, other]}}}",
        (
            "2026-03-02 asked; 2026-03-04 pause one; 2026-03-05 pause other; 2026-03-06 resume one;"
            " 2026-03-08 resume other -> reply.limit 2026-03-17; reply.because "
            '"not counted: Wed 4 Mar to Sun 8 Mar 2026 (One"',
            "2026-03-02 asked; 2026-03-04 pause one; 2026-03-05 resume one; 2026-03-06 pause other;"
            " 2026-03-06 resume other -> reply.limit 2026-03-15; reply.because "
            '"not counted: Wed 4 Mar to Fri 6 Mar 2026 (One"',
            "2026-03-02 asked; 2026-03-04 pause one; 2026-03-05 pause other; 2026-03-06 resume one "
            "-> reply.limit none; reply.stands paused",
            "2026-03-02 asked; 2026-03-04 pause one; 2026-03-05 resume one; 2026-03-07 pause other;"
            " 2026-03-07 resume other -> reply.limit 2026-03-15; reply.because "
            '"not counted: Wed 4 Mar to Thu 5 Mar 2026 (One)"',
        ),
    ),
    Rule(
        "a clock that stops and goes on the same day has not stopped",
        HOUSE,
        "{dates: {asked: {}}, pauses: {one: {}}, "
        "tasks: {reply: {limit: 10 days after asked, pauses: one}}}",
        (
            "2026-03-02 asked; 2026-03-04 pause one; 2026-03-04 resume one "
            "-> reply.limit 2026-03-12",
            "2026-03-02 asked; 2026-03-04 pause one; 2026-03-05 resume one "
            "-> reply.limit 2026-03-13",
        ),
    ),
    Rule(
        "a pause by dates that ended before it began has begun again",
        HOUSE,
        "{dates: {asked: {}, question: {}, answer: {}}, "
        "pauses: {one: {from: question, until: answer}}, "
        "tasks: {reply: {limit: 10 days after asked, pauses: one}}}",
        (
            "2026-03-02 asked; 2026-03-04 question; 2026-03-06 answer -> reply.limit 2026-03-14",
            "2026-03-02 asked; 2026-03-04 question; 2026-03-06 answer; 2026-03-07 question "
            "-> reply.limit none",
        ),
    ),
    Rule(
        "hours stand still from moment to moment",
        HOUSE,
        "{dates: {asked: {}}, pauses: {one: {}}, tasks: {reply: {limit: 24 hours after asked, "
        "pauses: one, extends: {more: {by: up to 12 hours}}}}}",
        (
            "2026-03-02 10:00 asked -> reply.limit 2026-03-03 10:00",
            "2026-03-02 10:00 asked; 2026-03-02 12:00 pause one on 2026-03-02 12:00; "
            "2026-03-02 15:00 resume one on 2026-03-02 15:00 -> reply.limit 2026-03-03 13:00; "
            'reply.because "not counted: some hours of Mon 2 Mar 2026 (One)"',
            "2026-03-02 10:00 asked; 2026-03-02 12:00 pause one on 2026-03-02 12:00 "
            "-> reply.limit none; reply.stands paused",
            "2026-03-02 10:00 asked; 2026-03-02 12:00 extend reply by 12 hours "
            "-> reply.limit 2026-03-03 22:00; reply.because "
            '"12 hours more: more, agreed on 2 March 2026"',
            "2026-03-02 10:00 asked; 2026-03-02 12:00 extend reply by 1 hours "
            "-> reply.limit 2026-03-03 11:00; reply.because "
            '"1 hour more: more, agreed on 2 March 2026"',
        ),
    ),
    Rule(
        "hours run between two pauses of one day, and a day of both is left out once",
        HOUSE,
        "{dates: {asked: {}}, pauses: {one: {ends: both}, other: {ends: both}}, tasks: {"
        "reply: {limit: 72 hours after asked, pauses: [one, other]}, "
        "check: {limit: 10 days after asked, pauses: [one, other]}}}",
        (
            "2026-03-02 09:00 asked; 2026-03-04 12:00 pause one on 2026-03-03 10:00; "
            "2026-03-04 12:00 resume one on 2026-03-04 10:00; "
            "2026-03-05 12:00 pause one on 2026-03-04 22:00; "
            "2026-03-05 12:00 resume one on 2026-03-05 10:00 -> reply.limit 2026-03-06 21:00; "
            "check.limit 2026-03-15",
            "2026-03-02 09:00 asked; 2026-03-04 12:00 pause one on 2026-03-03 10:00; "
            "2026-03-04 12:00 resume one on 2026-03-04 10:00; "
            "2026-03-04 12:00 pause other on 2026-03-04 08:00; "
            "2026-03-04 12:00 resume other on 2026-03-04 12:00 -> reply.limit 2026-03-06 11:00; "
            "check.limit 2026-03-14; check.because "
            '"not counted: Tue 3 Mar to Wed 4 Mar 2026 (One"',
        ),
    ),
    Rule(
        "hours stand still in the order of their moments, whichever days are left out",
        HOUSE,
        "{dates: {asked: {}}, pauses: {one: {ends: both}, other: {ends: last}, "
        "third: {ends: both}}, "
        "tasks: {reply: {limit: 14 hours after asked, pauses: [one, other, third]}}}",
        (
            "2026-03-02 09:00 asked; 2026-03-02 23:00 pause other on 2026-03-02 22:00; "
            "2026-03-02 23:00 resume other on 2026-03-02 23:00; "
            "2026-03-02 23:45 pause one on 2026-03-02 23:30; "
            "2026-03-03 01:00 resume one on 2026-03-03 01:00 -> reply.limit 2026-03-03 01:30",
            "2026-03-02 09:00 asked; 2026-03-02 23:00 pause other on 2026-03-02 22:00; "
            "2026-03-02 23:00 resume other on 2026-03-02 23:00; "
            "2026-03-02 23:45 pause one on 2026-03-02 23:30; "
            "2026-03-03 00:45 pause third on 2026-03-03 00:30; "
            "2026-03-03 01:00 resume one on 2026-03-03 01:00; "
            "2026-03-03 02:00 resume third on 2026-03-03 02:00 -> reply.limit 2026-03-03 02:30",
        ),
    ),
    Rule(
        "a count within a count stands still with its clock",
        HOUSE,
        "{dates: {asked: {}, sent: {}}, pauses: {one: {}}, tasks: {"
        "nested: {limit: 2 days after 5 days after asked, pauses: one}, "
        "later: {limit: 2 days after the later of 5 days after asked and sent, pauses: one}, "
        "anew: {limit: 2 days after 5 days after asked, pauses: one, restarts_on: sent}}}",
        (
            "2026-03-02 asked; 2026-03-04 pause one -> nested.limit none; "
            'nested.because "the clock stands still since Wed 4 Mar 2026: One"',
            "2026-03-02 asked; 2026-03-02 sent; 2026-03-04 pause one -> later.limit none; "
            "later.stands paused",
            "2026-03-02 asked; 2026-03-02 sent; 2026-03-04 pause one; 2026-03-06 resume one "
            "-> nested.limit 2026-03-11; later.limit 2026-03-11",
            "2026-03-02 asked; 2026-03-04 pause one; 2026-03-08 sent -> anew.limit none; "
            "anew.stands paused",
            "2026-03-02 asked; 2026-03-04 pause one; 2026-03-06 sent; 2026-03-08 resume one "
            "-> anew.limit 2026-03-13",
        ),
    ),
    Rule(
        "more time of another kind is counted from where the count ended",
        HOUSE,
        "{dates: {asked: {}}, pauses: {one: {}}, tasks: {reply: {limit: 10 days after asked, "
        "pauses: one, extends: {long: {by: 1 month}}}}}",
        (
            "2026-03-02 asked; 2026-03-03 extend reply -> reply.limit 2026-04-12",
            "2026-03-02 asked; 2026-03-03 extend reply; 2026-03-04 pause one "
            "-> reply.limit none; reply.stands paused",
            "2026-03-02 asked; 2026-03-03 extend reply; 2026-03-04 pause one; "
            "2026-03-06 resume one -> reply.limit 2026-04-14",
        ),
    ),
    Rule(
        "what is given by itself is not given while the exception holds",
        HOUSE,
        "{dates: {asked: {}, hard: {}, agreed: {}}, tasks: {reply: {limit: 10 days after asked, "
        "extends: {more: {by: 5 days, when: hard is known, unless: agreed is known}}}}}",
        (
            "2026-03-02 asked; 2026-03-03 hard -> reply.limit 2026-03-17",
            "2026-03-02 asked; 2026-03-03 hard; 2026-03-04 agreed -> reply.limit 2026-03-12",
        ),
    ),
    Rule(
        "an extension is bounded by its own last day, and by that of no other",
        HOUSE,
        "{dates: {asked: {}, hard: {}}, tasks: {reply: {limit: 1 month after asked, "
        "extends: {long: {by: 2 months, when: hard is known}, "
        "short: {by: 3 weeks, no_later_than: 6 weeks after asked}}}}}",
        (
            "2026-03-02 asked; 2026-03-03 hard -> reply.limit 2026-06-02",
            "2026-03-02 asked; 2026-03-03 extend reply -> reply.limit 2026-04-13; "
            'reply.because "no later than 6 weeks after asked"',
            "2026-03-02 asked; 2026-03-03 hard; 2026-03-04 extend reply -> reply.limit 2026-06-02",
        ),
    ),
    Rule(
        "of several extensions that are bounded the latest bound counts, in any order",
        HOUSE,
        "{dates: {asked: {}, near: {}, far: {}}, tasks: {"
        "reply: {limit: 1 month after asked, extends: {"
        "short: {by: 3 weeks, when: near is known, no_later_than: 6 weeks after asked}, "
        "long: {by: 1 month, when: far is known, no_later_than: 7 weeks after asked}}}, "
        "turned: {limit: 1 month after asked, extends: {"
        "long: {by: 1 month, when: far is known, no_later_than: 7 weeks after asked}, "
        "short: {by: 3 weeks, when: near is known, no_later_than: 6 weeks after asked}}}}}",
        (
            "2026-03-02 asked; 2026-03-03 near; 2026-03-03 far -> reply.limit 2026-04-20; "
            "turned.limit 2026-04-20",
            "2026-03-02 asked; 2026-03-03 near -> reply.limit 2026-04-13; turned.limit 2026-04-13",
        ),
    ),
    Rule(
        "a day of the month is the next one, and the last one where the month is shorter",
        HOUSE,
        "{dates: {asked: {}}, tasks: {pay: {limit: the 15th after asked}, "
        "same: {limit: the 15th on or after asked}, back: {limit: the 15th before asked}, "
        "last: {limit: the 31st after asked}, leap: {limit: 29 February on or after asked}}}",
        (
            "2026-03-02 asked -> pay.limit 2026-03-15; same.limit 2026-03-15; "
            'back.limit 2026-02-15; pay.because "the next day 15 of a month, after it"',
            "2026-03-15 asked -> pay.limit 2026-04-15; same.limit 2026-03-15; "
            'back.limit 2026-02-15; same.because "the next day 15 of a month, on or after it"',
            "2026-03-31 asked -> last.limit 2026-04-30",
            "2026-03-01 asked -> leap.limit 2027-02-28; last.limit 2026-03-31",
            "2027-02-28 asked -> leap.limit 2027-02-28",
            "2027-03-01 asked -> leap.limit 2028-02-29",
        ),
    ),
)


@pytest.mark.parametrize(("rule", "example"), all_examples(RULES), ids=str)
def test_a_clock_runs_as_its_rule_says(rule: Rule, example: str) -> None:
    wanted, shown = seen(rule, example)
    assert shown == wanted
