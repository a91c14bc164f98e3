"""What a definition says of the numbers that published reports tell."""

from pydantic import Field

from workflow.model.duties import Part
from workflow.model.language.fields import Words


class Counter(Part):
    """Something that reports tell the number of, such as people met."""

    title: Words = Field(description="What is counted, such as `People met`.")
    source: Words | None = Field(default=None, description="The rule behind it.")
