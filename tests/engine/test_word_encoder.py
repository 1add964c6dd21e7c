"""Themes without a model: any script, the same every time, honest about what it has not seen."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import adjusted_mutual_info_score
from tests.engine.feedback import FEEDBACK, excerpts

from themeloom.domain.encoders import WORDS
from themeloom.domain.errors import SynthesisError
from themeloom.domain.themes import Level, Reason
from themeloom.engine.encoder import encoder_for
from themeloom.engine.theming import ThemingResult, ThemingSettings, find_themes
from themeloom.engine.word_encoder import WordEncoder


def planted(name: str) -> pl.DataFrame:
    return pl.read_csv(FEEDBACK.with_name(f"{name}.csv"))


def found(frame: pl.DataFrame, language: str, store: Path, encoder: str = WORDS) -> ThemingResult:
    return find_themes(
        excerpts(frame["text"].to_list(), languages=[language] * frame.height),
        ThemingSettings(encoder=encoder),
        known=None,
        store=store,
        progress=lambda stage, done, total: None,
    )


def agreement(frame: pl.DataFrame, result: ThemingResult) -> float:
    placed = dict(result.assignments.filter("primary").select("excerpt_id", "theme_id").iter_rows())
    labels = [placed.get(f"r{number}.0", "") for number in range(frame.height)]
    return float(adjusted_mutual_info_score(frame["theme"].to_list(), labels))


@pytest.mark.parametrize(
    ("name", "language", "least"), [("japanese", "ja", 0.8), ("arabic", "ar", 0.6)]
)
def test_themes_in_other_scripts(tmp_path: Path, name: str, language: str, least: float) -> None:
    frame = planted(name)
    result = found(frame, language, tmp_path)
    assert agreement(frame, result) > least
    themes = result.themes.filter(pl.col("level") == Level.THEME)
    assert themes["title"].n_unique() == themes.height
    assert all(any(letter.isalpha() for letter in title) for title in themes["title"])
    assert max(map(len, themes["title"].to_list())) <= 30
    assert (themes["key_phrases"].list.len() > 0).all()
    assert Reason.LANGUAGE not in result.unsorted["reason"].to_list()


def test_japanese_titles_have_no_spaces(tmp_path: Path) -> None:
    result = found(planted("japanese"), "ja", tmp_path)
    phrases = [*result.themes["title"], *result.themes["key_phrases"].explode().drop_nulls()]
    assert not [phrase for phrase in phrases if " " in phrase]


def test_the_same_texts_give_the_same_vectors() -> None:
    texts = planted("arabic")["text"].to_list()
    one, other = WordEncoder(texts), WordEncoder(texts)
    assert one.id == other.id
    assert np.array_equal(one.encode(texts), other.encode(texts))
    assert WordEncoder(texts[1:]).id != one.id


def test_vectors_have_length_one_and_an_unseen_text_is_like_nothing() -> None:
    texts = planted("japanese")["text"].to_list()
    encoder = WordEncoder(texts)
    vectors = encoder.encode([*texts, "zzz qqq", ""])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts) + 2, encoder.width)
    assert float((vectors[:-2] @ vectors[-1]).max()) < 0.9


def test_progress_may_stop_it() -> None:
    encoder = WordEncoder(planted("arabic")["text"].to_list())

    def stop(done: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        encoder.encode(["نص"], stop)


def test_texts_without_anything_in_common_are_refused() -> None:
    with pytest.raises(SynthesisError, match="no words in common"):
        WordEncoder(["a", "b", "c"])


def test_old_fits_do_not_pile_up(tmp_path: Path) -> None:
    texts = planted("arabic")["text"].to_list()
    for number in range(6):
        (tmp_path / f"vectors-{WORDS}-{number}").mkdir()
    (tmp_path / "vectors-minilm-l6-v2").mkdir()
    encoder_for(WORDS, texts, tmp_path)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert "vectors-minilm-l6-v2" in left
    assert len(left) == 3
