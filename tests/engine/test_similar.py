"""What is like an excerpt: other excerpts and themes, on real vectors of the planted feedback."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.engine.feedback import excerpts, feedback

from themeloom.domain.themes import MOST_ASKED
from themeloom.engine.distinct import distinct_texts
from themeloom.engine.encoder import open_encoder
from themeloom.engine.similar import (
    GOOD,
    STRONG,
    WEAK,
    Asked,
    Held,
    Themes,
    missing_vectors,
    similar,
)
from themeloom.engine.vectors import vectors_of

TEXTS: list[str] = feedback()["text"].to_list()
TOPICS: list[str] = feedback()["theme"].to_list()
FIRST = 100  # inner numbers are no row numbers


def numbered(texts: list[str]) -> pl.DataFrame:
    numbers = pl.int_range(FIRST, FIRST + len(texts), eager=True).alias("excerpt")
    return excerpts(texts).with_columns(numbers)


def topic(number: int) -> str:
    return TOPICS[number - FIRST]


def about(number: int) -> Asked:
    return Asked([TEXTS[number - FIRST]], [number])


def shares(numbers: list[int], reviewed: list[int] | None = None) -> pl.DataFrame:
    confirmed = set(reviewed or [])
    return pl.DataFrame(
        {
            "excerpt": numbers,
            "theme_id": [topic(number) for number in numbers],
            "reviewed": [number in confirmed for number in numbers],
        }
    )


ENCODER = open_encoder("minilm")
ALL = list(range(FIRST, FIRST + len(TEXTS)))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("derived")


@pytest.fixture(scope="module")
def held(store: Path) -> Held:
    return Held(numbered(TEXTS), ENCODER, store)


@pytest.fixture(scope="module")
def themes(held: Held) -> Themes:
    return Themes(held, shares(ALL, reviewed=ALL[::2]))


def test_most_of_the_nearest_are_about_the_same(held: Held) -> None:
    right = total = 0
    for number in ALL[::5]:
        found = similar(held, about(number), 4)
        assert number not in [excerpt for excerpt, _ in found]
        right += sum(topic(excerpt) == topic(number) for excerpt, _ in found)
        total += len(found)
    assert right / total > 0.85


def test_words_get_weaker_and_strangers_are_left_out(held: Held) -> None:
    found = similar(held, Asked(["The PDF export stops at page three"], [None]), len(ALL))
    words = [word for _, word in found]
    assert words == sorted(words, key=[STRONG, GOOD, WEAK].index)
    assert found[0] == (FIRST + TEXTS.index("The PDF export stops at page three"), STRONG)
    assert len(found) < len(ALL) / 2
    assert similar(held, Asked(["zebras graze beneath a full moon"], [None]), 9) == []


def test_a_sentence_in_other_words_finds_its_topic(held: Held) -> None:
    found = similar(held, Asked(["I cannot sign in to my account"], [None]), 5)
    assert {topic(number) for number, _ in found} == {"login"}


def test_several_excerpts_ask_together(held: Held) -> None:
    pdf = [number for number in ALL if topic(number) == "pdf"]
    asked = Asked([TEXTS[number - FIRST] for number in pdf[:4]], pdf[:4])
    found = [number for number, _ in similar(held, asked, 4)]
    assert not set(found) & set(pdf[:4])
    assert {topic(number) for number in found} == {"pdf"}


def test_same_texts_are_found_and_excerpts_that_are_not_held_can_be_asked_for(store: Path) -> None:
    held = Held(numbered(["Dark mode please", "dark  MODE please", "Too slow"]), ENCODER, store)
    assert similar(held, Asked(["Dark mode please"], [FIRST]), 1) == [(FIRST + 1, STRONG)]
    unknown = similar(held, Asked(["Dark mode please"], [9]), 2)
    assert unknown == [(FIRST, STRONG), (FIRST + 1, STRONG)]


def test_nothing_asked_and_nothing_held(held: Held, store: Path) -> None:
    assert similar(held, Asked([], []), 5) == []
    empty = Held(numbered(["x"]).clear(), ENCODER, store)
    assert similar(empty, Asked(["Too slow"], [None]), 5) == []
    assert Themes(empty, shares([])).nearest(Asked(["Too slow"], [None])) == []
    assert Themes(held, shares([])).nearest(about(FIRST)) == []


def test_only_so_many_texts_are_looked_at(held: Held) -> None:
    asked = Asked(["slow app"] * MOST_ASKED + ["PDF export"], [None] * (MOST_ASKED + 1))
    assert {topic(number) for number, _ in similar(held, asked, 3)} == {"slow"}


def test_vectors_of_a_run_are_used_again(store: Path, tmp_path: Path) -> None:
    frame = numbered(TEXTS[:20])
    assert missing_vectors(frame, ENCODER, tmp_path) == 20
    vectors_of(distinct_texts(frame.drop("excerpt")).readings, ENCODER, tmp_path)
    assert missing_vectors(frame, ENCODER, tmp_path) == 0


def test_half_width_finds_the_same(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = similar(Held(numbered(TEXTS), ENCODER, store), about(FIRST), 5)
    monkeypatch.setattr("themeloom.engine.similar._MOST_WIDE", 10)
    narrow = Held(numbered(TEXTS), ENCODER, store)
    assert similar(narrow, about(FIRST), 5) == wide


def test_an_excerpt_finds_its_theme_without_its_own_vote(themes: Themes) -> None:
    first = [themes.nearest(about(number))[0] for number in ALL]
    right = [found.theme_id == topic(number) for number, found in zip(ALL, first, strict=True)]
    assert np.mean(right) > 0.9
    words = [found.word for found, fits in zip(first, right, strict=True) if fits]
    assert np.mean([word in (STRONG, GOOD) for word in words]) > 0.7


def test_an_only_excerpt_does_not_speak_for_its_theme(held: Held) -> None:
    pdf, login = ALL[TOPICS.index("pdf")], [n for n in ALL if topic(n) == "login"]
    found = Themes(held, shares([pdf, *login])).nearest(about(pdf))
    assert all(theme.theme_id != "pdf" for theme in found)


def test_three_themes_each_once_best_first(themes: Themes) -> None:
    found = themes.nearest(Asked(["The calendar is slow"], [None]))
    assert len({theme.theme_id for theme in found}) == 3
    assert {theme.theme_id for theme in found[:2]} == {"calendar", "slow"}


def test_the_reason_is_what_is_shared_with_confirmed_excerpts(themes: Themes) -> None:
    text = "Why does exporting our charts to PDF fail?"
    best = themes.nearest(Asked([text], [None]))[0]
    assert best.theme_id == "pdf"
    assert best.confirmed
    phrases = [text[start:end] for _, start, end in best.phrases]
    assert any("PDF" in phrase for phrase in phrases)
    confirmed = [TEXTS[n - FIRST].lower() for n in ALL[::2] if topic(n) == "pdf"]
    assert 1 <= best.shared <= len(confirmed)


def test_the_number_is_that_of_the_excerpts_that_share_it(held: Held) -> None:
    found = Themes(held, shares(ALL)).nearest(Asked(["PDF"], [None]))[0]
    holding = [n for n in ALL if topic(n) == "pdf" and "pdf" in TEXTS[n - FIRST].lower()]
    assert (found.theme_id, found.phrases) == ("pdf", ((0, 0, 3),))
    assert (found.shared, found.confirmed) == (len(holding), False)


def test_without_shared_words_the_size_of_the_theme_is_told(held: Held) -> None:
    pdf = [number for number in ALL if topic(number) == "pdf"]
    found = Themes(held, shares(ALL, reviewed=pdf[:4])).nearest(
        Asked(["Cannot save as portable document"], [None]), count=8
    )
    named = next(theme for theme in found if theme.theme_id == "pdf")
    assert (named.phrases, named.shared, named.confirmed) == ((), 4, True)


def test_confirmed_excerpts_weigh_more(held: Held) -> None:
    one, other = (ALL[TOPICS.index(name)] for name in ("pdf", "dark"))
    mixed = shares([one, other]).with_columns(theme_id=pl.lit("T"))
    asked = Asked([TEXTS[one - FIRST]], [None])
    likeness = [
        float(Themes(held, mixed.with_columns(reviewed=pl.col("excerpt") == n))._likeness(
            held.read(asked).vectors, np.array([-1])
        )[0, 0])
        for n in (one, other)
    ]  # fmt: skip
    assert likeness[0] > likeness[1]
