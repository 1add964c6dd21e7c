"""Small worlds for numbers: what a test does not name is filled in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from themeloom.analytics.numbers import Basis, ThemeNumbers, theme_numbers
from themeloom.domain import frames

#: A group of two themes, the first with a sub-theme; a third theme stands alone.
TREE = (
    {"theme_id": "G", "level": "group"},
    {"theme_id": "A", "parent_id": "G", "level": "theme"},
    {"theme_id": "B", "parent_id": "G", "level": "theme"},
    {"theme_id": "C", "level": "theme"},
    {"theme_id": "A1", "parent_id": "A", "level": "sub-theme"},
)


def frame(rows: Sequence[Mapping[str, Any]], schema: frames.Schema) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def basis(
    records: Sequence[Mapping[str, Any]],
    *,
    accounts: Sequence[Mapping[str, Any]] = (),
    themes: Sequence[Mapping[str, Any]] = TREE,
    **more: Any,
) -> Basis:
    """Return the basis of ``records``, numbered by place.

    ``themes`` of a record: one excerpt for each entry, with the theme ids in it, separated by
    spaces; ``source_id`` "rival" is about a competitor.
    """
    rows: list[dict[str, Any]] = []
    excerpts: list[dict[str, Any]] = []
    assignments: list[dict[str, Any]] = []
    for number, record in enumerate(records):
        day = record.get("date")
        rows.append(
            {
                "record_id": f"r{number:05d}",
                "source_id": "us",
                "kind": "ticket",
                **record,
                "date": datetime.fromisoformat(day) if isinstance(day, str) else day,
            }
        )
        for ordinal, ids in enumerate(record.get("themes", [""])):
            excerpt_id = f"r{number:05d}.{ordinal}"
            excerpts.append(
                {
                    "excerpt_id": excerpt_id,
                    "record_id": f"r{number:05d}",
                    "left_out": "non-answer" if record.get("non_answer") else None,
                }
            )
            assignments += [
                {"excerpt_id": excerpt_id, "theme_id": theme_id, "primary": not place}
                for place, theme_id in enumerate(ids.split())
            ]
    sources = [
        {"source_id": "us", "about": "us"},
        {"source_id": "rival", "about": "competitor"},
        {"source_id": "old", "about": None},
    ]
    return Basis(
        records=frame(rows, frames.RECORDS),
        excerpts=frame(excerpts, frames.EXCERPTS),
        assignments=frame(assignments, frames.ASSIGNMENTS),
        themes=frame(themes, frames.THEMES),
        sources=frame(sources, frames.SOURCES),
        accounts=frame(accounts, frames.ACCOUNTS),
        **more,
    )


def numbers(records: Sequence[Mapping[str, Any]], **more: Any) -> ThemeNumbers:
    return theme_numbers(basis(records, **more))


def of(found: pl.DataFrame, **keys: Any) -> dict[str, Any]:
    """Return the only row with these keys."""
    rows = found.filter(**keys).rows(named=True)
    assert len(rows) == 1, rows
    return rows[0]


def months(counts: Mapping[str, Sequence[int]], **more: Any) -> list[dict[str, Any]]:
    """Return records by month of 2026 (theme → counts; "" without a theme), on days 1, 15 and 28."""
    return [
        {"date": f"2026-{month:02d}-{(1, 15, 28)[place % 3]:02d}", "themes": [theme], **more}
        for theme, row in counts.items()
        for month, count in enumerate(row, 1)
        for place in range(count)
    ]
