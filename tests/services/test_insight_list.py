"""The insights on screen are those of the workbook, masked, and copies hold no markup of customers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from tests.services.fernwick import make_fernwick

from themeloom.domain.themes import Status
from themeloom.services.exporting import ExportOptions, export
from themeloom.services.insight_list import (
    InsightItem,
    InsightList,
    Quote,
    as_markdown,
    as_rich_text,
    insight_list,
)
from themeloom.services.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = Session.open(make_fernwick(tmp_path / "fernwick.loom"))
    yield opened
    opened.close()


def item(found: InsightList, title: str) -> InsightItem:
    return next(one for one in found.items if one.insight.title == title)


def test_what_the_sheet_insights_holds(session: Session, tmp_path: Path) -> None:
    found = insight_list(session)
    target = tmp_path / "book.xlsx"
    export(session.project, "xlsx", target, ExportOptions())
    head, *rows = openpyxl.load_workbook(target)["Insights"].iter_rows(min_row=5, values_only=True)
    names = [str(name).removesuffix(" ✎") for name in head]
    written = [dict(zip(names, row, strict=True)) for row in rows]
    assert [one.insight.id for one in found.items] == [row["Id"] for row in written]
    for one, row in zip(found.items, written, strict=True):
        assert one.insight.title == row["Insight"]
        assert one.insight.statement == row["Statement"]
        assert one.insight.records == row["Records"]
    assert found.period == "July to September 2026"


def test_quotes_are_exact_and_have_a_place(session: Session) -> None:
    texts = " ".join(session.project.records(["text"])["text"])
    checked = 0
    for one in insight_list(session).items:
        for quote in one.quotes:
            assert quote.place
            if "[" not in quote.text:
                assert quote.text in texts
                checked += 1
    assert checked > 30


def test_every_figure_has_its_base(session: Session) -> None:
    for one in insight_list(session).items:
        names = [figure.name for figure in one.figures]
        assert names[:3] == ["Records", "People", "Accounts"]
        assert all(figure.base for figure in one.figures[1:])
        nps = next((figure for figure in one.figures if figure.name == "NPS"), None)
        score = one.insight.scores.get("nps")
        if nps and score and score.n < 10:
            assert nps.value == "too few answers: under 10"


def test_area_and_pm_only_where_the_roster_names_them_word_for_word(session: Session) -> None:
    theme = session.view.themes.filter(pl.col("level") == "theme").row(0, named=True)
    before = item(insight_list(session), theme["title"])
    assert before.product_area == "Mobile app"  # the group's own name
    assert before.pm == "Saoirse Lindgren"
    session.change(lambda one: one.project.rename_theme(theme["theme_id"], "Recurring JOBS"))
    # Its group says one area and its title another: nobody is named.
    assert item(insight_list(session), "Recurring JOBS").pm == ""


def test_proposed_is_said(session: Session) -> None:
    theme_id = session.view.themes.filter(pl.col("level") == "theme")["theme_id"][0]
    session.change(lambda one: one.project.set_theme_status([theme_id], Status.PROPOSED))
    assert [one.insight.theme_id for one in insight_list(session).items if one.proposed] == [
        theme_id
    ]


def test_titles_are_masked(session: Session) -> None:
    theme_id = session.view.themes.filter(pl.col("level") == "theme")["theme_id"][0]
    session.change(lambda one: one.project.rename_theme(theme_id, "Mail of jane@example.com"))
    found = insight_list(session)
    title = next(one.insight.title for one in found.items if one.insight.theme_id == theme_id)
    assert title.startswith("Mail of [EMAIL_")
    assert "Personal data is masked." in as_markdown(found.items[0], found)


def test_copies_do_not_run_what_customers_wrote(session: Session) -> None:
    found = insight_list(session)
    nasty = replace(
        found.items[0],
        quotes=(Quote("<img src=x onerror=a> [a](javascript:b) **c** `d`\n# e", "Ticket <1>"),),
    )
    markdown = as_markdown(nasty, found)
    assert r"\<img src=x onerror=a\> \[a\](javascript:b) \*\*c\*\* \`d\` \# e" in markdown
    assert "\n# e" not in markdown
    html = as_rich_text(nasty, found)
    assert "<img" not in html
    assert "&lt;img src=x onerror=a&gt;" in html
    assert f"<h2>{found.items[0].insight.title}</h2>" in html
