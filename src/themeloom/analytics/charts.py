"""Chart descriptions: what a chart shows, its base and its caution, with no idea of painting.

The same description drives the picture, the table that is copied, and what screen readers read.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import polars as pl

from themeloom.analytics import intervals
from themeloom.analytics.speaking import Speaking

#: Below this many answers no score is shown.
ENOUGH_SCORES = 10
#: Below this many records or answers a share is a hint, and greyed.
ENOUGH_RECORDS = 50
#: A cell that neither holds nor would be expected to hold as many says nothing (Cochran 1954).
ENOUGH_IN_CELL = 5

_LINES, _ROWS, _VALUES = 8, 10, 5
_MOST_WEEKS, _MOST_MONTHS = 27, 30
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_KINDS = {
    "ticket": "Tickets",
    "nps": "NPS",
    "interview": "Interviews",
    "call": "Calls",
    "other": "Other",
}
_SCORES = {"nps": "NPS", "csat": "satisfaction", "ces": "effort", "rating": "rating"}


class ChartKind(StrEnum):
    """How a chart is painted."""

    LINES = "lines"
    INTERVALS = "intervals"
    GRID = "grid"
    BARS = "bars"


class Every(StrEnum):
    """Length of a period."""

    WEEK = "1w"
    MONTH = "1mo"
    QUARTER = "1q"


@dataclass(frozen=True, slots=True)
class Column:
    """A period, segment value or kind of source that rows have a figure for.

    Attributes:
        label: its name.
        n: records in it.
        weak: its figures are a hint only: a partial period, a small base.
    """

    label: str
    n: int
    weak: bool = False


@dataclass(frozen=True)
class Chart:
    """One chart.

    Attributes:
        key: "time", "score", "segments" or "sources".
        kind: how it is painted.
        title: heading.
        subtitle: what is counted.
        note: base and caution, at the foot.
        n: records (or answers) behind it.
        columns: in their order; empty for intervals.
        rows: ``theme_id``, ``title``, ``color`` and, by kind: lists ``counts``, ``shares`` (0…1),
            ``marks`` ("more", "fewer", "few" or ""), one entry per column; or ``n``, ``value``,
            ``low``, ``high``.
        table: the same in words and figures, for copying and for screen readers.
        reference: of intervals: the value of all answers.
        empty: why there is nothing to show, else "".
    """

    key: str
    kind: ChartKind
    title: str
    subtitle: str
    note: str
    n: int
    columns: tuple[Column, ...]
    rows: pl.DataFrame
    table: pl.DataFrame
    reference: float | None = None
    empty: str = ""


def themes_over_time(speaking: Speaking, every: Every | None = None) -> Chart:
    """Return records per period of the largest themes; the period is chosen by the span if None.

    A first or last period that the records do not fill is marked partial.
    """
    dated = speaking.records.drop_nulls("date")
    title = "Themes over time"
    if dated.is_empty() or speaking.themes.is_empty():
        why = "No record has a date." if dated.is_empty() else _NO_THEMES
        return _nothing("time", ChartKind.LINES, title, why)
    first, last = _day(dated["date"].min()), _day(dated["date"].max())
    every = every or _fitting(first, last)
    binned = dated.select("record", pl.col("date").dt.truncate(every).alias("start"))
    low, high = binned["start"].min(), binned["start"].max()
    assert isinstance(low, datetime)
    assert isinstance(high, datetime)
    starts = pl.datetime_range(low, high, every, eager=True)
    n_of = dict(binned.group_by("start").len().iter_rows())
    columns = tuple(
        Column(_label(start, every), n_of.get(start, 0), _partial(start.date(), every, first, last))
        for start in starts
    )
    top = speaking.themes.head(_LINES)
    per = (
        speaking.pairs.join(binned, on="record")
        .group_by("theme_id", "start")
        .agg(count=pl.len().cast(pl.Int64))
    )
    rows = _spread(top, per, pl.DataFrame({"start": starts}), "start")
    without = speaking.records.height - dated.height
    word = {Every.WEEK: "week", Every.MONTH: "month", Every.QUARTER: "quarter"}[every]
    left = speaking.themes.height - top.height
    note = [f"Base: {dated.height:,} records with a date."]
    if without:
        note.append(f"{without:,} without a date are left out.")
    if any(column.weak for column in columns):
        note.append(f"Grey: the records fill only part of this {word}.")
    return Chart(
        key="time",
        kind=ChartKind.LINES,
        title=title,
        subtitle=f"Records per {word}, "
        + (
            f"the {top.height} largest of {speaking.themes.height} themes" if left else "all themes"
        ),
        note=_joined([*note, _competitors(speaking)]),
        n=dated.height,
        columns=columns,
        rows=rows,
        table=rows.select(
            pl.col("title").alias("Theme"),
            *(
                pl.col("counts").list.get(at).alias(head)
                for at, head in enumerate(
                    _heads([f"{c.label} (part)" if c.weak else c.label for c in columns])
                )
            ),
        ),
    )


def score_by_theme(speaking: Speaking) -> Chart:
    """Return the score of each theme's records with its 90 % interval, lowest first.

    NPS where there is any, else the mean of the kind of score that was given most. NPS = 100 ×
    (promoters − detractors) ÷ n (Reichheld 2003). Themes below ``ENOUGH_SCORES`` answers are left
    out and said. It tells what those people scored, not what the theme does to the score.
    """
    scored = speaking.records.filter(
        pl.col("score").is_finite() & pl.col("score_kind").is_not_null()
    )
    kinds = scored.group_by("score_kind").len().sort("len", "score_kind", descending=[True, False])
    if kinds.is_empty():
        return _nothing("score", ChartKind.INTERVALS, "Score by theme", "No record has a score.")
    kind = "nps" if "nps" in kinds["score_kind"] else str(kinds["score_kind"][0])
    word = _SCORES.get(kind, kind)
    title = f"{word} by theme" if kind == "nps" else f"Average {word} by theme"
    answers = scored.filter(pl.col("score_kind") == kind).select("record", "score")
    found = (
        speaking.pairs.join(answers, on="record")
        .group_by("theme_id")
        .agg(*_answers())
        .join(speaking.themes, on="theme_id")
    )
    enough = found.filter(pl.col("n") >= ENOUGH_SCORES)
    if enough.is_empty():
        return _nothing(
            "score", ChartKind.INTERVALS, title, f"No theme has {ENOUGH_SCORES} answers yet."
        )
    rows = (
        enough.with_columns(_scored(kind))
        .sort("n", "theme_id", descending=[True, False])
        .head(_ROWS)
        .sort("value", "theme_id")
        .select(
            "theme_id", "title", "color", "n", "value", "low", "high", "promoters", "detractors"
        )
    )
    overall = answers.select(*_answers()).with_columns(_scored(kind))
    few, more = found.height - enough.height, enough.height - rows.height
    note = [
        f"Base: {answers.height:,} answers. Association, not cause.",
        f"{few:,} themes with under {ENOUGH_SCORES} answers are left out." if few else "",
        f"{more:,} themes with fewer answers than these are in the tree." if more else "",
        _competitors(speaking),
    ]
    digits = 0 if kind == "nps" else 1
    return Chart(
        key="score",
        kind=ChartKind.INTERVALS,
        title=title,
        subtitle=f"{title.removesuffix(' by theme')} of the people who speak of it, 90 % interval",
        note=_joined(note),
        n=answers.height,
        columns=(),
        rows=rows,
        table=rows.select(
            pl.col("title").alias("Theme"),
            pl.col("n").alias("Answers"),
            pl.col("value").round(digits).alias(title.removesuffix(" by theme")),
            pl.col("low").round(digits).alias("90 % from"),
            pl.col("high").round(digits).alias("90 % to"),
            *(
                [pl.col("promoters").alias("Promoters"), pl.col("detractors").alias("Detractors")]
                if kind == "nps"
                else []
            ),
        ),
        reference=overall["value"][0],
    )


def segment_names(values: pl.DataFrame) -> list[str]:
    """Return the segments that break numbers down, the best known first.

    A segment with one value, or with nearly as many values as records, is none.
    """
    known = values.group_by("segment").agg(
        pl.len().alias("n"), pl.col("value").n_unique().alias("u")
    )
    useful = known.filter(
        (pl.col("u") > 1) & (pl.col("u") <= 60) & (pl.col("u") * 3 <= pl.col("n"))
    )
    return useful.sort("n", "segment", descending=[True, False])["segment"].to_list()


def themes_by_segment(speaking: Speaking, values: pl.DataFrame, segment: str) -> Chart:
    """Return the share of themes within each value of ``segment``, against their share overall.

    A cell is marked "more" or "fewer" where its Wilson interval at 90 %, corrected for the number
    of cells (Bonferroni), leaves out the theme's share in all records whose value is known.

    Args:
        speaking: whose records.
        values: from ``segment_values``.
        segment: one of ``segment_names``.
    """
    title = f"Themes by segment: {segment}"
    told = values.filter(pl.col("segment") == segment).select("record", "value")
    sizes = told.group_by("value").agg(n=pl.len().cast(pl.Int64))
    shown = sizes.sort("n", "value", descending=[True, False]).head(_VALUES)
    if shown.is_empty() or speaking.themes.is_empty():
        why = _NO_THEMES if shown.height else "No record has a segment such as plan or region."
        return _nothing(
            "segments", ChartKind.GRID, title if shown.height else "Themes by segment", why
        )
    per = (
        speaking.pairs.join(told, on="record")
        .group_by("theme_id", "value")
        .agg(count=pl.len().cast(pl.Int64))
    )
    top = speaking.themes.head(_ROWS)
    overall = per.group_by("theme_id").agg(overall=pl.col("count").sum() / told.height)
    cells = _cells(top, per, shown, "value").join(overall, on="theme_id", how="left")
    z = intervals.quantile(tests=cells.height)
    low, high = intervals.wilson(pl.col("count"), pl.col("n"), z)
    expected = pl.col("overall").fill_null(0) * pl.col("n")
    marked = cells.with_columns(
        pl.col("overall").fill_null(0.0),
        mark=pl.when(pl.max_horizontal("count", expected) < ENOUGH_IN_CELL)
        .then(pl.lit("few"))
        .when(low > pl.col("overall"))
        .then(pl.lit("more"))
        .when(high < pl.col("overall"))
        .then(pl.lit("fewer"))
        .otherwise(pl.lit("")),
    )
    rows = _listed(top, marked, "overall")
    columns = _columns(shown, "value", dict(zip(shown["value"], shown["value"], strict=True)))
    left = sizes.height - shown.height
    note = [
        f"Share of each value's records. ▲ more and ▼ fewer than in all {told.height:,}, corrected "
        f"for {cells.height} comparisons. few: under {ENOUGH_IN_CELL} records.",
        f"{left:,} smaller values are left out." if left else "",
        _competitors(speaking),
    ]
    return Chart(
        key="segments",
        kind=ChartKind.GRID,
        title=title,
        subtitle=f"Known for {told.height:,} of {speaking.records.height:,} records. "
        "Association, not cause",
        note=_joined(note),
        n=told.height,
        columns=columns,
        rows=rows,
        table=_share_table(rows, columns).insert_column(
            1, (rows["overall"] * 100).round(1).alias("All, %")
        ),
    )


def themes_by_source(speaking: Speaking) -> Chart:
    """Return the share of themes within each kind of source; kinds are never pooled."""
    title = "Themes by source"
    sizes = speaking.records.group_by("kind").agg(n=pl.len().cast(pl.Int64))
    order = [kind for kind in _KINDS if kind in set(sizes["kind"])]
    if not order or speaking.themes.is_empty():
        why = _NO_THEMES if order else "There are no records yet."
        return _nothing("sources", ChartKind.BARS, title, why)
    shown = pl.DataFrame({"kind": order}).join(sizes, on="kind", maintain_order="left")
    per = (
        speaking.pairs.join(speaking.records.select("record", "kind"), on="record")
        .group_by("theme_id", "kind")
        .agg(count=pl.len().cast(pl.Int64))
    )
    top = speaking.themes.head(_ROWS)
    cells = _cells(top, per, shown, "kind").with_columns(mark=pl.lit(""))
    columns = _columns(shown, "kind", _KINDS)
    weak = any(column.weak for column in columns)
    note = [
        "Share within each source, never pooled; bars are to the scale of their source.",
        f"Grey: fewer than {ENOUGH_RECORDS} records, read as a hint." if weak else "",
        _competitors(speaking),
    ]
    rows = _listed(top, cells)
    return Chart(
        key="sources",
        kind=ChartKind.BARS,
        title=title,
        subtitle="In how many of each source’s records a theme occurs",
        note=_joined(note),
        n=speaking.records.height,
        columns=columns,
        rows=rows,
        table=_share_table(rows, columns),
    )


_NO_THEMES = "No theme has records yet."


def _nothing(key: str, kind: ChartKind, title: str, why: str) -> Chart:
    return Chart(key, kind, title, "", "", 0, (), pl.DataFrame(), pl.DataFrame(), empty=why)


def _spread(top: pl.DataFrame, per: pl.DataFrame, shown: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return ``top`` with the list ``counts``: one entry for each row of ``shown``."""
    filled = (
        top.select("theme_id").join(shown, how="cross").join(per, on=["theme_id", by], how="left")
    )
    counts = (
        filled.sort("theme_id", by).group_by("theme_id").agg(counts=pl.col("count").fill_null(0))
    )
    return top.join(counts, on="theme_id", maintain_order="left")


