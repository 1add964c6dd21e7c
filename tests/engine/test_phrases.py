"""Phrases: what may be a title at all."""

import numpy as np

from themeloom.engine.counts import read_words
from themeloom.engine.phrases import Phrases
from themeloom.engine.spelling import name_like


def found(*texts: str) -> list[str]:
    phrases = Phrases(read_words([*texts, *texts]))
    return [phrases.span(number).text for number in range(len(phrases))]


def clauses(*texts: str) -> list[str]:
    corpus = read_words(texts)
    stream = Phrases(corpus).stream
    known = np.ones(len(corpus.stem_names), dtype=bool)
    return [span.text for span in stream.clauses(range(len(texts)), known)]


def test_articles_and_fillers_are_left_out() -> None:
    assert "export to PDF fails" in found("The export to a PDF just fails when I try it")


def test_no_phrase_starts_or_ends_on_a_small_word() -> None:
    small = "the a of in is with and to i was for my when".split()
    for phrase in found(
        "I was charged a fee for the withdrawal of cash in my account and it is wrong",
        "When I try to open the report with the new app it crashes for me",
    ):
        assert phrase.split()[0].lower() not in small, phrase
        assert phrase.split()[-1].lower() not in small, phrase


def test_particles_stay_with_their_verb() -> None:
    phrases = found(
        "I want to log in to the portal", "People log in with a phone", "We log in daily"
    )
    assert "log in" in phrases
    assert "log" not in phrases


def test_negations_are_kept() -> None:
    phrases = found("I can't log in.", "The parcel was not delivered", "There is no signal")
    assert "cannot log in" in phrases
    assert "not delivered" in phrases
    assert "no signal" in phrases


def test_what_stands_behind_a_negation_is_known() -> None:
    texts = ["I cannot log in.", "cannot log in, help", "we are not able to log in here"]
    phrases = Phrases(read_words(texts))
    number = [phrases.span(i).text for i in range(len(phrases))].index("log in")
    assert phrases.negated[number] == 1.0


def test_phrases_cross_no_border() -> None:
    phrases = found("The app is slow. Invoices vanish, reports hang")
    assert "slow invoices" not in [phrase.lower() for phrase in phrases]
    assert not any("vanish" in phrase and "reports" in phrase for phrase in phrases)


def test_usual_spelling_wins_over_the_start_of_a_sentence() -> None:
    phrases = found(
        "Invoices do not reach QuickBooks",
        "Sync of invoices to QuickBooks hangs",
        "my invoices in QuickBooks",
    )
    assert "invoices" in phrases
    assert "QuickBooks" in phrases


def test_shouting_does_not_count_as_spelling() -> None:
    phrases = found("MY CARD WAS DECLINED AGAIN", "then my card was declined again")
    assert "card declined" in phrases


def test_turned_round_questions_give_no_statement() -> None:
    taken = clauses("Why has not my card arrived?", "Does the payment appear as pending?")
    assert not any(text.lower().startswith("has not card") for text in taken)
    assert "payment appear" not in taken


def test_stories_without_their_subject_are_no_clauses() -> None:
    taken = clauses("Yesterday I showed the bank statement to a colleague")
    assert not any(text.startswith("showed") for text in taken)


def test_names_are_told_by_their_capitals() -> None:
    corpus = read_words(
        ["we asked Gwen about the boiler", "then Gwen called the office", "the boiler is cold"]
    )
    named = name_like(corpus)
    assert [corpus.stem_names[i] for i in named.nonzero()[0]] == ["gwen"]


def test_row_order_does_not_matter() -> None:
    texts = ["The export to PDF fails", "export to PDF failed again", "PDF export is broken"] * 2
    forward, backward = Phrases(read_words(texts)), Phrases(read_words(texts[::-1]))
    assert {forward.span(i).text for i in range(len(forward))} == {
        backward.span(i).text for i in range(len(backward))
    }


def test_the_text_before_does_not_reach_over() -> None:
    alone = clauses("Reports vanish at night")
    assert "reports vanish" in [text.lower() for text in alone]
    for before in ("No idea why", "I do not know how", "please explain which"):
        assert set(alone) <= set(clauses(before, "Reports vanish at night")), before
