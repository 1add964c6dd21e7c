"""Sees how long the GUI thread did not come back to its event loop."""

import time

from PySide6.QtCore import QObject, Qt, QTimer


class Watchdog(QObject):
    """Ticks every few milliseconds; what comes late was held up.

    Attributes:
        stalls: milliseconds that ticks came late, the longest first.
    """

    EVERY_MS = 5

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._late: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(self.EVERY_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._late.clear()
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    @property
    def stalls(self) -> list[float]:
        return sorted(self._late, reverse=True)

    def _tick(self) -> None:
        now = time.perf_counter()
        self._late.append(1000 * (now - self._last) - self.EVERY_MS)
        self._last = now
