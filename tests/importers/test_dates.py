"""Dates as tools and people write them."""

from datetime import datetime

import polars as pl
import pytest

from themeloom.importers.dates import find_date, parse_dates

at = datetime.fromisoformat


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-02", at("2026-01-02")),
        ("2026-01-02 03:04:05", at("2026-01-02T03:04:05")),
        ("2020-02-19T01:54:52Z", at("2020-02-19T01:54:52")),
        ("2026-01-02T03:04:05.250+02:00", at("2026-01-02T01:04:05.250000")),
        ("2024-01-03 01:18:55 +0000", at("2024-01-03T01:18:55")),
        ("10/Jan/26 11:19 AM", at("2026-01-10T11:19")),
        ("01/Jul/25 12:05 AM", at("2025-07-01T00:05")),
        ("6/21/2025 16:14", at("2025-06-21T16:14")),
        ("12/13/2019 9:50:30", at("2019-12-13T09:50:30")),
        ("13.02.2026 08:00", at("2026-02-13T08:00")),
        ("02.03.2026", at("2026-03-02")),
        ("3. März 2026", at("2026-03-03")),
        ("12 de enero de 2026", at("2026-01-12")),
        ("1er août 2025", at("2025-08-01")),
        ("Thu, 24 Sep 2026 10:11:12 GMT", at("2026-09-24T10:11:12")),
        ("January 5th, 2026 at 3:15 PM", at("2026-01-05T15:15")),
        ("20260304", at("2026-03-04")),
        ("1485190808", at("2017-01-23T17:00:08")),
        ("1485190808123", at("2017-01-23T17:00:08.123000")),
        ("45123.5", at("2023-07-16T12:00")),
    ],
)
def test_shapes(written: str, meant: datetime) -> None:
    parsed = parse_dates(pl.Series([written, None]))
    assert parsed.values.to_list() == [meant, None]
    assert parsed.unreadable == 0


def test_the_column_decides_between_day_and_month() -> None:
    parsed = parse_dates(pl.Series(["01/02/2025", "21/06/2025"]))
    assert parsed.values.to_list() == [at("2025-02-01"), at("2025-06-21")]
    assert parsed.ambiguous == 0
    parsed = parse_dates(pl.Series(["01/02/2025", "06/21/2025"]))
    assert parsed.values.to_list() == [at("2025-01-02"), at("2025-06-21")]
    assert parsed.ambiguous == 0


def test_without_evidence_the_ambiguous_are_counted() -> None:
    parsed = parse_dates(pl.Series(["01/02/2025", "03/04/2025", "05/05/2025"]))
    assert parsed.values.to_list()[0] == at("2025-01-02")
    assert parsed.ambiguous == 2
    assert parsed.order == "month/day/year"


def test_what_is_no_date_stays_empty_and_is_counted() -> None:
    parsed = parse_dates(pl.Series(["2026-13-40", "soon", "2026-02-03", None]))
    assert parsed.values.to_list() == [None, None, at("2026-02-03"), None]
    assert parsed.unreadable == 2


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("24 July 2026, 10:30, Teams", at("2026-07-24")),
        ("Thurs 10 Sept 2026 (NZ morning), Zoom", at("2026-09-10")),
        ("2017-12-01", at("2017-12-01")),
        ("interview_20260304_anna", at("2026-03-04")),
        ("Interview took place on Dec 6, 2022.", at("2022-12-06")),
        ("We spoke for 20 minutes in 2026", None),
        ("order 20261340", None),
    ],
)
def test_dates_inside_a_line(text: str, meant: datetime | None) -> None:
    assert find_date(text) == meant
