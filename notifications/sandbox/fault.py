"""What is wrong with a template, and where."""

from notifications.message import UnsendableMessage


class TemplateFault(UnsendableMessage):
    """A template cannot be used: `file` and `line` say where, `reason` why, without the place."""

    def __init__(self, message: str, *, reason: str, file: str = "", line: int = 1) -> None:
        self.reason, self.file, self.line = reason, file, line
        super().__init__(message)
