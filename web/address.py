"""Where the pages are: the address that people see, and the one that we listen at."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from workflow.model.errors import InvalidInput

_PORTS = {"http": 80, "https": 443}
_BASE_HINT = "write it like https://challenges.council.example, without anything after the host"
_LISTEN_HINT = "write HOST:PORT, such as 127.0.0.1:8080"
_MOST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Base:
    """The address under which people reach the pages. An empty host: under any name."""

    scheme: str = "http"
    host: str = ""

    @property
    def is_https(self) -> bool:
        """Return whether people reach the pages over TLS."""
        return self.scheme == "https"

    def is_ours(self, host: str) -> bool:
        """Return whether a Host header names us."""
        return not self.host or _plain(host, self.scheme) == self.host

    def sent(self, origin: str, *, host: str) -> bool:
        """Return whether a page of ours has this origin; `host` is the request's own."""
        scheme, _, name = origin.partition("://")
        if self.host:
            return scheme == self.scheme and _plain(name, scheme) == self.host
        return scheme in _PORTS and bool(name) and _plain(name, scheme) == _plain(host, scheme)


def read_base_url(text: str) -> Base:
    """Return the address that `text` names; an empty text names any.

    Raises:
        InvalidInput: it is no address of a site.
    """
    if not text.strip():
        return Base()
    parts = _split(text.strip(), hint=f'the base URL "{text}" cannot be read; {_BASE_HINT}')
    rest = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in _PORTS or not parts.hostname or rest:
        raise InvalidInput(f'"{text}" is not the base URL of a site; {_BASE_HINT}')
    return Base(parts.scheme, _plain(parts.netloc, parts.scheme))


def read_listen(text: str) -> tuple[str, int]:
    """Return the host and the port to listen at; port 0 is any that is free.

    Raises:
        InvalidInput: it is not HOST:PORT.
    """
    wrong = f'"{text}" is not an address to listen at; {_LISTEN_HINT}'
    parts = _split(f"//{text.strip()}", hint=wrong)
    if not parts.hostname or parts.port is None or parts.netloc != text.strip():
        raise InvalidInput(wrong)
    if "@" in parts.netloc:
        raise InvalidInput(wrong)
    return parts.hostname, parts.port


def _split(text: str, *, hint: str) -> SplitResult:
    """Return the parts of an address whose port, if it has one, is a number that ports have."""
    try:
        parts = urlsplit(text)
        is_usable = parts.port is None or 0 <= parts.port <= _MOST_PORT
    except ValueError as error:
        raise InvalidInput(hint) from error
    if not is_usable:
        raise InvalidInput(hint)
    return parts


def _plain(host: str, scheme: str) -> str:
    """Return a host in small letters, without the port that goes without saying."""
    return host.casefold().removesuffix(f":{_PORTS.get(scheme, '')}")