def _cells(top: pl.DataFrame, per: pl.DataFrame, shown: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return ``theme_id``, ``count``, ``n``, ``share``: one row per theme and column, in order."""
    return (
        top.select("theme_id")
        .join(shown, how="cross", maintain_order="left_right")
        .join(per, on=["theme_id", by], how="left", maintain_order="left")
        .with_columns(pl.col("count").fill_null(0))
        .with_columns(share=pl.col("count") / pl.col("n"))
    )


def _listed(top: pl.DataFrame, cells: pl.DataFrame, *keep: str) -> pl.DataFrame:
    lists = cells.group_by("theme_id", maintain_order=True).agg(
        counts="count",
        shares="share",
        marks="mark",
        **{name: pl.col(name).first() for name in keep},
    )
    return top.join(lists, on="theme_id", maintain_order="left")


def _columns(shown: pl.DataFrame, by: str, words: dict[str, str]) -> tuple[Column, ...]:
    return tuple(
        Column(words[name], n, n < ENOUGH_RECORDS) for name, n in shown.select(by, "n").iter_rows()
    )


def _share_table(rows: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    heads = _heads([column.label for column in columns])
    return rows.select(
        pl.col("title").alias("Theme"),
        *(
            expression
            for at, (head, column) in enumerate(zip(heads, columns, strict=True))
            for expression in (
                pl.col("counts").list.get(at).alias(f"{head}, records of {column.n:,}"),
                (pl.col("shares").list.get(at) * 100).round(1).alias(f"{head}, %"),
            )
        ),
    )


def _heads(labels: Sequence[str]) -> list[str]:
    """Return the labels made different: columns of a table have to be."""
    found: list[str] = []
    for label in labels:
        head, number = label, 1
        while head in (*found, "Theme"):
            number += 1
            head = f"{label} ({number})"
        found.append(head)
    return found


def _answers() -> list[pl.Expr]:
    score = pl.col("score")
    return [
        pl.len().cast(pl.Int64).alias("n"),
        (score >= 9).sum().cast(pl.Int64).alias("promoters"),
        (score <= 6).sum().cast(pl.Int64).alias("detractors"),
        score.mean().alias("mean"),
        score.std().alias("deviation"),
    ]


def _scored(kind: str) -> list[pl.Expr]:
    promoters, detractors, n = pl.col("promoters"), pl.col("detractors"), pl.col("n")
    z = intervals.quantile()
    if kind == "nps":
        value = 100 * (promoters - detractors) / n
        low, high = intervals.nps(promoters, detractors, n, z)
    else:
        value = pl.col("mean")
        low, high = intervals.mean(value, pl.col("deviation"), n, z)
    return [value.alias("value"), low.alias("low"), high.alias("high")]


def _fitting(first: date, last: date) -> Every:
    if (last - first).days // 7 + 2 <= _MOST_WEEKS:
        return Every.WEEK
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return Every.MONTH if months <= _MOST_MONTHS else Every.QUARTER


def _label(start: datetime, every: Every) -> str:
    if every == Every.WEEK:
        return f"{start.day} {_MONTHS[start.month - 1]}"
    if every == Every.MONTH:
        return f"{_MONTHS[start.month - 1]} {start.year}"
    return f"Q{(start.month + 2) // 3} {start.year}"


def _partial(start: date, every: Every, first: date, last: date) -> bool:
    """Tell whether the records begin late in a period or end early in it.

    A weekend, or as long at the rim of a longer period, is no gap.
    """
    slack = timedelta(days={Every.WEEK: 2, Every.MONTH: 3, Every.QUARTER: 7}[every])
    late = timedelta(days=1) if every == Every.WEEK else slack  # weeks begin with working days
    if every == Every.WEEK:
        end = start + timedelta(days=6)
    else:
        month = start.month + (2 if every == Every.QUARTER else 0)
        end = start.replace(month=month, day=monthrange(start.year, month)[1])
    begins_late = start < first <= end and first - start > late
    ends_early = start <= last < end and end - last > slack
    return begins_late or ends_early


def _day(moment: object) -> date:
    assert isinstance(moment, datetime)
    return moment.date()


def _competitors(speaking: Speaking) -> str:
    n = speaking.competitors
    return f"{n:,} records about competitors are left out." if n else ""


def _joined(parts: Sequence[str]) -> str:
    return " ".join(part for part in parts if part)
