"""Published rules on public meetings and elections, in our own words, as a definition says them.

Each date was worked out by hand from the rule and a calendar, or is an example that the rule's own
authority gives.
"""

from tests.rules_of_others import Rule

MEETINGS = (
    Rule(
        "the papers of a meeting are public five clear days before it",
        "Local Government Act 1972, section 100B",
        "{dates: {meeting: {}}, tasks: {publish: {limit: 5 clear working days before meeting}}}",
        (
            "2026-10-01 meeting on 2026-11-10 -> publish.limit 2026-11-02",
            "2026-03-02 meeting on 2026-04-09 -> publish.limit 2026-03-30",
        ),
    ),
    Rule(
        "a parish summons goes out three clear days before, and Saturday is such a day",
        "Local Government Act 1972, schedule 12",
        "{calendars: {parish: {weekend: [sunday]}}, dates: {meeting: {}},"
        " tasks: {summon: {limit: 3 clear working days before meeting, calendar: parish}}}",
        (
            "2026-10-01 meeting on 2026-11-10 -> summon.limit 2026-11-05",
            "2026-03-02 meeting on 2026-04-07 -> summon.limit 2026-03-31",
        ),
    ),
    Rule(
        "a key decision is announced 28 clear days before it",
        "Executive Arrangements (Access to Information) Regulations 2012, regulation 9",
        "{dates: {decision: {}}, tasks: {announce: {limit: 28 clear days before decision}}}",
        (
            "2026-10-01 decision on 2026-11-30 -> announce.limit 2026-11-01",
            "2026-10-01 decision on 2027-03-01 -> announce.limit 2027-01-31",
        ),
    ),
    Rule(
        "a decision takes effect when the five working days of the call-in are over",
        "Local Government Act 2000, section 9F",
        "{dates: {published: {}}, tasks: {act: {not_before: the first working day after 5 working "
        "days after published}}}",
        (
            "2026-12-23 published -> act.opens 2027-01-05",
            "2026-12-23 published; 2027-01-04 done act -> "
            'refused "may not be done before Tuesday 5 January 2027"',
            "2026-12-23 published; 2027-01-05 done act -> act.stands met",
        ),
    ),
    Rule(
        "a nomination is handed in by four on the nineteenth working day before the poll",
        "Local Elections (Principal Areas) Rules 2006",
        "{dates: {poll: {}}, tasks: {nominate: {limit: by 4pm on 19 working days before poll},"
        " register: {limit: 12 working days before poll},"
        " ask_for_post: {limit: by 5pm on 11 working days before poll},"
        " ask_for_proxy: {limit: by 5pm on 6 working days before poll}}}",
        (
            "2026-03-02 poll on 2026-05-07 -> nominate.limit 2026-04-09 16:00; "
            "register.limit 2026-04-20; ask_for_post.limit 2026-04-21 17:00; "
            "ask_for_proxy.limit 2026-04-28 17:00",
            "2024-03-01 poll on 2024-05-02 -> nominate.limit 2024-04-05 16:00",
        ),
    ),
)
