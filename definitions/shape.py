"""What the model expects at a place of a definition, read from its JSON Schema."""

from functools import cache
from typing import Any, cast

from definitions.tree import Path
from workflow.model.definition import Definition

Schema = dict[str, Any]


@cache
def whole() -> Schema:
    """Return the JSON Schema of a definition, as the model tells it."""
    return Definition.model_json_schema()


def at(path: Path) -> Schema:
    """Return the schema of what stands at `path`; empty where anything goes or nothing is known."""
    schema = whole()
    for step in path:
        schema = _inside(_resolved(schema), step)
    return _resolved(schema)


def keys_at(path: Path) -> tuple[str, ...]:
    """Return the keys that may stand in the mapping at `path`, none where they are free."""
    return tuple(at(path).get("properties", {}))


def wanted_at(path: Path) -> str:
    """Return what is wanted at `path`, in words."""
    return _in_words(at(path))


def _resolved(schema: Schema) -> Schema:
    """Return `schema` with its reference followed, and the one way that is not nothing taken."""
    while True:
        if "$ref" in schema:
            schema = whole()["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
            continue
        ways = [way for way in schema.get("anyOf", ()) if way.get("type") != "null"]
        if not ways:
            return schema
        schema = next((way for way in ways if way.get("type") in {"object", "array"}), ways[0])


def _inside(schema: Schema, step: str | int) -> Schema:
    """Return the schema one step further in."""
    if isinstance(step, int):
        return cast("Schema", schema.get("items", {}))
    named = schema.get("properties", {}).get(step)
    if named is not None:
        return cast("Schema", named)
    further = schema.get("additionalProperties", schema.get("patternProperties", {}))
    if isinstance(further, dict) and "additionalProperties" not in schema:
        further = next(iter(further.values()), {})
    return further if isinstance(further, dict) else {}


def _in_words(schema: Schema) -> str:
    """Return what `schema` asks for."""
    if "enum" in schema or "const" in schema:
        allowed = schema.get("enum", [schema.get("const")])
        return " or ".join(f'"{word}"' for word in allowed)
    match schema.get("type"):
        case "object":
            keys = ", ".join(schema.get("properties", {}))
            return f"a mapping with the keys {keys}" if keys else "a mapping"
        case "array":
            return "a list"
        case "boolean":
            return "true or false"
        case "integer":
            least, most = schema.get("minimum"), schema.get("maximum")
            return f"a whole number from {least} to {most}"
        case _:
            return "a text"
