"""The window at its smallest: nothing that can be used is cut off or lies under something else."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.gui.driving import open_project, open_window, settle, trigger, view_of
from tests.gui.opening import fernwick

from themeloom.base.settings import Settings
from themeloom.gui.views.insights.place import InsightsPlace
from themeloom.gui.views.sources.model import NAME
from themeloom.gui.views.sources.place import SourcesPlace
from themeloom.gui.views.themes.place import ThemesPlace
from themeloom.gui.widgets.in_place import InPlaceText
from themeloom.gui.windows.main_window import MainWindow


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> Iterator[MainWindow]:
    path = tmp_path / "voice.loom"
    path.write_bytes(fernwick(few=True))
    with open_window(qapp, qtbot, settings) as made:
        made.resize(made.minimumSize())
        QApplication.processEvents()
        open_project(made, qtbot, path)
        yield made


def at_rest(window: MainWindow, qtbot: QtBot) -> None:
    settle(window, qtbot)
    for _ in range(3):  # what is laid out lays out what stands in it
        QApplication.processEvents()


def cut_off(place: QWidget) -> list[str]:
    """Return the controls that are squeezed, or reach beyond a side of what they stand in."""
    found: list[str] = []
    for control in place.findChildren(QWidget):
        kinds = QAbstractButton | QComboBox | QLineEdit | QPlainTextEdit
        if not (isinstance(control, kinds) and control.isVisible()):
            continue
        around = control.parentWidget()
        words = isinstance(control, QPushButton)
        squeezed = words and control.width() < control.minimumSizeHint().width()
        while around is not None and around is not place.parentWidget():
            left = control.mapTo(around, QPoint(0, 0)).x()
            if squeezed or left < 0 or left + control.width() > around.width():
                name = control.accessibleName() or getattr(control, "text", str)()
                found.append(f"{type(control).__name__} {name!r} in {type(around).__name__}")
                break
            around = around.parentWidget()
    return found


def overlapping(place: QWidget) -> list[str]:
    """Return the panes that lie under their neighbour."""
    found: list[str] = []
    for splitter in place.findChildren(QSplitter):
        panes = [splitter.widget(at) for at in range(splitter.count())]
        shown = [pane.geometry() for pane in panes if pane is not None and pane.isVisible()]
        found += [str(a) for a, b in pairwise(shown) if a.intersects(b)]
        found += [str(pane) for pane in shown if pane.right() > splitter.width()]
    return found


@pytest.mark.parametrize("name", ["sources", "themes", "insights", "dashboard"])
def test_nothing_is_cut_off(window: MainWindow, qtbot: QtBot, name: str) -> None:
    window.show_place(name)
    at_rest(window, qtbot)
    assert not cut_off(window.places[name])
    assert not overlapping(window.places[name])


def test_the_form_of_an_insight_is_whole(window: MainWindow, qtbot: QtBot) -> None:
    window.show_place("insights")
    settle(window, qtbot)
    place = window.places["insights"]
    assert isinstance(place, InsightsPlace)
    place.editor._evidence_head.setText("Evidence: 12 quotes and a counter-example")
    place.editor.choose_button.setText("Choose from 1,293…")
    at_rest(window, qtbot)
    assert place.editor.viewport().width() < 340
    assert not cut_off(place)


def test_the_inspector_has_room_when_it_is_asked_for(window: MainWindow, qtbot: QtBot) -> None:
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    assert not place.inspector.isVisible()
    themes = view_of(window).themes
    place.show_theme(themes.filter(themes["level"] == "theme")["theme_id"][0])
    place.inspector.theme_page._definition.load(
        "Records that speak of a calendar and of much more."
    )
    trigger(window, "themes.inspector")
    at_rest(window, qtbot)
    assert place.inspector.isVisible()
    for text in place.inspector.findChildren(InPlaceText):
        if text.isVisible():
            lines = text.document().size().height()
            assert text.height() >= lines * text.fontMetrics().lineSpacing(), text.accessibleName()
    place.excerpts.table.selectAll()
    at_rest(window, qtbot)
    assert not cut_off(place)
    assert not overlapping(place)


def test_sources_are_told_apart(window: MainWindow, qtbot: QtBot) -> None:
    window.show_place("sources")
    at_rest(window, qtbot)
    place = window.places["sources"]
    assert isinstance(place, SourcesPlace)
    assert place.table.columnWidth(NAME) >= 160
    assert place.table.horizontalScrollBar().maximum() == 0
