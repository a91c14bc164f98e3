"""A phrase in a definition is kept as it was written."""

from tests.unit.model.test_references import changed
from workflow.model.definition import Definition


def test_a_definition_is_written_as_it_was_read() -> None:
    asked = [{"any": 1, "of": ["plan", "write"]}]
    definition = changed(("transitions.go.requires", asked))
    written = definition.model_dump(mode="json", by_alias=True)
    assert written["transitions"]["go"]["requires"] == asked
    assert Definition.model_validate(written) == definition
