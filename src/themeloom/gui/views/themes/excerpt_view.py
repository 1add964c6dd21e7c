"""The excerpts table's view: selection by ranges that outlives refreshes, keys, drag, copy."""

import polars as pl
from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QDrag,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.models import mime
from themeloom.gui.models.background import Runner
from themeloom.gui.models.excerpt_copy import as_mime, copied
from themeloom.gui.models.excerpt_table import ExcerptTableModel, Index, read_rows
from themeloom.gui.views.themes.excerpt_delegate import ExcerptDelegate
from themeloom.gui.views.themes.excerpt_header import ExcerptHeader
from themeloom.gui.widgets.ground import HeaderCorner

ROW, COMPACT = 43, 26
#: A selection that a new order tears into more pieces is given up: Qt takes seconds for it.
_MOST_RANGES = 2000
#: How far to look for the next row that is still there.
_NEXT = 256
#: Single keys and what they ask for.
_LETTERS = {"t": "move", "c": "confirm", "u": "unsort", "a": "accept"}


class ExcerptTable(QTableView):
    """Rows of excerpts. It changes nothing: it tells what a person asked for."""

    chosen = Signal(int)  # how many rows are selected
    moved_to = Signal(object)  # inner number of the current row, or None
    quick_look = Signal(int)
    opened = Signal(int)
    asked = Signal(str)  # "move", "confirm", "unsort", "accept"
    filter_asked = Signal()

    def __init__(
        self, model: ExcerptTableModel, runner: Runner, parent: QWidget | None = None
    ) -> None:
        """Show ``model``; copies of many rows are made with ``runner``."""
        super().__init__(parent)
        self._excerpts = model
        self._runner = runner
        self._keep = True
        self._before: tuple[pl.Series, bool, int | None, pl.Series, int] | None = None
        self._compact = False
        self._delegate = ExcerptDelegate(model, self)
        self.setItemDelegate(self._delegate)
        self.setHorizontalHeader(ExcerptHeader(model, self))
        self.setModel(model)
        self.setAccessibleName(self.tr("Excerpts"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.addScrollBarWidget(HeaderCorner(self), Qt.AlignmentFlag.AlignTop)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.set_compact(False)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.doubleClicked.connect(self._open)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._recall)
        model.dataChanged.connect(self._delegate.forget)

    # --- selection

    def selected_ranges(self) -> list[tuple[int, int]]:
        """Return the selected rows as (first, last), in the order of the table."""
        # Never selectedRows(): with a million rows it takes 15 s, the ranges take nothing.
        selection = self.selectionModel().selection()
        parts = [selection.at(place) for place in range(selection.count())]
        return sorted((part.top(), part.bottom()) for part in parts)

    def selected_count(self) -> int:
        """Return how many rows are selected."""
        return sum(last - first + 1 for first, last in self.selected_ranges())

    def selected_numbers(self) -> pl.Series:
        """Return the inner excerpt numbers of the selected rows, in the order of the table."""
        numbers = self._excerpts.numbers
        parts = [numbers.slice(first, last - first + 1) for first, last in self.selected_ranges()]
        return pl.concat(parts) if parts else numbers.clear()

    def current_number(self) -> int | None:
        """Return the inner excerpt number of the row that the keyboard stands on."""
        return self._excerpts.number_at(self.currentIndex().row())

    def select_numbers(self, numbers: pl.Series, *, current: int | None = None) -> bool:
        """Select rows by inner excerpt number; return whether any of them is there."""
        rows = self._excerpts.rows_of(numbers)
        there = self._row_of(current) if current is not None else None
        if there is None and rows.len():
            there = int(rows[0])
        ranges = _ranges(rows)
        if there is not None:
            self._stand_on(there)
        if len(ranges) > _MOST_RANGES:
            ranges = [(there, there)] if there is not None else []
        self._select(ranges)
        return rows.len() > 0

    def keep_selection(self, keep: bool) -> None:
        """Say whether the next rows are the same matter, in which selection and place stay."""
        self._keep = keep

    # --- rows

    def set_compact(self, compact: bool) -> None:
        """Show one line per row instead of two."""
        self._compact = compact
        self._delegate.lines = 1 if compact else 2
        self.verticalHeader().setDefaultSectionSize(sizes.px(COMPACT if compact else ROW))
        self.viewport().update()

    @property
    def compact(self) -> bool:
        """Whether rows have one line."""
        return self._compact

    def copy(self) -> None:
        """Put the selected rows into the clipboard: text with tabs, and a table."""
        header = self.horizontalHeader()
        order = sorted(range(header.count()), key=header.visualIndex)
        columns = [self._excerpts.columns[one] for one in order if not header.isSectionHidden(one)]
        rows, words, ranges = self._excerpts.rows, self._excerpts.words, self.selected_ranges()
        mask = self._excerpts.mask
        if rows is None or not ranges:
            return
        parts = [(first, last - first + 1) for first, last in ranges]
        self._runner(
            "copy",
            lambda: copied(
                (row for part in parts for row in read_rows(rows, *part, mask)),
                columns,
                words,
                mask,
            ),
            lambda texts: QGuiApplication.clipboard().setMimeData(as_mime(texts)),
        )

    # --- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space looks, Enter opens, single letters ask, slash filters."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        number = self.current_number()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif plain and event.key() == Qt.Key.Key_Space and number is not None:
            self.quick_look.emit(number)
        elif plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if number is not None:
                self.opened.emit(number)
        elif plain and event.text() == "/":
            self.filter_asked.emit()
        elif plain and event.text().lower() in _LETTERS and event.text():
            self.asked.emit(_LETTERS[event.text().lower()])
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of actions here, and a search would read a million rows."""

    def startDrag(self, actions: Qt.DropAction, /) -> None:
        """Drag the selected excerpts."""
        if self.selected_ranges() and not self._excerpts.read_only:
            drag = QDrag(self)
            drag.setMimeData(mime.excerpts_mime(self.selected_numbers()))
            drag.exec(Qt.DropAction.CopyAction)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns make room, or come back."""
        super().resizeEvent(event)
        header = self.horizontalHeader()
        if isinstance(header, ExcerptHeader):
            header.fit()

    def changeEvent(self, event: QEvent) -> None:
        """The zoom comes with a new style sheet."""
        if event.type() == QEvent.Type.StyleChange:
            self.set_compact(self._compact)
            header = self.horizontalHeader()
            if isinstance(header, ExcerptHeader):
                header.fit()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Put a line below each row, and a ring around the current one."""
        self._delegate.prepare()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        width = self.viewport().width()
        painter.setPen(tokens().color("line"))
        first = max(self.rowAt(0), 0)
        last = self.rowAt(self.viewport().height() - 1)
        for row in range(first, (self._excerpts.rowCount() if last < 0 else last + 1)):
            bottom = self.rowViewportPosition(row) + self.rowHeight(row) - 1
            painter.drawLine(0, bottom, width, bottom)
        row = self.currentIndex().row()
        if row >= 0 and self.hasFocus():
            painter.setPen(QPen(tokens().color("accent"), 1.5))
            box = QRectF(0, self.rowViewportPosition(row), width, self.rowHeight(row) - 1)
            painter.drawRect(box.adjusted(0.75, 0.75, -0.75, -0.25))
        painter.end()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Paint both rows anew over their whole width: the ring goes across all cells."""
        super().currentChanged(current, previous)
        for row in {one.row() for one in (current, previous) if one.isValid()}:
            top, width = self.rowViewportPosition(row), self.viewport().width()
            self.viewport().update(0, top - 1, width, self.rowHeight(row) + 2)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Screen readers need a current row."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._excerpts.rowCount():
            self._stand_on(0)

    # --- inside

    def _remember(self) -> None:
        numbers = self._excerpts.numbers
        chosen = self.selected_numbers()
        row = self.currentIndex().row()
        following = numbers.slice(max(row, 0), _NEXT)
        everything = 0 < chosen.len() == numbers.len()
        self._before = (chosen, everything, self.current_number(), following, row)

    def _recall(self) -> None:
        self._delegate.forget()
        header = self.horizontalHeader()
        if isinstance(header, ExcerptHeader):
            header.fit()
        before, self._before = self._before, None
        keep, self._keep = self._keep, True
        if before is None:
            return
        chosen, everything, current, following, row = before
        if not keep:
            self.verticalScrollBar().setValue(0)
            if self._excerpts.rowCount():
                self._stand_on(0)
        elif everything and self._excerpts.rows_of(chosen).len() == self._excerpts.rowCount():
            self.selectAll()
            there = self._row_of(current) if current is not None else None
            self._stand_on(there or 0)
        elif not (chosen.len() and self.select_numbers(chosen, current=current)):
            self._go_on(following, row, select=chosen.len() > 0)
        self.chosen.emit(self.selected_count())
        self.moved_to.emit(self.current_number())

    def _go_on(self, following: pl.Series, row: int, *, select: bool) -> None:
        """Go to the next row that is still there: the work goes on without a hand on the mouse."""
        rows = {int(self._excerpts.numbers[at]): at for at in self._excerpts.rows_of(following)}
        there = next((rows[one] for one in following if one in rows), None)
        if there is None and self._excerpts.rowCount() and row >= 0:
            there = min(row, self._excerpts.rowCount() - 1)
        if there is not None:
            self._stand_on(there)
            if select:
                self._select([(there, there)])

    def _row_of(self, number: int) -> int | None:
        found = self._excerpts.rows_of(pl.Series([number], dtype=pl.Int64))
        return int(found[0]) if found.len() else None

    def _stand_on(self, row: int) -> None:
        index = self._excerpts.index(row, 0)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.scrollTo(index)

    def _select(self, ranges: list[tuple[int, int]]) -> None:
        last = self._excerpts.columnCount() - 1
        selection = QItemSelection()
        for first, end in ranges:
            selection.select(self._excerpts.index(first, 0), self._excerpts.index(end, last))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _on_selection(self) -> None:
        self.chosen.emit(self.selected_count())

    def _on_current(self, index: QModelIndex) -> None:
        self.moved_to.emit(self._excerpts.number_at(index.row()))

    def _open(self, index: QModelIndex) -> None:
        number = self._excerpts.number_at(index.row())
        if number is not None:
            self.opened.emit(number)


def _ranges(rows: pl.Series) -> list[tuple[int, int]]:
    """Return ascending row numbers as (first, last) of what is next to each other."""
    if rows.is_empty():
        return []
    frame = pl.DataFrame({"row": rows.cast(pl.Int64)}).with_row_index("at")
    pieces = frame.group_by(pl.col("row") - pl.col("at").cast(pl.Int64), maintain_order=True).agg(
        first=pl.col("row").min(), last=pl.col("row").max()
    )
    return pieces.select("first", "last").rows()
