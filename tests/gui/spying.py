"""Lists of what a signal told."""

from PySide6.QtCore import SignalInstance


def calls_of(signal: object) -> list[tuple[object, ...]]:
    """Return a list that gets the arguments of each emission of ``signal``."""
    found: list[tuple[object, ...]] = []
    assert isinstance(signal, SignalInstance)
    signal.connect(lambda *values: found.append(values))
    return found
