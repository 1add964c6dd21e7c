"""Delimited text that does no harm when somebody opens it in a spreadsheet program."""

from typing import BinaryIO

import polars as pl

from themeloom.exporters.safety.cells import leads_to_formula

_PLAIN_NUMBER = r"^[+\-]?\d+(?:[.,]\d+)?$"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"


def write_csv(frame: pl.DataFrame, file: BinaryIO) -> None:
    """Write UTF-8 without byte-order mark, for programs; texts are always quoted (RFC 4180).

    A text that a spreadsheet program would run as a formula gets a ``'`` in front (OWASP ASVS 5.0,
    1.2.10); plain numbers are left alone. Characters that no document can hold are left out.
    """
    guarded = frame.with_columns(
        _guarded(name) for name, kind in frame.schema.items() if kind == pl.String
    )
    guarded.write_csv(file, quote_style="non_numeric")


def _guarded(name: str) -> pl.Expr:
    text = pl.col(name).str.replace_all(_CONTROL, "")
    runs = (leads_to_formula(pl.col(name)) | leads_to_formula(text)) & ~text.str.contains(
        _PLAIN_NUMBER
    )
    return pl.when(runs).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).alias(name)
