"""What editors are told of the keys of a definition, from the schema that is shipped."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from definitions import schema

FILE = Path(schema.__file__).with_name("schema.json")


@cache
def _shipped() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def parts() -> list[str]:
    """Return the names of the parts of a definition."""
    return list(_shipped()["$defs"])


def told(part: str) -> dict[str, str]:
    """Return what editors are told of each key of a part; of the whole, its own keys."""
    whole = _shipped()
    keys = whole["$defs"].get(part, whole)
    return {name: value["description"] for name, value in keys["properties"].items()}


def rules(part: str) -> dict[str, Any]:
    """Return all that editors are told of a part, with what may stand under its keys."""
    whole = _shipped()
    return dict(whole["$defs"].get(part) or {key: whole[key] for key in whole if key != "$defs"})


def meant(part: type[BaseModel]) -> dict[str, str]:
    """Return what the model says of each key of a part, as people write it."""
    return {
        field.alias or name: field.description or "" for name, field in part.model_fields.items()
    }


def ruled(part: str) -> dict[str, Any]:
    """Return all that the model asks of a part, in the words of the schema."""
    whole = schema.schema()
    return dict(whole["$defs"].get(part) or {key: whole[key] for key in whole if key != "$defs"})
