"""The colour tokens, light and dark, and which of the two is in force."""

import json
from functools import cache
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication

from themeloom.base.paths import resource

SCHEMES = ("light", "dark")


class Tokens:
    """The colours of one scheme by their names; see ``resources/look/tokens.json``."""

    def __init__(self, scheme: str) -> None:
        """Read ``scheme``: "light" or "dark"."""
        self.scheme = scheme
        self._colors = _table()[scheme]

    def hex(self, name: str) -> str:
        """Return the colour ``name`` as "#RRGGBB"."""
        return cast(str, self._colors[name])

    def color(self, name: str) -> QColor:
        """Return the colour ``name``."""
        return QColor(self.hex(name))

    def theme(self, place: int) -> QColor:
        """Return the colour of the group at ``place``; from the 11th group on, and for none, grey."""
        colors = cast(list[str], self._colors["themes"])
        return QColor(colors[place]) if 0 <= place < len(colors) else self.color("edge")


def tokens() -> Tokens:
    """Return the tokens of the scheme in force."""
    return _tokens(scheme())


_chosen: str | None = None
_system: str | None = None  # what the system says; asking it takes a while, painting asks often


def choose(name: str | None) -> None:
    """Use the scheme "light" or "dark"; None follows the system."""
    global _chosen
    _chosen = name
    if _system is None:
        _asked()  # before anybody else listens to the system


def scheme() -> str:
    """Return "dark" where the person or the system wants it, else "light"."""
    if _chosen is not None:
        return _chosen
    return _system or _asked()


def _asked() -> str:
    """Ask the system, and listen to it from now on."""
    global _system
    app = QGuiApplication.instance()
    if not isinstance(app, QGuiApplication):
        return "light"
    hints = app.styleHints()
    _hear(hints.colorScheme())
    hints.colorSchemeChanged.connect(_hear)
    return _system or "light"


def _hear(scheme: Qt.ColorScheme) -> None:
    global _system
    _system = "dark" if scheme == Qt.ColorScheme.Dark else "light"


@cache
def _tokens(name: str) -> Tokens:
    return Tokens(name)


@cache
def _table() -> dict[str, dict[str, object]]:
    return json.loads(resource("look", "tokens.json").read_text(encoding="utf-8"))
