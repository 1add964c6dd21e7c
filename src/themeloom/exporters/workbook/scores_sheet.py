"""The sheet ``NPS``: what the themes go with in the scores, with intervals and the formula."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import polars as pl
from openpyxl.chart import Reference
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from themeloom.base.figures import percent, score_change, score_places, score_value
from themeloom.exporters.safety.cells import CellGuard
from themeloom.exporters.workbook import look
from themeloom.exporters.workbook.charts import impact_chart
from themeloom.exporters.workbook.insights_sheet import TOO_FEW
from themeloom.exporters.workbook.layout import INSIGHTS, Layout
from themeloom.exporters.workbook.lists_sheet import add_columns
from themeloom.exporters.workbook.table_sheet import (
    FIRST_ROW,
    HEADER_ROW,
    Column,
    Link,
    Story,
    Styled,
    Value,
    add_table,
    print_set_up,
    put,
    write_head,
    write_rows,
)
from themeloom.insights.model import Book
from themeloom.insights.wording import count, score_word

_HEADERS: Final = (
    Column("Id", 9, look.LINK),
    Column("Theme", 40, look.STRONG),
    Column("Score", 15, look.QUIET_TEXT),
    Column("Answers", 11, look.NUMBER),
    Column("Value", 10, look.SIGNED),
    Column("90 % interval", 17, look.WORDS),
    Column("Impact", 11, look.SIGNED_DECIMAL),
    Column("Impact: 90 % interval", 17, look.WORDS),
    Column("Impact by regression", 12, look.SIGNED_DECIMAL),
    Column("Regression: 90 % interval", 17, look.WORDS),
)
_CAMPS: Final = (
    Column("Promoters", 12, look.NUMBER),
    Column("Of all promoters", 12, look.SHARE),
    Column("Detractors", 12, look.NUMBER),
    Column("Of all detractors", 12, look.SHARE),
)
_MOST_IMPACTS: Final = 20  # bars that a person compares

_FORMULAS: Final = (
    "Value: the score of the answers that carry the theme. NPS = % promoters (9–10) − % detractors (0–6), from −100 to +100; other scores: their mean.",
    "Impact = score of all answers − score of all answers without those that carry the theme. Below 0: the theme goes with lower scores. Interval: 90 %, bootstrap over people.",
    "Impact by regression = coefficient of the theme in a ridge regression of the score on all themes × share of answers that carry it: what is left when other themes are held equal.",
    "Both tell what goes together, not what causes it. Themes overlap, so impacts do not add up. Only records with a score count; with too few answers nothing is ranked.",
)


def write_scores(
    sheet: Worksheet, lists: Worksheet, book: Book, layout: Layout, guard: CellGuard
) -> None:
    """Fill the sheet; themes that go with the lowest scores stand on top of each kind of score.

    ``lists`` is the hidden sheet that charts are drawn from.
    """
    rows = score_rows(book)
    titles = {one.theme_id: one for one in book.insights}
    overall = {row["score_kind"]: row for row in book.numbers.overall.iter_rows(named=True)}
    story = Story(
        "What goes with high and low scores",
        " ".join(_overall(row) for row in overall.values())
        or "No record has a score, so there is nothing to compare.",
        "Impact = score of all answers − score without the theme. Association, not cause. Formulas stand under the table.",
    )
    nps = not overall or "nps" in overall
    columns = (*_HEADERS, *_CAMPS) if nps else _HEADERS
    headers = write_head(sheet, story, columns, guard, "C6")
    values: list[list[Value | Styled]] = []
    for row in rows:
        one = titles[row["theme_id"]]
        values.append(
            [
                Link(one.id, INSIGHTS, layout.insights[one.id]),
                one.theme,
                score_word(row["score_kind"]),
                *_figures(row, overall[row["score_kind"]])[: len(columns) - 3],
            ]
        )
    write_rows(sheet, columns, values, guard, [f"theme {row['theme_id']}" for row in rows])
    add_table(sheet, "Scores", headers, len(rows))
    last = _formulas(sheet, FIRST_ROW + max(len(rows), 1) + 1, guard)
    if rows and rows[0]["impact"] is not None:
        anchor = f"{get_column_letter(len(columns) + 2)}{HEADER_ROW}"
        titled = {one.theme_id: one.theme for one in book.insights}
        _draw(sheet, anchor, lists, rows, titled, guard)
    print_set_up(sheet, book.project_name, book.masked, len(columns), last)


def score_rows(book: Book) -> list[dict[str, Any]]:
    """Return scores of the insights' themes: by kind, lowest impact first, too few answers last."""
    ids = pl.Series([one.theme_id for one in book.insights], dtype=pl.String)
    frame = book.numbers.scores.filter(pl.col("theme_id").is_in(ids.implode()))
    order = {kind: place for place, kind in enumerate(book.score_kinds)}
    rows = list(frame.sort("impact", "theme_id", nulls_last=True).iter_rows(named=True))
    return sorted(rows, key=lambda row: order.get(row["score_kind"], len(order)))


