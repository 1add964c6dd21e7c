"""Where an insight lives in other tools."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from themeloom.domain.insights import Link
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import clear
from themeloom.services.insight_fields import links_json


class LinkList(QWidget):
    """One line for each link; hidden without any."""

    edited = Signal(str)  # the links that are left, as they are stored

    def __init__(self, parent: QWidget | None = None) -> None:
        """It has no links yet."""
        super().__init__(parent)
        self._links: tuple[Link, ...] = ()
        self._buttons: list[QPushButton] = []
        self._read_only = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(sizes.px(2))
        self.hide()

    def show_links(self, links: Sequence[Link]) -> None:
        """Show ``links``: tool, key, status, title."""
        if tuple(links) == self._links:
            return
        self._links = tuple(links)
        clear(self._column)
        self._buttons = []
        self.setVisible(bool(links))
        if links:
            self._column.addWidget(Label(self.tr("Links"), size=12, quiet=True))
        for link in links:
            self._column.addWidget(self._line(link))
        self.set_read_only(read_only=self._read_only)

    def set_read_only(self, *, read_only: bool) -> None:
        """Let the links be read only."""
        self._read_only = read_only
        for button in self._buttons:
            button.setEnabled(not read_only)

    def _line(self, link: Link) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(sizes.px(8))
        name = f"{link.tool.capitalize()} {link.key}"
        told = " · ".join(part for part in (name, link.status, link.title) if part)
        label = Label(told, wrap=True, selectable=True)
        label.setToolTip(link.url)
        row.addWidget(label, 1)
        button = QPushButton(self.tr("Remove"))
        button.setProperty("link", True)
        button.setAccessibleName(self.tr("Remove the link to {name}").format(name=name))
        button.clicked.connect(partial(self._remove, link))
        self._buttons.append(button)
        row.addWidget(button)
        return line

    def _remove(self, link: Link, _checked: bool = False) -> None:
        self.edited.emit(links_json([one for one in self._links if one != link]))
