"""The sheet ``Themes``: the tree of groups and themes with what each one means."""

from openpyxl.chart import Reference
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from themeloom.domain.themes import Level
from themeloom.exporters.safety.cells import CellGuard
from themeloom.exporters.workbook import look
from themeloom.exporters.workbook.bars import add_bars
from themeloom.exporters.workbook.charts import MOST_BARS, bar_chart
from themeloom.exporters.workbook.layout import EVIDENCE, INSIGHTS, Layout
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
    write_head,
    write_rows,
)
from themeloom.insights.model import Book, ThemeRow
from themeloom.insights.wording import count

_COLUMNS = (
    Column("Id", 9, look.QUIET_TEXT),
    Column("Theme", 40),
    Column("Level", 11, look.QUIET_TEXT),
    Column("Records", 12, look.NUMBER),
    Column("Excerpts", 11, look.NUMBER),
    Column("Share of excerpts", 11, look.SHARE),
    Column("Status", 11),
    Column("Insight", 10, look.LINK),
    Column("Quotes", 10, look.LINK),
    Column("Definition", 56),
    Column("Key phrases", 46),
)


def write_themes(
    sheet: Worksheet, lists: Worksheet, book: Book, layout: Layout, guard: CellGuard
) -> None:
    """Fill the sheet; ``lists`` is the hidden sheet that charts are drawn from."""
    groups = sum(row.level == Level.GROUP for row in book.themes)
    themes = sum(row.level == Level.THEME for row in book.themes)
    story = Story(
        "What they talked about",
        f"{count(themes, 'theme')} in {count(groups, 'group')}.",
        "A group counts the records of its themes once each. Share is of all excerpts that carry a theme. Insight and Quotes lead to their sheets.",
    )
    headers = write_head(sheet, story, _COLUMNS, guard, "C6")
    rows = [_row(row, layout) for row in book.themes]
    write_rows(sheet, _COLUMNS, rows, guard, [f"theme {row.theme_id}" for row in book.themes])
    add_table(sheet, "Themes", headers, len(rows))
    last = FIRST_ROW + max(len(rows), 1) - 1
    add_bars(sheet, headers.index("Records") + 1, last)
    records_chart(sheet, f"{get_column_letter(len(_COLUMNS) + 2)}{HEADER_ROW}", lists, book, guard)
    print_set_up(sheet, book.project_name, book.masked, len(_COLUMNS), last)


def records_chart(
    sheet: Worksheet,
    anchor: str,
    lists: Worksheet,
    book: Book,
    guard: CellGuard,
    *,
    most: int = MOST_BARS,
) -> float:
    """Draw the records of the ``most`` largest themes; return the height in points, 0 without any."""
    shown = book.insights[:most]
    if not shown:
        return 0
    columns = {
        "Theme": [one.theme for one in shown],
        "Records": [float(one.records) for one in shown],
    }
    first, end = add_columns(lists, columns, guard), len(shown) + 1
    more = f", the {len(shown)} largest" if len(shown) < len(book.insights) else ""
    return bar_chart(
        sheet,
        anchor,
        f"Records by theme{more}",
        Reference(lists, min_col=first, min_row=2, max_row=end),
        [Reference(lists, min_col=first + 1, min_row=1, max_row=end)],
        bars=len(shown),
    )


def _row(row: ThemeRow, layout: Layout) -> list[Value | Styled]:
    insight = layout.insights.get(row.insight_id or "")
    quotes = layout.evidence.get(row.insight_id or "")
    values: list[Value | Styled] = [
        row.theme_id,
        Styled(row.title, look.TEXT, row.depth),
        row.level,
        row.records,
        row.excerpts,
        row.share,
        row.status,
        Link(row.insight_id, INSIGHTS, insight) if row.insight_id and insight else None,
        Link(row.quotes, EVIDENCE, quotes) if row.quotes and quotes else None,
        row.definition,
        row.key_phrases,
    ]
    if row.level != Level.GROUP:
        return values
    styles = {3: look.GROUP_NUMBER, 4: look.GROUP_NUMBER, 5: look.GROUP_SHARE}
    styles |= {9: look.GROUP_TEXT, 10: look.GROUP_TEXT}
    return [
        Styled(value.value if isinstance(value, Styled) else value, styles.get(place, look.GROUP))
        for place, value in enumerate(values)
    ]
