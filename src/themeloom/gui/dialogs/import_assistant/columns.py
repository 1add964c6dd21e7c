"""The first rows of a sheet as they stand, with a role above each column and a header row to click."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from themeloom.domain.previews import ColumnPreview
from themeloom.domain.records import Kind, Role
from themeloom.gui.dialogs.import_assistant.words import ROLES, role_hint, role_name, tr
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_FITTED = 300  # columns whose widths are fitted


class ColumnTable(QTableView):
    """Signals what the person points at: a role for a column, another header row."""

    role_chosen = Signal(str, object)  # column, Role
    header_chosen = Signal(int)  # 1-based row

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty table."""
        super().__init__(parent)
        self._columns: Sequence[ColumnPreview] = ()
        self._kind: Kind | None = None
        self._own_widths = self._fitting = False
        self._model = _Rows(self)
        self.setItemDelegate(_Cells(self))
        self.setModel(self._model)
        self._roles = RoleHeader(self)
        self.setHorizontalHeader(self._roles)
        self._roles.role_chosen.connect(self.role_chosen)
        self._roles.sectionResized.connect(self._on_resized)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("First rows of the sheet"))
        self.setAccessibleDescription(
            self.tr("Enter takes the current row for the one that holds the column names.")
        )
        numbers = self.verticalHeader()
        numbers.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        numbers.setDefaultSectionSize(sizes.px(26))
        numbers.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        numbers.setAccessibleName(self.tr("Row numbers"))
        numbers.setMinimumWidth(sizes.px(34))
        self.setCornerButtonEnabled(False)
        corner = QWidget()
        corner.setProperty("pane", "surface")
        self.setCornerWidget(corner)

    def show_rows(
        self,
        rows: Sequence[Sequence[str]],
        columns: Sequence[ColumnPreview],
        header_row: int,
        first_row: int,
        kind: Kind | None,
    ) -> None:
        """Show a sheet; ``columns`` is empty for notes, which have no roles."""
        fresh = self._model.rows != rows
        self._columns, self._kind = columns, kind
        names = {column.index: column.name for column in columns}
        self._model.show_rows(rows, header_row, first_row, names)
        self._roles.show_columns(columns, kind)
        self.verticalHeader().setVisible(bool(columns))
        if fresh:
            self._own_widths = False
            self.horizontalScrollBar().setValue(0)
            self.verticalScrollBar().setValue(0)
        if not self._own_widths:
            self._fit()
        self.viewport().update()

    def combo(self, name: str) -> QComboBox | None:
        """Return the box above the column called ``name``, if it has been shown."""
        return self._roles.combo(name)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a row makes it the header row."""
        super().mouseReleaseEvent(event)
        at = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and at.isValid():
            self._choose(at.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does the same for the current row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._choose(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Nine rows."""
        return QSize(sizes.px(700), self._roles.sizeHint().height() + 9 * sizes.px(26) + 2)

    def _choose(self, row: int) -> None:
        if self._roles.has_roles and row + 1 != self._model.header_row:
            self.header_chosen.emit(row + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is left over goes to the texts, unless the person set the widths."""
        super().resizeEvent(event)
        if not self._own_widths:
            self._fit()

    def _on_resized(self) -> None:
        if not self._fitting:
            self._own_widths = True

    def _fit(self) -> None:
        """Give each column what its cells and its role need within bounds, the rest to the texts."""
        rows, metrics = self._model.rows, self.fontMetrics()
        count = min(len(rows[0]) if rows else 0, _FITTED)
        if count == 0:
            return
        texts = {column.index for column in self._columns if column.role is Role.TEXT}
        texts = {column for column in texts if column < count}
        roles = {column.index: role_name(column.role, self._kind) for column in self._columns}
        widths: list[int] = []
        for column in range(count):
            longest = max(metrics.horizontalAdvance(row[column][:60]) for row in rows)
            role = metrics.horizontalAdvance(roles.get(column, "")) + sizes.px(52)
            least = max(role, sizes.px(84)) if roles else sizes.px(84)
            most = max(least, sizes.px(240 if column in texts else 150))
            widths.append(min(max(longest + sizes.px(24), least), most))
        wide = sorted(texts) or [max(range(count), key=lambda column: widths[column])]
        room = self.viewport().width() - sum(widths)
        if room > 0:
            for column in wide:
                widths[column] += room // len(wide)
        self._fitting = True
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self._fitting = False


class _Cells(QStyledItemDelegate):
    """Cells begin where the words of the boxes above them do; a hairline parts the rows."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.showDecorationSelected = True  # pyright: ignore[reportAttributeAccessIssue]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        tint = index.data(Qt.ItemDataRole.BackgroundRole)
        if isinstance(tint, QColor):
            painter.fillRect(rect, tint)
        shown = QStyleOptionViewItem(option)
        shown.rect = rect.adjusted(sizes.px(7), 0, 0, 0)  # pyright: ignore[reportAttributeAccessIssue]
        super().paint(painter, shown, index)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), tokens().color("line"))


