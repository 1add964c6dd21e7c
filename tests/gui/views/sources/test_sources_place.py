"""The place of the sources with a real project, real files and the real reader process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.gui.naming import unnamed

from themeloom.base.settings import Settings
from themeloom.domain.changes import Deed
from themeloom.domain.errors import Complaint
from themeloom.domain.records import About, ImportOptions, Kind, SheetChoice
from themeloom.gui.actions import Actions
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.dialogs.native import NativeDialogs
from themeloom.gui.views.sources.place import SourcesPlace
from themeloom.services.session import Session

ROWS = (
    "id,created,comment\n1,2026-09-03,exports are slow today\n2,2026-09-07,\n"
    "3,2026-09-05,I cannot find my invoices\n"
)


class Answers(NativeDialogs):
    """Answers in place of the system's dialogs."""

    chosen: Path | None = None

    def files_to_import(self) -> list[Path]:
        return [self.chosen] if self.chosen else []


class Stage:
    """A window with the place and an open project."""

    def __init__(self, qtbot: QtBot, settings: Settings, folder: Path) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.workspace = Workspace()
        self.actions = Actions(self.window)
        self.imports = 0
        self.actions.add("sources.import", "&Import files…", self._import, menu="Sources")
        self.dialogs = Answers(settings, self.window)
        self.complaints: list[Complaint] = []
        self.workspace.failed.connect(self.complaints.append)
        self.place = SourcesPlace(self.workspace, self.actions, self.window, dialogs=self.dialogs)
        self.place.resize(1100, 640)
        self.window.resize(1100, 640)
        self.window.show()

    def _import(self) -> None:
        self.imports += 1

    def open(self) -> None:
        with self.qtbot.waitSignal(self.workspace.opened, timeout=20_000):
            self.workspace.open(lambda: Session.create(self.folder / "voice.loom"))

    def bring_in(self, path: Path, choice: SheetChoice | None = None) -> None:
        choices: dict[tuple[str, str | None], SheetChoice] = {}
        if choice:
            choices[(str(path), None)] = choice
        options = ImportOptions(choices=choices)
        self.workspace.run_job(
            "Import",
            lambda session, report: session.bring_in([path], options, report),
            lambda report: None,
        )
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.workspace.idle, timeout=60_000)

    def table(self, name: str = "tickets.csv", text: str = ROWS) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def cells(self) -> list[list[str]]:
        model = self.place.table.model()
        return [
            [str(model.index(row, column).data()) for column in range(5)]
            for row in range(model.rowCount())
        ]


@pytest.fixture
def stage(qtbot: QtBot, settings: Settings, tmp_path: Path, shared_reader: None) -> Iterator[Stage]:
    made = Stage(qtbot, settings, tmp_path)
    yield made
    made.workspace.shut_down()
    made.workspace.deleteLater()


def test_the_empty_place_has_one_thing_to_do(stage: Stage) -> None:
    stage.open()
    assert stage.place.choose_button.isVisible()
    stage.place.choose_button.click()
    assert stage.imports == 1
    assert unnamed(stage.place) == []
    assert not stage.actions["sources.remove"].isEnabled()


def test_what_came_in_and_what_was_skipped_and_why(stage: Stage) -> None:
    stage.open()
    stage.bring_in(stage.table(), SheetChoice(kind=Kind.TICKET, about=About.COMPETITOR))
    stage.bring_in(stage.table("notes.csv", "comment\nthe app crashes on my phone every day\n"))
    assert stage.cells() == [
        ["tickets.csv", "tickets · competitor", "2", "3 Sep – 5 Sep 2026", "1"],
        ["notes.csv", "other records", "1", "no dates", "0"],
    ]
    stage.place.select("tickets.csv")
    stage.settle()
    table = stage.place.details.skipped
    row = [item.text() for column in (0, 1) if (item := table.item(0, column)) is not None]
    assert row == ["row 3", "no text in “comment”"]
    stage.place.select("notes.csv")
    assert not table.isVisible()
    assert unnamed(stage.place) == []


def test_removing_is_one_step_that_can_be_undone(stage: Stage) -> None:
    stage.open()
    stage.bring_in(stage.table())
    stage.place.table.setFocus()
    stage.actions["sources.remove"].trigger()
    stage.settle()
    assert stage.cells() == []
    assert "tickets.csv" in stage.place.bar.text
    (undo,) = stage.place.bar.buttons()
    stage.qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    stage.settle()
    assert len(stage.cells()) == 1


def test_reading_again_keeps_the_line_and_says_what_is_new(stage: Stage) -> None:
    stage.open()
    path = stage.table()
    stage.bring_in(path)
    stage.table(text=ROWS + "4,2026-09-20,the phone app crashes daily\n")
    deeds: list[Deed] = []
    stage.workspace.view_changed.connect(deeds.append)
    stage.place.details.again.click()
    stage.settle()
    assert stage.cells() == [["tickets.csv", "tickets", "3", "3 Sep – 20 Sep 2026", "1"]]
    assert stage.place.bar.text == "tickets.csv: 1 new records, 2 known."
    assert deeds


def test_a_moved_file_can_be_located(stage: Stage) -> None:
    stage.open()
    path = stage.table()
    stage.bring_in(path)
    moved = path.rename(stage.folder / "moved.csv")
    stage.place.read_again()
    stage.settle()
    assert "no longer in" in stage.place.bar.text
    stage.dialogs.chosen = moved
    (locate,) = stage.place.bar.buttons()
    assert locate.text() == "Locate…"
    locate.click()
    stage.settle()
    entry = stage.place.current()
    assert entry is not None
    assert (entry.path, entry.missing) == (moved, False)
    assert not stage.complaints


def test_what_came_in_takes_the_keyboard_from_the_button_that_brought_it(stage: Stage) -> None:
    stage.open()
    stage.place.choose_button.setFocus()
    assert stage.place.choose_button.hasFocus()
    stage.bring_in(stage.table())
    assert stage.place.table.hasFocus()
