"""Draws a definition's lifecycle as a Mermaid state diagram."""

from workflow.model.definition import Definition, Transition

_STEP = "    "
_PREVIOUS = "previous"


def mermaid(definition: Definition) -> str:
    """Return a `stateDiagram-v2` of the stages and transitions, always the same for the same."""
    lines = ["stateDiagram-v2", *_states(definition), f"{_STEP}[*] --> {definition.initial}"]
    for name, step in definition.transitions.items():
        lines += _arrows(name, step)
    lines += [f"{_STEP}{key} --> [*]" for key, stage in definition.stages.items() if stage.final]
    return "\n".join(lines) + "\n"


def _states(definition: Definition) -> list[str]:
    """Return a line for each stage; those of a phase stand inside it, where its first does."""
    phases: dict[str, list[str]] = {}
    for key, stage in definition.stages.items():
        phases.setdefault(stage.phase or key, []).append(key)
    lines: list[str] = []
    for number, (phase, keys) in enumerate(phases.items(), start=1):
        stages = [f'state "{_quoted(definition.stages[key].title)}" as {key}' for key in keys]
        if definition.stages[keys[0]].phase is None:
            lines += [f"{_STEP}{stage}" for stage in stages]
            continue
        inner = [f"{_STEP}{_STEP}{stage}" for stage in stages]
        lines += [f'{_STEP}state "{_quoted(phase)}" as phase_{number} {{', *inner, f"{_STEP}}}"]
    return lines


def _arrows(name: str, step: Transition) -> list[str]:
    """Return an arrow for each stage that a transition leads from; a note where it leads back."""
    if step.to == _PREVIOUS:
        text = f"{name} leads back to the stage that was left"
        return [f"{_STEP}note right of {stage}: {text}" for stage in step.from_]
    label = f"{name} (by itself)" if step.at is not None else name
    return [f"{_STEP}{stage} --> {step.to}: {label}" for stage in step.from_]


def _quoted(text: str) -> str:
    """Return `text` as it may stand between double quotes."""
    return " ".join(text.replace('"', "'").split())
