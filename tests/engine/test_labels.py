"""Titles, key phrases and group names, inside one real BERTopic.

The texts' vectors here are words counted into buckets (random projection): no model is needed.
"""

import csv
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bertopic import BERTopic
from bertopic.dimensionality import BaseDimensionalityReduction
from scipy.cluster.hierarchy import linkage

from themeloom.base.words import stop_words
from themeloom.engine.counts import CachedCounts, read_words
from themeloom.engine.labels import NamedTheme, PhraseLabeler, define, name_groups
from themeloom.engine.wording import stem

PDF = [
    "The export to PDF fails since Monday",
    "Export to PDF fails with an error, please help",
    "Hi team, our export to PDF fails every time",
    "When I print an invoice the export to PDF fails",
    "PDF export fails for long invoices",
    "Exporting to PDF failed again",
]
LOGIN = [
    "I can't log in with single sign-on",
    "My colleague cannot log in since the update",
    "We can not log in, the page says wrong password",
    "cannot log in on my phone",
    "Still can't log in to the portal, thanks",
    "I cannot log in after the reset",
]
BOARD = [
    "The planning board is slow in the morning",
    "Our planning board is slow, it takes a minute",
    "planning board is so slow",
    "Why is the planning board slow today?",
    "The planning board is slow with 40 jobs",
    "I wait for the planning board, it is slow",
]


