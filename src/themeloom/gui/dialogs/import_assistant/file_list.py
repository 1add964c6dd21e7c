"""The list of files and sheets on the left: ticked ones come in, a mark says where to look."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from themeloom.domain.previews import InputPreview, Shape
from themeloom.gui.dialogs.import_assistant.plan import Plan, SheetPlan
from themeloom.gui.dialogs.import_assistant.words import sheet_detail
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import paint_icon
from themeloom.gui.look.tokens import tokens
from themeloom.services.assistant import Key

_PLACE = Qt.ItemDataRole.UserRole  # Key of a sheet, or the path of an input as text
_DETAIL = Qt.ItemDataRole.UserRole + 1
_ICON = Qt.ItemDataRole.UserRole + 2
_MARK = Qt.ItemDataRole.UserRole + 3  # "check", "warning", "error" or ""
_LEVELS = {"check": "ok", "warning": "warn", "error": "bad"}

Index = QModelIndex | QPersistentModelIndex


class FileList(QTreeWidget):
    """Signals ``chosen`` with the place under the cursor and ``ticked`` when a sheet is toggled."""

    chosen = Signal(object)  # Key, or the path of an input that cannot be read
    ticked = Signal(object, bool)  # Key
    removed = Signal(object)  # place

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty list."""
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setColumnCount(1)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(sizes.px(16))
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Files and sheets"))
        self.setAccessibleDescription(self.tr("Space takes a sheet in or leaves it out."))
        self.currentItemChanged.connect(self._on_current)
        self.itemChanged.connect(self._on_changed)

    def show_plan(self, plan: Plan) -> None:
        """Show all inputs; the cursor stays where it was."""
        before = self.current()
        blocked = self.blockSignals(True)
        self.clear()
        for preview in plan.inputs:
            self._add_input(preview, plan.of(preview))
        self.expandAll()
        self.blockSignals(blocked)
        self.go_to(before)

    def refresh(self, sheet: SheetPlan) -> None:
        """Show a sheet anew."""
        item = self._find(sheet.key)
        if item is not None:
            blocked = self.blockSignals(True)
            self._fill(item, sheet)
            self.blockSignals(blocked)
            self.viewport().update()

    def current(self) -> object:
        """Return the place under the cursor, or None."""
        item = self.currentItem()
        return item.data(0, _PLACE) if item is not None else None

    def go_to(self, place: object) -> None:
        """Put the cursor on a place; on the first sheet that comes in where it is not there."""
        item = self._find(place) or self._first()
        if item is not None:
            self.setCurrentItem(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the file out of the list."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.current())
            return
        super().keyPressEvent(event)

    def items(self) -> list[QTreeWidgetItem]:
        """Return all lines from top to bottom."""
        found: list[QTreeWidgetItem] = []
        for at in range(self.topLevelItemCount()):
            top = self.topLevelItem(at)
            if top is not None:
                children = (top.child(row) for row in range(top.childCount()))
                found += [top, *(child for child in children if child is not None)]
        return found

    def _add_input(self, preview: InputPreview, sheets: list[SheetPlan]) -> None:
        top = QTreeWidgetItem(self)
        icon = "folder" if preview.shape is Shape.FOLDER else "file"
        if preview.error is not None:
            top.setData(0, _PLACE, str(preview.path))
            _set(top, preview.name, self.tr("cannot be read"), icon, "error")
            top.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        elif len(sheets) == 1:
            top.setData(0, _PLACE, sheets[0].key)
            self._fill(top, sheets[0])
        else:
            _set(top, preview.name, "", icon, "")
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for sheet in sheets:
                child = QTreeWidgetItem(top)
                child.setData(0, _PLACE, sheet.key)
                self._fill(child, sheet)

    def _fill(self, item: QTreeWidgetItem, sheet: SheetPlan) -> None:
        preview = sheet.preview
        own_line = item.parent() is None
        name = preview.name if own_line else str(sheet.sheet.name)
        icon = "folder" if preview.shape is Shape.FOLDER else "file" if own_line else "table"
        mark = ("error" if sheet.failed else "warning") if sheet.waits else "check"
        detail = sheet_detail(preview, sheet.sheet, sheet.choice.kind)
        if sheet.choice.include and sheet.failed:
            detail = self.tr("needs a column of text")
        _set(item, name, detail, icon, mark if sheet.choice.include else "")
        item.setFlags(
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsUserCheckable
        )
        checked = Qt.CheckState.Checked if sheet.choice.include else Qt.CheckState.Unchecked
        item.setCheckState(0, checked)
        words = {
            "error": self.tr("needs a column of text"),
            "warning": self.tr("dates can be read in two ways"),
            "check": self.tr("ready"),
        }
        state = words[mark] if sheet.choice.include else self.tr("left out")
        spoken = ", ".join(dict.fromkeys(part for part in (name, detail, state) if part))
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)

    def _find(self, place: object) -> QTreeWidgetItem | None:
        if place is None:
            return None
        wanted = _key(place)
        for item in self.items():
            found = item.data(0, _PLACE)
            if found is not None and _key(found) == wanted:
                return item
        return None

    def _first(self) -> QTreeWidgetItem | None:
        usable = [item for item in self.items() if item.data(0, _PLACE) is not None]
        ticked = [item for item in usable if item.checkState(0) == Qt.CheckState.Checked]
        return next(iter([*ticked, *usable]), None)

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and item.data(0, _PLACE) is not None:
            self.chosen.emit(_key(item.data(0, _PLACE)))

    def _on_changed(self, item: QTreeWidgetItem) -> None:
        place = item.data(0, _PLACE)
        if place is not None and not isinstance(place, str):
            self.ticked.emit(_key(place), item.checkState(0) == Qt.CheckState.Checked)


