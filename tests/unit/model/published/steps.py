"""Published rules on steps, people, days and records, in our own words, as a definition says them.

Each date was worked out by hand from the rule and a calendar.
"""

from tests.rules_of_others import Rule

STEPS = (
    Rule(
        "an application is not decided before its 21 days of being public are over",
        "Development Management Procedure Order 2015, article 33",
        "{dates: {published: {}}, transitions: {decide: {from: live, to: over, not_before: "
        "the day after 21 days after published}}}",
        (
            '2026-11-02 published; 2026-11-23 take decide -> refused "not before Tuesday '
            '24 November 2026"',
            "2026-11-02 published; 2026-11-24 take decide -> stage over",
        ),
    ),
    Rule(
        "a body that is asked and says nothing for 21 days is taken to have nothing to say",
        "Development Management Procedure Order 2015, article 22",
        "{dates: {asked: {}}, tasks: {comment: {limit: 21 days after asked, lapses: 21 days after "
        "asked}, decide: {after: comment}}}",
        (
            "2026-11-02 asked; 2026-11-23 look -> comment.status open; decide.status pending",
            "2026-11-02 asked; 2026-11-24 look -> comment.status waived; decide.status open",
            "2026-11-02 asked; 2026-11-20 done comment -> comment.stands met; decide.status open",
        ),
    ),
    Rule(
        "more time cannot be agreed once an appeal has been made",
        "Town and Country Planning Act 1990, section 78",
        "{dates: {received: {}, appealed: {}}, tasks: {decide: {limit: 8 weeks after received,"
        " extends: {agreed: {by: up to 8 weeks, unless: appealed is known, before: 26 weeks after "
        "received}}}}}",
        (
            "2026-11-02 received; 2026-12-20 appealed; 2026-12-21 extend decide by 2 weeks -> "
            'refused "Appealed rules it out"',
            "2026-11-02 received; 2027-01-05 extend decide by 2 weeks -> decide.limit 2027-01-11",
        ),
    ),
    Rule(
        "a claim that nobody defends stands still six months after the time for a defence",
        "Civil Procedure Rules, rule 15.11",
        "{dates: {due: {}, defended: {}}, transitions: {stay: {from: live, to: over, at: end of "
        "6 months after due, requires: [defended is not known]}}}",
        (
            "2026-08-31 due; 2027-02-28 22:00 look -> stage live",
            "2026-08-31 due; 2027-03-01 00:00 look -> stage over",
            "2026-08-31 due; 2026-09-15 defended; 2027-03-01 look -> stage live",
        ),
    ),
    Rule(
        "a date that moves takes its notices along, and the old ones stay on record",
        "House policy on hearings",
        "{dates: {hearing: {}}, tasks: {notify: {limit: 14 days before hearing}, book: {limit: "
        "1 month before hearing}}}",
        (
            "2026-02-02 hearing on 2026-05-31; 2026-04-20 hearing on 2026-06-30 -> "
            "notify.limit 2026-06-16; notify.first_limit 2026-05-17; book.limit 2026-05-30; "
            "book.first_limit 2026-04-30",
            "2026-02-02 hearing on 2026-05-31; 2026-04-20 done book; 2026-04-21 hearing on "
            "2026-06-30 -> book.limit 2026-04-30; book.stands met",
        ),
    ),
)
PEOPLE = (
    Rule(
        "a quorum acts only when every member has declared an interest or none",
        "Localism Act 2011, section 30",
        "{tasks: {declare: {title: 'Declaration of {person}', for_each: officer, by: person, "
        "limit: "
        "28 days beginning with joining}}, transitions: {act: {from: live, to: over, requires: "
        "[declare, officer is filled]}}}",
        (
            '2026-11-02 take act -> refused "Officer: nobody"',
            "2026-11-02 assign officer 5; 2026-11-09 assign officer 6 -> "
            "declare:5.limit 2026-11-29; declare:6.limit 2026-12-06",
            "2026-11-02 assign officer 5; 2026-11-02 assign officer 6; 2026-11-03 done declare:5; "
            '2026-11-03 take act -> refused "1 of 2 not done"',
            "2026-11-02 assign officer 5; 2026-11-02 assign officer 6; 2026-11-03 done declare:5; "
            "2026-11-03 done declare:6; 2026-11-03 take act -> stage over",
        ),
    ),
    Rule(
        "who leaves hands everything back within five working days",
        "House policy on leavers",
        "{tasks: {hand_back: {title: 'Papers of {person}', for_each: 'officer, past', by: person, "
        "opens: on leaving, limit: 5 working days after leaving}}}",
        (
            "2026-03-02 assign officer 5; 2026-03-05 release 5 -> hand_back:5.limit 2026-03-12",
            "2026-03-02 assign officer 5; 2026-03-30 release 5 -> hand_back:5.limit 2026-04-08",
        ),
    ),
    Rule(
        "for each day of an event a log is closed by ten the next morning",
        "House policy on events",
        "{dates: {first: {}, last: {}}, tasks: {log: {title: 'Log of {day}', for_each: day from "
        "first to last, limit: '10:00 on the day after {day}'}, inspect: {title: 'Look at {day}',"
        " for_each: 'day from first to last, except the last', limit: '{day}'}}}",
        (
            "2026-03-02 first on 2026-03-27; 2026-03-02 last on 2026-03-29 -> "
            "log:2026-03-27.limit 2026-03-28 10:00; log:2026-03-29.limit 2026-03-30 10:00; "
            "log:2026-03-28.opens 2026-03-28 00:00; inspect:2026-03-28.limit 2026-03-28",
            "2026-03-02 first on 2026-10-23; 2026-03-02 last on 2026-10-25; 2026-10-26 10:00 look "
            "-> log:2026-10-25.stands due_soon",
            "2026-03-02 first on 2026-10-23; 2026-03-02 last on 2026-10-25; 2026-10-26 10:01 look "
            "-> log:2026-10-25.stands late",
        ),
    ),
)
RECORDS = (
    Rule(
        "what counts is when a crime was recorded, not when it was reported",
        "House policy on crimes",
        "{dates: {reported: {}}, tasks: {record: {limit: 24 hours after reported}, tell: {limit: "
        "5 working days after reported.recorded}}}",
        (
            "2026-03-05 reported on 2026-03-02 09:15 -> record.limit 2026-03-03 09:15; "
            "tell.limit 2026-03-12",
            "2026-04-02 reported -> tell.limit 2026-04-13",
        ),
    ),
    Rule(
        "a certificate is kept six months after the decision, and not destroyed while asked for",
        "Disclosure and Barring Service Code of Practice",
        "{dates: {decided: {}}, retention: {certificate: {for: 6 months after decided, then: "
        "destroy"
        "}}}",
        (
            "2026-08-31 decided -> retention_certificate.target 2027-02-28; "
            "retention_certificate.opens 2027-02-28; retention_certificate.status pending",
            "2026-08-31 decided; 2027-02-28 look -> retention_certificate.status open",
            "2026-08-31 decided; 2027-01-11 hold retention_certificate; 2027-03-01 done "
            'retention_certificate -> refused "is on hold: hold"',
            "2026-08-31 decided; 2027-01-11 hold retention_certificate; 2027-03-01 lift; "
            "2027-03-01 done retention_certificate -> retention_certificate.status done",
        ),
    ),
    Rule(
        "a child's file is kept to the 25th birthday, and pictures for 31 days",
        "Records Management Code of Practice",
        "{dates: {born: {}, filmed: {}}, retention: {file: {for: 25 years after born, then: "
        "review},"
        " pictures: {for: 31 days after filmed, then: delete}}}",
        (
            "2026-01-05 born on 2004-02-29 -> retention_file.target 2029-02-28",
            "2026-01-29 filmed -> retention_pictures.target 2026-03-01",
            "2028-01-29 filmed -> retention_pictures.target 2028-02-29",
        ),
    ),
    Rule(
        "what was given out is destroyed even when the matter is over, and nothing else is left",
        "House policy on material given out",
        "{stages: {live: {title: Live}, over: {title: Over, final: true, keeps: destroy}}, tasks: {"
        "destroy: {stage: over, limit: 14 days after over}, reply: {limit: 20 days after live}}}",
        (
            "2026-03-02 look -> reply.limit 2026-03-22; reply.status open; destroy.status pending",
            "2026-03-02 look; 2026-03-16 take close -> reply.status cancelled; "
            "destroy.limit 2026-03-30; destroy.status open",
            "2026-03-02 look; 2026-03-16 take close; 2026-03-31 done destroy -> "
            "destroy.stands met_late",
            "2026-03-02 done reply; 2026-03-16 take close; 2026-03-17 look -> reply.status done",
        ),
    ),
    Rule(
        "a statement is only owed where a person lives abroad, or it is waived with a reason",
        "Common Reporting Standard",
        "{dates: {abroad: {}, year_end: {}}, tasks: {state: {when: abroad is known, limit: 31 May "
        "after year_end}}}",
        (
            "2026-12-31 year_end; 2027-01-04 abroad -> state.limit 2027-05-31",
            '2026-12-31 year_end; 2027-01-04 done state -> refused "does not apply"',
            "2026-12-31 year_end; 2027-01-04 abroad; 2027-06-04 waive state -> "
            "state.status waived; state.stands excused",
        ),
    ),
)
