"""Checks what the parts of a definition say of each other.

The model behind the file (`workflow.model.definition`) sees one value at a time. Here the whole is
looked at: every name stands for something of the right kind, the lifecycle can be walked to its
end, nothing waits for itself, every limit says where it comes from, and every obligation has one
place where it is kept. Nothing here knows of files: a finding says which path it is about.
"""

from itertools import chain, islice

from workflow.model.checks.calendars import find_in_calendars, find_unknown_calendars
from workflow.model.checks.circles import find_circles_in
from workflow.model.checks.clocks import find_in_clocks
from workflow.model.checks.duties import find_in_duties
from workflow.model.checks.finding import Finding, Scope
from workflow.model.checks.handing.documents import find_in_records, find_unknown_in_records
from workflow.model.checks.ladders import find_in_ladders
from workflow.model.checks.lifecycle import find_in_lifecycle
from workflow.model.checks.names import find_unknown_keys
from workflow.model.checks.order import find_in_order
from workflow.model.checks.reach.contradictions import find_contradictions
from workflow.model.checks.reach.late import find_late
from workflow.model.checks.reach.steps import find_in_steps
from workflow.model.checks.reach.turning import find_turning
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
        find_circles_in(scope),
        find_turning(scope),
        find_in_order(scope),
        find_in_calendars(scope),
        find_in_clocks(scope),
        find_contradictions(scope),
        find_in_steps(scope),
        find_late(scope),
        find_in_duties(scope),
        find_in_ladders(scope),
        find_in_records(scope),
    )
    return list(islice(found, MOST_FINDINGS))


def find_unknown_names(definition: Definition) -> list[Finding]:
    """Return the names and subjects in `definition` that stand for nothing, or the wrong thing."""
    scope = Scope(definition)
    found = chain(
        find_unknown_keys(scope),
        find_unknown_in_records(scope),
        find_unknown_calendars(scope),
        find_unknown_subjects(scope),
    )
    return list(islice(found, MOST_FINDINGS))
