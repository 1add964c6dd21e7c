"""What a chart is. The same description drives picture, copied table and what screen readers read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

#: Below this many records or answers a share is a hint, and greyed.
ENOUGH_RECORDS = 50
#: So many themes stand in a chart of rows.
MOST_ROWS = 10
NO_THEMES = "No theme has records yet."
SCORE_WORDS = {"nps": "NPS", "csat": "satisfaction", "ces": "effort", "rating": "rating"}


class ChartKind(StrEnum):
    """How a chart is painted."""

    LINES = "lines"
    INTERVALS = "intervals"
    GRID = "grid"
    BARS = "bars"


@dataclass(frozen=True, slots=True)
class Column:
    """A period, segment value or kind of source that rows have a figure for.

    Attributes:
        label: its name.
        n: records in it.
        weak: its figures are a hint only: a part or gap of time, a small base.
        why: why it is weak, in a word: "part" or "gap"; "" for a small base.
    """

    label: str
    n: int
    weak: bool = False
    why: str = ""


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
            ``marks`` ("more", "fewer", "few" or ""), one entry per column; ``trend`` (a sentence)
            and ``direction`` of lines; or ``n``, ``value``, ``low``, ``high``, ``impact``, ….
        table: the same in words and figures, for copying and for screen readers.
        reference: of intervals: the value of all answers.
        score_kind: of intervals: "nps", "csat", "ces" or "rating".
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
    score_kind: str = ""
    empty: str = ""


def nothing(key: str, kind: ChartKind, title: str, why: str) -> Chart:
    """Return a chart that says why there is none."""
    return Chart(key, kind, title, "", "", 0, (), pl.DataFrame(), pl.DataFrame(), empty=why)


def cells(top: pl.DataFrame, per: pl.DataFrame, columns: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return one row per theme and column, in order: those of ``per``, 0 and "" where it has none.

    Args:
        top: themes, in their order.
        per: ``theme_id``, ``by``, ``records`` and maybe ``mark``.
        columns: ``by``, ``n``; in their order.
        by: the column's key.
    """
    mark = pl.col("mark").fill_null("") if "mark" in per.columns else pl.lit("").alias("mark")
    return (
        top.select("theme_id")
        .join(columns, how="cross", maintain_order="left_right")
        .join(per, on=["theme_id", by], how="left", maintain_order="left")
        .with_columns(pl.col("records").fill_null(0), mark)
        .with_columns((pl.col("records") / pl.col("n")).alias("share"))
    )


def listed(top: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return ``top`` with the cells of each theme as lists ``counts``, ``shares``, ``marks``."""
    lists = found.group_by("theme_id", maintain_order=True).agg(
        counts="records", shares="share", marks="mark"
    )
    return top.join(lists, on="theme_id", maintain_order="left")


def based(columns: pl.DataFrame, by: str, words: Mapping[str, str]) -> tuple[Column, ...]:
    """Return the columns, weak where their base is small."""
    return tuple(
        Column(words[name], n, n < ENOUGH_RECORDS)
        for name, n in columns.select(by, "n").iter_rows()
    )


def share_table(rows: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """Return counts and shares, two columns for each column of the chart."""
    names = heads([column.label for column in columns])
    return rows.select(
        pl.col("title").alias("Theme"),
        *(
            expression
            for at, (head, column) in enumerate(zip(names, columns, strict=True))
            for expression in (
                pl.col("counts").list.get(at).alias(f"{head}, records of {column.n:,}"),
                (pl.col("shares").list.get(at) * 100).round(1).alias(f"{head}, %"),
            )
        ),
    )


def heads(labels: Sequence[str]) -> list[str]:
    """Return the labels made different: columns of a table have to be."""
    found: list[str] = []
    for label in labels:
        head, number = label, 1
        while head in (*found, "Theme"):
            number += 1
            head = f"{label} ({number})"
        found.append(head)
    return found


def joined(*parts: str) -> str:
    """Return the sentences that there are as one text."""
    return " ".join(part for part in parts if part)
