"""Answers that answer nothing: "n/a", "keine Angabe", "なし", "…"."""

import re
from functools import cache

import polars as pl

from themeloom.base.text import fold
from themeloom.base.words import word_list

#: Longer texts always say something.
LONGEST = 80


def is_non_answer(text: str) -> bool:
    """Whether a text says nothing: a listed phrase in any language, mere punctuation, "xxx", "123".

    Short praise ("Great!"), smileys and sentences that only begin like a non-answer ("nothing
    works", "no problems so far, works great") are answers.
    """
    if len(text) > LONGEST:
        return False
    folded = fold(text)
    if not _SIGN.search(folded):
        return not _PICTURE.search(text)
    bare = folded.strip(_AROUND)
    if bare in word_list("non_answers"):
        return True
    if _REPEATED.fullmatch(bare) or _NUMBER.fullmatch(bare):
        return True
    return bool(_NOTHING.fullmatch(bare.replace(",", "").replace(".", "")))


def non_answers(texts: pl.Series) -> pl.Series:
    """Return ``is_non_answer`` for each text; null texts are non-answers."""
    frame = texts.alias("text").to_frame()
    first = pl.col("text").str.extract(r"^[^\p{L}\p{N}]*(\S+?)[^\p{L}\p{N}]*(?:\s|$)")
    likely = first.str.to_lowercase().is_in(_first_words()) | (pl.col("text").str.len_chars() <= 12)
    short = pl.col("text").str.len_chars() <= LONGEST
    wordless = ~pl.col("text").str.contains(r"\p{L}")
    candidates = frame.filter(short & (likely | wordless))["text"].unique().to_list()
    found = [text for text in candidates if is_non_answer(text)]
    return frame.select(
        (pl.col("text").is_null() | pl.col("text").is_in(found)).alias(texts.name)
    ).to_series()


@cache
def _first_words() -> list[str]:
    phrases = word_list("non_answers") | {
        "nothing",
        "no",
        "none",
        "have",
        "i",
        "i've",
        "not",
        "got",
    }
    return sorted({phrase.split()[0].strip(_AROUND) for phrase in phrases})


_AROUND = " \t.,;:!?…-*_()[]{}\"'<>/\\|~=+。、，！？・「」"
_SIGN = re.compile(r"[^\W_]")
#: Smileys and arrows are an opinion of sorts.
_PICTURE = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
_REPEATED = re.compile(r"([^\W\d_])\1{1,}|(?:x ?)+|\.+")
_NUMBER = re.compile(r"[\d\s.,/%-]{1,12}")
_ABOUT = (
    "comments?|feedback|suggestions?|ideas?|opinions?|answers?|responses?|remarks?|input|"
    "improvements?|recommendations?|additions?|questions?|thoughts"
)
_NOTHING = re.compile(
    rf"(?:(?:i )?(?:have|i've|i've got|got) )?(?:no|none|nothing|nope|nil|not any|n/a|na)"
    rf"(?: (?:further|other|more|additional|specific|particular|special|real|else))*"
    rf"(?: (?:{_ABOUT}))?(?: (?:or|and) (?:{_ABOUT}))?"
    r"(?: (?:at (?:this|the) (?:time|moment|point|stage)|at all|at present|right now|for now|so far|"
    r"as of now|currently|today|yet|really|to (?:add|report|say|share|mention|comment|give|note|"
    r"suggest|declare)|that i can think of|i can think of|comes to mind|off the top of my head|"
    r"from me|from my side|on my (?:side|end)|here|in particular))*"
    r"(?: (?:thanks|thank you|thx|sorry|for me))?"
)
