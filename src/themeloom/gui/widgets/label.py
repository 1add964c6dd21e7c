"""Labels in the sizes of the design. They never read their text as markup."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QWidget

from themeloom.gui.look import sizes


class Label(QLabel):
    """A text in one of the design's sizes; it follows zoom and scheme.

    The text is always plain: customers' words cannot turn into links or formats.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: float = sizes.BASE,
        bold: bool = False,
        quiet: bool = False,
        wrap: bool = False,
        tabular: bool = False,
        selectable: bool = False,
    ) -> None:
        """``quiet`` is the second text colour, ``wrap`` breaks lines, ``tabular`` aligns figures."""
        super().__init__(text, parent)
        self._look = (size, bold, tabular)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("quiet", quiet)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._apply()

    def set_chip(self, kind: str) -> None:
        """Show it as a badge: "ok", "warn" and "bad" are tinted and bold, "plain" is neither."""
        if self.property("chip") == kind:
            return
        size, _, tabular = self._look
        # The style sheet's weight would hold until the next style change only: ours is set last.
        self._look = (size, kind != "plain", tabular)
        self.setProperty("chip", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        # A label takes the paddings of a sheet as its margins on this event only.
        QApplication.sendEvent(self, QEvent(QEvent.Type.StyleChange))

    def changeEvent(self, event: QEvent) -> None:
        """The zoom comes with a new style sheet."""
        if event.type() == QEvent.Type.StyleChange:
            self._apply()
        super().changeEvent(event)

    def _apply(self) -> None:
        size, bold, tabular = self._look
        font = sizes.font(size, bold=bold, tabular=tabular)
        if font != self.font():
            self.setFont(font)
