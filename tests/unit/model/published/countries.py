"""Published rules of other countries and parts of the kingdom, as a definition says them.

Each date was worked out by hand from the rule and a calendar, or is an example that the rule's own
authority gives.
"""

from tests.rules_of_others import Rule

COUNTRIES = (
    Rule(
        "in Ireland a request is acknowledged in ten working days of its own calendar",
        "House policy in Ireland",
        "{zone: Europe/Dublin, calendar: IE, dates: {received: {}}, tasks: {acknowledge: {limit: "
        "10 working days after received}, in_london: {limit: 10 working days after received, "
        "calendar: england_and_wales}}}",
        (
            "2026-10-21 received -> acknowledge.limit 2026-11-05; in_london.limit 2026-11-04",
            "2026-01-30 received -> acknowledge.limit 2026-02-16; in_london.limit 2026-02-13",
        ),
    ),
    Rule(
        "in Bavaria a month that ends on a holiday of the land ends on the next working day",
        "German Civil Code, sections 187 to 193",
        "{zone: Europe/Berlin, calendar: DE-BY, calendars: {berlin: {based_on: DE-BE}},"
        " dates: {heard: {}}, tasks: {object: {limit: '1 month "
        "after heard, rolled to the next working day'}, in_berlin: {limit: '1 month after heard, "
        "rolled to the next working day, in the calendar berlin'}}}",
        (
            "2026-05-04 heard -> object.limit 2026-06-05; in_berlin.limit 2026-06-04",
            "2025-12-06 heard -> object.limit 2026-01-07; in_berlin.limit 2026-01-06",
            "2026-01-31 heard -> object.limit 2026-03-02",  # 28 February is a Saturday
        ),
    ),
    Rule(
        "what is asked for in several parts of the kingdom waits for all of them",
        "House policy on service in all parts",
        "{dates: {served: {}}, tasks: {here: {limit: 10 working days after served}, there: {limit: "
        "'10 working days after served, in the calendar any_uk'}, north: {limit: '10 working days "
        "after served, in the calendar northern_ireland'}}}",
        (
            "2026-07-06 served -> here.limit 2026-07-20; there.limit 2026-07-21; "
            "north.limit 2026-07-21",
            "2026-12-24 served -> here.limit 2027-01-12; there.limit 2027-01-13",
        ),
    ),
)
