"""Counting: terms per topic come from row numbers and never cross a border."""

import numpy as np
import pytest
from bertopic.vectorizers import ClassTfidfTransformer
from sklearn.feature_extraction.text import CountVectorizer

from themeloom.engine.counts import CachedCounts, read_words
from themeloom.engine.wording import Part, stem, usual_spelling

TEXTS = [
    "The invoice export fails. Please fix the invoice export!",
    "Invoice exports failed again, the PDF is blank",
    "I can't log in with single sign-on",
    "Logging in doesn't work, I can not log in",
    "Write to me at anna@example.org or see https://example.org/invoice",
]


def column(counts: CachedCounts, term: str) -> int:
    names = counts.get_feature_names_out().tolist()
    assert term in names, names
    return names.index(term)


def test_documents_are_row_numbers() -> None:
    counts = CachedCounts(read_words(TEXTS))
    joined = counts.fit_transform(["0 1", "2 3", "4"])
    single = counts.transform(["0", "1", "2", "3", "4"])
    assert joined.shape == (3, len(counts.get_feature_names_out()))
    assert (joined[0].toarray() == (single[0] + single[1]).toarray()).all()
    assert joined[0, column(counts, "invoice")] == 3
    assert joined[0, column(counts, "invoice export")] == 3


def test_inflections_are_one_term_named_by_the_most_frequent_spelling() -> None:
    corpus = read_words(
        ["it fails for me", "it fails for you", "the export failed", "it is failing"]
    )
    names = CachedCounts(corpus).get_feature_names_out().tolist()
    assert [name for name in names if name.startswith("fail")] == ["fails"]


def test_pairs_cross_no_border() -> None:
    texts = ["slow export. invoice lost", "slow export. invoice lost", "an invoice", "export it"]
    names = CachedCounts(read_words(texts)).get_feature_names_out().tolist()
    assert "slow export" in names
    assert "invoice lost" in names
    assert not any(name in names for name in ("export invoice", "lost slow", "lost invoice"))


def test_addresses_numbers_and_small_words_are_no_terms() -> None:
    names = CachedCounts(read_words(TEXTS)).get_feature_names_out().tolist()
    words = {word for name in names for word in name.split()}
    assert words.isdisjoint({"anna", "example", "org", "https", "the", "is", "to", "i"})


def test_weights_count_a_text_several_times() -> None:
    corpus = read_words(["the printer is jammed", "a jammed printer", "the scanner is fine"])
    counts = CachedCounts(corpus, weights=np.array([3.0, 1.0, 1.0]))
    assert counts.transform(["0 1"])[0, column(counts, "printer")] == 4


def test_headings_are_not_counted() -> None:
    counts = CachedCounts(read_words(["the printer is jammed"], ["Scanner broken"]))
    assert "scanner" not in counts.get_feature_names_out().tolist()


def test_class_tfidf_equals_stock_for_plain_words() -> None:
    texts = ["red apple tree", "green apple tree", "fast blue boat", "slow blue boat"]
    counts = CachedCounts(read_words(texts))
    ours = ClassTfidfTransformer().fit_transform(counts.fit_transform(["0 1", "2 3"]))
    stock = CountVectorizer(vocabulary=counts.get_feature_names_out(), ngram_range=(1, 2))
    theirs = ClassTfidfTransformer().fit_transform(
        stock.fit_transform(
            ["red apple tree . green apple tree", "fast blue boat . slow blue boat"]
        )
    )
    singles = [" " not in name for name in counts.get_feature_names_out()]
    ranked = np.argsort(-ours.toarray()[:, singles], axis=1, kind="stable")
    assert (ranked == np.argsort(-theirs.toarray()[:, singles], axis=1, kind="stable")).all()


@pytest.mark.parametrize("texts", [["123 456", "7.5"], ["???", "👍👍"], ["the", "of the"]])
def test_texts_without_words_leave_the_arithmetic_alive(texts: list[str]) -> None:
    counts = CachedCounts(read_words(texts))
    matrix = ClassTfidfTransformer().fit_transform(counts.fit_transform(["0", "1"]))
    assert np.isfinite(matrix.toarray()).all()


def test_negations_are_words_of_their_own() -> None:
    corpus = read_words(
        ["I can't log in and it doesn't sync, it won't load", "the app is not loading"]
    )
    negations = {
        corpus.lowers[word]
        for word, kind in zip(corpus.word, corpus.kind, strict=True)
        if kind == Part.NEGATION
    }
    assert negations == {"cannot", "not"}


