"""Word lists: all are there, folded, and say what they should."""

from typing import get_args

import pytest

from themeloom.base.text import fold
from themeloom.base.words import ListName, stop_words, word_list, word_sections

LANGUAGES = {"en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "ja"}


@pytest.mark.parametrize("name", get_args(ListName))
def test_entries_are_there_folded(name: ListName) -> None:
    entries = word_list(name)
    assert entries
    assert {fold(entry) for entry in entries} <= entries
    assert {entry for entry in entries if entry != entry.lower()} == set()


@pytest.mark.parametrize("name", ["stop_words", "greetings", "closings", "non_answers"])
def test_ten_languages(name: ListName) -> None:
    assert set(word_sections(name)) >= LANGUAGES


def test_stop_words_by_language() -> None:
    assert "the" in stop_words("en")
    assert "nicht" not in stop_words("en")
    assert {"the", "nicht", "の"} <= stop_words()
    assert stop_words("tlh") == frozenset()


def test_unknown_section_is_an_error() -> None:
    with pytest.raises(KeyError):
        word_list("small_talk", "weather")
