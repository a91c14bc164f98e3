"""Keys in a folder: what is sealed with them, and what is left when one is destroyed."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from workflow.model.errors import Unavailable
from workflow.store.keeping.marks import DAMAGED, DESTROYED, MARK, TOKEN
from workflow.store.keeping.vault import Vault

TEXT = "Her mother is ill: she cannot come before Friday"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """Return a vault that has no key yet."""
    return Vault(tmp_path / "vault")


@pytest.mark.parametrize("text", [TEXT, "é “x”\n", "sealed:abc", "x" * 10_000])
def test_what_is_sealed_is_read_back(vault: Vault, text: str) -> None:
    first, second = vault.new_key(), vault.new_key()
    for keys in ((first,), (first, second), ()):
        token = vault.seal(text, *keys)
        assert TOKEN.fullmatch(token)
        assert text[:12] not in token
        assert vault.unseal(token) == text
        assert Vault(vault.folder).unseal(token) == text


@pytest.mark.parametrize("text", ["", DESTROYED])
def test_what_says_nothing_is_not_sealed(vault: Vault, text: str) -> None:
    assert vault.seal(text, vault.new_key()) == text


@pytest.mark.parametrize("text", ["plain", f"{MARK}short", MARK + "A" * 81, MARK + "Ag" * 60])
def test_what_is_no_token_stays_as_it_is(vault: Vault, text: str) -> None:
    assert vault.unseal(text) in {text, DESTROYED}


def test_a_folder_that_goes_away_is_neither_destroyed_nor_made_anew(vault: Vault) -> None:
    """A disk that is not there for a moment: what would be written meanwhile could not be read."""
    key, other = vault.new_key(), vault.new_key()
    vault.digest("makes the key of the vault")
    token = vault.seal(TEXT, key)
    away = vault.folder.rename(vault.folder.with_name("away"))
    vault.folder.mkdir()  # where the disk is mounted
    uses: list[Callable[[], str]] = [
        lambda: vault.unseal(token),
        lambda: vault.seal(TEXT, other),
        vault.new_key,
    ]
    for use in uses:
        with pytest.raises(Unavailable, match=r"the keys are not in .*vault any more"):
            use()
    assert list(vault.folder.iterdir()) == []
    vault.folder.rmdir()
    away.rename(vault.folder)
    assert vault.unseal(token) == TEXT


def test_the_same_text_is_the_same_token_under_the_same_key_only(vault: Vault) -> None:
    """So a snapshot that is written again is the same, and nobody sees that two people say one."""
    first, second = vault.new_key(), vault.new_key()
    assert vault.seal(TEXT, first) == vault.seal(TEXT, first)
    assert vault.seal(TEXT, first) != vault.seal(TEXT, second)
    assert vault.seal(TEXT, first) != vault.seal(f"{TEXT}.", first)


def test_a_token_tells_nobody_who_guesses_right(vault: Vault) -> None:
    """The commitment is salted: a plain digest of the text is not in it."""
    token = vault.seal("yes", vault.new_key())
    assert hashlib.sha256(b"yes").hexdigest() not in token
    assert hashlib.sha256(b"yes").digest() not in _raw(token)


@pytest.mark.parametrize("which", [0, 1])
def test_without_one_of_its_keys_a_text_is_gone_everywhere(vault: Vault, which: int) -> None:
    keys = vault.new_key(), vault.new_key()
    elsewhere = Vault(vault.folder)
    token, other = vault.seal(TEXT, *keys), vault.seal(TEXT, keys[1 - which])
    assert elsewhere.unseal(token) == TEXT  # it remembers the keys now
    assert vault.destroy(keys[which])
    assert not vault.has(keys[which])
    assert not vault.destroy(keys[which])
    for one in (vault, elsewhere, Vault(vault.folder)):
        assert one.unseal(token) == DESTROYED
        assert one.unseal(other) == TEXT


def test_several_who_destroy_a_key_at_once_all_find_it_gone(vault: Vault) -> None:
    for _ in range(20):
        key = vault.new_key()
        with ThreadPoolExecutor(8) as pool:
            assert any(pool.map(vault.destroy, [key] * 8))
        assert not vault.has(key)


def test_after_a_key_is_gone_what_is_said_is_sealed_with_the_others(vault: Vault) -> None:
    challenge, person = vault.new_key(), vault.new_key()
    vault.destroy(person)
    token = vault.seal(TEXT, challenge, person)
    assert vault.unseal(token) == TEXT
    vault.destroy(challenge)
    assert vault.unseal(token) == DESTROYED
    assert vault.unseal(vault.seal(TEXT, challenge)) == TEXT  # with the key of the site


def test_a_token_that_was_changed_says_so(vault: Vault) -> None:
    token = vault.seal(TEXT, vault.new_key())
    for place in (60, 100, len(token) - 3):
        other = "A" if token[place] != "A" else "B"
        assert vault.unseal(token[:place] + other + token[place + 1 :]) == DAMAGED


def test_files_are_sealed_and_a_changed_one_is_refused(vault: Vault) -> None:
    key = vault.new_key()
    sealed = vault.seal_bytes(b"%PDF", key)
    assert b"%PDF" not in sealed
    assert vault.unseal_bytes(sealed, key) == b"%PDF"
    with pytest.raises(Unavailable, match="the file is damaged: it is not what was stored"):
        vault.unseal_bytes(sealed[:-1] + b"\0", key)
    vault.destroy(key)
    with pytest.raises(Unavailable, match="the key of what you ask for was destroyed"):
        vault.unseal_bytes(sealed, key)


def test_keys_are_their_owners_only(vault: Vault) -> None:
    vault.new_key()
    vault.digest("x")
    vault.signer()
    modes = {path.stat().st_mode & 0o777 for path in vault.folder.rglob("*") if path.is_file()}
    assert modes == {0o600}
    folders = [vault.folder, *(path for path in vault.folder.rglob("*") if path.is_dir())]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}


def test_a_key_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("in the way")
    with pytest.raises(Unavailable, match=r"the key .*vault/keys/.*\.key cannot be used: "):
        Vault(tmp_path / "vault").new_key()


def test_the_keys_of_the_vault_itself_stay_the_same(vault: Vault) -> None:
    again = Vault(vault.folder)
    assert vault.digest("jo@council.example") == again.digest("jo@council.example")
    assert vault.digest("jo@council.example") != vault.digest("jo@county.example")
    public = [one.signer().public_key().public_bytes_raw() for one in (vault, again)]
    assert public[0] == public[1]


def _raw(token: str) -> bytes:
    import base64

    return base64.urlsafe_b64decode(token[len(MARK) :] + "==")
