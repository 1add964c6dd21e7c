"""The window's manners: opening, closing, keys, failures that people see."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QGuiApplication, QImage, QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QListWidget, QMenu, QSplitter
from pytestqt.qtbot import QtBot
from tests.gui.driving import (
    answers,
    open_project,
    open_window,
    press,
    settle,
    trigger,
    view_of,
    wait_for_dialog,
)
from tests.gui.opening import fernwick

from themeloom.base.settings import Settings
from themeloom.domain.themes import Status
from themeloom.gui.actions import MENUS
from themeloom.gui.dialogs.backups import BackupsDialog
from themeloom.gui.dialogs.find_themes import FindThemesDialog
from themeloom.gui.dialogs.history import HistoryDialog
from themeloom.gui.dialogs.import_assistant import ImportAssistant
from themeloom.gui.views.insights.place import InsightsPlace
from themeloom.gui.views.sources.place import SourcesPlace
from themeloom.gui.views.themes.place import ThemesPlace
from themeloom.gui.views.welcome import RecentRow
from themeloom.gui.windows.main_window import MainWindow
from themeloom.project.backup_files import Why
from themeloom.project.project import Project
from themeloom.services.recents import Recent, recents
from themeloom.services.synthesis import FirstLook, FirstTheme


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "voice.loom"
    path.write_bytes(fernwick(few=True))
    return path


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, settings: Settings) -> Iterator[MainWindow]:
    with open_window(qapp, qtbot, settings) as made:
        yield made


# --- actions


def test_every_action_stands_in_a_menu_and_has_keys_of_its_own(window: MainWindow) -> None:
    shown = set[str]()
    for menu in window.menuBar().actions():
        inside = menu.menu()
        assert inside is not None
        shown |= {action.objectName() for action in _inside(inside)}
    assert {entry.action.objectName() for entry in window.actions_.entries()} <= shown
    assert all(entry.menu in MENUS for entry in window.actions_.entries())
    taken: dict[str, str] = {}
    for entry in window.actions_.entries():
        action = entry.action
        for keys in action.shortcuts():
            text = keys.toString(QKeySequence.SequenceFormat.PortableText)
            where = f"{text} in {type(action.parent()).__name__}"
            assert taken.setdefault(where, action.objectName()) == action.objectName(), where


def _inside(menu: QObject) -> Iterator[QAction]:
    """Return the actions of a menu and of the menus in it."""
    assert isinstance(menu, QMenu)
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu):
            yield from _inside(below)
        else:
            yield action


def test_every_menu_opens_by_alt_and_a_letter_of_its_own(window: MainWindow, qtbot: QtBot) -> None:
    titles = [action.text() for action in window.menuBar().actions()]
    keys = [QKeySequence.mnemonic(title).toString() for title in titles]
    taken = {
        shortcut.toString()
        for entry in window.actions_.entries()
        for shortcut in entry.action.shortcuts()
    }
    assert len(set(keys) - {""}) == len(titles)
    assert taken.isdisjoint(keys)
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    shown = QApplication.activePopupWidget()
    assert isinstance(shown, QMenu)
    assert shown.objectName() == "menu.Themes"
    shown.close()


def test_an_open_menu_keeps_the_keys_to_itself(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    open_project(window, qtbot, project)
    place, before = window.places["themes"], view_of(window).themes
    assert isinstance(place, ThemesPlace)
    assert place.tree_pane.tree.hasFocus(), "letters alone are keys there"
    window.set_scheme("dark")
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    shown = QApplication.activePopupWidget()
    assert isinstance(shown, QMenu)
    qtbot.keyClick(shown, Qt.Key.Key_Delete)
    qtbot.keyClick(shown, Qt.Key.Key_L)  # underlined in "Light colours", and the key of Lock
    settle(window, qtbot)
    assert not shown.isVisible()
    assert window.settings.get("appearance.scheme", "system") == "light"
    assert view_of(window).themes.equals(before)


def test_every_menu_fits_on_a_small_screen(window: MainWindow) -> None:
    for action in window.menuBar().actions():
        menu = action.menu()
        assert isinstance(menu, QMenu)
        assert menu.sizeHint().height() < 768 - 80, action.text()


def test_the_palette_finds_what_stands_in_a_sub_menu(window: MainWindow) -> None:
    paths = {entry.action.objectName(): entry.path for entry in window.actions_.entries()}
    assert paths["themes.nest"] == ("Themes", "Le&vels and groups")
    trigger(window, "help.palette")
    window.help.palette.field.setText("themes move to group")
    first = window.help.palette.rows()[0]
    assert (first.text, first.quiet.split(" · ")[0]) == (
        "Move to group…",
        "Themes › Levels and groups",
    )
    window.help.palette.close()


def test_what_cannot_be_used_says_why(window: MainWindow) -> None:
    window.actions_.refresh()
    action = window.actions_["themes.find"]
    assert not action.isEnabled()
    assert "Import files first" in action.toolTip()


def test_a_question_mark_can_be_typed_into_the_search(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    open_project(window, qtbot, project)
    window.search_field.setFocus()
    qtbot.keyClicks(window.search_field, "why?")
    assert window.search_field.text() == "why?"
    settle(window, qtbot)


def test_the_palette_finds_actions(window: MainWindow, qtbot: QtBot) -> None:
    trigger(window, "help.palette")
    assert window.help.palette.isVisible()
    window.help.palette.close()


# --- projects


def test_a_new_window_welcomes(window: MainWindow) -> None:
    assert window.place is None
    assert window.windowTitle() == "Welcome – Themeloom"
    assert window.welcome.choose_button.isVisible()


def test_an_opened_project_is_shown_and_remembered_and_closing_leads_back(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    open_project(window, qtbot, project)
    assert window.place == "themes"
    assert window.windowTitle() == "voice.loom – Themeloom"
    latest = recents(window.settings)[0]
    assert latest.path == str(project)
    assert latest.records == view_of(window).totals.records > 0
    # Closing leads back to the welcome page.
    trigger(window, "file.close")
    settle(window, qtbot)
    assert window.place is None
    assert Project.open(project).close() is None


def test_the_keyboard_begins_in_the_list_of_a_place(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    assert window.welcome.choose_button.hasFocus()
    open_project(window, qtbot, project)
    themes, insights = window.places["themes"], window.places["insights"]
    assert isinstance(themes, ThemesPlace)
    assert isinstance(insights, InsightsPlace)
    assert themes.tree_pane.tree.hasFocus()
    window.show_place("insights")
    settle(window, qtbot)
    assert insights.pane.list.hasFocus()
    insights.editor.title.setFocus()
    window.show_place("themes")
    window.show_place("insights")
    assert insights.editor.title.hasFocus(), "who comes back goes on where they were"
    window.show_place("sources")
    sources = window.places["sources"]
    assert isinstance(sources, SourcesPlace)
    assert sources.table.hasFocus()
    trigger(window, "view.personal-data")
    settle(window, qtbot)
    window.show_place("themes")
    assert themes.tree_pane.tree.hasFocus(), "the review that is not shown takes nothing"


def test_the_keyboard_comes_back_from_a_message_that_goes(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    open_project(window, qtbot, project)
    themes = window.places["themes"]
    assert isinstance(themes, ThemesPlace)
    done: list[bool] = []
    window.bar.say("It came in.", "ok", [("Go on", lambda: done.append(True))])
    (button,) = window.bar.buttons()
    button.setFocus()
    button.click()
    assert done
    assert themes.tree_pane.tree.hasFocus(), "not the first control of the window"
    window.bar.say("It came in.", "ok")
    window.bar.clear()
    assert themes.tree_pane.tree.hasFocus()


def test_a_double_click_on_a_recent_project_opens_it_once(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    window.welcome.show_recents([Recent(str(project), "2026-09-01T10:00:00+00:00", 24, 10)])
    (row,) = window.welcome.findChildren(RecentRow)
    qtbot.waitUntil(row.isVisible)
    opened: list[int] = []
    window.workspace.opened.connect(lambda: opened.append(1))
    for _ in range(2):  # a double click releases the button twice
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    settle(window, qtbot)
    assert window.bar.text == ""
    assert opened == [1]
    assert window.workspace.session is not None
    assert not window.workspace.read_only


def test_a_project_open_elsewhere_can_be_read(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    with Project.open(project):
        window.projects.open(project)
        qtbot.waitUntil(lambda: "open" in window.bar.text, timeout=10_000)
        press(qtbot, window.bar, "Open to read")
        qtbot.waitUntil(lambda: window.workspace.session is not None, timeout=10_000)
        settle(window, qtbot)
        assert window.workspace.read_only
        assert not window.actions_["themes.find"].isEnabled()
        assert window.actions_["file.export"].isEnabled()
        assert "read" in window.bar.text


def test_a_damaged_project_offers_its_backups(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    with Project.open(project) as opened:
        opened.create_theme("Before")
        opened.back_up(Why.IMPORT)
        good = opened.state_hash()
    content = bytearray(project.read_bytes())
    content[4096 : len(content) // 2] = b"\x00" * (len(content) // 2 - 4096)
    project.write_bytes(content)
    window.projects.open(project)
    qtbot.waitUntil(lambda: "damaged" in window.bar.text, timeout=10_000)
    press(qtbot, window.bar, "Restore a backup")
    dialog = wait_for_dialog(window, qtbot, BackupsDialog)
    with qtbot.waitSignal(window.workspace.opened, timeout=20_000):
        dialog.restore_button.click()
    settle(window, qtbot)
    session = window.workspace.session
    assert session is not None
    assert session.project.state_hash() == good


def test_what_is_no_project_says_so(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    other = tmp_path / "notes.loom"
    other.write_text("no project")
    window.projects.open(other)
    qtbot.waitUntil(lambda: "not a Themeloom project" in window.bar.text, timeout=10_000)
    assert window.place is None


def test_history_goes_back_and_forth(window: MainWindow, qtbot: QtBot, project: Path) -> None:
    open_project(window, qtbot, project)
    session = window.workspace.session
    assert session is not None
    before = session.project.state_hash()
    for title in ("One", "Two", "Three"):
        window.workspace.edit(lambda now, t=title: now.project.create_theme(t)[0])
    settle(window, qtbot)
    after = session.project.state_hash()
    trigger(window, "edit.history")
    dialog = wait_for_dialog(window, qtbot, HistoryDialog)
    qtbot.waitUntil(lambda: dialog.list.count() >= 4, timeout=10_000)
    dialog.list.setCurrentRow(3)
    dialog.go_button.click()
    settle(window, qtbot)
    assert session.project.state_hash() == before
    qtbot.waitUntil(lambda: "undone" in dialog.list.item(0).text(), timeout=10_000)
    dialog.list.setCurrentRow(0)
    dialog.go_button.click()
    settle(window, qtbot)
    assert session.project.state_hash() == after
    dialog.close()


def test_undo_names_the_deed_in_the_menu(window: MainWindow, qtbot: QtBot, project: Path) -> None:
    open_project(window, qtbot, project)
    window.workspace.edit(lambda now: now.project.create_theme("Parking & ramps")[0])
    settle(window, qtbot)
    assert window.actions_["edit.undo"].text() == "&Undo new theme “Parking && ramps”"


# --- files from outside


@pytest.mark.usefixtures("shared_reader")
def test_dropped_files_open_the_assistant_in_a_new_project(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    source = tmp_path / "tickets.csv"
    source.write_text("id,text\n1,The sync lost my booking again today.\n", encoding="utf-8")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(source))])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    dialog = wait_for_dialog(window, qtbot, ImportAssistant)
    assert window.workspace.session is not None
    assert window.workspace.session.project.path.stem == "tickets"
    dialog.reject()
    settle(window, qtbot)


@pytest.mark.usefixtures("shared_reader")
def test_rows_are_pasted_from_a_spreadsheet(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    open_project(window, qtbot, project)
    QGuiApplication.clipboard().setText("id\tcomment\n1\tThe app forgets my route every day.\n")
    place = window.places["themes"]
    place.setFocus()
    window.paste()
    dialog = wait_for_dialog(window, qtbot, ImportAssistant)
    dialog.reject()
    settle(window, qtbot)


def test_an_empty_clipboard_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().clear()
    window.setFocus()
    window.paste()
    assert "clipboard" in window.bar.text.lower()


# --- jobs and failures


def test_closing_during_a_job_asks_once_and_is_safe(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    open_project(window, qtbot, project)
    session = window.workspace.session
    assert session is not None
    before = session.project.state_hash()
    trigger(window, "themes.find")
    press(qtbot, wait_for_dialog(window, qtbot, FindThemesDialog), "Find themes")
    qtbot.waitUntil(lambda: window.workspace.job is not None, timeout=10_000)
    answers(window).stop = False
    assert not window.close()
    assert len(answers(window).asked) == 1
    answers(window).stop = True
    assert window.close()
    with Project.open(project) as kept:
        assert kept.state_hash() == before


def test_a_search_beside_another_job_is_refused_in_words(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    open_project(window, qtbot, project)
    trigger(window, "themes.find")
    dialog, over = wait_for_dialog(window, qtbot, FindThemesDialog), Event()
    window.workspace.run_job("Another", lambda *_: over.wait(60), lambda _: None, changes=False)
    press(qtbot, dialog, "Find themes")
    assert window.bar.text == "Wait until what is under way is done."
    window.bar.clear()
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    place.tree_pane.find_asked.emit()
    assert window.bar.text == "Wait until what is under way is done."
    assert not [one for one in window.findChildren(FindThemesDialog) if one.isVisible()]
    over.set()
    settle(window, qtbot)


def test_an_engine_that_dies_is_told_and_the_next_search_works(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    open_project(window, qtbot, project)
    session = window.workspace.session
    assert session is not None
    before = session.project.state_hash()
    trigger(window, "themes.find")
    press(qtbot, wait_for_dialog(window, qtbot, FindThemesDialog), "Find themes")
    qtbot.waitUntil(
        lambda: window.workspace.job is not None and bool(window.workspace.job.stage),
        timeout=60_000,
    )
    pid = session.engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: window.workspace.job is None, timeout=20_000)
    assert "stopped unexpectedly" in window.bar.text
    assert session.project.state_hash() == before
    session.engine.start()
    assert session.engine.alive


def test_something_unexpected_keeps_the_work_and_offers_a_diagnosis(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    open_project(window, qtbot, project)
    try:
        raise KeyError("the sync lost 'my booking at Hotel Bristol'")
    except KeyError as error:
        window.help.report(error)
    press(qtbot, window.bar, "Copy a diagnosis")
    copied = QGuiApplication.clipboard().text()
    assert "KeyError" in copied
    assert "Bristol" not in copied
    assert "records" in copied


# --- look


def test_text_zoom_is_remembered_and_returns(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    open_project(window, qtbot, project)
    before = window.search_field.font().pixelSize()
    heading = window.welcome.choose_button.font().pixelSize()
    for _ in range(2):
        trigger(window, "view.zoom-in")
    assert window.settings.get("appearance.zoom", 1.0) == 1.25
    place = window.places["themes"]
    for label in (*place.findChildren(QLabel), *window.status.findChildren(QLabel)):
        if label.isVisible() and label.font().pixelSize() > 0:
            assert 13 <= label.font().pixelSize() <= round(18 * 1.25), label.text()
    assert window.search_field.font().pixelSize() > before
    trigger(window, "view.zoom-100")
    assert window.search_field.font().pixelSize() == before
    assert window.welcome.choose_button.font().pixelSize() == heading


def test_dark_and_light_are_chosen_in_the_menu(window: MainWindow, qtbot: QtBot) -> None:
    trigger(window, "view.dark")
    dark = window.grab().toImage().pixelColor(700, 100)
    trigger(window, "view.light")
    light = window.grab().toImage().pixelColor(700, 100)
    assert dark.lightness() < 80 < 200 < light.lightness()


def test_the_menu_ticks_the_colours_that_are_chosen(window: MainWindow, qapp: QApplication) -> None:
    def ticked() -> list[str]:
        names = ("view.system", "view.light", "view.dark")
        assert all(window.actions_[name].isCheckable() for name in names)
        return [name for name in names if window.actions_[name].isChecked()]

    assert ticked() == ["view.system"]
    trigger(window, "view.dark")
    assert ticked() == ["view.dark"]
    trigger(window, "view.dark")
    assert ticked() == ["view.dark"], "chosen again it stays"
    window.set_scheme("light")  # as the settings do it
    assert ticked() == ["view.light"]
    assert window.settings.get("appearance.scheme", "") == "light"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_tick_in_a_menu_is_seen(
    window: MainWindow, qtbot: QtBot, qapp: QApplication, scheme: str
) -> None:
    window.set_scheme(scheme)
    menu = window.actions_["view.compact"].associatedObjects()[-1]
    assert isinstance(menu, QMenu)
    pictures: list[QImage] = []
    for ticked in (False, True):
        window.actions_["view.compact"].setChecked(ticked)
        menu.popup(window.pos())
        qtbot.waitExposed(menu)
        row = menu.actionGeometry(window.actions_["view.compact"])
        pictures.append(menu.grab(row).toImage())
        menu.close()
    assert pictures[0] != pictures[1]


def test_a_narrow_window_cuts_nothing_off(window: MainWindow, qtbot: QtBot, project: Path) -> None:
    open_project(window, qtbot, project)
    window.resize(960, 600)
    qtbot.waitUntil(lambda: window.width() == 960)
    center = window.centralWidget()
    assert center is not None
    assert center.width() <= 960
    for name, place in window.places.items():
        window.show_place(name)
        settle(window, qtbot)
        assert place.minimumSizeHint().width() <= 960 - 40, name


def test_what_is_listed_in_dialogs_is_never_markup(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    open_project(window, qtbot, project)
    window.workspace.edit(lambda now: now.project.create_theme("<b>bold</b>")[0])
    settle(window, qtbot)
    trigger(window, "edit.history")
    dialog = wait_for_dialog(window, qtbot, HistoryDialog)
    qtbot.waitUntil(lambda: dialog.list.count() > 0, timeout=10_000)
    lists = dialog.findChildren(QListWidget)
    assert "<b>bold</b>" in lists[0].item(0).text()
    for open_dialog in window.findChildren(QDialog):
        open_dialog.close()


def test_accepting_is_seen_in_the_tree(window: MainWindow, qtbot: QtBot, project: Path) -> None:
    open_project(window, qtbot, project)
    ids = view_of(window).themes["theme_id"].to_list()
    window.workspace.edit(lambda now: now.project.set_theme_status(ids, Status.PROPOSED))
    settle(window, qtbot)
    assert view_of(window).totals.proposed > 0
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    place.show_theme(ids[-1])
    settle(window, qtbot)
    assert place.excerpts.scope is not None
    assert place.excerpts.scope.status == Status.PROPOSED
    trigger(window, "themes.accept-all")
    settle(window, qtbot)
    assert view_of(window).totals.proposed == 0
    assert place.excerpts.scope.status == Status.ACTIVE, "the title above the table follows"
    window.workspace.edit(lambda now: now.project.rename_theme(ids[-1], "Called otherwise"))
    settle(window, qtbot)
    assert place.excerpts.scope.title == "Called otherwise"


def test_panes_columns_and_size_are_remembered(
    qapp: QApplication, qtbot: QtBot, settings: Settings, project: Path
) -> None:
    with open_window(qapp, qtbot, settings) as window:
        open_project(window, qtbot, project)
        place = window.places["themes"]
        assert isinstance(place, ThemesPlace)
        panes = place.findChildren(QSplitter)[0]
        panes.setSizes([450, 500, 330])
        before = panes.sizes()
        place.excerpts.sort_by("account", descending=True)
        settle(window, qtbot)
    with open_window(qapp, qtbot, settings) as window:
        place = window.places["themes"]
        assert isinstance(place, ThemesPlace)
        open_project(window, qtbot, project)
        assert place.findChildren(QSplitter)[0].sizes()[0] == pytest.approx(before[0], abs=8)
        assert place.excerpts.sorting == ("account", True)


def test_first_themes_of_a_sample_are_said_while_the_search_goes_on(
    window: MainWindow, qtbot: QtBot, project: Path
) -> None:
    open_project(window, qtbot, project)
    themes = (
        FirstTheme("Sync drops events", (), 900, 1_200),
        FirstTheme("Price jumps", (), 300, 350),
    )
    window.workspace.partial(FirstLook(themes, 5_000, 43_602))
    qtbot.waitUntil(lambda: "Sync drops events, Price jumps" in window.bar.text)
    assert "5,000 of 43,602" in window.bar.text
