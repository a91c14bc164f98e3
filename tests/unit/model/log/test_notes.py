"""Signed heads: what they say, who signed them, and each thing that can be wrong with them."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workflow.model.errors import InvalidInput
from workflow.model.log import notes
from workflow.model.log.notes import Head
from workflow.store.log.signatures import is_signed, public_of

SIGNER = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
KEY = notes.verifier_of(public_of(SIGNER))
HEAD = Head(1042, b"\x05" * 32)
NOTE = notes.checkpoint(HEAD, KEY, SIGNER.sign)
OTHER = notes.verifier_of(public_of(Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)))
# the example of the documentation of Go's package for signed notes
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_a_checkpoint_says_the_log_its_size_and_its_root() -> None:
    origin, size, root, empty, signature, end = NOTE.split("\n")
    assert (origin, size, empty, end) == (KEY.name, "1042", "", "")
    assert root == "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU="
    assert signature.startswith(f"— {KEY.name} ")
    assert notes.read_checkpoint(NOTE, KEY, is_signed) == HEAD


def test_a_key_is_written_as_others_write_it() -> None:
    assert notes.read_verifier(str(KEY)) == KEY
    known = notes.read_verifier(GO_KEY)
    assert (known.name, str(known)) == ("PeterNeumann", GO_KEY)


def test_signatures_of_others_beside_ours_do_not_matter() -> None:
    witness = f"— {OTHER.name} AAAA\n— somebody else\n"
    text, _, ours = NOTE.partition("\n\n")
    assert notes.read_checkpoint(f"{text}\n\n{witness}{ours}", KEY, is_signed) == HEAD


def test_a_file_has_many_notes_one_after_another() -> None:
    assert notes.notes_in(f"{NOTE}\n{NOTE}\n") == [NOTE, NOTE]
    assert notes.notes_in(NOTE.replace("\n", "\r\n").rstrip()) == [NOTE]
    assert notes.notes_in("nothing\nof the kind\n") == []


NO_CHECKPOINT = "this is not a checkpoint: origin, size and root are missing"
UNSIGNED = "the checkpoint is not signed by this key"


@pytest.mark.parametrize(
    ("note", "text"),
    [
        ("", NO_CHECKPOINT),
        (NOTE.replace("1042", "many"), NO_CHECKPOINT),
        (NOTE.replace("1042", "01042"), NO_CHECKPOINT),
        (NOTE.replace(KEY.name, "other/log"), 'the checkpoint is of another log ("other/log")'),
        (NOTE.replace("BQUF", "BQU", 1), "the root of the checkpoint is not 32 bytes"),
        (NOTE.replace("1042", "1043"), "the signature of the checkpoint is not right"),
        (NOTE.partition("\n\n")[0], UNSIGNED),
        (NOTE.replace("— ", "- "), UNSIGNED),
    ],
)
def test_what_is_no_checkpoint_of_this_log_is_refused(note: str, text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        notes.read_checkpoint(note, KEY, is_signed)
    assert str(caught.value) == text


@pytest.mark.parametrize("size", [0, 5, 32])
def test_a_public_key_or_a_signature_of_a_wrong_length_is_no_error(size: int) -> None:
    assert not is_signed(b"\x00" * size, b"\x00" * size, b"message")


DAMAGED = GO_KEY.replace("c74", "c75")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("", '"" is not a verifier key (NAME+HASH+KEY)'),
        (" name+00000000+AAAA ", '"name+00000000+AAAA" is not a verifier key (NAME+HASH+KEY)'),
        (GO_KEY[12:], f'"{GO_KEY[12:]}" is not a verifier key (NAME+HASH+KEY)'),
        (GO_KEY[:-4], f'"{GO_KEY[:-4]}" is not a verifier key (NAME+HASH+KEY)'),
        (DAMAGED, f'the verifier key "{DAMAGED}" is damaged: its hash is another'),
    ],
)
def test_what_is_no_key_is_refused(key: str, text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        notes.read_verifier(key)
    assert str(caught.value) == text


def test_a_log_is_named_after_its_key() -> None:
    assert KEY.name == "peer-challenge/34750f98bd59fcfc"
