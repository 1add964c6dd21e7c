"""Proposals of a real search in the real window: looked at, accepted, and what the panes say."""

import shutil
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import polars as pl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot
from tests.gui.driving import open_project, open_window, settle, trigger, view_of
from tests.services.planted import planted_project
from tests.services.processes import Kept

from themeloom.base.settings import Settings
from themeloom.domain.themes import Status
from themeloom.gui.views.themes.place import ThemesPlace
from themeloom.gui.views.themes.proposals import ProposalsPane
from themeloom.gui.windows.main_window import MainWindow
from themeloom.project.project import Project
from themeloom.services.synthesis import SynthesisOptions, find_themes


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory, kept_engine: Kept) -> Callable[[Path], Path]:
    """Return a function: writes the planted project with the proposals of a search to a path."""
    folder = tmp_path_factory.mktemp("searched")
    with planted_project(folder / "searched.loom") as project:
        find_themes(project, kept_engine, SynthesisOptions())
        shutil.copytree(project.derived_store(), folder / "derived")

    def copied(path: Path) -> Path:
        shutil.copy(folder / "searched.loom", path)
        with Project.open(path) as project:
            shutil.copytree(folder / "derived", project.derived_store(), dirs_exist_ok=True)
        return path

    return copied


@pytest.fixture
def window(
    qapp: QApplication,
    qtbot: QtBot,
    settings: Settings,
    tmp_path: Path,
    searched: Callable[[Path], Path],
) -> Iterator[MainWindow]:
    with open_window(qapp, qtbot, settings) as made:
        open_project(made, qtbot, searched(tmp_path / "planted.loom"))
        yield made


def place_of(window: MainWindow) -> ThemesPlace:
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    return place


def proposals_of(window: MainWindow) -> ProposalsPane:
    return place_of(window).left.proposals


def look_at(window: MainWindow, qtbot: QtBot, row: int) -> str:
    """Click a proposal; return its title."""
    pane = proposals_of(window)
    at = pane.list.visualRect(pane.model.index(row)).center()
    qtbot.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    settle(window, qtbot)
    return pane.model.themes[row].title


def with_status(window: MainWindow, status: Status) -> list[str]:
    themes = view_of(window).themes
    chosen = themes.filter(pl.col("level") == "theme", pl.col("status") == status)
    return chosen["title"].to_list()


def test_a_accepts_the_proposal_that_is_selected(window: MainWindow, qtbot: QtBot) -> None:
    place_of(window).show_theme(view_of(window).themes["theme_id"][-1])
    title = look_at(window, qtbot, 2)
    qtbot.keyClick(proposals_of(window).list, Qt.Key.Key_A)
    settle(window, qtbot)
    assert with_status(window, Status.ACTIVE) == [title]


def test_where_nothing_is_accepted_yet_the_keyboard_begins_in_the_proposals(
    window: MainWindow, qtbot: QtBot
) -> None:
    pane = proposals_of(window)
    qtbot.waitUntil(pane.list.hasFocus, timeout=5_000)
    qtbot.waitUntil(pane.list.currentIndex().isValid, timeout=5_000)
    title = pane.model.themes[0].title
    qtbot.keyClick(pane.list, Qt.Key.Key_A)
    settle(window, qtbot)
    assert with_status(window, Status.ACTIVE) == [title]


