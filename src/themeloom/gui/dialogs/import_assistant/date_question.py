"""Asks how dates that can be read in two ways are meant, by one example."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

from themeloom.domain.previews import DateQuestion
from themeloom.domain.records import DateOrder
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.picture import Picture


class DateQuestionBar(QFrame):
    """A bar with the example and its two readings; hidden where there is nothing to ask."""

    answered = Signal(object)  # DateOrder

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make a hidden bar."""
        super().__init__(parent)
        self._settled = False
        self._icon = Picture(16)
        self._text = Label(wrap=True)
        self._buttons = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(sizes.px(12), sizes.px(5), sizes.px(12), sizes.px(5))
        row.setSpacing(sizes.px(8))
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        self.buttons: dict[DateOrder, QPushButton] = {}
        for number, order in enumerate(DateOrder):
            button = QPushButton()
            button.setCheckable(True)
            self._buttons.addButton(button, number)
            self.buttons[order] = button
            row.addWidget(button)
        self._buttons.idClicked.connect(self._on_clicked)
        self.hide()

    def ask(
        self, question: DateQuestion | None, chosen: DateOrder | None, *, settled: bool
    ) -> None:
        """Show a question, ``chosen`` or what is guessed marked; None hides the bar."""
        self.setVisible(question is not None)
        if question is None:
            return
        self._settled = settled
        text = self.tr("Dates such as {example} can be read in two ways. Which is it?")
        if settled:
            text = self.tr("Dates such as {example} are read like this.")
        self._text.setText(text.format(example=question.example))
        level = "ok" if settled else "warn"
        self._icon.show_icon("check" if settled else "warning", level)
        shown = {
            DateOrder.DAY_FIRST: question.day_first,
            DateOrder.MONTH_FIRST: question.month_first,
        }
        for order, button in self.buttons.items():
            button.setText(shown[order])
            button.setAccessibleName(
                self.tr("{example} is {date}").format(example=question.example, date=shown[order])
            )
            button.setChecked(order is (chosen or question.guess))
        self.setAccessibleName(self._text.text())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint."""
        colors = tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colors.color("ok-tint" if self._settled else "warn-tint"))
        painter.setPen(colors.color("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()

    def _on_clicked(self, number: int) -> None:
        self.answered.emit(list(DateOrder)[number])
