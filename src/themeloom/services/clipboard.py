"""Tables as text that spreadsheet and word processors take from the clipboard."""

from html import escape

import polars as pl

from themeloom.exporters.safety.cells import looks_like_formula


def as_tsv(table: pl.DataFrame) -> str:
    """Return the table with tabs between columns.

    Numbers stay numbers; a text that a spreadsheet would run as a formula gets a ``'`` in front.
    """
    lines = [[_cell(name) for name in table.columns]]
    lines += [[_cell(value) for value in row] for row in table.iter_rows()]
    return "\n".join("\t".join(line) for line in lines)


def as_html(table: pl.DataFrame, heading: str, note: str) -> str:
    """Return the table as HTML with its heading above and its base and caution below."""
    head = "".join(f"<th>{escape(_cell(name))}</th>" for name in table.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_cell(value))}</td>" for value in row) + "</tr>"
        for row in table.iter_rows()
    )
    return (
        f"<p><b>{escape(heading)}</b></p><table border='1' cellspacing='0' cellpadding='4'>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{escape(note)}</p>"
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    if not isinstance(value, str):
        return str(value)
    flat = " ".join(value.split())
    return f"'{flat}" if looks_like_formula(flat) else flat
