"""Languages are told where they can be, and short English is not called foreign."""

import threading
from pathlib import Path

import polars as pl
import pytest

from themeloom.importers import languagemodel, languages
from themeloom.importers.languages import detect_languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The app crashes when I open it", "en"),
        ("too expensive for what it is", "en"),
        ("Die App stürzt ständig ab", "de"),
        ("Login geht nicht mehr seit Update", "de"),
        ("Keine Probleme", "de"),
        ("Très bon produit", "fr"),
        ("La aplicación es lenta", "es"),
        ("Il programma non funziona più da ieri", "it"),
        ("Het programma werkt niet meer sinds de update", "nl"),
        ("O aplicativo trava muito", "pt"),
        ("Wszystko działa dobrze", "pl"),
        ("Appen kraschar hela tiden", "sv"),
        ("アプリが落ちる", "ja"),
        ("应用很慢", "zh"),
        ("앱이 느려요", "ko"),
        ("Не работает вход", "ru"),
        ("Програма не працює і гальмує", "uk"),
        ("التطبيق بطيء", "ar"),
        ("Η εφαρμογή είναι αργή", "el"),
        ("האפליקציה איטית", "he"),
        ("แอปช้ามาก", "th"),
        ("This is こんにちは mostly English text, right?", "en"),
        ("PDF", None),
        ("Crash PDF", None),
        ("12345 !!!", None),
        ("👍", None),
        ("", None),
    ],
)
def test_language_of_one_text(text: str, language: str | None) -> None:
    assert detect_languages(pl.Series([text], dtype=pl.String)).to_list() == [language]


def test_nulls_and_repetitions_keep_their_places() -> None:
    texts = pl.Series("t", ["Sehr gut gemacht", None, "Sehr gut gemacht", "the app and you"])
    told = detect_languages(texts)
    assert told.name == "t"
    assert told.to_list() == ["de", None, "de", "en"]


@pytest.mark.parametrize("name", ["banking77_train", "clinc150", "hwu64"])
def test_short_english_is_not_called_foreign(test_data: Path, name: str) -> None:
    texts = pl.read_csv(test_data / "labelled" / f"{name}.csv")["text"].unique()
    told = detect_languages(texts)
    foreign = (told.is_not_null() & (told != "en")).sum()
    assert foreign / texts.len() < 0.003
    assert (told == "en").sum() / texts.len() > 0.9


def test_the_model_is_read_once_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, ...]] = []
    go_on = threading.Event()

    class Model:
        def __init__(self, codes: tuple[str, ...]) -> None:
            read.append(codes)
            go_on.wait(10)

    monkeypatch.setattr(languagemodel, "LanguageModel", Model)
    languagemodel.read_model.cache_clear()
    try:
        threads = [languages.prepare(), languages.prepare()]
        go_on.set()
        for thread in threads:
            thread.join(10)
    finally:
        languagemodel.read_model.cache_clear()
    assert len(read) == 1
