"""Quick look: the whole record over everything, on Space, gone on the next one."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.themes.record_text import LoadRecord
from themeloom.gui.views.themes.record_view import RecordView
from themeloom.gui.widgets.key_label import KeyHint
from themeloom.gui.widgets.shown_text import Mask
from themeloom.services.view import View

_WIDTH, _HEIGHT = 640, 600


class QuickLook(QFrame):
    """A light popup. Arrows go to the excerpt above or below without closing it."""

    step = Signal(int)  # −1 or 1: the list below shall move its current row
    excerpt_clicked = Signal(int)
    theme_clicked = Signal(str)

    def __init__(self, load: LoadRecord, parent: QWidget) -> None:
        """``load`` reads a record's text; it belongs to the view ``parent``."""
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._owner = parent
        self.setAccessibleName(self.tr("Quick look"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._record = RecordView(load, self, editable=False)
        self._record.excerpt_clicked.connect(self._on_excerpt)
        self._record.theme_clicked.connect(self._on_theme)
        keys = QHBoxLayout()
        keys.setSpacing(sizes.px(16))
        for key, does in (
            ("Up", self.tr("Before")),
            ("Down", self.tr("Next")),
            ("Space", self.tr("Close")),
        ):
            keys.addWidget(KeyHint(key, does, self))
        keys.addStretch()
        layout = QVBoxLayout(self)
        space = sizes.px(16)
        layout.setContentsMargins(space, space, space, sizes.px(10))
        layout.setSpacing(sizes.px(10))
        layout.addWidget(self._record, 1)
        layout.addLayout(keys)

    @property
    def excerpt(self) -> int | None:
        """The excerpt that is shown."""
        return self._record.excerpt

    def set_mask(self, mask: Mask) -> None:
        """Mask personal data in another way."""
        self._record.set_mask(mask)

    def look(self, view: View, excerpt: int) -> None:
        """Show the record of ``excerpt`` in the middle of the window, or another one in place."""
        self._record.show_excerpt(view, excerpt)
        if self.isVisible():
            return
        window = self._owner.window()
        room = window.size()
        width = min(sizes.px(_WIDTH), room.width() - sizes.px(48))
        height = min(sizes.px(_HEIGHT), room.height() - sizes.px(48))
        self.resize(width, height)
        corner = window.mapToGlobal(window.rect().center())
        self.move(corner.x() - width // 2, corner.y() - height // 2)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Esc close, arrows step."""
        key = event.key()
        if key in (Qt.Key.Key_Space, Qt.Key.Key_Escape):
            self.hide()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the popup's ground and border."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), tokens().color("surface"))
        painter.setPen(tokens().color("edge"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _on_excerpt(self, excerpt: int) -> None:
        self.excerpt_clicked.emit(excerpt)

    def _on_theme(self, theme_id: str) -> None:
        self.hide()
        self.theme_clicked.emit(theme_id)
