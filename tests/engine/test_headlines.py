"""Headings: what reads well costs nothing, fragments of sentences do."""

import numpy as np
import pytest

from themeloom.engine.candidates import find_candidates
from themeloom.engine.counts import read_words
from themeloom.engine.headlines import clumsiness
from themeloom.engine.phrases import Phrases
from themeloom.engine.spelling import name_like
from themeloom.engine.theme_counts import ThemeCounts

TEXTS = [
    "my phone needs to be disconnected",
    "disconnect from the phone, please",
    "please say one more time again",
    "the reviews are good; it has good reviews",
    "are the reviews good",
    "my card expires, and I hope it does not expire",
    "when will the card expire? a card can expire",
    "I do not know when my credit card expire",
    "a friend wants to send money",
    "I received money from a friend",
    "I asked a friend to send money, and I can send it, you can send it",
    "an option to send parcels, as they sent them",
    "the route to Phoenix, how to get to Phoenix",
    "the withdrawal says pending",
    "the withdrawal is pending",
    "an error in the mortgage payment, the latest error",
    "the latest news, news of the day, the latest tweet",
]


def clumsy(text: str) -> float:
    """Return how clumsy a phrase of the texts is."""
    corpus = read_words(TEXTS)
    phrases = Phrases(corpus, 1)
    known = np.ones(len(corpus.stem_names), dtype=bool)
    spans = [phrases.span(number) for number in range(len(phrases))]
    spans += phrases.stream.clauses(range(len(TEXTS)), known)
    return clumsiness(next(span for span in spans if span.text == text), corpus)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("disconnect from phone", "phone needs to be disconnected"),
        ("good reviews", "reviews good"),
        ("card expires", "credit card expire"),
        ("received money from friend", "friend wants to send money"),
        ("withdrawal is pending", "withdrawal says pending"),
        ("option to send parcels", "friend to send money"),
        ("mortgage payment", "error"),
        ("news", "latest"),
        ("news", "one more time again"),
    ],
)
def test_what_people_would_not_write_costs(better: str, worse: str) -> None:
    if worse == "one more time again":
        worse = "more time again"
    assert clumsy(better) < clumsy(worse)


@pytest.mark.parametrize(
    "text", ["good reviews", "mortgage payment", "card expires", "route to Phoenix"]
)
def test_plain_headings_cost_nothing(text: str) -> None:
    assert clumsy(text) == 0


def candidates_of(texts: list[str], themes: list[int], theme: int) -> dict[str, int]:
    """Return what a theme could be called, with the number of idle words of each phrase."""
    corpus = read_words(texts)
    phrases = Phrases(corpus, 2)
    rows = [np.flatnonzero(np.array(themes) == number) for number in sorted(set(themes))]
    tables = ThemeCounts(phrases, rows, np.ones(corpus.texts))
    found = find_candidates(tables, phrases, theme, name_like(corpus), None, rows[theme], 60)
    return {candidate.span.text: candidate.idle for candidate in found}


HOTEL = [
    "The hotel has free parking",
    "I chose the hotel for free parking",
    "free parking in this hotel",
    "The hotel serves cold soup",
    "Cold soup in the hotel",
    "The hotel has hard beds",
    "Hard beds in this hotel",
]


def test_what_all_texts_speak_of_tells_no_theme() -> None:
    idle = candidates_of(HOTEL, [0, 0, 0, 1, 1, 2, 2], 0)
    assert idle["free parking"] == 0
    assert idle["hotel for free parking"] == 1


def test_the_usual_order_of_words_needs_no_other() -> None:
    texts = ["river lounge", "the river lounge again", "Our river lounge", "a lounge for river"]
    found = candidates_of([*texts, *HOTEL], [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1], 0)
    assert "river lounge" in found
    assert "lounge for river" not in found
