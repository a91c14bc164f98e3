"""Signed heads of the tree: a checkpoint is a signed note, as C2SP has both.

    peer-challenge/0123456789abcdef          the origin: which log
    1042                                     how many leaves
    <root in base64>

    — peer-challenge/0123456789abcdef <base64 of the key's hash and of the signature>

Whoever holds the verifier key can check it. Signing and checking are handed in.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from workflow.model.errors import InvalidInput
from workflow.model.log.merkle import HASH_BYTES

Sign = Callable[[bytes], bytes]
"""Returns the Ed25519 signature of a message."""
Check = Callable[[bytes, bytes, bytes], bool]
"""Returns whether a public key has made a signature of a message, in this order."""

_ED25519 = b"\x01"
_DASH = "— "
_HASH_BYTES = 4
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Head:
    """A tree at a size."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Whose signatures count: the log's name, and its public key (32 bytes)."""

    name: str
    public: bytes

    def __str__(self) -> str:
        return f"{self.name}+{self.digest.hex()}+{_encoded(_ED25519 + self.public)}"

    @property
    def digest(self) -> bytes:
        """What stands for the key beside a signature."""
        whole = self.name.encode(errors="replace") + b"\n" + _ED25519 + self.public
        return sha256(whole).digest()[:_HASH_BYTES]


def verifier_of(public: bytes) -> VerifierKey:
    """Return the verifier key of a log that a public key signs, which names the log, too."""
    return VerifierKey(f"peer-challenge/{sha256(public).hexdigest()[:16]}", public)


def read_verifier(text: str) -> VerifierKey:
    """Return the verifier key that a text says.

    Raises:
        InvalidInput: it is none.
    """
    name, _, rest = text.strip().partition("+")
    digest, _, key = rest.partition("+")
    raw = _decoded(key)
    found = VerifierKey(name, raw[1:])
    if not name or raw[:1] != _ED25519 or len(raw) != 1 + HASH_BYTES:
        raise InvalidInput(f'"{text.strip()}" is not a verifier key (NAME+HASH+KEY)')
    if found.digest.hex() != digest:
        raise InvalidInput(f'the verifier key "{text.strip()}" is damaged: its hash is another')
    return found


def checkpoint(head: Head, key: VerifierKey, sign: Sign) -> str:
    """Return the signed note of a head."""
    text = f"{key.name}\n{head.size}\n{_encoded(head.root)}\n"
    return f"{text}\n{_DASH}{key.name} {_encoded(key.digest + sign(text.encode()))}\n"


def read_checkpoint(note: str, key: VerifierKey, check: Check) -> Head:
    """Return the head that a note says, if the key has signed it.

    Raises:
        InvalidInput: it is no checkpoint of this log, or the signature is not by this key.
    """
    text, parted, signatures = note.partition("\n\n")
    head = _head(text, key)
    for line in signatures.splitlines() if parted else ():
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        raw = _decoded(encoded)
        if line.startswith(_DASH) and name == key.name and raw[:_HASH_BYTES] == key.digest:
            if check(key.public, raw[_HASH_BYTES:], f"{text}\n".encode(errors="replace")):
                return head
            raise InvalidInput("the signature of the checkpoint is not right")
    raise InvalidInput("the checkpoint is not signed by this key")


def notes_in(text: str) -> list[str]:
    """Return the notes of a text that has one after another, as a file of anchors does."""
    found, note = list[str](), list[str]()
    is_signed = is_after_gap = False
    for line in (*text.replace("\r\n", "\n").rstrip("\n").split("\n"), ""):
        if is_after_gap and line.startswith(_DASH) and line != _DASH:
            note.append(line)
            is_signed = True
            continue
        if is_signed:
            found.append("\n".join((*note, "")))
        if is_after_gap:
            note.clear()
        is_signed, is_after_gap = False, not line and bool(note)
        if line or note:
            note.append(line)
    return found


def _head(text: str, key: VerifierKey) -> Head:
    origin, *rest = text.split("\n")
    if len(rest) < 2 or not _SIZE.fullmatch(rest[0]):  # noqa: PLR2004 (size and root)
        raise InvalidInput("this is not a checkpoint: origin, size and root are missing")
    if origin != key.name:
        raise InvalidInput(f'the checkpoint is of another log ("{origin}")')
    root = _decoded(rest[1])
    if len(root) != HASH_BYTES:
        raise InvalidInput("the root of the checkpoint is not 32 bytes")
    return Head(int(rest[0]), root)


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decoded(text: str) -> bytes:
    """Return what a text in base64 says; nothing if it is not in base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
