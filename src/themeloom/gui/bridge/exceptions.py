"""Exceptions that nobody expected, from any thread, on their way to the window."""

import sys
import threading
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

from themeloom.base import crashes


class ExceptionCatcher(QObject):
    """Takes the place of Python's hooks: logs, and signals ``caught`` on the GUI thread."""

    caught = Signal(object)
    _found = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Install the hooks; ``remove`` puts the former ones back."""
        super().__init__(parent)
        self._before = (sys.excepthook, threading.excepthook)
        self._found.connect(self.caught, Qt.ConnectionType.QueuedConnection)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread

    def remove(self) -> None:
        """Put the former hooks back."""
        sys.excepthook, threading.excepthook = self._before

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        crashes.log_exception(error)
        self._found.emit(error)

    def _on_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            crashes.log_exception(arguments.exc_value)
            self._found.emit(arguments.exc_value)
