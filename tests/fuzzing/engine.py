"""`python -m tests.fuzzing.engine TARGET ARGUMENT…`: atheris, with libFuzzer's own arguments."""

import sys
from collections.abc import Callable

import atheris

from tests.fuzzing.judging import Target, judge

_OURS = [
    "definitions", "workflow", "notifications", "console", "web", "settings", "ruamel.yaml",
    "tests.fuzzing.planted",
]  # fmt: skip


def chosen(name: str) -> Callable[[bytes], str]:
    """Return the judge of a target, whose parser says what it does."""
    with atheris.instrument_imports(include=_OURS):
        if name == "planted":
            from tests.fuzzing import planted

            target: Target = planted.crash
        else:
            from tests.fuzzing.targets import TARGETS

            target = TARGETS[name]
    return lambda data: judge(target, data)


def main() -> None:
    """Run a target until libFuzzer ends the process."""
    name, *arguments = sys.argv[1:]
    judged = chosen(name)

    def try_one(data: bytes) -> None:
        fault = judged(data)
        if fault:
            raise AssertionError(fault)

    again = f"{sys.executable} -m tests.fuzzing.engine {name}"  # how a merge calls itself
    atheris.Setup([again, *arguments], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
