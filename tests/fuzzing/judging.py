"""What is asked of a parser: an error of our own tree, with words, and within a second."""

from collections.abc import Callable
from time import process_time

from workflow.model.errors import WorkflowError

Target = Callable[[bytes], object]

MOST_SECONDS = 1.0


def judge(target: Target, data: bytes, *, most: float = MOST_SECONDS) -> str:
    """Return what is wrong with how a target takes its input; empty when nothing is."""
    begun = process_time()
    try:
        target(data)
    except WorkflowError as error:
        if not str(error):
            return "T20: an error without words"
    except Exception as error:
        return f"T20: untyped {type(error).__name__}: {error}"
    if process_time() - begun > most:
        return f"T20: more than {most} s of the processor"
    return ""
