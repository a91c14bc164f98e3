"""What a definition says of work and its time: tasks, deadlines, pauses, reminders, calendars.

Each field's description is what the generated reference and the editors' schema show.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from workflow.model.language.fields import (
    AmountText,
    Clock,
    Day,
    Days,
    ForEachText,
    Key,
    Keys,
    OccasionText,
    OpeningText,
    QuietDaysText,
    Requirements,
    RungTimeText,
    TimingText,
    Words,
    listed,
)

HOUSE_POLICY = "house policy"

UK_CALENDAR = "england_and_wales"
UK_CALENDARS = (UK_CALENDAR, "scotland", "northern_ireland", "any_uk")

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Part(BaseModel):
    """A part of a definition: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Pause(Part):
    """Why a clock stands still: between two dates, or while somebody says so (`pause REF NAME`)."""

    title: Words = Field(description="What is waited for, as people are told.")
    from_: TimingText | None = Field(
        default=None, alias="from", description="When it begins; without it, people say so."
    )
    until: TimingText | None = Field(default=None, description="When the clock goes on.")
    days: Annotated[tuple[QuietDaysText, ...], BeforeValidator(listed)] = Field(
        default=(), description="In place of these, fixed days: `1 August to 31 August`."
    )
    ends: Literal["first", "last", "both", "neither"] = Field(
        default="first", description="Which of its two end days are not counted either."
    )
    source: Words | None = Field(default=None, description="The rule behind it.")


class Extension(Part):
    """More time for a deadline: agreed by somebody (`extend REF TASK`), or given by itself."""

    title: Words | None = Field(default=None, description="What people call it.")
    by: AmountText = Field(description="How much: `2 months`, or `up to 2 months`.")
    when: Requirements = Field(
        default=(), description="Given by itself as soon as this is so; else people agree on it."
    )
    before: TimingText | None = Field(
        default=None, description="By when it must be agreed; without it, before the limit."
    )
    at_most: int = Field(
        default=1, ge=1, le=20, strict=True, description="How often it may be agreed."
    )
    unless: Requirements = Field(default=(), description="What rules it out.")
    needs: Annotated[tuple[Literal["reason", "agreement"], ...], BeforeValidator(listed)] = Field(
        default=("reason",), description="What must be said: `reason`, `agreement` (in writing)."
    )
    no_later_than: TimingText | None = Field(
        default=None, description="The last day to which it may put the limit off."
    )
    allowed: Keys = Field(
        default=(), description="Roles that may agree; empty: those who may record for others."
    )
    source: Words | None = Field(default=None, description="The rule behind it.")


class TaskSpec(Part):
    """Something a person must do, with its deadline."""

    title: Words = Field(
        description="What is to be done; `{person}` and `{day}` stand for whose or which it is."
    )
    stage: Keys = Field(description="The stage, or stages, in which it is to be done.")
    by: Keys = Field(description="Roles that do it, or `person`: the one that it is for.")
    for_each: ForEachText | None = Field(
        default=None, description="One task for each person of a role or group, or for each day."
    )
    when: Requirements = Field(
        default=(), description="What makes it applicable; otherwise it does not exist."
    )
    after: Keys = Field(default=(), description="Tasks that must be done first: a hard order.")
    opens: OpeningText | None = Field(
        default=None, description="When it opens; without it, when its stage is reached."
    )
    target: TimingText | None = Field(
        default=None, description="The soft date: when it should be done."
    )
    limit: TimingText | None = Field(
        default=None, description="The hard date: after it, it is late."
    )
    calendar: Key | None = Field(
        default=None, description="The calendar of its working days, if it has one of its own."
    )
    not_before: TimingText | None = Field(
        default=None, description="The first day on which it may be done: earlier is refused."
    )
    pauses: Keys = Field(default=(), description="The pauses that stop its clock.")
    restarts_on: Keys = Field(
        default=(), description="Dates from which its clock begins anew, while it still runs."
    )
    extends: dict[Key, Extension] = Field(
        default_factory=dict, description="Ways to put its deadline off."
    )
    excused_when: Requirements = Field(
        default=(), description="Reasons, any of which takes its deadline away."
    )
    cap: TimingText | None = Field(
        default=None, description="The last day for its limit, whatever else puts it off."
    )
    lapses: TimingText | None = Field(
        default=None, description="When it is closed unanswered, as silence; blocks nothing then."
    )
    reminders: Keys = Field(default=(), description="The reminder ladder, or ladders, it uses.")
    evidence: Keys = Field(default=(), description="What must be said when it is done.")
    evidence_needed: int | None = Field(
        default=None, ge=1, le=20, strict=True, description="How many of these; without it, all."
    )
    attest: Keys = Field(
        default=(),
        description="What must be confirmed, each by itself; of a task that destroys something "
        "with its method and day, unless its name begins with `no_`, as of a statement.",
    )
    other_than: Key | None = Field(
        default=None, description="A task that somebody else must have done: two different people."
    )
    redo_when: Annotated[tuple[OccasionText, ...], BeforeValidator(listed)] = Field(
        default=(), description="What makes it to be done again, such as `peers change`."
    )
    early: Literal["refuse", "flag"] = Field(
        default="refuse",
        description="What happens when it is reported before it opens: `refuse`, or `flag` it.",
    )
    issues_material: StrictBool = Field(
        default=False, description="Doing it gives its person something to keep, and to destroy."
    )
    source: Words | None = Field(default=None, description="The rule behind its limit.")
    target_source: Words | None = Field(
        default=None, description="The rule behind its target, where it is another one."
    )


def plain_title(spec: TaskSpec) -> str:
    """Return a title that stands for all occurrences."""
    return spec.title.replace("{person}", "each person").replace("{day}", "each day")


class Rung(Part):
    """One step of a reminder ladder."""

    when: RungTimeText = Field(description="When it speaks.")
    to: Keys = Field(description="Who is told: roles, groups, `by`, `person`.")
    notice: Key = Field(description="The notice that is sent.")
    urgent: StrictBool = Field(default=False, description="Never held back for a digest.")
    until: Literal["done"] = Field(default="done", description="A rung is silent once it is done.")
    at_most: int = Field(
        default=20, ge=1, le=60, strict=True, description="How often an `every` repeats."
    )


class LocalCalendar(Part):
    """A calendar of its own: an official one, with days added to it and taken from it."""

    title: Words | None = Field(default=None, description="What people call it.")
    based_on: Words = Field(
        default=UK_CALENDAR,
        description="An official one: of the United Kingdom, or a country's code such as `IE`.",
    )
    adds: dict[Days, Words] = Field(
        default_factory=dict,
        description="Holidays besides: `2027-12-24: Closed`, `2027-07-22 to 2027-08-31: Summer`.",
    )
    removes: Annotated[tuple[Day, ...], BeforeValidator(listed)] = Field(
        default=(), description="Official holidays on which people work."
    )
    weekend: Annotated[tuple[Weekday, ...], BeforeValidator(listed)] = Field(
        default=("saturday", "sunday"), description="The days of the week on which nobody works."
    )


class Sending(Part):
    """When reminders may go out; what would fall outside goes at the nearest time inside."""

    on: Literal["every day", "weekdays", "working days"] = Field(
        default="every day", description="On which days."
    )
    from_: Clock = Field(default="00:00", alias="from", description="Not earlier in the day.")
    until: Clock = Field(default="23:59", description="Not later in the day.")
    not_on: Annotated[tuple[QuietDaysText, ...], BeforeValidator(listed)] = Field(
        default=(), description="Quiet days: `24 December to 1 January`, or `2027-03-01`."
    )
