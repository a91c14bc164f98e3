"""Checks what the parts of a definition say of each other.

The model behind the file (`workflow.model.definition`) sees one value at a time. Here the whole is
looked at: every name stands for something of the right kind, the lifecycle can be walked to its
end, nothing waits for itself, every limit says where it comes from, and every obligation has one
place where it is kept. Nothing here knows of files: a finding says which path it is about.
"""

from itertools import chain, islice

from workflow.model.checks.duties import find_in_duties
from workflow.model.checks.finding import Finding, Scope
from workflow.model.checks.lifecycle import find_in_lifecycle
from workflow.model.checks.names import find_unknown_keys
from workflow.model.checks.order import find_in_order
from workflow.model.checks.usage import find_in_usage
from workflow.model.checks.wording import find_unknown_subjects
from workflow.model.definition import Definition

MOST_FINDINGS = 100


def find_problems(definition: Definition) -> list[Finding]:
    """Return what is wrong across the parts of `definition`, and warnings; at most 100."""
    scope = Scope(definition)
    found = chain(
        find_unknown_names(definition),
        find_in_usage(scope),
        find_in_lifecycle(scope),
        find_in_order(scope),
        find_in_duties(scope),
    )
    return list(islice(found, MOST_FINDINGS))


def find_unknown_names(definition: Definition) -> list[Finding]:
    """Return the names and subjects in `definition` that stand for nothing, or the wrong thing."""
    scope = Scope(definition)
    found = chain(find_unknown_keys(scope), find_unknown_subjects(scope))
    return list(islice(found, MOST_FINDINGS))
