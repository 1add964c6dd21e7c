"""What Themeloom wrote itself is no feedback: a folder may hold last month's results, too.

Taken in, each quote and claim would count as one more record.
"""

import zipfile
from pathlib import Path

from themeloom.domain.errors import ImportFileError
from themeloom.importers.grid import Grid
from themeloom.importers.preflight import UNPACKING

#: Custom properties of the workbook, whoever saved it last.
_PROPERTIES = (b'"Project id"', b'"Export id"', b'"Schema version"')
_PARTS = ("docProps/custom.xml", "meta.xml")  # in xlsx, in ods
_MOST = 1 << 20  # bytes of such a part
#: Columns that stand together in one of the tables for programs only.
_TABLES = (
    frozenset({"record_id", "excerpt_id", "theme_id", "similarity"}),
    frozenset({"record_id", "primary_theme_id", "theme_ids"}),
    frozenset({"insight_id", "theme_id", "statement"}),
)


def refuse_own_workbook(path: Path) -> None:
    """Refuse a workbook of insights, also one that another program saved anew.

    Raises:
        ImportFileError: it is one.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for part in set(_PARTS).intersection(archive.namelist()):
                if archive.getinfo(part).file_size <= _MOST:
                    content = archive.read(part)
                    if all(name in content for name in _PROPERTIES):
                        raise _own(path.name)
    except (*UNPACKING, OSError):
        return  # no package (xls), or a damaged one: reading it says so


def refuse_own_table(grid: Grid, name: str) -> None:
    """Refuse a table for programs: coded excerpts, coded records, insights.

    Raises:
        ImportFileError: it is one.
    """
    first = {cell for cell in grid.frame.row(0) if cell} if grid.frame.height else set[str]()
    if any(table <= first for table in _TABLES):
        raise _own(name)


def _own(name: str) -> ImportFileError:
    return ImportFileError(
        "Themeloom wrote this file: it holds results, no feedback.",
        file=name,
        hint="Import what the customers wrote; edits of product managers come back by “merge”.",
    )
