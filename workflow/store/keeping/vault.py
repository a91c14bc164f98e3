"""What makes people's words readable, in a folder apart from the database and its backups.

Each person and each challenge has a key; what is said about a person in a challenge is sealed with
both. When a key's file is gone, every token under it, wherever a copy of it lies, says `DESTROYED`;
what was computed from the token still verifies.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.model.errors import Unavailable
from workflow.store.keeping.keys import ID_BYTES, NONCE_BYTES, SITE, Keys
from workflow.store.keeping.marks import DESTROYED, There

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from workflow.store.keeping.tokens import Tokens

SIGNER = "log.key"


class Vault:
    """Seals and signs with the keys in a folder. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._keys = Keys(folder)

    @cached_property
    def _tokens(self) -> "Tokens":
        """What makes and reads tokens; many commands read none."""
        from workflow.store.keeping.tokens import Tokens

        return Tokens(self._keys)

    @property
    def is_missing(self) -> bool:
        """Whether there is no key yet, or the folder is not where it was."""
        return self._keys.is_missing

    def new_key(self) -> str:
        """Return the id of a new key, which is on the disk before this returns.

        Raises:
            Unavailable: it cannot be written.
        """
        return self._keys.new()

    def has(self, key_id: str) -> bool:
        """Return whether a key is there."""
        return self._keys.path(key_id).exists()

    def destroy(self, key_id: str) -> bool:
        """Overwrite a key and remove it, for good; return whether it was there.

        Raises:
            Unavailable: it cannot be removed: it may still be readable.
        """
        self._tokens.forget()
        return self._keys.destroy(key_id)

    def seal(self, text: str, *key_ids: str | None) -> str:
        """Return the token of a text under keys; under none that is there, under that of the site.

        An empty text, and one that says that it was destroyed, stay as they are.
        """
        if not text or text == DESTROYED:
            return text
        there = tuple(key_id for key_id in key_ids if key_id and self._keys.find(key_id))
        return self._tokens.make(text, there or (_site_key_id(self._keys),))

    def unseal(self, token: str, there: There | None = None) -> str:
        """Return the text of a token; what is none stays as it is.

        With `there`, each key is asked for once, however many tokens are under it.
        """
        return self._tokens.read(token, {} if there is None else there)

    def seal_bytes(self, content: bytes, key_id: str) -> bytes:
        """Return a file's content, encrypted under a key.

        Raises:
            Unavailable: the key is not there.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self._keys.need(key_id)).encrypt(nonce, content, key_id.encode())

    def unseal_bytes(self, sealed: bytes, key_id: str) -> bytes:
        """Return what `seal_bytes` was given.

        Raises:
            Unavailable: the key is not there, or the content is damaged.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key = self._keys.need(key_id)
        try:
            return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], key_id.encode())
        except InvalidTag:
            raise Unavailable("the file is damaged: it is not what was stored") from None

    def digest(self, text: str) -> str:
        """Return a keyed digest of a text, by which it is found without being kept."""
        import hashlib
        import hmac

        key = hmac.digest(self._keys.own(SITE), b"index", "sha256")
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    def signer(self) -> "Ed25519PrivateKey":
        """Return the key that signs heads of the log and certificates; made when first needed."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._keys.own(SIGNER))


def _site_key_id(keys: Keys) -> str:
    """Return the id of the key for texts of nobody in particular."""
    site = keys.own(SITE)
    key_id = site[:ID_BYTES].hex()
    if keys.find(key_id) is None:
        import hmac

        keys.keep(key_id, hmac.digest(site, b"texts", "sha256"))
    return key_id
