"""Finding words by reading the texts, where there is no index: the same hits, in project order."""

from dataclasses import dataclass

import polars as pl

from themeloom.base.matching import searchable
from themeloom.domain.finding import Words


@dataclass(frozen=True)
class Comparable:
    """Texts and subjects as ``searchable`` words, a space before and behind each."""

    texts: pl.Series
    subjects: pl.Series

    @staticmethod
    def of(entries: pl.DataFrame) -> "Comparable":
        """Return the comparable form of ``text`` and ``subject``."""
        return Comparable(*(_padded(entries[name]) for name in ("text", "subject")))

    def holds(self, words: Words) -> pl.Series:
        """Return in which rows the words follow each other, in the text or in the subject."""
        asked = f" {' '.join(words.forms)}{'' if words.open else ' '}"
        in_text, in_subject = (
            column.str.contains(asked, literal=True) for column in (self.texts, self.subjects)
        )
        return in_text | in_subject


def comparable(values: pl.Series) -> pl.Series:
    """Return ``searchable`` of each value; nulls stay null."""
    plain = values.str.len_bytes() == values.str.len_chars()
    quick = values.str.to_lowercase().str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars(" ")
    if plain.all():
        return quick
    rows = (~plain).fill_null(False).arg_true()
    return quick.scatter(rows, [searchable(value) for value in values.gather(rows).to_list()])


def _padded(values: pl.Series) -> pl.Series:
    if not (values.str.len_bytes() > 0).any():
        return values
    return pl.select(pl.lit(" ") + comparable(values) + pl.lit(" ")).to_series()
