"""The status bar: what it says of a project before and after the first search."""

from dataclasses import replace

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from themeloom.gui.windows.status import StatusBar
from themeloom.services.view import Totals


def words(bar: StatusBar) -> str:
    return "  ·  ".join(label.text() for label in bar.findChildren(QLabel))


def test_before_the_first_search_there_is_no_coverage_to_tell(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    # A theme that a person made by hand, and nothing in it yet.
    totals = Totals(records=971, excerpts=1612, themes=1, unsorted=1612)
    bar.show_totals(totals)
    assert "Themes not looked for yet  ·  971 records" in words(bar)
    assert "Coverage" not in words(bar)
    assert "unsorted" not in words(bar)
    bar.show_totals(replace(totals, themes=0))
    assert "Themes not looked for yet" in words(bar)
    bar.show_totals(replace(totals, searched=True))
    assert "Coverage 0\u00a0%" in words(bar)
    bar.show_totals(replace(totals, coverage=0.3))
    assert "Coverage 30\u00a0%" in words(bar), "work by hand counts, too"
    bar.show_totals(Totals())
    assert "looked for" not in words(bar), "there is nothing to look through"
