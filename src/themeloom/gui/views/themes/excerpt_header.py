"""The header of the excerpts table: which columns are shown, how wide, and what sorts."""

from functools import partial
from math import ceil
from typing import Any, cast

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.models.excerpt_columns import (
    CENTERED,
    DATED_WIDTH,
    DROPPED,
    EXCERPT_MIN,
    GIVES_WAY,
    LEAST,
    RIGHT,
    SEGMENT_WIDTH,
    SHOWN,
    WIDTHS,
    header,
)
from themeloom.gui.models.excerpt_table import ExcerptTableModel
from themeloom.gui.models.segments import segment_of
from themeloom.gui.widgets.menu import Menu

HEIGHT = 26


class ExcerptHeader(QHeaderView):
    """Columns are chosen per set ("themes", "unsorted") and remembered by their keys."""

    sort_asked = Signal(str, bool)  # column, descending; "" is the project's order
    changed = Signal()  # what `layout_state` returns
    compact_asked = Signal(bool)

    def __init__(self, model: ExcerptTableModel, table: QTableView) -> None:
        """Lay out the columns of ``model``."""
        super().__init__(Qt.Orientation.Horizontal, table)
        self._excerpts = model
        self._table = table
        self._set = "themes"
        self._shown = {name: list(columns) for name, columns in SHOWN.items()}
        self._widths: dict[str, dict[str, int]] = {name: {} for name in SHOWN}
        self._sort = ("", False)
        self._fitting = False
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(sizes.px(36))
        self.setAccessibleName(self.tr("Columns of the excerpts"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sectionClicked.connect(self._on_clicked)
        self.sectionResized.connect(self._on_resized)
        self.sectionMoved.connect(self._on_moved)

    # --- columns

    def use(self, columns: str) -> None:
        """Show another set of columns."""
        if columns != self._set:
            self._set = columns
            self.fit()

    def shown(self) -> list[str]:
        """Return the columns that a person wants, in their order."""
        return [one for one in self._shown[self._set] if one in self._excerpts.columns]

    def show_column(self, column: str, shown: bool) -> None:
        """Show or hide a column; the excerpt stays."""
        wanted = self._shown[self._set]
        if column == "excerpt" or (column in wanted) == shown:
            return
        if shown:
            wanted.append(column)
        else:
            wanted.remove(column)
        self.fit()
        self.changed.emit()

    def reset_columns(self) -> None:
        """Go back to how columns were at first."""
        self._shown[self._set] = list(SHOWN[self._set])
        self._widths[self._set] = {}
        self.fit()
        self.changed.emit()

    def set_sorting(self, column: str, descending: bool) -> None:
        """Mark what the rows are sorted by."""
        self._sort = (column, descending)
        self.viewport().update()

    def layout_state(self) -> dict[str, Any]:
        """Return what is to be remembered, as JSON holds it."""
        return {"shown": self._shown, "widths": self._widths}

    def restore_layout(self, state: object) -> None:
        """Take back what `layout_state` returned; what makes no sense is left out."""
        saved: dict[str, Any] = cast("dict[str, Any]", state) if isinstance(state, dict) else {}
        shown, widths = saved.get("shown"), saved.get("widths")
        for name in SHOWN:
            columns: object = shown.get(name) if isinstance(shown, dict) else None  # type: ignore[union-attr]
            if isinstance(columns, list) and "excerpt" in columns:
                self._shown[name] = [str(one) for one in cast("list[object]", columns)]
            sizes_: object = widths.get(name) if isinstance(widths, dict) else None  # type: ignore[union-attr]
            if isinstance(sizes_, dict):
                pairs = cast("dict[object, object]", sizes_).items()
                self._widths[name] = {
                    str(key): min(max(width, 36), 900)
                    for key, width in pairs
                    if isinstance(width, int)
                }
        self.fit()

    def fit(self) -> None:
        """Give each column its width, the excerpt what is left; drop some where it is narrow."""
        columns = list(self._excerpts.columns)
        wanted = self.shown()
        room = self._table.viewport().width()
        for dropped in DROPPED:
            if self._least(wanted) > room and dropped in wanted:
                wanted.remove(dropped)
        widths = self._shared(wanted, room)
        self._fitting = True
        for place, column in enumerate(columns):
            hidden = column not in wanted
            if self.isSectionHidden(place) != hidden:
                self.setSectionHidden(place, hidden)
            if not hidden and column != "excerpt":
                self.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
                if self.sectionSize(place) != widths[column]:
                    self.resizeSection(place, widths[column])
        for place, column in enumerate(wanted):
            now = self.visualIndex(columns.index(column))
            if now != place:
                self.moveSection(now, place)
        first = columns.index("excerpt")
        if self._least(wanted) > room:
            self.setSectionResizeMode(first, QHeaderView.ResizeMode.Fixed)
            self.resizeSection(first, sizes.px(EXCERPT_MIN))
        else:
            self.setSectionResizeMode(first, QHeaderView.ResizeMode.Stretch)
        self._fitting = False

    def _width(self, column: str) -> int:
        default = WIDTHS.get(column, SEGMENT_WIDTH)
        if column == "date" and self._excerpts.words.years:
            default = DATED_WIDTH
        return sizes.px(self._widths[self._set].get(column, default))

    def _least(self, columns: list[str]) -> int:
        """Return the room that columns need where those that can have given way."""
        others = sum(self._least_width(column) for column in columns if column != "excerpt")
        return others + sizes.px(EXCERPT_MIN)

    def _least_width(self, column: str) -> int:
        width = self._width(column)
        gives = column in GIVES_WAY or segment_of(column) is not None
        return min(width, sizes.px(LEAST)) if gives else width

    def _shared(self, columns: list[str], room: int) -> dict[str, int]:
        """Return how wide columns are in ``room``: what is missing is taken in equal shares."""
        others = [column for column in columns if column != "excerpt"]
        widths = {column: self._width(column) for column in others}
        missing = sum(widths.values()) + sizes.px(EXCERPT_MIN) - room
        spare = {column: widths[column] - self._least_width(column) for column in others}
        total = sum(spare.values())
        if missing <= 0 or not total:
            return widths
        share = min(missing / total, 1.0)
        return {column: widths[column] - ceil(share * spare[column]) for column in others}

    # --- Qt

    def sizeHint(self) -> QSize:
        """Return the height of headers."""
        return QSize(super().sizeHint().width(), sizes.px(HEIGHT))

    def paintSection(self, painter: QPainter, rect: QRect, section: int, /) -> None:
        """Paint one header, aligned as its column."""
        column = self._excerpts.columns[section]
        colors = tokens()
        painter.save()
        painter.fillRect(rect, colors.color("window"))
        painter.setPen(colors.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(sizes.font(11))
        painter.setPen(colors.color("text-2"))
        align = Qt.AlignmentFlag.AlignVCenter
        if column in RIGHT:
            align |= Qt.AlignmentFlag.AlignRight
        else:
            align |= (
                Qt.AlignmentFlag.AlignHCenter if column in CENTERED else Qt.AlignmentFlag.AlignLeft
            )
        inset = 12 if column == "excerpt" else 8
        inner = rect.adjusted(sizes.px(inset), 0, -sizes.px(8), 0)
        if column in CENTERED:
            inner = rect
        text = header(column)
        if column == self._sort[0]:
            text += " ▾" if self._sort[1] else " ▴"
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, align, shown)
        painter.restore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the columns."""
        menu = self.columns_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def columns_menu(self) -> QMenu:
        """Return a menu to choose columns with."""
        menu = Menu(self)
        menu.setTitle(self.tr("Columns"))
        for column in self._excerpts.columns:
            if column == "excerpt":
                continue
            action = menu.addAction(header(column))
            action.setCheckable(True)
            action.setChecked(column in self.shown())
            action.setData(column)
            action.toggled.connect(partial(self.show_column, column))
        menu.addSeparator()
        compact = menu.addAction(self.tr("One line per excerpt"))
        compact.setCheckable(True)
        compact.setChecked(self._table.verticalHeader().defaultSectionSize() < sizes.px(40))
        compact.toggled.connect(self.compact_asked)
        menu.addAction(self.tr("Columns as at first"), self.reset_columns)
        return menu

    def _on_clicked(self, section: int) -> None:
        column = self._excerpts.columns[section]
        # What is worth most comes first: newest dates, best fits; then the other way, then as it was.
        largest_first = column in ("date", "score", "fit", "seen")
        now, descending = self._sort
        if now != column:
            self.sort_asked.emit(column, largest_first)
        elif descending == largest_first:
            self.sort_asked.emit(column, not largest_first)
        else:
            self.sort_asked.emit("", False)

    def _on_resized(self, section: int, before: int, now: int) -> None:
        if self._fitting or now <= 0:
            return
        column = self._excerpts.columns[section]
        if column != "excerpt":
            self._widths[self._set][column] = round(now / sizes.zoom())
            self.changed.emit()

    def _on_moved(self, section: int, before: int, now: int) -> None:
        if self._fitting:
            return
        columns = self._excerpts.columns
        order = {column: self.visualIndex(place) for place, column in enumerate(columns)}
        self._shown[self._set].sort(key=lambda column: order.get(column, len(order)))
        self.changed.emit()
