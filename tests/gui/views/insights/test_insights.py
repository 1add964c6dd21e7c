"""The insights place on a real project."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.opening import add_window, opened, settle

from themeloom.gui.actions import Actions
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.views.insights.place import InsightsPlace
from themeloom.gui.views.insights.rows import Order


@pytest.fixture
def workspace(qtbot: QtBot, tmp_path: Path) -> Iterator[Workspace]:
    with opened(qtbot, tmp_path) as made:
        yield made


class Stage:
    def __init__(self, qtbot: QtBot, workspace: Workspace) -> None:
        self.window = add_window(qtbot)
        self.window.resize(1280, 800)
        self.actions = Actions(self.window)
        self.asked: list[str] = []
        for name in ("file.export", "themes.find"):
            self.actions.add(name, name, lambda name=name: self.asked.append(name), menu="File")
        self.place = InsightsPlace(workspace, self.actions, self.window)
        self.place.resize(self.window.size())
        self.window.show()
        settle(qtbot, workspace)

    @property
    def titles(self) -> list[str]:
        model = self.place.model
        return [str(model.data(model.index(row))) for row in range(model.rowCount())]


@pytest.fixture
def stage(qtbot: QtBot, workspace: Workspace) -> Stage:
    return Stage(qtbot, workspace)


def texts(widget: QWidget) -> str:
    labels = [one for one in widget.findChildren(QLabel) if not one.isHidden()]
    return "\n".join(label.text() for label in labels)


def test_the_largest_stands_there_with_its_sheet(qtbot: QtBot, stage: Stage) -> None:
    item = stage.place.chosen
    assert item is not None
    qtbot.waitUntil(lambda: item.insight.title in texts(stage.place.sheet))
    records = [one.insight.records for one in stage.place.model._shown]
    assert len(records) == 18
    assert records == sorted(records, reverse=True)
    standing, sheet = texts(stage.place.standing), texts(stage.place.sheet)
    for words in (item.insight.title, item.insight.statement, item.quotes[0].place):
        assert words in standing
        assert words in sheet
    for figure in item.figures:
        assert figure.value in standing
        assert figure.base in standing
    assert "July to September 2026" in sheet
    assert "Personal data is masked." in sheet
    # Nothing of it is ever read as markup.
    for label in stage.place.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText


def test_typing_filters_and_says_when_nothing_is_left(qtbot: QtBot, stage: Stage) -> None:
    all_ = stage.titles
    qtbot.keyClicks(stage.place.filter_field, "invoice")
    assert 0 < len(stage.titles) < len(all_)
    qtbot.keyClicks(stage.place.filter_field, "zzz")
    assert stage.titles == []
    assert stage.place.chosen is None
    assert not stage.place.copy_button.isEnabled()
    assert stage.place.list.isHidden()
    stage.place.clear_button.click()
    assert stage.titles == all_
    assert stage.place.chosen is not None


def test_sorting_keeps_the_chosen_one(stage: Stage) -> None:
    stage.place.choose(stage.place.model._shown[5].insight.id)
    chosen = stage.place.chosen
    assert chosen is not None
    stage.place.order_box.setCurrentIndex(stage.place.order_box.findData(Order.TITLE))
    assert stage.titles == sorted(stage.titles, key=str.casefold)
    assert stage.place.chosen is chosen


def test_shows_its_theme(qtbot: QtBot, stage: Stage) -> None:
    item = stage.place.chosen
    assert item is not None
    with qtbot.waitSignal(stage.place.theme_chosen) as told:
        stage.place.theme_button.click()
    assert told.args == [item.insight.theme_id]
    with qtbot.waitSignal(stage.place.theme_chosen):
        stage.actions["insights.theme"].trigger()


def test_copies_markdown_and_rich_text(qtbot: QtBot, stage: Stage) -> None:
    item = stage.place.chosen
    assert item is not None
    with qtbot.waitSignal(stage.place.copied) as told:
        stage.place.copy_button.click()
    assert told.args == [f"Copied: {item.insight.title}"]
    data = QGuiApplication.clipboard().mimeData()
    assert data.text().startswith(f"## {item.insight.title}")
    assert f"<h2>{item.insight.title}</h2>" in data.html()
    assert "> “" in data.text()


def test_exports_through_the_windows_action(stage: Stage) -> None:
    stage.place.export_button.click()
    assert stage.asked == ["file.export"]


def test_an_edit_is_shown_when_the_place_is_shown(
    qtbot: QtBot, workspace: Workspace, stage: Stage
) -> None:
    item = stage.place.chosen
    assert item is not None
    theme_id = item.insight.theme_id
    workspace.edit(lambda session: session.project.rename_theme(theme_id, "New words"))
    settle(qtbot, workspace)
    assert stage.titles[0] == "New words"
    stage.place.hide()
    workspace.undo()
    settle(qtbot, workspace)
    assert stage.titles[0] == "New words"
    stage.place.show()
    settle(qtbot, workspace)
    assert stage.titles[0] == item.insight.title


@pytest.mark.parametrize("size", [(1240, 780), (912, 540)])
def test_nothing_is_cut_off_and_no_page_scrolls_through_nothing(
    qtbot: QtBot, stage: Stage, size: tuple[int, int]
) -> None:
    stage.place.resize(*size)
    for page in (stage.place.standing, stage.place.sheet):
        room, inner = page.viewport(), page.widget()
        assert inner is not None
        qtbot.waitUntil(lambda room=room, inner=inner: inner.width() == room.width())
        wanted = max(inner.heightForWidth(inner.width()), room.height())
        qtbot.waitUntil(lambda wanted=wanted, inner=inner: inner.height() == wanted)


def test_rows_speak(stage: Stage) -> None:
    model = stage.place.model
    words = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    item = stage.place.chosen
    assert item is not None
    assert str(words).startswith(f"{item.insight.title}, {item.insight.area}")
    assert f"{item.insight.records} records" in str(words)


def test_without_themes_it_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, themes=False) as workspace:
        stage = Stage(qtbot, workspace)
        assert stage.place.empty_button.text() == "Find themes…"
        stage.place.empty_button.click()
        assert stage.asked == ["themes.find"]
