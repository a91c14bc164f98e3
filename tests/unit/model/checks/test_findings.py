"""What is told of a definition reads as it is written down, to its last word."""

from pathlib import Path

from tests.unit.model.test_references import TABLE, said
from tests.unit.model.test_rules_of_retention import TABLE as RETENTION

FINDINGS = Path(__file__).with_name("findings.txt")


def test_each_finding_of_the_tables_is_told_in_whole_sentences() -> None:
    told = {line for path, value, _ in (*TABLE, *RETENTION) for line in said((path, value))}
    assert sorted(told) == FINDINGS.read_text(encoding="utf-8").splitlines()
