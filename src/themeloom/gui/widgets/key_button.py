"""A button with its key behind the words: ``Confirm [C]``."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.widgets.key_label import KeyLabel


class KeyButton(QPushButton):
    """The key is shown only: whoever has the focus handles it."""

    def __init__(self, text: str, keys: str, parent: QWidget | None = None) -> None:
        """``keys`` as QKeySequence reads them."""
        super().__init__(text, parent)
        self._key = KeyLabel(keys, self)
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(text.rstrip("…"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, sizes.px(8), 0)
        row.addStretch(1)
        row.addWidget(self._key)
        self.setStyleSheet("QPushButton { text-align: left; }")

    def show_key(self, shown: bool) -> None:
        """Leave the key out where there is no room."""
        if shown == self._key.isHidden():
            self._key.setVisible(shown)
            self.updateGeometry()

    def whole_width(self) -> int:
        """Return the width with the key."""
        return super().sizeHint().width() + self._key.sizeHint().width() + sizes.px(4)

    def sizeHint(self) -> QSize:
        """Return room for words and key."""
        words = super().sizeHint()
        return words if self._key.isHidden() else QSize(self.whole_width(), words.height())

    def minimumSizeHint(self) -> QSize:
        """Words and key are never cut off."""
        return self.sizeHint()
