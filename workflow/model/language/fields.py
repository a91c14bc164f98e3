"""How the model reads and writes phrases, names and lists: the kinds of its fields."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import core_schema

from workflow.model.errors import PhraseError
from workflow.model.language.conditions import parse_occasion, parse_opening, parse_requirement
from workflow.model.language.phrases import (
    Amount,
    AnyOf,
    Condition,
    Count,
    ForEach,
    Occasion,
    Opening,
    QuietDays,
    RungTime,
    Span,
    Timing,
)
from workflow.model.language.rungs import parse_rung_time
from workflow.model.language.selections import (
    parse_count,
    parse_for_each,
    parse_quiet_days,
    parse_span,
)
from workflow.model.language.timing import parse_amount, parse_timing

MOST_DAYS_ADDED = 366

_Read = (
    Amount
    | QuietDays
    | Timing
    | RungTime
    | Condition
    | AnyOf
    | Opening
    | Occasion
    | ForEach
    | Count
    | Span
)


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


def _real_day(text: str) -> str:
    """Return a day of the calendar as it is written.

    Raises:
        PhraseError: there is no such day.
    """
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise PhraseError(f'there is no day "{text}"; write it as 2027-03-27') from error
    return text


def _real_days(text: str) -> str:
    """Return a day, or one day to another, as it is written.

    Raises:
        PhraseError: one of them is no day, or they are more than a year or in the wrong order.
    """
    first, last = (date.fromisoformat(_real_day(day)) for day in days_of(text))
    if not 0 <= (last - first).days <= MOST_DAYS_ADDED:
        raise PhraseError(f'"{text}": the first day comes first, the last within a year of it')
    return text


def days_of(text: str) -> tuple[str, str]:
    """Return the two ends of `2027-07-22 to 2027-08-31`, or of one day."""
    first, _, last = text.partition(" to ")
    return first, last or first


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
AmountText = Annotated[Amount, _Phrase(parse_amount, "2 months", "up to 20 working days")]
RungTimeText = Annotated[RungTime, _Phrase(parse_rung_time, "7 days before target", "on limit")]
RequirementText = Annotated[
    Condition | AnyOf,
    _Phrase(parse_requirement, "scope_agreed", "peers.enough", otherwise=_CHOICE_SCHEMA),
]
OpeningText = Annotated[Opening, _Phrase(parse_opening, "when team_agreed is done")]
OccasionText = Annotated[Occasion, _Phrase(parse_occasion, "joining", "onsite_start moves")]
ForEachText = Annotated[
    ForEach,
    _Phrase(
        parse_for_each,
        "peers",
        "day from onsite_start to onsite_end, except the last",
        "every 6 months after signed_off, until closed",
    ),
]
CountText = Annotated[Count, _Phrase(parse_count, "1", "5..6", otherwise={"type": "integer"})]
QuietDaysText = Annotated[QuietDays, _Phrase(parse_quiet_days, "24 December to 1 January")]
SpanText = Annotated[Span, _Phrase(parse_span, "3..4 days of onsite_start")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_real_day)]
Days = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}( to \d{4}-\d{2}-\d{2})?$"),
    AfterValidator(_real_days),
]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Requirements = Annotated[tuple[RequirementText, ...], BeforeValidator(listed)]
