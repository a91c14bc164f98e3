"""Timestamps of RFC 3161: an authority outside signs that a head of the log was there by a time."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workflow.model.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

SECONDS, MOST_BYTES = 20, 100_000
"""How long an authority may take, and how much it may answer."""
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_PACKAGE = "timestamps need one more package: pip install 'peer-challenge[timestamp]'"


def read_roots(path: Path) -> "list[Certificate]":
    """Return the certificates, in PEM, of those whom a timestamp must lead to.

    Raises:
        Unavailable: the file cannot be read.
        InvalidInput: there is none in it.
    """
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise Unavailable(f"cannot read {path}: {error.strerror}") from error
    except ValueError:
        raise InvalidInput(f"there is no certificate (PEM) in {path}") from None


def fetch(url: str, message: bytes, *, roots: "list[Certificate]") -> bytes:
    """Return the receipt of the authority at a URL for a message, after it was checked.

    Raises:
        Unavailable: the authority is away, or the package is not installed.
        InvalidInput: the URL is none, or the receipt is not right.
    """
    try:
        from rfc3161_client import TimestampRequestBuilder
    except ModuleNotFoundError as error:
        raise Unavailable(_PACKAGE) from error
    if urlsplit(url).scheme not in {"http", "https"}:
        raise InvalidInput(f'"{url}" is not the address of an authority (https://…)')
    request = TimestampRequestBuilder().data(message).nonce(nonce=True).build()
    receipt = _asked(url, request.as_bytes())
    check(receipt, message, roots=roots, nonce=request.nonce)
    return receipt


def check(
    receipt: bytes, message: bytes, *, roots: "list[Certificate]", nonce: int | None = None
) -> None:
    """Refuse a receipt that is not for a message, or not by whom the roots speak for.

    Raises:
        InvalidInput: it is not.
    """
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        answer = decode_timestamp_response(receipt)
        VerifierBuilder(roots=roots, nonce=nonce).build().verify_message(answer, message)
    except (ValueError, VerificationError) as error:
        raise InvalidInput(f"the timestamp is not right: {error}") from error


def _asked(url: str, query: bytes) -> bytes:
    from urllib.request import Request, urlopen

    asked = Request(url, query, {"Content-Type": _QUERY, "Accept": _REPLY})  # noqa: S310 (checked)
    try:
        with urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310 (its scheme was checked)
            found: bytes = answer.read(MOST_BYTES)
    except OSError as error:
        reason = getattr(error, "reason", None) or error
        raise Unavailable(f"the timestamp authority {url} is away: {reason}") from error
    return found
