"""What is kept, and who answers for it: retention, owners, holds, obligations."""

from collections.abc import Iterator

from tests.broken.base import SMALL, Variant, change, every

_OWN = "{title: Records, held_by: manager, for: 6 years after closed, review_by: manager, source: handbook 5}"
_RETENTION = SMALL[SMALL.index("retention:\n") :]
_DESTROY = "    title: Destroy your notes\n"


def task_without_owner() -> Iterator[Variant]:
    yield from every(r"^    by: .*\n", lambda m: "", 'the key "by" is missing')
    for odd in ("[]", "~", "nobody", "the manager", "manager and host", "day", "7", "{a: b}"):
        yield from every(r"(?<=^    by: ).*$", lambda m, odd=odd: odd, "by")  # type: ignore[misc]


def no_retention() -> Iterator[Variant]:
    """People are given what they must destroy, and nothing says how long it is kept."""
    bare = SMALL.replace(_RETENTION, "")
    spec = "    by: manager\n    for_each: visitor\n"
    for n in range(20):
        given = f"    issues_material: true\n    evidence: [thing_{n}]\n"
        yield Variant(bare.replace(spec, spec + given), "retention")


def retention_before_the_deadline() -> Iterator[Variant]:
    ends = ("1 day after visit_end", "1 week after visit_end", "10 working days after visit_end", "visit_end",
            "2 weeks after visit_end", "3 days before visit_end", "20 days after visit_end",
            "end of visit_end", "27 days after visit_end", "1 hour after visit_end")  # fmt: skip
    for end in ends:
        needed = _OWN.replace("6 years after closed", end).replace(
            "review_by", "needed_for: report_sent, review_by"
        )
        yield Variant(change(_OWN, needed), "keep it longer")
        record = _OWN.replace("6 years after closed", end).replace(
            "review_by", "copies: record, review_by"
        )
        yield Variant(change(_OWN, record), "keep it longer")


def retention_without_a_reviewer() -> Iterator[Variant]:
    for end in (
        "6 years after closed",
        "1 year after closed",
        "3 months after clearing",
        "30 days after signed_off",
    ):
        for then in ("destroy", "delete", "archive", "anonymise", "review"):
            own = f"{{title: Records, held_by: manager, for: {end}, then: {then}, source: handbook 5}}"
            yield Variant(change(_OWN, own), "review_by")


def retention_that_makes_no_sense() -> Iterator[Variant]:
    rest = "review_by: manager"
    for odd in ("then: burn", "then: keep", "grace: -1", "grace: 367", "grace: 1.5", "sample: 1 of 5", "sample: 5",
                "sample: 0 in 5", "sample: 1 in 0", "copies: everything", "copies: [record, texts]",
                "copies: [texts, texts]", "copies: [texts]", "copies: contact_details", "documents: pack",
                "of: visitor", "needed_for: nothing_xq", "done_by: nothing_xq", "reminders: chase", "held_by: nobody_xq",
                "starts: {a: b}"):  # fmt: skip
        yield Variant(change(_OWN, _OWN.replace(rest, f"{rest}, {odd}")), odd.partition(":")[0])


def hold_without_a_way_out() -> Iterator[Variant]:
    """A pause from which no step leads back, whatever it is called."""
    resume = "  resume: {from: on_hold, to: previous, by: manager}\n"
    for n in range(10):
        lost = f"  held_{n}: {{title: Held, paused: true}}\n  closed: {{title"
        text = change("  closed: {title", lost)
        step = f"  hold_{n}: {{from: writing, to: held_{n}, by: manager, needs: reason}}\n"
        yield Variant(change(resume, resume + step, text=text), f'"held_{n}" to a final one')
    for step in ("", resume.replace("on_hold", "planning"), resume.replace("previous", "on_hold"),
                 resume.replace("previous", "nowhere"), resume.replace("by: manager", "by: nobody_xq"),
                 resume.replace("previous", "~"), resume.replace("on_hold", "[]"),
                 resume.replace("on_hold", "closed"), resume.replace("on_hold", "previous"),
                 resume.replace("by: manager", "at: once ready")):  # fmt: skip
        yield Variant(change(resume, step), "")


def authority_of_nobody() -> Iterator[Variant]:
    for key in ("manages", "records", "waives", "overrides", "excepts", "approves"):
        for odd in ("nobody_xq", "[manager, nobody_xq]", "[manager, manager]", "person"):
            text = change("  manages: [manager]", f"  {key}: {odd}")
            yield Variant(text, f"authority.{key}")


def braces_that_stand_for_nothing() -> Iterator[Variant]:
    titles = ("{name}", "{day}", "{person", "person}", "{}", "{{person}}", "{Person}", "{person.name}", "{0}", "{person!r}",
              "{ person }", "{person:>9}", "%{person", "{client}", "{__class__}", "{x}{y}", "}{", "{persons}", "{1}", "{é}")  # fmt: skip
    for title in titles:
        yield Variant(
            change("title: Send the report", f'title: "{title}"'), "tasks.report_sent.title"
        )


def obligation_kept_nowhere() -> Iterator[Variant]:
    for odd in ("", "enforced_by: call_visitor, policy: x", "enforced_by: nothing_xq", "tracked_by: nothing_xq",
                "kept_by: a, policy: b", "enforced_by: visit_end_xq", "tracked_by: visit_end_xq", "kept_by: [a]",
                "policy: ''", "tracked_by: call_visitor, enforced_by: call_visitor"):  # fmt: skip
        for name in ("R-1", "R-2"):
            duty = f"obligations:\n  {name}: {{title: T, source: handbook 9, {odd}}}\n"
            yield Variant(SMALL + duty.replace(", }", "}"), f"obligations.{name}")


def very_long_words() -> Iterator[Variant]:
    for count in (2_001, 3_000, 3_900, 3_950):
        yield from every(
            r"(?<=title: )([A-Z][a-z]+)(?=[,}])",
            lambda m, c=count: "x" * c,  # type: ignore[misc]
            "too long",
        )


def reminders_of_nothing() -> Iterator[Variant]:
    yield from every(r"(?<=reminders: )chase", lambda m: "chase_xq", "chase_xq")
    for odd in ("to: nobody_xq", "to: []", "to: day", "to: ~", "to: 7"):
        yield Variant(change("to: by, notice", f"{odd}, notice"), "ladders.chase")
    for odd in ("notice: nothing_xq", "notice: ~", "notice: [to_do]", "at_most: 0, notice: to_do", "at_most: 61, notice: to_do",
                "urgent: maybe, notice: to_do", "until: done_xq, notice: to_do"):  # fmt: skip
        yield Variant(change("notice: to_do}", f"{odd}}}"), "ladders.chase")
    for odd in (
        "sometimes",
        "3 days",
        "before limit",
        "on",
        "every day after limit xq",
        "every 0 days after limit",
        "limit 3",
    ):
        yield Variant(change("when: 3 days before limit", f"when: {odd}"), "ladders.chase")
