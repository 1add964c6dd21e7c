"""Spans for the screen agree with what exports write."""

import pytest

from themeloom.privacy.masking import Masker

TEXTS = [
    "call Ana Lopez at +44 20 7946 0018 or ana@example.com",
    "nothing to see here, order 12",
    "IBAN GB29 NWBK 6016 1331 9268 19, thanks, Ana Lopez",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_replacing_the_spans_gives_the_masked_text(text: str) -> None:
    masker = Masker(b"k" * 32, ["Ana Lopez"])
    shown = text
    for start, end, token in reversed(masker.spans(text)):
        shown = shown[:start] + token + shown[end:]
    assert shown == masker.mask(text)


def test_a_plain_text_has_no_spans() -> None:
    assert Masker(b"k" * 32, ["Ana Lopez"]).spans("The board is slow on Mondays.") == []
