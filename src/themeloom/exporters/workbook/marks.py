"""Marks of cells that do not come back: enough to tell later whether somebody edited one."""

import hashlib
import re
from datetime import datetime
from typing import Final

import polars as pl

from themeloom.domain.records import DateOrder
from themeloom.exporters.safety.cells import fit, looks_like_formula
from themeloom.importers.dates import parse_dates

#: Under this name the log of deliveries keeps them: JSON, header → mark.
CLOSED: Final = "_closed"

_TEXT, _NUMBER, _DAY = "t", "n", "d"
_MOST = 20_000  # characters that are compared: what is longer than a cell was cut
_DAY_FIRST_PART = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
_DIGITS = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def mark_of(value: str | float | datetime | None) -> str:
    """Return the mark of what is written into a cell, "" for an empty one.

    Of a text only its hash is kept: what customers said stands nowhere twice.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return f"{_DAY}{value:%Y-%m-%d}"
    if isinstance(value, str):
        return _TEXT + _hash(value)
    return f"{_NUMBER}{value!r}" if value - value == 0 else ""


def says(mark: str, cell: str) -> bool:
    """Return whether a cell still says what it was marked with, however a program spells it.

    Blanks tell nothing; numbers may be rounded, in per cent and in the writing of any country;
    days may be written in any order.
    """
    text = cell.strip()
    if not mark or not text:
        return not mark and not text
    if mark[0] == _NUMBER:
        return _is_number(float(mark[1:]), text)
    if mark[0] == _DAY:
        return mark[1:] in _days(text)
    return mark[1:] == _hash(text)


def _hash(text: str) -> str:
    if text.startswith("'") and looks_like_formula(text[1:]):
        text = text[1:]
    bare = "".join(fit(text)[0].split())[:_MOST]
    return hashlib.sha256(bare.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _is_number(value: float, text: str) -> bool:
    bare = re.sub(r"[^\d.,+\-eE]", "", text.replace("\u2212", "-"))
    unit = 0.01 if "%" in text else 1.0
    for plain in (bare.replace(",", ""), bare.replace(".", "").replace(",", ".")):
        if _DIGITS.fullmatch(plain):
            decimals = 0 if "e" in plain.lower() else len(plain.partition(".")[2])
            rounding = 0.5001 * 10.0**-decimals * unit
            if abs(float(plain) * unit - value) <= rounding + 1e-9 * abs(value):
                return True
    return False


def _days(text: str) -> set[str]:
    whole = _DAY_FIRST_PART.fullmatch(text)
    if whole:
        return {whole[1]}
    read = (parse_dates(pl.Series([text]), order).values[0] for order in DateOrder)
    return {f"{day:%Y-%m-%d}" for day in read if day is not None}
