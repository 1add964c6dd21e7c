"""The period of an export: the window's to begin with, or another one."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from themeloom.domain import periods
from themeloom.domain.periods import Period
from themeloom.gui.dialogs.period import day_field, day_of
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.services.period_choice import (
    ALL_TIME,
    LAST_MONTH,
    LAST_QUARTER,
    SINCE_LAST_SEND,
    THIS_YEAR,
    PeriodChoice,
)

#: What the last row stands for.
DAYS = "days"


class PeriodRow(QWidget):
    """A box with the periods, and two days where the last row is chosen."""

    changed = Signal()

    def __init__(self, shown: Period | None, span: tuple[date, date]) -> None:
        """Begin with ``shown``, the window's period; ``span`` is what the days begin with."""
        super().__init__()
        self._shown = shown
        self._periods: dict[str, Period | None] = {}
        self.box = QComboBox()
        self.box.setAccessibleName(self.tr("Period"))
        first, last = (shown.first, shown.last) if shown else span
        self.first_field = day_field(first, self.tr("First day"))
        self.last_field = day_field(last, self.tr("Last day"))
        self._until = Label(self.tr("to"), quiet=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(sizes.px(8))
        row.addWidget(self.box)
        for part in (self.first_field, self._until, self.last_field):
            part.hide()
            row.addWidget(part)
        row.addStretch(1)
        self.box.currentIndexChanged.connect(self._on_changed)
        self.first_field.dateChanged.connect(self.changed)
        self.last_field.dateChanged.connect(self.changed)

    def offer(self, choices: tuple[PeriodChoice, ...]) -> None:
        """Offer the periods with names; what is chosen stays."""
        key = self.box.currentData()
        titles = {
            ALL_TIME: self.tr("All records"),
            LAST_MONTH: self.tr("Last month"),
            LAST_QUARTER: self.tr("Last quarter"),
            THIS_YEAR: self.tr("This year"),
            SINCE_LAST_SEND: self.tr("Since last send"),
        }
        self.box.blockSignals(True)
        self.box.clear()
        if self._shown is not None:
            days = periods.words(self._shown)
            self._add(str(self._shown), self._shown, self.tr("As in the window"), days)
        for one in choices:
            days = periods.words(one.period) if one.period else ""
            self._add(one.key, one.period, titles[one.key], days)
        self.box.addItem(self.tr("From … to …"), DAYS)
        self.box.setCurrentIndex(max(self.box.findData(key), 0))
        self.box.blockSignals(False)

    def choose(self, key: str) -> None:
        """Choose a period by its key."""
        self.box.setCurrentIndex(self.box.findData(key))

    def period(self) -> Period | None:
        """Return the chosen period, None for all."""
        key = self.box.currentData()
        if key == DAYS:
            first, last = day_of(self.first_field), day_of(self.last_field)
            return Period(min(first, last), max(first, last))
        return self._periods.get(str(key))

    def _add(self, key: str, period: Period | None, title: str, days: str) -> None:
        self._periods[key] = period
        self.box.addItem(f"{title} ({days})" if days else title, key)

    def _on_changed(self) -> None:
        by_days = self.box.currentData() == DAYS
        for part in (self.first_field, self._until, self.last_field):
            part.setVisible(by_days)
        self.changed.emit()
