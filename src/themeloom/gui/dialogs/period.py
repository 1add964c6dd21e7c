"""Asks for the first and the last day of a period."""

from datetime import date

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QDateEdit, QDialog, QGridLayout, QHBoxLayout, QPushButton, QWidget

from themeloom.domain import periods
from themeloom.domain.periods import Period
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label


class PeriodDialog(QDialog):
    """Tells ``chosen`` with the period as ``domain.periods`` writes it."""

    chosen = Signal(str)

    def __init__(self, shown: Period, span: Period, parent: QWidget | None = None) -> None:
        """Begin with ``shown``; records are of the days of ``span``."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Period"))
        self.first_field = day_field(shown.first, self.tr("First day"))
        self.last_field = day_field(shown.last, self.tr("Last day"))
        self.ok_button = QPushButton(self.tr("Show this period"))
        self.ok_button.setProperty("primary", "true")
        self.ok_button.setDefault(True)
        self.ok_button.clicked.connect(self._choose)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        grid = QGridLayout(self)
        grid.setContentsMargins(sizes.px(20), sizes.px(18), sizes.px(20), sizes.px(16))
        grid.setHorizontalSpacing(sizes.px(10))
        grid.setVerticalSpacing(sizes.px(10))
        hint = self.tr("There are records from {span}.").format(span=periods.words(span))
        grid.addWidget(Label(hint, quiet=True), 0, 0, 1, 2)
        for row, (words, field) in enumerate(
            ((self.tr("First day"), self.first_field), (self.tr("Last day"), self.last_field)), 1
        ):
            label = Label(words)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.ok_button)
        grid.addLayout(buttons, 3, 0, 1, 2)

    def period(self) -> Period:
        """Return the days that are entered; in the wrong order they are turned round."""
        first, last = day_of(self.first_field), day_of(self.last_field)
        return Period(min(first, last), max(first, last))

    def _choose(self) -> None:
        self.accept()
        self.chosen.emit(str(self.period()))


def day_field(day: date, name: str) -> QDateEdit:
    """Return a field for a day, called ``name``."""
    field = QDateEdit(QDate(day.year, day.month, day.day))
    field.setCalendarPopup(False)
    field.setDisplayFormat("d MMM yyyy")
    # The style sheet's padding does not reach the text beside the step buttons.
    field.lineEdit().setTextMargins(sizes.px(6), 0, 0, 0)
    field.setAccessibleName(name)
    return field


def day_of(field: QDateEdit) -> date:
    """Return the day in a field."""
    day = field.date()
    return date(day.year(), day.month(), day.day())
