"""The JSON Schema of definition files, for editors: `definitions/schema.json` is made from it."""

import json
from copy import deepcopy

from definitions import shape
from definitions.shape import Schema

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NOTHING = {"type": "null"}
_TITLE = "Definition of a challenge's lifecycle"


def schema() -> Schema:
    """Return the JSON Schema, draft 2020-12, of what a definition file may say.

    It follows the model, and adds what the model does before it looks: a single value may stand
    where a list is wanted, and a group may be given as the list of its roles. References between
    the parts are beyond it: `loader.check` finds those.
    """
    whole = deepcopy(shape.whole())
    for part in (whole, *whole["$defs"].values()):
        part["properties"] = {
            name: _as_written(value, is_part=part is not whole)
            for name, value in part["properties"].items()
        }
    group = whole["properties"]["groups"]["patternProperties"]
    roles = whole["$defs"]["Group"]["properties"]["roles"]["anyOf"][-1]
    for pattern, entry in group.items():
        group[pattern] = {"anyOf": [{key: roles[key] for key in ("type", "items")}, entry]}
    return {"$schema": _DIALECT, **whole, "title": _TITLE}


def schema_text() -> str:
    """Return the JSON Schema as it stands in `definitions/schema.json`."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _as_written(value: Schema, *, is_part: bool) -> Schema:
    """Return a property's schema as files are written: strict about names, lenient about lists."""
    value.pop("title", None)
    ways = [way for way in value.get("anyOf", ()) if way != _NOTHING]
    if len(ways) < len(value.get("anyOf", ())):
        del value["anyOf"], value["default"]
        value |= ways[0] if len(ways) == 1 else {"anyOf": ways}
    if "patternProperties" in value:
        value["additionalProperties"] = False
    if is_part and value.get("type") == "array":
        told = {key: value.pop(key) for key in ("description", "default") if key in value}
        both: Schema = {"anyOf": [value["items"], value]}
        return both | told
    return value
