"""What the panes of the Insights place have in common."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.pane import ScrollPage


def column_of(pane: QWidget) -> QVBoxLayout:
    """Return a column without margins for ``pane``."""
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column


def header(*parts: QWidget) -> QFrame:
    """Return the head of a pane; one elided label takes the room that is left."""
    head = QFrame()
    head.setProperty("line", "bottom")
    head.setProperty("pane", "window")
    head.setFixedHeight(sizes.px(36))
    row = QHBoxLayout(head)
    row.setContentsMargins(sizes.px(12), 0, sizes.px(8), 0)
    row.setSpacing(sizes.px(8))
    for part in parts:
        row.addWidget(part, 1 if isinstance(part, ElidedLabel) else 0)
    if not any(isinstance(part, ElidedLabel) for part in parts):
        row.addStretch(1)
    return head


def fit_height(page: ScrollPage) -> None:
    """Let a page be as high as its texts are at its width.

    Without a minimum of its own Qt takes the height at the smallest width, and the page scrolls
    through nothing.
    """
    inner = page.widget()
    if inner is not None:
        inner.setMinimumHeight(1)


class Wrapping(QWidget):
    """Controls in a row, or two and two where their words would be cut off."""

    def __init__(self, least: int, *parts: QWidget) -> None:
        """``least`` is the width from which on they stand in a row."""
        super().__init__()
        self._least = least
        self._parts = parts
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(sizes.px(8))
        self._grid.setVerticalSpacing(sizes.px(8))
        self._arrange(2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the controls for the new width."""
        super().resizeEvent(event)
        self._arrange(len(self._parts) if self.width() >= sizes.px(self._least) else 2)

    def minimumSizeHint(self) -> QSize:
        """What stands in a row now has to be able to become narrower than that row."""
        height = super().minimumSizeHint().height()
        return QSize(2 * max(part.minimumSizeHint().width() for part in self._parts), height)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for at, part in enumerate(self._parts):
            self._grid.addWidget(part, at // columns, at % columns)
        for column in range(len(self._parts)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
