"""Keys and names: misspelt, missing, alike, in another script, for files that are not there."""

import re
from collections.abc import Iterator

from tests.broken.base import SMALL, Variant, change, change_all, every

_LOOKALIKES = {"a": "а", "e": "е", "o": "о", "i": "і", "c": "с", "p": "р", "s": "ѕ"}
_NAMES = ("manager", "visitor", "host", "visit_start", "visit_end", "planning", "writing", "call_visitor",
          "report_sent", "destroy_notes", "chase", "to_do", "visitors_notes")  # fmt: skip
_CODE = (
    "__import__('os').system('id')", "1 == 1", "lambda: True", "report_sent and True", "not report_sent",
    "report_sent || True", "{{ report_sent }}", "${report_sent}", "$(id)", "`id`", "eval('1')",
    "report_sent.__class__", "report_sent[0]", "report_sent()", "report_sent; host", "exec \"x\"",
    "report_sent if True else host", "().__class__.__bases__", "true", "report_sent is True",
    "SELECT 1", "../report_sent", "report_sent\\x00", "=1+1",
)  # fmt: skip


def key_with_a_near_name() -> Iterator[Variant]:
    keys = "title|stage|limit|target|reminders|source|needed|otherwise|notice|requires|held_by|done_by|final"
    yield from every(
        rf"(?<=[ {{])({keys})(?=: )",
        lambda m: f"{m[0]}x" if m[0][-1] != "x" else m[0],
        'did you mean "{0}"?',
    )


def key_left_out() -> Iterator[Variant]:
    needed = "title|side|from|to|notice|when"
    pattern = rf"(?<=[{{ ])({needed}): (?:\[[^\]]*\]|[^,}}\n]+)(?:, )?"
    yield from every(pattern, lambda m: "", "missing")
    yield from every(r"^    by: .*\n", lambda m: "", 'the key "by" is missing')
    for section in ("definition", "version", "title"):
        yield Variant(
            re.sub(rf"(?m)^{section}: .*\n", "", SMALL), f'the key "{section}" is missing'
        )


def name_of_nothing() -> Iterator[Variant]:
    names = "|".join(_NAMES)
    yield from every(rf"(?<=[:\[] )({names})(?=[,\]}}\n])", lambda m: f"{m[0]}_xq", "{0}_xq")
    for word in ("after ", "before ", "end of "):
        yield from every(rf"(?<={word})({names})\b", lambda m: f"{m[0]}_xq", "{0}_xq")
    yield from every(rf"(?<=\[)({names})(?=[,\]])", lambda m: f"{m[0]}_xq", "{0}_xq")


def name_in_another_script() -> Iterator[Variant]:
    """A letter of a name is one that looks the same in the Cyrillic alphabet."""
    for name in _NAMES:
        for place, letter in enumerate(name):
            if letter in _LOOKALIKES:
                alike = name[:place] + _LOOKALIKES[letter] + name[place + 1 :]
                yield Variant(change(f"  {name}:", f"  {alike}:"), "")


def names_differing_in_capitals() -> Iterator[Variant]:
    for name in _NAMES:
        line = next(one for one in SMALL.splitlines() if one.startswith(f"  {name}:"))
        for other in (name.upper(), name.title()):
            twin = line.replace(name, other, 1) if "{" in line else f"  {other}: {{title: x}}"
            yield Variant(change(line, f"{twin}\n{line}"), "only in capitals")


def name_that_cannot_be_one() -> Iterator[Variant]:
    for odd in ("9lives", "a-b", "a b", "é", "_x", "A", "a.b", "a/b", "x" * 61, "a%", "☃", "a:b"):
        yield Variant(change("  host: {title", f'  "{odd}": {{title'), "")
        yield Variant(change("  closed: {title", f'  "{odd}": {{title'), "")


def name_that_is_a_word_of_the_language() -> Iterator[Variant]:
    words = ("after", "and", "at", "before", "by", "day", "days", "every", "is", "joining", "last_activity",
             "leaving", "limit", "of", "on", "opening", "or", "person", "previous", "target", "the",
             "to", "told", "when")  # fmt: skip
    for word in words:
        yield Variant(change("  host: {title", f"  {word}: {{title"), "")


def include() -> Iterator[Variant]:
    """Nothing is included in a definition: neither a key nor a tag for it exists."""
    paths = ("other.yaml", "small.yaml", "../../etc/passwd", "/etc/passwd", "file:///etc/passwd",
             "https://example.test/x.yaml", "..\\..\\x", "~/x.yaml", "%2e%2e/x", "x\u2215y")  # fmt: skip
    for path in paths:
        yield Variant(change("sources:", f"include: {path!r}\nsources:"), "include")
        yield Variant(change("sources:", f"extends: {path!r}\nsources:"), "extends")
        yield Variant(change("title: Small visit", f"title: !include {path!r}"), "tags (!include)")


def guard_with_code() -> Iterator[Variant]:
    for code in _CODE:
        yield Variant(
            change(
                "requires: [report_sent]", f"requires: ['{code.replace(chr(39), chr(39) * 2)}']"
            ),
            "",
        )


def circular_guards() -> Iterator[Variant]:
    for old, new in (
        ("requires: [report_sent]", "requires: [clearing]"),
        ("requires: [report_sent]", "requires: [clearing is entered]"),
        ("requires: [report_sent]", "requires: [closed is entered]"),
        ("requires: [report_sent]", "requires: [destroy_notes]"),
        ("requires: [report_sent]", "requires: [report_sent, clearing]"),
        ("requires: [report_sent]", "requires: [{any: 2, of: [report_sent, clearing]}]"),
        ("requires: [report_sent]", "requires: [signed_off is known]"),
        ("requires: [report_sent]", "requires: [signed_off]"),
        ("requires: [call_visitor]", "requires: [visiting is entered]"),
        ("requires: [call_visitor]", "requires: [report_sent]"),
        ("requires: [call_visitor]", "requires: [{any: 1, of: [writing, clearing]}]"),
        ("requires: [destroy_notes]", "requires: [closed]"),
        ("    target: 3 weeks after visit_end\n", "    after: report_sent\n"),
        ("    target: 3 weeks after visit_end\n", "    after: destroy_notes\n"),
        ("    target: 3 weeks after visit_end\n", "    opens: when report_sent is done\n"),
        ("    target: 3 weeks after visit_end\n", "    opens: when clearing is entered\n"),
        ("    target: 3 weeks after visit_end\n", "    opens: when signed_off is known\n"),
        ("    target: 3 weeks after visit_end\n", "    when: report_sent is done\n"),
        ("not_before: visit_start}", "is: 1 day after visit_end}"),
        ("not_before: visit_start}", "not_before: visit_end}"),
        ("needed_for: confirm}", "needed_for: confirm, set_by: confirm}"),
        ("at: end of visit_end}", "at: once ready, requires: [writing]}"),
    ):  # fmt: skip
        yield Variant(change(old, new), "")
    pair = (("    target: 3 weeks after visit_end\n", "    after: call_visitor\n"),
            ("    limit: 7 days before visit_start\n", "    after: report_sent\n"))  # fmt: skip
    yield Variant(change_all(*pair), "waits for itself")
