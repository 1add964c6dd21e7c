"""``roster``: product areas, PMs and what goes where, as a sheet that the import reads back."""

from pathlib import Path
from typing import BinaryIO

import polars as pl

from themeloom.domain.errors import ExportError
from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.safety.cells import fit
from themeloom.exporters.safety.targets import write_whole
from themeloom.insights.model import BookData

#: ROSTER column → header and width in characters.
_COLUMNS = {
    "area": ("Product area", 28),
    "pm": ("PM", 26),
    "email": ("PM e-mail", 34),
    "covers": ("Covers", 90),
}

_HINT = (
    "Covers: titles of themes or groups, or words, separated by “;”. "
    "“word: refund” covers every theme with this word."
)


def write_roster(roster: pl.DataFrame, target: Path) -> None:
    """Write ROSTER to an xlsx file.

    Raises:
        ExportError: it is empty, or the target cannot be written.
    """
    if roster.is_empty():
        raise ExportError(
            "The project has no roster yet.",
            hint="Import one, or add product areas and PMs in the window.",
        )
    write_whole(target, lambda file: _write_sheet(roster, file))


def _write_sheet(roster: pl.DataFrame, file: BinaryIO) -> None:
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    workbook = Workbook()
    page = workbook.active
    assert page is not None
    page.title = "Roster"
    page.freeze_panes = "A2"
    headers = [header for header, _width in _COLUMNS.values()]
    rows = roster.select(list(_COLUMNS)).rows()
    for at_row, texts in enumerate([headers, *rows], 1):
        for at_column, text in enumerate(texts, 1):
            cell = page.cell(at_row, at_column, fit(text)[0] if text else None)
            if text:
                cell.data_type = "s"  # never a formula, whatever it begins with
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if at_row == 1:
                cell.font = Font(bold=True)
    for number, (_header, width) in enumerate(_COLUMNS.values(), 1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.cell(1, len(_COLUMNS)).comment = Comment(_HINT, "Themeloom", width=320, height=90)
    table = Table(displayName="Roster", ref=f"A1:{get_column_letter(len(_COLUMNS))}{len(rows) + 1}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    page.add_table(table)
    workbook.save(file)


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing the roster", 0, 1)
    write_roster(data.roster, target)
    progress("Writing the roster", 1, 1)
    return {}


EXPORTER = Exporter(
    name="roster",
    suffix=".xlsx",
    describes="product areas, PMs and what goes where; import reads it back",
    write=_write,
)