def test_small_words_of_other_languages_only_in_texts_of_that_language() -> None:
    corpus = read_words(
        [
            "the van is booked for the morning and I need it",
            "what can I do when the van is not in the depot",
            "de bus van het bedrijf is niet op tijd en dat is jammer van de dag",
        ]
    )
    kinds = {
        row: int(kind)
        for word, row, kind in zip(corpus.word, corpus.row, corpus.kind, strict=True)
        if corpus.lowers[word] == "van"
    }
    assert kinds == {0: Part.CONTENT, 1: Part.CONTENT, 2: Part.LINK}


def test_other_scripts_are_read() -> None:
    russian = read_words(
        ["Приложение не открывается после обновления", "не открывается приложение"]
    )
    assert not russian.english
    assert "приложение" in CachedCounts(russian).get_feature_names_out().tolist()
    japanese = CachedCounts(read_words(["アプリが開かない", "アプリが開かない"]))
    assert "アプリ" in japanese.get_feature_names_out().tolist()


@pytest.mark.parametrize(
    "family",
    [
        "charge charges charged charging",
        "delivery deliveries",
        "cancel cancelled canceled cancelling",
        "pay paid paying pays",
        "fail fails failed failing",
        "use used uses",
        "crash crashes crashed",
        "box boxes",
        "is are was been",
    ],
)
def test_stem_folds_inflections(family: str) -> None:
    assert len({stem(word) for word in family.split()}) == 1


@pytest.mark.parametrize(
    "family",
    [
        "note notes noted noting",
        "rate rates rated rating",
        "plan plans planned planning",
        "stop stops stopped stopping",
        "sync syncs",
        "address addresses addressed",
        "class classes",
        "dish dishes",
        "try tries tried trying",
        "lose loses lost losing",
        "freeze froze frozen freezing",
        "cancel canceling cancelling",
        "cannot unable",
        "e-mail email",
        "miss misses missed missing",
    ],
)
def test_stem_folds_plurals_and_forms_of_verbs(family: str) -> None:
    assert len({stem(word) for word in family.split()}) == 1


@pytest.mark.parametrize("word", ["status", "analysis", "business", "bus", "morning", "nothing"])
def test_stem_leaves_words_that_only_look_inflected(word: str) -> None:
    assert stem(word) == word


def test_plurals_are_given_where_people_use_them() -> None:
    corpus = read_words(
        [
            "the role is missing and the roles are wrong",
            "who has which role, the roles of admins",
            "the category and all categories",
            "the box, two boxes, the box again",
            "the weather is bad and the weather is wet",
        ]
    )
    assert corpus.in_plural("role") == "roles"
    assert corpus.in_plural("admin role") == "admin roles"
    assert corpus.in_plural("category") == "categories"
    assert corpus.in_plural("box") == "boxes"
    assert corpus.in_plural("weather") == "weather"
    assert corpus.in_plural("") == ""


def test_rare_plurals_are_not_given() -> None:
    corpus = read_words([*["the price is too high"] * 20, "prices"])
    assert corpus.in_plural("price") == "price"


def test_plurals_are_english_only() -> None:
    corpus = read_words(["Das Team und die Teams sind nicht zufrieden mit dem Auto, den Autos"])
    assert not corpus.english
    assert corpus.in_plural("Auto") == "Auto"


def test_things_stand_alone_and_qualities_do_not() -> None:
    corpus = read_words(
        [
            "the latest news of the day are in the latest report",
            "I read the latest post, and it was unimportant to me",
            "this is unimportant, and the price is fair",
            "I like the price, the price went up",
            "that one is unimportant, what is the price of it",
            "the nutritional information, and all nutritional advice",
            "unusable! a table, the table, this table, my table, our table",
        ]
    )
    alone = dict(zip(corpus.stem_names, corpus.stands_alone.tolist(), strict=True))
    assert alone[stem("price")] > 0.9
    assert alone["latest"] < 0.35
    assert alone["unimportant"] < 0.35
    assert alone[stem("unusable")] < 0.35
    assert alone["nutritional"] < 0.35
    assert alone[stem("table")] > 0.9


@pytest.mark.parametrize(
    "pair",
    [
        "charge charger",
        "sing string",
        "bus busy",
        "need nee",
        "add address",
        "note not",
        "rate rat",
        "plane plan",
        "news new",
        "need needle",
    ],
)
def test_stem_keeps_different_words_apart(pair: str) -> None:
    one, other = pair.split()
    assert stem(one) != stem(other)


def test_abbreviations_get_their_capitals() -> None:
    spelt = {
        "pdf": "PDF",
        "vpn": "VPN",
        "it": "it",
        "iphone": "iPhone",
        "invoice": "invoice",
        "thx": "thx",
        "apr": "APR",
        "usa": "USA",
        "ai": "AI",
        "w2": "W2",
        "mp3": "MP3",
        "2nd": "2nd",
        "5km": "5km",
        "24": "24",
    }
    assert {word: usual_spelling(word) for word in spelt} == spelt
