"""Published rules on health and care, in our own words, as a definition says them.

Each date was worked out by hand from the rule and a calendar, or is an example that the rule's own
authority gives.
"""

from tests.rules_of_others import Rule

CARE = (
    Rule(
        "a patient is kept for 28 days or six months that begin with the day of admission",
        "Mental Health Act 1983, sections 2, 3 and 20",
        "{dates: {admitted: {}, expires: {is: 6 months beginning with admitted}}, tasks: {assess: "
        "{limit: 28 days beginning with admitted}, renew: {not_before: 2 months ending with expires"
        ", limit: expires}}}",
        (
            "2026-01-01 admitted -> expires 2026-06-30; renew.opens 2026-05-01; "
            "assess.limit 2026-01-28",
            "2026-08-31 admitted -> expires 2027-02-28; assess.limit 2026-09-27",
            "2026-09-01 admitted -> expires 2027-02-28",
            "2026-02-02 admitted -> assess.limit 2026-03-01",
            "2026-01-01 admitted; 2026-04-30 done renew -> "
            'refused "may not be done before Friday 1 May 2026"',
        ),
    ),
    Rule(
        "a holding power ends after six hours, or after 72",
        "Mental Health Act 1983, section 5",
        "{dates: {held: {}}, tasks: {nurse: {limit: 6 hours after held}, doctor: {limit: "
        "72 hours after held}}}",
        (
            "2026-03-29 00:30 held -> nurse.limit 2026-03-29 07:30; doctor.limit 2026-04-01 01:30",
            "2026-10-25 00:30 held -> nurse.limit 2026-10-25 05:30",
            "2027-03-28 02:00 held -> nurse.limit 2027-03-28 08:00",
        ),
    ),
    Rule(
        "two different doctors examine a patient, with at most five days between",
        "Mental Health Act 1983, section 12",
        "{tasks: {first: {}, second: {other_than: first, limit: 5 clear days after first}},"
        " transitions: {admit: {from: live, to: over, requires: [{any: 2, of: [first, second]}]}}}",
        (
            "2026-11-02 done first by 5 -> second.limit 2026-11-08",
            "2026-11-02 done first by 5; 2026-11-04 done second by 5 -> "
            'refused "must be done by somebody else than"',
            "2026-11-02 done first by 5; 2026-11-03 take admit -> "
            'refused "at least 2 of these: Second: not done"',
            "2026-11-02 done first by 5; 2026-11-04 done second by 6; 2026-11-04 take admit -> "
            "stage over",
        ),
    ),
    Rule(
        "a treatment is given in 12 weeks, less the days on which a patient cannot come",
        "Patient Rights (Treatment Time Guarantee) (Scotland) Regulations 2012",
        "{calendar: scotland, dates: {agreed: {}, missed: {}}, pauses: {unavailable: {ends: both}},"
        " tasks: {treat: {limit: 12 weeks after agreed, pauses: unavailable, restarts_on: "
        "missed}}}",
        (
            "2026-03-02 agreed -> treat.limit 2026-05-25",
            "2026-03-02 agreed; 2026-04-06 pause unavailable; 2026-04-19 resume unavailable -> "
            "treat.limit 2026-06-08",
            "2026-03-02 agreed; 2026-05-11 missed -> treat.limit 2026-08-03",
            "2026-03-02 agreed; 2026-04-06 pause unavailable; 2026-04-19 resume unavailable; "
            "2026-05-11 missed -> treat.limit 2026-08-03",
        ),
    ),
    Rule(
        "a serious incident is examined in sixty working days, less what the police ask for",
        "Serious Incident Framework 2015",
        "{dates: {reported: {}}, pauses: {police: {}}, tasks: {report: {limit: 60 working days "
        "after "
        "reported, pauses: police}}}",
        (
            "2026-11-02 reported -> report.limit 2027-01-28",
            "2026-11-02 reported; 2026-12-07 pause police; 2026-12-21 resume police -> "
            "report.limit 2027-02-11",
            "2026-11-02 reported; 2026-12-07 pause police; 2026-12-21 resume police; "
            "2027-01-11 pause police -> report.limit none; report.stands paused",
            "2026-11-02 reported; 2026-12-07 pause police; 2026-12-21 resume police; "
            "2027-01-11 pause police; 2027-01-20 resume police on 2027-01-18 -> "
            "report.limit 2027-02-18",
        ),
    ),
    Rule(
        "a complaint is answered as agreed, and in six months whatever is waited for",
        "Local Authority Social Services and Health Service Complaints Regulations 2009",
        "{dates: {received: {}}, pauses: {consent: {}}, tasks: {acknowledge: {limit: 3 working "
        "days "
        "after received}, answer: {limit: 40 working days after received, pauses: consent, cap: "
        "6 months beginning with received}}}",
        (
            "2026-12-23 received -> acknowledge.limit 2026-12-30",
            "2026-03-02 received; 2026-03-09 pause consent -> answer.limit 2026-09-01",
            "2026-03-02 received; 2026-03-09 pause consent; 2026-03-16 resume consent -> "
            "answer.limit 2026-05-07",
            "2026-03-02 received; 2026-03-09 pause consent; 2026-08-24 resume consent -> "
            "answer.limit 2026-09-01",
        ),
    ),
    Rule(
        "an urgent authorisation lasts a week that begins with it, and once a week more",
        "Mental Capacity Act 2005, schedule A1",
        "{dates: {given: {}}, tasks: {decide: {limit: 7 days beginning with given, extends: "
        "{longer: "
        "{by: up to 7 days}}}}}",
        (
            "2026-11-02 given -> decide.limit 2026-11-08",
            "2026-11-02 given; 2026-11-07 extend decide by 7 days -> decide.limit 2026-11-15",
            "2026-11-02 given; 2026-11-07 extend decide by 1 week -> decide.limit 2026-11-15",
        ),
    ),
    Rule(
        "an accident that keeps somebody from work over a week is told of in 15 days",
        "Reporting of Injuries Regulations 2013",
        "{dates: {accident: {}}, tasks: {report: {limit: 15 days after accident, source: house "
        "policy}}}",
        (
            "2026-02-20 accident -> report.limit 2026-03-07; report.source house policy",
            "2028-02-20 accident -> report.limit 2028-03-06",
        ),
    ),
    Rule(
        "whom a coroner warns answers in 56 days",
        "Coroners (Investigations) Regulations 2013, regulation 29",
        "{dates: {sent: {}}, tasks: {answer: {limit: 56 days after sent, target: '7 weeks after "
        "sent"
        ", rolled to the previous working day'}}}",
        ("2026-10-30 sent -> answer.limit 2026-12-25; answer.target 2026-12-18",),
    ),
    Rule(
        "a mother and child are seen six to eight weeks after the birth",
        "Standard General Medical Services Contract",
        "{dates: {born: {}}, tasks: {see: {limit: 6 to 8 weeks after born}}}",
        (
            "2026-01-05 born -> see.opens 2026-02-16; see.limit 2026-03-02; see.status pending",
            "2026-01-05 born; 2026-02-16 look -> see.status open",
        ),
    ),
)
