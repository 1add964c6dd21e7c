"""The period box: what is chosen there rules every number of the window."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.driving import (
    dialog_of,
    open_project,
    open_window,
    press,
    settle,
    trigger,
    view_of,
)
from tests.gui.opening import fernwick
from tests.services.fernwick import make_fernwick

from themeloom.base.settings import Settings
from themeloom.domain.insights import Delivery
from themeloom.domain.periods import parse_period
from themeloom.gui.dialogs.period import PeriodDialog
from themeloom.gui.views.themes.place import ThemesPlace
from themeloom.gui.windows.main_window import MainWindow
from themeloom.gui.windows.period_box import OTHER_DAYS
from themeloom.services.recents import recents

AUGUST = "2026-08-01..2026-08-31"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "voice.loom"
    path.write_bytes(fernwick(few=True))
    return path


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, settings: Settings, project: Path
) -> Iterator[MainWindow]:
    with open_window(qapp, qtbot, settings) as made:
        open_project(made, qtbot, project)
        yield made


def test_the_box_offers_what_the_records_span(window: MainWindow) -> None:
    box = window.period_box.box
    words = [box.itemText(at) for at in range(box.count()) if box.itemText(at)]
    assert words[0] == "All time"
    assert words[1].startswith("Last month (")
    assert words[-5:] == ["Jul – Sep 2026", "Sep 2026", "Aug 2026", "Jul 2026", "Other days…"]
    assert "Since last send" not in " ".join(words)
    assert box.accessibleName()
    assert window.period_strip.isHidden()


def test_a_period_rules_the_window(window: MainWindow, qtbot: QtBot) -> None:
    whole = view_of(window)
    _choose(window, qtbot, "Aug 2026")
    view = view_of(window)
    assert view.period == parse_period("2026-08")
    assert window.period_strip.label.text().replace("\u00a0", " ") == (
        f"Numbers are about Aug 2026: {view.totals.records:,} of {whole.totals.records:,} records."
        f" {view.totals.records_before:,} in the period before."
    )
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    themes = view.themes.filter(pl.col("level") == "theme")
    first = themes.row(0, named=True)
    place.show_theme(first["theme_id"])
    settle(window, qtbot)
    assert place.excerpts.model.rowCount() == first["excerpts"]
    assert f"{view.totals.records:,} records" in window.status._counts.text()
    # What came in, and what is done, is about the whole project.
    assert f"{whole.totals.records:,} records" in window._sidebar._steps[0].toolTip()
    assert recents(window.settings)[0].records == whole.totals.records


def test_show_all_shows_all(window: MainWindow, qtbot: QtBot) -> None:
    whole = view_of(window).totals
    _choose(window, qtbot, "Aug 2026")
    qtbot.mouseClick(window.period_strip.button, Qt.MouseButton.LeftButton)
    settle(window, qtbot)
    assert view_of(window).totals == whole
    assert window.period_strip.isHidden()
    assert window.period_box.box.accessibleDescription() == "All time"
    assert "All records are shown." in window.actions_["view.all-time"].toolTip()


def test_the_period_is_there_when_the_project_is_opened_again(
    window: MainWindow, qtbot: QtBot, project: Path, tmp_path: Path
) -> None:
    _choose(window, qtbot, "Aug 2026")
    undo = window.actions_["edit.undo"].text()
    other = make_fernwick(tmp_path / "other.loom", few=True)
    open_project(window, qtbot, other)
    assert view_of(window).period is None
    assert window.period_strip.isHidden()
    open_project(window, qtbot, project)
    assert view_of(window).period == parse_period("2026-08")
    assert "Aug 2026" in window.period_strip.label.text()
    assert window.actions_["edit.undo"].text() == undo  # a way of looking is nothing to undo


def test_other_days(window: MainWindow, qtbot: QtBot) -> None:
    window.period_box.chosen.emit(OTHER_DAYS)
    dialog = dialog_of(window, PeriodDialog)
    dialog.first_field.setDate(QDate(2026, 9, 9))
    dialog.last_field.setDate(QDate(2026, 8, 3))  # the wrong way round
    press(qtbot, dialog, "Show this period")
    settle(window, qtbot)
    assert view_of(window).period == parse_period("2026-08-03..2026-09-09")
    box = window.period_box.box
    assert box.accessibleDescription() == "3 Aug – 9 Sep 2026"
    assert box.currentText() == "3 Aug – 9 Sep 2026"


def test_since_last_send_is_offered_after_a_send(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    session = window.workspace.session
    assert session is not None
    session.project.add_delivery(
        Delivery("0" * 32, "2026-09-20T12:00:00+00:00", "send", "xlsx", "Ines", "/x")
    )
    open_project(window, qtbot, project)
    _choose(window, qtbot, "Since last send")
    found = view_of(window)
    assert found.period is not None
    assert str(found.period).startswith("2026-09-20")
    days = found.records["date"].drop_nulls().dt.date()
    assert str(days.min()) >= "2026-09-20"
    assert window.period_box.box.accessibleDescription() == "Since last send"


def test_a_period_without_records_says_so(window: MainWindow, qtbot: QtBot) -> None:
    window.period.choose("1999-01-01..1999-12-31")
    settle(window, qtbot)
    assert window.period_strip.label.text() == "No record is of 1999."
    for name in window.places:
        window.show_place(name)
        settle(window, qtbot)
    assert window.actions_["file.export"].isEnabled()


def test_the_box_opens_by_key(window: MainWindow, qtbot: QtBot) -> None:
    shortcut = window.actions_["view.period"].shortcut()
    assert shortcut.matches(QKeySequence("Ctrl+Shift+D"))
    trigger(window, "view.period")
    assert window.period_box.box.view().isVisible()
    window.period_box.box.hidePopup()
    window.workspace.close()
    settle(window, qtbot)
    assert not window.period_box.box.isEnabled()


def _choose(window: MainWindow, qtbot: QtBot, words: str) -> None:
    box = window.period_box.box
    row = next(at for at in range(box.count()) if box.itemText(at).startswith(words))
    box.setCurrentIndex(row)
    box.activated.emit(row)
    settle(window, qtbot)
