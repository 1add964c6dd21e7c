"""The dashboard's charts of a real project, and what goes to the clipboard."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.services.fernwick import copy_fernwick

from themeloom.analytics.numbers import theme_numbers
from themeloom.domain.periods import parse_period
from themeloom.domain.themes import Status
from themeloom.services.clipboard import as_html, as_tsv
from themeloom.services.dashboard import DashboardOptions, dashboard
from themeloom.services.numbers import basis_of
from themeloom.services.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = Session.open(copy_fernwick(tmp_path / "fernwick.loom"))
    yield opened
    opened.close()


def test_charts_agree_with_the_tree(session: Session) -> None:
    time, score, segments, sources = dashboard(session, DashboardOptions()).charts
    counts = dict(session.view.themes.select("theme_id", "records").iter_rows())
    for chart in (time, segments, sources):
        for row in chart.rows.iter_rows(named=True):
            assert row["records"] == counts[row["theme_id"]]
    dated = {row["theme_id"]: sum(row["counts"]) for row in time.rows.iter_rows(named=True)}
    assert all(total <= counts[theme_id] for theme_id, total in dated.items())
    shares = dict(session.view.themes.select("theme_id", "share_nps").iter_rows())
    at = [column.label for column in sources.columns].index("NPS")
    for row in sources.rows.iter_rows(named=True):
        assert row["shares"][at] == pytest.approx(shares[row["theme_id"]])
    assert all(row["n"] >= 10 for row in score.rows.iter_rows(named=True))


def test_segments_come_from_records_and_accounts(session: Session) -> None:
    found = dashboard(session, DashboardOptions(segment="Region"))
    assert {"Plan", "Region", "Role"} <= set(found.segments)  # Region: of accounts only
    assert found.segment == "Region"
    assert found.charts[2].title == "Themes by segment: Region"
    assert dashboard(session, DashboardOptions(segment="gone")).segment == found.segments[0]


def test_accepted_only(session: Session) -> None:
    wanted = session.view.themes.filter(pl.col("level") == "theme")["theme_id"].to_list()
    session.change(lambda one: one.project.set_theme_status(wanted[1:], Status.PROPOSED))
    charts = dashboard(session, DashboardOptions(accepted_only=True)).charts
    assert charts[3].rows["theme_id"].to_list() == wanted[:1]


def test_charts_say_what_the_numbers_say_in_any_period(session: Session) -> None:
    session.set_period(parse_period("2026-09"))
    found = theme_numbers(basis_of(session))
    time, score, segments, sources = dashboard(session, DashboardOptions()).charts
    reach = dict(found.reach.select("theme_id", "records").iter_rows())
    for chart in (time, segments, sources):
        assert all(row["records"] == reach[row["theme_id"]] for row in chart.rows.to_dicts())
    directions = dict(found.trends.select("theme_id", "direction").iter_rows())
    assert dict(time.rows.select("theme_id", "direction").iter_rows()).items() <= directions.items()
    assert "rising" in time.rows["direction"].to_list()
    assert score.n == found.overall["n"][0] < 354
    assert sources.n == found.total
    own = found.scores.filter(pl.col("theme_id").is_in(score.rows["theme_id"].to_list()))
    for name in ("value", "low", "high", "impact"):
        assert score.rows.sort("theme_id")[name].equals(own[name]), name


def test_titles_are_masked(session: Session) -> None:
    theme_id = session.view.themes.filter(pl.col("level") == "theme")["theme_id"][0]
    session.change(
        lambda one: one.project.rename_theme(theme_id, "Mail of jane.doe@example.com is lost")
    )
    table = dashboard(session, DashboardOptions()).charts[3].table
    assert "jane.doe" not in as_tsv(table)
    assert "Mail of [EMAIL_" in as_tsv(table)


def test_a_copied_table_runs_no_formula_and_no_markup() -> None:
    table = pl.DataFrame(
        {"Theme": ["=HYPERLINK(1)", "<b>a</b>\tb", "+sum(A1)"], "NPS": [-34.0, None, 2.5]}
    )
    assert as_tsv(table) == "Theme\tNPS\n'=HYPERLINK(1)\t-34\n<b>a</b> b\t\n'+sum(A1)\t2.5"
    html = as_html(table, "A & B", "n < 10")
    assert "<td>&lt;b&gt;a&lt;/b&gt; b</td>" in html
    assert "A &amp; B" in html
    assert "n &lt; 10" in html
