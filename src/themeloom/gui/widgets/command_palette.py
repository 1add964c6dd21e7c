"""All actions of the window by a few typed letters."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from themeloom.gui.look import sizes
from themeloom.gui.widgets.matching import WORDS, Target, query_of
from themeloom.gui.widgets.popup_list import PopupList, Row

_WIDTH = 560


@dataclass(frozen=True)
class Command:
    """One action and where it stands in the menus.

    A disabled action's ``statusTip`` says why it cannot be used.
    """

    action: QAction
    path: str = ""


class CommandPalette(PopupList):
    """Enter does what is chosen. Actions that cannot be used are shown with the reason."""

    def __init__(self, parent: QWidget) -> None:
        """It belongs to the window ``parent``."""
        super().__init__(
            parent, width=_WIDTH, hint=parent.tr("Do anything"), name=parent.tr("All actions")
        )
        self._owner = parent
        self._commands: list[tuple[Command, Target, Target]] = []
        self._recent: list[QAction] = []
        self.set_foot(self.tr("Enter does it · Esc closes"))
        self.typed.connect(self._on_typed)
        self.taken.connect(self._on_taken)

    def ask(self, commands: Iterable[Command]) -> None:
        """Open it in the upper middle of the window."""
        self._commands = []
        for command in commands:
            if command.action.isVisible() and not command.action.isSeparator():
                title = title_of(command.action)
                both = Target(f"{command.path} {title}")
                self._commands.append((command, Target(title), both))
        self._on_typed("")
        window = self._owner.window()
        top = QPoint((window.width() - sizes.px(_WIDTH)) // 2, sizes.px(64))
        self.open_under(QRect(window.mapToGlobal(top), window.mapToGlobal(top)))

    def _on_typed(self, typed: str) -> None:
        query = query_of(typed)
        scored: list[tuple[tuple[bool, int, int, int], Row]] = []
        for order, (command, title, both) in enumerate(self._commands):
            match = title.match(query)
            rank, spread = (match.rank, match.spread) if match else (0, 0)
            if match is None:
                wide = both.match(query)
                if wide is None or wide.rank > WORDS:
                    continue
                rank, spread = 4 + wide.rank, wide.spread
            action = command.action
            used = self._recent.index(action) if action in self._recent else len(self._recent)
            spans = match.spans if match else ()
            key = (not action.isEnabled(), rank, used if not query else spread, order)
            scored.append((key, self._row(command, title.text, spans)))
        scored.sort(key=lambda entry: entry[0])
        rows = [row for _, row in scored]
        self.show_rows(rows, f"{len(rows):,}", self.tr("No action has these words."))

    def _row(self, command: Command, title: str, spans: tuple[tuple[int, int], ...]) -> Row:
        action = command.action
        reason = "" if action.isEnabled() else action.statusTip() or self.tr("not possible now")
        return Row(
            title,
            action,
            bold=spans,
            quiet=" · ".join(part for part in (command.path, reason) if part),
            keys=action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
            enabled=action.isEnabled(),
        )

    def _on_taken(self, key: object, modifiers: Qt.KeyboardModifier) -> None:
        if isinstance(key, QAction):
            self.hide()
            self._recent = [key, *(one for one in self._recent if one is not key)][:8]
            key.trigger()


def title_of(action: QAction) -> str:
    """Return an action's text without its mnemonic: ``Merge…``."""
    text = action.text()
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")
