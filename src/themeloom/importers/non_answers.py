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
    plain = bare.replace(",", "").replace(".", "")
    return bool(_NOTHING.fullmatch(plain) or _DECLINED.fullmatch(plain))


def non_answers(texts: pl.Series) -> pl.Series:
    """Return ``is_non_answer`` for each text; null texts are non-answers."""
    frame = texts.alias("text").to_frame()
    first = pl.col("text").str.extract(r"^[^\p{L}\p{N}]*(\S+?)[^\p{L}\p{N}]*(?:\s|$)")
    first = first.str.to_lowercase().str.replace_all("’", "'", literal=True)
    likely = first.is_in(_first_words()) | (pl.col("text").str.len_chars() <= 12)
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
        "i'd",
        "id",
        "not",
        "got",
        "sorry",
        "would",
        "can",
        "cant",
        "cannot",
        "could",
        "couldn't",
        "couldnt",
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
_WHEN = (
    "at (?:this|the) (?:time|moment|point|stage)|at all|at present|right now|just now|for now|"
    "so far|as of now|currently|today|yet|really|off the top of my (?:head|mind)"
)
_NOTHING = re.compile(
    rf"(?:(?:i )?(?:have|i've|i've got|got) )?(?:no|none|nothing|nope|nil|not any|n/a|na)"
    rf"(?: (?:further|other|more|additional|specific|particular|special|real|else))*"
    rf"(?: (?:{_ABOUT}))?(?: (?:or|and) (?:{_ABOUT}))?"
    rf"(?: (?:{_WHEN}|to (?:add|report|say|share|mention|comment|give|note|"
    r"suggest|declare)|that i can think of|i can think of|comes to mind|"
    r"from me|from my side|on my (?:side|end)|here|in particular))*"
    r"(?: (?:thanks|thank you|thx|sorry|for me))?"
)
#: Who would rather not answer, or thinks of nothing now. What goes on ("… in public, but the export
#: is broken") is an answer, so only what says nothing itself may follow.
_DECLINED = re.compile(
    r"(?:sorry )?(?:"
    r"(?:(?:i'd|id|i would|i|would) )?(?:(?:rather|prefer|choose) not(?: to)?|decline to)"
    r" (?:say|answer|comment|respond|reply|share|disclose|tell)(?: (?:this|that|it|here))?"
    r"|(?:i )?(?:can't|cant|cannot|can not|couldn't|couldnt|could not)(?: really)? think of"
    r" (?:anything|any|one|something|a thing)(?: (?:else|more|specific|special|in particular))*"
    r"(?: to (?:add|say|share|mention|report|suggest|improve))?"
    rf")(?: (?:{_WHEN}))*(?: (?:thanks|thank you|thx|sorry))?"
)
