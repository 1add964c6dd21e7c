"""Quick look: the whole record, gone on the next Space."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.gui.talks import TICKET, loader, mask, talk_view

from themeloom.gui.views.themes.quick_look import QuickLook


def test_it_shows_the_whole_record_and_steps(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1000, 700)
    host.show()
    look = QuickLook(loader(), host)
    look.set_mask(mask)
    view = talk_view()
    look.look(view, 8)
    shown = look._record._body.shown
    assert shown == TICKET.replace("ines@orla.example", "[EMAIL_7]")
    assert host.frameGeometry().contains(look.geometry().center())
    with qtbot.waitSignal(look.step) as told:
        qtbot.keyClick(look, Qt.Key.Key_Down)
    assert told.args == [1]
    where = look.geometry()
    look.look(view, 9)
    assert look.geometry() == where
    assert look.excerpt == 9
    qtbot.keyClick(look, Qt.Key.Key_Space)
    assert not look.isVisible()
