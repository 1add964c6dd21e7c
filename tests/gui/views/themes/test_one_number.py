"""One number, one base: what a theme is told to have in the tree, in its insight and in what leaves."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from tests.services.fernwick import copy_fernwick

from themeloom.domain import frames
from themeloom.domain.periods import parse_period
from themeloom.exporters.workbook.insights_sheet import impact_text
from themeloom.gui.models.theme_tree import ThemeTreeModel
from themeloom.gui.views.themes.figures import share_words, theme_figures, trend_told
from themeloom.insights.model import Impact, Share
from themeloom.services import joining
from themeloom.services.coverage import Coverage
from themeloom.services.dashboard import DashboardOptions, dashboard
from themeloom.services.exporting import ExportOptions, export
from themeloom.services.insight_copies import page_of, sheet_row
from themeloom.services.insight_list import InsightList, insight_list, key_figures, sources
from themeloom.services.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """The sample, with a theme of which a competitor's customer and a silent record speak, too."""
    opened = Session.open(copy_fernwick(tmp_path / "fernwick.loom", few=True))
    project = opened.project
    theme = opened.view.themes.filter(level="theme")["theme_id"][0]
    for about, silent in (("competitor", False), ("us", True)):
        name = f"{about}-1"
        with project.begin_import(about) as stage:
            source = stage.add_source({"file": f"{about}.csv", "kind": "ticket", "about": about})
            text = "The sync fails."
            record = {
                "record_id": name, "source_id": source, "kind": "ticket", "row": 2, "text": text,
                "non_answer": silent, "content_hash": name,
            }  # fmt: skip
            stage.add_records(frames.conform(pl.DataFrame([record]), frames.RECORDS))
            excerpt = {
                "excerpt_id": f"{name}.0", "record_id": name, "ordinal": 0, "start": 0,
                "end": len(text), "text": text,
            }  # fmt: skip
            stage.add_excerpts(frames.conform(pl.DataFrame([excerpt]), frames.EXCERPTS))
            stage.commit()
        project.assign([f"{name}.0"], theme)
    opened.reload()
    yield opened
    opened.close()


def _themes(session: Session) -> dict[str, dict[str, Any]]:
    return {row["theme_id"]: row for row in session.view.themes.iter_rows(named=True)}


def _plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def test_a_share_of_records_has_one_base_and_says_it(session: Session) -> None:
    """The inspector told the share of all records, the insight that of those that say something."""
    found, themes = insight_list(session), _themes(session)
    base = session.view.totals.answering
    assert base < session.view.totals.records
    for one in found.items:
        theme = themes[one.insight.theme_id]
        inspected = [(figure.value, figure.base) for figure in theme_figures(theme, session.view)]
        records, accounts, _ = [(figure.value, figure.base) for figure in key_figures(one)]
        assert inspected[0] == records
        assert inspected[2] == accounts
        assert _plain(records[1]).endswith(f"% of {base} that say something")
        assert share_words(theme) == sources(one)
        assert base == sum(share.base for share in one.insight.shares.values())
        assert "Shares are of the records that say something." in page_of(one, found).sure


def test_bars_of_the_tree_say_the_shares_of_the_inspector(session: Session) -> None:
    """One wrote 1 %, the other under 1 %."""
    model = ThemeTreeModel()
    small = session.view.themes.with_columns(share_ticket=pl.lit(0.007))
    model.show_themes(small)
    theme = small.row(1, named=True)
    facts = model.facts(theme["theme_id"])
    assert facts
    words = model._tip(facts, 2)
    assert words.startswith("Of the records that say something: tickets under 1\u00a0%")
    assert share_words(theme).startswith("under 1\u00a0% of tickets")


