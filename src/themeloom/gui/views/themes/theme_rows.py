"""Themes below each other: colour, title, records; a click goes to one."""

import polars as pl
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from themeloom.gui.views.themes.theme_line import ThemeLine
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import clear
from themeloom.insights.wording import count

_MOST = 40


class ThemeRows(QWidget):
    """A short list of themes."""

    clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """It is empty."""
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    def show_themes(self, themes: pl.DataFrame) -> None:
        """Show rows of the view's themes, the largest first."""
        clear(self._layout)
        ordered = themes.sort("records", descending=True, maintain_order=True)
        for row in ordered.head(_MOST).iter_rows(named=True):
            self._layout.addWidget(
                self._row(row["theme_id"], row["title"], row["color"], row["records"])
            )
        if themes.height > _MOST:
            more = self.tr("and {0} more").format(themes.height - _MOST)
            self._layout.addWidget(Label(more, size=12, quiet=True))

    def _row(self, theme_id: str, title: str, color: int, records: int) -> QWidget:
        row = ThemeLine(theme_id, title, color)
        row.clicked.connect(self.clicked)
        row.add(Label(count(records, "record"), size=12, quiet=True, tabular=True))
        return row