def _figures(row: Mapping[str, Any], overall: Mapping[str, Any]) -> list[Value | Styled]:
    few = row["impact"] is None
    words = Styled(TOO_FEW, look.WORDS)
    kind = row["score_kind"]
    nps = kind == "nps"

    def moved(value: float | None) -> Value | Styled:
        if value is not None:
            value = look.unsigned_zero(value, score_places(kind))
        return value if nps else Styled(value, look.SIGNED_HUNDREDTHS)

    return [
        row["n"],
        words
        if few
        else look.unsigned_zero(row["value"], 0)
        if nps
        else Styled(row["value"], look.HUNDREDTHS),
        None if few else _interval(score_value, kind, row["low"], row["high"]),
        words if few else moved(row["impact"]),
        None if few else _interval(score_change, kind, row["impact_low"], row["impact_high"]),
        moved(row["effect"]),
        _interval(score_change, kind, row["effect_low"], row["effect_high"]),
        *_part(row["promoters"], overall["promoters"], shown=nps),
        *_part(row["detractors"], overall["detractors"], shown=nps),
    ]


def _part(n: int | None, base: int | None, *, shown: bool) -> list[Value | Styled]:
    if not shown or n is None:
        return [None, None]
    return [n, n / base if base else None]


def _interval(
    words: Callable[[str, float], str], kind: str, low: float | None, high: float | None
) -> str | None:
    if low is None or high is None:
        return None
    return f"{words(kind, low)} to {words(kind, high)}"


def _overall(row: Mapping[str, Any]) -> str:
    kind, n = row["score_kind"], row["n"]
    value, low, high = (score_value(kind, row[name]) for name in ("value", "low", "high"))
    told = f"{score_word(kind)} {value} [{low}, {high}] from {count(n, 'answer')}"
    if kind == "nps" and n:
        told += f": {percent(row['promoters'] / n)} promoters, {percent(row['detractors'] / n)} detractors"
    return f"{told}."


def _formulas(sheet: Worksheet, row: int, guard: CellGuard) -> int:
    """Print the formulas under the table and return the last row."""
    put(sheet, row, 1, "How these figures are made", look.HEADING, guard, "")
    sheet.row_dimensions[row].height = 24
    for text in _FORMULAS:
        row += 1
        put(sheet, row, 1, text, look.HOW_TO, guard, "")
        sheet.row_dimensions[row].height = 18
    return row


def _draw(
    sheet: Worksheet,
    anchor: str,
    lists: Worksheet,
    rows: Sequence[Mapping[str, Any]],
    titles: Mapping[str, str],
    guard: CellGuard,
) -> None:
    """Draw the impacts of the first kind of score, from a copy that nobody sorts."""
    kind = rows[0]["score_kind"]
    ranked = [row for row in rows if row["score_kind"] == kind and row["impact"] is not None]
    shown = ranked[:_MOST_IMPACTS]
    word = score_word(kind)
    first = add_columns(
        lists,
        {
            "Theme": [titles[row["theme_id"]] for row in shown],
            f"Impact on {word}": [row["impact"] for row in shown],
            "above": [(row["impact_high"] or row["impact"]) - row["impact"] for row in shown],
            "below": [row["impact"] - (row["impact_low"] or row["impact"]) for row in shown],
        },
        guard,
    )
    end = len(shown) + 1

    def cells(offset: int) -> str:
        letter = get_column_letter(first + offset)
        return f"{quote_sheetname(lists.title)}!${letter}$2:${letter}${end}"

    impact_chart(
        sheet,
        anchor,
        f"Impact on {word}, with 90 % intervals"
        + (f": the {len(shown)} lowest" if len(shown) < len(ranked) else ""),
        Reference(lists, min_col=first, min_row=2, max_row=end),
        Reference(lists, min_col=first + 1, min_row=1, max_row=end),
        cells(2),
        cells(3),
        bars=len(shown),
        form=look.CHANGE_FORMATS[score_places(kind)],
    )
