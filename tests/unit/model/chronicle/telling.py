"""Anything of the model as a line of text: what is as it is by default is left out."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from pydantic import BaseModel

from workflow.model.errors import Refused, WorkflowError


def told(value: object) -> str:
    """Return a value in full, to its last field; what is not said is as it is by default."""
    match value:
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%S%z}"
        case date():
            return value.isoformat()
        case Enum():
            return str(value.value)
        case BaseModel():
            return _called(value, _of_model(value))
        case tuple() if hasattr(value, "_fields"):
            return _called(value, _of_tuple(value))
        case Mapping() | Set() | tuple() | list():
            return _several(value)
        case _:
            return _called(value, _of_dataclass(value)) if is_dataclass(value) else repr(value)


def told_error(error: WorkflowError) -> str:
    """Return all that somebody is told who is refused something."""
    if not isinstance(error, Refused):
        return f"{type(error).__name__}: {error}"
    more = [f"allowed: {told(error.allowed)}"] if error.allowed else []
    more += [f"unmet: {told(error.unmet)}"] if error.unmet else []
    more += [f"hint: {error.hint}"] if error.hint else []
    return " | ".join([f"refused ({error.kind}): {error.message}", *more])


def _several(values: Iterable[object]) -> str:
    """Return several values, those of a set in the order of their texts."""
    if isinstance(values, Mapping):
        return f"{{{', '.join(f'{told(key)}: {told(one)}' for key, one in values.items())}}}"
    if isinstance(values, Set):
        return f"{{{', '.join(sorted(map(told, values)))}}}"
    return f"[{', '.join(map(told, values))}]"


def _called(value: object, said: Iterable[tuple[str, object]]) -> str:
    """Return a value by its kind and its fields, in the order of their names."""
    facts = sorted(f"{name}={told(one)}" for name, one in said)
    return f"{type(value).__name__}({', '.join(facts)})"


def _of_model(value: BaseModel) -> Iterator[tuple[str, object]]:
    for name in type(value).model_fields:
        if name in value.model_fields_set:
            yield name, getattr(value, name)


def _of_dataclass(value: Any) -> Iterator[tuple[str, object]]:  # noqa: ANN401 (of any kind)
    for field in fields(value):
        said = getattr(value, field.name)
        if said != _default(field):
            yield field.name, said


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _of_tuple(value: Any) -> Iterator[tuple[str, object]]:  # noqa: ANN401 (of any kind)
    for name, said in zip(value._fields, value, strict=True):
        if name not in value._field_defaults or said != value._field_defaults[name]:
            yield name, said
