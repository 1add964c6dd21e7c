"""What a text shares with some texts and less with others."""

import numpy as np
import pytest

from themeloom.engine.reasons import Terms

SYNC = [
    "The sync forgets my bookings every night",
    "Calendar sync forgot all bookings again",
    "It's forgetting bookings when we sync",
    "The app doesn't sync with Outlook",
]
REST = [
    "The invoice was wrong and we paid twice",
    "Please send the invoice by mail",
    "The app is slow on my phone",
    "Invoices don't open on my phone",
]


def shared(text: str, *more: str) -> tuple[list[str], list[int]]:
    texts = [text, *more]
    inside = np.array([1] * len(SYNC) + [0] * len(REST))
    places, rows = Terms([*SYNC, *REST]).shared(texts, inside, 1 - inside)
    return [texts[number][start:end] for number, start, end in places], rows.tolist()


def test_pairs_go_before_words_and_forms_of_a_word_are_one() -> None:
    phrases, rows = shared("Since May the sync FORGETS all our bookings")
    assert phrases[0] == "FORGETS all our bookings"
    assert phrases[1:] == ["sync"]
    assert rows == [0, 1, 2, 3]


def test_what_the_others_have_too_is_no_reason() -> None:
    assert shared("The app on my phone") == ([], [])


def test_words_that_say_nothing_are_no_reason() -> None:
    assert shared("It is with all of the my and we") == ([], [])


def test_unknown_words_are_no_reason() -> None:
    assert shared("Zebras graze") == ([], [])


@pytest.mark.parametrize("text", ["It doesn't sync", "It doesn’t sync", "does not sync"])
def test_a_negation_is_part_of_what_is_shared(text: str) -> None:
    phrases, rows = shared(text)
    assert phrases[0].endswith("sync")
    assert 3 in rows


def test_borders_part_a_pair() -> None:
    phrases, _ = shared("It forgets. Bookings are lost")
    assert phrases == ["Bookings", "forgets"] or phrases == ["forgets", "Bookings"]


def test_several_texts_are_told_apart() -> None:
    phrases, _ = shared("Nothing of it", "my bookings")
    assert phrases == ["bookings"]


def test_languages_without_grammar() -> None:
    inside = np.array([1, 1, 0, 0])
    texts = ["Die Buchungen fehlen", "Alle Buchungen sind weg", "Der Preis stieg", "Zu teuer"]
    places, rows = Terms(texts).shared(["Unsere Buchungen!"], inside, 1 - inside)
    assert places == ((0, 7, 16),)
    assert rows.tolist() == [0, 1]


@pytest.mark.parametrize("text", ["", "!!!", "同期", "नहीं चलता", "a" * 5000, "' & '"])
def test_odd_texts(text: str) -> None:
    shared(text)
    Terms([text, "x"]).shared([text], np.array([1, 0]), np.array([0, 1]))
