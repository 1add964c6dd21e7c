"""Work spread over turns of the event loop, so that the window answers in between."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

#: What comes after no time at all is run before what a person does.
_TURN_MS = 1


def in_next_turn(context: QObject, call: Callable[[], object]) -> None:
    """Call something after what is waiting now; not at all where ``context`` is gone by then."""
    QTimer.singleShot(_TURN_MS, context, call)
