"""``xlsx``: the insight workbook."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from themeloom.exporters.exporter import Exporter, Progress, Written, silent
from themeloom.exporters.safety.targets import write_whole
from themeloom.insights.book import compose
from themeloom.insights.model import Book, BookData

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

# openpyxl is imported where it is used: listing the formats has to stay quick.


def write_workbook(book: Book, file: BinaryIO, progress: Progress = silent) -> None:
    """Write ``book`` as a workbook into ``file`` (binary, writable).

    Memory stays bounded: the rows of ``All records`` are streamed, 4,000 at a time.
    """
    from openpyxl import Workbook

    from themeloom.exporters.safety.cells import CellGuard
    from themeloom.exporters.workbook import crossed_sheets, look, text_sheets
    from themeloom.exporters.workbook import layout as places
    from themeloom.exporters.workbook.bars import with_solid_bars
    from themeloom.exporters.workbook.evidence_sheet import write_evidence
    from themeloom.exporters.workbook.insights_sheet import write_insights
    from themeloom.exporters.workbook.layout import Layout
    from themeloom.exporters.workbook.lists_sheet import write_lists
    from themeloom.exporters.workbook.look import add_styles
    from themeloom.exporters.workbook.page_sheet import write_page
    from themeloom.exporters.workbook.properties import set_properties
    from themeloom.exporters.workbook.records_sheet import write_records_head
    from themeloom.exporters.workbook.scores_sheet import write_scores
    from themeloom.exporters.workbook.themes_sheet import write_themes

    stage = "Writing the workbook"
    progress(stage, 0, 6)
    workbook = Workbook()
    add_styles(workbook)
    page = workbook.active
    assert page is not None
    page.title = places.README
    sheets = {name: workbook.create_sheet(name) for name in places.SHEETS[1:]}
    lists = sheets[places.LISTS]
    guard = CellGuard(places.LONG_TEXTS)
    layout = Layout.of(book)
    choices = write_lists(lists, book, guard)
    write_insights(sheets[places.INSIGHTS], book, layout, choices, guard)
    progress(stage, 1, 6)
    write_evidence(sheets[places.EVIDENCE], book, layout, guard)
    progress(stage, 2, 6)
    write_themes(sheets[places.THEMES], lists, book, layout, guard)
    crossed_sheets.write_by_segment(sheets[places.BY_SEGMENT], book, layout, guard)
    crossed_sheets.write_by_period(sheets[places.BY_PERIOD], book, layout, guard)
    crossed_sheets.write_by_source(sheets[places.BY_SOURCE], book, layout, guard)
    write_scores(sheets[places.SCORES], lists, book, layout, guard)
    progress(stage, 3, 6)
    records = write_records_head(sheets[places.RECORDS], book, guard)
    progress(stage, 4, 6)
    text_sheets.write_codebook(sheets[places.CODEBOOK], book, guard)
    text_sheets.write_changes(sheets[places.CHANGES], book, layout, guard)
    text_sheets.write_quality(sheets[places.QUALITY], book, guard)
    if guard.long:
        place = workbook.index(lists)
        text_sheets.write_long_texts(workbook.create_sheet(places.LONG_TEXTS, place), book, guard)
    write_page(page, lists, book, layout, guard)
    set_properties(workbook, book)
    _open_at(workbook, sheets[places.INSIGHTS] if book.insights else page)
    small = io.BytesIO()
    workbook.save(small)
    progress(stage, 5, 6)
    parts = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(workbook.sheetnames, 1)}

    def watched(chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            progress(stage, 5, 6)  # may raise: a person can stop in the middle of many rows
            yield chunk

    def content(part: str, written: bytes) -> Iterable[bytes]:
        if parts.get(part) == places.RECORDS:
            return watched(records.chunks(written.decode()))
        if part in parts:
            return (with_solid_bars(written.decode(), look.BAR).encode(),)
        return (written,)

    _assemble(small, file, content)
    progress(stage, 6, 6)


def _open_at(workbook: "Workbook", shown: "Worksheet") -> None:
    """Let the file open at one sheet; two selected ones would be edited together."""
    workbook.active = workbook.index(shown)
    for sheet in workbook.worksheets:
        sheet.sheet_view.tabSelected = sheet is shown


def _assemble(
    small: BinaryIO, file: BinaryIO, content: Callable[[str, bytes], Iterable[bytes]]
) -> None:
    """Copy the parts of a workbook into ``file``, each as ``content`` makes it."""
    with (
        zipfile.ZipFile(small) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as target,
    ):
        for name in source.namelist():
            with target.open(name, "w", force_zip64=True) as part:
                for piece in content(name, source.read(name)):
                    part.write(piece)


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    from themeloom.exporters.workbook.closed_cells import written_cells

    book = compose(data)
    write_whole(target, lambda file: write_workbook(book, file, progress))
    return written_cells(data.project_id, book)


EXPORTER = Exporter(
    name="xlsx",
    suffix=".xlsx",
    describes="the insight workbook for product managers",
    write=_write,
)
