import unicodedata
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exporters.payloads import FORMULAS, OTHERS

from themeloom.exporters.safety.cells import (
    CUT,
    LINE_ENDS,
    LINES_JOINED,
    MOST_CHARACTERS,
    MOST_LINE_FEEDS,
    REMOVED,
    CellGuard,
    escape,
    fit,
    looks_like_formula,
)

IMPOSSIBLE = {*map(chr, range(32)), "\ufffe", "\uffff"} - {"\t", "\n"}


@given(st.text(st.characters(codec=None), max_size=80))
def test_what_fits_can_stand_in_a_document_and_is_else_unchanged(text: str) -> None:
    fitted, changes = fit(text)
    assert not IMPOSSIBLE & set(fitted)
    assert not any(unicodedata.category(character) == "Cs" for character in fitted)
    assert (fitted == text) == (not changes)
    assert fit(fitted) == (fitted, [])


def test_each_change_is_named() -> None:
    assert fit("a\x07b\ud800c\ufffed") == ("abcd", [REMOVED])
    assert fit("a\r\nb\rc") == ("a\nb\nc", [LINE_ENDS])
    lines, changes = fit("\n" * 300)
    assert (lines.count("\n"), lines.count("⏎"), changes) == (MOST_LINE_FEEDS, 47, [LINES_JOINED])


@pytest.mark.parametrize("piece", ["x", "日", "👩‍👩‍👧‍👦", "e\u0301", "🇩🇪", "👍🏽", "_x0041_"])
def test_long_texts_are_cut_between_characters(piece: str) -> None:
    fitted, changes = fit(piece * 33_000, "record 7")
    assert changes == [CUT]
    body, remark = fitted.split("… ")
    assert remark == "(full text: record 7)"
    assert len(escape(fitted).encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    assert len(escape(fitted).encode("utf-16-le")) // 2 > MOST_CHARACTERS - 120
    if piece != "_x0041_":
        assert body == piece * (len(body) // len(piece))


def test_longest_text_that_fits_is_not_cut() -> None:
    assert fit("x" * MOST_CHARACTERS) == ("x" * MOST_CHARACTERS, [])


def test_columns_are_fitted_where_needed_and_noted() -> None:
    guard = CellGuard()
    texts = pl.Series("Text", ["fine", None, "bell\x07", "y" * 40_000])
    wholes = pl.Series(["record a", "record b", "record c", "record d"])
    fitted = guard.texts(texts, "All records", 6, wholes)
    assert fitted[:3].to_list() == ["fine", None, "bell"]
    assert fitted[3].endswith("… (full text: record d)")
    assert [(note.row, note.column, note.what) for note in guard.notes] == [
        (8, "Text", REMOVED),
        (9, "Text", CUT),
    ]


def test_numbers_and_dates() -> None:
    guard = CellGuard()
    assert guard.number(1.5, "s", 1, "c") == 1.5
    assert [guard.number(float(x), "s", 1, "c") for x in ("nan", "inf", "-inf")] == [None] * 3
    assert guard.moment(datetime(2026, 1, 2, tzinfo=UTC), "s", 1, "c") == datetime(2026, 1, 2)  # noqa: DTZ001
    assert guard.moment(datetime(1899, 12, 31), "s", 1, "c") == "1899-12-31"  # noqa: DTZ001
    assert len(guard.notes) == 4


def test_formulas_are_known_by_their_beginning() -> None:
    harmless = {"{=1+1}", "'=1+1", '"=1+1"', ";=1+1", ",=1+1", "a\n=1+1", "a\t=1+1", "%0A=1+1"}
    harmless |= {"&#61;1+1", "\x07=1+1"}
    for payload in FORMULAS:
        assert looks_like_formula(payload) == (payload not in harmless), payload
    assert not any(looks_like_formula(text) for text in OTHERS)
