"""Searching from the field of the window, and by likeness: what is found stands in the table."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from themeloom.gui.models.excerpt_rows import numbers_scope
from themeloom.services.finding import Found
from themeloom.services.likeness import Alike

if TYPE_CHECKING:
    from themeloom.gui.views.themes.place import ThemesPlace

_SEARCH_AFTER_MS = 60
#: Words to mark in what is found: those typed, without the operators.
_WORD = re.compile(r"\b(?!(?:AND|OR|NOT)\b)\w[\w\'’-]*")


class Searching(QObject):
    """Asks as it is typed; an empty field leads back to the themes shown before, and so does Esc."""

    def __init__(self, place: "ThemesPlace") -> None:
        """Follow the search field of the window that ``place`` is in."""
        super().__init__(place)
        self._place = place
        self._window = place.window_
        self._workspace = place.workspace
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SEARCH_AFTER_MS)
        self._timer.timeout.connect(self._search)
        field = self._window.search_field
        field.textChanged.connect(self._on_typed)
        field.returnPressed.connect(self._on_entered)
        field.installEventFilter(self)
        self._workspace.closed.connect(self.clear)

    def clear(self) -> None:
        """Empty the field without asking anything."""
        # With its signals: the field's own cross goes by them.
        self._window.search_field.clear()
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes to what was found; Esc empties the field and goes back to the list."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Down and self._window.search_field.text().strip():
                self._on_entered()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._leave()
                return True
        return super().eventFilter(watched, event)

    def show_alike(self) -> None:
        """Show what is like the selected excerpts."""
        chosen = self._place.selected_excerpts
        if not chosen:
            return

        def found(alike: list[Alike]) -> None:
            numbers = [*chosen, *(one.excerpt for one in alike)]
            title = self.tr("Like what you selected")
            self._place.showing.show_found(numbers_scope(title, numbers, f"alike:{chosen[0]}"))

        self._workspace.ask("alike", lambda session: session.alike(chosen), found)

    def _search(self) -> None:
        place, text = self._place, self._window.search_field.text().strip()
        if not text:
            if place.showing.key.startswith("search:"):
                place.showing.show_back()
            return
        self._window.show_place("themes")
        place.leave_review()

        def found(answer: Found) -> None:
            if not self._window.search_field.text().strip():
                return  # emptied meanwhile
            title = self.tr("Found: {text}").format(text=text)
            words = tuple(_WORD.findall(text)) if ":" not in text else ()
            scope = numbers_scope(title, answer.excerpts, f"search:{text}", words)
            nothing = self.tr("No excerpt is like this. The cross in the search field leads back.")
            place.showing.show_found(replace(scope, empty=nothing))
            if answer.message:
                self._window.bar.say(answer.message, "info")

        self._workspace.ask("search", lambda session: session.find(text), found)

    def _leave(self) -> None:
        self.clear()
        self._search()
        if self._place.excerpts.table.isVisible():
            self._place.excerpts.take_focus()
        else:
            self._window.next_pane()

    def _on_typed(self, _text: str) -> None:
        self._timer.start()

    def _on_entered(self) -> None:
        self._timer.stop()
        self._search()
        self._place.excerpts.take_focus()
