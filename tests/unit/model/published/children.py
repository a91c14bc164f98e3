"""Published rules on children and schools, in our own words, as a definition says them.

Each date was worked out by hand from the rule and a calendar, or is an example that the rule's own
authority gives.
"""

from tests.rules_of_others import Rule

CHILDREN = (
    Rule(
        "a conference meets 15 working days after the strategy talk, and again in three months",
        "Working Together to Safeguard Children",
        "{dates: {talked: {}}, tasks: {meet: {limit: 15 working days after talked}, meet_again: "
        "{after: meet, limit: 3 months after meet}}}",
        (
            "2026-12-14 talked -> meet.limit 2027-01-07; meet_again.limit none",
            "2026-12-14 talked; 2026-12-31 done meet on 2026-12-30 -> meet_again.limit 2027-03-30",
            "2026-10-28 talked; 2026-11-30 done meet -> meet.stands met_late; "
            "meet_again.limit 2027-02-28",
        ),
    ),
    Rule(
        "a child in care is reviewed in 20 working days, 3 months later, and then each half year",
        "Care Planning Regulations 2010, regulation 33",
        "{dates: {placed: {}, left_care: {}}, tasks: {first: {limit: 20 working days after placed},"
        " second: {after: first, limit: 3 months after first}, later: {title: 'Review by {day}',"
        " for_each: 'every 6 months after second, until left_care', opens: '4 weeks before {day}',"
        " limit: '{day}'}}}",
        (
            "2026-03-02 placed -> first.limit 2026-03-30",
            "2026-03-02 placed; 2026-03-27 done first -> second.limit 2026-06-27",
            "2026-03-02 placed; 2026-03-27 done first; 2026-06-26 done second -> "
            "later:2026-12-26.limit 2026-12-26; later:2026-12-26.opens 2026-11-28",
            "2026-03-02 placed; 2026-03-27 done first; 2026-06-26 done second; "
            "2026-12-26 done later:2026-12-26 -> later:2027-06-26.limit 2027-06-26",
            "2026-03-02 placed; 2026-03-27 done first; 2026-06-26 done second; "
            "2026-10-01 left_care -> later:2026-12-26.status cancelled",
        ),
    ),
    Rule(
        "governors meet about an exclusion within 15 school days",
        "School Discipline (Pupil Exclusions and Reviews) Regulations 2012",
        "{calendars: {school: {adds: {2026-02-16: Half term, 2026-02-17: Half term, 2026-02-18: "
        "Half term, 2026-02-19: Half term, 2026-02-20: Half term}, removes: [2026-05-04]}},"
        " dates: {heard: {}}, tasks: {meet: {limit: 15 working days after heard, calendar: "
        "school}}}",
        (
            "2026-02-09 heard -> meet.limit 2026-03-09",
            "2026-05-01 heard -> meet.limit 2026-05-22",  # school is kept on the May holiday
        ),
    ),
    Rule(
        "a school is inspected within five school years of the one in which it was last",
        "Education (School Inspection) (England) Regulations 2005",
        "{dates: {inspected: {}}, tasks: {inspect: {limit: 31 August on or after 5 years after "
        "inspected}}}",
        (
            "2024-03-12 inspected -> inspect.limit 2029-08-31",
            "2024-08-31 inspected -> inspect.limit 2029-08-31",
            "2024-09-01 inspected -> inspect.limit 2030-08-31",
        ),
    ),
)
