"""What a definition says of what is kept: until when, what happens then, and who sees to it.

Each field's description is what the generated reference and the editors' schema show.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from workflow.model.duties import HOUSE_POLICY, Part
from workflow.model.language.fields import Key, Keys, TimingText, Words, listed

Kind = Literal["texts", "messages", "documents", "contact_details", "record"]
"""A kind of copy of our own, which the engine itself destroys."""

RECORD = "record"
"""The kind that is all of a challenge: nothing is left of it but its entries in the log."""

Sentence = Annotated[str, StringConstraints(max_length=200)]


class RetentionRule(Part):
    """What is kept, by whom, until when, and what happens then."""

    title: Words = Field(description="What is kept.")
    held_by: Keys = Field(default=(), description="Roles or groups that hold it.")
    starts: Sentence | None = Field(
        default=None, description="What the period starts from, in words."
    )
    for_: TimingText | None = Field(
        default=None, alias="for", description="How long it is kept: `6 years after closed`."
    )
    then: Literal["destroy", "delete", "archive", "anonymise", "review"] = Field(
        default="destroy", description="What happens at the end."
    )
    evidence: Sentence | None = Field(
        default=None, description="What shows that it happened, in words."
    )
    done_by: Keys = Field(default=(), description="The tasks that carry it out.")
    needed_for: Keys = Field(
        default=(), description="Tasks that need it: it may not go before their limits."
    )
    review_by: Key | None = Field(default=None, description="The role that sees to it.")
    reminders: Keys = Field(
        default=(), description="The ladder, or ladders, that remind whoever sees to it."
    )
    grace: int = Field(
        default=30,
        ge=0,
        le=366,
        strict=True,
        description="How many days after the end it counts as overdue.",
    )
    copies: Annotated[tuple[Kind, ...], BeforeValidator(listed)] = Field(
        default=(),
        description="Which of our own copies go: `texts` (what people wrote), `messages` (bodies "
        "of mail), `documents` (stored files), `contact_details` (of people), `record` (all).",
    )
    documents: Keys = Field(
        default=(), description="Of our `documents`, only these; empty: all that are stored."
    )
    of: Keys = Field(default=(), description="Whose `contact_details`: roles or groups.")
    sample: Annotated[str, StringConstraints(pattern=r"^1 in [1-9][0-9]?$")] | None = Field(
        default=None,
        description="How many of those who confirm destruction are checked: `1 in 5`.",
    )
    source: Words = Field(default=HOUSE_POLICY, description="The rule behind it.")
