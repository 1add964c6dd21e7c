"""Excerpts for the tests of theming: eight planted themes, written for them."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from themeloom.domain.frames import EXCERPTS, conform

FEEDBACK = Path(__file__).parent / "data" / "feedback.csv"
#: Texts that speak of two of its themes.
BOTH = {
    "The PDF export stops at page three. I cannot log in since yesterday.": ("pdf", "login"),
    "I cannot log in since yesterday and the PDF export stops at page three": ("login", "pdf"),
    "Support never answers my mails. Please add a dark mode for the night.": ("support", "dark"),
    "The price went up too much and the app takes forever to load": ("price", "slow"),
}


def feedback() -> pl.DataFrame:
    """Return the planted texts: columns ``theme`` and ``text``."""
    return pl.read_csv(FEEDBACK)


def excerpts(
    texts: Sequence[str],
    *,
    first: int = 0,
    contexts: Sequence[str | None] | None = None,
    languages: Sequence[str | None] | None = None,
) -> pl.DataFrame:
    """Return EXCERPTS, one per text, each of a record and a person of its own."""
    count = len(texts)
    numbers = range(first, first + count)
    frame = pl.DataFrame(
        {
            "excerpt_id": [f"r{number}.0" for number in numbers],
            "record_id": [f"r{number}" for number in numbers],
            "text": list(texts),
            "context": list(contexts or [None] * count),
            "language": list(languages or [None] * count),
        },
        schema_overrides={"context": pl.String, "language": pl.String},
    )
    persons = pl.Series("person_key", [f"p{number}" for number in numbers])
    return conform(frame, EXCERPTS).with_columns(persons)
