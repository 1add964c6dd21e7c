"""The excerpts table's model: pages, texts, refreshes."""

from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot
from tests.gui import builders
from tests.gui.builders import theme_id
from tests.gui.spying import calls_of

from themeloom.gui.models.excerpt_columns import ExcerptRow, Words, language_word, score_text
from themeloom.gui.models.excerpt_copy import copied
from themeloom.gui.models.excerpt_rows import Question, all_scope, find_rows, themes_scope
from themeloom.gui.models.excerpt_table import PAGE, ExcerptTableModel, marks_of, read_rows
from themeloom.gui.models.segments import read_segments, segment_column
from themeloom.gui.widgets.shown_text import Mask, no_mask
from themeloom.services.view import View, with_choices

DROPS = theme_id("Calendar sync drops events")


@pytest.fixture
def view() -> View:
    return builders.build_view()


@pytest.fixture
def model(qtbot: QtBot, view: View) -> ExcerptTableModel:
    model = ExcerptTableModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.today = lambda: builders.NEWEST.date()
    model.show_rows(find_rows(Question(view, all_scope("All"), sort="excerpt")))
    return model


def test_pages_show_what_the_frames_hold(model: ExcerptTableModel, view: View) -> None:
    rows = model.rows
    assert rows is not None
    assert model.rowCount() == view.excerpts.height > PAGE
    expected = view.excerpts[rows.order]
    for row in (0, PAGE - 1, PAGE, model.rowCount() - 1):
        found = model.row_at(row)
        assert found.excerpt == expected["excerpt"][row] == model.number_at(row)
        assert found.text == expected["text"][row]
        assert found.author == view.records["author"][expected["record"][row]]


