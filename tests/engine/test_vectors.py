"""The store of vectors: encoded once, the same numbers again, whole after damage and cancel."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from themeloom.engine.encoder import Done, Vectors
from themeloom.engine.vectors import VectorStore, text_hashes, vectors_of


class Letters:
    """An encoder of letter counts that keeps what it was asked to read."""

    id = "letters"
    width = 26
    languages: frozenset[str] | None = None

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, texts: Sequence[str], done: Done | None = None) -> Vectors:
        self.read += texts
        rows = [[text.count(chr(97 + letter)) + 0.1 for letter in range(26)] for text in texts]
        vectors = np.array(rows, np.float32).reshape(len(texts), 26)
        if done:
            done(len(texts))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_each_distinct_text_is_encoded_once(tmp_path: Path) -> None:
    encoder = Letters()
    first = vectors_of(["slow", "late", "slow"], encoder, tmp_path)
    again = vectors_of(["late", "slow", "new"], encoder, tmp_path)
    assert sorted(encoder.read) == ["late", "new", "slow"]
    assert np.array_equal(first[[1, 0]], again[:2])
    assert np.array_equal(first[0], first[2])
    assert np.allclose(np.linalg.norm(first, axis=1), 1.0, atol=1e-6)
    expected = Letters().encode(["slow"])
    assert np.allclose(first[0], expected[0], atol=1e-3)


def test_the_order_of_rows_does_not_change_a_bit(tmp_path: Path) -> None:
    texts = [f"text {number} {'z' * (number % 7)}" for number in range(50)]
    one = vectors_of(texts, Letters(), tmp_path / "one")
    other = vectors_of(texts[::-1], Letters(), tmp_path / "other")
    assert np.array_equal(one, other[::-1])


@pytest.mark.parametrize("victim", ["00000001.npy", "00000001.keys.npy"])
def test_a_damaged_file_is_encoded_again(tmp_path: Path, victim: str) -> None:
    expected = vectors_of(["slow", "late"], Letters(), tmp_path)
    path = tmp_path / "vectors-letters" / victim
    path.write_bytes(path.read_bytes()[:-9])
    encoder = Letters()
    assert np.array_equal(vectors_of(["slow", "late"], encoder, tmp_path), expected)
    assert sorted(encoder.read) == ["late", "slow"]


def test_a_missing_half_is_encoded_again(tmp_path: Path) -> None:
    vectors_of(["slow"], Letters(), tmp_path)
    (tmp_path / "vectors-letters" / "00000001.npy").unlink()
    encoder = Letters()
    vectors_of(["slow"], encoder, tmp_path)
    assert encoder.read == ["slow"]


def test_leftovers_of_a_killed_run_are_swept(tmp_path: Path) -> None:
    folder = tmp_path / "vectors-letters"
    folder.mkdir()
    (folder / "00000001.part").write_bytes(b"half")
    vectors_of(["slow"], Letters(), tmp_path)
    assert not list(folder.glob("*.part"))


def test_what_was_encoded_before_a_cancel_is_kept(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(9000)]  # more than one file holds

    def stop(done: int, total: int) -> None:
        if done > 8192:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        vectors_of(texts, Letters(), tmp_path, stop)
    encoder = Letters()
    vectors_of(texts, encoder, tmp_path)
    assert len(encoder.read) == 9000 - 8192


def test_many_small_files_become_one(tmp_path: Path) -> None:
    for number in range(30):
        vectors_of([f"text {number}"], Letters(), tmp_path)
    assert len(list((tmp_path / "vectors-letters").glob("*.keys.npy"))) < 30
    encoder = Letters()
    vectors_of([f"text {number}" for number in range(30)], encoder, tmp_path)
    assert encoder.read == []


def test_encoders_do_not_share_vectors(tmp_path: Path) -> None:
    class Others(Letters):
        id = "others"

    vectors_of(["slow"], Letters(), tmp_path)
    assert VectorStore(tmp_path, Letters()).has(text_hashes(["slow"])).all()
    assert not VectorStore(tmp_path, Others()).has(text_hashes(["slow"])).any()
