"""Published rules on councils and complaints, in our own words, as a definition says them.

Each date was worked out by hand from the rule and a calendar, or is an example that the rule's own
authority gives.
"""

from tests.rules_of_others import Rule

COUNCILS = (
    Rule(
        "an application is decided in 8, 13 or 16 weeks, or by what is agreed in writing",
        "Development Management Procedure Order 2015, article 34",
        "{dates: {received: {}}, tasks: {minor: {limit: 8 weeks after received, extends: {agreed: "
        "{by: up to 52 weeks, at_most: 5, needs: agreement}}}, major: {limit: 13 weeks after "
        "received}, assessed: {limit: 16 weeks after received}}}",
        (
            "2026-11-02 received -> minor.limit 2026-12-28; major.limit 2027-02-01; "
            "assessed.limit 2027-02-22",
            "2026-11-02 received; 2026-12-20 extend minor by 4 weeks -> minor.limit 2027-01-25; "
            "minor.first_limit 2026-12-28",
            "2026-11-02 received; 2026-12-20 extend minor by 4 weeks; 2027-01-20 extend minor by "
            "2 weeks -> minor.limit 2027-02-08",
            "2026-11-02 received; 2026-12-20 extend_silently minor -> "
            'refused "say how much more time: --by, up to 52 weeks"',
        ),
    ),
    Rule(
        "plans are passed in five weeks, agreed to be longer but never over two months",
        "Building Act 1984, section 16(12)",
        "{dates: {deposited: {}}, tasks: {decide: {limit: 5 weeks after deposited, extends: {"
        "agreed: {by: up to 5 weeks, no_later_than: 2 months after deposited}}}}}",
        (
            "2026-11-02 deposited; 2026-11-20 extend decide by 2 weeks -> decide.limit 2026-12-21",
            "2026-11-02 deposited; 2026-11-20 extend decide by 4 weeks -> decide.limit 2027-01-02",
        ),
    ),
    Rule(
        "a child's needs are assessed in 6, 16 and 20 weeks of one request, save for long holidays",
        "Special Educational Needs and Disability Regulations 2014, regulations 5, 10 and 13",
        "{dates: {requested: {}, closed_over_summer: {}, refused: {}}, tasks: {decide: {limit: "
        "6 weeks after requested, excused_when: closed_over_summer is known}, notify: {when: "
        "refused is known, limit: 16 weeks after requested}, plan: {when: refused is not known, "
        "limit: 20 weeks after requested}}}",
        (
            "2026-09-07 requested -> decide.limit 2026-10-19; plan.limit 2027-01-25",
            "2026-09-07 requested; 2026-12-01 refused -> notify.limit 2026-12-28; "
            "plan.status cancelled",
            "2026-07-13 requested; 2026-07-22 closed_over_summer -> decide.limit none; "
            "decide.stands excused; plan.limit 2026-11-30",
            "2026-07-13 requested; 2026-09-01 closed_over_summer on 2026-07-22 -> "
            "decide.stands excused",
        ),
    ),
    Rule(
        "a complaint is acknowledged in 5 working days and answered in 10 more, or 10 after those",
        "Housing Ombudsman Complaint Handling Code 2024",
        "{dates: {received: {}}, tasks: {acknowledge: {limit: 5 working days after received},"
        " answer: {limit: 10 working days after acknowledge, after: acknowledge, extends: {complex:"
        " {by: up to 10 working days}}}}}",
        (
            "2026-12-21 received -> acknowledge.limit 2026-12-30; answer.limit none",
            "2026-12-21 received; 2026-12-29 done acknowledge -> answer.limit 2027-01-13",
            "2026-12-21 received; 2026-12-29 done acknowledge; 2027-01-12 extend answer by "
            "10 working days -> answer.limit 2027-01-27",
            "2026-12-21 received; 2026-12-29 done acknowledge; 2027-01-12 extend answer by "
            '11 working days -> refused "11 working days is not allowed: up to 10 working days"',
            '2026-12-21 received; 2026-12-22 done answer -> refused "comes after what is not done"',
        ),
    ),
    Rule(
        "a firm answers a complaint in 8 weeks, or sums it up by the third business day",
        "Dispute Resolution: Complaints, chapters 1 and 2",
        "{dates: {received: {}, final: {}}, tasks: {sum_up: {target: by 5pm on 3 working days "
        "after "
        "received}, answer: {limit: 8 weeks after received}, ask_ombudsman: {limit: 6 months after "
        "final}}}",
        (
            "2026-10-05 received -> sum_up.target 2026-10-08; answer.limit 2026-11-30",
            "2026-07-06 received; 2026-08-31 final -> answer.limit 2026-08-31; "
            "ask_ombudsman.limit 2027-02-28",
        ),
    ),
    Rule(
        "a complaint about payments is answered in 15 business days, 35 at the very most",
        "Payment Services Regulations 2017, regulation 101",
        "{dates: {received: {}}, tasks: {answer: {limit: 15 working days after received, extends: {"
        "holding: {by: up to 30 working days, no_later_than: 35 working days after received}}}}}",
        (
            "2026-12-01 received -> answer.limit 2026-12-22",
            "2026-12-01 received; 2026-12-21 extend answer by 20 working days -> "
            "answer.limit 2027-01-22",
            "2026-12-01 received; 2026-12-21 extend answer by 30 working days -> "
            "answer.limit 2027-01-22",
        ),
    ),
)
