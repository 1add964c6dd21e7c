"""Phrases: what may be a title at all."""

import numpy as np
import pytest

from themeloom.engine.counts import read_words
from themeloom.engine.phrases import Phrases
from themeloom.engine.spelling import name_like
from themeloom.engine.surroundings import Surroundings
from themeloom.engine.wording import Part


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


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("I want to give my daughter a second card", "daughter second card"),
        ("I need the date my next payment comes", "date next payment"),
        ("How long do I wait until the transferred money shows up", "wait until transferred money"),
        ("When was the car last in the shop", "car last in shop"),
        ("What the company charged me for it", "company charged"),
        ("The photos could lose us our registration", "photos could lose"),
        ("Tell me where a form is available", "form is available"),
        ("The rate applied to my foreign currency was wrong", "foreign currency was wrong"),
        ("Are any events happening this weekend", "events happening weekend"),
        ("I lose all of my money here", "lose all of money"),
        ("Drawing is easy, especially compared to Python", "especially compared to Python"),
        ("Too many new lounges-this one is small", "new lounges-this"),
    ],
)
def test_what_only_stands_side_by_side_is_no_phrase(text: str, cut: str) -> None:
    others = ["They show up", "it will show", "to show", "the money", "my money", "some money"]
    assert cut not in clauses(text, *others)


def test_a_particle_needs_its_verb() -> None:
    texts = ["Please turn the vacuum on", "Could you turn the vacuum on", "turn my vacuum on"]
    taken = clauses(*texts, "Clean the vacuum weekly")
    assert "vacuum on" not in taken
    assert "turn vacuum on" in taken


def test_sorts_of_things_are_the_things() -> None:
    phrases = found("Which kinds of pets do you keep")
    assert "pets" in phrases
    assert not any("kinds" in phrase for phrase in phrases)


def test_a_measure_ends_a_compound() -> None:
    assert "response time" in found("The response time is far too long")
    assert "times" not in found("I asked three times")


def test_codes_that_everybody_knows_are_words() -> None:
    known = [f"my 401k plan {word}" for word in "abcdefghijklmnopqrst"]
    assert "401k plan" in found(*known)
    amounts = [f"I paid {number}k dollars" for number in (100, 200, 300)] * 10
    assert not any("00k" in phrase for phrase in found(*amounts))
    assert not any("a4f29c" in phrase for phrase in found("job a4f29c is late", *known))


def called(texts: list[str], word: str) -> set[int]:
    """Return the parts that a word plays where it stands."""
    corpus = read_words(texts)
    kinds = Surroundings(corpus).kind
    return {int(kinds[i]) for i, w in enumerate(corpus.word) if corpus.lowers[w] == word}


def test_who_is_spoken_to_is_no_matter() -> None:
    texts = [
        "Ada, could you stop the music",
        "Ada can you stop it please",
        "stop the music now, Ada.",
        "that is enough, Ada.",
        "Ada, please would you be quiet",
        "the music is too loud, Ada",
    ]
    assert called(texts, "ada") == {int(Part.BORDER)}


def test_lists_of_words_speak_to_nobody() -> None:
    texts = ["Price, support", "support, price", "price, speed", "speed, price", "price, looks"]
    assert called([*texts, "I like the price and the support"], "price") == {int(Part.CONTENT)}


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
