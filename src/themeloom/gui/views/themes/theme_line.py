"""One theme in a list: its colour, its title as a link, and what stands at the end of the line."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.widgets.link import LinkButton
from themeloom.gui.widgets.swatch import Swatch


class ThemeLine(QWidget):
    """Colour and title; a click on the title asks to go to the theme."""

    clicked = Signal(str)

    def __init__(self, theme_id: str, title: str, color: int) -> None:
        """Nothing stands at its end yet."""
        super().__init__()
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(sizes.px(4))
        self._line.addWidget(Swatch(color, self))
        button = LinkButton(title, self)
        button.setAccessibleName(self.tr("Go to theme {0}").format(title))
        button.clicked.connect(lambda: self.clicked.emit(theme_id))
        self._line.addWidget(button, 1)
        self._line.addStretch()

    def add(self, widget: QWidget) -> None:
        """Put ``widget`` at the end of the line."""
        self._line.addWidget(widget)
