"""Native charts: they follow the cells, and stand beside or under the tables, never on them."""

from collections.abc import Sequence
from typing import Any, Final

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.data_source import NumDataSource, NumRef, StrRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from themeloom.exporters.workbook import look

#: More bars than a person compares at a glance; the table has them all.
MOST_BARS: Final = 15
MOST_LINES: Final = 6

#: Told apart by colour, and lines by their markers too.
_COLOURS: Final = ("2F3B97", "D08A3C", "48987C", "7B2B54", "B8892D", "0F6E89")
_MARKERS: Final = ("circle", "triangle", "square", "diamond", "x", "plus")

_WIDTH: Final = 26.0  # cm
_BAR: Final = 0.55  # cm of a bar with its label
_FRAME: Final = 3.0  # cm for title and axis
_LEGEND: Final = 1.2  # cm
_POINTS_PER_CM: Final = 28.35


def bar_chart(
    sheet: Worksheet,
    anchor: str,
    title: str,
    labels: Reference,
    values: Sequence[Reference],
    *,
    bars: int,
    number_format: str = "#,##0",
) -> float:
    """Draw horizontal bars, the first row on top, and return the height in points.

    Each of ``values`` is a column that begins with its header; more than one are stacked.
    """
    chart: Any = BarChart()
    chart.type = "bar"
    chart.gapWidth = 45
    if len(values) > 1:
        chart.grouping, chart.overlap = "stacked", 100
    _dress(chart, title, bars * _BAR + _FRAME, legend=len(values) > 1)
    for number, column in enumerate(values):
        series = _series(number, *_headed(column))
        colour = _COLOURS[number % len(_COLOURS)] if len(values) > 1 else look.ACCENT
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.invertIfNegative = False
        chart.series.append(series)
    chart.set_categories(labels)
    _upside_down(chart, number_format)
    sheet.add_chart(chart, anchor)
    return chart.height * _POINTS_PER_CM


def impact_chart(
    sheet: Worksheet,
    anchor: str,
    title: str,
    labels: Reference,
    values: Reference,
    over: str,
    under: str,
    *,
    bars: int,
    form: str,
) -> float:
    """Draw bars with intervals and return the height in points.

    ``over`` and ``under`` are references to how far the interval reaches above and below each bar,
    ``form`` is how the figures on the axis are written.
    """
    chart: Any = BarChart()
    chart.type = "bar"
    chart.gapWidth = 60
    _dress(chart, title, bars * _BAR + _FRAME, legend=False)
    series = _series(0, *_headed(values))
    series.graphicalProperties = GraphicalProperties(solidFill=look.BAR)
    series.invertIfNegative = False
    error_bars: Any = ErrorBars(
        errBarType="both",
        errValType="cust",
        noEndCap=False,
        plus=NumDataSource(numRef=NumRef(f=over)),
        minus=NumDataSource(numRef=NumRef(f=under)),
    )
    error_bars.spPr = GraphicalProperties(ln=LineProperties(solidFill=look.NAVY, w=15_000))
    series.errBars = error_bars
    chart.series.append(series)
    chart.set_categories(labels)
    _upside_down(chart, form)
    chart.x_axis.tickLblPos = "low"
    sheet.add_chart(chart, anchor)
    return chart.height * _POINTS_PER_CM


def line_chart(
    sheet: Worksheet,
    anchor: str,
    title: str,
    labels: Reference,
    rows: Sequence[tuple[str, Reference]],
) -> float:
    """Draw a line for each of ``rows`` (the cell with its name, the values); return the height."""
    chart: Any = LineChart()
    _dress(chart, title, 9.8, legend=True)
    for number, (name, values) in enumerate(rows):
        series = _series(number, name, values)
        colour = _COLOURS[number % len(_COLOURS)]
        series.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=colour, w=22_000)
        )
        series.smooth = False
        series.marker = Marker(
            symbol=_MARKERS[number % len(_MARKERS)],
            size=7,
            spPr=GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=colour)),
        )
        chart.series.append(series)
    chart.set_categories(labels)
    chart.y_axis.number_format = "0%"
    chart.y_axis.scaling.min = 0
    sheet.add_chart(chart, anchor)
    return chart.height * _POINTS_PER_CM


def _headed(column: Any) -> tuple[str, Reference]:
    """Return the cell with the header of a column, and the cells under it."""
    sheet, place, first = column.worksheet, column.min_col, column.min_row
    name = f"{quote_sheetname(sheet.title)}!${get_column_letter(place)}${first}"
    return name, Reference(sheet, min_col=place, min_row=first + 1, max_row=column.max_row)


def _series(number: int, name: str, values: Reference) -> Any:
    """Return a series whose name and values are read from cells."""
    return Series(
        idx=number,
        order=number,
        tx=SeriesLabel(strRef=StrRef(f=name)),
        val=NumDataSource(numRef=NumRef(f=str(values))),
    )


def _dress(chart: Any, title: str, height: float, *, legend: bool) -> None:
    chart.title = title
    heading: Any = chart.title
    heading.overlay = False
    chart.width, chart.height = _WIDTH, height + (_LEGEND if legend else 0)
    chart.style = 2
    # Excel leaves rows out that a filter hides; charts from hidden sheets are drawn all the same.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=look.LINE))
    if legend:
        chart.legend.position = "b"
    else:
        chart.legend = None


def _upside_down(chart: Any, number_format: str) -> None:
    """Let horizontal bars begin at the top, with the scale at the bottom."""
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.tickLblSkip = 1  # a bar without its name says nothing
    chart.y_axis.crosses = "max"
    chart.y_axis.number_format = number_format
