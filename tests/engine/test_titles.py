"""What a title costs that speaks for few of its theme's texts; numbers as seen on real feedback."""

from dataclasses import replace

import numpy as np

from themeloom.engine.candidates import Candidate
from themeloom.engine.counts import read_words
from themeloom.engine.headlines import clumsiness
from themeloom.engine.phrases import Phrases
from themeloom.engine.titles import _title_score  # pyright: ignore[reportPrivateUsage]

TEXTS = [
    "the signature on the wrong customer form is a fault",
    "signature on wrong customer form",
    "a customer signature is missing, and the customer signature was lost",
    "it is a nice airport, a nice airport",
    "an airport lounge is an airport lounge",
    "the other projects and other projects",
]
CORPUS = read_words(TEXTS)
PHRASES = Phrases(CORPUS)


def candidate(text: str, told: float, words_shared: float, together: float) -> Candidate:
    known = np.ones(len(CORPUS.stem_names), dtype=bool)
    spans = [PHRASES.span(number) for number in range(len(PHRASES))]
    spans += PHRASES.stream.clauses(range(len(TEXTS)), known)
    span = next(span for span in spans if span.text == text)
    return Candidate(span, 0.0, 0.0, words_shared, together=together, told=told)


def score(of: Candidate, own: float = 0.7, margin: float = 0.3) -> float:
    return _title_score(of, own, margin, 0.62, CORPUS)


def test_a_claim_that_few_texts_make_costs() -> None:
    claim = candidate("signature on wrong customer form", 0.02, 0.60, 0.25)
    assert score(claim) < score(replace(claim, told=0.08)) - 0.06


def test_a_title_does_not_point_at_what_is_not_there() -> None:
    other = candidate("other projects", 0.1, 0.8, 0.1)
    assert clumsiness(other.span, CORPUS) >= 0.06


def test_wording_of_a_single_text_costs_the_more_the_less_typical_it_is() -> None:
    once = candidate("airport lounge", 0.005, 0.3, 0.0)
    assert score(once) < score(replace(once, told=0.02)) - 0.05
    typical = replace(once, words_shared=1.0)
    assert abs(score(typical) - score(replace(typical, told=0.02))) < 0.01


def test_two_nouns_that_no_text_joins_cost() -> None:
    pair = replace(candidate("airport lounge", 0.0, 1.0, 0.0), paired=True)
    assert score(pair) < score(replace(pair, told=0.02)) - 0.05


def test_a_judgement_before_a_thing_must_be_shared() -> None:
    nice = candidate("nice airport", 0.05, 0.8, 0.0)
    assert score(nice) < score(replace(nice, told=0.2)) - 0.1


def test_a_title_that_leads_to_another_theme_costs() -> None:
    lounge = candidate("airport lounge", 0.1, 0.8, 0.1)
    lost = score(lounge, margin=0.01) - score(lounge, margin=-0.02)
    assert lost > 0.06  # more than the 0.024 that the way itself is worth
