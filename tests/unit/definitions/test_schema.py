"""Editors are told the same as the loader: the JSON Schema accepts what it accepts."""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from definitions import loader, source, tree
from definitions.schema import schema, schema_text

FIXTURE = Path(__file__).parents[3] / "docs" / "examples" / "site_visit.yaml"
GENERATED = Path(loader.__file__).with_name("schema.json")
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
}
KNOWN_WORDS = {
    "$defs",
    "$ref",
    "$schema",
    "additionalProperties",
    "anyOf",
    "const",
    "default",
    "description",
    "enum",
    "examples",
    "items",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "pattern",
    "patternProperties",
    "properties",
    "propertyNames",
    "required",
    "title",
    "type",
}


def is_valid(value: object, part: dict[str, Any]) -> bool:
    """Return whether `value` fits `part` of the schema: as much of the standard as it uses."""
    assert set(part) <= KNOWN_WORDS, set(part) - KNOWN_WORDS
    if "$ref" in part:
        return is_valid(value, schema()["$defs"][part["$ref"].removeprefix("#/$defs/")])
    ways = part.get("anyOf")
    is_one = ways is None or any(is_valid(value, way) for way in ways)
    if not is_one or not fits_type(value, part):
        return False
    if value not in part.get("enum", [value]) or value != part.get("const", value):
        return False
    if isinstance(value, str):
        return fits_text(value, part)
    if isinstance(value, list):
        return all(is_valid(one, part.get("items", {})) for one in value)
    return not isinstance(value, dict) or fits_mapping(value, part)


def fits_type(value: object, part: dict[str, Any]) -> bool:
    if "type" in part and not isinstance(value, TYPES[part["type"]]):
        return False
    if part.get("type") != "integer" or not isinstance(value, int):
        return True
    is_within = part.get("minimum", value) <= value <= part.get("maximum", value)
    return bool(is_within) and not isinstance(value, bool)


def fits_text(value: str, part: dict[str, Any]) -> bool:
    length = len(value)
    is_long_enough = part.get("minLength", 0) <= length <= part.get("maxLength", length)
    return is_long_enough and bool(re.search(part.get("pattern", ""), value))


def fits_mapping(value: dict[str, Any], part: dict[str, Any]) -> bool:
    if not set(part.get("required", ())) <= set(value):
        return False
    for key, inner in value.items():
        matched = [
            way for at, way in part.get("patternProperties", {}).items() if re.search(at, key)
        ]
        way = part.get("properties", {}).get(key, matched[0] if matched else None)
        way = part.get("additionalProperties", {}) if way is None else way
        if way is False or not is_valid(inner, way):
            return False
    return True


def document(text: str) -> dict[str, Any]:
    value = tree.grow(loader.read_tokens(source.decode(text))).value
    assert isinstance(value, dict)
    return value


def test_the_file_is_what_is_generated() -> None:
    assert GENERATED.read_text() == schema_text(), "make docs writes it anew"


def test_the_schema_says_what_it_is() -> None:
    told = json.loads(schema_text())
    assert told["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert told["title"] == "Definition of a challenge's lifecycle"
    assert told["description"]


def test_every_key_is_described() -> None:
    parts = [schema(), *schema()["$defs"].values()]
    silent = [
        f"{part['title']}.{key}"
        for part in parts
        for key, told in part["properties"].items()
        if not told.get("description")
    ]
    assert silent == []


def test_what_the_loader_accepts_the_schema_accepts() -> None:
    texts = [FIXTURE.read_text(), *(loader.read_shipped(name) for name in loader.shipped())]
    assert all(is_valid(document(text), schema()) for text in texts)


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        (("tasks", "report_sent"), "limitt", "1 day after visit_end"),
        (("tasks", "report_sent"), "by", {"person": "x"}),
        (("tasks", "report_sent"), "stage", "Not A Key"),
        (("tasks",), "Report", {"title": "x", "stage": "drafting", "by": "host"}),
        (("stages", "closed"), "final", "yes"),
        ((), "version", 1),
        ((), "calendar", 3),
        ((), "retired_on", "soon"),
        ((), "calendars", {"office": {"weekend": ["holiday"]}}),
        ((), "calendars", {"office": {"adds": {"Christmas": "Closed"}}}),
        ((), "pauses", {"wait": {"title": "Wait", "ends": "never"}}),
        ((), "sending", {"on": "mondays"}),
        (("tasks", "report_sent"), "extends", {"longer": {"when": "signed_off is known"}}),
        ((), "send_at", "9am"),
        ((), "due_soon", 61),
        ((), "stages", []),
        (("roles", "host"), "side", "nobody"),
        (("roles", "host"), "needed", [1]),
        (("groups",), "visitors", "lead_visitor"),
        (("transitions", "submit"), "requires", [{"any": 1}]),
        (("transitions", "submit"), "title", None),
    ],
)
def test_what_is_wrong_in_shape_the_schema_refuses(
    part: tuple[str, ...], key: str, value: object
) -> None:
    changed = deepcopy(document(FIXTURE.read_text()))
    place = changed
    for step in part:
        place = place[step]
    place[key] = value
    assert not is_valid(changed, schema())
