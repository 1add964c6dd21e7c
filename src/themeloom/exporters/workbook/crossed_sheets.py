"""The sheets ``Theme × segment``, ``Theme × period`` and ``Theme × source``."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl
from openpyxl.chart import Reference
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from themeloom.base.figures import percent
from themeloom.domain.insights import Direction
from themeloom.exporters.safety.cells import CellGuard
from themeloom.exporters.workbook import look
from themeloom.exporters.workbook.bars import add_bars
from themeloom.exporters.workbook.charts import MOST_BARS, MOST_LINES, bar_chart, line_chart
from themeloom.exporters.workbook.insights_sheet import trend_cell
from themeloom.exporters.workbook.layout import Layout
from themeloom.exporters.workbook.matrix import (
    HEADING_ABOVE,
    LEFT,
    Cell,
    Crossing,
    Filled,
    Placed,
    write_crossings,
)
from themeloom.exporters.workbook.table_sheet import (
    Column,
    Story,
    Styled,
    Value,
    header_width,
    print_set_up,
)
from themeloom.insights.model import Book, Insight
from themeloom.insights.wording import count, kind_words

#: More values of one segment than a person compares; the largest ones are shown.
MOST_VALUES: Final = 12

#: Shares of fewer records than that jump by whole steps: they are marked as “few”.
LEAST_BASE: Final = 20
_MOST_PERIODS: Final = 53

_MARKS: Final = {"more": look.MORE, "fewer": look.FEWER, "few": look.FEW}
_FEW_WORDS: Final = 2  # cells or themes that a summary names
_DIRECTIONS: Final = {
    Direction.RISING: "Rising",
    Direction.NEW: "New",
    Direction.FALLING: "Falling",
}


def write_by_segment(sheet: Worksheet, book: Book, layout: Layout, guard: CellGuard) -> None:
    """Fill the sheet: who speaks of a theme more, or less, than all do."""
    frame = _of_insights(book.numbers.segments, book)
    values = _segment_values(frame)
    cells = _by_key(frame, "segment", "value")

    def share(segment: str, value: str) -> Cell:
        def cell(one: Insight) -> Value | Styled:
            row = cells.get((one.theme_id, segment, value))
            if row is None:
                return 0.0
            return Styled(row["share"], _MARKS.get(row["mark"], look.SHARE))

        return cell

    def records(segment: str, value: str) -> Cell:
        def cell(one: Insight) -> Value | Styled:
            row = cells.get((one.theme_id, segment, value))
            return row["records"] if row else 0

        return cell

    def columns(style: str, cell: Any) -> list[Filled]:
        return [
            Filled(
                Column(header, header_width(header, 15), style, above=f"n = {base:,}"),
                cell(segment, value),
            )
            for segment, value, base in values
            for header in (f"{segment}: {value}",)
        ]

    story = Story(
        "Who speaks of what",
        _standing_out(frame, book) if values else "The records have no segments to compare.",
        "Share of the records of a segment (n above it) that speak of the theme. ▲ more, ▼ fewer than all others do, beyond chance; “few”: too few records to tell.",
    )
    placed = write_crossings(
        sheet,
        book,
        layout,
        story,
        [
            Crossing("Segments", columns(look.SHARE, share)),
            Crossing("SegmentRecords", columns(look.NUMBER, records), "The same in records"),
        ],
        guard,
    )
    _finish(sheet, book, placed)


def write_by_period(sheet: Worksheet, book: Book, layout: Layout, guard: CellGuard) -> None:
    """Fill the sheet: records of each theme in each period, and their share."""
    axis = book.numbers.axis.tail(_MOST_PERIODS)
    frame = _of_insights(book.numbers.periods, book)
    cells = _by_key(frame, "start")

    def figure(start: object, name: str) -> Cell:
        def cell(one: Insight) -> Value | Styled:
            row = cells.get((one.theme_id, start))
            return row[name] if row else (0 if name == "records" else None)

        return cell

    def columns(name: str, style: str) -> list[Filled]:
        return [
            Filled(
                Column(_period_header(row), 13, style, above=f"n = {row['base']:,}"),
                figure(row["start"], name),
            )
            for row in axis.iter_rows(named=True)
        ]

    trend = Filled(Column("Trend", 12), trend_cell)
    every = "" if axis.is_empty() else book.numbers.every
    left_out = book.numbers.axis.height - axis.height
    story = Story(
        f"How it goes, {every} by {every}" if every else "How it goes",
        _trends_told(book) + (f" The {left_out} oldest are left out." if left_out else ""),
        "Records of each period that speak of the theme; n above: records of that period that say something. (partial): the records do not fill it. (gap): a source is missing.",
    )
    placed = write_crossings(
        sheet,
        book,
        layout,
        story,
        [
            Crossing("Periods", [trend, *columns("records", look.NUMBER)]),
            Crossing(
                "PeriodShares", [trend, *columns("share", look.SHARE)], "The same as a share of n"
            ),
        ],
        guard,
    )
    _draw_periods(sheet, book, placed, axis.height)
    _finish(sheet, book, placed)


def write_by_source(sheet: Worksheet, book: Book, layout: Layout, guard: CellGuard) -> None:
    """Fill the sheet: the share of each theme within each kind of source, never pooled."""
    frame = _of_insights(book.numbers.kinds, book)
    cells = _by_key(frame, "kind")
    compared = book.numbers.before is not None
    bases: dict[str, int] = dict(frame.select("kind", "base").iter_rows())

    def of_kind(kind: str) -> list[Filled]:
        # A theme that is absent had no records; where nobody said anything there is no share.
        told_before = frame.filter(pl.col("kind") == kind)["share_before"].drop_nulls().len() > 0
        absent = {"share": bool(bases.get(kind)), "share_before": told_before}
        small = 0 < bases.get(kind, 0) < LEAST_BASE

        def figure(name: str) -> Cell:
            def cell(one: Insight) -> Value | Styled:
                row = cells.get((one.theme_id, kind))
                value = row[name] if row else (0.0 if absent[name] else None)
                few = small and name == "share" and value is not None
                return Styled(value, look.FEW) if few else value

            return cell

        def interval(one: Insight) -> Value | Styled:
            row = cells.get((one.theme_id, kind))
            if row is None or row["low"] is None:
                return None
            low, high = percent(row["low"]), percent(row["high"])
            return low if low == high else f"{low} to {high}"

        words = kind_words(kind)
        above = f"n = {bases.get(kind, 0):,}"
        return [
            Filled(Column(f"Share of {words}", 13, look.SHARE, above=above), figure("share")),
            Filled(Column(f"90 % interval, {words}", 21, look.WORDS), interval),
            *(
                [Filled(Column(f"Share of {words} before", 13, look.SHARE), figure("share_before"))]
                if compared
                else []
            ),
        ]

    def records(kind: str) -> Cell:
        def cell(one: Insight) -> Value | Styled:
            row = cells.get((one.theme_id, kind))
            return row["records"] if row else 0

        return cell

    kinds = [kind.kind for kind in book.kinds]
    many = "kind" if len(kinds) == 1 else "kinds"
    found_in = Filled(
        Column("Found in", 14, look.QUIET_TEXT),
        lambda one: (
            f"{sum(share.records > 0 for share in one.shares.values())} of {len(kinds)} {many}"
        ),
    )
    story = Story(
        "Where it was said",
        "Each kind of source is a base of its own: who writes a ticket is not who answers a survey.",
        "Share of the records of a kind (n above: those that say something) that speak of the theme, with its 90 % interval; “few”: n is small. What is found in several kinds is surer.",
    )
    counted = [Filled(Column("Records", 12, look.NUMBER), lambda one: one.records)]
    counted += [
        Filled(Column(f"Records: {kind_words(kind)}", 13, look.NUMBER), records(kind))
        for kind in kinds
    ]
    shares = [part for kind in kinds for part in of_kind(kind)]
    placed = write_crossings(
        sheet,
        book,
        layout,
        story,
        [
            Crossing("Sources", [found_in, *shares]),
            Crossing("SourceRecords", counted, "The same in records"),
        ],
        guard,
    )
    add_bars(sheet, LEFT + 1, placed[1].last_row, placed[1].first_row)
    bars = min(MOST_BARS, len(book.insights))
    if bars:
        counts = placed[1]
        end = counts.first_row + bars - 1
        bar_chart(
            sheet,
            _beside(placed),
            "Records by theme and kind of source",
            Reference(sheet, min_col=LEFT, min_row=counts.first_row, max_row=end),
            [
                Reference(sheet, min_col=column, min_row=counts.header_row, max_row=end)
                for column in range(LEFT + 2, counts.last_column + 1)
            ],
            bars=bars,
        )
    _finish(sheet, book, placed)


def _draw_periods(sheet: Worksheet, book: Book, placed: Sequence[Placed], periods: int) -> None:
    lines = min(MOST_LINES, len(book.insights))
    if not lines or periods < 2:
        return
    shares, first = placed[1], LEFT + 2
    rows: list[tuple[str, Reference]] = []
    for row in range(shares.first_row, shares.first_row + lines):
        name = f"{quote_sheetname(sheet.title)}!${get_column_letter(LEFT)}${row}"
        values = Reference(
            sheet, min_col=first, max_col=shares.last_column, min_row=row, max_row=row
        )
        rows.append((name, values))
    line_chart(
        sheet,
        _beside(placed),
        f"Share of records by {book.numbers.every}, largest themes",
        Reference(
            sheet,
            min_col=first,
            max_col=shares.last_column,
            min_row=shares.header_row,
            max_row=shares.header_row,
        ),
        rows,
    )


def _beside(placed: Sequence[Placed]) -> str:
    """Return the cell right of all tables, level with the first header."""
    column = max(table.last_column for table in placed) + 2
    return f"{get_column_letter(column)}{placed[0].header_row}"


def _finish(sheet: Worksheet, book: Book, placed: Sequence[Placed]) -> None:
    columns = max(table.last_column for table in placed)
    further = [table.header_row - HEADING_ABOVE for table in placed[1:]]
    last = placed[-1].last_row
    print_set_up(sheet, book.project_name, book.masked, columns, last, further=further, left=LEFT)


def _of_insights(frame: pl.DataFrame, book: Book) -> pl.DataFrame:
    ids = pl.Series([one.theme_id for one in book.insights], dtype=pl.String)
    return frame.filter(pl.col("theme_id").is_in(ids.implode()))


def _by_key(frame: pl.DataFrame, *names: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    keys = ("theme_id", *names)
    return {tuple(row[name] for name in keys): row for row in frame.iter_rows(named=True)}


def _segment_values(frame: pl.DataFrame) -> list[tuple[str, str, int]]:
    """Return segment, value, base: each segment's largest values, segments as they come."""
    return [
        (segment, value, base)
        for segment, value, base in frame.group_by("segment", "value")
        .agg(pl.col("base").max())
        .sort(["segment", "base", "value"], descending=[False, True, False])
        .group_by("segment", maintain_order=True)
        .head(MOST_VALUES)
        .iter_rows()
    ]