def test_the_next_pane_goes_through_the_proposals(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    place.excerpts.table.setFocus()
    seen = list[bool]()
    for _ in range(3):
        trigger(window, "view.next-pane")
        seen.append(proposals_of(window).list.hasFocus())
    assert any(seen)


@pytest.mark.parametrize("key", [Qt.Key.Key_L, Qt.Key.Key_M, Qt.Key.Key_S])
def test_letters_do_not_act_on_what_another_pane_selects(
    window: MainWindow, qtbot: QtBot, key: Qt.Key
) -> None:
    before = view_of(window).themes
    look_at(window, qtbot, 2)
    # Selected in the tree though no row shows it: nothing is accepted yet.
    place_of(window).tree_pane.tree.select(before["theme_id"].to_list())
    settle(window, qtbot)
    qtbot.keyClick(proposals_of(window).list, key)
    settle(window, qtbot)
    assert view_of(window).themes.equals(before)
    assert QApplication.activeModalWidget() is None


def inspector_says(window: MainWindow) -> str:
    page = place_of(window).inspector.selection_page
    labels = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    return "\n".join(labels)


def test_the_inspector_follows_the_proposals(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    for row in (3, 1):
        title = look_at(window, qtbot, row)
        of_title = (pl.col("title") == title) & (pl.col("level") == "theme")
        shown = view_of(window).themes.filter(of_title)["theme_id"].to_list()
        assert place.inspector.theme_page.theme_id == shown[0]
        assert place.selected_themes == list(place.showing.themes) == shown


def test_a_proposal_of_another_cut_can_be_read_and_not_changed(
    window: MainWindow, qtbot: QtBot
) -> None:
    place, pane = place_of(window), proposals_of(window)
    look_at(window, qtbot, 1)
    pane.slider.setValue(pane.slider.maximum())
    settle(window, qtbot)
    title = look_at(window, qtbot, 2)
    assert inspector_says(window).startswith(f"{title}\nA proposal: accept it to edit it.")
    assert "Key phrases: " in inspector_says(window)
    assert place.selected_themes == []
    assert not place.inspector._lock.isVisible()
    place.show_unsorted()
    settle(window, qtbot)
    assert "A proposal" not in inspector_says(window)


def test_nothing_is_selected_while_something_found_is_shown(
    window: MainWindow, qtbot: QtBot
) -> None:
    place = place_of(window)
    theme_id = view_of(window).themes["theme_id"][-1]
    look_at(window, qtbot, 0)
    place.show_theme(theme_id)
    settle(window, qtbot)
    for word in ("the", "with"):
        window.search_field.setText(word)
        qtbot.waitUntil(lambda w=word: place.showing.key == f"search:{w}", timeout=10_000)
    assert inspector_says(window).startswith("Found: with\n")
    assert place.selected_themes == []
    assert not proposals_of(window).list.selectionModel().hasSelection()
    window.search_field.clear()
    qtbot.waitUntil(lambda: place.selected_themes == [theme_id], timeout=10_000)
    assert place.inspector.theme_page.theme_id == theme_id


def has_cross(field: QLineEdit) -> bool:
    """Whether the button that empties the field is shown."""
    buttons = {one.defaultAction().objectName(): one for one in field.findChildren(QToolButton)}
    return buttons["_q_qlineeditclearaction"].isVisible()


def test_the_search_is_left_by_its_keys(window: MainWindow, qtbot: QtBot) -> None:
    place, field = place_of(window), window.search_field
    theme_id = view_of(window).themes["theme_id"][-1]
    place.show_theme(theme_id)
    settle(window, qtbot)
    trigger(window, "edit.find")
    qtbot.keyClicks(field, "the")
    qtbot.waitUntil(lambda: place.showing.key == "search:the", timeout=10_000)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert place.excerpts.table.hasFocus()
    settle(window, qtbot)
    trigger(window, "edit.find")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    settle(window, qtbot)
    assert not field.text()
    assert place.selected_themes == [theme_id]
    assert place.excerpts.table.hasFocus()
    window.show_place("sources")
    trigger(window, "edit.find")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.hasFocus()
    assert window.place == "sources"


def test_what_a_search_says_leaves_with_the_next_step(window: MainWindow, qtbot: QtBot) -> None:
    window.work._look_for_themes(SynthesisOptions())
    settle(window, qtbot)
    assert [button.text() for button in window.bar.buttons()] == ["Undo"]
    assert window.bar.text
    theme_id = view_of(window).themes["theme_id"][0]
    place_of(window).curation.rename(theme_id, "Something else")
    settle(window, qtbot)
    assert window.bar.text == ""


def test_a_search_that_finds_nothing_says_so(window: MainWindow, qtbot: QtBot) -> None:
    window.search_field.setText("zzzqqq")
    qtbot.keyClick(window.search_field, Qt.Key.Key_Return)
    settle(window, qtbot)
    labels = place_of(window).excerpts.findChildren(QLabel)
    said = [one.text() for one in labels if one.isVisible() and one.text().startswith("No excerpt")]
    assert said == ["No excerpt is like this. The cross in the search field leads back."]


def test_nothing_is_left_of_a_search_when_a_theme_is_shown(
    window: MainWindow, qtbot: QtBot
) -> None:
    place, field = place_of(window), window.search_field
    qtbot.keyClicks(field, "the")
    qtbot.waitUntil(lambda: place.showing.key == "search:the", timeout=10_000)
    qtbot.waitUntil(lambda: has_cross(field), timeout=5_000)
    place.show_theme(view_of(window).themes["theme_id"][-1])
    qtbot.waitUntil(lambda: not has_cross(field), timeout=5_000)
    assert not field.text()


def test_a_search_ends_with_its_project(window: MainWindow, qtbot: QtBot) -> None:
    session, field = window.workspace.session, window.search_field
    assert session is not None
    path = session.project.path
    qtbot.keyClicks(field, "the")
    qtbot.waitUntil(lambda: place_of(window).showing.key == "search:the", timeout=10_000)
    trigger(window, "file.close")
    qtbot.waitUntil(lambda: window.workspace.session is None, timeout=10_000)
    assert not field.text()
    assert not field.isEnabled(), "there is nothing to search"
    open_project(window, qtbot, path)
    assert field.isEnabled()


def test_a_proposal_is_renamed_and_rejected_where_it_stands(
    window: MainWindow, qtbot: QtBot
) -> None:
    place, pane = place_of(window), proposals_of(window)
    look_at(window, qtbot, 2)
    renamed = place.showing.themes[0]
    qtbot.keyClick(pane.list, Qt.Key.Key_F2)
    field = QApplication.focusWidget()
    assert field is not None
    assert place.inspector.isAncestorOf(field)
    qtbot.keyClicks(field, "A name of its own")
    place.inspector.save()
    settle(window, qtbot)
    # The cuts leave it alone from now on, so it stands in the tree.
    assert "A name of its own" in with_status(window, Status.PROPOSED)
    assert "A name of its own" not in [theme.title for theme in pane.model.themes]
    index = place.tree_pane.model.theme_index(renamed)
    assert place.tree_pane.tree.isVisible()
    assert not place.tree_pane.tree.isRowHidden(index.row(), index.parent())
    title = look_at(window, qtbot, 0)
    qtbot.keyClick(pane.list, Qt.Key.Key_Delete)
    settle(window, qtbot)
    assert title not in with_status(window, Status.PROPOSED)
    assert window.bar.text.startswith(f"Deleted “{title}”")


def test_the_head_tells_how_many_themes_the_cut_shows(window: MainWindow, qtbot: QtBot) -> None:
    pane, head = proposals_of(window), place_of(window).tree_pane.header
    before = head._count.text()
    pane.slider.setValue(pane.slider.maximum())
    settle(window, qtbot)
    assert pane.count > view_of(window).totals.themes
    assert head._count.text() == f"{pane.count} themes"
    pane.list.accepted.emit([pane.model.themes[0].key])
    settle(window, qtbot)
    assert head._count.text().startswith(f"{pane.count + 1} ")
    window.workspace.undo()
    settle(window, qtbot)
    pane.slider.setValue(pane._recutting.chosen if pane._recutting else 0)
    settle(window, qtbot)
    assert head._count.text() == before


def test_the_proposals_give_way_as_the_tree_grows(window: MainWindow, qtbot: QtBot) -> None:
    left = place_of(window).left
    window.resize(1280, 800)
    QApplication.processEvents()

    def rows() -> int:
        return left.proposals.list.viewport().height() // left.proposals.list.sizeHintForRow(0)

    assert rows() >= 10
    look_at(window, qtbot, 0)
    qtbot.keyClick(left.proposals.list, Qt.Key.Key_A)
    settle(window, qtbot)
    QApplication.processEvents()
    assert rows() >= 8, "a nearly empty tree needs little"
    assert not left.tree.tree.verticalScrollBar().isVisible(), "what is accepted is in sight"
    before = left.splitter.sizes()[0]
    look_at(window, qtbot, 0)
    qtbot.keyClick(left.proposals.list, Qt.Key.Key_A)
    settle(window, qtbot)
    assert left.splitter.sizes()[0] > before
    for _ in range(2):
        window.workspace.undo()
        settle(window, qtbot)
    assert left.splitter.sizes()[1] > left.splitter.sizes()[0]
    left.restore_room()
    assert left.splitter.sizes()[0] > left.splitter.sizes()[1], "so it is kept"


def test_the_keyboard_goes_to_the_tree_when_all_is_accepted(
    window: MainWindow, qtbot: QtBot
) -> None:
    left = place_of(window).left
    left.proposals.accept_all.setFocus()
    qtbot.keyClick(left.proposals.accept_all, Qt.Key.Key_Space)
    settle(window, qtbot)
    qtbot.waitUntil(left.proposals.isHidden, timeout=10_000)
    assert left.tree.tree.hasFocus()


def test_why_there_are_so_many_themes_can_be_read_later(window: MainWindow) -> None:
    run = view_of(window).run
    assert run is not None
    assert run.why
    assert not window.bar.text, "the search was another day"
    pane = proposals_of(window)
    assert pane.heading.accessibleDescription() == run.why
    assert pane.heading.toolTip() == f"<qt>{escape(run.why)}</qt>"
    assert pane.list.accessibleDescription() == run.why
