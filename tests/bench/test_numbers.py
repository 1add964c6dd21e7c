"""Bench: all numbers of 100,000 excerpts, 60 themes, 12 periods and 10 segments in under 2 s."""

import json
import statistics
import time
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from themeloom.analytics.numbers import Basis, theme_numbers
from themeloom.domain import frames
from themeloom.domain.periods import Period

EXCERPTS, RECORDS, THEMES, SEGMENTS = 100_000, 60_000, 60, 10


def large_basis() -> Basis:
    random = np.random.default_rng(1)
    start = datetime.fromisoformat("2025-10-01T08")
    kinds = random.choice(
        ["ticket", "nps", "call", "interview"], RECORDS, p=[0.5, 0.45, 0.04, 0.01]
    )
    values = random.integers(0, 6, size=(RECORDS, SEGMENTS))
    records = pl.DataFrame(
        {
            "record_id": [f"{n:032x}" for n in range(RECORDS)],
            "source_id": random.choice(["a", "b", "rival"], RECORDS, p=[0.5, 0.45, 0.05]),
            "kind": kinds,
            "date": [start + timedelta(days=int(day)) for day in random.integers(0, 365, RECORDS)],
            "person_key": [f"p{n}@x.example" for n in random.integers(0, 40_000, RECORDS)],
            "account": [f"Account {n}" for n in random.integers(0, 3000, RECORDS)],
            "score": np.where(kinds == "nps", random.integers(0, 11, RECORDS), np.nan),
            "score_kind": [kind if kind == "nps" else None for kind in kinds],
            "non_answer": random.random(RECORDS) < 0.02,
            "segments_json": [
                json.dumps({f"segment {at}": f"value {value}" for at, value in enumerate(row)})
                for row in values
            ],
        }
    )
    of = np.concatenate([np.arange(RECORDS), random.integers(0, RECORDS, EXCERPTS - RECORDS)])
    excerpts = pl.DataFrame(
        {
            "excerpt_id": [f"{record:032x}.{n}" for n, record in enumerate(of)],
            "record_id": records["record_id"].gather(of),
        }
    )
    chances = 1 / np.arange(1, THEMES + 1)
    assignments = pl.DataFrame(
        {
            "excerpt_id": excerpts["excerpt_id"],
            "theme_id": [
                f"T-{n + 1:03d}" for n in random.choice(THEMES, EXCERPTS, p=chances / chances.sum())
            ],
        }
    )
    themes = pl.DataFrame(
        [{"theme_id": f"G-{n:02d}", "level": "group"} for n in range(1, 13)]
        + [
            {"theme_id": f"T-{n + 1:03d}", "parent_id": f"G-{n % 12 + 1:02d}", "level": "theme"}
            for n in range(THEMES)
        ],
        infer_schema_length=None,
    )
    sources = pl.DataFrame(
        [
            {"source_id": name, "about": "competitor" if name == "rival" else "us"}
            for name in ("a", "b", "rival")
        ]
    )
    accounts = pl.DataFrame(
        {"account": [f"account {n}" for n in range(2500)], "revenue": random.integers(1, 90, 2500)}
    )
    return Basis(
        records=frames.conform(records, frames.RECORDS).drop("text", "raw_text"),
        excerpts=frames.conform(excerpts, frames.EXCERPTS).drop("text"),
        assignments=frames.conform(assignments, frames.ASSIGNMENTS),
        themes=frames.conform(themes, frames.THEMES),
        sources=frames.conform(sources, frames.SOURCES),
        accounts=frames.conform(accounts, frames.ACCOUNTS),
    )


@pytest.mark.bench
def test_all_numbers_of_a_large_project() -> None:
    basis = large_basis()
    numbers = theme_numbers(basis)
    seconds: list[float] = []
    for _ in range(5):
        begun = time.perf_counter()
        numbers = theme_numbers(basis)
        seconds.append(time.perf_counter() - begun)
    assert numbers.axis.height == 12
    assert numbers.segments["segment"].n_unique() == SEGMENTS
    assert numbers.reach.height == THEMES + 12
    median = statistics.median(seconds)
    print(
        f"\nnumbers of {EXCERPTS:,} excerpts × {THEMES} themes × 12 periods × {SEGMENTS} segments: "
        f"{median:.2f} s (of {', '.join(f'{one:.2f}' for one in sorted(seconds))})"
    )
    assert median < 2


@pytest.mark.bench
def test_a_chosen_period_costs_no_more() -> None:
    whole = large_basis()
    quarter = Period(
        datetime.fromisoformat("2026-07-01").date(), datetime.fromisoformat("2026-09-30").date()
    )
    begun = time.perf_counter()
    numbers = theme_numbers(replace(whole, period=quarter))
    seconds = time.perf_counter() - begun
    print(f"\nthe same with a period: {seconds:.2f} s")
    assert numbers.total_before
    assert seconds < 2
