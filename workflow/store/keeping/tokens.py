"""Tokens: what stands in the database where a text of people stood.

A token says which keys, then a commitment SHA-256(salt ‖ text), then AES-256-GCM of salt and text.
Salt and nonce are HMACs of the text under the keys, so that the same text makes the same token, and
nobody without them can tell what it is, nor try out guesses. Two keys make one: without either of
them the text is gone.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workflow.store.keeping.keys import ID_BYTES, MOST_REMEMBERED, NONCE_BYTES, Keys
from workflow.store.keeping.marks import DAMAGED, DESTROYED, MARK, TOKEN, There

SALT_BYTES, COMMITMENT_BYTES = 16, 32
MOST_KEYS = 2
"""Of a token: a challenge's and a person's."""


class Tokens:
    """Makes tokens and reads them, with the keys that there are."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._pairs: dict[bytes, tuple[AESGCM, bytes]] = {}
        self._read: dict[str, tuple[tuple[str, ...], str]] = {}  # as long as its keys are there

    def forget(self) -> None:
        """Forget everything that was read and every key that was made of others."""
        self._pairs.clear()
        self._read.clear()

    def make(self, text: str, key_ids: Sequence[str]) -> str:
        """Return the token of a text under keys that are there."""
        head = bytes([len(key_ids)]) + b"".join(bytes.fromhex(key_id) for key_id in key_ids)
        sealed = base64.urlsafe_b64encode(self._sealed(text.encode(), head))
        return MARK + sealed.decode().rstrip("=")

    def read(self, token: str, there: There) -> str:
        """Return the text of a token; what is none stays as it is."""
        known = self._read.get(token)
        if known is not None and self._are_there(known[0], there):
            return known[1]
        if not TOKEN.fullmatch(token):
            return token
        try:
            raw = base64.urlsafe_b64decode(token[len(MARK) :] + "==")
        except ValueError:  # somebody wrote that
            return token
        end = 1 + raw[0] * ID_BYTES
        if not 1 <= raw[0] <= MOST_KEYS or len(raw) < end + COMMITMENT_BYTES + NONCE_BYTES:
            return token
        key_ids = _ids_in(raw[:end])
        if not self._are_there(key_ids, there):
            self.forget()
            return DESTROYED
        text = self._opened(raw[:end], raw[end:])
        if len(self._read) >= MOST_REMEMBERED:
            self._read.clear()
        self._read[token] = (key_ids, text)
        return text

    def _are_there(self, key_ids: Sequence[str], there: There) -> bool:
        for key_id in key_ids:
            if key_id not in there:
                there[key_id] = self._keys.find(key_id) is not None
            if not there[key_id]:
                return False
        return True

    def _sealed(self, text: bytes, head: bytes) -> bytes:
        cipher, guide = self._pair(head)
        salt = hmac.digest(guide, b"salt" + text, "sha256")[:SALT_BYTES]
        nonce = hmac.digest(guide, b"nonce" + text, "sha256")[:NONCE_BYTES]
        start = head + hashlib.sha256(salt + text).digest()
        return start + nonce + cipher.encrypt(nonce, salt + text, start)

    def _opened(self, head: bytes, rest: bytes) -> str:
        commitment, rest = rest[:COMMITMENT_BYTES], rest[COMMITMENT_BYTES:]
        cipher, _ = self._pair(head)
        try:
            salted = cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], head + commitment)
        except InvalidTag:
            return DAMAGED
        is_meant = hmac.compare_digest(hashlib.sha256(salted).digest(), commitment)
        return salted[SALT_BYTES:].decode() if is_meant else DAMAGED

    def _pair(self, head: bytes) -> tuple[AESGCM, bytes]:
        """Return what encrypts and the key that salts, for the keys that a token names."""
        found = self._pairs.get(head)
        if found is None:
            joined = b"".join(self._keys.need(key_id) for key_id in _ids_in(head))
            found = (
                AESGCM(hmac.digest(joined, b"peer-challenge encrypts", "sha256")),
                hmac.digest(joined, b"peer-challenge salts", "sha256"),
            )
            if len(self._pairs) >= MOST_REMEMBERED:
                self._pairs.clear()
            self._pairs[head] = found
        return found


def _ids_in(head: bytes) -> tuple[str, ...]:
    """Return the ids of the keys that a token names."""
    return tuple(head[at : at + ID_BYTES].hex() for at in range(1, len(head), ID_BYTES))
