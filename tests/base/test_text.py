"""Folding, sentences and word counts."""

import unicodedata

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from themeloom.base.text import count_words, fold, fold_series, sentence_spans, word_count

#: Pieces that texts are made of, with everything that borders hang on.
PIECES = st.sampled_from(
    "It crashes . ! ? … ... ?! \" ' ” ) ] ( 。 ！ 「 」 \n \n\n \t - • 1. a) e.g. Mr. z. B. 8.3.2 v8. No. no. "
    "etc. a@b.co https://x.y/z?a=1 Node.js crashes.Please works. but 3. September am É ß アプリ 落ちる วัน ok I".split(
        " "
    )
) | st.sampled_from(["\n", "\n\n", "\r\n", " ", "\u2028", "\u00a0", "x" * 60])
TEXTS = st.lists(PIECES, max_size=25).map(" ".join) | st.text(max_size=60)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It crashes. Please fix it! Why?! Thanks", ["It crashes.", "Please fix it!", "Why?!", "Thanks"]),
        ("Since 8.3.2 it fails, e.g. on iOS. See v8.3.", ["Since 8.3.2 it fails, e.g. on iOS.", "See v8.3."]),
        ("Mail a.b@c.co.uk or www.foo.com/x.y today. Ok?", ["Mail a.b@c.co.uk or www.foo.com/x.y today.", "Ok?"]),
        ("Dr. Smith met J. R. Doe at 5 p.m. He left.", ["Dr. Smith met J. R. Doe at 5 p.m.", "He left."]),
        ("Am 3. September ging es z. B. nicht. Danach schon.", ["Am 3. September ging es z. B. nicht.", "Danach schon."]),
        ("No. It fails. See no. 5 please.", ["No.", "It fails.", "See no. 5 please."]),
        ("Wait... what? Well… fine. “Really?” he said. “No.” Ok", ["Wait... what?", "Well… fine.", "“Really?” he said.", "“No.”", "Ok"]),
        ("It costs 3.50. 4.5 stars", ["It costs 3.50.", "4.5 stars"]),
        ("crashes.Please fix. Node.js is fine!!Why", ["crashes.", "Please fix.", "Node.js is fine!!", "Why"]),
        ("slow. but ok. i like it", ["slow.", "but ok. i like it"]),
        ("1. First\n2. Second\n- third\n• fourth • fifth", ["1. First", "2. Second", "- third", "• fourth", "• fifth"]),
        ("no stop here\nnext line", ["no stop here", "next line"]),
        (
            "a line that a mail program has broken at its width of seventy-two characters\nin the middle. New",
            ["a line that a mail program has broken at its width of seventy-two characters\nin the middle.", "New"],
        ),
        ("動きません。「なぜ？」教えて！早く", ["動きません。", "「なぜ？」", "教えて！", "早く"]),
        ("¿Por qué? ¡No va! Sr. Gil", ["¿Por qué?", "¡No va!", "Sr. Gil"]),
        ("", []),
        (" \n ", []),
    ],
)  # fmt: skip
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(TEXTS)
def test_sentences_are_in_order_and_cover_every_character(text: str) -> None:
    spans = sentence_spans(text)
    covered = [place for start, end in spans for place in range(start, end)]
    assert covered == sorted(set(covered))
    assert all(text[place].isspace() for place in set(range(len(text))) - set(covered))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


@given(TEXTS, st.integers(0, 40), st.integers(0, 80))
def test_sentences_of_a_part_stay_in_it(text: str, start: int, end: int) -> None:
    end = min(end, len(text))
    assert all(start <= a < b <= end for a, b in sentence_spans(text, start, end))


def test_long_texts_take_no_time_out_of_proportion() -> None:
    for text in (
        "." * 100_000,
        "a." * 50_000,
        "\n" * 100_000,
        "!? " * 30_000,
        "x" * 200_000,
        ". " * 50_000,
    ):
        sentence_spans(text)
        count_words(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  The  APP\tcrashes\n", "the app crashes"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("GROẞ Straße", "gross strasse"),
        ("Café É", "café é"),
        ("it’s “fine” – ok", 'it\'s "fine" - ok'),
        ("zero\u200bwidth\ufeff", "zerowidth"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold_series(pl.Series([text, None])).to_list() == [folded, None]


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the app crashes", 3),
        ("it's a well-known bug - really!", 5),
        ("- … !", 0),
        ("v8.3.2, 100 %", 2),
        ("アプリが落ちる", 4),
        ("iPhoneで落ちる app", 4),
        ("", 0),
    ],
)
def test_count_words(text: str, words: int) -> None:
    assert count_words(text) == words


@given(TEXTS)
@example("\U00013460")  # a letter since Unicode 16
def test_counting_in_a_frame_is_counting_one_by_one(text: str) -> None:
    # Python and Rust disagree on what four control characters are, and Rust knows newer letters.
    text = text.translate(dict.fromkeys(range(0x1C, 0x20), " "))
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cn")
    assert pl.DataFrame({"t": [text]}).select(word_count(pl.col("t"))).item() == count_words(text)
