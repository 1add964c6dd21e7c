"""Customers' words are shown byte for byte, never as markup, in the direction they are read."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.talks import ARABIC, EMOJI, JAPANESE, TICKET, mask

from themeloom.gui.look import style, tokens
from themeloom.gui.widgets.customer_text import CustomerText, Stretch, Style
from themeloom.gui.widgets.label import Label


def _shown(
    qtbot: QtBot, text: str, *stretches: Stretch, edge: bool = False, grows: bool = False
) -> CustomerText:
    widget = CustomerText(edge=edge, grows=grows)
    qtbot.addWidget(widget)
    widget.resize(320, 400)
    widget.show_text(text, stretches)
    widget.show()
    return widget


def test_markup_stays_text(qtbot: QtBot) -> None:
    widget = _shown(qtbot, TICKET)
    assert widget.toPlainText() == TICKET
    label = Label("<b>bold</b> & <a href='x'>link</a>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_all_scripts_come_out_as_they_went_in(qtbot: QtBot) -> None:
    for text in (ARABIC, JAPANESE, EMOJI):
        assert _shown(qtbot, text).toPlainText() == text


def test_each_paragraph_has_its_own_direction(qtbot: QtBot) -> None:
    widget = _shown(qtbot, f"{ARABIC}\nEnglish words.", edge=True)
    first = widget.document().begin()
    assert first.textDirection() == Qt.LayoutDirection.RightToLeft
    assert first.blockFormat().alignment() & Qt.AlignmentFlag.AlignRight
    assert first.blockFormat().rightMargin() > 0
    second = first.next()
    assert second.textDirection() == Qt.LayoutDirection.LeftToRight
    assert second.blockFormat().leftMargin() > 0


def _background(widget: CustomerText, word: str) -> str:
    at = widget.document().find(word)
    cursor = QTextCursor(at)
    cursor.setPosition(at.selectionStart() + 1)
    brush = cursor.charFormat().background()
    return brush.color().name() if brush.style() != Qt.BrushStyle.NoBrush else ""


def test_marks_stand_behind_emoji_where_they_belong(qtbot: QtBot) -> None:
    start = EMOJI.index("loses events")
    widget = _shown(qtbot, EMOJI, Stretch(start, start + len("loses events"), Style.MARK))
    assert _background(widget, "loses events") == tokens.tokens().color("mark").name()
    assert _background(widget, "but the") == ""


def test_a_second_text_does_not_wear_the_first_ones_look(qtbot: QtBot) -> None:
    widget = _shown(qtbot, "Whole", Stretch(0, 5, Style.CURRENT))
    widget.show_text("Something else entirely")
    assert _background(widget, "else") == ""


def test_colours_follow_the_scheme(qtbot: QtBot, qapp: QApplication) -> None:
    widget = _shown(qtbot, "found words", Stretch(0, 5, Style.MARK))
    light = _background(widget, "found")
    tokens.choose("dark")
    style.apply(qapp)
    qapp.processEvents()
    assert _background(widget, "found") == tokens.tokens().color("mark").name() != light


def test_tokens_hide_what_is_personal(qtbot: QtBot) -> None:
    widget = _shown(qtbot, "")
    widget.show_text("Ask ines@orla.example soon", (), mask)
    assert widget.toPlainText() == "Ask [EMAIL_7] soon"
    assert _background(widget, "EMAIL_7") == tokens.tokens().color("sunken").name()


def test_a_click_tells_the_excerpt(qtbot: QtBot) -> None:
    text = "First excerpt here.\nSecond excerpt there."
    second = text.index("Second")
    widget = _shown(
        qtbot,
        text,
        Stretch(0, second - 1, Style.EXCERPT, 0, 11),
        Stretch(second, len(text), Style.EXCERPT, 1, 12),
        edge=True,
    )
    cursor = QTextCursor(widget.document())
    cursor.setPosition(second + 3)
    spot = widget.cursorRect(cursor).center()
    with qtbot.waitSignal(widget.clicked) as told:
        qtbot.mouseClick(widget.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert told.args == [12]
    assert widget.key_at(QPointF(widget.cursorRect(QTextCursor(widget.document())).center())) == 11


def test_the_excerpt_wears_the_colour_of_its_group_at_the_edge(qtbot: QtBot) -> None:
    widget = _shown(qtbot, "One excerpt.", Stretch(0, 12, Style.CURRENT, 1, 5), edge=True)
    picture = widget.viewport().grab().toImage()
    assert picture.pixelColor(1, 8).name() == tokens.tokens().theme(1).name()
    arabic = _shown(qtbot, ARABIC, Stretch(0, len(ARABIC), Style.CURRENT, 1, 5), edge=True)
    picture = arabic.viewport().grab().toImage()
    assert picture.pixelColor(picture.width() - 2, 8).name() == tokens.tokens().theme(1).name()


def test_a_growing_text_is_as_high_as_it_needs(qtbot: QtBot) -> None:
    widget = _shown(qtbot, TICKET, grows=True)
    low = widget.height()
    assert low >= widget.document().size().height()
    widget.resize(160, low)
    assert widget.height() > low
