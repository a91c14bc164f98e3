"""What the fuzzer once reached is tried again on every commit, without it."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzzing.judging import judge
from tests.fuzzing.planted import crash
from tests.fuzzing.targets import TARGETS
from workflow.model.errors import InvalidInput

CORPUS = Path(__file__).with_name("corpus")
MOST_FILES, MOST_BYTES = 200, 2_048
BUSY = 3.0
"""Seconds of the processor: one, and room for a busy machine."""


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_of_the_corpus_makes_a_parser_stumble(name: str) -> None:
    inputs = sorted((CORPUS / name).iterdir())
    assert len(inputs) >= 5
    told = {path.name: judge(TARGETS[name], path.read_bytes(), most=BUSY) for path in inputs}
    assert {path: fault for path, fault in told.items() if fault} == {}


def test_the_corpus_is_small() -> None:
    for folder in CORPUS.iterdir():
        files = list(folder.iterdir())
        assert len(files) <= MOST_FILES
        assert max(path.stat().st_size for path in files) <= MOST_BYTES
    assert {folder.name for folder in CORPUS.iterdir()} == set(TARGETS)


def test_an_error_that_is_not_ours_would_be_seen() -> None:
    assert judge(crash, b"x") == ""
    assert judge(crash, b"PEER") == "T20: untyped ZeroDivisionError: "
    assert judge(lambda data: data, b"", most=-1.0).startswith("T20: more than")

    def say_nothing(data: bytes) -> None:
        raise InvalidInput

    assert judge(say_nothing, b"") == "T20: an error without words"


@pytest.mark.skipif(find_spec("atheris") is None, reason="no fuzzer: pip install -e '.[test,fuzz]'")
def test_the_fuzzer_finds_a_planted_mistake(tmp_path: Path) -> None:
    from tests.fuzzing.__main__ import run

    limits = ("-runs=2000000", "-seed=1", "-max_len=8", f"-artifact_prefix={tmp_path}/")
    code, said = run("planted", *limits)
    assert code != 0
    assert "T20: untyped ZeroDivisionError" in said


@pytest.mark.skipif(find_spec("atheris") is None, reason="no fuzzer: pip install -e '.[test,fuzz]'")
def test_what_reaches_something_new_is_kept_and_what_does_not_is_left(tmp_path: Path) -> None:
    from tests.fuzzing.__main__ import keep

    corpus, new = tmp_path / "corpus", tmp_path / "new"
    for folder, inputs in ((corpus, [b"x"]), (new, [b"y", b"PE"])):
        folder.mkdir()
        for number, data in enumerate(inputs):
            (folder / f"{folder.name}{number}").write_bytes(data)
    keep("planted", corpus, new)
    kept = sorted(path.read_bytes() for path in corpus.iterdir())
    assert len(kept) == 2
    assert kept[0] == b"PE"