def embed(texts: Sequence[str]) -> np.ndarray:
    """Return unit vectors of shape (n, 96): each stem adds its own random direction."""
    rows = np.zeros((len(texts), 96), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in text.casefold().replace("can't", "cannot").split():
            seed = hashlib.blake2b(stem(word.strip(",.?!")).encode(), digest_size=4).digest()
            rows[row] += np.random.default_rng(int.from_bytes(seed)).normal(size=96)
        rows[row, 0] += 0.01
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Given:
    """A clusterer that was told the answer."""

    def __init__(self, labels: Sequence[int]) -> None:
        self.labels_ = np.array(labels)

    def fit(self, rows: np.ndarray, y: object = None) -> "Given":
        return self


def fitted(
    texts: Sequence[str], themes: Sequence[int], **options: Any
) -> tuple[BERTopic, dict[int, int]]:
    """Return the fitted model and, for each of our theme numbers, BERTopic's."""
    corpus = read_words(texts, options.pop("headings", None))
    vectors = embed(texts)
    parts: dict[str, Any] = {
        "umap_model": BaseDimensionalityReduction(),
        "hdbscan_model": Given(themes),
        "vectorizer_model": CachedCounts(corpus),
        "representation_model": {"Main": PhraseLabeler(corpus, vectors, embed, **options)},
    }
    model = BERTopic(language="multilingual", **parts)
    found, _ = model.fit_transform([str(row) for row in range(len(texts))], vectors)
    return model, dict(zip(themes, found, strict=True))


def named(model: BERTopic, topic: int) -> list[tuple[str, float]]:
    """Return a topic's phrases as BERTopic holds them (its annotations are wrong)."""
    phrases: Any = model.get_topic(topic)  # pyright: ignore[reportArgumentType]
    return phrases


def titles_of(texts: Sequence[str], themes: Sequence[int], **options: Any) -> list[str]:
    model, topic_of = fitted(texts, themes, **options)
    return [named(model, topic_of[theme])[0][0] for theme in sorted(set(themes))]


TEXTS = [*PDF, *LOGIN, *BOARD]
THEMES = [0] * 6 + [1] * 6 + [2] * 6


def test_titles_are_what_people_would_say() -> None:
    pdf, login, board = titles_of(TEXTS, THEMES)
    assert pdf == "Export to PDF fails"
    assert login.startswith("Cannot log in")
    assert board == "Planning board is slow"


def test_titles_and_key_phrases_keep_the_form() -> None:
    model, topic_of = fitted(TEXTS, THEMES)
    small = stop_words("en") - {"cannot", "not", "no", "in"}
    for topic in topic_of.values():
        title, *phrases = [phrase for phrase, _ in named(model, topic)]
        assert title[0].isupper()
        assert len(title.split()) <= 6
        assert 1 <= len(phrases) <= 5
        for phrase in (title, *phrases):
            assert phrase.split()[0].casefold() not in small
            assert phrase.split()[-1].casefold() not in small
            stems = [stem(word) for word in phrase.casefold().split()]
            assert len(stems) == len(set(stems)), phrase
        for one in phrases:
            others = [set(o.split()) for o in phrases if o != one]
            assert not any(set(one.split()) <= other for other in others)


def test_titles_are_unique_even_for_the_same_texts() -> None:
    titles = titles_of([*PDF, *PDF, *PDF], THEMES)
    assert len(set(titles)) == 3


def test_titles_of_other_themes_are_not_used_again() -> None:
    pdf, *_ = titles_of(TEXTS, THEMES, taken=["export to PDF fails"])
    assert pdf.casefold() != "export to pdf fails"
    assert "PDF" in pdf


def test_unsorted_is_called_so() -> None:
    model, _ = fitted([*TEXTS, "blue moon", "green cheese"], [*THEMES, -1, -1])
    assert named(model, -1)[0][0] == "Unsorted"


def test_row_order_does_not_change_names() -> None:
    order = np.random.default_rng(3).permutation(len(TEXTS))
    shuffled = titles_of([TEXTS[i] for i in order], [THEMES[i] for i in order])
    assert shuffled == titles_of(TEXTS, THEMES)


def test_nodes_of_the_tree_are_named_after_their_themes() -> None:
    model, _ = fitted(TEXTS, THEMES)
    tree = model.hierarchical_topics(
        [str(row) for row in range(len(TEXTS))],
        linkage_function=lambda _: linkage(np.array([[0.0], [0.1], [1.0]]), "average"),
    )
    assert len(tree) == 2
    said = {word for topic in range(3) for text, _ in named(model, topic) for word in text.split()}
    known = {word.casefold() for word in said} | {"and"}
    for name in tree["Parent_Name"]:
        title = name.split("_")[0]
        assert {word.casefold() for word in title.split()} <= known


def test_stock_save_and_load_keep_titles(tmp_path: Path) -> None:
    model, topic_of = fitted(TEXTS, THEMES)
    model.save(str(tmp_path / "model"), serialization="safetensors", save_ctfidf=False)
    loaded = BERTopic.load(str(tmp_path / "model"))
    kept = [phrase for phrase, _ in named(loaded, topic_of[0])]
    assert kept == [phrase for phrase, _ in named(model, topic_of[0])]


def test_what_a_theme_denies_is_not_claimed() -> None:
    texts = [
        "My parcel has not arrived",
        "the parcel has not arrived yet",
        "parcel still not arrived",
        "Where is it? The parcel has not arrived",
        "Why has my parcel not arrived",
    ]
    (title, _, _) = titles_of([*texts, *LOGIN, *BOARD], [0] * 5 + [1] * 6 + [2] * 6)
    assert "not" in title.split()


def test_names_of_single_customers_stay_out() -> None:
    texts = [
        "I asked Gwen Okafor about the broken printer",
        "our printer is broken says Bertrand",
        "The broken printer in Leeds needs paper",
        "Printer broken, call Ravindra on 0171 123456",
        "a broken printer again",
    ]
    model, topic_of = fitted([*texts, *LOGIN], [0] * 5 + [1] * 6, avoid=["Ravindra Patel"])
    said = " ".join(phrase for phrase, _ in named(model, topic_of[0])).casefold()
    assert "printer" in said
    assert not any(name in said for name in ("gwen", "bertrand", "leeds", "ravindra", "0171"))


@pytest.mark.parametrize("known", [True, False])
def test_a_person_of_whom_many_speak_is_no_title(known: bool) -> None:
    told = ["I asked agent {} again", "{} never calls", "no answer from {}", "we wait for {}"]
    who = "Smith" if known else "agent Smith"
    texts = [f"{one.replace('agent ', '').format(who)}, day {day}" for one in told for day in "abc"]
    product = [
        f"{one}, {word}"
        for one in ("Trello is slow", "we open Trello")
        for word in "noon night dawn dusk".split()
    ]
    model, topic_of = fitted(
        [*texts, *product, *LOGIN],
        [0] * 12 + [1] * 8 + [2] * 6,
        people=["smith"] if known else [],
    )
    said = " ".join(phrase for phrase, _ in named(model, topic_of[0])).casefold()
    assert "smith" not in said
    assert "Trello" in named(model, topic_of[1])[0][0]


def test_a_passive_loses_its_helpers_and_its_doer() -> None:
    texts = [
        "Notes we wrote offline were lost by the app",
        "My photos were lost by the app",
        "The photos of a job were lost by the app again",
        "Photos were lost",
        "All photos have been lost, no signal",
    ]
    (title, _, _) = titles_of([*texts, *LOGIN, *BOARD], [0] * 5 + [1] * 6 + [2] * 6)
    words = title.casefold().split()
    assert "photos" in words
    assert "lost" in words
    assert not {"were", "been", "by"} & set(words)


def test_a_few_who_deny_name_no_theme_of_those_who_affirm() -> None:
    use = [
        "I use Kivo for reports",
        "we use Kivo every day for reports",
        "Kivo reports, I use them in class",
        "I use Kivo reports with students",
        "my team uses Kivo on a server",
        "they use Kivo reports a lot",
        "our students use Kivo and its reports",
        "I use Kivo at home for small reports",
    ]
    deny = ["I do not use Kivo", "we do not use Kivo"]
    (title, _, _) = titles_of([*use, *deny, *LOGIN, *BOARD], [0] * 10 + [1] * 6 + [2] * 6)
    assert "Kivo" in title
    assert "not" not in title.casefold().split()
    # Where most deny it, it is what they say.
    (title, _, _) = titles_of([use[0], *deny, *LOGIN, *BOARD], [0] * 3 + [1] * 6 + [2] * 6)
    assert "not" in title.casefold().split()


def test_where_nouns_have_capitals_they_are_no_names_and_come_first() -> None:
    late = [
        "Leider kam die Lieferung wieder zu spät",
        "Schon das dritte Mal ist die Lieferung verspätet",
        "Warum kommt meine Lieferung immer so spät?",
        "Dritte Woche in Folge ohne pünktliche Lieferung",
        "Unsere Lieferung stand erst am Abend vor der Tür",
        "Auf die Lieferung musste ich drei Stunden warten",
    ]
    rotten = [
        "Der Salat war welk und das Gemüse matschig",
        "Im Gemüse war Schimmel",
        "Das Gemüse kommt matschig an",
        "Wieder lag matschiges Gemüse in der Kiste",
        "Ich finde das Gemüse nicht mehr frisch",
        "Welkes Gemüse, so geht das nicht",
    ]
    named = [f"{text}, sagt Frau Wagner" if at < 3 else text for at, text in enumerate(rotten)]
    titles = titles_of([*late, *named], [0] * 6 + [1] * 6)
    assert "Wagner" not in titles[1], "no article ever stands before a name"
    titles = titles_of([*late, *rotten], [0] * 6 + [1] * 6)
    assert "Lieferung" in titles[0]
    assert "Gemüse" in titles[1]
    assert not any(" and " in title for title in titles)


def test_japanese_titles_keep_the_denial_at_their_end() -> None:
    log_in = "ログインできない|アプリにログインできません|朝からログインできなくて困る|ログインできないので返金して"
    battery = "電池が一日もたない|更新後に電池がもたない|スマホの電池がもたないです|電池がもたないので困る"
    notices = (
        "通知が届かない|通知が届きません|予約の通知が届かない|昨日から通知が届かない|通知が来ない"
    )
    texts = [part.split("|") for part in (log_in, battery, notices)]
    themes = [place for place, own in enumerate(texts) for _ in own]
    titles = titles_of([text for own in texts for text in own], themes)
    assert titles == ["ログインできない", "電池がもたない", "通知が届かない"]


def test_chinese_titles_are_of_words_that_the_texts_repeat() -> None:
    crash = "应用一打开就闪退|更新后一直闪退|打开就闪退，没法用|老是闪退|闪退很严重"
    notices = "收不到通知|通知收不到|没有收到任何通知|推送通知不准|通知总是收不到"
    price = "价格太贵|涨价太多了|价格又涨了|会员价格太贵|价格不合理"
    texts = [part.split("|") for part in (crash, notices, price)]
    themes = [place for place, own in enumerate(texts) for _ in own]
    titles = titles_of([text for own in texts for text in own], themes)
    assert titles[0].endswith("闪退")
    assert "收不到" in titles[1]
    assert titles[2].startswith("价格")
    once = ["通知延迟", "换一种颜色"]
    assert titles_of([*texts[0], *once], [0] * 5 + [1, 1])[1] in once, "no blanks between its words"


def test_who_is_denied_something_is_left_out() -> None:
    texts = [*LOGIN, "apprentices cannot log in", "Apprentices cannot log in, help"]
    (title, _) = titles_of([*texts, *BOARD], [0] * 8 + [1] * 6)
    assert title.startswith("Cannot log in")


def test_number_words_name_nothing() -> None:
    texts = ["fourteen mugs broke", "nineteen mugs broke", "mugs broke, nineteen of them"]
    model, topic_of = fitted([*texts, *LOGIN], [0] * 3 + [1] * 6)
    said = " ".join(phrase for phrase, _ in named(model, topic_of[0])).casefold()
    assert "mugs" in said
    assert "nineteen" not in said


def test_a_noun_is_not_joined_to_a_sentence() -> None:
    texts = [
        "I sent the CSV and the import broke",
        "I chose the CSV and import broke",
        "CSV and import broke once more",
        "The import broke on row nine",
    ]
    (title, _, _) = titles_of([*texts, *LOGIN, *BOARD], [0] * 4 + [1] * 6 + [2] * 6)
    assert title != "CSV and import broke"
    assert "import" in title.casefold()


def test_a_statement_names_what_it_is_about() -> None:
    texts = [
        "The logo is missing on the invoice",
        "Our address: missing on the invoice",
        "Missing on the invoice: the date",
        "The logo on the invoice is blurred",
    ]
    (title, _, _) = titles_of([*texts, *LOGIN, *BOARD], [0] * 4 + [1] * 6 + [2] * 6)
    assert not title.startswith("Missing on")


def test_one_opinion_does_not_name_what_others_find_otherwise() -> None:
    texts = [
        "The food was excellent",
        "Food was cold and the soup stale",
        "Hot food and soup at the counter",
        "A counter with soup and cold food",
        "The food counter had no soup left",
    ]
    (title, _, _) = titles_of([*texts, *LOGIN, *BOARD], [0] * 5 + [1] * 6 + [2] * 6)
    assert "excellent" not in title
    assert {"food", "soup"} & set(title.casefold().split())


def test_a_heading_is_no_half_sentence() -> None:
    texts = [
        "What is new on social media today",
        "Tell me the latest social media posts",
        "Social media news for today",
        "Any social media posts today",
    ]
    (title, _, _) = titles_of([*texts, *LOGIN, *BOARD], [0] * 4 + [1] * 6 + [2] * 6)
    assert not title.startswith("New on")
    assert "social media" in title.casefold()


def test_a_title_is_no_quality_without_its_thing() -> None:
    texts = [
        "Are the reviews good?",
        "Does it have good reviews",
        "Are its reviews good",
        "good reviews of that place",
        "reviews of the place, please",
    ]
    (title, _, _) = titles_of([*texts, *LOGIN, *BOARD], [0] * 5 + [1] * 6 + [2] * 6)
    assert title != "Reviews good"
    assert "reviews" in title.casefold()


def test_an_error_is_an_error_of_something() -> None:
    texts = [
        "An error when I pay the mortgage",
        "error: mortgage payment",
        "The mortgage payment shows an error",
        "mortgage payment, error again",
        "I get an error, my mortgage payment is due",
    ]
    (title, _, _) = titles_of([*texts, *LOGIN, *BOARD], [0] * 5 + [1] * 6 + [2] * 6)
    assert "mortgage" in title.casefold()


def test_small_talk_is_named_by_how_it_begins() -> None:
    texts = [*["How are you", "how do you do then"] * 19, "are you good", "is it good"]
    (title, _, _) = titles_of([*texts, *LOGIN, *BOARD], [0] * 40 + [1] * 6 + [2] * 6)
    assert title.casefold() != "good"
    assert "you" in title.split()


def test_headings_lend_their_wording() -> None:
    texts = [
        "Since Friday the sheet is gone after upload, four colleagues saw it",
        "We sent the upload twice and the notes were gone each time",
        "After the upload, gone: notes of nine jobs",
    ]
    headings = ["Notes lost after upload"] * 3
    (title, _) = titles_of([*texts, *LOGIN], [0] * 3 + [1] * 6, headings=[*headings, *[None] * 6])
    assert title == "Notes lost after upload"


@pytest.mark.parametrize(
    "texts",
    [
        [
            "アプリが起動しない",
            "アプリがすぐ落ちます。困っています",
            "起動しないので返金してください",
        ],
        ["التطبيق لا يعمل بعد التحديث", "التطبيق لا يعمل على هاتفي", "لا يمكنني تسجيل الدخول"],
        ["Приложение не открывается", "Не открывается приложение после обновления", "Медленно"],
        ["123", "456", "7 8 9"],
        ["👍", "👍👍", "?!"],
    ],
)
def test_other_scripts_and_wordless_texts_get_a_title(texts: list[str]) -> None:
    for title in titles_of([*texts, *texts], [0, 0, 0, 1, 1, 1]):
        assert title
        assert len(title) <= 60


def test_themes_of_two_texts_are_named() -> None:
    first, second = titles_of(
        ["The lift is noisy", "noisy lift at night", "Warm beer", "the beer was warm"], [0, 0, 1, 1]
    )
    assert "lift" in first.lower()
    assert "beer" in second.lower()


def test_definition_is_a_plain_sentence() -> None:
    assert (
        define("Export fails", ["PDF export", "error", "invoice", "print"])
        == "Records that speak of PDF export, error and invoice."
    )
    assert define("Export fails", []) == "Records that speak of Export fails."


def test_groups_are_named_by_what_their_themes_share() -> None:
    titles = name_groups(
        [
            [
                NamedTheme("Card is stolen", ("card", "stolen"), 30),
                NamedTheme("Activate card", ("card", "activate"), 20),
                NamedTheme("Change PIN", ("PIN", "code"), 20),
                NamedTheme("PIN is blocked", ("PIN", "blocked"), 10),
            ],
            [
                NamedTheme("Transfer failed", ("transfer", "error"), 30),
                NamedTheme("Transfer is pending", ("transfer", "waiting"), 25),
            ],
            [NamedTheme("Support answers quickly", ("support",), 5)],
            [NamedTheme("Too loud", ("noise",), 3), NamedTheme("Bad smell", ("smell",), 2)],
        ]
    )
    assert titles == [
        "Card and PIN",
        "Transfer",
        "Support answers quickly",
        "Noise and smell",
    ]


def test_groups_that_share_little_are_named_by_their_biggest_themes() -> None:
    titles = name_groups(
        [
            [
                NamedTheme("Roles and permissions", ("permission", "role"), 30),
                NamedTheme("Reports are rigid", ("report", "figures"), 25),
                NamedTheme("Renewal price", ("renewal", "price"), 20),
            ],
            [NamedTheme("Easy to use", ("easy to use",), 40), NamedTheme("Fun", ("fun",), 3)],
        ]
    )
    assert titles == ["Roles and reports", "Easy to use"]


def test_groups_are_named_by_things_not_by_qualities() -> None:
    corpus = read_words(
        [
            "the latest news and the latest tweet",
            "I read the latest tweet, the tweet was long",
            "news from the latest paper, and news of the world",
            "the volume is low, the male voice is the voice I like",
            "a male voice, and the volume of the voice",
        ]
    )
    titles = name_groups(
        [
            [
                NamedTheme("Latest news", ("latest", "news"), 30),
                NamedTheme("Latest tweets", ("latest", "tweet"), 30),
                NamedTheme("Volume", ("volume",), 20),
            ],
            [NamedTheme("Male voice", ("male", "voice"), 5), NamedTheme("Noise", ("noise",), 3)],
        ],
        corpus,
    )
    assert not {"latest", "male"} & {word for t in titles for word in t.casefold().split()}


def test_what_no_theme_is_called_names_no_group() -> None:
    group = [
        NamedTheme("Check invoice", ("invoice", "David Miller"), 30),
        NamedTheme("Download bill", ("bill", "David Miller"), 25),
        NamedTheme("Bill by e-mail", ("bill", "e-mail"), 20),
    ]
    lone = [NamedTheme("Noise", ("noise",), 3), NamedTheme("Smell", ("smell",), 2)]
    assert name_groups([group, lone])[0] == "Bill and invoice"


def test_groups_are_named_by_no_judgements() -> None:
    texts = [
        "a comfortable, the planned",
        "a bath, the bath, a seat, the seat",
        "a quick, the quick",
    ]
    themes = [
        NamedTheme("Seat is comfortable", ("comfortable", "planned", "seat"), 30),
        NamedTheme("Baths are comfortable", ("comfortable", "planned", "bath"), 25),
    ]
    lone = [NamedTheme("Quick", ("quick",), 3), NamedTheme("Noise", ("noise",), 2)]
    titles = name_groups([themes, lone], read_words(texts))
    assert titles[0] == "Seat and baths"


@pytest.mark.parametrize(
    ("texts", "words", "title"),
    [
        (["التطبيق بطيء", "الدفع مرفوض"], ("التطبيق", "الدفع"), "التطبيق، الدفع"),
        (["アプリが落ちる", "返金がない"], ("アプリ", "返金"), "アプリ、返金"),
        (["Приложение не открывается", "Оплата не прошла"], ("оплата", "связь"), "Оплата, связь"),
    ],
)
def test_groups_in_other_languages_hold_no_english(
    texts: list[str], words: tuple[str, str], title: str
) -> None:
    group = [NamedTheme(words[0], (words[0],), 3), NamedTheme(words[1], (words[1],), 2)]
    same = [NamedTheme(words[0], (words[0],), 3)]
    titles = name_groups([group, group, same, same], read_words(texts))
    assert titles[0] == title
    assert not any("and" in one.split() for one in titles)


def test_group_titles_are_unique() -> None:
    group = [NamedTheme("A card", ("card",), 2), NamedTheme("B card", ("card",), 1)]
    titles = name_groups([group, group, group])
    assert len(set(titles)) == 3


def test_titles_on_real_questions(test_data: Path) -> None:
    rows = (test_data / "labelled" / "hwu64.csv").read_text(encoding="utf-8").splitlines()
    picked = list(csv.DictReader(rows))[::4]
    names = sorted({row["label"] for row in picked})
    titles = titles_of(
        [row["text"] for row in picked], [names.index(row["label"]) for row in picked]
    )
    lengths = [len(title.split()) for title in titles]
    assert len(set(titles)) == len(names)
    assert max(lengths) <= 6
    assert 2 <= np.median(lengths) <= 4
