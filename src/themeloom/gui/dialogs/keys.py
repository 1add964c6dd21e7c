"""The sheet of keys: what works in this place, and everywhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from themeloom.base.folding import fold
from themeloom.gui.look import sizes
from themeloom.gui.widgets.command_palette import title_of
from themeloom.gui.widgets.key_label import KeyLabel
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import ScrollPage, clear

_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Section:
    """Keys that belong together: (keys as QKeySequence reads them, what they do)."""

    title: str
    keys: tuple[tuple[str, str], ...]


def section_of(title: str, actions: Iterable[QAction]) -> Section:
    """Return the actions that have keys."""
    found = [
        (keys.toString(QKeySequence.SequenceFormat.PortableText), title_of(action).rstrip("…"))
        for action in actions
        for keys in action.shortcuts()[:1]
    ]
    return Section(title, tuple(found))


class KeysDialog(QDialog):
    """Opens on ``?``; typing filters, Esc closes."""

    def __init__(self, sections: Sequence[Section], parent: QWidget | None) -> None:
        """Empty sections are left out."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self._sections = [section for section in sections if section.keys]
        self._field = QLineEdit()
        self._field.setPlaceholderText(self.tr("Filter"))
        self._field.setAccessibleName(self.tr("Filter keys"))
        self._field.textChanged.connect(self._show)
        self._page = ScrollPage(self, margin=0, gap=16)
        self._body = QVBoxLayout()
        self._body.setSpacing(sizes.px(12))
        self._page.parts.addLayout(self._body)
        self._page.parts.addStretch()
        layout = QVBoxLayout(self)
        space = sizes.px(16)
        layout.setContentsMargins(space, space, space, space)
        layout.setSpacing(sizes.px(12))
        layout.addWidget(self._field)
        layout.addWidget(self._page, 1)
        self._show("")
        self.resize(sizes.px(640), sizes.px(520))

    def _show(self, typed: str) -> None:
        clear(self._body)
        words = fold(typed).split()
        for section in self._sections:
            shown = [
                (keys, does)
                for keys, does in section.keys
                if all(word in fold(f"{keys} {does}") for word in words)
            ]
            if shown:
                self._body.addWidget(_section(Section(section.title, tuple(shown))))
        if not self._body.count():
            self._body.addWidget(Label(self.tr("No key has these words."), quiet=True))


def _section(section: Section) -> QWidget:
    part = QWidget()
    grid = QGridLayout(part)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(sizes.px(16))
    grid.setVerticalSpacing(sizes.px(6))
    grid.addWidget(Label(section.title, bold=True), 0, 0, 1, _COLUMNS)
    half = -(-len(section.keys) // _COLUMNS)
    for at, (keys, does) in enumerate(section.keys):
        row = QHBoxLayout()
        row.setSpacing(sizes.px(8))
        row.addWidget(Label(does), 1)
        key = KeyLabel(keys)
        key.setAccessibleName(f"{does}: {key.text()}")
        row.addWidget(key)
        grid.addLayout(row, 1 + at % half, at // half)
    for column in range(_COLUMNS):
        grid.setColumnStretch(column, 1)
    return part