def test_reads_a_whole_row_out(model: ExcerptTableModel) -> None:
    spoken = str(model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    row = model.row_at(0)
    assert spoken.startswith(" ".join(row.text.split()))
    assert "seen" in spoken


def test_an_edit_that_moves_no_row_resets_nothing(model: ExcerptTableModel, view: View) -> None:
    resets, changes = calls_of(model.modelReset), calls_of(model.dataChanged)
    number = model.number_at(0)
    assert number is not None
    _, choices = builders.build_parts()
    confirmed = with_choices(view, builders.decided(choices, [number], DROPS))
    moved = model.show_rows(find_rows(Question(confirmed, all_scope("All"), sort="excerpt")))
    assert not moved
    assert (len(resets), len(changes)) == (0, 1)
    assert model.row_at(0).reviewed
    assert model.row_at(0).theme_id == DROPS


def test_a_renamed_theme_shows_at_once(model: ExcerptTableModel, view: View) -> None:
    _, choices = builders.build_parts()
    renamed = with_choices(view, builders.with_theme(choices, DROPS, title="Sync loses events"))
    model.show_rows(find_rows(Question(renamed, all_scope("All"), sort="excerpt")))
    assert model.words.titles[DROPS] == "Sync loses events"


def test_segments_are_columns(model: ExcerptTableModel) -> None:
    model.set_segments(["plan", "region"])
    place = list(model.columns).index("segment:plan")
    assert model.headerData(place, Qt.Orientation.Horizontal) == "Plan"
    assert model.index(0, place).data() in ("Business", "Team", "Free")


def test_marks_whole_words_in_any_case() -> None:
    marks = marks_of(["drops events", "sync"])
    assert marks is not None
    text = "Sync DROPS  events, resync does not. drops eventsx"
    assert [text[slice(*found.span())] for found in marks.finditer(text)] == [
        "Sync",
        "DROPS  events",
    ]
    assert marks_of(["", "  "]) is None
    assert marks_of(["a.b (c"]) is not None


def test_phrases_of_the_scope_are_marked(model: ExcerptTableModel, view: View) -> None:
    model.show_rows(find_rows(Question(view, themes_scope(view, [DROPS]))))
    assert model.spans("It loses events.") == [(3, 15)]


def test_texts_of_cells() -> None:
    words = Words({"t": "Pricing"}, 2026)
    row = ExcerptRow(
        1, "A\n text", "call", datetime.fromisoformat("2025-03-01"), 7.5, None, "good", False, "de",
        "t", None, None, None, None, '{"plan": "Team"}', None, "a@b.example", "calls.csv", 12, None,
    )  # fmt: skip
    texts = {column: words.text(row, column) for column in (
        "excerpt source date score account fit seen person language theme reason segment:plan"
    ).split()}  # fmt: skip
    assert texts == {
        "excerpt": "A text",
        "source": "Call",
        "date": "1 Mar 2025",
        "score": "7.5",
        "account": "",
        "fit": "Good",
        "seen": "",
        "person": "a@b.example",
        "language": "German",
        "theme": "Pricing",
        "reason": "",
        "segment:plan": "Team",
    }
    assert words.day(datetime.fromisoformat("2026-03-01")) == "1 Mar"
    assert words.locator(row) == "calls.csv, row 12"
    bare = row._replace(theme_id=None, reason="tie")
    assert words.text(bare, "reason") == "Between two themes"
    assert words.text(bare._replace(reason=None), "reason").startswith("New since")
    assert words.text(bare._replace(reason="no search yet"), "reason") == "No search yet"
    between = bare._replace(nearest_theme_id="t", second_theme_id="u")
    assert words.text(between, "reason") == "Between two themes", "one of them is gone"
    told = replace(words, titles={"t": "Pricing", "u": "Seats"})
    assert told.text(between, "nearest") == "Pricing"
    assert told.text(between, "reason") == "As near to Seats"
    assert "Between Pricing and Seats" in told.spoken(between)
    assert told.text(between._replace(reason="too far"), "reason") == "Fits no theme well"
    assert (score_text(None), score_text(9.0)) == ("", "9")
    assert language_word("xx-unknown") == "xx-unknown"


def test_years_are_shown_but_for_the_one_it_is_now(model: ExcerptTableModel, view: View) -> None:
    day, year = builders.NEWEST, builders.NEWEST.year
    assert not model.words.years
    assert model.words.day(day) == "24 Sep"
    dates = view.records["date"]
    later = dates.set(dates == dates.max(), day.replace(year=year + 1))
    grown = replace(view, records=view.records.with_columns(later.alias("date")))
    model.show_rows(find_rows(Question(grown, all_scope("All"), sort="excerpt")))
    assert model.words.years
    assert model.words.day(day.replace(year=year + 1)) == f"24 Sep {year + 1}"
    model.today = lambda: day.date().replace(year=year + 1)
    model.show_rows(find_rows(Question(view, all_scope("All"), sort="excerpt")))
    assert model.words.years, "all are of one year, but it is over"
    assert model.words.day(day) == f"24 Sep {year}"


def test_further_themes_are_told(model: ExcerptTableModel, view: View) -> None:
    row = model.row_at(0)._replace(theme_id="a", also=["b", "c"])
    words = Words({"a": "Export", "b": "Login", "c": "Price"}, 2026)
    assert words.text(row, "theme") == "Export · Login · Price"
    assert "main theme Export, also in Login, Price" in words.spoken(row)
    assert words.also(row._replace(also=None)) == ""
    scope = themes_scope(view, [DROPS])
    model.show_rows(find_rows(Question(view, scope)))
    first = view.excerpts["excerpt"] == model.numbers[0]
    also = pl.Series([[DROPS] if one else None for one in first], dtype=pl.List(pl.String))
    changed = replace(view, excerpts=view.excerpts.with_columns(also=also))
    model.show_rows(find_rows(Question(changed, scope)))
    tips = [
        model.data(model.index(place, model.columns.index("excerpt")), Qt.ItemDataRole.ToolTipRole)
        for place in (0, 1)
    ]
    title = model.words.titles[DROPS]
    assert tips == [f"Main theme {title}, also in {title}", None]


def test_copies_are_safe_and_whole(view: View) -> None:
    words = Words({}, 2026)
    row = ExcerptRow(
        1, '=cmd()\t"two"\nlines & <b>', "nps", datetime.fromisoformat("2026-09-01T10:00"), 9.0,
        "+Account", None, True, "en", None, None, None, None, None, None, None, None, None, None, None,
    )  # fmt: skip
    text, html = copied([row], ["excerpt", "date", "score", "account"], words)
    assert text == (
        "Excerpt\tDate\tScore\tAccount\n"
        '"\'=cmd()\t""two""\nlines & <b>"\t2026-09-01\t9\t\'+Account\n'
    )
    assert "<th>Excerpt</th>" in html
    assert "&#x27;=cmd()" in html
    assert "<br>lines &amp; &lt;b&gt;" in html


def test_rows_are_found_by_number(model: ExcerptTableModel) -> None:
    numbers = model.numbers.gather([5, 2, 300]).extend(model.numbers.head(1) * 0 - 7)
    assert model.rows_of(numbers).to_list() == [2, 5, 300]


def test_read_only_cannot_be_dragged(model: ExcerptTableModel) -> None:
    model.read_only = True
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled


def test_no_more_pages_are_kept_than_needed(model: ExcerptTableModel, view: View) -> None:
    rows = model.rows
    assert rows is not None
    order = rows.order.new_from_index(0, 120 * PAGE)
    model.show_rows(replace(rows, order=order, numbers=view.excerpts["excerpt"].gather(order)))
    for page in range(120):
        model.row_at(page * PAGE)
    assert len(model._pages) <= 96


def test_personal_data_is_shown_as_tokens(model: ExcerptTableModel) -> None:
    plain = model.row_at(0).text

    mask = Mask(lambda _: [(0, 4, "[NAME_1]")])
    model.set_mask(mask)
    assert model.row_at(0).text == "[NAME_1]" + plain[4:]
    rows = model.rows
    assert rows is not None
    text, html = copied(read_rows(rows, 0, 1, mask), ["excerpt", "account"], model.words)
    assert "[NAME_1]" in text
    assert "[NAME_1]" in html
    assert plain not in text


def test_segments_and_titles_are_copied_masked(model: ExcerptTableModel, view: View) -> None:
    rows = model.rows
    assert rows is not None
    name, values = next(iter(read_segments(view.records).values.items()))
    personal = {*values, *(title for title in view.themes["title"])}
    mask = Mask(lambda text: [(0, len(text), "[NAME_1]")] if text in personal else [])
    columns = [segment_column(name), "theme"]
    for one in (mask, no_mask):
        texts = copied(read_rows(rows, 0, 20, one), columns, model.words, one)
        assert any(value in text for text in texts for value in personal) == (one is no_mask)
