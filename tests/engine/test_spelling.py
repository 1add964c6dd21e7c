"""Which words are names of persons, told by how people write, without a list of names."""

import pytest

from themeloom.engine.counts import read_words
from themeloom.engine.spelling import person_like

PRODUCTS = [
    "We open Trello every morning and Trello is slow",
    "The Agent Studio fails, I want my Agent Studio back",
    "Our manager likes Trello, an agent told me to restart Trello",
    "British Airways lost my bag, thank you British Airways",
    "I spoke to British Airways and they said the bag is in Leeds",
    "the driver for my printer is missing in Windows",
]


def persons_in(texts: list[str]) -> set[str]:
    corpus = read_words(texts)
    found = person_like(corpus)
    return {name for name, person in zip(corpus.stem_names, found, strict=True) if person}


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["Mr Okafor closed my case", "then Mr. Okafor called"], {"okafor"}),
        (["my agent Smith was late", "the agent Smith is gone, Smith knows"], {"smith"}),
        (["It fails.\nBest regards,\nGwen Okafor", "Regards\nGwen Okafor"], {"gwen", "okafor"}),
        (["I met a lady named Bertrand", "a waiter named Bertrand"], {"bertrand"}),
    ],
)
def test_persons_are_told_by_what_stands_beside_them(texts: list[str], names: set[str]) -> None:
    assert persons_in([*texts, *PRODUCTS]) == names


def test_products_and_companies_are_no_persons() -> None:
    assert persons_in(PRODUCTS) == set()


def test_where_nouns_have_capitals_only_what_has_no_article_is_a_person() -> None:
    texts = [
        "Herr Müller hat die Rechnung nicht geschickt, Frau Müller auch nicht",
        "Der Herr Kunde König wartet auf die Rechnung, der Kunde ist der König",
        "Die Rechnung kam von Herrn Müller und die Mahnung ist falsch",
        "Der Kunde und der König haben die Rechnung mit der Mahnung erhalten",
    ]
    assert persons_in(texts) == {"müller"}
