"""Themes below each other: colour, title, records; a click goes to one."""

from collections.abc import Callable

import polars as pl
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.link import LinkButton
from themeloom.gui.widgets.pane import clear
from themeloom.gui.widgets.swatch import Swatch
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
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(sizes.px(4))
        line.addWidget(Swatch(color, row))
        button = LinkButton(title, row)
        button.setAccessibleName(self.tr("Go to theme {0}").format(title))
        button.clicked.connect(self._emitting(theme_id))
        line.addWidget(button, 1)
        line.addStretch()
        line.addWidget(Label(count(records, "record"), size=12, quiet=True, tabular=True))
        return row

    def _emitting(self, theme_id: str) -> Callable[[], None]:
        return lambda: self.clicked.emit(theme_id)
