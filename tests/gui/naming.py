"""Which controls of a window nobody could name aloud."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QWidget


def unnamed(root: QWidget) -> list[str]:
    """Return the shown controls that can have the focus and have no name for a screen reader."""
    buddies = {label.buddy() for label in root.findChildren(QLabel)}
    found: list[str] = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisibleTo(root) or widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
            continue
        if widget.focusProxy() is not None or isinstance(widget.parent(), QAbstractScrollArea):
            continue
        named = widget.accessibleName() or widget in buddies
        if isinstance(widget, QAbstractButton):
            named = named or widget.text()
        if not named:
            found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found
