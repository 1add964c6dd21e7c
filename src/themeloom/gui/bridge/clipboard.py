"""The clipboard at the end of the program."""

from PySide6.QtGui import QGuiApplication


def leave_text_behind() -> None:
    """Keep of what was copied here the plain text, held by Qt alone.

    Qt takes its clipboard down after Python has ended; data of a Python object would crash it then.
    """
    clipboard = QGuiApplication.clipboard()
    if clipboard.ownsClipboard():
        text = clipboard.text()
        clipboard.clear()
        clipboard.setText(text)
