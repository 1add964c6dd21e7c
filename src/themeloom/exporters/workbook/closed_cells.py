"""What an export says in its log of the rows of insights: cells that come back, marks of the rest."""

import json

from themeloom.exporters.exporter import Written
from themeloom.exporters.workbook.columns import INSIGHT_ID, written_values
from themeloom.exporters.workbook.insights_sheet import insight_columns
from themeloom.exporters.workbook.layout import Layout
from themeloom.exporters.workbook.marks import CLOSED, mark_of
from themeloom.exporters.workbook.table_sheet import Link, Styled, Value
from themeloom.insights.model import Book


def written_cells(project_id: str, book: Book) -> Written:
    """Return what is kept of each insight that is written on the sheet ``Insights``."""
    closed = [
        one
        for one in insight_columns(book, Layout.of(book))
        if not one.column.open and not one.column.hidden and one.column.header != INSIGHT_ID
    ]
    return {
        one.id: {
            **written_values(project_id, one),
            CLOSED: json.dumps({part.column.header: _mark(part.cell(one)) for part in closed}),
        }
        for one in book.insights
    }


def _mark(value: Value | Styled) -> str:
    if isinstance(value, Styled):
        value = value.value
    return mark_of(value.value if isinstance(value, Link) else value)
