"""What words let expect of the likeness of texts to themes."""

import numpy as np
import pytest

from themeloom.domain.errors import JobCancelled
from themeloom.engine.expected import Expected

TEXTS = {
    0: ("the export stays empty", "the export has blank pages", "an empty export again"),
    1: ("my invoice lists seats twice", "the invoice is wrong", "a wrong invoice for two seats"),
}


def learned(texts: dict[int, tuple[str, ...]]) -> Expected:
    themes = [theme for theme, some in texts.items() for _ in some]
    return Expected([one for some in texts.values() for one in some], likeness(themes))


def likeness(themes: list[int]) -> np.ndarray:
    return np.where(np.eye(2, dtype=bool)[themes], 0.8, 0.1).astype(np.float32)


def test_texts_are_expected_to_be_like_what_has_their_words() -> None:
    found = learned(TEXTS).of(["EXPORT: pages empty!", "two seats on one invoice"])
    assert found.dtype == np.float32
    assert found.argmax(axis=1).tolist() == [0, 1]
    assert np.abs(found).max() < 1.0


def test_words_that_nobody_else_has_tell_nothing() -> None:
    usual = likeness([0, 0, 0, 1, 1, 1]).mean(axis=0)
    found = learned(TEXTS).of(["", "calendar", "12 – 14 !!!"])
    assert np.allclose(found, usual)


def test_scripts_without_spaces_have_words() -> None:
    texts = {
        0: ("エクスポートが止まります。", "エクスポートは空白です。"),
        1: ("請求書が二回届きました。", "請求書の金額が違います。"),
    }
    found = learned(texts).of(["請求書が空白", "エクスポートの金額"])
    assert found.argmax(axis=1).tolist() == [1, 0]


def test_many_texts_are_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = learned(TEXTS)
    texts = ["an empty export", "the invoice", "seats and pages", "calendar", "wrong seats"]
    together = expected.of(texts)
    monkeypatch.setattr("themeloom.engine.expected._TEXTS_PER_STEP", 2)
    assert np.allclose(expected.of(texts), together)


def test_texts_without_a_word_can_be_learned_from() -> None:
    found = Expected(["1 2 3", "…"], likeness([0, 1])).of(["1", "export"])
    assert np.allclose(found, 0.45)


def test_a_cancel_passes_through() -> None:
    def cancel() -> None:
        raise JobCancelled("cancelled")

    with pytest.raises(JobCancelled):
        Expected(["the export", "the invoice"], likeness([0, 1]), cancel)
