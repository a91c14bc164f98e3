"""The control: a parser with a mistake that is reached byte by byte. It must be found."""

from workflow.model.errors import InvalidInput


def crash(data: bytes) -> None:
    """Read four letters, and stumble over one word."""
    if data[:1] != b"P":
        raise InvalidInput("it does not begin with P")
    if data[1:2] == b"E" and data[2:3] == b"E" and data[3:4] == b"R":
        raise ZeroDivisionError
