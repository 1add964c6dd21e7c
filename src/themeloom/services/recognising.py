"""Tells an exported workbook that comes back from a file of feedback."""

from pathlib import Path

from themeloom.domain.errors import ImportFileError
from themeloom.exporters.returning.tables import ReturnedFile
from themeloom.exporters.workbook.columns import EXPORT_ID, PROJECT_ID

_BOOKS = frozenset({".xlsx", ".xlsm", ".ods", ".xls"})
_SHEETS = frozenset({"Insights", "Evidence", "Themes"})


def may_be_export(path: Path) -> bool:
    """Return whether it is worth to look into ``path``: takes no time."""
    return path.suffix.lower() in _BOOKS


def is_export(path: Path) -> bool:
    """Return whether a workbook is one of our exports, also when another program has saved it.

    Told by its properties; where a program has dropped these, by its sheets. What cannot be read
    is none: the import says why.
    """
    if not may_be_export(path):
        return False
    try:
        file = ReturnedFile(path)
    except (ImportFileError, OSError):
        return False
    named = file.properties.keys() & {EXPORT_ID, PROJECT_ID}
    return bool(named) or {sheet for sheet in file.sheets if sheet} >= _SHEETS
