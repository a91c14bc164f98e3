"""Files of documents are kept encrypted, under random names, and given out only as they were."""

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from workflow.model.errors import InvalidInput, Unavailable
from workflow.store.keeping.files import MOST_BYTES, Files, Kept, remove_all, require_size
from workflow.store.keeping.vault import Vault

CONTENT = b"the timetable of the visit"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files.beside(Vault(tmp_path / "challenges.db.vault"))


def kept(files: Files, content: bytes = CONTENT) -> Kept:
    """Return a content that is kept under a key of its own."""
    key_id = files.vault.new_key()
    name = files.write(content, key_id)
    digest = hashlib.sha256(content).hexdigest()
    return Kept(name=name, size=len(content), sha256=digest, key_id=key_id)


def test_a_file_is_encrypted_and_for_its_owner_only(files: Files, tmp_path: Path) -> None:
    where = kept(files)
    path = tmp_path / "challenges.db.files" / where.name
    assert CONTENT not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert files.read(where) == CONTENT
    assert list(files.names()) == [where.name]


def test_the_same_content_twice_is_two_files_that_do_not_look_alike(files: Files) -> None:
    first, second = kept(files), kept(files)
    contents = [(files.folder / one.name).read_bytes() for one in (first, second)]
    assert first.name != second.name
    assert contents[0] != contents[1]


def test_a_damaged_file_is_not_given_out(files: Files) -> None:
    where = kept(files)
    path = files.folder / where.name
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Unavailable, match=r"^the file is damaged: it is not what was stored$"):
        files.read(where)
    other = kept(files, b"another one, of the same length"[: len(CONTENT)])
    swapped = Kept(name=other.name, size=where.size, sha256=where.sha256, key_id=other.key_id)
    with pytest.raises(Unavailable, match=r"^the file is damaged: it is not what was stored$"):
        files.read(swapped)


def test_without_its_key_nothing_is_left_of_it(files: Files) -> None:
    where = kept(files)
    files.vault.destroy(where.key_id)
    with pytest.raises(Unavailable, match="was destroyed"):
        files.read(where)


def test_a_file_that_is_gone_says_where_it_was(files: Files) -> None:
    where = kept(files)
    assert files.remove(where.name)
    assert not files.remove(where.name)
    assert list(files.names()) == []
    with pytest.raises(Unavailable, match=r"^the file .* cannot be used: No such file"):
        files.read(where)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 32, "0" * 31])
def test_only_our_own_names_lead_to_files(files: Files, name: str) -> None:
    with pytest.raises(Unavailable, match="is not the name of a file that we keep"):
        files.remove(name)
    remove_all(files, [name])


def test_what_is_too_large_or_empty_is_not_kept(files: Files) -> None:
    require_size(MOST_BYTES)
    with pytest.raises(InvalidInput) as refused:
        require_size(MOST_BYTES + 1)
    assert str(refused.value) == (
        "the file has 25.0 MB; at most 25 MB are kept: name its place with --location"
    )
    with pytest.raises(InvalidInput, match=r"^the file is empty$"):
        files.write(b"", files.vault.new_key())


def test_several_who_remove_a_file_at_once_all_find_it_gone(files: Files) -> None:
    for _ in range(20):
        name = kept(files).name
        with ThreadPoolExecutor(8) as pool:
            assert any(pool.map(files.remove, [name] * 8))
        assert list(files.names()) == []
