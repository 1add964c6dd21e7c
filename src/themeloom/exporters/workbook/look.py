"""Colours, fonts and named styles of the workbook."""

from copy import copy
from typing import Any, Final
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

FONT: Final = "Calibri"
SIZE: Final = 11

INK: Final = "1A1D23"
QUIET: Final = "575E6A"
ACCENT: Final = "2A5DC7"
NAVY: Final = "253B6E"
LINE: Final = "DCDFE4"
OPEN: Final = "FFF8DD"  # what a person may edit
OPEN_HEAD: Final = "6E5200"
BAD: Final = "AE2E27"
AMBER: Final = "835300"
OK: Final = "1D734A"
FAINT: Final = "6F7682"
MORE_FILL: Final = "DBE6FB"
FEWER_FILL: Final = "E9EBEF"
BAR: Final = "B9CCF4"
WINDOW: Final = "F3F4F6"

# Names as Excel shows them under "Cell styles".
TITLE: Final = "Loom title"
SUMMARY: Final = "Loom summary"
HOW_TO: Final = "Loom how-to"
HEADING: Final = "Loom heading"
HEADER: Final = "Loom header"
HEADER_NUMBER: Final = "Loom header number"
HEADER_OPEN: Final = "Loom header open"
ABOVE: Final = "Loom above"
ABOVE_NUMBER: Final = "Loom above number"
ABOVE_OPEN: Final = "Loom above open"
SMALL_HEADER: Final = "Loom small header"
SMALL_HEADER_NUMBER: Final = "Loom small header number"
TEXT: Final = "Loom text"
STRONG: Final = "Loom strong"
QUIET_TEXT: Final = "Loom quiet"
LINK: Final = "Loom link"
GROUP: Final = "Loom group"
GROUP_TEXT: Final = "Loom group text"
GROUP_NUMBER: Final = "Loom group number"
GROUP_SHARE: Final = "Loom group share"
NUMBER: Final = "Loom number"
SCORE: Final = "Loom score"  # as it was given, with its places
SIGNED: Final = "Loom signed"
SHARE: Final = "Loom share"
DATE: Final = "Loom date"
MORE: Final = "Loom share more"
FEWER: Final = "Loom share fewer"
FEW: Final = "Loom share few"
SIGNED_DECIMAL: Final = "Loom signed decimal"
HUNDREDTHS: Final = "Loom hundredths"
SIGNED_HUNDREDTHS: Final = "Loom signed hundredths"
WORSE: Final = "Loom worse"
BETTER: Final = "Loom better"
OPEN_TEXT: Final = "Loom open"
OPEN_STRONG: Final = "Loom open strong"
WORDS: Final = "Loom words for a number"
PARAGRAPH: Final = "Loom paragraph"
LEGEND: Final = "Loom legend"
RECORD_TEXT: Final = "Loom record"
RECORD_NUMBER: Final = "Loom record number"
RECORD_DATE: Final = "Loom record date"

NUMERIC: Final = frozenset(
    {NUMBER, SCORE, SIGNED, SIGNED_DECIMAL, HUNDREDTHS, SIGNED_HUNDREDTHS}
    | {SHARE, MORE, FEWER, FEW, WORDS, RECORD_NUMBER}
)


def _share_format(mark: str = "") -> str:
    """Return the format of shares as ``percent`` writes them, a mark behind each."""
    behind = f'"{mark}"' if mark else ""
    return f'[=0]0 %{behind};[<0.01]"under 1 %{mark}";0 %{behind}'


#: Of impacts and other changes, by their places: the sign is always there.
CHANGE_FORMATS: Final = {1: '+0.0;"−"0.0;0.0', 2: '+0.00;"−"0.00;0.00'}
_FORMATS: Final = {
    NUMBER: "#,##0",
    GROUP_NUMBER: "#,##0",
    GROUP_SHARE: _share_format(),
    SIGNED: '+0;"−"0;0',
    SIGNED_DECIMAL: CHANGE_FORMATS[1],
    HUNDREDTHS: '0.00;"−"0.00',
    SIGNED_HUNDREDTHS: CHANGE_FORMATS[2],
    SHARE: _share_format(),
    # The marks are part of the look: the values stay numbers.
    MORE: _share_format(" ▲"),
    FEWER: _share_format(" ▼"),
    FEW: _share_format(" few"),
    DATE: "yyyy-mm-dd",
    RECORD_DATE: "yyyy-mm-dd hh:mm",
    RECORD_TEXT: "@",
    # Text, so that what a person edits stays as typed.
    **dict.fromkeys(
        (
            *(TEXT, STRONG, GROUP, GROUP_TEXT, QUIET_TEXT, LINK, OPEN_TEXT, OPEN_STRONG),
            *(PARAGRAPH, WORDS, WORSE, BETTER, ABOVE, ABOVE_NUMBER, ABOVE_OPEN),
        ),
        "@",
    ),
}


