"""Positions of the source, of the masked text, and of Qt's UTF-16 units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeloom.gui.widgets.shown_text import ShownText, masked


def _mask_at(*spans: tuple[int, int, str]) -> ShownText:
    return ShownText("Hi Ann, write to ann@example.com 🎉 soon", lambda _: spans)


def test_tokens_stand_in_place_of_what_they_mask() -> None:
    shown = _mask_at((3, 6, "[NAME_1]"), (17, 32, "[EMAIL_2]"))
    assert shown.text == "Hi [NAME_1], write to [EMAIL_2] 🎉 soon"
    starts = [shown.text[start : start + length] for start, length in shown.tokens]
    assert starts == ["[NAME_1]", "[EMAIL_2]"]


def test_a_place_after_an_emoji_is_counted_as_qt_counts() -> None:
    shown = _mask_at((17, 32, "[EMAIL_2]"))
    source = shown.source
    at = "Hi Ann, write to ann@example.com 🎉 soon".index("soon")
    units = len(shown.text[: shown.text.index("soon")].encode("utf-16-le")) // 2
    assert shown.position(at) == units
    assert source(units) == at


def test_a_span_that_cuts_a_token_takes_the_whole_of_it() -> None:
    shown = _mask_at((17, 32, "[EMAIL_2]"))
    start, length = shown.span(20, 25)
    assert shown.text[start : start + length] == "[EMAIL_2]"


@pytest.mark.parametrize("spans", [((5, 3, "x"),), ((0, 99, "x"),), ((0, 4, "a"), (2, 6, "b"))])
def test_spans_that_make_no_sense_are_passed_over(spans: tuple[tuple[int, int, str], ...]) -> None:
    assert masked("abcdefgh", lambda _: spans) in ("abcdefgh", "aefgh")


@given(st.text(alphabet="ab🎉ى漢\n", max_size=30), st.data())
def test_every_place_outside_a_token_comes_back(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown = ShownText(text, lambda _: [(start, end, "[T]")] if end > start else [])
    for place in range(len(text) + 1):
        if not start < place < end:
            back = shown.source(shown.position(place))
            assert back == place or text[back:place] == text[start:end] == ""
            units = shown.text.encode("utf-16-le")
            assert shown.position(place) <= len(units) // 2
