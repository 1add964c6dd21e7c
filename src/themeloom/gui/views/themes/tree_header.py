"""The header of the theme tree: letters above the bars, a sign for the order, sort by click."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.models.theme_tree import ThemeTreeModel, TreeColumn, letters
from themeloom.gui.views.themes.tree_delegate import shares_rect

HEIGHT = 26
#: A click goes to the next order of its column; the last is the project's own order.
_ORDERS = {
    TreeColumn.NAME: (("title", False), ("title", True), ("position", False)),
    TreeColumn.RECORDS: (("records", True), ("records", False), ("position", False)),
    TreeColumn.TREND: (("trend", True), ("trend", False), ("position", False)),
}


class TreeHeader(QHeaderView):
    """Flat, 11 px, second text colour."""

    def __init__(self, model: ThemeTreeModel, parent: QWidget | None = None) -> None:
        """Sort ``model`` by clicks."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._themes = model
        self.setHighlightSections(False)
        self.setMinimumSectionSize(sizes.px(24))
        self.setAccessibleName(self.tr("Columns of the themes"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sectionClicked.connect(self._on_clicked)

    def sizeHint(self) -> QSize:
        """Return the height of headers."""
        return QSize(super().sizeHint().width(), sizes.px(HEIGHT))

    def paintSection(self, painter: QPainter, rect: QRect, column: int, /) -> None:
        """Paint one header."""
        colors = tokens()
        painter.save()
        painter.fillRect(rect, colors.color("window"))
        painter.setPen(colors.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(sizes.font(11))
        painter.setPen(colors.color("text-2"))
        align = Qt.AlignmentFlag.AlignVCenter
        if column == TreeColumn.SHARES:
            kinds = self._themes.kinds
            bars = shares_rect(rect, len(kinds))
            step = bars.width() / max(len(kinds), 1)
            for at, letter in enumerate(letters(kinds)):
                box = QRect(round(bars.left() + at * step), rect.top(), round(step), rect.height())
                painter.drawText(box, align | Qt.AlignmentFlag.AlignHCenter, letter)
        else:
            text = str(self._themes.headerData(column, Qt.Orientation.Horizontal))
            mark = self._mark(column)
            if column == TreeColumn.RECORDS:
                box = rect.adjusted(0, 0, -sizes.px(4), 0)
                painter.drawText(box, align | Qt.AlignmentFlag.AlignRight, mark + text)
            else:
                inset = 12 if column == TreeColumn.NAME else 6
                box = rect.adjusted(sizes.px(inset), 0, 0, 0)
                painter.drawText(box, align | Qt.AlignmentFlag.AlignLeft, text + mark)
        painter.restore()

    def _mark(self, column: int) -> str:
        key, descending = self._themes.sorting
        orders = _ORDERS.get(TreeColumn(column), ())
        if key == "position" or not any(order[0] == key for order in orders):
            return ""
        return " ▾" if descending else " ▴"

    def _on_clicked(self, column: int) -> None:
        orders = _ORDERS.get(TreeColumn(column))
        if not orders:
            return
        now = self._themes.sorting
        at = orders.index(now) + 1 if now in orders and now[0] != "position" else 0
        key, descending = orders[at % len(orders)]
        self._themes.sort_by(key, descending=descending)
        self.viewport().update()