def _key(place: object) -> Key | str:
    """Qt hands tuples back as lists now and then."""
    if isinstance(place, str):
        return place
    path, sheet = cast("Sequence[str | None]", place)
    return (str(path), sheet)


def _set(item: QTreeWidgetItem, name: str, detail: str, icon: str, mark: str) -> None:
    item.setText(0, name)
    item.setToolTip(0, f"{name}\n{detail}" if detail else name)
    item.setData(0, _DETAIL, detail)
    item.setData(0, _ICON, icon)
    item.setData(0, _MARK, mark)
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{name}, {detail}" if detail else name)


class _Delegate(QStyledItemDelegate):
    """Two lines with a tick box, the kind of file, and a mark at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return two lines, or one for a file whose sheets follow."""
        detail = index.data(_DETAIL)
        height = 43 if detail else 30
        lines = sizes.line_height(13) + (sizes.line_height(12) if detail else 0)
        return QSize(sizes.px(200), max(sizes.px(height), lines + sizes.px(8)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a line."""
        colors = tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = option.widget
        whole = QRect(option.rect)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            whole.setLeft(0)
            painter.fillRect(whole, colors.color("selection"))
            painter.fillRect(
                QRect(0, whole.top(), sizes.px(3), whole.height()), colors.color("accent")
            )
            if state & QStyle.StateFlag.State_HasFocus and view.hasFocus():
                painter.setPen(QPen(colors.color("accent"), 1.5))
                painter.drawRect(QRectF(whole).adjusted(1, 1, -1, -1))
        rect = QRectF(option.rect)
        box = self.box(rect)
        checked = index.data(Qt.ItemDataRole.CheckStateRole)
        error = index.data(_MARK) == "error" and checked is None
        left = box.left()
        if checked is not None:
            _paint_box(painter, box, ticked=Qt.CheckState(checked) == Qt.CheckState.Checked)
            left = box.right() + sizes.px(9)
        side = float(sizes.px(15))
        place = QRectF(left, rect.center().y() - side / 2, side, side)
        paint_icon(painter, str(index.data(_ICON)), place, colors.hex("text-2"))
        mark = str(index.data(_MARK) or "")
        right = rect.right() - sizes.px(10)
        if mark:
            place = QRectF(right - side, rect.center().y() - side / 2, side, side)
            paint_icon(painter, mark, place, colors.hex(_LEVELS[mark]))
            right = place.left() - sizes.px(6)
        left += side + sizes.px(9)
        self._paint_words(
            painter, QRectF(left, rect.top(), right - left, rect.height()), index, error
        )
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """A click on the box toggles it; keys do as everywhere."""
        if event.type() in (QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick):
            if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
                return False
            rect = QRectF(option.rect)
            if index.data(Qt.ItemDataRole.CheckStateRole) is None:
                return False
            if not self.box(rect).adjusted(-6, -8, 6, 8).contains(event.position()):
                return False
            now = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))
            other = (
                Qt.CheckState.Unchecked if now == Qt.CheckState.Checked else Qt.CheckState.Checked
            )
            return model.setData(index, other.value, Qt.ItemDataRole.CheckStateRole)
        if event.type() == QEvent.Type.MouseButtonPress:
            return False
        return super().editorEvent(event, model, option, index)

    @staticmethod
    def box(rect: QRectF) -> QRectF:
        """Return where the tick box of a line stands."""
        side = float(sizes.px(15))
        return QRectF(rect.left() + sizes.px(12), rect.center().y() - side / 2, side, side)

    @staticmethod
    def _paint_words(painter: QPainter, room: QRectF, index: Index, error: bool) -> None:
        colors = tokens()
        name_font, detail_font = sizes.font(13), sizes.font(12)
        detail = str(index.data(_DETAIL) or "")
        name_height = QFontMetrics(name_font).height()
        height = name_height + (QFontMetrics(detail_font).height() if detail else 0)
        top = room.center().y() - height / 2
        width = int(room.width())
        painter.setFont(name_font)
        painter.setPen(colors.color("text"))
        name = QFontMetrics(name_font).elidedText(
            str(index.data(Qt.ItemDataRole.DisplayRole)), Qt.TextElideMode.ElideMiddle, width
        )
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(room.left(), top, width, name_height), flags, name)
        if detail:
            painter.setFont(detail_font)
            painter.setPen(colors.color("bad" if error else "text-2"))
            shown = QFontMetrics(detail_font).elidedText(detail, Qt.TextElideMode.ElideRight, width)
            below = QRectF(room.left(), top + name_height, width, height - name_height)
            painter.drawText(below, flags, shown)


def _paint_box(painter: QPainter, box: QRectF, *, ticked: bool) -> None:
    colors = tokens()
    painter.setPen(QPen(colors.color("accent" if ticked else "edge"), 1))
    painter.setBrush(colors.color("accent" if ticked else "surface"))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if ticked:
        paint_icon(painter, "check", box.adjusted(1, 1, -1, -1), colors.hex("on-accent"))
