"""Writes the reference of the definition language, and the JSON Schema of definition files.

Run it as `make docs` does. The frame `docs/frames/definition-language.md.in` is written by hand;
what can be known from the code is put into it here. A test fails when a page is not what this
would write.
"""

import re
from pathlib import Path
from typing import Any

from definitions import loader, shape
from definitions.schema import schema_text
from workflow.model.checks.usage import RESERVED
from workflow.model.diagram import mermaid
from workflow.model.duties import UK_CALENDARS

DOCS = Path(__file__).parent
FRAME = DOCS / "frames" / "definition-language.md.in"
EXAMPLE = DOCS / "examples" / "site_visit.yaml"
_GENERATED = (
    "<!-- By docs/generate_language.py: change docs/frames or the code, then `make docs`. -->"
)
_PHRASES = {
    "TimingText": "a timing",
    "RungTimeText": "a rung's time",
    "RequirementText": "a requirement",
    "OpeningText": "an opening",
    "OccasionText": "an occasion",
    "ForEachText": "people or days",
    "CountText": "a number or a range",
    "SpanText": "a number of days",
}
DATED = DOCS / "frames" / "dated.tsv"
_MISTAKES = (
    ("limit: 4 weeks after visit_end", "limit: 4 wekks after visit_end"),
    ("reminders: countdown", "remindrs: countdown"),
    ("to: visiting", "to: visting"),
    ('version: "1.0"', "version: 1.0"),
    ("title: Site visit", "title: Site visit\ntitle: Visit"),
    ("when: 7 days before target", "when: 14 days before target"),
    ("when: 7 days before target", "when: 3 days after report_due_soon"),
    ("at_most: 5", "at_most: 1"),
    ("target: 3 weeks after visit_end", "target: 1 week before signed_off"),
    ("requires: [feedback_given]", "requires: [draft_checked]"),
    ("lapses: 15 working days", "lapses: 5 days"),
    ("when: on limit at 08:00", "when: on limit at 01:30"),
)
_LONGEST = 200


def pages() -> dict[Path, str]:
    """Return every generated file by its path."""
    example = EXAMPLE.read_text(encoding="utf-8")
    page = FRAME.read_text(encoding="utf-8")
    parts = {
        "example": example,
        "diagram": mermaid(loader.load_text(example, file=EXAMPLE.name).definition),
        "reserved": ", ".join(f"`{word}`" for word in sorted(RESERVED)),
        "calendars": ", ".join(f"`{name}`" for name in UK_CALENDARS),
        "dated": dated(),
        "tables": tables(),
        "mistakes": mistakes(example),
    }
    for name, text in parts.items():
        page = page.replace("{{" + name + "}}", text)
    title, rest = page.split("\n", 1)
    return {
        DOCS / "reference" / "definition-language.md": f"{title}\n\n{_GENERATED}\n{rest}",
        Path(loader.__file__).with_name("schema.json"): schema_text(),
    }


def dated() -> str:
    """Return the table of timings with the days that they come to."""
    rows = [line.split("\t") for line in DATED.read_text(encoding="utf-8").splitlines()]
    lines = ["| write | where | it comes to | because |", "|---|---|---|---|"]
    for phrase, facts, result, because in rows:
        lines.append(f"| `{phrase}` | {facts} | {result} | {because} |")
    return "\n".join(lines) + "\n"


def tables() -> str:
    """Return a table for the whole definition and for each of its parts."""
    whole = shape.whole()
    found = [_table("The definition itself", whole)]
    for key, told in whole["properties"].items():
        found += _tables_of(key, told, whole["$defs"])
    return "\n".join(found)


def _tables_of(key: str, told: dict[str, Any], parts: dict[str, Any]) -> list[str]:
    """Return the table of what stands under a key, and of what stands inside that."""
    name = _part_in(told)
    if name is None:
        return []
    found = [_table(_heading(key, told), parts[name])]
    for inner, inside in parts[name]["properties"].items():
        found += _tables_of(f"{key}.….{inner}", inside, parts)
    return found


def _part_in(told: dict[str, Any]) -> str | None:
    """Return the name of the part that stands under a key, if one does."""
    found = re.search(r"#/\$defs/(\w+)", str(told))
    return found[1] if found else None


def _heading(key: str, told: dict[str, Any]) -> str:
    """Return what the table of a part is called."""
    if "patternProperties" not in told and "additionalProperties" not in told:
        return f"`{key}`"
    each = "each of a list" if "'items'" in str(told) else "each entry"
    return f"`{key}`, {each}"


def _table(heading: str, part: dict[str, Any]) -> str:
    """Return the table of one part: key, what it takes, what it is without, what it means."""
    rows = [f"### {heading}", "", part["description"], ""]
    rows += ["| key | takes | without it | meaning |", "|---|---|---|---|"]
    required = part.get("required", ())
    for key, told in part["properties"].items():
        default = "needed" if key in required else _default(told.get("default"))
        cells = (f"`{key}`", _takes(told), default, told["description"])
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _default(value: object) -> str:
    """Return what a key counts as when it is left out."""
    if value is None or value == [] or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return ", ".join(f"`{one}`" for one in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _takes(told: dict[str, Any]) -> str:
    """Return what may stand behind a key."""
    ways = [way for way in told.get("anyOf", ()) if way.get("type") != "null"]
    if any("examples" in way for way in ways):
        return " or ".join(dict.fromkeys(_takes(way) for way in ways if way != {"type": "integer"}))
    if ways:
        return _takes(ways[-1])
    if "const" in told or "enum" in told:
        return ", ".join(f"`{word}`" for word in told.get("enum", [told.get("const")]))
    if "examples" in told:
        return f"a phrase: `{told['examples'][0]}`"
    return _plain(told)


def _plain(told: dict[str, Any]) -> str:
    """Return what a key without words of its own takes."""
    if told.get("type") == "array":
        return f"{_takes(told['items'])}; or a list"
    if told.get("type") == "integer":
        return f"a number, {told['minimum']} to {told['maximum']}"
    if told.get("type") == "boolean":
        return "`true` or `false`"
    if "pattern" in told:
        return _by_pattern(told["pattern"])
    return "text" if told.get("type") == "string" else "a mapping"


def _by_pattern(pattern: str) -> str:
    """Return what a text of a certain form is."""
    if "a-z" in pattern:
        return "a name"
    if "1 in " in pattern:
        return "a share: `1 in 5`"
    return 'a time: `"09:00"`' if ":" in pattern else "a day: `2027-03-27`"


def mistakes(example: str) -> str:
    """Return what check says of some mistakes in the example, each made by itself."""
    lines = []
    for old, new in _MISTAKES:
        checked = loader.check(example.replace(old, new, 1), file=EXAMPLE.name)
        first = str(next(one for one in checked.problems if not one.is_warning))
        lines.append(first if len(first) <= _LONGEST else first[: _LONGEST - 1] + "…")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write every page."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
