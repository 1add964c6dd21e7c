"""Headings: what reads well costs nothing, fragments of sentences do."""

import numpy as np
import pytest

from themeloom.engine.candidates import Candidate, find_candidates
from themeloom.engine.counts import read_words
from themeloom.engine.headlines import clumsiness
from themeloom.engine.phrases import Phrases
from themeloom.engine.spelling import name_like
from themeloom.engine.stream import Span
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


def clumsy(text: str, texts: list[str] = TEXTS) -> float:
    """Return how clumsy a phrase of the texts is."""
    span = next(span for span in spans_of(texts) if span.text == text)
    return clumsiness(span, read_words(texts))


def spans_of(texts: list[str]) -> list[Span]:
    """Return all phrases and clauses of the texts."""
    corpus = read_words(texts)
    phrases = Phrases(corpus, 1)
    known = np.ones(len(corpus.stem_names), dtype=bool)
    spans = [phrases.span(number) for number in range(len(phrases))]
    return spans + phrases.stream.clauses(range(len(texts)), known)


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


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("payment in app", "app shows payment"),
        ("card expires", "card will expire"),
        ("card expires", "card is going to expire"),
        ("item arrives", "item is gonna arrive"),
        ("refund", "dollars"),
    ],
)
def test_headlines_tell_things_in_the_present(better: str, worse: str) -> None:
    texts = [
        "the app shows a payment, a payment in the app",
        "my card expires",
        "my card will expire",
        "my card is going to expire, it may expire",
        "the item arrives",
        "check when the item is gonna arrive",
        "a refund of 160 dollars",
        "the refund of $ 20 dollars",
        "my refund, 1499 dollars",
    ]
    assert clumsy(better, texts) < clumsy(worse, texts)


def test_what_is_asked_for_is_no_part_of_a_verb() -> None:
    asked = ["what month does my card expire in", "which month does it expire in?"]
    told = ["I do not know if my card will expire, it can expire and they expired"] * 20
    texts = [*asked, *told, "I log in", "cannot log in", "we log in.", "they log in, always"]
    found = {span.text for span in spans_of(texts)}
    assert not any(text.endswith(("expire in", "expires in")) for text in found)
    assert "cannot log in" in found


def test_a_heading_holds_no_question_turned_round() -> None:
    texts = ["I want to check when will my item arrive", "the item will arrive when I am out"]
    stream = Phrases(read_words(texts), 1).stream
    known = np.ones(len(stream.corpus.stem_names), dtype=bool)
    found = {span.text for span in stream.clauses(range(len(texts)), known)}
    assert "item will arrive" in found
    assert not any("when will" in text for text in found)


def test_requiring_to_do_something_is_no_heading() -> None:
    texts = ["you are requiring to verify my identity", "my identity"]
    spans = {span.text: span for span in spans_of(texts)}
    assert spans["requiring to verify identity"].starts_well == 0


def candidates_of(texts: list[str], themes: list[int], theme: int) -> dict[str, int]:
    """Return what a theme could be called, with the number of idle words of each phrase."""
    return {text: one.idle for text, one in all_candidates(texts, themes, theme).items()}


def all_candidates(texts: list[str], themes: list[int], theme: int) -> dict[str, Candidate]:
    """Return what a theme could be called."""
    corpus = read_words(texts)
    phrases = Phrases(corpus, 2)
    rows = [np.flatnonzero(np.array(themes) == number) for number in sorted(set(themes))]
    tables = ThemeCounts(phrases, rows, np.ones(corpus.texts))
    found = find_candidates(tables, phrases, theme, name_like(corpus), None, rows[theme], 60)
    return {candidate.span.text: candidate for candidate in found}


def test_who_denies_something_else_has_not_said_it() -> None:
    texts = [
        "I did not make this payment",
        "I did not make the payment",
        "the payment did not arrive",
        "a payment that is not there",
        "the app is slow",
    ]
    found = all_candidates(texts, [0, 0, 0, 0, 1], 0)
    assert found["did not make payment"].told == 0.5


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
