"""How themes go over time: the last full period against up to six full ones before it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import polars as pl

from themeloom.analytics.calendar import Axis, axis_of
from themeloom.analytics.significance import Floats, benjamini_hochberg, same_rate, tempered
from themeloom.analytics.voices import Codes, Voices, hear
from themeloom.domain.insights import Direction
from themeloom.domain.periods import Period, period_before

#: The last full period is compared with so many full ones before it, at most and at least.
MOST_BEFORE, LEAST_BEFORE = 6, 2
#: Under so many records in all those periods there is nothing to say.
ENOUGH_RECORDS = 5
#: A theme that nobody spoke of before is new with so many records.
ENOUGH_NEW = 3
#: Rising or falling: the adjusted p is below this …
CHANCE = 0.10
#: … and the share has changed by at least a quarter.
CHANGE = 0.25
#: Periods needed to see whether a theme's records come more unevenly than by chance.
_ENOUGH_FOR_DISPERSION = 3

#: An edit changes few themes: the others are asked the same again.
_same_rate = lru_cache(maxsize=4096)(same_rate)


@dataclass(frozen=True)
class _Compared:
    """Records of themes (rows) or of all (one row), by period and kind of source."""

    themes: Codes  # theme, period, kind
    base: Codes  # period, kind
    last: int
    before: Codes  # numbers of periods


def trends(voices: Voices, axis: Axis) -> pl.DataFrame:
    """Return how each theme goes, of all themes that any record speaks of.

    Shares are compared within each kind of source, so neither more records in all nor a survey in
    one of the periods makes a theme rise: given a theme's records of a kind in all periods
    together, those in the last one are binomial with the last period's share of that kind's
    records (``significance.same_rate``; kinds that are missing in the last or in all periods
    before say nothing). Where a theme's records vary more from one period before to the next than
    by chance, p is tempered (``significance.tempered``). p is adjusted for all themes of the same
    level (Benjamini and Hochberg).

    ``rising`` and ``falling``: adjusted p < ``CHANCE``, and the rate ratio of Mantel and Haenszel
    (Σ aₖBₖ/Tₖ ÷ Σ cₖAₖ/Tₖ; a, c = the theme's records in the last period and before, A, B = all
    records, T = A + B, k = kinds; Rothman and Greenland 1998, "Modern Epidemiology", 15) is away
    from 1 by at least ``CHANGE``. ``new``: nobody spoke of it before, and in the last period
    ``ENOUGH_NEW`` records do, from kinds of source that were there before.

    Returns:
        TRENDS of ``analytics.numbers``.
    """
    spoken = np.unique(voices.theme)
    found = _compared(voices, axis)
    size = len(voices.ids)
    p, even = np.full(size, np.nan), np.full(size, np.nan)
    ratio, heard, earlier = np.ones(size), np.zeros(size, np.int64), np.zeros(size, np.int64)
    last, before = np.zeros(size, np.int64), np.zeros(size, np.int64)
    dispersion = np.full(size, np.nan)
    enough = found is not None and found.before.size >= LEAST_BEFORE
    if found is not None:
        last = found.themes[:, found.last].sum(axis=1)
        before = found.themes[:, found.before].sum(axis=(1, 2))
    if found is not None and enough:
        earlier = found.themes[:, : found.last].sum(axis=(1, 2))
        dispersion = _dispersion(found)
        for theme in spoken:
            chance, ratio[theme], heard[theme] = _tested(found, int(theme))
            p[theme], even[theme] = chance, tempered(chance, float(dispersion[theme]))
    adjusted = np.full(size, np.nan)
    levels = np.array(voices.levels)
    for level in set(voices.levels):
        chosen = spoken[levels[spoken] == level]
        adjusted[chosen] = benjamini_hochberg(even[chosen])

    def direction(theme: int) -> Direction:
        if not enough:
            return Direction.UNKNOWN
        if earlier[theme] == 0 and heard[theme] >= ENOUGH_NEW:
            return Direction.NEW
        if np.isnan(p[theme]) or last[theme] + before[theme] < ENOUGH_RECORDS:
            return Direction.UNKNOWN
        if adjusted[theme] < CHANCE and ratio[theme] >= 1 + CHANGE:
            return Direction.RISING
        if adjusted[theme] < CHANCE and ratio[theme] <= 1 - CHANGE:
            return Direction.FALLING
        return Direction.STEADY

    periods = found.before.size if found is not None else 0
    base_last = int(found.base[found.last].sum()) if found is not None else 0
    base_before = int(found.base[found.before].sum()) if found is not None else 0
    return pl.DataFrame(
        {
            "theme_id": pl.Series(voices.ids, dtype=pl.String).gather(spoken),
            "direction": pl.Series(
                [str(direction(int(theme))) for theme in spoken], dtype=pl.String
            ),
            "last": last[spoken],
            "last_base": np.full(spoken.size, base_last),
            "before": before[spoken] / periods if periods else np.full(spoken.size, np.nan),
            "before_records": before[spoken],
            "before_base": np.full(spoken.size, base_before),
            "periods": np.full(spoken.size, periods),
            "p": p[spoken],
            "p_adjusted": adjusted[spoken],
            "dispersion": dispersion[spoken],
        }
    ).with_columns(pl.col("before", "p", "p_adjusted", "dispersion").fill_nan(None))


class Going:
    """How themes go, asked again for other themes of the same records.

    Attributes:
        every: "week", "month" or "quarter".
        last: label of the last period that can be compared; "" without one.
    """

    def __init__(self, records: pl.DataFrame, sources: pl.DataFrame, period: Period | None) -> None:
        """Hear the records; frames are those of ``Basis``, ``period`` the chosen one."""
        none = pl.DataFrame(
            schema=dict.fromkeys(
                ("excerpt_id", "record_id", "theme_id", "parent_id", "level", "left_out"), pl.String
            )
        )
        before = period_before(period) if period else None
        self._voices, _ = hear(records, none, none, none, sources, period, before)
        self._axis = axis_of(self._voices, period, None)
        self._number = np.full(records.height, -1)
        self._number[self._voices.places] = np.arange(self._voices.places.size)
        self.every, self.last = str(self._axis.every), self._axis.last_full

    def of(self, pairs: pl.DataFrame, ids: Sequence[str], levels: Sequence[str]) -> pl.DataFrame:
        """Return TRENDS of the themes ``ids``.

        Args:
            pairs: ``theme`` (place in ``ids``), ``record`` (place in the records), what is below a
                theme included; pairs may be there twice, and records that do not count.
            ids: of the themes.
            levels: of the themes.
        """
        size = self._number.size
        # One column of numbers is made distinct in a third of the time of two.
        both = pairs.select(pl.col("theme").cast(pl.Int64) * size + pl.col("record")).to_series()
        theme, record = np.divmod(both.unique().to_numpy(), size)
        record = self._number[record]
        theme, record = theme[record >= 0], record[record >= 0]
        found = replace(
            self._voices,
            ids=tuple(ids),
            levels=tuple(levels),
            theme=theme,
            record=record,
            excerpts=np.ones(theme.size, np.int64),
        )
        return trends(found, self._axis)


def _compared(voices: Voices, axis: Axis) -> _Compared | None:
    """Return what is compared; None where no period is full."""
    full = np.flatnonzero(axis.full)
    if full.size == 0:
        return None
    kind = voices.column("kind")
    periods, kinds = len(axis.starts), int(kind.max()) + 1
    cell = axis.of_record * kinds + kind
    dated = axis.of_record >= 0
    said = dated[voices.record]
    size = len(voices.ids)
    themes = np.bincount(
        voices.theme[said] * (periods * kinds) + cell[voices.record[said]],
        minlength=size * periods * kinds,
    )
    base = np.bincount(cell[dated], minlength=periods * kinds)
    return _Compared(
        themes=themes.reshape(size, periods, kinds),
        base=base.reshape(periods, kinds),
        last=int(full[-1]),
        before=full[:-1][-MOST_BEFORE:],
    )


def _tested(found: _Compared, theme: int) -> tuple[float, float, int]:
    """Return p, the rate ratio, and the records of the last period that can be compared."""
    exposed, before = found.base[found.last], found.base[found.before].sum(axis=0)
    usable = (exposed > 0) & (before > 0)
    a = found.themes[theme, found.last][usable]
    c = found.themes[theme, found.before].sum(axis=0)[usable]
    in_last, in_before = exposed[usable], before[usable]
    total = in_last + in_before
    if (a + c).sum() == 0:
        return float("nan"), 1.0, 0
    p = _same_rate(
        int(a.sum()),
        tuple((int(n), float(share)) for n, share in zip(a + c, in_last / total, strict=True) if n),
    )
    up, down = float((a * in_before / total).sum()), float((c * in_last / total).sum())
    return p, up / down if down else float("inf"), int(a.sum())


def _dispersion(found: _Compared) -> Floats:
    """Return for each theme Pearson's chi-squared of the periods before ÷ its degrees of freedom.

    Expected are a period's records of each kind × the theme's share in that kind over all those
    periods. 1 is what chance alone gives. NaN under three periods, or without a record in them.
    """
    counts, base = found.themes[:, found.before], found.base[found.before]
    if found.before.size < _ENOUGH_FOR_DISPERSION:
        return np.repeat(np.nan, counts.shape[0])
    total = base.sum(axis=0)
    rate = counts.sum(axis=1) / np.maximum(total, 1)  # theme, kind
    expected = rate @ base.T.astype(np.float64)  # theme, period
    observed = counts.sum(axis=2)
    terms: Floats = np.where(
        expected > 0, (observed - expected) ** 2 / np.maximum(expected, 1e-9), 0.0
    )
    freedom = (expected > 0).sum(axis=1) - 1
    known = (freedom > 0) & (observed.sum(axis=1) > 0)
    return np.where(known, terms.sum(axis=1) / np.maximum(freedom, 1), np.nan)
