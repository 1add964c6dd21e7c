"""What is dragged inside the window: numbers of excerpts, ids of themes."""

from array import array
from collections.abc import Iterable

from PySide6.QtCore import QMimeData

EXCERPTS = "application/x-themeloom-excerpts"
THEMES = "application/x-themeloom-themes"


def excerpts_mime(numbers: Iterable[int]) -> QMimeData:
    """Return a parcel of inner excerpt numbers."""
    data = QMimeData()
    data.setData(EXCERPTS, array("q", numbers).tobytes())
    return data


def themes_mime(theme_ids: Iterable[str]) -> QMimeData:
    """Return a parcel of theme ids."""
    data = QMimeData()
    data.setData(THEMES, "\n".join(theme_ids).encode())
    return data


def excerpts_in(data: QMimeData) -> list[int]:
    """Return the excerpt numbers of a parcel; none where it holds something else."""
    numbers = array("q")
    if data.hasFormat(EXCERPTS):
        numbers.frombytes(bytes(data.data(EXCERPTS).data()))
    return numbers.tolist()


def themes_in(data: QMimeData) -> list[str]:
    """Return the theme ids of a parcel; none where it holds something else."""
    if not data.hasFormat(THEMES):
        return []
    return bytes(data.data(THEMES).data()).decode().split("\n")
