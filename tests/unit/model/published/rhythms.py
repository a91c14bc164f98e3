"""Published rules on what comes again, falls silent or lies long ago, as a definition says them.

Each date was worked out by hand from the rule and a calendar, or is an example that the rule's own
authority gives.
"""

from tests.rules_of_others import Rule

RHYTHMS = (
    Rule(
        "a gas appliance is checked each year, by the day of the year on which it was put in",
        "Gas Safety (Installation and Use) Regulations 1998, regulation 36",
        "{dates: {installed: {}, sold: {}}, tasks: {check: {title: 'Check by {day}', for_each: "
        "'every year after installed, until sold, at most 4 times', opens: '2 months before {day}',"
        " limit: '{day}'}}}",
        (
            "2024-02-29 installed -> check:2025-02-28.limit 2025-02-28; "
            "check:2025-02-28.opens 2024-12-28",
            "2024-02-29 installed; 2025-01-20 done check:2025-02-28; 2026-02-01 done "
            "check:2026-02-28; 2027-02-01 done check:2027-02-28 -> "
            "check:2028-02-29.limit 2028-02-29",
        ),
    ),
    Rule(
        "somebody on probation is seen each month from the start, six times",
        "House policy on probation",
        "{dates: {started: {}}, tasks: {see: {title: 'See on {day}', for_each: 'every month from "
        "started, at most 2 times', limit: '5 working days after {day}'}}}",
        (
            "2026-01-31 started -> see:2026-01-31.limit 2026-02-06; see:2026-02-28.limit "
            "2026-03-06",
            "2026-01-31 started; 2026-02-02 done see:2026-01-31; 2026-03-02 done see:2026-02-28 -> "
            "see:2026-02-28.stands met",
        ),
    ),
    Rule(
        "a victim hears something every 28 days, unless another day was promised",
        "Code of Practice for Victims of Crime",
        "{dates: {promised: {}}, tasks: {tell: {target: '28 days after last activity, unless "
        "promised'}}}",
        (
            "2026-03-02 promised on 2026-03-10 -> tell.target 2026-03-30",
            "2026-03-02 promised on 2026-05-01 -> tell.target 2026-05-01",
            "2026-03-02 promised on 2026-03-10; 2026-03-20 assign officer 5 -> "
            "tell.target 2026-04-17",
        ),
    ),
    Rule(
        "money is dormant 15 years after the holder last did anything",
        "Dormant Bank and Building Society Accounts Act 2008, section 10",
        "{dates: {opened: {}}, tasks: {pass_on: {target: 15 years after the last activity}}}",
        (
            "2026-03-02 opened -> pass_on.target 2041-03-02",
            "2026-03-02 opened; 2028-02-29 assign officer 5 -> pass_on.target 2043-02-28",
        ),
    ),
    Rule(
        "a hidden damage is claimed in six years, or three from finding it, at most in fifteen",
        "Latent Damage Act 1986",
        "{dates: {accrued: {}, found: {}, last_of_found: {is: 3 years after found}}, tasks: "
        "{claim: {"
        "limit: '6 years after accrued, unless last_of_found', cap: 15 years after accrued}}}",
        (
            "2012-05-01 accrued -> claim.limit 2018-05-01",
            "2012-05-01 accrued; 2014-03-01 found -> claim.limit 2018-05-01",
            "2012-05-01 accrued; 2017-03-01 found -> claim.limit 2020-03-01",
            "2012-05-01 accrued; 2026-03-01 found -> claim.limit 2027-05-01",
        ),
    ),
)