@pytest.mark.parametrize("period", [None, "2026-09"])
def test_a_theme_goes_one_way(tmp_path: Path, period: str | None) -> None:
    """The inspector compared thirds of weeks: it said falling where the insight said rising."""
    session = Session.open(copy_fernwick(tmp_path / "fernwick.loom"))
    session.set_period(parse_period(period) if period else None)
    found, themes = insight_list(session), _themes(session)
    charts = dashboard(session, DashboardOptions()).charts
    drawn = dict(charts[0].rows.select("theme_id", "trend").iter_rows())
    directions: set[str] = set()
    for one in found.items:
        trend = one.insight.trend
        theme = themes[one.insight.theme_id]
        word, rest = trend_told(theme, session.view)
        assert (f"{word}: {rest}." if word else f"{rest}.") == trend.words
        assert theme["direction"] == trend.direction
        if one.insight.theme_id in drawn:
            assert drawn[one.insight.theme_id] in (trend.words, "")
        directions.add(trend.direction)
    assert len(directions) > 1
    session.close()


def test_themes_together_have_the_records_that_each_of_them_counts(session: Session) -> None:
    """Records that say nothing, or are about a competitor, stood in what a merge would have."""
    for theme_id, theme in _themes(session).items():
        assert joining.together(session.view, [theme_id]) == theme["records"]


def test_coverage_is_one_number(session: Session) -> None:
    """The dialog that lets excerpts in counted those about competitors, the status bar did not."""
    known = Coverage.load(session.project)
    assert known
    told = session.view.totals.coverage
    assert known.preview(0).before == told
    assert insight_list(session).coverage == told


def test_an_impact_has_its_sign_everywhere(session: Session) -> None:
    found: InsightList = insight_list(session)
    item = found.items[0]
    impact = Impact(12.79, 3.96, 21.2, 40)
    item = replace(item, insight=replace(item.insight, impacts={"nps": impact}))
    told = "+12.8 [+4.0, +21.2]"
    assert impact_text("nps", impact, None) == told
    (figure,) = (one for one in page_of(item, found).figures if one.name == "NPS impact")
    assert figure.value == told
    assert (key_figures(item)[2].value, key_figures(item)[2].base) == ("+12.8", "[+4.0, +21.2]")


def test_the_impact_on_a_rating_is_told_where_there_is_no_nps(session: Session) -> None:
    """The page in the window told the mean rating, the page that leaves told the impact on it."""
    found = insight_list(session)
    item = found.items[0]
    rated = replace(
        item.insight,
        impacts={"rating": Impact(-0.03, -0.06, 0.01, 686)},
        shares={"other": Share(687, 2261)},
    )
    item = replace(item, insight=rated)
    told = key_figures(item)[2]
    assert (told.name, told.value) == ("Average rating impact", "−0.03")
    (figure,) = (one for one in page_of(item, found).figures if one.name == told.name)
    assert figure.value == f"{told.value} {told.base}"
    assert _plain(sources(item)) == "30 % of records"


def test_unknown_accounts_are_not_none(session: Session) -> None:
    found = insight_list(session)
    item = replace(
        found.items[0], insight=replace(found.items[0].insight, accounts=0, accounts_known=0)
    )
    assert key_figures(item)[1].value == "unknown"
    assert dict(sheet_row(item))["Accounts"] == "unknown"


def test_figures_of_the_workbook_are_those_of_the_page(session: Session, tmp_path: Path) -> None:
    """Cells hold the numbers; shown with their formats they are what the page writes."""
    found = insight_list(session)
    export(session.project, "xlsx", tmp_path / "book.xlsx", ExportOptions())
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    head, *rows = book["Insights"].iter_rows(min_row=5)
    place = {str(cell.value).removesuffix(" ✎"): at for at, cell in enumerate(head)}
    for one, row in zip(found.items, rows, strict=True):
        figures = {figure.name: figure.value for figure in page_of(one, found).figures}
        assert row[place["NPS impact"]].value == figures.get("NPS impact", "too few answers")
        nps = row[place["NPS"]]
        if isinstance(nps.value, float):
            assert nps.number_format == '+0;"−"0;0'
            assert re.fullmatch(r"[+−]?\d+", figures["NPS"])
        share = row[place["Share of tickets"]]
        assert "under 1 %" in share.number_format
