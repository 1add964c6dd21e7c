"""Every control of every place and dialog has a name, and every text can be translated."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.gui.driving import open_project, open_window, settle, view_of
from tests.gui.opening import fernwick

from themeloom.base.paths import sample_data
from themeloom.base.settings import Settings
from themeloom.domain.themes import Level
from themeloom.gui.views.themes.place import ThemesPlace
from themeloom.gui.windows.main_window import MainWindow
from themeloom.gui.windows.period_box import OTHER_DAYS
from themeloom.services.likeness import NearTheme
from themeloom.services.session import Session

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> Iterator[MainWindow]:
    path = tmp_path / "voice.loom"
    path.write_bytes(fernwick(few=True))
    with open_window(qapp, qtbot, settings) as made:
        open_project(made, qtbot, path)
        yield made


@pytest.mark.usefixtures("shared_reader")
def test_every_control_has_a_name(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The engine's answer: it would have to start and to read all texts first.
    themes = view_of(window).themes
    near = NearTheme(themes["theme_id"][-1], "Strong", (), 12, confirmed=True)
    monkeypatch.setattr(Session, "near_themes", lambda *_: [near])
    nameless: list[str] = []
    for scene, widget in _scenes(window, qtbot):
        nameless += [f"{scene}: {found}" for found in _nameless(widget)]
    assert nameless == []


def test_every_control_can_be_reached_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    for name in window.places:
        window.show_place(name)
        settle(window, qtbot)
        seen: set[QWidget] = set()
        for _ in range(120):
            window.focusNextChild()
            focused = QApplication.focusWidget()
            if focused is None or focused in seen:
                break
            seen.add(focused)
        assert len(seen) > 5, f"{name}: {seen}"


def test_texts_come_from_translations(
    qapp: QApplication, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "voice.loom"
    path.write_bytes(fernwick(few=True))
    pseudo = _Pseudo()
    QCoreApplication.installTranslator(pseudo)
    try:
        with open_window(qapp, qtbot, settings) as window:
            open_project(window, qtbot, path)
            texts = [action.text() for menu in window.menuBar().actions() for action in [menu]]
            texts += [
                entry.action.text()
                for entry in window.actions_.entries()
                if not entry.action.objectName().startswith("edit.undo")
            ]
            texts += [
                button.text()
                for button in window.findChildren(QAbstractButton)
                if button.isVisible() and any(letter.isalpha() for letter in button.text())
            ]
            untranslated = sorted({text for text in texts if text and "⟦" not in text})
    finally:
        QCoreApplication.removeTranslator(pseudo)
    # What people typed, files are called and formats are named is theirs.
    own = set(view_of_titles(tmp_path))
    assert [text for text in untranslated if text not in own and len(text) > 1] == []


class _Pseudo(QTranslator):
    """Translates everything into itself, in brackets."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        return f"⟦{text}⟧"


def view_of_titles(folder: Path) -> list[str]:
    from themeloom.project.project import Project

    path = folder / "titles.loom"
    path.write_bytes(fernwick(few=True))
    with Project.open(path, read_only=True) as project:
        themes = project.themes()
        return [*themes["title"], *themes["key_phrases"].explode().drop_nulls()]


def _scenes(window: MainWindow, qtbot: QtBot) -> Iterator[tuple[str, QWidget]]:
    for name in window.places:
        window.show_place(name)
        settle(window, qtbot)
        yield name, window
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    window.show_place("themes")
    settle(window, qtbot)
    for tab in range(3):
        place.inspector.go_to(tab)
        settle(window, qtbot)
        yield f"inspector {tab}", window
    themes = view_of(window).themes
    ids = themes.filter(themes["level"] == Level.THEME)["theme_id"].to_list()
    files = [sample_data() / "support-tickets-2026-q3.csv"]
    for name, deed in {
        "find themes": window.work.find_themes,
        "export": window.work.export,
        "settings": window.work.show_settings,
        "history": window.work.show_history,
        "backups": window.work.show_backups,
        "keys": window.help.show_keys,
        "about": window.help.show_about,
        "days": lambda: window.period.choose(OTHER_DAYS),
        "send": window.insights.send,
        "roster": window.insights.show_roster,
        "merge": lambda: place.reshaping.merge(ids[:2]),
        "level up": lambda: place.reshaping.move(ids[:1], up=True),
        "level down": lambda: place.reshaping.move(ids[:1], up=False),
        "let in": place.reshaping.show_coverage,
        "new theme": lambda: place.placing.new_theme(
            place.excerpts.model.numbers.head(3).to_list()
        ),
        "import": lambda: window.work.import_files(files),
    }.items():
        deed()
        settle(window, qtbot)
        dialog = next(one for one in window.findChildren(QDialog) if one.isVisible())
        yield name, dialog
        dialog.close()
        settle(window, qtbot)
    place.begin_review()
    settle(window, qtbot)
    assert place.review.isVisible()
    yield "review", window


def _nameless(root: QWidget) -> list[str]:
    found: list[str] = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, CONTROLS) or not widget.isVisible() or _inner(widget):
            continue
        interface = cast(Any, QAccessible.queryAccessibleInterface(widget))  # may be None
        spoken = interface.text(QAccessible.Text.Name) if interface is not None else ""
        if not (spoken or widget.accessibleName() or _buddy(root, widget)):
            parent = widget.parent()
            found.append(f"{type(widget).__name__} in {type(parent).__name__}")
    return found


def _inner(widget: QWidget) -> bool:
    """Tell whether it is a part that Qt makes inside another control, or never gets the focus."""
    parent: QObject | None = widget.parent()
    if isinstance(widget, QScrollBar) or widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
        return True
    return isinstance(parent, QAbstractSpinBox | QComboBox | QLineEdit | QTabBar) or (
        type(parent).__name__ in ("QComboBoxPrivateContainer", "QCalendarView")
    )


def _buddy(root: QWidget, widget: QWidget) -> bool:
    return any(label.buddy() is widget for label in root.findChildren(QLabel))
