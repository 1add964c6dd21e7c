"""What the panes of the Insights place have in common."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

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
