"""The dashboard on a real project: painted, pointed at, copied, and refreshed only while shown."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot
from tests.gui.opening import add_window, opened, settle

from themeloom.gui.actions import Actions
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.look import style, tokens
from themeloom.gui.views.dashboard.chart import in_words
from themeloom.gui.views.dashboard.lines import apart
from themeloom.gui.views.dashboard.place import DashboardPlace

#: What the platform of the tests says of every tooltip.
TOOLTIP = pytest.mark.qt_log_ignore(r"This plugin does not support raise\(\)")
Show = Callable[[Workspace], DashboardPlace]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def make(workspace: Workspace) -> DashboardPlace:
        window = add_window(qtbot)
        window.resize(1240, 800)
        place = DashboardPlace(workspace, Actions(window), window)
        place.resize(window.size())
        window.show()
        settle(qtbot, workspace)
        qtbot.waitUntil(lambda: all(card.widget and card.widget.spots() for card in place.cards))
        return place

    return make


@pytest.fixture
def workspace(qtbot: QtBot, tmp_path: Path) -> Iterator[Workspace]:
    with opened(qtbot, tmp_path) as made:
        yield made


def test_four_charts_with_base_and_caution(workspace: Workspace, show: Show) -> None:
    place = show(workspace)
    charts = [card.chart for card in place.cards]
    assert [chart.key for chart in charts if chart] == ["time", "score", "segments", "sources"]
    for card in place.cards:
        assert card.widget is not None
        assert card.widget.accessibleName()
        description = card.widget.accessibleDescription()
        assert card.chart is not None
        assert str(card.chart.table.row(0)[0]) in description
        assert card.chart.note in description
        assert len(card.widget.spots()) >= card.chart.rows.height
        card.widget.grab()  # paints at its present size
        for spot in card.widget.spots():
            assert card.widget.rect().toRectF().adjusted(-1, -1, 1, 1).contains(spot.rect)


@TOOLTIP
@pytest.mark.parametrize("number", range(4))
def test_a_click_chooses_the_theme_and_the_tooltip_has_its_base(
    qtbot: QtBot, workspace: Workspace, show: Show, number: int
) -> None:
    place = show(workspace)
    widget = place.cards[number].widget
    assert widget is not None
    spot = widget.spots()[-1]
    point = spot.rect.center().toPoint()
    with qtbot.waitSignal(place.theme_chosen) as told:
        qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=point)
    assert told.args == [spot.theme_id]
    QApplication.sendEvent(
        widget, QHelpEvent(QEvent.Type.ToolTip, point, widget.mapToGlobal(point))
    )
    assert QToolTip.text() == spot.tip
    assert "records" in spot.tip or "answers of" in spot.tip
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, QPoint(-50, -50), QPoint(0, 0)))


@TOOLTIP
def test_keys_walk_through_a_chart(qtbot: QtBot, workspace: Workspace, show: Show) -> None:
    place = show(workspace)
    widget = place.cards[1].widget
    assert widget is not None
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_Down)
    qtbot.keyClick(widget, Qt.Key.Key_Down)
    assert widget.accessibleDescription() == widget.spots()[1].tip
    qtbot.keyClick(widget, Qt.Key.Key_Up)
    with qtbot.waitSignal(place.theme_chosen) as told:
        qtbot.keyClick(widget, Qt.Key.Key_Return)
    assert told.args == [widget.spots()[0].theme_id]
    QToolTip.hideText()


def test_copies_as_table_and_as_picture(qtbot: QtBot, workspace: Workspace, show: Show) -> None:
    place = show(workspace)
    card = place.cards[3]
    assert card.chart is not None
    assert card.table_button.accessibleName() == "Copy as table: Themes by source"
    with qtbot.waitSignal(place.copied) as told:
        card.table_button.click()
    assert told.args == ["Copied as table: Themes by source"]
    data = QGuiApplication.clipboard().mimeData()
    lines = data.text().split("\n")
    assert lines[0].split("\t") == card.chart.table.columns
    assert len(lines) == card.chart.rows.height + 1
    assert "never pooled" in data.html()
    card.picture_button.click()
    image: QImage = QGuiApplication.clipboard().image()
    assert image.width() >= 2 * 620
    assert len({image.pixel(x, y) for x in range(0, 1200, 7) for y in range(0, 500, 7)}) > 20


def test_choices_change_the_charts(qtbot: QtBot, workspace: Workspace, show: Show) -> None:
    place = show(workspace)
    place.every_box.setCurrentIndex(2)
    place.segment_box.setCurrentText("Region")
    settle(qtbot, workspace)
    charts: list[Any] = [card.chart for card in place.cards]
    assert [column.label for column in charts[0].columns] == ["Jul 2026", "Aug 2026", "Sep 2026"]
    assert charts[2].title == "Themes by segment: Region"
    assert place.segment_box.currentText() == "Region"


def test_an_edit_is_shown_at_once_or_when_the_place_is_opened(
    qtbot: QtBot, workspace: Workspace, show: Show
) -> None:
    place = show(workspace)
    before: Any = place.cards[3].chart
    theme_id = before.rows["theme_id"][0]
    place.hide()
    workspace.edit(lambda session: session.project.rename_theme(theme_id, "Another title"))
    settle(qtbot, workspace)
    assert place.cards[3].chart is before
    place.show()
    settle(qtbot, workspace)
    after: Any = place.cards[3].chart
    assert after.rows["title"][0] == "Another title"


def test_dark_is_painted_in_dark(
    qapp: QApplication, qtbot: QtBot, workspace: Workspace, show: Show
) -> None:
    place = show(workspace)
    tokens.choose("dark")
    style.apply(qapp)
    image = place.cards[0].picture()
    assert image.pixelColor(3, 3) == tokens.tokens().color("surface")
    assert image.pixelColor(3, 3).lightness() < 80


def test_below_each_other_where_it_is_narrow(
    qtbot: QtBot, workspace: Workspace, show: Show
) -> None:
    place = show(workspace)
    assert place.cards[1].y() == place.cards[0].y()
    place.resize(700, 800)
    qtbot.waitUntil(lambda: place.cards[1].y() > place.cards[0].y())


def test_without_themes_it_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, themes=False) as workspace:
        window = add_window(qtbot)
        actions = Actions(window)
        asked: list[bool] = []
        actions.add("themes.find", "Find themes…", lambda: asked.append(True), menu="Themes")
        place = DashboardPlace(workspace, actions, window)
        window.show()
        settle(qtbot, workspace)
        assert place.empty_button.text() == "Find themes…"
        place.empty_button.click()
        assert asked == [True]


def test_names_are_laid_apart() -> None:
    assert apart([10, 50, 90], 15, 0, 100) == [10, 50, 90]
    assert apart([50, 50, 50], 10, 0, 100) == [40, 50, 60]
    assert apart([98, 99, 100], 10, 0, 100) == [80, 90, 100]
    found = apart([0, 1, 2, 30, 31, 90], 12, 0, 100)
    assert all(b - a >= 12 - 1e-9 for a, b in pairwise(found))
    assert found[0] >= 0
    assert found[-1] <= 100


def test_words_hold_the_table(workspace: Workspace, show: Show) -> None:
    chart: Any = show(workspace).cards[1].chart
    first = in_words(chart).split("\n")[1]
    assert first.startswith(chart.rows["title"][0])
    assert f"Answers {chart.rows['n'][0]}" in first


def test_titles_stand_in_one_line_beside_a_chart_that_has_nothing_to_show(
    workspace: Workspace, show: Show
) -> None:
    place = show(workspace)
    left, right = place.cards[:2]
    assert right.chart is not None
    right.show_chart(replace(right.chart, empty="No record has a score."))
    QApplication.processEvents()
    assert left._title.geometry().center().y() == right._title.geometry().center().y()


def test_a_long_segment_can_be_read(workspace: Workspace, show: Show) -> None:
    box = show(workspace).segment_box
    box.addItem("First Success (Y or N)")
    for _ in range(3):  # what is laid out lays out what stands in it
        QApplication.processEvents()
    box.setCurrentIndex(box.count() - 1)
    words = box.fontMetrics().horizontalAdvance(box.currentText())
    assert box.width() > words
    assert box.toolTip() == box.currentText()
