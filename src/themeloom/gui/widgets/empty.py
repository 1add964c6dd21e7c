"""What stands where a list would be when it has nothing to show."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.widgets.ground import paint_ground
from themeloom.gui.widgets.label import Label


class Empty(QWidget):
    """One sentence, and one button where something can be done about it."""

    def __init__(self, text: str = "", button: str = "", parent: QWidget | None = None) -> None:
        """``button`` is what mends it."""
        super().__init__(parent)
        self.label = Label(text, quiet=True, wrap=True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.button = QPushButton(button)
        self.button.setProperty("link", True)
        self.button.setVisible(bool(button))
        column = QVBoxLayout(self)
        column.setContentsMargins(sizes.px(16), sizes.px(20), sizes.px(16), sizes.px(16))
        column.setSpacing(sizes.px(4))
        column.addWidget(self.label)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def say(self, text: str) -> None:
        """Show another sentence."""
        self.label.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground of lists."""
        paint_ground(self, "surface")
