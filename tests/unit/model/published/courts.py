"""Published rules on courts and tribunals, in our own words, as a definition says them.

Each date was worked out by hand from the rule and a calendar, or is an example that the rule's own
authority gives.
"""

from tests.rules_of_others import Rule

CPR = "Civil Procedure Rules"


COURTS = (
    Rule(
        "days before a hearing are clear days",
        f"{CPR}, rule 2.8",
        "{dates: {hearing: {}}, tasks: {serve: {limit: 3 clear days before hearing},"
        " bundle: {limit: 7 clear days before hearing}}}",
        (
            "2023-09-01 hearing on 2023-10-20 -> serve.limit 2023-10-16",
            "2026-02-02 hearing on 2026-03-30 -> bundle.limit 2026-03-22",
            "2026-02-02 hearing on 2026-03-30; 2026-02-09 hearing on 2026-04-20 -> "
            "bundle.limit 2026-04-12; bundle.first_limit 2026-03-22",
        ),
    ),
    Rule(
        "of five days or less, weekends and bank holidays are not counted",
        f"{CPR}, rule 2.8(4)",
        "{dates: {hearing: {}}, tasks: {serve: {limit: 3 clear working days before hearing},"
        " statement: {limit: 5 clear working days before hearing}}}",
        (
            "2025-09-01 hearing on 2025-10-20 -> serve.limit 2025-10-14",
            "2017-02-01 hearing on 2017-03-14 -> statement.limit 2017-03-06",
            "2026-03-02 hearing on 2026-04-09 -> serve.limit 2026-04-01",
        ),
    ),
    Rule(
        "what ends on a day on which the office is closed may be done on the next",
        f"{CPR}, rule 2.8(5)",
        "{dates: {served: {}}, tasks: {answer: {limit: '14 days after served, rolled to the next "
        "working day'}}}",
        (
            "2025-10-02 served -> answer.limit 2025-10-16",
            "2026-03-20 served -> answer.limit 2026-04-07",
            '2026-03-20 served -> answer.because "Good Friday, Saturday, Sunday and Easter Monday '
            'are not working days"',
        ),
    ),
    Rule(
        "whoever acknowledges service has 14 days more, and 28 more by agreement in writing",
        f"{CPR}, rules 15.4 and 15.5",
        "{dates: {served: {}, acknowledged: {}}, tasks: {defend: {limit: 14 days after served, "
        "extends:"
        " {acknowledged: {by: 14 days, when: acknowledged is known},"
        " agreed: {by: up to 28 days, needs: agreement}}}}}",
        (
            "2026-05-01 served -> defend.limit 2026-05-15",
            "2026-05-01 served; 2026-05-12 acknowledged -> defend.limit 2026-05-29",
            "2026-05-01 served; 2026-05-12 acknowledged; 2026-05-20 extend defend by 28 days -> "
            "defend.limit 2026-06-26",
            "2026-05-01 served; 2026-05-12 extend defend by 29 days -> "
            'refused "29 days is not allowed: up to 28 days"',
            "2026-05-01 served; 2026-05-12 extend_silently defend -> "
            'refused "say how much more time: --by, up to 28 days"',
        ),
    ),
    Rule(
        "a claim form is taken as served on the second business day after it was posted",
        f"{CPR}, rule 6.14",
        "{dates: {posted: {}, served: {is: 2 working days after posted}},"
        " tasks: {respond: {limit: 14 days after served}}}",
        (
            "2026-03-27 posted -> served 2026-03-31; respond.limit 2026-04-14",
            "2026-04-02 posted -> served 2026-04-08; respond.limit 2026-04-22",
            "2026-04-02 posted; 2026-04-09 served -> "
            'refused "Served is worked out (2 working days after posted): it cannot be set"',
        ),
    ),
    Rule(
        "another document is taken as served on the second day, or on the next business day",
        f"{CPR}, rule 6.26, post",
        "{dates: {posted: {}, served: {is: '2 days after posted, rolled to the next working day'}},"
        " tasks: {respond: {limit: 14 days after served}}}",
        (
            "2026-03-02 posted -> served 2026-03-04",
            "2026-03-27 posted -> served 2026-03-30",
            "2026-04-02 posted -> served 2026-04-07; respond.limit 2026-04-21",
            "2026-05-04 posted -> served 2026-05-06",  # a bank holiday
        ),
    ),
    Rule(
        "what is handed over before half past four on a business day is served on that day",
        f"{CPR}, rule 6.26, personal service",
        "{dates: {handed: {cut_off: '16:29'}, served: {is: 'handed, rolled to the next working "
        "day'}}, tasks: {respond: {limit: 'by 16:00 on 14 days after served'}}}",
        (
            "2026-03-06 16:29 handed -> served 2026-03-06",
            "2026-03-06 16:30 handed -> served 2026-03-09",
            "2026-03-08 15:00 handed -> served 2026-03-09",
            "2026-04-02 16:31 handed -> served 2026-04-07; respond.limit 2026-04-21 16:00",
            "2026-03-06 12:00 handed; 2026-03-20 16:00 look -> respond.stands due_soon",
            "2026-03-06 12:00 handed; 2026-03-20 16:01 look -> respond.stands late",
        ),
    ),
    Rule(
        "a claim form is served within four months of its issue, up to midnight",
        f"{CPR}, rule 7.5",
        "{dates: {issued: {}}, tasks: {serve: {limit: 4 months after issued}}}",
        (
            "2026-10-31 issued -> serve.limit 2027-02-28 23:59",
            "2027-10-31 issued -> serve.limit 2028-02-29 23:59",
            "2026-05-20 issued -> serve.limit 2026-09-20 23:59",
        ),
    ),
    Rule(
        "a decision is challenged within three months, six weeks or thirty days, by its kind",
        f"{CPR}, part 54",
        "{dates: {decided: {}}, tasks: {any: {limit: 3 months after decided}, planning: {limit: "
        "6 weeks after decided}, procurement: {limit: 30 days beginning with decided}}}",
        (
            "2026-11-30 decided -> any.limit 2027-02-28; planning.limit 2027-01-11; "
            "procurement.limit 2026-12-29",
            "2026-11-02 decided -> any.limit 2027-02-02; planning.limit 2026-12-14; "
            "procurement.limit 2026-12-01",
        ),
    ),
    Rule(
        "a dismissal is claimed against within three months that begin with its day",
        "Employment Rights Act 1996, sections 111 and 207B",
        "{dates: {ended: {}, day_a: {}, day_b: {}, month_on: {is: 1 month after day_b}},"
        " pauses: {talks: {from: day_a, until: day_b, ends: last}},"
        " tasks: {claim: {limit: '3 months beginning with ended, unless month_on', pauses: "
        "talks}}}",
        (
            "2026-06-30 ended -> claim.limit 2026-09-29",
            "2026-08-31 ended -> claim.limit 2026-11-30",
            "2026-06-30 ended; 2026-08-03 day_a; 2026-08-24 day_b -> claim.limit 2026-10-20",
            "2026-06-30 ended; 2026-09-21 day_a; 2026-10-19 day_b -> claim.limit 2026-11-19",
        ),
    ),
)
