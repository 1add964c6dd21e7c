"""Fills the menus and the toolbar of the window from its registry of actions."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton

from themeloom.gui.widgets.menu import Menu
from themeloom.services import recents

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from themeloom.gui.windows.main_window import MainWindow

_TOOLS = ("sources.import", "themes.find", "", "edit.undo", "edit.redo", "", "file.export")
_ICON_ONLY = ("edit.undo", "edit.redo")


def fill_menu(menu: QMenu, title: str, window: "MainWindow") -> None:
    """Put the actions of a menu into it: groups between separators, sub-menus at their ends."""
    below: dict[str, QMenu] = {}
    group: str | None = None
    for entry in window.actions_.entries(menu=title):
        if group is not None and entry.group != group:
            _end_group(menu, below)
            menu.addSeparator()
        group = entry.group
        if not entry.under:
            menu.addAction(entry.action)
            if entry.action.objectName() == "file.open":
                menu.addMenu(RecentMenu(window).menu)
            continue
        if entry.under not in below:
            below[entry.under] = Menu(window.tr(entry.under), menu)
        below[entry.under].addAction(entry.action)
    _end_group(menu, below)


def _end_group(menu: QMenu, below: dict[str, QMenu]) -> None:
    for one in below.values():
        menu.addMenu(one)
    below.clear()


def fill_toolbar(toolbar: QToolBar, before: "QAction", window: "MainWindow") -> None:
    """Put what is used most into the toolbar, left of ``before``, with short names."""
    actions = window.actions_
    for name in _TOOLS:
        if not name:
            toolbar.insertSeparator(before)
            continue
        action = actions[name]
        toolbar.insertAction(before, action)
        button = toolbar.widgetForAction(action)
        if name in _ICON_ONLY and isinstance(button, QToolButton):
            button.setProperty("iconOnly", "true")
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    short = {
        "sources.import": window.tr("Import…"),
        "themes.find": window.tr("Find themes…"),
        "file.export": window.tr("Export…"),
    }
    for name, text in short.items():
        actions[name].setIconText(text)


class RecentMenu(QObject):
    """The projects opened last, looked up each time the menu opens."""

    def __init__(self, window: "MainWindow") -> None:
        """Make ``menu``; the window opens what is chosen."""
        super().__init__(window)
        self._window = window
        self.menu = Menu(self.tr("Open &recent"), window)
        self.menu.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.menu.clear()
        for number, recent in enumerate(recents.recents(self._window.settings), 1):
            path = Path(recent.path)
            name = path.name.replace("&", "&&")
            text = self.tr("{name} (missing)").format(name=name) if recent.missing else name
            action = self.menu.addAction(f"&{number} {text}" if number < 10 else text)
            action.setToolTip(recent.path)
            action.setEnabled(not recent.missing)
            action.triggered.connect(partial(self._window.open_recent, path))
        self.menu.setEnabled(not self.menu.isEmpty())
