"""What a reader has to know about the numbers, one sentence each."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from themeloom.analytics.calendar import Axis
from themeloom.analytics.trends import LEAST_BEFORE
from themeloom.analytics.voices import Apart, Mask, Voices
from themeloom.base.figures import counted

#: Records that vary so much more from period to period than by chance are worth a word.
UNEVEN = 2.0
_MOST_NAMED = 4


def notes(
    voices: Voices, apart: Apart, axis: Axis, trends: pl.DataFrame, *, chosen: bool
) -> tuple[str, ...]:
    """Return the notes in the order of their weight; ``chosen``: whether a period was chosen."""
    return tuple(
        note
        for note in (
            _competitors(apart.competitors),
            _undated(voices.undated, chosen=chosen),
            _marked(
                axis, axis.partial, "The records fill only a part of {}: not compared with others."
            ),
            _marked(
                axis,
                axis.gap,
                "In {} a kind of source is missing that is there before and after: not compared with "
                "others.",
            ),
            _short(axis),
            _uneven(trends),
        )
        if note
    )


def _competitors(n: int) -> str:
    if not n:
        return ""
    are = counted(n, "record about a competitor is", "records about competitors are")
    return f"{are} left out of all numbers."


def _undated(n: int, *, chosen: bool) -> str:
    if not n:
        return ""
    have = "1 record has" if n == 1 else f"{n:,} records have"
    what = "the period and the trend" if chosen else "the trend"
    return f"{have} no date: left out of {what}."


def _marked(axis: Axis, marked: Mask, words: str) -> str:
    names = [axis.labels[at] for at in np.flatnonzero(marked)]
    return words.format(_listed(names)) if names else ""


def _short(axis: Axis) -> str:
    full = int(axis.full.sum())
    if not axis.starts or full > LEAST_BEFORE:
        return ""
    return f"{full} full {axis.every}{'' if full == 1 else 's'}: too few to tell how themes go over time."


def _uneven(trends: pl.DataFrame) -> str:
    n = trends.filter(pl.col("dispersion") > UNEVEN).height
    if not n:
        return ""
    themes = "1 theme comes" if n == 1 else f"{n} themes come"
    return f"{themes} in waves, more than by chance: more is asked before it is called rising or falling."


def _listed(names: Sequence[str]) -> str:
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"
    return " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), names[-1]])
