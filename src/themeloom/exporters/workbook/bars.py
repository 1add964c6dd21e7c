"""Data bars in one plain colour, as Excel 2010 and later draw them.

openpyxl writes data bars of 2007 only, which fade out, so that their lengths cannot be compared.
The extension is that of [MS-XLSX] 2.6.3, ``x14:dataBar``; programs that do not know it keep the old
bars.
"""

import re
from typing import Any

from openpyxl.formatting.rule import DataBar, FormatObject, Rule
from openpyxl.styles import Color
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from themeloom.exporters.workbook import look
from themeloom.exporters.workbook.table_sheet import FIRST_ROW

_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_RULE = re.compile(
    r'(<conditionalFormatting sqref="([^"]+)">\s*<cfRule type="dataBar".*?)(</cfRule>)', re.DOTALL
)


def add_bars(sheet: Worksheet, column: int, last_row: int, first_row: int = FIRST_ROW) -> None:
    """Draw bars behind the figures of a column; the figures stay readable without them."""
    letter = get_column_letter(column)
    bars = Rule(
        type="dataBar",
        dataBar=DataBar(
            cfvo=[FormatObject(type="num", val=0), FormatObject(type="max")],
            color=Color(rgb=f"FF{look.BAR}"),
            minLength=0,
            maxLength=100,
        ),
    )
    rules: Any = sheet.conditional_formatting
    rules.add(f"{letter}{first_row}:{letter}{last_row}", bars)


def with_solid_bars(part: str, colour: str) -> str:
    """Return a sheet's XML in which every data bar is solid; all start at 0, the largest is full."""
    extensions: list[str] = []

    def extended(found: re.Match[str]) -> str:
        identity = f"{{7E3E4C1A-0000-4000-8000-{len(extensions) + 1:012d}}}"
        extensions.append(
            f'<x14:conditionalFormatting xmlns:xm="{_XM}">'
            f'<x14:cfRule type="dataBar" id="{identity}">'
            '<x14:dataBar minLength="0" maxLength="100" gradient="0">'
            '<x14:cfvo type="num"><xm:f>0</xm:f></x14:cfvo><x14:cfvo type="max"/>'
            f'<x14:negativeFillColor rgb="FF{colour}"/><x14:axisColor rgb="FF000000"/>'
            f"</x14:dataBar></x14:cfRule><xm:sqref>{found[2]}</xm:sqref>"
            "</x14:conditionalFormatting>"
        )
        return (
            f'{found[1]}<extLst><ext xmlns:x14="{_X14}" uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}">'
            f"<x14:id>{identity}</x14:id></ext></extLst>{found[3]}"
        )

    marked = _RULE.sub(extended, part)
    if not extensions:
        return part
    return marked.replace(
        "</worksheet>",
        f'<extLst><ext xmlns:x14="{_X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">'
        f"<x14:conditionalFormattings>{''.join(extensions)}</x14:conditionalFormattings>"
        "</ext></extLst></worksheet>",
    )
