"""The inspector's second tab: the record of the current excerpt."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.views.themes.record_text import LoadRecord
from themeloom.gui.views.themes.record_view import RecordView
from themeloom.gui.widgets.shown_text import Mask
from themeloom.services.view import View


class RecordPage(QWidget):
    """Shows the record while the tab is seen; hidden, it reads nothing."""

    excerpt_clicked = Signal(int)
    theme_clicked = Signal(str)
    primary_asked = Signal(int, str)  # inner number, theme id
    take_off_asked = Signal(int, str)

    def __init__(self, load: LoadRecord, parent: QWidget | None = None) -> None:
        """``load`` reads a record's text."""
        super().__init__(parent)
        self._view: View | None = None
        self._excerpt: int | None = None
        self._record = RecordView(load, self)
        self._record.excerpt_clicked.connect(self.excerpt_clicked)
        self._record.theme_clicked.connect(self.theme_clicked)
        self._record.primary_asked.connect(self.primary_asked)
        self._record.take_off_asked.connect(self.take_off_asked)
        layout = QVBoxLayout(self)
        space = sizes.px(12)
        layout.setContentsMargins(space, space, space, space)
        layout.addWidget(self._record)

    def show_excerpt(self, view: View | None, excerpt: int | None) -> None:
        """Show the record of ``excerpt``."""
        self._view, self._excerpt = view, excerpt
        if self.isVisible():
            self._record.show_excerpt(view, excerpt)

    def set_mask(self, mask: Mask) -> None:
        """Mask personal data in another way."""
        self._record.set_mask(mask)

    def set_read_only(self, read_only: bool) -> None:
        """Let the excerpt's themes be read only, or changed."""
        self._record.set_read_only(read_only)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was selected meanwhile."""
        super().showEvent(event)
        self._record.show_excerpt(self._view, self._excerpt)
