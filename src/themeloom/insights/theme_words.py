"""The words that a theme is known by: those of its title and key phrases."""

import re

import polars as pl

from themeloom.base.words import stop_words

_LONG_WORD = 4  # letters; shorter words are too common to tell a theme


def word_patterns(themes: pl.DataFrame) -> dict[str, str]:
    """Return theme id → pattern of the words that its title and key phrases are made of.

    It is for texts in small letters; themes without such a word are absent.

    Args:
        themes: ``theme_id``, ``title``, ``key_phrases``.
    """
    common = stop_words()
    found: dict[str, str] = {}
    for theme_id, title, phrases in themes.select("theme_id", "title", "key_phrases").iter_rows():
        words = {
            word.removesuffix("s")
            for word in re.findall(r"[^\W\d_]+", " ".join([title or "", *(phrases or ())]).lower())
            if len(word) >= _LONG_WORD and word not in common
        }
        if words:
            found[theme_id] = rf"\b(?:{'|'.join(sorted(words))})"
    return found
