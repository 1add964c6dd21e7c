"""Sheets about customers and about who answers for what."""

from pathlib import Path

import pytest

from themeloom.importers.accounts import amount, read_accounts, read_roster, role_of
from themeloom.importers.sniffing import Format
from themeloom.importers.tables import Table, read_tables


def read(data: str, tmp_path: Path) -> Table:
    path = tmp_path / "in.csv"
    path.write_text(data, encoding="utf-8")
    (table,) = read_tables(path, Format.DELIMITED)
    return table


def test_accounts(tmp_path: Path) -> None:
    table = read(
        'Account,Plan,ARR (EUR),Region,Account owner\nAcme,Team,"4,320",DACH,Joy\nBeta,Free,,UK,Sam\n',
        tmp_path,
    )
    assert role_of(table, "customers") == "accounts"
    assert read_accounts(table).rows() == [
        ("Acme", 4320.0, '{"Plan": "Team", "Region": "DACH"}', "Joy"),
        ("Beta", None, '{"Plan": "Free", "Region": "UK"}', "Sam"),
    ]


def test_monthly_revenue_counts_twelve_times(tmp_path: Path) -> None:
    table = read("Company,MRR\nAcme,$100\n", tmp_path)
    assert read_accounts(table)["revenue"].to_list() == [1200.0]


def test_roster(tmp_path: Path) -> None:
    table = read(
        "Product area,PM,PM e-mail,Covers\nMobile,Ann Lee,ann@example.com,offline mode; photos\n",
        tmp_path,
    )
    assert role_of(table, "who") == "roster"
    assert read_roster(table).rows() == [
        ("Mobile", "Ann Lee", "ann@example.com", "offline mode; photos")
    ]


def test_feedback_with_an_account_column_is_feedback(tmp_path: Path) -> None:
    table = read(
        "Account,Plan,Region,Comment\nAcme,Team,UK,Too slow\nBeta,Free,UK,Fine\n", tmp_path
    )
    assert role_of(table, "in") == "records"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("4320", 4320.0),
        ("€ 4.320,50", 4320.5),
        ("$4,320.50", 4320.5),
        ("1 200 000", 1_200_000.0),
        ("118.5k", 118_500.0),
        ("1.250 k", 1250.0),
        ("2,5 Mio. €", 2_500_000.0),
        ("12,5", 12.5),
        ("4,320", 4320.0),
        ("n/a", None),
        (None, None),
    ],
)
def test_amounts(cell: str | None, value: float | None) -> None:
    assert amount(cell) == value
