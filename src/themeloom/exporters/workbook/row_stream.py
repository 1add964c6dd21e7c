"""Rows of a sheet as XML, made by polars in chunks: many cells in little time and memory.

The XML is SpreadsheetML (ECMA-376 part 1, 18.3.1): inline strings, numbers, dates as serial days.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
from openpyxl.utils import get_column_letter

from themeloom.exporters.safety.cells import FIRST_DAY, escape, leads_to_formula

_CHUNK = 4_000  # rows; about 10 MB of XML
_DAY = 86_400_000_000  # microseconds
_EPOCH = 25_569  # 1970-01-01 as a serial day


@dataclass(frozen=True, slots=True)
class BulkColumn:
    """A column of the frame: strings, datetimes and numbers become cells of their own kind."""

    name: str
    kind: pl.DataType


def row_chunks(
    part: str, frame: pl.DataFrame, columns: Sequence[BulkColumn], first_row: int
) -> Iterator[bytes]:
    """Return a sheet's XML in pieces, with the rows of ``frame`` from ``first_row`` on.

    ``part`` is the sheet as openpyxl wrote it, with two empty model rows at ``first_row``: the
    first has the styles of the columns, the second those for texts that begin like a formula.
    ``frame`` has a column ``_height`` in points besides ``columns``.
    """
    plain, quoted = (_model_row(part, first_row + offset) for offset in (0, 1))
    last = first_row + max(frame.height, 1) - 1
    corner = f"{get_column_letter(len(columns))}{last}"
    head = re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="A1:{corner}"', part[: plain.start])
    yield head.encode()
    for start in range(0, frame.height, _CHUNK):
        piece = frame.slice(start, _CHUNK)
        numbers = pl.int_range(first_row + start, first_row + start + piece.height, eager=True)
        rows = piece.with_columns(numbers.cast(pl.String).alias("_row")).select(
            pl.concat_str(
                pl.lit('<row r="'),
                pl.col("_row"),
                pl.lit('" ht="'),
                pl.col("_height").cast(pl.String),
                pl.lit('" customHeight="1">'),
                *(
                    _cell(column, get_column_letter(place), plain.styles, quoted.styles, place - 1)
                    for place, column in enumerate(columns, 1)
                ),
                pl.lit("</row>"),
            ).alias("xml")
        )
        yield "".join(rows["xml"]).encode()
    yield part[quoted.end :].encode()


@dataclass(frozen=True, slots=True)
class _ModelRow:
    start: int
    end: int
    styles: list[str]


def _model_row(part: str, number: int) -> _ModelRow:
    row = re.search(rf'<row r="{number}"[^>]*>(.*?)</row>', part, re.DOTALL)
    if row is None:
        raise ValueError(f"row {number} is missing from the model sheet")
    return _ModelRow(row.start(), row.end(), re.findall(r'<c [^>]*\bs="(\d+)"', row[1]))


def _cell(
    column: BulkColumn, letter: str, plain: list[str], quoted: list[str], place: int
) -> pl.Expr:
    value = pl.col(column.name)
    if column.kind == pl.String:
        style = (
            pl.when(leads_to_formula(value))
            .then(pl.lit(quoted[place]))
            .otherwise(pl.lit(plain[place]))
        )
        cell = _text_cell(letter, style, value)
    elif isinstance(column.kind, pl.Datetime):
        serial = value.dt.timestamp("us") / _DAY + _EPOCH
        old = pl.col(column.name).dt.to_string("%Y-%m-%d %H:%M")
        cell = (
            pl.when(value < FIRST_DAY)
            .then(_text_cell(letter, pl.lit(plain[place]), old))
            .otherwise(_number_cell(letter, plain[place], serial))
        )
    else:
        cell = _number_cell(letter, plain[place], value)
    empty = pl.concat_str(
        pl.lit(f'<c r="{letter}'), pl.col("_row"), pl.lit(f'" s="{plain[place]}"/>')
    )
    return pl.when(value.is_null()).then(empty).otherwise(cell)


def _text_cell(letter: str, style: pl.Expr, text: pl.Expr) -> pl.Expr:
    escapes = text.str.contains(r"_x[0-9A-Fa-f]{4}_")
    literal = (
        pl.when(escapes)
        .then(text.map_batches(_escaped, return_dtype=pl.String))
        .otherwise(text)
        .str.replace_all("&", "&amp;", literal=True)
        .str.replace_all("<", "&lt;", literal=True)
        .str.replace_all(">", "&gt;", literal=True)
    )
    return pl.concat_str(
        pl.lit(f'<c r="{letter}'),
        pl.col("_row"),
        pl.lit('" s="'),
        style,
        pl.lit('" t="inlineStr"><is><t xml:space="preserve">'),
        literal,
        pl.lit("</t></is></c>"),
    )


def _escaped(texts: pl.Series) -> pl.Series:
    return pl.Series(
        texts.name, [text if text is None else escape(text) for text in texts], pl.String
    )


def _number_cell(letter: str, style: str, value: pl.Expr) -> pl.Expr:
    return pl.concat_str(
        pl.lit(f'<c r="{letter}'),
        pl.col("_row"),
        pl.lit(f'" s="{style}"><v>'),
        value.cast(pl.String),
        pl.lit("</v></c>"),
    )
