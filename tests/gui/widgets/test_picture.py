"""Icons beside words follow what the person changes while the window is open."""

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from themeloom.gui.look import sizes, tokens
from themeloom.gui.look.tokens import Tokens
from themeloom.gui.widgets.message_bar import MessageBar
from themeloom.gui.widgets.picture import Picture


def shows(widget: QWidget, wanted: QColor) -> bool:
    """Return whether a pixel has the colour, but for what smoothing takes of it."""
    picture = widget.grab().toImage()
    pixels = (
        QColor(picture.pixel(x, y)) for x in range(picture.width()) for y in range(picture.height())
    )
    return any(
        abs(pixel.red() - wanted.red()) < 8
        and abs(pixel.green() - wanted.green()) < 8
        and abs(pixel.blue() - wanted.blue()) < 8
        for pixel in pixels
    )


@pytest.mark.parametrize("level", ["ok", "warn", "bad"])
def test_the_icon_of_a_message_changes_with_the_scheme(qtbot: QtBot, level: str) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.say("All changes saved", level)
    icon = bar.findChild(Picture)
    assert icon is not None
    for scheme in ("light", "dark"):
        tokens.choose(scheme)
        assert shows(icon, Tokens(scheme).color(level))


def test_it_grows_with_the_zoom(qtbot: QtBot) -> None:
    picture = Picture(16, "check", "ok")
    qtbot.addWidget(picture)
    sizes.set_zoom(2.0)
    assert picture.sizeHint().width() == 32
