import pytest

from themeloom.exporters.returning.same_words import says_the_same
from themeloom.privacy.masking import Masker

KEY = b"k" * 32
QUOTE = "Ask Saoirse Lindgren (saoirse@acme.example, +49 30 901820) why exports fail, as Bea said."


def masker(*names: str) -> Masker:
    return Masker(KEY, names)


KNOWN = masker("Saoirse Lindgren", "Bea Okafor")


def test_a_quote_is_known_raw_and_masked() -> None:
    assert "[EMAIL_" in KNOWN.mask(QUOTE)
    assert says_the_same(QUOTE, QUOTE, KNOWN)
    assert says_the_same(KNOWN.mask(QUOTE), QUOTE, KNOWN)


@pytest.mark.parametrize("place", range(len(QUOTE)))
def test_a_changed_letter_is_found_wherever_it_is(place: int) -> None:
    letter = "x" if QUOTE[place] != "x" else "y"
    for told in (
        QUOTE[:place] + letter + QUOTE[place + 1 :],
        QUOTE[:place] + QUOTE[place + 1 :],
        QUOTE[:place] + letter + QUOTE[place:],
    ):
        assert not says_the_same(told, QUOTE, KNOWN)


def test_a_changed_letter_is_found_in_a_masked_quote() -> None:
    masked = KNOWN.mask(QUOTE)
    for place in range(len(masked)):
        letter = "0" if masked[place] != "0" else "1"
        assert not says_the_same(masked[:place] + letter + masked[place + 1 :], QUOTE, KNOWN)


def test_a_name_that_became_known_since_is_no_change() -> None:
    before, now = masker("Bea Okafor"), KNOWN
    assert before.mask(QUOTE) != now.mask(QUOTE)
    assert says_the_same(before.mask(QUOTE), QUOTE, now)
    assert says_the_same(now.mask(QUOTE), QUOTE, before)


def test_the_token_of_somebody_else_is_a_change() -> None:
    other = KNOWN.mask_name("Somebody Else")
    assert other is not None
    assert not says_the_same(QUOTE.replace("Saoirse Lindgren", other), QUOTE, KNOWN)
    assert not says_the_same(QUOTE.replace("why exports fail", other), QUOTE, KNOWN)


def test_what_a_file_cannot_hold_is_no_change() -> None:
    text = "one\r\ntwo\x07 three"
    assert says_the_same("one\ntwo three", text, KNOWN)
    assert not says_the_same("one two three", text, KNOWN)
    assert says_the_same("onetwothree", text, KNOWN, blanks=False)


def test_a_text_that_was_cut_is_compared_as_far_as_it_goes() -> None:
    text = "All of it is slow. " * 2000
    assert says_the_same(text[:32_000] + "… (full text: record r1)", text, KNOWN)
    assert not says_the_same("X" + text[1:32_000] + "… (full text: record r1)", text, KNOWN)
