"""Help: the keys of a place, all actions, what to do when something broke."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit

from themeloom.base import crashes
from themeloom.gui.dialogs.about import AboutDialog
from themeloom.gui.dialogs.keys import KeysDialog, section_of
from themeloom.gui.widgets.command_palette import Command, CommandPalette
from themeloom.services import diagnosis

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow


class HelpFlow(QObject):
    """What the Help menu does, and what an unexpected exception leads to."""

    def __init__(self, window: "MainWindow") -> None:
        """Use the window's own parts."""
        super().__init__(window)
        self._window = window
        self.palette = CommandPalette(window)

    def show_keys(self) -> None:
        """Show the keys of the present place; a question mark in a text field is just typed."""
        field = self._window.focusWidget()
        if isinstance(field, QLineEdit | QPlainTextEdit | QTextEdit):
            field.insert("?") if isinstance(field, QLineEdit) else field.insertPlainText("?")
            return
        actions = self._window.actions_
        place = self._window.place
        here = [entry.action for entry in actions.entries(place=place) if entry.place]
        everywhere = [entry.action for entry in actions.entries(place=place) if not entry.place]
        dialog = KeysDialog(
            [section_of(self.tr("Here"), here), section_of(self.tr("Everywhere"), everywhere)],
            self._window,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_palette(self) -> None:
        """Open the palette over all actions."""
        tr = self._window.tr
        self.palette.ask(
            Command(entry.action, " › ".join(tr(one).replace("&", "") for one in entry.path))
            for entry in self._window.actions_.entries()
        )

    def show_about(self) -> None:
        """Say what this is, which licences it comes with, and that it is offline."""
        AboutDialog(self._window).open()

    def copy_diagnosis(self) -> None:
        """Put a diagnosis without customers' text into the clipboard."""
        QGuiApplication.clipboard().setText(self._diagnosis())
        self._window.bar.say(
            self.tr("The diagnosis is in the clipboard. It holds versions and errors, no texts."),
            "ok",
        )

    def report(self, error: object) -> None:
        """Say that something unexpected happened; the work is safe."""
        if isinstance(error, BaseException):
            crashes.log_exception(error)
        self._window.bar.say(
            self.tr(
                "Something unexpected went wrong. Everything that you did is saved. "
                "If it happens again, send us the diagnosis: it holds no texts of customers."
            ),
            "bad",
            [(self.tr("Copy a diagnosis"), self.copy_diagnosis)],
        )

    def report_crash(self) -> None:
        """Say at the start that the program ended hard the last time."""
        self._window.bar.say(
            self.tr(
                "Themeloom ended unexpectedly the last time. Everything that was saved is here: "
                "each change is on the disk the moment it is made."
            ),
            "warn",
            [(self.tr("Copy a diagnosis"), self.copy_diagnosis)],
        )

    def _diagnosis(self) -> str:
        session = self._window.workspace.session
        return diagnosis.diagnosis(session.view.totals if session else None)
