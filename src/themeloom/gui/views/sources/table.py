"""The table of sources: whole rows, one at a time, with a ring around the one of the keyboard."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.sources.model import DATES, KIND, NAME, READ, SourceModel

_NAME_LEAST = 160
_FIRST_TO_GO = (READ, DATES, KIND)  # the pane beside the table has them too


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
        model.modelReset.connect(self._make_room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, other columns go before the names are cut to nothing."""
        super().resizeEvent(event)
        self._make_room()

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

    def _make_room(self) -> None:
        columns = self.horizontalHeader()
        widths = {
            column: max(self.sizeHintForColumn(column), columns.sectionSizeHint(column))
            for column in range(columns.count())
            if column != NAME
        }
        room = self.viewport().width() - sizes.px(_NAME_LEAST) - sum(widths.values())
        for column in _FIRST_TO_GO:
            self.setColumnHidden(column, room < 0)
            room += widths[column] if room < 0 else 0
