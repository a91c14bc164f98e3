"""What templates may be told: plain values only."""

_PLAIN = {str, int, float, bool, type(None)}


def refuse_objects(value: object, *, path: str) -> None:
    """Refuse what is not text, a number, a truth value or nothing, in dictionaries and lists.

    Raises:
        TypeError: an object of ours would have reached a template.
    """
    if isinstance(value, dict):
        for key, part in value.items():
            if type(part) not in _PLAIN:
                refuse_objects(part, path=f"{path}.{key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            if type(part) not in _PLAIN:
                refuse_objects(part, path=f"{path}[{number}]")
    elif type(value) not in _PLAIN:
        raise TypeError(f"templates get plain values only: {path} is a {type(value).__name__}")
