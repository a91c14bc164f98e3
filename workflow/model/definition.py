"""What a definition file may say: the model behind the YAML, its schema and its reference.

Every key is a word that a programme manager reads without a manual; each field's description is
what the generated reference and the editors' schema show. Phrases (`4 weeks after onsite_end`)
are read by `workflow.model.language`. References between the parts (a task that a transition
requires, say) are checked by `workflow.model.checks.references`.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool, StringConstraints

from workflow.model.duties import (
    UK_CALENDAR,
    LocalCalendar,
    Part,
    Pause,
    Rung,
    Sending,
    TaskSpec,
)
from workflow.model.language.fields import (
    AmountText,
    Clock,
    CountText,
    Day,
    Key,
    Keys,
    OccasionText,
    Requirements,
    SpanText,
    TimingText,
    Words,
    grouped,
    listed,
)
from workflow.model.language.phrases import Count
from workflow.model.records.counters import Counter
from workflow.model.records.definitions import DocumentRule, Medium
from workflow.model.records.rules import RetentionRule

Strictness = Literal["refuse", "warn"]


class Role(Part):
    """A place on the team or with the client that people are assigned to."""

    title: Words = Field(description="What people call the role.")
    side: Literal["programme", "team", "client"] = Field(description="Whose side the role is on.")
    needed: CountText = Field(
        default=Count("1", 1, 1), description="How many people hold it: `1`, `5..6`, `0..2`."
    )
    eligible: Keys = Field(
        default=(), description="Who may hold it: people with any one of these capabilities."
    )
    otherwise: Strictness = Field(
        default="refuse",
        description="What happens when somebody is not eligible: `refuse`, or `warn` and go on.",
    )
    source: Words | None = Field(default=None, description="The rule behind it.")


class Group(Part):
    """Several roles under one name."""

    roles: Keys = Field(description="The roles in the group.")
    title: Words | None = Field(default=None, description="What people call the group.")
    needed: CountText | None = Field(default=None, description="How many people in all.")


class DateFact(Part):
    """A date that somebody records: planned until the actual one is known."""

    title: Words = Field(description="What the date is, such as `First day of the visit`.")
    is_: TimingText | None = Field(
        default=None,
        alias="is",
        description="Worked out from others, not recorded: `2 working days after posted`.",
    )
    cut_off: Clock | None = Field(
        default=None,
        description="A time of day, in quotes: recorded with a later one, it is the next day.",
    )
    needed_for: Keys = Field(
        default=(), description="Transitions that are refused until the date is known."
    )
    not_before: Key | None = Field(default=None, description="A date that may not be later.")
    moves_with: Key | None = Field(
        default=None,
        description="A date that it moves with, while it is only planned, when it would not fit.",
    )
    within: SpanText | None = Field(
        default=None, description="How many days from another date, both days counted."
    )
    otherwise: Strictness = Field(
        default="refuse", description="What happens outside `within`: `refuse`, or `warn`."
    )
    set_by: Key | None = Field(
        default=None, description="The task or transition that records the date when it is done."
    )
    source: Words | None = Field(default=None, description="The rule behind it.")


class Stage(Part):
    """A place in the lifecycle. The first one listed is where a challenge begins."""

    title: Words = Field(description="What people call the stage.")
    phase: Words | None = Field(
        default=None, description="The wider stage that this one is a step of, as lists show it."
    )
    final: StrictBool = Field(default=False, description="Nothing follows: the challenge is over.")
    paused: StrictBool = Field(
        default=False, description="Clocks stop here: nothing is late, nobody is reminded."
    )
    keeps: Keys | None = Field(
        default=None,
        description="Entering the stage ends every unfinished task, except these and its own.",
    )


class Transition(Part):
    """A step from one stage to another: `advance REF TRIGGER`."""

    title: Words | None = Field(default=None, description="What people call the step.")
    from_: Keys = Field(alias="from", description="The stage, or stages, it leads from.")
    to: Key = Field(description="The stage it leads to, or `previous`: the one that was left.")
    by: Keys = Field(default=(), description="Roles that may take the step; empty: as access goes.")
    at: TimingText | Literal["once ready"] | None = Field(
        default=None,
        union_mode="left_to_right",
        description="Taken by itself: at a time, or `once ready`, when its requirements are met.",
    )
    requires: Requirements = Field(
        default=(), description="What must be so; an override is a recorded exception."
    )
    warns: Requirements = Field(
        default=(), description="What should be so; otherwise a reason must be recorded."
    )
    needs: Annotated[tuple[Literal["reason"], ...], BeforeValidator(listed)] = Field(
        default=(), description="What must be said: `reason`."
    )
    not_before: TimingText | None = Field(
        default=None, description="The first day on which the step may be taken."
    )
    clears: Keys = Field(default=(), description="Dates that are no longer known afterwards.")
    source: Words | None = Field(default=None, description="The rule behind it.")


class Notice(Part):
    """Something that people are told."""

    title: Words = Field(description="The subject line, in plain words.")
    says: Words | None = Field(
        default=None, description="What the message says, when it has no template of its own."
    )
    when: Annotated[tuple[OccasionText, ...], BeforeValidator(listed)] = Field(
        default=(), description="What makes it go out, when it is not a rung of a ladder."
    )
    to: Keys = Field(default=(), description="Who is told, for a notice with `when`.")


class Invitation(Part):
    """An entry in people's calendars: whole days, some hours, or the day of a task.

    It is sent, moved and withdrawn by itself, as its dates, its task and its people change.
    """

    title: Words | None = Field(
        default=None,
        description="What the entry is called, `{client}` filled in; of a task `{person}` and "
        "`{day}` too. Without it, the task's title.",
    )
    first: TimingText | None = Field(default=None, description="The first of its whole days.")
    last: TimingText | None = Field(
        default=None, description="The last of its whole days; without it, there is just one."
    )
    at: TimingText | None = Field(
        default=None, description="In place of days, the time of day at which it begins."
    )
    lasts: AmountText | None = Field(
        default=None,
        description="How many hours it takes, with `at`, or once a time is agreed for its task: "
        "`3 hours`. Without it, one hour.",
    )
    stage: Keys = Field(
        default=(), description="The stage, or stages, of which one must have been reached."
    )
    task: Key | None = Field(
        default=None,
        description="In place of all these, a task: while it is open, the time that is agreed "
        "for it, or else its target, or else its limit, as a whole day.",
    )
    to: Keys = Field(
        description="Whose calendars: roles and groups; of a task `by` and `person` too."
    )


class Obligation(Part):
    """A rule of the guidance, and where it is kept: exactly one of the four places."""

    title: Words = Field(description="What is owed, in our words.")
    source: Words = Field(description="Where it is said.")
    enforced_by: Keys = Field(
        default=(), description="Tasks, dates or transitions that stop a step until it is met."
    )
    tracked_by: Keys = Field(default=(), description="Tasks that track it.")
    kept_by: Words | None = Field(default=None, description="How the data model keeps it.")
    policy: Words | None = Field(default=None, description="Where the text is shown.")


OWN_NOTICES = {
    "answer_given": "An answer needs you",
    "calendar_entry": "An entry for your calendar",
    "calendar_cancelled": "An entry in your calendar falls away",
}
"""What every definition says without being asked to, by its key."""


class Authority(Part):
    """Which roles may do what for others; an empty list leaves it to their access."""

    manages: Keys = Field(default=(), description="May set dates and change the team.")
    records: Keys = Field(default=(), description="May record what others have done.")
    waives: Keys = Field(default=(), description="May waive a task.")
    overrides: Keys = Field(
        default=(), description="May override a refusal; empty: only administrators."
    )
    excepts: Keys = Field(
        default=(),
        description="May let a confirmation of destruction go, and destroy before the day; empty: "
        "only administrators.",
    )
    approves: Keys = Field(
        default=(),
        description="May approve what others ask to destroy; empty: only administrators.",
    )


class Occupation(Part):
    """The days on which people are booked, so that clashes between challenges show."""

    group: Key = Field(description="The role or group whose people are booked.")
    first: Key = Field(description="The date of the first booked day.")
    last: Key = Field(description="The date of the last booked day.")


class Definition(Part):
    """A whole lifecycle."""

    definition: Key = Field(description="The name by which commands know it.")
    version: Annotated[str, StringConstraints(min_length=1, max_length=20, strict=True)] = Field(
        description='The version, in quotes: "1.0".'
    )
    title: Words = Field(description="What people call it.")
    zone: Literal["Europe/London"] | Annotated[str, StringConstraints(max_length=60)] = Field(
        default="Europe/London", description="The time zone of its days and times."
    )
    calendar: Words = Field(
        default=UK_CALENDAR,
        description="What a working day is: an official calendar, or one under `calendars`.",
    )
    calendars: dict[Key, LocalCalendar] = Field(
        default_factory=dict, description="Calendars of its own, by name."
    )
    send_at: Clock = Field(
        default="09:00", description="The local time at which reminders go out, in quotes."
    )
    sending: Sending = Field(default=Sending(), description="When reminders may go out at all.")
    retired_on: Day | None = Field(
        default=None, description="From this day on no challenge begins under it."
    )
    holds_what_it_concerns: StrictBool = Field(
        default=False,
        description="What it concerns (`new … --concerns REF`) is held until its end.",
    )
    due_soon: Annotated[int, Field(ge=0, le=60, strict=True)] = Field(
        default=5, description="How many days before a date it counts as due soon."
    )
    sources: dict[str, Words] = Field(
        default_factory=dict, description="The documents that `source:` may name."
    )
    authority: Authority = Field(default=Authority(), description="Who may do what for others.")
    roles: dict[Key, Role] = Field(description="The people that a challenge needs.")
    groups: dict[Key, Annotated[Group, BeforeValidator(grouped)]] = Field(
        default_factory=dict, description="Several roles under one name."
    )
    occupies: Occupation | None = Field(
        default=None, description="The days on which people are booked."
    )
    dates: dict[Key, DateFact] = Field(default_factory=dict, description="Dates people record.")
    stages: dict[Key, Stage] = Field(description="The stages; the first one is the beginning.")
    transitions: dict[Key, Transition] = Field(description="The steps between the stages.")
    pauses: dict[Key, Pause] = Field(
        default_factory=dict, description="What makes a clock stand still."
    )
    tasks: dict[Key, TaskSpec] = Field(default_factory=dict, description="What is to be done.")
    ladders: dict[Key, tuple[Rung, ...]] = Field(
        default_factory=dict, description="Reminder ladders: who is told when, rung by rung."
    )
    notices: dict[Key, Notice] = Field(
        default_factory=dict, description="What people are told; each may have a template."
    )
    invitations: dict[Key, Invitation] = Field(
        default_factory=dict, description="What stands in people's calendars."
    )
    documents: dict[Key, DocumentRule] = Field(
        default_factory=dict, description="The documents that people are given."
    )
    media: dict[Key, Medium] = Field(
        default_factory=dict, description="The kinds of thing that people are handed."
    )
    retention: dict[Key, RetentionRule] = Field(
        default_factory=dict, description="What is kept, and for how long."
    )
    counters: dict[Key, Counter] = Field(
        default_factory=dict, description="The numbers that published reports tell."
    )
    obligations: dict[str, Obligation] = Field(
        default_factory=dict, description="The guidance's rules, and where each is kept."
    )

    @property
    def initial(self) -> str:
        """Return the stage where a challenge begins."""
        return next(iter(self.stages))

    def members(self, *names: str) -> tuple[str, ...]:
        """Return the roles of groups, or the roles themselves; none for another word."""
        found: list[str] = []
        for name in names:
            if name in self.groups:
                found += self.groups[name].roles
            elif name in self.roles:
                found.append(name)
        return tuple(found)

    @property
    def destroying(self) -> tuple[str, ...]:
        """Return the tasks by which people end what is kept, each once, in order."""
        return tuple(dict.fromkeys(key for rule in self.retention.values() for key in rule.done_by))

    def notice_title(self, key: str) -> str:
        """Return what a notice is called; that of one which is not its own is the same for all."""
        return self.notices[key].title if key in self.notices else OWN_NOTICES.get(key, key)
