"""The import assistant with real files, the real reader process and a real project."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.naming import unnamed

from themeloom.base.settings import Settings
from themeloom.domain.records import About, DateOrder, Duplicates, ImportOptions, Kind, Role
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.dialogs.import_assistant import ImportAssistant
from themeloom.gui.dialogs.import_assistant.found import FoundDialog
from themeloom.services.session import Session

LONG = "the calendar loses my meetings every week and nobody in the whole team is ever told of it"
SURVEY = [
    ["NPS export Q3"],
    ["resp_id", "submitted", "score", "what_would_you_change", "email", "plan"],
    ["R-1", "03/09/2026", 4, f"{LONG}. Write to h.lam@veldt.example", "h@veldt.example", "Team"],
    ["R-2", "04/09/2026", 9, "Exporting a report takes an hour", "m@aldine.example", "Team"],
    ["R-3", "05/09/2026", 2, None, "o@moss.example", "Pro"],
    ["R-4", "06/09/2026", 3, f"{LONG}. Write to h.lam@veldt.example", "j@tallow.example", "Pro"],
]


class Stage:
    """An open project, files to import, and the assistant on them."""

    def __init__(
        self, qtbot: QtBot, workspace: Workspace, settings: Settings, folder: Path
    ) -> None:
        self.qtbot = qtbot
        self.workspace = workspace
        self.settings = settings
        self.folder = folder
        self.orders: list[tuple[list[Path], ImportOptions]] = []

    def book(self) -> Path:
        made = openpyxl.Workbook()
        sheet = made.active
        assert sheet is not None
        sheet.title = "Responses"
        for row in SURVEY:
            sheet.append(row)
        figures = made.create_sheet("Pivot")
        for number in range(4):
            figures.append([number, number * 7])
        path = self.folder / "nps-q3.xlsx"
        made.save(path)
        return path

    def table(self, name: str = "tickets.csv") -> Path:
        path = self.folder / name
        path.write_text("id,comment\n1,exports are slow today\n2,imports are slow as well\n")
        return path

    def open(self, *files: Path) -> ImportAssistant:
        dialog = ImportAssistant(self.workspace, files, self.settings)
        dialog.wanted.connect(lambda paths, options: self.orders.append((paths, options)))
        dialog.show()
        self.settle(dialog)
        return dialog

    def settle(self, dialog: ImportAssistant) -> None:
        """Wait until everything that was asked is answered and counted."""

        def done() -> bool:
            sheets = [sheet for sheet in dialog.plan.included() if sheet.is_feedback]
            tried = all(sheet.trial is not None for sheet in sheets)
            return bool(dialog.plan.inputs) and tried and dialog.plan.counted()

        self.qtbot.waitUntil(done, timeout=60_000)
        self.qtbot.waitUntil(lambda: self.workspace.idle, timeout=60_000)

    def end(self, dialog: ImportAssistant) -> None:
        dialog.reject()
        self.qtbot.waitUntil(lambda: self.workspace.idle, timeout=20_000)


@contextmanager
def staged(qtbot: QtBot, settings: Settings, folder: Path) -> Generator[Stage]:
    workspace = Workspace()
    with qtbot.waitSignal(workspace.opened, timeout=20_000):
        workspace.open(lambda: Session.create(folder / "voice.loom"))
    yield Stage(qtbot, workspace, settings, folder)
    qtbot.waitUntil(lambda: workspace.idle, timeout=20_000)
    workspace.shut_down()
    workspace.deleteLater()


@pytest.fixture
def stage(qtbot: QtBot, settings: Settings, tmp_path: Path, shared_reader: None) -> Iterator[Stage]:
    with staged(qtbot, settings, tmp_path) as made:
        yield made


def texts(dialog: ImportAssistant) -> list[str]:
    return [card._text.shown for card in dialog.page.cards.cards if not card.isHidden()]


def test_what_the_files_hold_and_what_becomes_of_it(stage: Stage) -> None:
    (stage.folder / "notes-old.pages").write_bytes(b"PK\x03\x04 nonsense")
    dialog = stage.open(stage.book(), stage.table(), stage.folder / "notes-old.pages")
    assert dialog.windowTitle() == "Import into voice"
    spoken = [
        item.data(0, Qt.ItemDataRole.AccessibleTextRole) for item in dialog.side.files.items()
    ]
    assert spoken == [
        "nps-q3.xlsx",
        "Responses, 4 rows · NPS, dates can be read in two ways",
        "Pivot, no texts, left out, left out",
        "tickets.csv, 2 rows · tickets, ready",
        "notes-old.pages, cannot be read",
    ]
    assert texts(dialog)[0] == f"{LONG}. Write to [EMAIL_1]"
    assert dialog.page.panels.report_lines() == [
        ("Rows read", "4"),
        ("Taken", "2"),
        ("Duplicates", "1"),
        ("Skipped: no text in “what_would_you_change”", "1"),
    ]
    assert dialog.foot.import_button.text() == "Import 4 records"
    assert dialog.foot.sum.text() == "2 sources, 4 records"
    assert "Save it as .docx and add it again." in dialog.side.errors.text()
    assert unnamed(dialog) == []
    stage.end(dialog)


def test_the_order_says_what_was_chosen_and_the_session_does_it(stage: Stage) -> None:
    book = stage.book()
    dialog = stage.open(book, stage.table())
    dialog.page.dates.buttons[DateOrder.DAY_FIRST].click()
    dialog.page.settings_row.about.setCurrentIndex(1)
    dialog.page.settings_row.about.activated.emit(1)
    dialog.page.panels.choice.setCurrentIndex(1)
    dialog.page.panels.choice.activated.emit(1)
    stage.settle(dialog)
    assert dialog.foot.import_button.text() == "Import 5 records"
    dialog.foot.import_button.click()
    ((files, options),) = stage.orders
    assert files == [book, stage.folder / "tickets.csv"]
    choice = options.choice(str(book), "Responses")
    assert (choice.dates, choice.about) == (DateOrder.DAY_FIRST, About.COMPETITOR)
    assert choice.duplicates is Duplicates.KEEP_ALL
    assert not options.choice(str(book), "Pivot").include
    session = stage.workspace.session
    assert session is not None
    stage.qtbot.waitUntil(lambda: stage.workspace.idle, timeout=20_000)
    report = session.bring_in(files, options, lambda progress: None)
    assert report.taken == 5
    assert {date.month for date in session.project.records(["date"])["date"].drop_nulls()} == {9}


def test_dates_are_asked_once_and_the_cards_follow(stage: Stage) -> None:
    dialog = stage.open(stage.book())
    assert dialog.page.dates.isVisible()
    assert "03/09/2026" in dialog.page.dates._text.text()
    assert dialog.page.cards.cards[0]._meta.text() == "NPS 4 · 9 Mar 2026 · Team"
    assert dialog.page.dates.buttons[DateOrder.MONTH_FIRST].isChecked()
    dialog.page.dates.buttons[DateOrder.DAY_FIRST].click()
    stage.settle(dialog)
    assert dialog.page.cards.cards[0]._meta.text() == "NPS 4 · 3 Sep 2026 · Team"
    item = dialog.side.files.items()[1]
    assert "ready" in item.data(0, Qt.ItemDataRole.AccessibleTextRole)
    stage.end(dialog)


def choose_role(dialog: ImportAssistant, column: str, role: Role) -> None:
    combo = dialog.page.columns.combo(column)
    assert combo is not None
    at = combo.findData(role)
    combo.setCurrentIndex(at)
    combo.activated.emit(at)


def test_a_role_above_a_column_changes_the_records(stage: Stage) -> None:
    dialog = stage.open(stage.table())
    choose_role(dialog, "id", Role.TEXT)
    stage.settle(dialog)
    assert texts(dialog)[0] == "1\n\nexports are slow today"
    choose_role(dialog, "comment", Role.FIELD)
    choose_role(dialog, "id", Role.FIELD)
    stage.settle(dialog)
    assert texts(dialog) == []
    assert "No column holds the texts." in dialog.page.cards._why.text()
    assert not dialog.foot.import_button.isEnabled()
    assert "tickets.csv" in dialog.foot.import_button.toolTip()
    assert not dialog.page.panels.isVisible()
    stage.end(dialog)


def test_a_role_of_one_column_moves(stage: Stage) -> None:
    dialog = stage.open(stage.book())
    choose_role(dialog, "plan", Role.EMAIL)
    stage.settle(dialog)
    sheet = dialog.plan.sheets[(str(stage.folder / "nps-q3.xlsx"), "Responses")]
    roles = {column.name: column.role for column in sheet.columns}
    assert (roles["plan"], roles["email"]) == (Role.EMAIL, Role.FIELD)
    combo = dialog.page.columns.combo("email")
    assert combo is not None
    assert combo.currentData() == Role.FIELD
    stage.end(dialog)


def test_the_header_row_is_taken_by_a_click(stage: Stage) -> None:
    dialog = stage.open(stage.book())
    index = dialog.page.columns.model().index(2, 0)
    place = dialog.page.columns.visualRect(index).center()
    stage.qtbot.mouseClick(
        dialog.page.columns.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.x(), place.y())
    )
    stage.settle(dialog)
    sheet = dialog.plan.sheets[(str(stage.folder / "nps-q3.xlsx"), "Responses")]
    assert sheet.header_row == 3
    assert sheet.columns[0].name == "R-1"
    dialog.page.settings_row.no_header.click()
    stage.settle(dialog)
    assert sheet.header_row == 0
    assert sheet.columns[0].name == "Column A"
    stage.end(dialog)


def test_the_header_row_shows_what_the_columns_are_called(stage: Stage) -> None:
    path = stage.folder / "typeform.csv"
    path.write_text(
        "Made with a survey tool,,\n<b>Team</b>,*Why is that?*,<i>Why is that?</i>\n"
        "R&amp;D,the export is too slow for us,the calendar is hard to find\n"
    )
    dialog = stage.open(path)
    model = dialog.page.columns.model()

    def shown(row: int) -> list[str]:
        return [model.index(row, column).data() for column in range(3)]

    assert shown(1) == ["Team", "Why is that?", "Why is that? (2)"]
    assert shown(2)[0] == "R&amp;D"
    dialog.page.columns.header_chosen.emit(3)
    stage.settle(dialog)
    assert shown(2)[0] == "R&D"
    stage.end(dialog)


def test_a_sheet_is_left_out_and_taken_by_key(stage: Stage) -> None:
    dialog = stage.open(stage.book(), stage.table())
    dialog.activateWindow()
    dialog.side.files.setFocus()
    stage.qtbot.keyClick(dialog.side.files, Qt.Key.Key_Space)
    stage.settle(dialog)
    assert dialog.foot.import_button.text() == "Import 2 records"
    assert not dialog.page.dates.isVisible()
    stage.qtbot.keyClick(dialog.side.files, Qt.Key.Key_Space)
    stage.settle(dialog)
    assert dialog.foot.import_button.text() == "Import 4 records"
    stage.qtbot.keyClick(dialog.side.files, Qt.Key.Key_Down)
    stage.qtbot.keyClick(dialog.side.files, Qt.Key.Key_Down)
    assert dialog._current is not None
    assert dialog._current.preview.name == "tickets.csv"
    stage.qtbot.keyClick(dialog.side.files, Qt.Key.Key_Delete)
    stage.settle(dialog)
    assert [preview.name for preview in dialog.plan.inputs] == ["nps-q3.xlsx"]
    stage.end(dialog)


def test_everything_can_be_reached_and_done_by_key(stage: Stage) -> None:
    """Tab goes from the files over dates, settings, columns and panels to Import; Enter imports."""
    dialog = stage.open(stage.book())
    dialog.activateWindow()
    stage.qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    dialog.side.files.setFocus()
    seen: list[object] = []
    for _ in range(60):
        focus = QApplication.focusWidget()
        if focus in seen:
            break
        seen.append(focus)
        stage.qtbot.keyClick(focus, Qt.Key.Key_Tab)
    wanted: list[object] = [
        dialog.side.files,
        dialog.page.settings_row.kind,
        dialog.page.settings_row.profile,
        dialog.page.settings_row.about,
        dialog.page.columns,
        dialog.page.columns.combo("resp_id"),
        dialog.page.columns.combo("what_would_you_change"),
        dialog.page.panels.choice,
        dialog.page.panels.found_button,
        dialog.foot.remember,
        dialog.foot.import_button,
    ]
    assert [widget for widget in wanted if widget not in seen] == []
    assert set(dialog.page.dates.buttons.values()) & set(seen)  # arrows go between the two

    dialog.page.columns.setFocus()
    dialog.page.columns.setCurrentIndex(dialog.page.columns.model().index(2, 0))
    stage.qtbot.keyClick(dialog.page.columns, Qt.Key.Key_Return)
    stage.settle(dialog)
    assert dialog._current is not None
    assert dialog._current.header_row == 3
    dialog.foot.import_button.setFocus()
    stage.qtbot.keyClick(dialog.foot.import_button, Qt.Key.Key_Return)
    assert len(stage.orders) == 1


def test_a_sheet_that_was_left_out_comes_in_with_a_text(stage: Stage) -> None:
    dialog = stage.open(stage.book())
    key = (str(stage.folder / "nps-q3.xlsx"), "Pivot")
    dialog.side.files.ticked.emit(key, True)
    stage.qtbot.waitUntil(lambda: dialog.plan.sheets[key].failed)
    assert not dialog.foot.import_button.isEnabled()
    choose_role(dialog, "Column B", Role.TEXT)
    stage.settle(dialog)
    assert texts(dialog) == ["0", "7", "14"]
    assert dialog.foot.import_button.text() == "Import 6 records"
    assert dialog.foot.import_button.isEnabled()
    stage.end(dialog)


def test_columns_are_remembered_and_offered_the_next_time(stage: Stage) -> None:
    dialog = stage.open(stage.table("first.csv"))
    choose_role(dialog, "id", Role.SEGMENT)
    dialog.page.settings_row.kind.setCurrentIndex(dialog.page.settings_row.kind.findData(Kind.CALL))
    dialog.page.settings_row.kind.activated.emit(dialog.page.settings_row.kind.currentIndex())
    stage.settle(dialog)
    assert dialog.foot.remember_name.text() == "first"
    dialog.foot.remember_name.clear()
    stage.qtbot.keyClicks(dialog.foot.remember_name, "Weekly calls")
    assert dialog.foot.remember.isChecked()
    dialog.foot.import_button.click()
    stage.qtbot.waitUntil(lambda: stage.workspace.idle, timeout=20_000)

    again = stage.open(stage.table("second.csv"))
    assert again.page.settings_row.profile.currentText() == "Weekly calls"
    assert again.page.settings_row.kind.currentText() == "Sales calls"
    combo = again.page.columns.combo("id")
    assert combo is not None
    assert combo.currentData() == Role.SEGMENT
    again.page.settings_row.profile.setCurrentIndex(0)
    again.page.settings_row.profile.activated.emit(0)
    stage.settle(again)
    assert again.page.settings_row.profile.currentText() == "Guessed from columns"
    assert combo.currentData() == Role.ID
    stage.end(again)


def test_what_was_found_and_what_is_skipped_can_be_read(stage: Stage) -> None:
    dialog = stage.open(stage.book())
    dialog.page.panels.found_button.click()
    found = dialog.findChild(FoundDialog)
    assert isinstance(found, FoundDialog)
    cell = found.table.item(0, 1)
    assert cell is not None
    assert cell.text() == "h.lam@veldt.example"
    assert unnamed(found) == []
    found.accept()
    stage.qtbot.waitUntil(lambda: dialog.findChild(FoundDialog) is None)
    (link,) = (
        button
        for button in dialog.page.panels.findChildren(QPushButton)
        if button.accessibleName() == "Show the 1 skipped rows"
    )
    link.click()
    skipped = dialog.findChild(FoundDialog)
    assert isinstance(skipped, FoundDialog)
    place = skipped.table.item(0, 2)
    assert place is not None
    assert place.text() == "row 5"
    skipped.accept()
    stage.end(dialog)


def test_nothing_that_can_be_read(stage: Stage) -> None:
    dialog = ImportAssistant(stage.workspace, [stage.folder / "gone.csv"], stage.settings)
    dialog.show()
    stage.qtbot.waitUntil(lambda: bool(dialog.plan.inputs), timeout=60_000)
    dialog.side.files.go_to(str(stage.folder / "gone.csv"))
    assert dialog.page.said.startswith("gone.csv: There is no such file or folder.")
    assert not dialog.foot.import_button.isEnabled()
    stage.end(dialog)


def test_closing_while_files_are_looked_at_leaves_nothing(
    qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    with staged(qtbot, settings, tmp_path) as stage:  # with a reader of its own, which has to end
        dialog = ImportAssistant(stage.workspace, [stage.book()], stage.settings)
        dialog.show()
        dialog.reject()
        stage.qtbot.waitUntil(lambda: stage.workspace.idle, timeout=60_000)
        assert stage.orders == []
