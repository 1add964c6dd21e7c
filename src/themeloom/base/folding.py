"""Texts in comparable form."""

import unicodedata

import polars as pl


def fold(text: str) -> str:
    """Return ``text`` for comparisons: one case, single spaces, compatibility forms unified.

    Accents stay. Typographic apostrophes, quotes and dashes become plain ones, invisible
    characters go. ``fold(fold(x)) == fold(x)``.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    # Casefolding can yield characters that normalise further (and the other way round).
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(text.translate(_PLAIN).split())


def fold_series(texts: pl.Series) -> pl.Series:
    """Return the texts folded; nulls stay null."""
    folded = [None if text is None else fold(text) for text in texts.to_list()]
    return pl.Series(texts.name, folded, pl.String)


_PLAIN = str.maketrans(
    {
        "’": "'", "‘": "'", "‛": "'", "ʼ": "'",
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-",
        "\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None,
        "\ufeff": None, "\ufe0f": None, "\u200e": None, "\u200f": None,
    }
)  # fmt: skip
