"""Who stays out is found from the texts alone."""

import numpy as np
import pytest
from scipy import sparse

from themeloom.domain.themes import Reason
from themeloom.engine.centroids import Fit, unit
from themeloom.engine.clustering import GraphClusterer
from themeloom.engine.unsorted import SURELY_ALIKE, SURELY_APART, Verdict, judge


def silent(stage: str, done: int, total: int) -> None:
    pass


def clusterer(count: int, **changes: object) -> GraphClusterer:
    settings: dict[str, object] = {
        "weights": np.ones(count),
        "lengths": np.full(count, 12),
        "records": np.arange(count),
        "words": sparse.csr_array((count, 3), dtype=np.float32),
        "known": np.full(count, -1),
        "seed": 0,
        "themes": None,
        "report": silent,
    }
    return GraphClusterer(**{**settings, **changes})  # type: ignore[arg-type]


def planted(sizes: list[int], strays: int, spread: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(3)
    truth = np.concatenate([np.repeat(np.arange(len(sizes)), sizes), np.full(strays, -1)])
    centres = generator.normal(size=(len(sizes), 64))
    centres = centres / np.linalg.norm(centres, axis=1, keepdims=True)
    vectors = generator.normal(scale=spread, size=(len(truth), 64))
    vectors[truth >= 0] += centres[truth[truth >= 0]]
    return unit(vectors.astype(np.float32)), truth


def test_strays_stay_out_and_themes_stay_whole() -> None:
    vectors, truth = planted([70, 60, 50, 40, 30, 30, 25, 25], strays=25)
    found = clusterer(len(vectors)).fit(vectors)
    out = found.labels_ < 0
    assert out[truth < 0].mean() >= 0.8
    assert out[truth >= 0].mean() <= 0.03
    assert all(isinstance(reason, Reason) for reason in found.reasons_[out])
    assert all(reason is None for reason in found.reasons_[~out])


def test_reasons_tell_short_texts_and_ties_apart() -> None:
    own = np.full(100, 0.8, np.float32)
    own[:3] = 0.1
    other = np.full(100, 0.3, np.float32)
    other[:3] = [0.0, 0.09, 0.0]
    near = np.tile(own[:, None], (1, 10))
    lengths = np.full(100, 10)
    lengths[2] = 1
    verdict = judge(near, Fit(own, other), np.zeros(100, np.int64), lengths)
    assert np.flatnonzero(verdict.out).tolist() == [0, 1, 2]
    assert verdict.reasons[:3].tolist() == [Reason.TOO_FAR, Reason.TIE, Reason.TOO_SHORT]


def test_nobody_stays_out_where_all_are_surely_alike() -> None:
    own = np.linspace(0.6, 0.95, 200).astype(np.float32)
    own[0] = 0.55
    verdict = judge(
        np.tile(own[:, None], (1, 10)),
        Fit(own, np.full(200, 0.2, np.float32)),
        np.zeros(200, np.int64),
        np.full(200, 9),
    )
    assert not verdict.out.any()


def test_a_theme_of_one_record_is_no_theme() -> None:
    vectors, truth = planted([60, 60, 60, 40], strays=0)
    records = np.arange(len(vectors))
    records[truth == 3] = 1000  # forty excerpts of one long talk
    found = clusterer(len(vectors), records=records).fit(vectors)
    assert set(found.labels_[truth == 3].tolist()) <= {-1, 0, 1, 2}
    assert found.labels_.max() == 2


def test_known_themes_stay_and_only_what_is_new_becomes_one() -> None:
    vectors, truth = planted([80, 60, 50, 40], strays=0)
    known = np.full(len(vectors), -1)
    seen = (truth < 3) & (np.arange(len(vectors)) % 3 > 0)
    known[seen] = 2 - truth[seen]
    found = clusterer(len(vectors), known=known).fit(vectors)
    assert np.array_equal(found.labels_[seen], known[seen])
    new_of_old = (truth < 3) & ~seen
    assert (found.labels_[new_of_old] == 2 - truth[new_of_old]).mean() > 0.97
    assert set(found.labels_[truth == 3].tolist()) == {3}


def test_a_type_error_is_not_run_twice() -> None:
    calls: list[str] = []

    def broken(stage: str, done: int, total: int) -> None:
        calls.append(stage)
        raise TypeError("a defect")

    vectors, _ = planted([40, 40], strays=0)
    with pytest.raises(RuntimeError, match="a defect"):
        clusterer(len(vectors), report=broken).fit(vectors)
    assert calls == ["Comparing texts"]


def judged(values: np.ndarray, labels: np.ndarray) -> Verdict:
    own = values.astype(np.float32)
    fit = Fit(own, np.full(len(own), -1, np.float32))
    return judge(np.tile(own[:, None], (1, 10)), fit, labels, np.full(len(own), 9))


def test_a_corpus_without_strays_keeps_nearly_all_and_one_with_strays_leaves_them_out() -> None:
    dice = np.random.default_rng(2)
    usual = dice.normal(0.5, 0.07, 3000)
    labels = dice.integers(0, 12, 3000)
    assert judged(usual, labels).out.mean() <= 0.01
    strays = dice.normal(0.28, 0.03, 300)
    verdict = judged(
        np.concatenate([usual, strays]), np.concatenate([labels, dice.integers(0, 12, 300)])
    )
    assert verdict.out[3000:].mean() >= 0.85
    assert verdict.out[:3000].mean() <= 0.04


def test_each_theme_asks_for_its_own() -> None:
    dice = np.random.default_rng(2)
    labels = np.repeat([0, 1, 2], 400)
    values = dice.normal(0.5, 0.03, 1200)
    values[labels == 0] += 0.06
    values[labels == 2] -= 0.06
    values[::15] -= 0.15
    thresholds = judged(values, labels).thresholds
    assert thresholds[0] > thresholds[1] > thresholds[2] >= SURELY_APART
    assert thresholds[0] <= SURELY_ALIKE


def test_a_theme_of_strays_is_left_over_whole_unless_it_was_known() -> None:
    dice = np.random.default_rng(2)
    labels = np.repeat(np.arange(7), 100)
    values = dice.normal(0.6, 0.06, 700)
    values[labels == 6] = dice.normal(0.32, 0.06, 100)
    verdict = judged(values, labels)
    assert verdict.out[labels == 6].all()
    assert verdict.out[labels < 6].mean() <= 0.02
    fit = Fit(values.astype(np.float32), np.full(700, -1, np.float32))
    near = np.tile(values.astype(np.float32)[:, None], (1, 10))
    known = judge(near, fit, labels, np.full(700, 9), known=7)
    assert 0.5 < known.out[labels == 6].mean() < 1.0
