"""Published rules on requests and breaches, in our own words, as a definition says them.

Each date was worked out by hand from the rule and a calendar, or is an example that the rule's own
authority gives.
"""

from tests.rules_of_others import Rule

FOI = "Freedom of Information Act 2000"
GDPR = "UK General Data Protection Regulation"


REQUESTS = (
    Rule(
        "a request is answered within twenty working days of any part of the kingdom",
        f"{FOI}, section 10",
        "{calendar: any_uk, dates: {received: {}}, tasks: {reply: {limit: 20 working days after "
        "received}}}",
        (
            "2026-03-02 received -> reply.limit 2026-03-31; reply.source Freedom of Information "
            "Act 2000 section 10",  # 17 March is a holiday in Northern Ireland
            "2026-11-27 received -> reply.limit 2026-12-30",  # 30 November is one in Scotland
            "2026-05-02 received -> reply.limit 2026-06-02",  # a Saturday
            "2026-03-09 received on 2026-03-02 -> reply.limit 2026-03-31",  # noted a week late
            '2026-03-02 received -> reply.because "Saint Patrick\'s Day"',
            "2026-03-02 received; 2026-03-31 23:59 look -> reply.stands due_soon",
            "2026-03-02 received; 2026-04-01 00:00 look -> reply.stands late",
            "2026-03-02 received; 2026-04-02 done reply on 2026-03-31 -> reply.stands met",
            "2026-03-02 received; 2026-04-02 done reply on 2026-04-01 -> reply.stands met_late",
        ),
    ),
    Rule(
        "the days from a fees notice to the fee, both included, are left out of the count",
        f"{FOI}, sections 9 and 10",
        "{calendar: any_uk, dates: {received: {}, notified: {}, paid: {}},"
        " pauses: {fee: {from: notified, until: paid, ends: both}},"
        " tasks: {reply: {limit: 20 working days after received, pauses: fee},"
        "  pay: {limit: 3 months beginning with notified}}}",
        (
            "2026-03-02 received; 2026-03-09 notified -> reply.limit none; reply.stands paused; "
            "pay.limit 2026-06-08",
            "2026-03-02 received; 2026-03-09 notified; 2026-03-20 paid -> reply.limit 2026-04-15",
            "2026-03-02 received; 2026-03-09 notified; 2026-03-09 paid -> reply.limit 2026-04-01",
        ),
    ),
    Rule(
        "what the applicant makes clear later begins the twenty days anew",
        f"{FOI}, section 1(3)",
        "{calendar: any_uk, dates: {received: {}, clarified: {}},"
        " tasks: {reply: {limit: 20 working days after received, restarts_on: clarified}}}",
        (
            "2026-03-02 received; 2026-03-16 clarified -> reply.limit 2026-04-16",
            "2026-03-02 received; 2026-03-31 clarified -> reply.limit 2026-04-30",
            "2026-03-02 received; 2026-04-20 clarified -> reply.limit 2026-03-31",  # too late
        ),
    ),
    Rule(
        "a school answers within twenty school days or sixty working days, whichever ends first",
        "Freedom of Information (Time for Compliance with Request) Regulations 2009",
        "{calendar: any_uk, calendars: {school: {based_on: any_uk, adds: {"
        " 2026-02-16: Half term, 2026-02-17: Half term, 2026-02-18: Half term,"
        " 2026-02-19: Half term, 2026-02-20: Half term}}, closed: {based_on: any_uk,"
        " weekend: [monday, tuesday, wednesday, thursday, saturday, sunday]}},"
        " dates: {received: {}, in_school: {is: '20 working days after received, in the calendar"
        " school'}, open_fridays: {is: '20 working days after received, in the calendar closed'},"
        " in_all: {is: 60 working days after received}},"
        " tasks: {reply: {limit: the earlier of in_school and in_all},"
        " small_school: {limit: the earlier of open_fridays and in_all}}}",
        (
            "2026-02-09 received -> reply.limit 2026-03-16; in_all 2026-05-08",
            "2026-02-09 received -> open_fridays 2026-07-03; small_school.limit 2026-05-08",
        ),
    ),
    Rule(
        "in Scotland Easter Monday is worked, and Saint Andrew's Day is not",
        "Freedom of Information (Scotland) Act 2002, section 10",
        "{calendar: scotland, dates: {received: {}}, tasks: {reply: {limit: 20 working days after "
        "received}, in_england: {limit: 20 working days after received, calendar: england_and_wales"
        "}}}",
        (
            "2026-11-26 received -> reply.limit 2026-12-29; in_england.limit 2026-12-24",
            "2026-04-01 received -> reply.limit 2026-04-30; in_england.limit 2026-05-01",
        ),
    ),
    Rule(
        "a large and complex request may have twenty working days more, once, if said in time",
        "Environmental Information Regulations 2004, regulation 7",
        "{calendar: any_uk, dates: {received: {}}, tasks: {reply: {limit: 20 working days after "
        "received, extends: {complex: {by: 20 working days}}}}}",
        (
            "2026-03-02 received; 2026-03-30 extend reply -> reply.limit 2026-04-30; "
            "reply.first_limit 2026-03-31",
            "2026-03-02 received; 2026-03-31 extend reply -> reply.limit 2026-04-30",
            '2026-03-02 received; 2026-04-01 extend reply -> refused "too late to extend: it had '
            'to be agreed by Tuesday 31 March 2026"',
            "2026-03-02 received; 2026-03-20 extend reply; 2026-03-27 extend reply -> "
            'refused "may be extended once, and was, on Friday 20 March 2026"',
            "2026-03-02 received; 2026-03-20 extend_silently reply -> "
            'refused "say why the deadline is put off"',
        ),
    ),
    Rule(
        "a person's own data are given within a month, or on the next working day",
        f"{GDPR}, article 12(3)",
        "{dates: {received: {}}, tasks: {reply: {limit: '1 month after received, rolled to the "
        "next "
        "working day'}}}",
        (
            "2026-09-03 received -> reply.limit 2026-10-05",  # 3 October is a Saturday
            "2026-03-31 received -> reply.limit 2026-04-30",
            "2026-11-25 received -> reply.limit 2026-12-29",  # Christmas, and all that follows
            "2027-01-29 received -> reply.limit 2027-03-01",  # there is no 29 February
            "2028-01-31 received -> reply.limit 2028-02-29",
        ),
    ),
    Rule(
        "two months more are counted from the request, and said within the first month",
        f"{GDPR}, article 12(3), extension",
        "{dates: {received: {}}, tasks: {reply: {limit: '1 month after received, rolled to the "
        "next "
        "working day', extends: {complex: {by: 2 months, before: 1 month after received}}}}}",
        (
            "2026-01-31 received; 2026-02-20 extend reply -> reply.limit 2026-04-30",
            '2026-01-31 received; 2026-03-01 extend reply -> refused "too late to extend: it had '
            'to be agreed by Saturday 28 February 2026"',
        ),
    ),
    Rule(
        "the month begins when the person has shown who they are, if that is later",
        f"{GDPR}, article 12(6)",
        "{dates: {received: {}, identified: {}}, tasks: {reply: {limit: 1 month after the later of "
        "received and identified}}}",
        (
            "2026-05-05 received -> reply.limit none; reply.stands not_set",
            "2026-05-05 received; 2026-05-19 identified -> reply.limit 2026-06-19",
            "2026-05-05 received; 2026-05-19 identified on 2026-05-01 -> reply.limit 2026-06-05",
        ),
    ),
    Rule(
        "the days of waiting for a clarification do not count; the day of the answer does",
        f"{GDPR}, article 12A",
        "{dates: {received: {}}, pauses: {clarification: {}}, tasks: {reply: {limit: 1 month after "
        "received, pauses: clarification}}}",
        (
            "2026-05-05 received; 2026-05-11 pause clarification; 2026-05-18 resume clarification "
            "-> reply.limit 2026-06-12",
            "2026-05-05 received; 2026-05-20 pause clarification on 2026-05-11; 2026-05-21 resume "
            "clarification on 2026-05-18 -> reply.limit 2026-06-12",
            "2026-05-05 received; 2026-05-11 pause clarification -> reply.stands paused",
        ),
    ),
    Rule(
        "a breach is reported within 72 elapsed hours, whatever the clocks do",
        f"{GDPR}, article 33",
        "{dates: {aware: {}}, tasks: {report: {limit: 72 hours after aware}}}",
        (
            "2026-10-23 16:00 aware -> report.limit 2026-10-26 15:00",
            "2026-03-27 16:00 aware -> report.limit 2026-03-30 17:00",
            "2027-03-27 09:30 aware -> report.limit 2027-03-30 10:30",
            "2026-10-25 01:30 aware -> report.limit 2026-10-28 00:30",  # the first of two
            "2026-06-30 12:00 aware on 2026-06-29 23:30 -> report.limit 2026-07-02 23:30",
            "2026-10-23 16:00 aware; 2026-10-26 15:00 look -> report.stands due_soon",
            "2026-10-23 16:00 aware; 2026-10-26 15:01 look -> report.stands late",
        ),
    ),
    Rule(
        "a provider of networks tells of a breach within 24 hours",
        "Privacy and Electronic Communications Regulations 2003, regulation 5A",
        "{dates: {aware: {}}, tasks: {tell: {limit: 24 hours after aware}}}",
        (
            "2026-03-28 22:00 aware -> tell.limit 2026-03-29 23:00",
            "2026-10-24 22:00 aware -> tell.limit 2026-10-25 21:00",
        ),
    ),
)
