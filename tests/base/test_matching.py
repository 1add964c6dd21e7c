"""Words as search compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeloom.base.matching import searchable, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Can't LOG-IN", "can t log in"),
        ("Café crème, déjà vu", "cafe creme deja vu"),
        ("Cafe\u0301", "cafe"),
        ("Größe STRASSE straße", "grosse strasse strasse"),
        ("Łódź Ærø", "lodz aero"),
        ("ＦＵＬＬ ｗｉｄｔｈ １２", "full width 12"),
        ("soft\u00adhyphen", "softhyphen"),
        ("同期が失敗", "同 期 が 失 敗"),
        ("앱이 느려요", "앱 이 느 려 요"),
        ("أُريد إلغاء الحِساب", "اريد الغاء الحساب"),
        ("مكتبـــة ٢٠٢٦", "مكتبه 2026"),
        ("हिन्दी में", "हिन्दी में"),
        ("Синхронизация ещё", "синхронизация еще"),
        ("a_b\tc\0d", "a b c d"),
        ("!?… — 🙂", ""),
    ],
)
def test_forms(text: str, words: str) -> None:
    assert searchable(text) == words


@given(st.text())
def test_words_are_those_of_the_whole_text_and_stand_where_they_say(text: str) -> None:
    words = words_of(text)
    assert " ".join(word.form for word in words) == searchable(text)
    assert all(0 <= word.start < word.end <= len(text) for word in words)
    starts = [word.start for word in words]
    assert starts == sorted(starts)


@given(st.text())
def test_comparing_what_is_comparable_changes_nothing(text: str) -> None:
    assert searchable(searchable(text)) == searchable(text)


def test_places_are_those_of_the_text_where_a_letter_becomes_two() -> None:
    text = "die Straße – Cafe\u0301 同期"
    places = {word.form: text[word.start : word.end] for word in words_of(text)}
    assert places == {
        "die": "die",
        "strasse": "Straße",
        "cafe": "Cafe\u0301",
        "同": "同",
        "期": "期",
    }
