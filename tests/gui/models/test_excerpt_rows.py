"""Which rows a table shows, in which order, and what its filters let through."""

import polars as pl
import pytest
from tests.gui import builders
from tests.gui.builders import theme_id

from themeloom.gui.models.excerpt_rows import (
    Question,
    Scope,
    all_scope,
    find_rows,
    numbers_scope,
    themes_scope,
    unsorted_scope,
)
from themeloom.gui.models.filter_terms import (
    Terms,
    chip_text,
    date_words,
    expression,
    period,
    read_values,
)
from themeloom.services.view import View, with_choices

DROPS = theme_id("Calendar sync drops events")
SYNC = theme_id("Calendar sync")


@pytest.fixture(scope="module")
def view() -> View:
    return builders.build_view()


def shown(view: View, scope: Scope, **question: object) -> pl.DataFrame:
    rows = find_rows(Question(view, scope, **question))  # type: ignore[arg-type]
    assert rows.numbers.equals(view.excerpts["excerpt"].gather(rows.order))
    return view.excerpts[rows.order]


def test_a_theme_a_group_and_everything(view: View) -> None:
    assert shown(view, themes_scope(view, [DROPS])).height == 60
    assert shown(view, themes_scope(view, [SYNC])).height == 60 + 36 + 33 + 14
    assert shown(view, all_scope("All")).height == view.excerpts.height
    assert themes_scope(view, [DROPS]).status == "active"
    assert themes_scope(view, [DROPS]).phrases == ("drops events", "loses events", "calendar sync")


def test_excerpts_with_a_second_theme_are_in_both() -> None:
    content, choices = builders.build_parts()
    view = builders.make_view(content, choices)
    number = int(shown(view, themes_scope(view, [DROPS]))["excerpt"][0])
    pricing = theme_id("Pricing jump at renewal")
    both = pl.concat(
        [
            builders.decided(choices, [number], DROPS).decisions,
            builders.decided(choices, [number], pricing).decisions.with_columns(primary=False),
        ]
    )
    view = with_choices(view, builders.Choices(choices.themes, both, choices.redirects))
    for theme in (DROPS, pricing):
        assert number in shown(view, themes_scope(view, [theme]))["excerpt"]


def test_unsorted_with_and_without_what_is_left_out(view: View) -> None:
    bare = shown(view, unsorted_scope("Unsorted"))
    assert bare.height == view.totals.unsorted == 24
    assert set(bare["reason"]) == {"too far", "tie", "language"}
    whole = shown(view, unsorted_scope("Unsorted", left_out=True))
    assert whole.height == 24 + 6


def test_certain_excerpts_only(view: View) -> None:
    found = shown(view, numbers_scope("Found", [110, 105, 999_999], "search"))
    assert found["excerpt"].to_list() == [105, 110]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    "sort",
    "excerpt source date score account fit seen person language theme reason nearest segment:plan".split(),
)
def test_every_column_sorts_with_blanks_last(view: View, sort: str, descending: bool) -> None:
    rows = find_rows(Question(view, all_scope("All"), sort=sort, descending=descending))
    assert sorted(rows.order) == list(range(view.excerpts.height))
    order = view.excerpts[rows.order]
    column = {"source": "kind", "seen": "reviewed"}.get(sort)
    if sort in ("date", "score", "account") or column == "reviewed":
        values = order[column or sort].drop_nulls().to_list()
        assert values == sorted(values, reverse=descending)
        blanks = order[column or sort].is_null().to_list()
        assert blanks == sorted(blanks)
    if sort == "theme":
        titles = dict(view.themes.select("theme_id", "title").iter_rows())
        names = [titles[one].lower() for one in order["theme_id"].drop_nulls()]
        assert names == sorted(names, reverse=descending)
    if sort == "fit" and descending:
        assert order["fit"].drop_nulls().unique(maintain_order=True).to_list() == [
            "strong",
            "good",
            "weak",
        ]