class RoleHeader(QHeaderView):
    """A box with the role above each column. Boxes are made when their column is first seen."""

    role_chosen = Signal(str, object)

    def __init__(self, table: QTableView) -> None:
        """Stand above ``table``."""
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self._columns: dict[int, ColumnPreview] = {}
        self._kind: Kind | None = None
        self._combos: dict[int, QComboBox] = {}
        self.setSectionsClickable(False)
        self.setDefaultSectionSize(sizes.px(110))
        self.setMinimumSectionSize(sizes.px(60))
        self.setAccessibleName(self.tr("Roles of the columns"))
        self.sectionResized.connect(self._place)
        table.horizontalScrollBar().valueChanged.connect(self._place)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._place)

    @property
    def has_roles(self) -> bool:
        """Whether the rows are a table at all."""
        return bool(self._columns)

    def show_columns(self, columns: Sequence[ColumnPreview], kind: Kind | None) -> None:
        """Show the roles that count now."""
        self._columns = {column.index: column for column in columns}
        self._kind = kind
        for index in list(self._combos):
            if index not in self._columns:
                self._drop(index)
        for index, combo in self._combos.items():
            self._fill(combo, self._columns[index])
        self.updateGeometry()
        self._place()

    def combo(self, name: str) -> QComboBox | None:
        """Return the box above the column called ``name``."""
        for index, column in self._columns.items():
            if column.name == name:
                return self._combos.get(index)
        return None

    def sizeHint(self) -> QSize:
        """Leave room for the boxes."""
        height = sizes.px(36) if self._columns else 0
        return QSize(super().sizeHint().width(), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More columns may be in sight."""
        super().resizeEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A box that gets the focus by key is scrolled into sight; the wheel scrolls the table."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        if event.type() == QEvent.Type.FocusIn:
            for index, combo in self._combos.items():
                if combo is watched:
                    self._table.scrollTo(self._table.model().index(0, index))
                    self._later.start(0)
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        """Put the boxes above their columns; those of the next columns are there for the Tab key."""
        width = self.viewport().width()
        shown = 0
        before: QWidget | None = None
        for index in sorted(self._columns):
            left = self.sectionViewportPosition(index)
            size = self.sectionSize(index)
            if left + size < -width or left > 2 * width or shown > 60:
                combo = self._combos.get(index)
                if combo is not None and not combo.hasFocus():
                    combo.hide()
                continue
            shown += 1
            combo = self._combos.get(index) or self._make(index)
            gap = sizes.px(3)
            combo.setGeometry(left + gap, gap, size - 2 * gap, self.height() - 2 * gap - 1)
            combo.show()
            if before is not None:
                QWidget.setTabOrder(before, combo)
            before = combo

    def _make(self, index: int) -> QComboBox:
        combo = QComboBox(self.viewport())
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        combo.installEventFilter(self)
        for role in ROLES:
            combo.addItem(role_name(role, self._kind), role)
            combo.setItemData(combo.count() - 1, role_hint(role), Qt.ItemDataRole.ToolTipRole)
        combo.view().setMinimumWidth(sizes.px(150))
        self._fill(combo, self._columns[index])
        combo.activated.connect(partial(self._on_activated, index))
        self._combos[index] = combo
        return combo

    def _fill(self, combo: QComboBox, column: ColumnPreview) -> None:
        combo.setItemText(ROLES.index(Role.SCORE), role_name(Role.SCORE, self._kind))
        combo.setCurrentIndex(ROLES.index(column.role))
        combo.setAccessibleName(tr("Role of the column {name}").format(name=column.name))
        combo.setToolTip(f"{column.name}\n{role_hint(column.role)}")

    def _on_activated(self, index: int, at: int) -> None:
        column = self._columns.get(index)
        if column is not None and ROLES[at] is not column.role:
            self.role_chosen.emit(column.name, ROLES[at])

    def _drop(self, index: int) -> None:
        combo = self._combos.pop(index)
        combo.hide()
        combo.deleteLater()


class _Rows(QAbstractTableModel):
    """The cells as text; the header row is bold and tinted, what stands above it is quiet.

    In the header row stands what the columns are called from now on.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: Sequence[Sequence[str]] = ()
        self.header_row = 0
        self._first_row = 1
        self._names: Mapping[int, str] = {}

    def show_rows(
        self,
        rows: Sequence[Sequence[str]],
        header_row: int,
        first_row: int,
        names: Mapping[int, str],
    ) -> None:
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        self.header_row = header_row
        self._first_row = first_row
        self._names = names

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() or not self.rows else len(self.rows[0])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        is_header = row + 1 == self.header_row
        cell = self.rows[row][column]
        if is_header:
            cell = self._names.get(column, cell)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell
            case Qt.ItemDataRole.ToolTipRole:
                return cell if len(cell) > 24 else None
            case Qt.ItemDataRole.FontRole:
                return sizes.font(12.5, bold=is_header)
            case Qt.ItemDataRole.BackgroundRole:
                return tokens().color("selection") if is_header else None
            case Qt.ItemDataRole.ForegroundRole:
                quiet = not is_header and row + 1 < self._first_row
                return tokens().color("text-2" if quiet else "text")
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.tr("column name {name}").format(name=cell) if is_header else cell
            case _:
                return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Vertical and role == Qt.ItemDataRole.DisplayRole:
            return f"{section + 1}"
        return "" if role == Qt.ItemDataRole.DisplayRole else None