def _standing_out(frame: pl.DataFrame, book: Book) -> str:
    """Return in words which cells stand out most."""
    out = frame.filter(pl.col("mark").is_in(["more", "fewer"])).sort("p_adjusted", "theme_id")
    if out.is_empty():
        return "No segment speaks of a theme clearly more, or less, than the others do."
    titles = {one.theme_id: one.theme for one in book.insights}
    told = [
        f"{row['value']}: {titles[row['theme_id']]} ({percent(row['share'])}, in all {percent(row['overall'])})"
        for row in out.head(_FEW_WORDS).iter_rows(named=True)
    ]
    return f"{count(out.height, 'cell')} stand out, most of all {'; '.join(told)}."


def _trends_told(book: Book) -> str:
    """Return in words which themes rise, fall or are new."""
    told: list[str] = []
    for direction, word in _DIRECTIONS.items():
        titles = [one.theme for one in book.insights if one.trend.direction == direction]
        if titles:
            more = f" and {len(titles) - _FEW_WORDS} more" if len(titles) > _FEW_WORDS else ""
            told.append(f"{word}: {', '.join(titles[:_FEW_WORDS])}{more}")
    if told:
        return f"{'. '.join(told)}."
    if book.numbers.axis.is_empty():
        return "No record has a date, so nothing can be said about time."
    if all(one.trend.direction == Direction.UNKNOWN for one in book.insights):
        return "It is too early to say what rises or falls."
    return "Nothing rises or falls clearly."


def _period_header(row: Mapping[str, Any]) -> str:
    marks = [word for word in ("partial", "gap") if row[word]]
    return f"{row['label']} ({', '.join(marks)})" if marks else row["label"]
