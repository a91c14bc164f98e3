"""What a definition says of documents, and of the things that people are handed.

Each field's description is what the generated reference and the editors' schema show.
"""

from typing import Literal

from pydantic import Field, StrictBool

from workflow.model.duties import Part
from workflow.model.language.fields import Key, Keys, Words


class DocumentRule(Part):
    """A document that people are given: who should have it, and which tasks that does."""

    title: Words = Field(description="What people call it.")
    kind: Key = Field(
        default="document", description="What kind of document it is, in one word: `report`."
    )
    for_: Keys = Field(
        default=(), alias="for", description="Roles and groups whose people should have it."
    )
    contains: Keys = Field(
        default=(), description="Other documents that are given with it: it is a pack of them."
    )
    issued_by: Key | None = Field(
        default=None, description="The task that is done by giving it to people."
    )
    acknowledged_by: Key | None = Field(
        default=None,
        description="The task of each person that is done once they say that they have it.",
    )
    again_when_changed: StrictBool = Field(
        default=False, description="Whether a new version must be given and acknowledged again."
    )
    may_be_kept: StrictBool = Field(
        default=False, description="Whether people may keep it: it is not to be destroyed."
    )
    on_leaving: Literal["revoke", "destroy"] = Field(
        default="destroy",
        description="What becomes of the copy of somebody who leaves: access ends by itself "
        "(`revoke`), or it is theirs to destroy.",
    )
    source: Words | None = Field(default=None, description="The rule behind it.")


class Medium(Part):
    """A kind of thing that people are handed, such as notebooks with numbers."""

    title: Words = Field(description="What people call such a thing.")
    may_be_kept: StrictBool = Field(
        default=False, description="Whether people may keep it: it is not to be destroyed."
    )
    source: Words | None = Field(default=None, description="The rule behind it.")
