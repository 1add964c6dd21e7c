"""A label of one line that ends in … where there is no room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyleOption, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label


class ElidedLabel(Label):
    """Shows as much of its text as fits; the whole of it is in the tooltip where it does not."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: float = sizes.BASE,
        bold: bool = False,
        quiet: bool = False,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        """The look is that of ``Label``; ``mode`` says where the … stands."""
        super().__init__(" ".join(text.split()), parent, size=size, bold=bold, quiet=quiet)
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        """Show another text, on one line."""
        super().setText(" ".join(text.split()))
        self.setAccessibleName(text)
        self._tell_whole()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tooltip depends on what fits."""
        super().resizeEvent(event)
        self._tell_whole()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what fits."""
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
            option.palette,
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )

    def _tell_whole(self) -> None:
        whole = self.text()
        fits = self.fontMetrics().horizontalAdvance(whole) <= self.contentsRect().width()
        self.setToolTip("" if fits else whole)
