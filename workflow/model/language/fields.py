"""How the model reads and writes phrases, names and lists: the kinds of its fields."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import core_schema

from workflow.model.language.conditions import parse_occasion, parse_opening, parse_requirement
from workflow.model.language.phrases import (
    AnyOf,
    Condition,
    Count,
    ForEach,
    Occasion,
    Opening,
    RungTime,
    Span,
    Timing,
)
from workflow.model.language.selections import parse_count, parse_for_each, parse_span
from workflow.model.language.timing import parse_rung_time, parse_timing

_Read = Timing | RungTime | Condition | AnyOf | Opening | Occasion | ForEach | Count | Span


class _Phrase:
    """How pydantic reads and writes a phrase: by its parser, and as the text it came from."""

    def __init__(
        self,
        parse: Callable[[object], _Read],
        *examples: str,
        otherwise: dict[str, Any] | None = None,
    ) -> None:
        self.parse, self.examples, self.otherwise = parse, examples, otherwise

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return a schema that calls the parser, and writes the phrase's own text."""
        return core_schema.no_info_plain_validator_function(
            self.parse,
            serialization=core_schema.plain_serializer_function_ser_schema(_written),
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return what an editor is told: a text, with examples, or what else may stand there."""
        text = {"type": "string", "examples": list(self.examples)}
        return {"anyOf": [text, self.otherwise]} if self.otherwise else text


def _written(phrase: _Read) -> object:
    """Return `phrase` as a definition says it."""
    if isinstance(phrase, AnyOf):
        return {"any": phrase.count, "of": [condition.text for condition in phrase.of]}
    return phrase.text


def listed(value: object) -> object:
    """Return a list where the file may have a single value."""
    return value if isinstance(value, list | tuple) else [value]


def grouped(value: object) -> object:
    """Return a group's mapping where the file has only its list of roles."""
    return {"roles": value} if isinstance(value, list | tuple) else value


_CHOICE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "any": {"type": "integer", "minimum": 1},
        "of": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    },
    "required": ["any", "of"],
    "additionalProperties": False,
}

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, strict=True)]
Keys = Annotated[tuple[Key, ...], BeforeValidator(listed)]
TimingText = Annotated[
    Timing,
    _Phrase(parse_timing, "4 weeks after onsite_end", "19:00 on the day before onsite_start"),
]
RungTimeText = Annotated[RungTime, _Phrase(parse_rung_time, "7 days before target", "on limit")]
RequirementText = Annotated[
    Condition | AnyOf,
    _Phrase(parse_requirement, "scope_agreed", "peers.enough", otherwise=_CHOICE_SCHEMA),
]
OpeningText = Annotated[Opening, _Phrase(parse_opening, "when team_agreed is done")]
OccasionText = Annotated[Occasion, _Phrase(parse_occasion, "joining", "onsite_start moves")]
ForEachText = Annotated[
    ForEach,
    _Phrase(parse_for_each, "peers", "day from onsite_start to onsite_end, except the last"),
]
CountText = Annotated[Count, _Phrase(parse_count, "1", "5..6", otherwise={"type": "integer"})]
SpanText = Annotated[Span, _Phrase(parse_span, "3..4 days of onsite_start")]
Requirements = Annotated[tuple[RequirementText, ...], BeforeValidator(listed)]
