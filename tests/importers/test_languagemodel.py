"""The model asked about many texts at once answers as the library does about each."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from themeloom.base.paths import sample_data
from themeloom.importers import languagemodel
from themeloom.importers.languagemodel import LanguageModel

LANGUAGES = ["de", "en", "es", "fr", "no", "pl", "ru", "sr", "uk"]


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel(LANGUAGES)


@pytest.fixture(scope="module")
def library() -> Any:
    untyped: Any = LanguageIdentifier
    identifier = untyped.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier


def test_many_texts_at_once_get_the_answers_of_the_library(
    model: LanguageModel, library: Any
) -> None:
    tickets = pl.read_csv(sample_data() / "support-tickets-2026-q3.csv", infer_schema=False)
    texts = [text for column in tickets for text in column.drop_nulls().unique(maintain_order=True)]
    texts += ["", " ", "0", "\0", "a", "STRASSE ÄÖÜ", "e\u0301te\u0301", "\U0001f600", "\ud800x"]
    texts += ["Добар дан", "Dobar dan, kako ste", "Привет " * 300, "x" * 5000, "Die " * 3000]

    told = model.classify(texts)

    for text, (language, confidence) in zip(texts, told, strict=True):
        expected, certainty = library.classify(text)
        assert language == expected, text[:80]
        assert confidence == pytest.approx(certainty, abs=1e-4), text[:80]


def test_near_a_border_the_sums_of_the_library_count(
    model: LanguageModel, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Login geht nicht"
    exact = library.classify(text)
    monkeypatch.setattr(languagemodel, "BORDERS", (exact[1] + 5e-4,))
    assert model.classify([text, "The app is slow"])[0] == exact


def test_batches_stay_small_whatever_the_lengths(model: LanguageModel, test_data: Path) -> None:
    texts = pl.read_csv(test_data / "labelled" / "banking77_train.csv")["text"].to_list()[:3000]
    mixed = model.classify([*texts, "Das ist ein langer Text. " * 20_000])
    assert mixed[:-1] == model.classify(texts)
    assert mixed[-1][0] == "de"
