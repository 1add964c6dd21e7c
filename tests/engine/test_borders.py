"""Where texts may pass from one matter to the next."""

from itertools import product

import pytest

from themeloom.engine.borders import Borders

OPENERS = ("how do i", "i cannot find", "please show me", "where is")
THINGS = ("the report", "my invoice", "that calendar", "our price list", "the export button")


@pytest.fixture(scope="module")
def borders() -> Borders:
    """Return what a corpus of plain sentences tells."""
    texts = [f"{opener} {thing}" for opener, thing in product(OPENERS, THINGS)]
    return Borders([f"{text}{end}" for text in texts for end in ("", " today", " now")])


def parts(borders: Borders, text: str, language: str | None = None) -> list[tuple[str, str]]:
    found = borders.inside(text, 0, len(text), language)
    return [(text[:border].strip(), text[border:].strip()) for border in found]


def test_sentences_come_before_joining_words(borders: Borders) -> None:
    text = "The export never ends and stays empty too. My invoice lists seats twice."
    assert parts(borders, text) == [
        ("The export never ends and stays empty too.", "My invoice lists seats twice."),
        ("The export never ends", "and stays empty too. My invoice lists seats twice."),
    ]


def test_usual_beginnings_are_borders_without_any_sign(borders: Borders) -> None:
    found = parts(borders, "the invoice lists seats twice how do i stop that calendar")
    assert found == [("the invoice lists seats twice", "how do i stop that calendar")]


def test_a_word_that_ends_nothing_goes_on(borders: Borders) -> None:
    # "the" stands in many sentences and ends none.
    assert parts(borders, "show me all of the where is the report") == []


def test_short_and_empty_sides_are_none(borders: Borders) -> None:
    assert parts(borders, "Great app. The export stops at page three.") == []
    assert parts(borders, "The export stops at page three. And why is that so?") == []
    assert parts(borders, "") == []


def test_joining_words_are_those_of_the_language(borders: Borders) -> None:
    text = "Der Export bleibt leer und die Rechnung kommt doppelt"
    assert parts(borders, text, "de") == [
        ("Der Export bleibt leer", "und die Rechnung kommt doppelt")
    ]
    assert parts(borders, text) == []
    assert parts(borders, text, "fi") == []


def test_scripts_without_spaces_have_borders(borders: Borders) -> None:
    text = "エクスポートが途中で止まります。請求書が二回届きました。"
    assert parts(borders, text, "ja") == [
        ("エクスポートが途中で止まります。", "請求書が二回届きました。")
    ]


def test_only_inside_what_was_asked(borders: Borders) -> None:
    text = "The export stays empty. The invoice lists seats twice. The calendar shows wrong days."
    second = text.index("The invoice")
    assert borders.inside(text, second, len(text), None) == [text.index("The calendar")]