def test_ties_stay_in_the_order_of_the_project(view: View) -> None:
    order = find_rows(Question(view, all_scope("All"), sort="seen", descending=True)).order
    seen = view.excerpts["reviewed"].gather(order)
    parts = [order.filter(seen), order.filter(~seen)]
    assert all(part.is_sorted() for part in parts)


def test_text_sorts_without_regard_to_case(view: View) -> None:
    texts = shown(view, all_scope("All"), sort="excerpt")["text"].str.to_lowercase().to_list()
    assert [text[:60] for text in texts] == sorted(text[:60] for text in texts)


def test_filters_of_a_field_are_alternatives_and_fields_narrow(view: View) -> None:
    values = read_values(view)
    terms = Terms().toggled("segment:plan", "Business").toggled("segment:plan", "Team")
    terms = terms.toggled("kind", "nps")
    passing = expression(terms, view, values)
    found = shown(view, all_scope("All"), filter=passing)
    plans = found["segments_json"].str.json_path_match("$.plan")
    assert set(plans) == {"Business", "Team"}
    assert set(found["kind"]) == {"nps"}
    rows = find_rows(Question(view, all_scope("All"), passing))
    assert (rows.order.len(), rows.total) == (found.height, view.excerpts.height)


def test_each_filter_finds_what_its_choice_counts(view: View) -> None:
    """Every value that is offered with a count finds the excerpts of that many records."""
    values = read_values(view)
    counted = [choice for choice in values.choices if choice.records is not None]
    assert {choice.field for choice in counted} == {
        *("kind", "source", "score", "segment:plan", "segment:region")
    }
    for choice in counted:
        passing = expression(Terms().toggled(choice.field, choice.value), view, values)
        found = shown(view, all_scope("All"), filter=passing)
        assert found["record"].n_unique() == choice.records, choice


def test_dates_include_both_days(view: View) -> None:
    day = builders.NEWEST.date()
    values = read_values(view)
    terms = Terms().toggled("date", period(day, day))
    found = shown(view, all_scope("All"), filter=expression(terms, view, values))
    assert set(found["date"].dt.date()) == {day}
    assert found.height == view.excerpts.filter(pl.col("date").dt.date() == day).height > 0
    # One period at a time.
    assert terms.toggled("date", period(None, day)).chosen["date"] == (period(None, day),)


def test_seen_and_language(view: View) -> None:
    values = read_values(view)
    seen = expression(Terms().toggled("seen", "yes"), view, values)
    assert shown(view, all_scope("All"), filter=seen).height == view.totals.reviewed
    german = expression(Terms().toggled("language", "de"), view, values)
    assert set(shown(view, all_scope("All"), filter=german)["text"]) == {
        "Wann kommt die deutsche Version?"
    }


def test_chips_speak_plainly(view: View) -> None:
    values = read_values(view)
    assert chip_text("segment:plan", ("Business", "Team"), values) == "Plan: Business, Team"
    assert chip_text("source", ("nps",), values) == "nps-q3.csv"
    assert chip_text("score", ("promoters",), values) == "Promoters (9–10)"
    assert chip_text("seen", ("no",), values) == "Not seen yet"
    assert date_words("2026-09-01/") == "Since 1 September 2026"
    assert date_words("/2026-09-30") == "Until 30 September 2026"


def test_terms_come_and_go() -> None:
    terms = Terms().toggled("kind", "nps").toggled("kind", "call").toggled("seen", "no")
    assert terms.chosen == {"kind": ("nps", "call"), "seen": ("no",)}
    assert terms.toggled("kind", "nps").chosen["kind"] == ("call",)
    assert terms.without("kind").chosen == {"seen": ("no",)}
    assert not terms.without("kind").toggled("seen", "no").chosen


def test_a_project_without_dates_scores_or_segments_can_be_filtered() -> None:
    view = builders.build_view()
    bare = view.records.with_columns(
        date=pl.lit(None, pl.Datetime("us")),
        score_kind=pl.lit(None, pl.String),
        segments_json=pl.lit(None, pl.String),
    )
    from dataclasses import replace

    values = read_values(replace(view, records=bare))
    assert {choice.field for choice in values.choices} == {"kind", "source", "language", "seen"}
