"""The table of sources: whole rows, one at a time, with a ring around the one of the keyboard."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.sources.model import NAME, SourceModel


class SourcesTable(QTableView):
    """Shows a ``SourceModel``."""

    def __init__(self, model: SourceModel) -> None:
        """The name takes the room that the other columns leave."""
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(self.tr("Sources"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        # Cells begin and end where their headers do.
        self.setStyleSheet("QTableView::item { padding: 0 5px; }")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(sizes.px(34))
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setMinimumSectionSize(sizes.px(60))
        columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        columns.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Put a ring around the current row."""
        super().paintEvent(event)
        current = self.currentIndex()
        if not (self.hasFocus() and current.isValid()):
            return
        row = self.visualRect(current)
        whole = QRectF(QRect(0, row.top(), self.viewport().width(), row.height()))
        painter = QPainter(self.viewport())
        painter.setPen(QPen(tokens().color("accent"), 1.5))
        painter.drawRect(whole.adjusted(0.75, 0.75, -0.75, -0.75))
        painter.end()
