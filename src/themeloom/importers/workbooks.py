"""xlsx, xlsm, xlsb, xls and ods through fastexcel (calamine), every cell as text."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import polars as pl

from themeloom.base.figures import counted
from themeloom.domain.errors import ImportFileError
from themeloom.importers import preflight
from themeloom.importers.grid import Grid
from themeloom.importers.oldworkbooks import check_old_workbook
from themeloom.importers.sniffing import Format

_MAX_OLD_BYTES = 200_000_000
_MAX_SHEETS = 200


def read_workbook(path: Path, kind: Format) -> Iterator[Grid]:
    """Yield the visible sheets of a workbook in order, also the empty ones (without columns).

    Dates come as ``2026-01-02 03:04:05``, whole numbers without decimals, texts as they stand
    (leading zeros kept), errors such as #DIV/0! and formulas without a stored value as nothing.

    Raises:
        ImportFileError: damaged, protected, far too large, or nothing that can be read.
    """
    far = _check(path, kind)
    if far:
        yield from _read_streaming(path)
        return
    try:
        yield from _read_fast(path)
    except ImportFileError:
        raise
    except (GeneratorExit, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        if not _from_reader(error):
            raise
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise preflight.protected(path.name) from None
        raise preflight.damaged(path.name, _brief(error)) from None


def _check(path: Path, kind: Format) -> bool:
    """Refuse what is dangerous; return whether cells lie so far out that only streaming helps."""
    if kind is Format.WORKBOOK_OLD:
        if path.stat().st_size > _MAX_OLD_BYTES:
            raise preflight.too_far(path.name, None)
        check_old_workbook(path)
        return False
    preflight.check_package(path)
    if kind is Format.WORKBOOK_OPEN_DOCUMENT:
        preflight.check_open_document(path)
        return False
    if kind is not Format.WORKBOOK:
        return False
    return any(extent.cells > preflight.MAX_CELLS for extent in preflight.sheet_extents(path))


def _read_fast(path: Path) -> Iterator[Grid]:
    import fastexcel

    book: Any = fastexcel.read_excel(path)
    if not book.sheet_names:
        raise ImportFileError(
            "The workbook has no sheets.", file=path.name, hint="Save it anew and try again."
        )
    names: list[str] = book.sheet_names[:_MAX_SHEETS]
    failed = 0
    for name in names:
        try:
            # skip_rows=0 keeps empty rows at the top: row numbers stay the person's.
            sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        except fastexcel.FastExcelError:  # a chart's sheet, or a damaged one: the others stay
            failed += 1
            if failed == len(names):
                raise
            note = (
                f"The sheet “{name}” cannot be read and was left out: if it holds feedback, save "
                "the workbook anew in a spreadsheet program and import that."
            )
            yield Grid(name, pl.DataFrame(), notes=(note,))
            continue
        if sheet.visible != "visible":
            yield Grid(name, pl.DataFrame(), notes=(f"The hidden sheet “{name}” was not read.",))
            continue
        frame: pl.DataFrame = sheet.to_polars()
        yield Grid(name, frame.rename({old: str(at) for at, old in enumerate(frame.columns)}))


def _read_streaming(path: Path) -> Iterator[Grid]:
    """Read a workbook with stray far cells: rows of the filled cells only, up to the cell limit."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # pyright: ignore[reportAttributeAccessIssue]
            rows = cast("Iterator[tuple[object, ...]]", sheet.iter_rows(values_only=True))
            yield Grid(sheet.title, *_trimmed(rows, path.name, sheet.title))
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, IndexError, SyntaxError) as error:
        raise preflight.damaged(path.name, _brief(error)) from None


def _trimmed(
    rows: Iterator[tuple[object, ...]], name: str, sheet: str
) -> tuple[pl.DataFrame, None, tuple[str, ...]]:
    kept: list[list[str | None]] = []
    strays = 0
    width = 0
    filled = 0
    for number, row in enumerate(rows):
        if row.count(None) == len(row):  # there may be a million of them
            continue
        cells = [_text(value) for value in row[:_STREAMED_COLUMNS]]
        strays += sum(value is not None for value in row[_STREAMED_COLUMNS:])
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if number - len(kept) > _STREAMED_GAP:
            strays += sum(cell is not None for cell in cells)
            continue
        kept.extend([] for _ in range(number - len(kept)))
        kept.append(cells)
        width = max(width, len(cells))
        filled += len(cells)
        if filled > preflight.MAX_CELLS // 5:
            raise preflight.too_far(name, sheet)
    columns = [
        pl.Series(str(at), [row[at] if at < len(row) else None for row in kept], pl.String)
        for at in range(width)
    ]
    cells, were = counted(strays, "cell", "cells"), "was" if strays == 1 else "were"
    note = f"{cells} far away from the table on sheet “{sheet}” {were} not read."
    return pl.DataFrame(columns, height=len(kept)), None, (note,) if strays else ()


_STREAMED_COLUMNS = 1_000
_STREAMED_GAP = 10_000  # rows without a cell, after which a cell is a stray


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _from_reader(error: BaseException) -> bool:
    """A panic, or any error of fastexcel, calamine or the Arrow hand-over; not our own defects."""
    module = type(error).__module__
    return (
        type(error).__name__ == "PanicException"
        or module.startswith(("fastexcel", "_fastexcel", "polars"))
        or isinstance(error, ValueError | OSError | OverflowError)
    )


def _brief(error: BaseException) -> str:
    """Return the first line of what the reader says, for those who can use it."""
    first = next(iter(str(error).strip().splitlines()), "")
    return first[:120].rstrip(".") or type(error).__name__
