"""The excerpts pane: selection that outlives edits, keys, columns, filters, the unsorted."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QRegion
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot
from tests.gui import builders
from tests.gui.builders import theme_id
from tests.gui.spying import Painted, calls_of

from themeloom.domain.themes import Reason, Run
from themeloom.gui.look import sizes, style
from themeloom.gui.models import mime
from themeloom.gui.models.background import Background, at_once
from themeloom.gui.models.excerpt_rows import all_scope, themes_scope, unsorted_scope
from themeloom.gui.models.filter_terms import Terms
from themeloom.gui.models.segments import parse_segments
from themeloom.gui.views.themes.excerpt_delegate import ExcerptDelegate
from themeloom.gui.views.themes.table import ExcerptsPane
from themeloom.services.view import Choices, View, make_view, with_choices

DROPS = theme_id("Calendar sync drops events")
TWICE = theme_id("Outlook invites arrive twice")


class Project:
    """A view that edits change, as a session does."""

    def __init__(self) -> None:
        self.view = builders.build_view()
        self.choices = self.view.choices

    def edit(self, change: Callable[[Choices], Choices]) -> View:
        self.choices = change(self.choices)
        self.view = with_choices(self.view, self.choices)
        return self.view


@pytest.fixture
def project() -> Project:
    return Project()


@pytest.fixture
def pane(qtbot: QtBot, project: Project) -> ExcerptsPane:
    pane = ExcerptsPane(at_once)
    qtbot.addWidget(pane)
    pane.resize(760, 600)
    pane.model.today = lambda: builders.NEWEST.date()
    pane.show_view(project.view)
    pane.show_scope(themes_scope(project.view, [DROPS]))
    with qtbot.waitExposed(pane):
        pane.show()
    pane.table.setFocus()
    return pane


def choose(pane: ExcerptsPane, *rows: int) -> list[int]:
    numbers = pane.model.numbers.gather(list(rows))
    pane.table.select_numbers(numbers, current=int(numbers[-1]))
    return numbers.to_list()


def press(qtbot: QtBot, pane: ExcerptsPane, keys: str) -> None:
    qtbot.keyClicks(pane.table, keys)


# --- selection


def test_starts_with_a_current_row_and_nothing_selected(pane: ExcerptsPane) -> None:
    assert pane.table.currentIndex().row() == 0
    assert pane.selected_excerpts() == []
    assert not pane.foot.buttons["move"].isEnabled()


def test_the_ring_leaves_nothing_behind(pane: ExcerptsPane, qtbot: QtBot) -> None:
    choose(pane, 2)
    QApplication.processEvents()
    painted, table = Painted(pane.table.viewport()), pane.table
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    for row in (2, 3):
        top, width = table.rowViewportPosition(row), table.viewport().width()
        whole = QRegion(0, top, width, table.rowHeight(row))
        assert whole.subtracted(painted.region).isEmpty()


def test_selection_is_told_in_ranges(pane: ExcerptsPane) -> None:
    numbers = choose(pane, 2, 3, 4, 8)
    assert pane.table.selected_ranges() == [(2, 4), (8, 8)]
    assert pane.selected_excerpts() == numbers
    assert pane.table.selected_count() == 4


def test_selection_outlives_another_order(pane: ExcerptsPane) -> None:
    numbers = choose(pane, 2, 5)
    pane.sort_by("excerpt", descending=False)
    assert set(pane.selected_excerpts()) == set(numbers)
    assert pane.table.current_number() == numbers[-1]
    assert pane.sorting == ("excerpt", False)


def test_selection_outlives_an_edit_of_other_rows(pane: ExcerptsPane, project: Project) -> None:
    numbers = choose(pane, 10, 11, 12)
    leaving = [pane.model.number_at(row) or 0 for row in (3, 20)]
    pane.show_view(project.edit(lambda old: builders.decided(old, leaving, TWICE)))
    assert pane.model.rowCount() == 58
    assert pane.selected_excerpts() == numbers
    assert pane.table.selected_ranges() == [(9, 11)]


def test_when_the_selected_rows_leave_the_next_one_is_selected(
    pane: ExcerptsPane, project: Project
) -> None:
    numbers = choose(pane, 4, 5)
    following = pane.model.number_at(6)
    chosen = calls_of(pane.chosen)
    pane.show_view(project.edit(lambda old: builders.decided(old, numbers, TWICE)))
    assert pane.selected_excerpts() == [following]
    assert pane.table.current_number() == following
    assert chosen[-1] == (1,)


def test_when_the_last_rows_leave_the_new_last_one_is_selected(
    pane: ExcerptsPane, project: Project
) -> None:
    numbers = choose(pane, 58, 59)
    before = pane.model.number_at(57)
    pane.show_view(project.edit(lambda old: builders.decided(old, numbers, None)))
    assert pane.selected_excerpts() == [before]


def test_all_selected_stays_all_selected(pane: ExcerptsPane) -> None:
    pane.table.selectAll()
    pane.sort_by("score", descending=True)
    assert pane.table.selected_count() == 60
    assert len(pane.table.selected_ranges()) == 1


def test_another_theme_begins_at_the_top(pane: ExcerptsPane, project: Project) -> None:
    choose(pane, 40)
    pane.table.verticalScrollBar().setValue(900)
    pane.show_scope(themes_scope(project.view, [TWICE]))
    assert pane.selected_excerpts() == []
    assert pane.table.currentIndex().row() == 0
    assert pane.table.verticalScrollBar().value() == 0


def test_confirming_does_not_scroll(pane: ExcerptsPane, project: Project) -> None:
    numbers = choose(pane, 20)
    pane.table.verticalScrollBar().setValue(700)
    pane.show_view(project.edit(lambda old: builders.decided(old, numbers, DROPS)))
    assert pane.table.verticalScrollBar().value() == 700
    assert pane.selected_excerpts() == numbers


def test_a_renamed_theme_keeps_rows_and_selection(pane: ExcerptsPane, project: Project) -> None:
    numbers = choose(pane, 7)
    view = project.edit(lambda old: builders.with_theme(old, DROPS, title="Sync loses events"))
    pane.show_view(view)
    pane.show_scope(themes_scope(view, [DROPS]))
    assert pane.selected_excerpts() == numbers


# --- keys


def test_keys_ask_and_change_nothing(pane: ExcerptsPane, qtbot: QtBot) -> None:
    number = choose(pane, 3)[0]
    looked, opened = calls_of(pane.table.quick_look), calls_of(pane.table.opened)
    asked = {
        "t": calls_of(pane.move_asked),
        "c": calls_of(pane.confirm_asked),
        "u": calls_of(pane.unsort_asked),
    }
    qtbot.keyClick(pane.table, Qt.Key.Key_Space)
    qtbot.keyClick(pane.table, Qt.Key.Key_Return)
    assert (looked, opened) == ([(number,)], [(number,)])
    assert pane.selected_excerpts() == [number]
    for key, calls in asked.items():
        press(qtbot, pane, key)
        assert len(calls) == 1
    for name, key in (("move", "t"), ("confirm", "c"), ("unsort", "u")):
        qtbot.mouseClick(pane.foot.buttons[name], Qt.MouseButton.LeftButton)
        assert len(asked[key]) == 2


def test_keys_without_a_selection_ask_nothing(pane: ExcerptsPane, qtbot: QtBot) -> None:
    moved = calls_of(pane.move_asked)
    press(qtbot, pane, "t")
    pane.model.read_only = True
    choose(pane, 1)
    press(qtbot, pane, "t")
    assert moved == []


def test_arrows_with_shift_choose_ranges(pane: ExcerptsPane, qtbot: QtBot) -> None:
    choose(pane, 0)
    for _ in range(3):
        qtbot.keyClick(pane.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert pane.table.selected_ranges() == [(0, 3)]


def test_copies_what_is_shown(pane: ExcerptsPane, qtbot: QtBot) -> None:
    choose(pane, 0, 1)
    qtbot.keyClick(pane.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = QGuiApplication.clipboard().mimeData()
    lines = data.text().splitlines()
    assert lines[0] == "Excerpt\tSource\tDate\tScore\tAccount\tFit\tSeen"
    assert len(lines) == 3
    assert lines[1].startswith(pane.model.row_at(0).text)
    assert data.html().count("<tr>") == 3


def test_selected_excerpts_can_be_dragged(
    pane: ExcerptsPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    from themeloom.gui.views.themes import excerpt_view

    parcels: list[QMimeData] = []

    class Drag:
        def __init__(self, _source: object) -> None: ...

        def setMimeData(self, data: QMimeData) -> None:
            parcels.append(data)

        def exec(self, _action: object) -> None: ...

    monkeypatch.setattr(excerpt_view, "QDrag", Drag)
    numbers = choose(pane, 1, 2)
    pane.table.startDrag(Qt.DropAction.CopyAction)
    assert [mime.excerpts_in(one) for one in parcels] == [numbers]


# --- columns


def shown(pane: ExcerptsPane) -> list[str]:
    header = pane.columns
    order = sorted(range(header.count()), key=header.visualIndex)
    return [pane.model.columns[one] for one in order if not header.isSectionHidden(one)]


def test_narrow_tables_drop_account_then_score_then_date(pane: ExcerptsPane) -> None:
    found: list[list[str]] = []
    for width in (760, 620, 530, 470):
        pane.resize(width, 600)
        found.append(shown(pane))
        assert not pane.table.horizontalScrollBar().isVisible()
    assert found == [
        ["excerpt", "source", "date", "score", "account", "fit", "seen"],
        ["excerpt", "source", "date", "score", "fit", "seen"],
        ["excerpt", "source", "date", "fit", "seen"],
        ["excerpt", "source", "fit", "seen"],
    ]
    pane.resize(760, 600)
    assert shown(pane) == found[0]


def test_columns_are_chosen_in_the_menu_and_remembered(
    pane: ExcerptsPane, qtbot: QtBot, project: Project
) -> None:
    pane.resize(1100, 600)
    told = calls_of(pane.layout_changed)
    menu = pane.columns.columns_menu()
    by_text = {action.text(): action for action in menu.actions()}
    by_text["Person"].trigger()
    by_text["Plan"].trigger()
    by_text["Account"].trigger()
    by_text["One line per excerpt"].trigger()
    assert shown(pane) == [
        *("excerpt", "source", "date", "score", "fit", "seen", "person", "segment:plan")
    ]
    assert told
    pane.columns.resizeSection(list(pane.model.columns).index("source"), 120)
    pane.sort_by("person", descending=True)
    state = pane.layout_state()

    other = ExcerptsPane(at_once)
    qtbot.addWidget(other)
    other.resize(1100, 600)
    other.restore_layout(state)
    other.show_view(project.view)
    other.show_scope(themes_scope(project.view, [DROPS]))
    with qtbot.waitExposed(other):
        other.show()
    assert shown(other) == shown(pane)
    assert other.columns.sectionSize(list(other.model.columns).index("source")) == 120
    assert other.sorting == ("person", True)
    assert other.table.rowHeight(0) == sizes.px(26)
    other.columns.reset_columns()
    assert shown(other)[4] == "account"


@pytest.mark.parametrize(
    "state", [None, [], {"shown": 3, "widths": [], "sort": "x"}, {"shown": {"themes": ["date"]}}]
)
def test_a_damaged_layout_gives_the_defaults(pane: ExcerptsPane, state: object) -> None:
    pane.restore_layout(state)
    assert shown(pane)[0] == "excerpt"
    assert pane.model.rowCount() == 60


def test_header_clicks_sort(pane: ExcerptsPane, qtbot: QtBot) -> None:
    header = pane.columns
    place = list(pane.model.columns).index("score")
    orders: list[tuple[str, bool]] = []
    for _ in range(3):
        at = QPoint(header.sectionViewportPosition(place) + 20, 8)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
        orders.append(pane.sorting)
    assert orders == [("score", True), ("score", False), ("", False)]


def test_a_date_with_its_year_is_never_cut(pane: ExcerptsPane, project: Project) -> None:
    pane.resize(1000, 600)
    place = list(pane.model.columns).index("date")
    short = pane.columns.sectionSize(place)
    dates = project.view.records["date"]
    later = dates.set(
        dates == dates.max(), datetime.fromisoformat(f"{pane.model.words.year + 1}-01-02")
    )
    records = project.view.records.with_columns(later.alias("date"))
    project.view = replace(project.view, records=records)
    pane.show_view(project.view)
    room = pane.columns.sectionSize(place) - sizes.px(16)
    assert room > short - sizes.px(16)
    assert pane.fontMetrics().horizontalAdvance("28 May 2024") <= room


def test_header_offers_columns_on_right_click(pane: ExcerptsPane) -> None:
    from PySide6.QtGui import QContextMenuEvent

    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, QPoint(5, 5), pane.mapToGlobal(QPoint(5, 5))
    )
    pane.columns.contextMenuEvent(event)
    menus = pane.columns.findChildren(QMenu)
    assert any("Language" in [action.text() for action in menu.actions()] for menu in menus)
    for menu in menus:
        menu.close()


def test_rows_are_as_high_as_two_lines_or_one(pane: ExcerptsPane) -> None:
    assert pane.table.rowHeight(3) == 43
    pane.table.set_compact(True)
    assert pane.table.rowHeight(3) == 26


# --- filters and the unsorted


def test_filters_narrow_and_say_so(pane: ExcerptsPane) -> None:
    pane.filters.set_terms(Terms().toggled("segment:plan", "Business"))
    count = pane.model.rowCount()
    assert 0 < count < 60
    plans = {parse_segments(pane.model.row_at(row).segments_json)["plan"] for row in range(count)}
    assert plans == {"Business"}
    assert pane.filters._count.text() == f"{count} of 60 excerpts"
    assert pane.filters.chips() == ["Plan: Business"]
    pane.filters.clear()
    assert pane.filters._count.text() == "60 excerpts"


def test_filters_without_hits_can_be_cleared(pane: ExcerptsPane, qtbot: QtBot) -> None:
    pane.filters.set_terms(Terms().toggled("date", "1999-01-01/1999-01-02"))
    assert not pane.table.isVisible()
    qtbot.mouseClick(pane._nothing.button, Qt.MouseButton.LeftButton)
    assert pane.table.isVisible()
    assert pane.model.rowCount() == 60


def test_unsorted_show_reason_and_nearest_and_go_there_with_one_key(
    pane: ExcerptsPane, qtbot: QtBot, project: Project
) -> None:
    pane.show_scope(unsorted_scope("Unsorted"))
    assert shown(pane) == ["excerpt", "source", "date", "reason", "nearest"]
    assert pane.foot.buttons["accept"].isVisible()
    assert not pane.foot.buttons["unsort"].isVisible()
    near = [
        row
        for row in range(pane.model.rowCount())
        if pane.model.row_at(row).nearest_theme_id == DROPS
    ]
    assert len(near) == 6
    place = list(pane.model.columns).index("reason")
    assert pane.model.index(near[0], place).data() == "Fits no theme well"
    numbers = choose(pane, *near[:2])
    without = next(row for row in range(24) if row not in near)
    choose(pane, *near[:2], without)
    asked = calls_of(pane.accept_asked)
    press(qtbot, pane, "a")
    assert asked == [({DROPS: numbers},)]
    pane.show_view(project.edit(lambda old: builders.decided(old, numbers, DROPS)))
    assert pane.model.rowCount() == 22


def test_accepting_the_nearest_needs_one(pane: ExcerptsPane, qtbot: QtBot) -> None:
    asked = calls_of(pane.accept_asked)
    choose(pane, 1)
    press(qtbot, pane, "a")  # a theme's excerpts are not unsorted
    pane.show_scope(unsorted_scope("Unsorted"))
    bare = [row for row in range(24) if pane.model.row_at(row).nearest_theme_id is None]
    choose(pane, bare[0])
    press(qtbot, pane, "a")
    assert asked == []


def test_what_is_left_out_can_be_shown(pane: ExcerptsPane, qtbot: QtBot) -> None:
    pane.show_scope(unsorted_scope("Unsorted"))
    box = pane.header.left_out
    assert box.isVisible()
    assert box.text() == "Also show 6 left out"
    told = calls_of(pane.left_out_asked)
    box.click()
    assert told == [(True,)]
    pane.show_scope(unsorted_scope("Unsorted", left_out=True))
    assert pane.model.rowCount() == 30


def test_each_set_of_columns_has_its_own_order(pane: ExcerptsPane) -> None:
    pane.sort_by("account", descending=False)
    pane.show_scope(unsorted_scope("Unsorted"))
    assert pane.sorting == ("", False)
    pane.show_scope(all_scope("All"))
    assert pane.sorting == ("account", False)


# --- off the GUI thread


@pytest.fixture
def background() -> Iterator[Background]:
    background = Background()
    yield background
    background.close()


def test_the_newest_question_wins(background: Background, qtbot: QtBot, project: Project) -> None:
    pane = ExcerptsPane(background)
    qtbot.addWidget(pane)
    pane.show_view(project.view)
    answers = calls_of(pane.answered)
    for theme in (DROPS, TWICE):
        pane.show_scope(themes_scope(project.view, [theme]))
    for descending in (True, False):
        pane.sort_by("score", descending=descending)
    qtbot.waitUntil(lambda: background.idle)
    assert pane.model.rowCount() == 36
    assert pane.sorting == ("score", False)
    assert len(answers) <= 2  # the last, and one more where the filter values came


def test_paints_right_to_left_emoji_and_long_texts(pane: ExcerptsPane, project: Project) -> None:
    from dataclasses import replace

    texts = ["مرحبا بالعالم " * 30, "👍🏽 drops events 👩‍👩‍👧‍👦 " * 40, "x" * 5000, "\n\n", ""]
    strange = project.view.excerpts.with_columns(
        text=pl.Series((texts * 200)[: project.view.excerpts.height])
    )
    pane.show_view(replace(project.view, excerpts=strange))
    for compact in (False, True):
        pane.table.set_compact(compact)
        assert not pane.grab().isNull()


def test_the_number_of_further_themes_is_painted(pane: ExcerptsPane, project: Project) -> None:
    from dataclasses import replace

    before = pane.table.viewport().grab().toImage()
    theme_id = project.view.themes["theme_id"][0]
    some = [None, [theme_id]] * project.view.excerpts.height
    also = pl.Series(some[: project.view.excerpts.height], dtype=pl.List(pl.String))
    pane.show_view(
        replace(project.view, excerpts=project.view.excerpts.with_columns(also=also)),
    )
    assert pane.table.viewport().grab().toImage() != before


def test_foot_keeps_its_buttons_whole_where_it_is_narrow(pane: ExcerptsPane, qtbot: QtBot) -> None:
    choose(pane, *range(12))
    pane.resize(420, 500)
    buttons = [pane.foot.buttons[name] for name in ("move", "confirm", "unsort")]
    qtbot.waitUntil(lambda: all(one.width() >= one.sizeHint().width() for one in buttons))
    assert all(pane.foot.rect().contains(one.geometry()) for one in buttons)


def test_status_stands_behind_the_title(pane: ExcerptsPane, project: Project) -> None:
    assert pane.header._chip.text() == "Accepted"
    pane.show_scope(themes_scope(project.view, [TWICE]))
    assert pane.header._chip.text() == "Locked"
    pane.show_scope(all_scope("All"))
    assert not pane.header._chip.isVisible()


def test_rows_and_columns_follow_the_zoom(pane: ExcerptsPane, qapp: QApplication) -> None:
    width = pane.columns.sectionSize(list(pane.model.columns).index("source"))
    sizes.set_zoom(1.5)
    style.apply(qapp)
    assert pane.table.rowHeight(0) == round(43 * 1.5)
    assert pane.columns.sectionSize(list(pane.model.columns).index("source")) == width * 1.5
    assert pane.foot.height() == 54
    assert pane.layout_state()["widths"]["themes"] == {}


def test_says_what_belongs_where_nothing_is(pane: ExcerptsPane, project: Project) -> None:
    pane.show_scope(themes_scope(project.view, ["no-such-theme"]))
    assert not pane.table.isVisible()
    assert pane._none.label.text() == "No excerpt is in here."
    pane.show_scope(all_scope("All"))
    assert pane.table.isVisible()


def test_sorting_with_nothing_selected_shows_the_first_rows(pane: ExcerptsPane) -> None:
    pane.table.verticalScrollBar().setValue(900)
    pane.table._stand_on(50)
    pane.sort_by("score", descending=True)
    assert pane.table.currentIndex().row() == 0
    assert pane.table.verticalScrollBar().value() == 0


def test_accept_nearest_is_offered_where_there_is_one(pane: ExcerptsPane) -> None:
    pane.show_scope(unsorted_scope("Unsorted"))
    for row in range(6):
        choose(pane, row)
        near = pane.model.row_at(row).nearest_theme_id is not None
        assert pane.foot.buttons["accept"].isEnabled() == near


def test_new_columns_keep_the_selection(pane: ExcerptsPane, project: Project) -> None:
    pane.show_scope(themes_scope(project.view, [TWICE]))  # begins at the top
    numbers = choose(pane, 5, 6)
    pane.model.set_segments(["plan", "region", "team"])
    assert pane.selected_excerpts() == numbers


# --- the unsorted


def with_unsorted(*, searched: bool = True, **values: object) -> View:
    """Return the view with other words about what is unsorted; ``values`` are columns of it."""
    content, choices = builders.build_parts()
    unsorted = content.unsorted.with_columns(
        pl.lit(value, pl.String).alias(name) for name, value in values.items()
    )
    run = Run("run", "2026-09-01T00:00:00", 1, "hash") if searched else None
    return make_view(replace(content, unsorted=unsorted, run=run), choices)


@pytest.mark.parametrize("width", [420, 500, 560, 640, 760])
def test_all_that_the_unsorted_need_is_in_sight(pane: ExcerptsPane, width: int) -> None:
    view = with_unsorted(nearest_theme_id=DROPS)
    pane.show_view(view)
    pane.show_scope(unsorted_scope("Unsorted"))
    pane.resize(width, 600)
    QApplication.processEvents()
    assert not pane.table.horizontalScrollBar().isVisible()
    header = pane.table.horizontalHeader()
    wide = {name: header.sectionSize(pane.model.columns.index(name)) for name in shown(pane)}
    assert {"excerpt", "reason", "nearest"} <= set(wide)
    assert wide["excerpt"] >= sizes.px(200)
    assert min(wide["reason"], wide["nearest"]) >= sizes.px(104)
    if width == 760:
        assert (wide["reason"], wide["nearest"]) == (sizes.px(142), sizes.px(144))


def test_before_the_first_search_nothing_is_said_of_one(pane: ExcerptsPane) -> None:
    def reasons(view: View) -> set[str]:
        pane.show_view(view)
        pane.show_scope(unsorted_scope("Unsorted"))
        rows = map(pane.model.row_at, range(pane.model.rowCount()))
        return {pane.model.words.text(row, "reason") for row in rows}

    assert reasons(with_unsorted(searched=False, reason=None)) == {"No search yet"}
    assert reasons(with_unsorted(reason=None)) == {"New since the last search for themes"}


def test_no_theme_is_near_to_what_the_encoder_cannot_read(pane: ExcerptsPane) -> None:
    for reason, near in ((Reason.LANGUAGE, {None}), (Reason.TIE, {DROPS})):
        view = with_unsorted(reason=str(reason), nearest_theme_id=DROPS, second_theme_id=TWICE)
        pane.show_view(view)
        pane.show_scope(unsorted_scope("Unsorted"))
        found = view.excerpts.filter(pl.col("reason") == reason)["nearest_theme_id"]
        assert set(found) == near
        pane.table.selectAll()
        assert set(pane.nearest_of_selected()) == near - {None}


def test_which_two_themes_an_excerpt_lies_between(pane: ExcerptsPane) -> None:
    pane.show_view(with_unsorted(reason="tie", nearest_theme_id=DROPS, second_theme_id=TWICE))
    pane.show_scope(unsorted_scope("Unsorted"))
    QApplication.processEvents()
    words = "As near to Outlook invites arrive twice"
    index = pane.model.index(0, pane.model.columns.index("reason"))
    assert index.data() == words
    assert pane.model.index(0, index.column() + 1).data() == "Calendar sync drops events"
    table = pane.table
    pane.resize(420, 600)
    table.set_compact(True)
    QApplication.processEvents()
    at = table.visualRect(index).center()
    tip = QHelpEvent(QEvent.Type.ToolTip, at, table.viewport().mapToGlobal(at))
    QApplication.sendEvent(table.viewport(), tip)
    assert words in QToolTip.text(), "there is no room for it in the cell"
    QToolTip.hideText()
    table.set_compact(False)
    pane.show_view(with_unsorted(reason="language"))
    QApplication.processEvents()
    delegate = table.itemDelegate()
    assert isinstance(delegate, ExcerptDelegate)
    assert delegate.cut_text(table, index) == "", "rows of two lines have room for two words"
    table.set_compact(True)
    assert delegate.cut_text(table, index) == "Another language"
    pane.show_view(with_unsorted(reason="tie", nearest_theme_id=DROPS))
    assert pane.model.index(0, index.column()).data() == "Between two themes"
