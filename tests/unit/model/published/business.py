"""Published rules on companies, taxes and contracts, in our own words, as a definition says them.

Each date was worked out by hand from the rule and a calendar, or is an example that the rule's own
authority gives.
"""

from tests.rules_of_others import Rule

BUSINESS = (
    Rule(
        "accounts to a month's end are filed by the end of the ninth month after it",
        "Companies Act 2006, sections 442 and 443",
        "{dates: {year_end: {}}, tasks: {file: {limit: the last day of the month of 9 months after "
        "year_end}, public: {limit: the last day of the month of 6 months after year_end}}}",
        (
            "2027-02-28 year_end -> file.limit 2027-11-30; public.limit 2027-08-31",
            "2026-06-30 year_end -> file.limit 2027-03-31; public.limit 2026-12-31",
            "2028-02-29 year_end -> file.limit 2028-11-30; public.limit 2028-08-31",
        ),
    ),
    Rule(
        "accounts to a day within a month are filed on the same day of a later one",
        "Companies Act 2006, section 443(3)",
        "{dates: {year_end: {}}, tasks: {file: {limit: 9 months after year_end}, public: {limit: "
        "6 months after year_end}}}",
        ("2026-06-05 year_end -> file.limit 2027-03-05; public.limit 2026-12-05",),
    ),
    Rule(
        "first accounts are filed 21 months after the start, or 3 after a later end",
        "Companies Act 2006, section 442(3)",
        "{dates: {incorporated: {}, year_end: {}}, tasks: {file: {limit: the later of 21 months "
        "after incorporated and 3 months after year_end}}}",
        (
            "2025-03-10 incorporated; 2026-03-31 year_end -> file.limit 2026-12-10",
            "2025-03-10 incorporated; 2026-09-09 year_end -> file.limit 2026-12-10",
            "2025-03-10 incorporated -> file.limit none",
        ),
    ),
    Rule(
        "a statement is filed within 14 days of each year that begins with the company",
        "Companies Act 2006, section 853A",
        "{dates: {incorporated: {}, struck_off: {}}, tasks: {confirm: {title: 'Confirm {day}', "
        "for_each: 'every 12 months from 12 months beginning with incorporated, until struck_off', "
        "limit: '14 days after {day}'}}}",
        (
            "2025-05-10 incorporated -> confirm:2026-05-09.limit 2026-05-23",
            "2024-02-29 incorporated -> confirm:2025-02-28.limit 2025-03-14",
            "2025-05-10 incorporated; 2026-05-15 done confirm:2026-05-09 -> "
            "confirm:2027-05-09.limit 2027-05-23; confirm:2027-05-09.status pending",
            "2025-05-10 incorporated; 2026-05-15 done confirm:2026-05-09; 2026-08-03 struck_off -> "
            "confirm:2026-05-09.status done; confirm:2027-05-09.status cancelled",
        ),
    ),
    Rule(
        "tax is returned by 31 January after the year, or 3 months from a late notice",
        "Taxes Management Act 1970, section 8",
        "{dates: {year_end: {}, noticed: {}}, tasks: {on_paper: {limit: 31 October after year_end},"
        " online: {limit: 31 January after year_end}, noticed_late: {limit: the later of "
        "31 January after year_end and 3 months beginning with noticed}}}",
        (
            "2026-04-05 year_end -> on_paper.limit 2026-10-31; online.limit 2027-01-31",
            "2026-04-06 year_end on 2026-04-05; 2026-04-06 noticed -> "
            "noticed_late.limit 2027-01-31",
            "2026-04-05 year_end; 2026-12-15 noticed -> noticed_late.limit 2027-03-14",
        ),
    ),
    Rule(
        "a tax month ends with the fifth, and is paid for by the 22nd, or by post the 19th",
        "Income Tax (Pay As You Earn) Regulations 2003, regulation 69",
        "{dates: {paid: {}}, tasks: {online: {limit: '22nd of the month after 5 days before paid', "
        "target: '22nd of the month after 5 days before paid, rolled to the previous working day'},"
        " by_post: {limit: the 19th of the month after 5 days before paid}}}",
        (
            "2026-05-05 paid -> online.limit 2026-05-22; by_post.limit 2026-05-19",
            "2026-05-06 paid -> online.limit 2026-06-22; by_post.limit 2026-06-19",
            "2026-07-20 paid -> online.limit 2026-08-22; online.target 2026-08-21",
            "2026-12-31 paid -> online.limit 2027-01-22",
            "2026-04-03 paid -> online.limit 2026-04-22",
        ),
    ),
    Rule(
        "value added tax is due a month and seven days after the quarter",
        "Value Added Tax Regulations 1995, regulation 25A",
        "{dates: {quarter_end: {}}, tasks: {pay: {limit: 7 days after the last day of the month "
        "after quarter_end}}}",
        (
            "2026-06-30 quarter_end -> pay.limit 2026-08-07",
            "2027-01-31 quarter_end -> pay.limit 2027-03-07",
            "2028-01-31 quarter_end -> pay.limit 2028-03-07",
        ),
    ),
    Rule(
        "a company's tax is due nine months and a day after its year",
        "Taxes Management Act 1970, section 59D",
        "{dates: {year_end: {}}, tasks: {pay: {limit: the day after the last day of the month of "
        "9 months after year_end}}}",
        (
            "2026-06-30 year_end -> pay.limit 2027-04-01",
            "2026-12-31 year_end -> pay.limit 2027-10-01",
        ),
    ),
    Rule(
        "tax on an estate is due at the end of the sixth month after the death",
        "Inheritance Tax Act 1984, section 226",
        "{dates: {died: {}}, tasks: {pay: {limit: the last day of the month of 6 months after died"
        "}}}",
        ("2026-08-31 died -> pay.limit 2027-02-28", "2026-01-05 died -> pay.limit 2026-07-31"),
    ),
    Rule(
        "a house's gain is reported within 60 days, and benefits by 6 July after the year",
        "Finance Act 2019, schedule 2",
        "{dates: {completed: {}, year_end: {}}, tasks: {report: {limit: 60 days after completed},"
        " benefits: {limit: 6 July after year_end}}}",
        (
            "2026-11-02 completed; 2026-11-03 year_end on 2026-04-05 -> report.limit 2027-01-01; "
            "benefits.limit 2026-07-06",
            "2026-12-31 completed -> report.limit 2027-03-01",
        ),
    ),
    Rule(
        "an invoice is paid 30 days after it or the goods have come, whichever is later",
        "Late Payment of Commercial Debts (Interest) Act 1998, section 4",
        "{dates: {invoiced: {}, delivered: {}}, tasks: {pay: {limit: 30 days after the later of "
        "invoiced and delivered}}}",
        (
            "2026-02-27 invoiced; 2026-03-03 delivered -> pay.limit 2026-04-02",
            "2028-02-01 invoiced; 2028-02-10 delivered on 2028-01-15 -> pay.limit 2028-03-02",
        ),
    ),
    Rule(
        "a contract waits for eight working days that begin with its award's notice",
        "Procurement Act 2023, section 51",
        "{calendar: any_uk, dates: {published: {}}, tasks: {sign: {not_before: the day after "
        "8 working days beginning with published}}}",
        (
            "2026-03-09 published -> sign.opens 2026-03-20",
            "2026-03-09 published; 2026-03-19 done sign -> "
            'refused "may not be done before Friday 20 March 2026"',
            "2026-03-09 published; 2026-03-20 done sign -> sign.stands met",
            '2026-03-09 look; 2026-03-09 done sign -> refused "a day that is not known yet"',
        ),
    ),
    Rule(
        "a standstill of ten days ends with a working day",
        "Public Contracts Regulations 2015, regulation 87",
        "{dates: {sent: {}, stand: {is: '10 days after sent, rolled to the next working day'}},"
        " tasks: {sign: {not_before: the day after stand}}}",
        (
            "2026-03-24 sent -> stand 2026-04-07; sign.opens 2026-04-08",
            "2026-03-02 sent -> stand 2026-03-12; sign.opens 2026-03-13",
        ),
    ),
    Rule(
        "a card payment that comes after the cut-off counts as that of the next business day",
        "Payment Services Regulations 2017, regulations 81 and 86",
        "{dates: {received: {cut_off: '15:00'}, taken: {is: 'received, rolled to the next working "
        "day'}}, tasks: {credit: {limit: 1 working day after taken}}}",
        (
            "2026-03-06 14:00 received -> taken 2026-03-06; credit.limit 2026-03-09",
            "2026-03-06 15:30 received -> taken 2026-03-09; credit.limit 2026-03-10",
            "2026-04-02 15:30 received -> taken 2026-04-07; credit.limit 2026-04-08",
        ),
    ),
)
