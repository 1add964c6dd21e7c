"""Rows of excerpts for the clipboard: text for spreadsheets, a table for documents."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape

from PySide6.QtCore import QMimeData

from themeloom.exporters.safety.cells import looks_like_formula
from themeloom.gui.models.excerpt_columns import ExcerptRow, Words, header
from themeloom.gui.widgets.shown_text import Mask, masked, no_mask


def copied(
    rows: Iterable[ExcerptRow], columns: Sequence[str], words: Words, mask: Mask = no_mask
) -> tuple[str, str]:
    """Return rows under their headers as text with tabs and as HTML.

    ``mask`` is for the titles of themes; the rows are masked already.
    """
    titles = {theme: masked(title, mask) for theme, title in words.titles.items()}
    words = replace(words, titles=titles)
    table = [[header(column) for column in columns]]
    table += [[_cell(row, column, words) for column in columns] for row in rows]
    text = "\n".join("\t".join(map(_quoted, line)) for line in table) + "\n"
    head, *body = (
        "".join(f"<{tag}>{_html(cell)}</{tag}>" for cell in line)
        for tag, line in zip(["th", *["td"] * (len(table) - 1)], table, strict=True)
    )
    lines = "".join(f"<tr>{line}</tr>" for line in (head, *body))
    return text, f'<meta charset="utf-8"><table>{lines}</table>'


def as_mime(texts: tuple[str, str]) -> QMimeData:
    """Return what the clipboard takes."""
    data = QMimeData()
    data.setText(texts[0])
    data.setHtml(texts[1])
    return data


def _cell(row: ExcerptRow, column: str, words: Words) -> str:
    if column == "excerpt":
        return row.text
    if column == "date":
        return row.date.date().isoformat() if row.date else ""
    return words.text(row, column)


def _quoted(cell: str) -> str:
    """Return a cell that spreadsheets read as the text that it is, and never run as a formula."""
    if looks_like_formula(cell):
        cell = f"'{cell}"
    if any(sign in cell for sign in '\t\n\r"'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _html(cell: str) -> str:
    return escape(f"'{cell}" if looks_like_formula(cell) else cell).replace("\n", "<br>")
