"""A field for whole numbers."""

from PySide6.QtWidgets import QSpinBox, QWidget

from themeloom.gui.look import sizes


class NumberField(QSpinBox):
    """A spin box whose text keeps its distance from the edge, which no style sheet gives it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Numbers from 0 to 99, as Qt has it."""
        super().__init__(parent)
        self.lineEdit().setTextMargins(sizes.px(6), 0, 0, 0)
