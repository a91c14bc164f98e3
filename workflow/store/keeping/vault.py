"""The keys that make people's words readable, in a folder apart from the database.

Each person and each challenge has a key of 256 bits, in a file of its own; what is said about a
person in a challenge is sealed with both. A sealed text is a token that stands where the text
stood: which keys, a commitment SHA-256(salt ‖ text), and AES-256-GCM of salt and text. Salt and
nonce are HMACs of the text under the key, so that the same text makes the same token, and nobody
without the key can tell what it is, nor try out guesses. When a key's file is gone, every token
under it, wherever a copy of it lies, says `DESTROYED`; what was computed from it still verifies.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.model.errors import Unavailable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

DESTROYED = "[destroyed]"
DAMAGED = "[damaged]"
MARK = "sealed:"
TOKEN = re.compile(MARK + r"[A-Za-z0-9_-]{80,}")
KEY_BYTES, ID_BYTES, SALT_BYTES, NONCE_BYTES, COMMITMENT_BYTES = 32, 16, 16, 12, 32
MOST_KEYS = 2  # of a token: a challenge's and a person's
MOST_REMEMBERED = 20_000

_SIGNER, _SITE = "log.key", "site.key"


class Vault:
    """The keys in a folder, which is made when the first key is. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._keys = f"{folder}/keys/"  # a text: it is asked about for every token
        self._known: dict[str, bytes] = {}
        self._pairs: dict[bytes, tuple[bytes, bytes]] = {}
        self._read: dict[str, tuple[tuple[str, ...], str]] = {}  # as long as its keys are there

    @property
    def is_missing(self) -> bool:
        """Whether there is no key yet, or the folder is not where it was."""
        return not (self.folder / _SITE).exists()

    def new_key(self) -> str:
        """Return the id of a new key, which is on the disk before this returns.

        Raises:
            Unavailable: it cannot be written.
        """
        key_id = secrets.token_hex(ID_BYTES)
        self._write(self._path(key_id), secrets.token_bytes(KEY_BYTES))
        return key_id

    def has(self, key_id: str) -> bool:
        """Return whether a key is there."""
        return self._path(key_id).exists()

    def destroy(self, key_id: str) -> bool:
        """Overwrite a key and remove it, for good; return whether it was there.

        Raises:
            Unavailable: it cannot be removed: it may still be readable.
        """
        path = self._path(key_id)
        for known in (self._known, self._pairs, self._read):
            known.clear()
        with self._at(path):
            try:
                number = os.open(path, os.O_WRONLY)
            except FileNotFoundError:
                return False
            with os.fdopen(number, "wb", buffering=0) as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                os.fsync(file.fileno())
            path.unlink()
            sync(path.parent)
        return True

    def seal(self, text: str, *key_ids: str | None) -> str:
        """Return the token of a text under keys; under none that is there, under that of the site.

        An empty text, and one that says that it was destroyed, stay as they are.
        """
        if not text or text == DESTROYED:
            return text
        ids = tuple(key_id for key_id in key_ids if key_id)
        keys = [self._key(key_id) for key_id in ids]
        if not ids or None in keys:
            ids = tuple(i for i, key in zip(ids, keys, strict=True) if key) or (self._site_id,)
        head = bytes([len(ids)]) + b"".join(bytes.fromhex(key_id) for key_id in ids)
        return MARK + base64.urlsafe_b64encode(self._sealed(text.encode(), head)).decode().rstrip(
            "="
        )

    def unseal(self, token: str) -> str:
        """Return the text of a token; what is none stays as it is."""
        known = self._read.get(token)
        if known is not None and all(self._key(key_id) for key_id in known[0]):
            return known[1]
        if not TOKEN.fullmatch(token):
            return token
        raw = base64.urlsafe_b64decode(token[len(MARK) :] + "==")
        end = 1 + raw[0] * ID_BYTES
        if not 1 <= raw[0] <= MOST_KEYS or len(raw) < end + COMMITMENT_BYTES + NONCE_BYTES:
            return token
        found = self._opened(raw[:end], raw[end:])
        if not isinstance(found, bytes):
            return found
        if len(self._read) >= MOST_REMEMBERED:
            self._read.clear()
        text = found.decode()
        self._read[token] = (_ids_in(raw[:end]), text)
        return text

    def seal_bytes(self, content: bytes, key_id: str) -> bytes:
        """Return a file's content, encrypted under a key.

        Raises:
            Unavailable: the key is not there.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._needed(key_id)).encrypt(nonce, content, key_id.encode())

    def unseal_bytes(self, sealed: bytes, key_id: str) -> bytes:
        """Return what `seal_bytes` was given.

        Raises:
            Unavailable: the key is not there, or the content is damaged.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key = self._needed(key_id)
        try:
            return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], key_id.encode())
        except InvalidTag:
            raise Unavailable("the file is damaged: it is not what was stored") from None

    def digest(self, text: str) -> str:
        """Return a keyed digest of a text, by which it is found without being kept."""
        return hmac.new(self._site_key("index"), text.encode(), hashlib.sha256).hexdigest()

    def signer(self) -> "Ed25519PrivateKey":
        """Return the key that signs heads of the log and certificates; made when first needed."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._own(_SIGNER))

    def _sealed(self, text: bytes, head: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key, guide = self._pair(head)
        salt = hmac.digest(guide, b"salt" + text, "sha256")[:SALT_BYTES]
        nonce = hmac.digest(guide, b"nonce" + text, "sha256")[:NONCE_BYTES]
        commitment = hashlib.sha256(salt + text).digest()
        return (
            head + commitment + nonce + AESGCM(key).encrypt(nonce, salt + text, head + commitment)
        )

    def _opened(self, head: bytes, rest: bytes) -> bytes | str:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        ids = _ids_in(head)
        if None in [self._key(key_id) for key_id in ids]:
            return DESTROYED
        commitment, rest = rest[:COMMITMENT_BYTES], rest[COMMITMENT_BYTES:]
        key, _ = self._pair(head)
        try:
            salted = AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], head + commitment)
        except InvalidTag:
            return DAMAGED
        is_meant = hmac.compare_digest(hashlib.sha256(salted).digest(), commitment)
        return salted[SALT_BYTES:] if is_meant else DAMAGED

    def _pair(self, head: bytes) -> tuple[bytes, bytes]:
        """Return the key that encrypts and the one that salts, for the keys that a token names."""
        found = self._pairs.get(head)
        if found is None:
            joined = b"".join(self._needed(key_id) for key_id in _ids_in(head))
            found = (
                hmac.digest(joined, b"peer-challenge encrypts", "sha256"),
                hmac.digest(joined, b"peer-challenge salts", "sha256"),
            )
            if len(self._pairs) >= MOST_REMEMBERED:
                self._pairs.clear()
            self._pairs[head] = found
        return found

    def _key(self, key_id: str) -> bytes | None:
        """Return a key; one that another process has destroyed is gone here, too."""
        known = self._known.get(key_id)
        if known is not None and os.path.exists(f"{self._keys}{key_id[:2]}/{key_id}.key"):
            return known
        path = self._path(key_id)
        try:
            key = path.read_bytes()
        except FileNotFoundError:
            if self._known.pop(key_id, None) is not None:
                self._pairs.clear()
                self._read.clear()
            return None
        except OSError as error:
            raise _away(path, error) from error
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[key_id] = key
        return key

    def _needed(self, key_id: str) -> bytes:
        key = self._key(key_id)
        if key is None:
            raise Unavailable(
                "the key of what you ask for was destroyed: it cannot be read any more"
            )
        return key

    @property
    def _site_id(self) -> str:
        return self._own(_SITE)[:ID_BYTES].hex()

    def _site_key(self, use: str) -> bytes:
        return hmac.digest(self._own(_SITE), use.encode(), "sha256")

    def _own(self, name: str) -> bytes:
        """Return a key of the vault itself, which is made when it is not there yet."""
        known = self._known.get(name)
        if known is not None:
            return known
        path = self.folder / name
        if not path.exists():
            self._write(path, secrets.token_bytes(KEY_BYTES))
        with self._at(path):
            key = self._known[name] = path.read_bytes()
        if name == _SITE:
            self._write(self._path(key[:ID_BYTES].hex()), hmac.digest(key, b"texts", "sha256"))
        return key

    def _path(self, key_id: str) -> Path:
        return self.folder / "keys" / key_id[:2] / f"{key_id}.key"

    def _write(self, path: Path, key: bytes) -> None:
        """Write a key for its owner only; whoever comes second keeps the first one's."""
        with self._at(path):
            if path.exists():
                return
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            for folder in (self.folder, self.folder / "keys", path.parent):
                folder.mkdir(mode=0o700, exist_ok=True)  # of parents, mkdir forgets the mode
            draft = path.with_name(f"{secrets.token_hex(8)}.draft")  # never half a key
            with os.fdopen(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                file.write(key)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
            sync(path.parent)

    @contextmanager
    def _at(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise _away(path, error) from error


def _ids_in(head: bytes) -> tuple[str, ...]:
    """Return the ids of the keys that a token names."""
    return tuple(head[at : at + ID_BYTES].hex() for at in range(1, len(head), ID_BYTES))


def _away(path: Path, error: OSError) -> Unavailable:
    return Unavailable(f"the key {path} cannot be used: {error.strerror or error}")


def sync(folder: Path) -> None:
    """Have what a folder lists on the disk, before it is relied on."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
