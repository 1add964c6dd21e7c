"""Proposals, the unsorted line, and the left side that holds them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Event

import polars as pl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.gui import builders
from tests.gui.builders import theme_id
from tests.gui.spying import calls_of

from themeloom.gui.models.background import Background, at_once
from themeloom.gui.views.themes.left import LeftSide
from themeloom.gui.views.themes.proposals import ProposalsPane
from themeloom.gui.views.themes.proposals_list import ProposedTheme

TITLES = ("Google rooms not updated", "Reminder texts cut off", "Cannot transfer a page")
LATE = theme_id("Scheduled reports arrive late")


class Cuts:
    """As many themes as the level says."""

    levels, chosen = 6, 2
    theme_ids = frozenset({LATE})

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.gate = Event()
        self.gate.set()

    def preview(self, level: int) -> Sequence[ProposedTheme]:
        self.gate.wait(10)
        self.asked.append(level)
        return [
            ProposedTheme(
                f"{level}.{n}",
                f"{TITLES[n % 3]} {n}",
                90 - n,
                f"T-{n}" if level == self.chosen else None,
            )
            for n in range(level + 1)
        ]


@pytest.fixture
def pane(qtbot: QtBot) -> ProposalsPane:
    pane = ProposalsPane(at_once)
    qtbot.addWidget(pane)
    pane.resize(384, 220)
    pane.show_recutting(Cuts())
    with qtbot.waitExposed(pane):
        pane.show()
    return pane


def titles(pane: ProposalsPane) -> list[str]:
    return [theme.title for theme in pane.model.themes]


def open_menu(pane: ProposalsPane, at: QPoint) -> QMenu:
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, at, pane.list.viewport().mapToGlobal(at)
    )
    QApplication.sendEvent(pane.list.viewport(), event)
    menu = pane.list.findChildren(QMenu)[0]
    assert menu.isVisible()
    menu.hide()
    return menu


def test_shows_the_cut_of_the_run(pane: ProposalsPane) -> None:
    assert pane.slider.value() == 2
    assert len(titles(pane)) == 3
    assert pane._count.text() == "3 themes at this cut"
    spoken = pane.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Google rooms not updated 0, proposed, 90 records"


def test_slider_cuts_at_once_by_keyboard(pane: ProposalsPane, qtbot: QtBot) -> None:
    qtbot.keyClick(pane.slider, Qt.Key.Key_Right)
    assert (pane.level, len(titles(pane))) == (3, 4)
    qtbot.keyClick(pane.slider, Qt.Key.Key_Home)
    assert pane._count.text() == "1 theme at this cut"


def test_a_accepts_what_is_selected_and_it_leaves(pane: ProposalsPane, qtbot: QtBot) -> None:
    asked = calls_of(pane.accept_asked)
    pane.list.setFocus()
    pane.list.setCurrentIndex(pane.model.index(1))
    qtbot.keyClicks(pane.list, "a")
    assert asked == [(2, ["2.1"])]
    assert len(titles(pane)) == 2
    assert pane._count.text() == "2 themes at this cut"
    assert pane.list.currentIndex().isValid()


def test_a_click_on_the_link_accepts_one(pane: ProposalsPane, qtbot: QtBot) -> None:
    asked = calls_of(pane.accept_asked)
    row = pane.list.visualRect(pane.model.index(2))
    qtbot.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert asked == []
    link = pane.list._delegate.link_rect(row).center()
    qtbot.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=link)
    assert asked == [(2, ["2.2"])]


def test_a_right_click_accepts_nothing_and_offers_what_can_be_done(
    pane: ProposalsPane, qtbot: QtBot
) -> None:
    accepted, renamed = calls_of(pane.accept_asked), calls_of(pane.rename_asked)
    rejected = calls_of(pane.reject_asked)
    row = pane.list.visualRect(pane.model.index(1))
    link = pane.list._delegate.link_rect(row).center()
    qtbot.mouseClick(pane.list.viewport(), Qt.MouseButton.RightButton, pos=link)
    assert accepted == []
    menu = open_menu(pane, link)
    assert [action.text().split("\t")[0] for action in menu.actions()] == [
        "Accept",
        "Rename",
        "Reject",
    ]
    for action in menu.actions()[1:]:
        action.trigger()
    qtbot.keyClick(pane.list, Qt.Key.Key_F2)
    qtbot.keyClick(pane.list, Qt.Key.Key_Delete)
    assert renamed == [("T-1",)] * 2
    assert rejected == [(["T-1"],)] * 2
    menu.actions()[0].trigger()
    assert accepted == [(2, ["2.1"])]


def test_what_is_not_in_the_project_yet_can_only_be_accepted(
    pane: ProposalsPane, qtbot: QtBot
) -> None:
    asked = calls_of(pane.reject_asked), calls_of(pane.rename_asked)
    pane.slider.setValue(4)
    pane.list.setCurrentIndex(pane.model.index(0))
    menu = open_menu(pane, pane.list.visualRect(pane.model.index(0)).center())
    assert [action.isEnabled() for action in menu.actions()] == [True, False, False]
    qtbot.keyClick(pane.list, Qt.Key.Key_F2)
    qtbot.keyClick(pane.list, Qt.Key.Key_Delete)
    assert asked == ([], [])


def test_accept_all(pane: ProposalsPane, qtbot: QtBot) -> None:
    asked = calls_of(pane.accept_all_asked)
    qtbot.mouseClick(pane.accept_all, Qt.MouseButton.LeftButton)
    assert asked == [(2,)]


def test_read_only_accepts_nothing(pane: ProposalsPane, qtbot: QtBot) -> None:
    asked = calls_of(pane.accept_asked)
    pane.set_read_only(True)
    pane.list.setCurrentIndex(pane.model.index(0))
    qtbot.keyClicks(pane.list, "a")
    assert not pane.accept_all.isEnabled()
    assert asked == []


def test_nothing_to_cut(pane: ProposalsPane) -> None:
    pane.show_recutting(None)
    assert titles(pane) == []
    assert not pane.slider.isEnabled()
    assert not pane.accept_all.isEnabled()


@pytest.fixture
def background() -> Iterator[Background]:
    background = Background()
    yield background
    background.close()


def test_the_newest_cut_wins(background: Background, qtbot: QtBot) -> None:
    cuts = Cuts()
    cuts.gate.clear()
    pane = ProposalsPane(background)
    qtbot.addWidget(pane)
    pane.show_recutting(cuts)
    for level in (3, 4, 5):
        pane.slider.setValue(level)
    cuts.gate.set()
    qtbot.waitUntil(lambda: background.idle)
    assert pane.level == 5
    assert len(titles(pane)) == 6


def test_left_side_shows_nothing_twice(qtbot: QtBot) -> None:
    left = LeftSide(at_once)
    qtbot.addWidget(left)
    left.resize(384, 700)
    left.show_view(builders.build_view())
    with qtbot.waitExposed(left):
        left.show()
    late = left.tree.model.theme_index(LATE)
    assert not left.tree.tree.isRowHidden(late.row(), late.parent())
    left.show_recutting(Cuts())
    assert left.proposals.isVisible()
    assert left.tree.tree.isRowHidden(late.row(), late.parent())
    left.show_recutting(None)
    assert not left.proposals.isVisible()
    assert not left.tree.tree.isRowHidden(late.row(), late.parent())


def test_unsorted_line_counts_and_leads(qtbot: QtBot) -> None:
    left = LeftSide(at_once)
    qtbot.addWidget(left)
    left.show_view(builders.build_view())
    assert left.unsorted.detail == "24 excerpts · 6 nearly fit"
    assert left.unsorted.accessibleName() == "Unsorted, 24 excerpts · 6 nearly fit"
    asked = calls_of(left.unsorted_asked)
    qtbot.keyClick(left.unsorted, Qt.Key.Key_Space)
    assert asked == [()]
    assert not left.unsorted.isChecked()
    # Every excerpt has a nearest theme; nearly fitting are those between two.
    view = builders.build_view()
    near = pl.when(pl.col("reason").is_not_null()).then(pl.lit(LATE)).alias("nearest_theme_id")
    left.show_view(replace(view, excerpts=view.excerpts.with_columns(near)))
    assert left.unsorted.detail == "24 excerpts · 6 nearly fit"
    left.show_view(builders.build_view(tree={}))
    assert left.unsorted.detail.startswith("24 excerpts")


def test_proposals_keep_five_rows_and_where_a_person_put_the_handle(qtbot: QtBot) -> None:
    left = LeftSide(at_once)
    qtbot.addWidget(left)
    left.resize(384, 700)
    left.show_view(builders.build_view())
    with qtbot.waitExposed(left):
        left.show()
    left.show_recutting(Cuts())
    QApplication.processEvents()
    tree, proposals = left.splitter.sizes()
    assert left.tree.wanted_height > tree, "a full tree has its usual room"
    assert left.proposals.list.viewport().height() >= 5 * left.proposals.list.sizeHintForRow(0)
    left.show_view(builders.build_view(tree={"Praise": builders.TREE["Praise"]}))
    QApplication.processEvents()
    assert left.splitter.sizes()[1] > proposals + 100
    left.splitter.moveSplitter(320, 1)
    by_hand = left.splitter.sizes()
    left.show_view(builders.build_view(tree={}))
    left.restore_room()
    assert left.splitter.sizes() == by_hand
    left.resize(384, 800)
    QApplication.processEvents()
    assert left.splitter.sizes() == [by_hand[0] + 100, by_hand[1]], "a higher window is the tree's"