def add_styles(book: Workbook) -> None:
    """Register all named styles with ``book``; its default style becomes the same font."""
    left = Alignment(vertical="center", horizontal="left", wrap_text=True, indent=1)
    right = Alignment(vertical="center", horizontal="right", indent=1)
    right_wrapped = Alignment(vertical="center", horizontal="right", indent=1, wrap_text=True)
    middle = Alignment(vertical="center", horizontal="left", indent=1)
    top = Alignment(vertical="top", horizontal="left", wrap_text=True, indent=1)
    edge = Side(style="thin", color="E5C453")
    line = Border(bottom=Side(style="thin", color=LINE))
    plain, quiet = _font(INK), _font(QUIET)
    strong, white = _font(INK, bold=True), _font("FFFFFF", bold=True)
    navy, window = _fill(NAVY), _fill(WINDOW)
    for style in (
        _style(TITLE, _font(INK, size=18, bold=True), middle),
        _style(SUMMARY, _font(QUIET, size=12), middle),
        _style(HOW_TO, plain, middle),
        _style(HEADING, _font(NAVY, size=13, bold=True), Alignment(vertical="bottom", horizontal="left", indent=1)),
        _style(HEADER, white, left, fill=navy),
        _style(HEADER_NUMBER, white, right_wrapped, fill=navy),
        _style(HEADER_OPEN, white, left, fill=_fill(OPEN_HEAD)),
        _style(ABOVE, _font(QUIET, size=9), Alignment(vertical="bottom", horizontal="left", indent=1)),
        _style(ABOVE_NUMBER, _font(QUIET, size=9), Alignment(vertical="bottom", horizontal="right", indent=1)),
        _style(ABOVE_OPEN, plain, middle, fill=_fill(OPEN)),
        _style(SMALL_HEADER, _font(QUIET, bold=True), left, fill=window, border=line),
        _style(SMALL_HEADER_NUMBER, _font(QUIET, bold=True), right, fill=window, border=line),
        _style(TEXT, plain, left, border=line),
        _style(STRONG, strong, left, border=line),
        _style(QUIET_TEXT, quiet, left, border=line),
        _style(WORDS, quiet, right_wrapped, border=line),
        _style(LINK, _font(ACCENT, linked=True), left, border=line),
        _style(GROUP, strong, left, fill=window, border=line),
        _style(GROUP_TEXT, plain, left, fill=window, border=line),
        _style(GROUP_NUMBER, strong, right, fill=window, border=line),
        _style(GROUP_SHARE, strong, right, fill=window, border=line),
        _style(NUMBER, plain, right, border=line),
        _style(SCORE, plain, right, border=line),
        _style(SIGNED, plain, right, border=line),
        _style(SHARE, plain, right, border=line),
        _style(SIGNED_DECIMAL, plain, right, border=line),
        _style(HUNDREDTHS, plain, right, border=line),
        _style(SIGNED_HUNDREDTHS, plain, right, border=line),
        _style(MORE, strong, right, fill=_fill(MORE_FILL), border=line),
        _style(FEWER, strong, right, fill=_fill(FEWER_FILL), border=line),
        _style(FEW, _font(FAINT), right, border=line),
        _style(WORSE, _font(BAD), left, border=line),
        _style(BETTER, _font(OK), left, border=line),
        _style(DATE, plain, Alignment(vertical="center", horizontal="left", indent=1), border=line),
        _style(RECORD_TEXT, plain, top, border=line),
        _style(RECORD_NUMBER, plain, Alignment(vertical="top", horizontal="right", indent=1), border=line),
        _style(RECORD_DATE, plain, Alignment(vertical="top", horizontal="left", indent=1), border=line),
        _style(OPEN_TEXT, plain, left, fill=_fill(OPEN), border=line, unlocked=True),
        _style(OPEN_STRONG, strong, left, fill=_fill(OPEN), border=line, unlocked=True),
        _style(PARAGRAPH, plain, top),
        _style(
            LEGEND,
            plain,
            Alignment(horizontal="center", vertical="center"),
            fill=_fill(OPEN),
            border=Border(left=edge, right=edge, top=edge, bottom=edge),
        ),
    ):  # fmt: skip
        book.add_named_style(style)


def unsigned_zero(value: float, places: int) -> float:
    """Return 0 for what a format of so many places shows as zero: else a minus stands before it."""
    return 0.0 if abs(value) < 0.5 / 10**places else value


def dress(cell: Cell, style: str) -> None:
    """Give a cell one of the styles, by name.

    openpyxl looks through all styles of a workbook for each cell; here it does once for each style.
    """
    plain: Any = cell
    known = _dressed.setdefault(plain.parent.parent, {})
    if style not in known:
        cell.style = style
        known[style] = plain._style
    plain._style = copy(known[style])


#: Workbook → style → openpyxl's numbers of its parts.
_dressed: WeakKeyDictionary[Workbook, dict[str, Any]] = WeakKeyDictionary()


def _style(
    name: str,
    font: Font,
    alignment: Alignment,
    *,
    fill: PatternFill | None = None,
    border: Border | None = None,
    unlocked: bool = False,
) -> NamedStyle:
    style = NamedStyle(
        name=name, font=font, alignment=alignment, number_format=_FORMATS.get(name, "General")
    )
    if fill is not None:
        style.fill = fill
    if border is not None:
        style.border = border
    if unlocked:
        style.protection = Protection(locked=False)
    return style


def _font(colour: str, *, size: int = SIZE, bold: bool = False, linked: bool = False) -> Font:
    return Font(
        name=FONT, size=size, bold=bold, color=colour, underline="single" if linked else None
    )


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour)
