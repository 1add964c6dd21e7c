"""All actions of the window in one place: menus, toolbar, keys, palette and key sheet read it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from themeloom.gui.look.icons import icon as make_icon

#: Menus in their order.
MENUS = ("File", "Edit", "View", "Sources", "Themes", "Insights", "Window", "Help")


@dataclass(frozen=True)
class Entry:
    """One action and where it is found.

    Attributes:
        action: the QAction; its ``objectName`` is the id.
        menu: name of its menu.
        place: "sources", "themes", "insights", "dashboard", or None: everywhere.
        group: actions of a menu with the same group stand together between separators.
        under: title of the sub-menu at the end of its group in which it stands; "": in none.
    """

    action: QAction
    menu: str
    place: str | None
    group: str
    under: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The titles of the menus that lead to it."""
        return (self.menu, self.under) if self.under else (self.menu,)


class Actions(QObject):
    """The registry. Ids are dotted: "themes.merge"."""

    def __init__(self, parent: QWidget) -> None:
        """Actions belong to the window ``parent``: their keys work in all of it."""
        super().__init__(parent)
        self._window = parent
        self._entries: dict[str, Entry] = {}
        self._enabled: dict[str, Callable[[], bool | str]] = {}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self.refresh_now)

    def add(
        self,
        name: str,
        text: str,
        slot: Callable[[], object],
        *,
        menu: str,
        shortcut: str | QKeySequence.StandardKey | Sequence[str] | None = None,
        icon: str | None = None,
        place: str | None = None,
        group: str = "",
        under: str = "",
        enabled: Callable[[], bool | str] | None = None,
        focus: QWidget | None = None,
        checkable: bool = False,
    ) -> QAction:
        """Return a new action.

        Args:
            name: its id.
            text: for menus, with an ampersand for the mnemonic.
            slot: what it does.
            menu: one of ``MENUS``.
            shortcut: keys. Single letters need ``focus``.
            icon: name of an icon.
            place: where it is offered.
            group: actions of the same group stand together.
            under: title of a sub-menu.
            enabled: returns True, or False or the reason in words why not.
            focus: the key works only while this widget or one inside has the focus.
            checkable: whether it is on or off.
        """
        action = QAction(text, focus or self._window)
        action.setObjectName(name)
        if icon:
            action.setIcon(make_icon(icon))
        action.setCheckable(checkable)
        if isinstance(shortcut, QKeySequence.StandardKey):
            action.setShortcuts(shortcut)
        elif isinstance(shortcut, str):
            action.setShortcut(QKeySequence(shortcut))
        elif shortcut is not None:
            action.setShortcuts([QKeySequence(keys) for keys in shortcut])
        if focus is not None:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            focus.addAction(action)
        else:
            self._window.addAction(action)
        action.triggered.connect(lambda: slot())
        self._entries[name] = Entry(action, menu, place, group, under)
        if enabled:
            self._enabled[name] = enabled
        self._describe(action, "")
        return action

    def __getitem__(self, name: str) -> QAction:
        """Return the action called ``name``."""
        return self._entries[name].action

    def __contains__(self, name: object) -> bool:
        """Tell whether there is an action called ``name``."""
        return name in self._entries

    def entries(self, *, menu: str | None = None, place: str | None = None) -> Iterator[Entry]:
        """Return the entries of a menu, of a place (with those of everywhere), or all."""
        for entry in self._entries.values():
            if menu is not None and entry.menu != menu:
                continue
            if place is not None and entry.place not in (None, place):
                continue
            yield entry

    def refresh(self) -> None:
        """Ask each action again whether it can be used, once in this turn of the event loop."""
        self._later.start()

    def refresh_now(self) -> None:
        """Ask each action whether it can be used; the reason why not goes to its tooltip."""
        self._later.stop()
        for name, ask in self._enabled.items():
            answer = ask()
            action = self._entries[name].action
            action.setEnabled(answer is True)
            self._describe(action, answer if isinstance(answer, str) else "")

    @staticmethod
    def _describe(action: QAction, reason: str) -> None:
        title = action.text().replace("&", "").rstrip("…")
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        tip = f"{title} ({keys})" if keys else title
        action.setToolTip(f"{tip}\n{reason}" if reason else tip)
        action.setStatusTip(reason)
