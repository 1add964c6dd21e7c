"""Quotes: central, different, from different people, in any order of the rows."""

import numpy as np
import pytest

from themeloom.engine.quotes import choose_quotes


def unit(*rows: tuple[float, ...]) -> np.ndarray:
    matrix = np.array(rows, dtype=np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def spread(count: int) -> np.ndarray:
    """Return directions around the first axis, each further from it than the one before."""
    rows = np.zeros((count, count + 1), dtype=np.float32)
    rows[:, 0] = 1
    rows[np.arange(count), np.arange(count) + 1] = 0.3 + 0.02 * np.arange(count)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def texts_for(count: int) -> list[str]:
    names = "alpha bravo charlie delta echo foxtrot golf hotel india juliet".split()
    return [
        f"{name} says that {name} printing stopped working for {name} today"
        for name in names[:count]
    ]


def axis(count: int) -> np.ndarray:
    return np.eye(count + 1, dtype=np.float32)[0]


def test_most_central_comes_first() -> None:
    texts = texts_for(6)
    chosen = choose_quotes(spread(6), axis(6), [None] * 6, texts, [9] * 6, k=3)
    assert chosen[0] == 0
    assert len(set(chosen)) == 3


def test_one_quote_per_person_while_there_are_people() -> None:
    persons = ["ann", "ann", "ann", "bob", "cem"]
    chosen = choose_quotes(spread(5), axis(5), persons, texts_for(5), [9] * 5, k=3)
    assert sorted(persons[i] for i in chosen) == ["ann", "bob", "cem"]


def test_the_same_person_again_only_when_nobody_else_is_left() -> None:
    persons = ["ann", "ann", "bob"]
    chosen = choose_quotes(spread(3), axis(3), persons, texts_for(3), [9] * 3, k=3)
    assert len(chosen) == 3
    assert {persons[i] for i in chosen[:2]} == {"ann", "bob"}


def test_no_duplicates_and_no_near_duplicates() -> None:
    texts = [
        "The export of the invoice fails every time",
        "the export of  the invoice fails every time!",
        "The export of the invoice fails every day time",
        "Nothing comes out when I print the weekly report",
    ]
    chosen = choose_quotes(spread(4), axis(4), [None] * 4, texts, [8] * 4, k=4)
    assert sorted(chosen)[1:] == [3]
    assert len(chosen) == 2


def test_readable_lengths_are_preferred() -> None:
    texts = texts_for(3)
    words = [2, 300, 12]
    vectors = unit((1, 0.30, 0), (1, 0.31, 0.05), (1, 0, 0.32))
    chosen = choose_quotes(vectors, unit((1, 0, 0))[0], [None] * 3, texts, words, k=1)
    assert chosen == [2]


def test_row_order_does_not_matter() -> None:
    vectors, texts = spread(8), texts_for(8)
    order = np.random.default_rng(5).permutation(8)
    straight = choose_quotes(vectors, axis(8), [None] * 8, texts, [9] * 8)
    shuffled = choose_quotes(
        vectors[order], axis(8), [None] * 8, [texts[i] for i in order], [9] * 8
    )
    assert [texts[i] for i in straight] == [texts[order[i]] for i in shuffled]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_tiny_themes(count: int) -> None:
    chosen = choose_quotes(
        spread(count) if count else np.zeros((0, 1), np.float32),
        axis(count),
        [None] * count,
        texts_for(count),
        [9] * count,
    )
    assert sorted(chosen) == list(range(count))


def test_quotes_speak_in_the_words_of_the_theme() -> None:
    texts = [
        "I want to know why it keeps happening to us",
        "The sync fails every night and nobody is told",
        "Nine of them were like this in the ledger",
        "Our Sage sync fails without a warning again",
    ]
    phrases = ["Sage sync fails", "sync", "ledger"]
    chosen = choose_quotes(spread(4), axis(4), [None] * 4, texts, [9] * 4, k=2, phrases=phrases)
    assert set(chosen) == {1, 3}


def test_a_denial_is_quoted_with_its_not() -> None:
    texts = [
        "The reminder texts name the wrong person",
        "The reminder texts did not arrive at all",
    ]
    chosen = choose_quotes(
        spread(2), axis(2), [None] * 2, texts, [8] * 2, k=1, phrases=["Reminder texts not arriving"]
    )
    assert chosen == [1]


def test_a_claim_is_quoted_before_its_mere_matter() -> None:
    texts = [
        "Card refunds take two weeks to reach the card and the payment is kept",
        "The card payment was declined at the till again",
        "My payment got declined although the account is full",
        "A card payment went to the wrong person of the same name",
        "Every card I try with them is declined at once",
    ]
    phrases = ["Card payment declined", "card payment", "refund", "card"]
    chosen = choose_quotes(spread(5), axis(5), [None] * 5, texts, [9] * 5, k=3, phrases=phrases)
    assert set(chosen) == {1, 2, 4}


def test_further_quotes_of_a_claim_make_it() -> None:
    texts = [
        "The card payment was declined at the till again",
        "My payment got declined although the account is full",
        "Every card I try with them is declined at once",
        "A card came in the mail with a letter that nobody wanted",
        "Who pays the card when somebody else holds it, I wonder",
    ]
    chosen = choose_quotes(
        spread(5), axis(5), [None] * 5, texts, [9] * 5, phrases=["Card payment declined"]
    )
    assert set(chosen) == {0, 1, 2}


def test_who_says_the_contrary_is_not_quoted_first() -> None:
    texts = [
        "There were two toilets and neither was clean",
        "The toilets were not even clean when we came",
        "Friendly people kept all of the toilets clean",
        "The toilets are clean and there is soap",
    ]
    chosen = choose_quotes(
        spread(4), axis(4), [None] * 4, texts, [9] * 4, k=2, phrases=["Toilets kept clean"]
    )
    assert set(chosen) == {2, 3}
