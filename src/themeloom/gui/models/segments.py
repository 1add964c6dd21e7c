"""Segments of records: which there are, with which values, and what selects them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import cast

import polars as pl

_PREFIX = "segment:"


@dataclass(frozen=True)
class Segments:
    """The segments of a project.

    Records of the same plan, region and so on share the text of their segments, so that a
    condition on a segment is one on few texts.

    Attributes:
        values: per segment its values with the number of records, most frequent first.
    """

    values: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, dict[str, int]])
    _texts: Mapping[tuple[str, str], list[str]] = field(
        default_factory=dict[tuple[str, str], list[str]]
    )

    def where(self, name: str, values: Collection[str]) -> pl.Expr:
        """Return which excerpts have one of ``values`` in the segment ``name``."""
        texts = [text for value in values for text in self._texts.get((name, value), [])]
        return pl.col("segments_json").is_in(texts)


def read_segments(records: pl.DataFrame) -> Segments:
    """Return the segments of ``View.records``."""
    values: dict[str, dict[str, int]] = {}
    texts: dict[tuple[str, str], list[str]] = {}
    counts = records.group_by("segments_json", maintain_order=True).len()
    for text, number in counts.drop_nulls().iter_rows():
        for name, value in parse_segments(text).items():
            known = values.setdefault(name, {})
            known[value] = known.get(value, 0) + number
            texts.setdefault((name, value), []).append(text)
    ranked = {
        name: dict(sorted(known.items(), key=lambda item: (-item[1], item[0])))
        for name, known in sorted(values.items())
    }
    return Segments(ranked, texts)


def parse_segments(text: str | None) -> dict[str, str]:
    """Return the segments of one record."""
    if not text:
        return {}
    found = cast(dict[str, object], json.loads(text))
    return {name: str(value) for name, value in found.items() if value not in (None, "")}


def segment_column(name: str) -> str:
    """Return the key of the column that shows a segment."""
    return _PREFIX + name


def segment_of(column: str) -> str | None:
    """Return which segment a column shows, None where it shows something else."""
    return column.removeprefix(_PREFIX) if column.startswith(_PREFIX) else None
