"""Which language a text is in, where that can be told."""

import threading
from collections.abc import Sequence
from functools import cache

import polars as pl

from themeloom.base.text import count_words
from themeloom.base.words import stop_words
from themeloom.importers.languagemodel import language_model

#: Languages written in Latin letters that are told apart. Fewer candidates, fewer surprises.
LATIN = (
    "cs",
    "da",
    "de",
    "en",
    "es",
    "fi",
    "fr",
    "hu",
    "it",
    "nl",
    "no",
    "pl",
    "pt",
    "ro",
    "sv",
    "tr",
)


def detect_languages(texts: pl.Series) -> pl.Series:
    """Return the ISO 639-1 code of each text's language, null where it cannot be told.

    Short English feedback decides the thresholds: calling it another language is the worse error,
    so a text in Latin letters is only called foreign when the model is confident (0.7; 0.5 with a
    function word of that language), and English from 0.5 on.
    """
    frame = texts.alias("text").to_frame().with_row_index("at")
    known = frame.with_columns(language=_by_script(pl.col("text")))
    known = _with_plain_english(known)
    open_ = known.filter(
        pl.col("language").is_null() & pl.col("text").str.contains(r"\p{Latin}{2}|\p{Cyrillic}{2}")
    )
    if open_.height == 0:
        return known["language"].alias(texts.name)
    unique = open_["text"].unique(maintain_order=True).to_list()
    told = pl.DataFrame(
        {"text": unique, "told": _ask_model(unique)},
        schema={"text": pl.String, "told": pl.String},
    )
    joined = known.join(told, on="text", how="left", maintain_order="left")
    return joined.select(pl.coalesce("language", "told").alias(texts.name)).to_series()


def prepare() -> threading.Thread:
    """Start reading the language model beside other work, and return the thread that does."""
    thread = threading.Thread(
        target=language_model, args=(_CANDIDATES,), name="language-model", daemon=True
    )
    thread.start()
    return thread


#: Words that are frequent in English and are no words of the other Latin languages.
_ENGLISH = (
    "the and you your this that these those they them their there with have haven't has hasn't had "
    "was wasn't were been be don't doesn't didn't can't couldn't wouldn't it's i'm i've i'd my our "
    "we're what which why how when where would could should because from about into but not than "
    "are isn't aren't does did is it of to for if or on get got just any some very really good "
    "great love like need want know see using out up more all as make makes work works much"
).split()
_ENGLISH_WORD = r"(?i)\b(?:" + "|".join(_ENGLISH) + r")\b"
#: Written in Cyrillic letters, which rules all others out.
_CYRILLIC = frozenset({"bg", "ru", "sr", "uk"})
_CANDIDATES = (*LATIN, *sorted(_CYRILLIC))
#: How much of a text the model reads: more changes nothing and takes time.
_READ = 600


def _by_script(text: pl.Expr) -> pl.Expr:
    """The language by its letters where a script stands for one language, else null."""
    latin = text.str.count_matches(r"\p{Latin}")

    def letters(pattern: str) -> pl.Expr:
        return text.str.count_matches(pattern)

    return (
        pl.when(text.str.len_bytes() == text.str.len_chars())
        .then(None)
        .when((letters(r"[\p{Hiragana}\p{Katakana}]") > 0) & (_cjk(text) * 2 > latin))
        .then(pl.lit("ja"))
        .when(letters(r"\p{Hangul}") * 2 > latin)
        .then(pl.lit("ko"))
        .when(letters(r"\p{Han}") * 2 > latin)
        .then(pl.lit("zh"))
        .when(letters(r"\p{Greek}") > latin)
        .then(pl.lit("el"))
        .when(letters(r"\p{Hebrew}") > latin)
        .then(pl.lit("he"))
        .when(letters(r"\p{Thai}") > latin)
        .then(pl.lit("th"))
        .when(letters(r"[іїєґ]") > 0, letters(r"\p{Cyrillic}") > latin)
        .then(pl.lit("uk"))
        .when((letters(r"\p{Cyrillic}") > latin) & (letters(r"[ыэёъ]") > 0))
        .then(pl.lit("ru"))
        .when(letters(r"\p{Arabic}") > latin)
        .then(pl.lit("ar"))
        .when(letters(r"\p{Devanagari}") > latin)
        .then(pl.lit("hi"))
        .otherwise(None)
    )


def _cjk(text: pl.Expr) -> pl.Expr:
    return text.str.count_matches(r"[\p{Hiragana}\p{Katakana}\p{Han}]")


def _with_plain_english(frame: pl.DataFrame) -> pl.DataFrame:
    """Fill ``language`` of texts of five words or more of which two, and one in eight, are English."""
    text = pl.col("text")
    counted = frame.with_columns(english=text.str.count_matches(_ENGLISH_WORD))
    enough = pl.col("language").is_null() & (pl.col("english") >= 2)
    # Counting all words takes four times as long as counting the English ones.
    counted = counted.with_columns(words=pl.when(enough).then(text).str.count_matches(r"\S+"))
    plain = (pl.col("words") >= 5) & (pl.col("english") * 8 >= pl.col("words"))
    language = pl.when(plain).then(pl.lit("en")).otherwise(pl.col("language"))
    return counted.with_columns(language=language).drop("english", "words")


def _ask_model(texts: Sequence[str]) -> list[str | None]:
    folded = [text[:_READ].lower() for text in texts]
    answers = language_model(_CANDIDATES).classify(folded)
    return [
        _trusted(text[:_READ], small, language, confidence)
        for text, small, (language, confidence) in zip(texts, folded, answers, strict=True)
    ]


def _trusted(text: str, folded: str, language: str, confidence: float) -> str | None:
    if language == "en":
        return "en" if confidence >= 0.5 else None
    # Names and product words make up much of a very short text.
    if count_words(text) == 1 and confidence < 0.9:
        return None
    if confidence >= (0.4 if language in _CYRILLIC else 0.7):
        return language
    has_function_word = not _function_words(language).isdisjoint(folded.split())
    return language if confidence >= 0.5 and has_function_word else None


@cache
def _function_words(language: str) -> frozenset[str]:
    """Function words of ``language`` that are no English words."""
    return stop_words(language) - stop_words("en")
