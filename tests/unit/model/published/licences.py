"""Published rules on licences, notices and penalties, in our own words, as a definition says them.

Each date was worked out by hand from the rule and a calendar, or is an example that the rule's own
authority gives.
"""

from tests.rules_of_others import Rule

LICENCES = (
    Rule(
        "a temporary event is announced ten working days before, neither end counted",
        "Licensing Act 2003, sections 100 and 100A",
        "{dates: {event: {}}, tasks: {announce: {limit: 10 clear working days before event},"
        " announce_late: {limit: 9 to 5 clear working days before event}}}",
        (
            "2026-10-01 event on 2026-12-11 -> announce.limit 2026-11-26; "
            "announce_late.opens 2026-11-27; announce_late.limit 2026-12-03",
            "2026-03-02 event on 2026-04-18 -> announce.limit 2026-04-01",
        ),
    ),
    Rule(
        "people answer within 28 days that begin the day after, and a hearing follows in 20 more",
        "Licensing Act 2003 (Premises Licences) Regulations 2005, regulation 22",
        "{dates: {given: {}}, tasks: {answer: {limit: 28 days beginning with the day after given},"
        " hear: {limit: 20 working days after 28 days after given}}}",
        (
            "2026-11-02 given -> answer.limit 2026-11-30; hear.limit 2026-12-30",
            "2026-02-01 given -> answer.limit 2026-03-01; hear.limit 2026-03-27",
        ),
    ),
    Rule(
        "a parking penalty is paid in 28 days that begin with its service, at half in 14",
        "Civil Enforcement Regulations 2022",
        "{dates: {posted: {}, served: {is: 2 working days after posted}}, tasks: {pay: {limit: "
        "28 days beginning with served, target: 14 days beginning with served}}}",
        (
            "2026-05-01 posted -> served 2026-05-06; pay.limit 2026-06-02; pay.target 2026-05-19",
            "2026-01-29 posted -> served 2026-02-02; pay.limit 2026-03-01; pay.target 2026-02-15",
        ),
    ),
    Rule(
        "a keeper is told in the 28 days that follow the driver's 28",
        "Protection of Freedoms Act 2012, schedule 4",
        "{dates: {ticketed: {}}, tasks: {tell: {limit: 29 to 56 days after ticketed}}}",
        (
            "2026-03-02 ticketed -> tell.opens 2026-03-31; tell.limit 2026-04-27; "
            "tell.status pending",
            "2026-03-02 ticketed; 2026-03-31 look -> tell.status open",
        ),
    ),
    Rule(
        "a tenant's two months end with a rental period, and a deposit is kept safe in 30 days",
        "Housing Acts 1988 and 2004",
        "{dates: {leaves: {}, deposited: {}}, tasks: {give_notice: {limit: the day before 2 months "
        "ending with leaves}, protect: {limit: 30 days beginning with deposited}}}",
        (
            "2026-06-01 leaves on 2026-09-30 -> give_notice.limit 2026-07-31",
            "2026-06-01 leaves on 2027-02-28 -> give_notice.limit 2026-12-31",
            "2026-02-01 deposited -> protect.limit 2026-03-02",
        ),
    ),
    Rule(
        "nobody of a hundred is dismissed in the 45 days after talks began",
        "Trade Union and Labour Relations Act 1992, section 188",
        "{dates: {began: {}}, tasks: {dismiss: {not_before: 45 days after began}}}",
        (
            "2026-11-02 began; 2026-12-16 done dismiss -> "
            'refused "may not be done before Thursday 17 December 2026"',
            "2026-11-02 began; 2026-12-17 done dismiss -> dismiss.status done",
            "2026-11-02 began; 2026-12-20 done dismiss on 2026-12-16 -> "
            'refused "may not be done before Thursday 17 December 2026: 45 days after began"',
        ),
    ),
    Rule(
        "a couple marry after 28 clear days of notice and within its year",
        "Marriage Act 1949, sections 31 and 33",
        "{dates: {noticed: {}}, tasks: {marry: {not_before: 28 clear days after noticed, limit: "
        "12 months beginning with noticed}}}",
        (
            "2026-09-07 noticed -> marry.opens 2026-10-06; marry.limit 2027-09-06",
            "2028-02-29 noticed -> marry.opens 2028-03-29; marry.limit 2029-02-28",
            '2026-09-07 noticed; 2026-10-05 done marry -> refused "before Tuesday 6 October 2026"',
        ),
    ),
)
