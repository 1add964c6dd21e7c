"""The themes of one excerpt that speaks of several: which is the main one, and taking one off."""

from collections.abc import Callable

import polars as pl
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.views.themes.theme_line import ThemeLine
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.link import LinkButton
from themeloom.gui.widgets.pane import clear
from themeloom.services.view import View


class ExcerptThemes(QWidget):
    """A short list, the main theme first. It is hidden for excerpts with one theme or none."""

    clicked = Signal(str)
    primary_asked = Signal(int, str)  # inner number of the excerpt, theme id
    take_off_asked = Signal(int, str)

    def __init__(self, parent: QWidget | None = None, *, editable: bool = True) -> None:
        """With ``editable`` the themes can be changed."""
        super().__init__(parent)
        self._editable = editable
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, sizes.px(6))
        self._layout.setSpacing(0)
        self.hide()

    def set_editable(self, editable: bool) -> None:
        """Offer changes or not, from the next excerpt on."""
        self._editable = editable

    def show_excerpt(self, view: View, excerpt: int) -> None:
        """Show the themes of an excerpt."""
        clear(self._layout)
        shares = (
            view.shares.filter(pl.col("excerpt") == excerpt)
            .sort("primary", "similarity", descending=True, nulls_last=True, maintain_order=True)
            .join(view.themes.select("theme_id", "title", "color"), on="theme_id")
        )
        self.setVisible(shares.height > 1)
        if shares.height < 2:
            return
        self._layout.addWidget(Label(self.tr("Themes of this excerpt"), size=11, quiet=True))
        for theme_id, title, color, primary in shares.select(
            "theme_id", "title", "color", "primary"
        ).iter_rows():
            self._layout.addWidget(self._row(excerpt, theme_id, title, color, primary))

    def _row(self, excerpt: int, theme_id: str, title: str, color: int, primary: bool) -> QWidget:
        row = ThemeLine(theme_id, title, color)
        row.clicked.connect(self.clicked)
        if primary:
            row.add(Label(self.tr("main"), size=12, quiet=True))
        elif self._editable:
            row.add(
                self._button(
                    self.tr("Make main"),
                    self.tr("Make {0} the main theme of this excerpt").format(title),
                    lambda: self.primary_asked.emit(excerpt, theme_id),
                )
            )
        if self._editable:
            row.add(
                self._button(
                    self.tr("Take off"),
                    self.tr("Take this excerpt off {0}").format(title),
                    lambda: self.take_off_asked.emit(excerpt, theme_id),
                )
            )
        return row

    def _button(self, text: str, name: str, asked: Callable[[], None]) -> QPushButton:
        button = LinkButton(text)
        button.setAccessibleName(name)
        button.clicked.connect(asked)
        return button
