"""Lists of what a signal told, and of what was painted."""

from PySide6.QtCore import QEvent, QObject, SignalInstance
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget


def calls_of(signal: object) -> list[tuple[object, ...]]:
    """Return a list that gets the arguments of each emission of ``signal``."""
    found: list[tuple[object, ...]] = []
    assert isinstance(signal, SignalInstance)
    signal.connect(lambda *values: found.append(values))
    return found


class Painted(QObject):
    """Remembers which parts of a widget are painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.region = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return False
