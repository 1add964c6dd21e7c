"""The filter bar above the excerpts: chips, "+ Filter", and how many are left."""

from collections.abc import Callable
from datetime import date
from typing import cast

from PySide6.QtCore import QDate, QLocale, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDateEdit,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from themeloom.base.folding import fold
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import paint_icon
from themeloom.gui.look.tokens import tokens
from themeloom.gui.models.filter_terms import Choice, Terms, Values, chip_text, period
from themeloom.gui.widgets.flow import FlowLayout
from themeloom.gui.widgets.ground import paint_ground
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.popup_list import PopupList, Row

_BETWEEN = "between"
#: So many values of a field are offered before a person types.
_FIRST = 6


class FilterBar(QWidget):
    """Narrows the table. ``terms`` is what is chosen; ``changed`` tells of each change."""

    changed = Signal()
    left = Signal()  # back to the list

    def __init__(self, parent: QWidget | None = None) -> None:
        """Nothing is chosen yet."""
        super().__init__(parent)
        self._terms = Terms()
        self._values = Values()
        self._chips: list[Chip] = []
        self.setAccessibleName(self.tr("Filters"))
        self.add_button = AddButton(self.tr("Filter"), self)
        self.add_button.clicked.connect(self.open_menu)
        self._menu = PopupList(
            self, width=340, hint=self.tr("Filter by…"), name=self.tr("Values to filter by")
        )
        self._menu.set_foot(self.tr("Enter chooses · type to find a value"))
        self._menu.typed.connect(self._show_choices)
        self._menu.taken.connect(self._on_taken)
        self._dates = DatePopup(self)
        self._dates.chosen.connect(self._on_period)
        self._count = Label(quiet=True, size=12, tabular=True)
        self._count.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        inner = QWidget()
        self._flow = FlowLayout(inner, gap=sizes.px(6))
        self._flow.addWidget(self.add_button)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        inner.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(sizes.px(12), sizes.px(6), sizes.px(12), sizes.px(6))
        row.setSpacing(sizes.px(12))
        row.addWidget(inner, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._count, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(sizes.px(36))

    @property
    def terms(self) -> Terms:
        """What is chosen."""
        return self._terms

    @property
    def values(self) -> Values:
        """What can be chosen."""
        return self._values

    def set_values(self, values: Values) -> None:
        """Offer what a project can be filtered by."""
        self._values = values
        self._show_chips()

    def set_terms(self, terms: Terms) -> None:
        """Choose ``terms``."""
        if terms.chosen == self._terms.chosen:
            return
        self._terms = terms
        self._show_chips()
        self.changed.emit()

    def clear(self) -> None:
        """Choose nothing."""
        self.set_terms(Terms())

    def chips(self) -> list[str]:
        """Return what the chips say."""
        return [chip.words for chip in self._chips]

    def show_count(self, shown: int, total: int) -> None:
        """Say how many excerpts are left: "174 of 286 excerpts"."""
        number = QLocale().toString
        if self._terms.chosen:
            text = self.tr("{n} of {m} excerpts").format(n=number(shown), m=number(total))
        elif total == 1:
            text = self.tr("1 excerpt")
        else:
            text = self.tr("{m} excerpts").format(m=number(total))
        self._count.setText(text)

    def open_menu(self) -> None:
        """Offer values; typing finds them."""
        self._show_choices("")
        button = self.add_button
        self._menu.open_under(QRect(button.mapToGlobal(QPoint(0, 0)), button.size()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        paint_ground(self, "surface", line_below=True)

    def _show_choices(self, typed: str) -> None:
        words = fold(typed).split()
        rows: list[Row] = []
        seen: dict[str, int] = {}
        for choice in self._values.choices:
            if not all(word in fold(choice.label) for word in words):
                continue
            seen[choice.field] = seen.get(choice.field, 0) + 1
            if not words and seen[choice.field] > _FIRST:
                continue
            rows.append(self._row(choice, apart=seen[choice.field] == 1 and bool(rows)))
        between = self.tr("Date: between two days…")
        if all(word in fold(between) for word in words):
            rows.append(Row(between, ("date", _BETWEEN), apart=bool(rows)))
        self._menu.show_rows(rows, empty=self.tr("Nothing has these words."))

    def _row(self, choice: Choice, *, apart: bool) -> Row:
        chosen = choice.value in self._terms.chosen.get(choice.field, ())
        count = QLocale().toString(choice.records) if choice.records is not None else ""
        quiet = self.tr("chosen") if chosen else ""
        return Row(
            choice.label, (choice.field, choice.value), quiet=quiet, right=count, apart=apart
        )

    def _on_taken(self, key: object, _modifiers: object) -> None:
        self._menu.hide()
        field, value = cast("tuple[str, str]", key)
        if value == _BETWEEN:
            self._dates.open_under(self.add_button)
        else:
            self.set_terms(self._terms.toggled(field, value))

    def _on_period(self, value: str) -> None:
        self.set_terms(self._terms.without("date").toggled("date", value))

    def _remove(self, field: str) -> None:
        place = list(self._terms.chosen).index(field)
        self.set_terms(self._terms.without(field))
        following: QWidget = (
            self._chips[min(place, len(self._chips) - 1)] if self._chips else self.add_button
        )
        following.setFocus()

    def _show_chips(self) -> None:
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        parent = self.add_button.parentWidget() or self
        self._chips = [
            Chip(field, chip_text(field, chosen, self._values), self._remove, parent)
            for field, chosen in self._terms.chosen.items()
        ]
        for place, chip in enumerate(self._chips):
            self._flow.insert_widget(place, chip)
            chip.show()
        self.updateGeometry()


class Chip(QToolButton):
    """One filter. A click or ``Del`` removes it."""

    def __init__(
        self, field: str, words: str, remove: Callable[[str], None], parent: QWidget
    ) -> None:
        """``words`` are what it says."""
        super().__init__(parent)
        self.words = words
        self._field = field
        self._remove = remove
        self.setAccessibleName(self.tr("Filter {0}. Delete removes it").format(words))
        self.setToolTip(self.tr("Remove “{0}” (Del)").format(words))
        self.setFont(sizes.font(12))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self._go)

    def sizeHint(self) -> QSize:
        """Return room for words and cross."""
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.words) + sizes.px(8 + 6 + 10 + 8)
        return QSize(width, sizes.px(24))

    def minimumSizeHint(self) -> QSize:
        """Long words may be cut."""
        return QSize(sizes.px(60), sizes.px(24))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes it."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._go()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint, the words and the cross."""
        colors = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colors.color("selection"))
        focus = self.hasFocus()
        painter.setPen(QPen(colors.color("accent"), 1.5) if focus else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.setPen(colors.color("accent"))
        painter.setFont(self.font())
        cross = sizes.px(10)
        inner = self.rect().adjusted(sizes.px(8), 0, -cross - sizes.px(12), 0)
        text = self.fontMetrics().elidedText(
            self.words, Qt.TextElideMode.ElideRight, inner.width() + 2
        )
        painter.drawText(inner.adjusted(0, 0, 2, 0), Qt.AlignmentFlag.AlignVCenter, text)
        box = QRectF(self.width() - cross - sizes.px(7), (self.height() - cross) / 2, cross, cross)
        paint_icon(painter, "close", box, colors.hex("accent"))

    def _go(self) -> None:
        self._remove(self._field)


class AddButton(QToolButton):
    """The dashed button that offers more filters."""

    def __init__(self, text: str, parent: QWidget) -> None:
        """``text`` stands behind a plus."""
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(self.tr("Add a filter"))
        self.setToolTip(self.tr("Add a filter (/)"))
        self.setFont(sizes.font(12))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Return room for plus and words."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + sizes.px(8 + 12 + 6 + 8)
        return QSize(width, sizes.px(24))

    def minimumSizeHint(self) -> QSize:
        """Never cut off."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashed frame."""
        colors = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        pen = QPen(colors.color("accent" if focus else "edge"), 1.5 if focus else 1)
        if not focus:
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
        if self.underMouse():
            painter.setBrush(colors.color("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        side = sizes.px(12)
        box = QRectF(sizes.px(8), (self.height() - side) / 2, side, side)
        paint_icon(painter, "add", box, colors.hex("text"))
        painter.setPen(colors.color("text"))
        painter.setFont(self.font())
        inner = self.rect().adjusted(sizes.px(26), 0, 0, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, self.text())


class DatePopup(QFrame):
    """Two days to choose; both belong to the period."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        """Begin with the last thirty days."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAccessibleName(self.tr("Period"))
        self.setProperty("card", True)
        today = QDate.currentDate()
        self.first = self._field(self.tr("First day"), today.addDays(-29))
        self.last = self._field(self.tr("Last day"), today)
        button = QPushButton(self.tr("Filter"))
        button.clicked.connect(self._take)
        button.setDefault(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(*(sizes.px(12),) * 4)
        grid.setSpacing(sizes.px(8))
        grid.addWidget(Label(self.tr("From")), 0, 0)
        grid.addWidget(self.first, 0, 1)
        grid.addWidget(Label(self.tr("to")), 1, 0)
        grid.addWidget(self.last, 1, 1)
        grid.addWidget(button, 2, 1)

    def open_under(self, widget: QWidget) -> None:
        """Open below a button."""
        self.adjustSize()
        self.move(widget.mapToGlobal(QPoint(0, widget.height() + sizes.px(4))))
        self.show()
        self.first.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the period."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        self.hide()
        days = sorted((_python(self.first.date()), _python(self.last.date())))
        self.chosen.emit(period(days[0], days[1]))

    def _field(self, name: str, day: QDate) -> QDateEdit:
        field = QDateEdit(day)
        field.setDisplayFormat("d MMM yyyy")
        field.setAccessibleName(name)
        return field


def _python(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())
