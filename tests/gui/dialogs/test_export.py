"""The export dialog with a real project, real files and the real job."""

import csv
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.gui.opening import add_window, opened, settle
from tests.services.drafts import made_once

from themeloom.base.settings import Settings
from themeloom.domain.insights import Field
from themeloom.domain.periods import parse_period
from themeloom.gui.bridge.workspace import JobState, Workspace
from themeloom.gui.dialogs.export import ExportDialog
from themeloom.gui.dialogs.export_period import DAYS
from themeloom.gui.dialogs.native import NativeDialogs
from themeloom.gui.widgets.message_bar import MessageBar
from themeloom.services.period_choice import LAST_MONTH, LAST_QUARTER, THIS_YEAR

TODAY = date(2026, 10, 6)


class Answers(NativeDialogs):
    """Answers in place of the system's dialogs; remembers what was opened."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(settings, parent)
        self.chosen: Path | None = None
        self.suggested: list[Path] = []
        self.opened: list[Path] = []
        self.shown: list[Path] = []

    def target(self, purpose: str, title: str, suggestion: Path, pattern: str) -> Path | None:
        self.suggested.append(suggestion)
        return self.chosen

    def open_file(self, path: Path) -> None:
        self.opened.append(path)

    def show_in_folder(self, path: Path) -> None:
        self.shown.append(path)


class Stage:
    """A window with its message bar, an open project, and a dialog when it is asked for."""

    def __init__(self, qtbot: QtBot, workspace: Workspace, settings: Settings) -> None:
        self.qtbot = qtbot
        self.workspace = workspace
        self.settings = settings
        self.window = add_window(qtbot)
        self.bar = MessageBar(self.window)
        self.native = Answers(settings, self.window)

    def dialog(self, wanted: str | None = None) -> ExportDialog:
        dialog = ExportDialog(
            self.workspace,
            self.settings,
            self.bar,
            self.window,
            dialogs=self.native,
            today=TODAY,
            wanted=wanted,
        )
        self.settle()
        return dialog

    def settle(self) -> None:
        settle(self.qtbot, self.workspace)

    def press(self, words: str) -> None:
        button = next(one for one in self.bar.buttons() if one.text() == words)
        button.click()
        self.settle()


@pytest.fixture(autouse=True, scope="module")
def drafted_once() -> Iterator[None]:
    """Draft what many tests begin with once."""
    with made_once():
        yield


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, settings: Settings) -> Iterator[Stage]:
    with opened(qtbot, tmp_path) as workspace:
        yield Stage(qtbot, workspace, settings)


@pytest.fixture
def small(qtbot: QtBot, tmp_path: Path, settings: Settings) -> Iterator[Stage]:
    """Return a stage with fewer records, for tests that write whole workbooks."""
    with opened(qtbot, tmp_path, few=True) as workspace:
        yield Stage(qtbot, workspace, settings)


def test_says_before_what_it_will_write(stage: Stage) -> None:
    dialog = stage.dialog()
    assert dialog.format_list.currentItem().text().startswith("The insight workbook")
    assert dialog.will_write.text() == "18 insights, 963 records"
    assert dialog.leaves_out.isHidden()
    assert Path(dialog.target_field.text()).name == "fernwick-insights.xlsx"
    assert dialog.write_button.text() == "Write file"
    assert dialog.warning.isHidden()


def test_writes_the_workbook_and_says_so(small: Stage, tmp_path: Path) -> None:
    dialog = small.dialog()
    target = tmp_path / "Q3 insights.xlsx"
    dialog.target_field.setText(str(target))
    dialog.write_button.click()
    small.settle()
    assert small.bar.text == "Written: Q3 insights.xlsx"
    assert "masked" in _first_words(target)
    small.press("Open")
    assert small.native.opened == [target]
    assert small.settings.get("folder.export", "") == str(tmp_path)


def test_shows_the_file_in_its_folder(stage: Stage, tmp_path: Path) -> None:
    dialog = stage.dialog("records-csv")
    target = Path(dialog.target_field.text())
    assert target.name == "fernwick-records-csv.csv"
    dialog.write()
    stage.settle()
    stage.press("Show in folder")
    assert stage.native.shown == [target]
    assert target.parent == tmp_path


def test_opens_the_result_where_the_person_wants_that(stage: Stage) -> None:
    stage.settings.set("export.open", True)
    dialog = stage.dialog("records-csv")
    dialog.write()
    stage.settle()
    assert [path.suffix for path in stage.native.opened] == [".csv"]


def test_raw_warns_in_words_and_writes_raw(small: Stage, tmp_path: Path) -> None:
    dialog = small.dialog()
    dialog.raw_button.setChecked(True)
    assert not dialog.warning.isHidden()
    assert "can be read in this file" in dialog.warning.text()
    target = tmp_path / "raw.xlsx"
    dialog.target_field.setText(str(target))
    dialog.write()
    small.settle()
    assert "not masked" in _first_words(target)
    # The next dialog is careful again.
    assert small.dialog().masked_button.isChecked()


@pytest.mark.parametrize(
    ("key", "name", "months"),
    [
        (LAST_MONTH, "2026-09", {9}),
        (LAST_QUARTER, "2026-Q3", {7, 8, 9}),
        (THIS_YEAR, "2026-01-01-to-2026-10-06", {7, 8, 9}),
    ],
)
def test_a_period_is_counted_named_and_kept(
    stage: Stage, key: str, name: str, months: set[int]
) -> None:
    dialog = stage.dialog("records-csv")
    dialog.period_row.choose(key)
    stage.settle()
    target = Path(dialog.target_field.text())
    assert target.name == f"fernwick-records-csv-{name}.csv"
    dialog.write()
    stage.settle()
    session = stage.workspace.session
    assert session is not None
    dates = dict(session.project.records(["record_id", "date"]).iter_rows())
    with target.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["duplicate_of"]]
    assert {dates[row["record_id"]].month for row in rows} == months


def test_days_and_what_is_left_out(stage: Stage) -> None:
    dialog = stage.dialog()
    row = dialog.period_row
    assert row.first_field.isHidden()
    row.choose(DAYS)
    assert not row.first_field.isHidden()
    row.first_field.setDate(QDate(2026, 8, 1))
    row.last_field.setDate(QDate(2026, 8, 31))
    stage.settle()
    insights, records = (int(part.split()[0]) for part in dialog.will_write.text().split(", "))
    assert 0 < insights <= 18
    assert dialog.leaves_out.text() == (
        f"Left out of all numbers: {963 - records} outside the period."
    )
    row.first_field.setDate(QDate(1999, 1, 1))
    row.last_field.setDate(QDate(1999, 1, 31))
    stage.settle()
    assert "No record lies in this period" in dialog.will_write.text()
    assert not dialog.write_button.isEnabled()


def test_the_target_follows_the_format_and_the_person(stage: Stage, tmp_path: Path) -> None:
    dialog = stage.dialog()
    dialog.format_list.choose("coded-csv")
    assert Path(dialog.target_field.text()).name == "fernwick-coded-csv.csv"
    stage.native.chosen = tmp_path / "mine.csv"
    dialog.choose_button.click()
    assert stage.native.suggested == [tmp_path / "fernwick-coded-csv.csv"]
    dialog.format_list.choose("xlsx")
    assert dialog.target_field.text() == str(tmp_path / "mine.xlsx")
    dialog.format_list.choose("bertopic")
    assert dialog.write_button.text() == "Write folder"


def test_a_target_that_cannot_be_is_said_at_once(stage: Stage, tmp_path: Path) -> None:
    dialog = stage.dialog()
    for written, words in (
        ("", "Say where to write"),
        (str(tmp_path / "no" / "x.xlsx"), "This folder does not exist"),
        (str(tmp_path), "This is a folder"),
    ):
        dialog.target_field.setText(written)
        assert words in dialog.target_note.text()
        assert not dialog.write_button.isEnabled()
    (tmp_path / "there.xlsx").write_bytes(b"")
    dialog.target_field.setText(str(tmp_path / "there.xlsx"))
    assert "will be replaced" in dialog.target_note.text()
    assert dialog.write_button.isEnabled()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """Return a file that another program holds: a running program cannot be written to."""
    if sys.platform != "linux":
        pytest.skip("needs a system that refuses to write to a running program")
    target = tmp_path / "held.xlsx"
    shutil.copy(shutil.which("sleep") or "/bin/sleep", target)
    with subprocess.Popen([target, "600"]) as holder:

        def let_go() -> Path:
            holder.kill()
            holder.wait()
            return target

        yield let_go
        holder.kill()


def test_a_locked_target_can_be_written_again(
    small: Stage, tmp_path: Path, running: Callable[[], Path]
) -> None:
    dialog = small.dialog()
    dialog.target_field.setText(str(tmp_path / "held.xlsx"))
    dialog.write()
    small.settle()
    assert "held.xlsx: The file is open in another program" in small.bar.text
    assert [one.text() for one in small.bar.buttons()] == [
        "Write again",
        "Save under another name…",
    ]
    target = running()
    small.press("Write again")
    assert small.bar.text == "Written: held.xlsx"
    book = openpyxl.load_workbook(target, read_only=True)
    assert "Insights" in book.sheetnames
    book.close()


def test_a_locked_target_can_go_under_another_name(
    small: Stage, tmp_path: Path, running: Callable[[], Path]
) -> None:
    dialog = small.dialog()
    dialog.target_field.setText(str(tmp_path / "held.xlsx"))
    dialog.write()
    small.settle()
    small.native.chosen = tmp_path / "free.xlsx"
    small.press("Save under another name…")
    assert small.native.suggested == [tmp_path / "held (2).xlsx"]
    assert small.bar.text == "Written: free.xlsx"
    assert (tmp_path / "free.xlsx").is_file()


def test_cancel_writes_nothing(small: Stage, tmp_path: Path) -> None:
    stages: list[str] = []

    def stop_at_first_word(state: JobState | None) -> None:
        if state is not None and not state.cancelling:
            stages.append(state.stage)
            small.workspace.cancel_job()

    dialog = small.dialog()
    target = tmp_path / "never.xlsx"
    dialog.target_field.setText(str(target))
    small.workspace.job_changed.connect(stop_at_first_word)
    dialog.write()
    small.settle()
    assert stages
    assert not target.exists()
    assert not list(tmp_path.glob(".*.tmp"))
    assert small.bar.text == ""


def test_another_job_is_named(small: Stage, tmp_path: Path) -> None:
    dialog = small.dialog()
    first = tmp_path / "first.xlsx"
    dialog.target_field.setText(str(first))
    dialog.write()
    second = ExportDialog(
        small.workspace, small.settings, small.bar, small.window, dialogs=small.native
    )
    second.write()
    assert small.bar.text == "Export to first.xlsx is still under way. Write when it is done."
    small.settle()
    assert first.is_file()


def _first_words(workbook: Path) -> str:
    """Return what stands above the table of insights."""
    book = openpyxl.load_workbook(workbook, read_only=True)
    rows = book["Insights"].iter_rows(max_row=6, values_only=True)
    words = " ".join(str(value) for row in rows for value in row if value)
    book.close()
    return words


def test_formats_stand_in_groups(stage: Stage) -> None:
    formats = stage.dialog().format_list
    rows = [formats.item(row) for row in range(formats.count())]
    heads = [one.text() for one in rows if not one.flags()]
    assert heads == ["To read", "Hand-offs to other tools", "Data"]
    at = {one.text(): number for number, one in enumerate(rows)}
    jira = next(number for words, number in at.items() if "Jira" in words)
    assert at["Hand-offs to other tools"] < jira < at["Data"]
    # The arrow keys pass over headings.
    formats.choose("xlsx")
    for _ in range(formats.count()):
        stage.qtbot.keyClick(formats, Qt.Key.Key_Down)
        assert formats.format.name


def test_the_period_of_the_window_is_where_it_begins(stage: Stage) -> None:
    stage.workspace.choose_period(parse_period("2026-08"))
    stage.settle()
    dialog = stage.dialog()
    assert dialog.period_row.box.currentText() == "As in the window (Aug 2026)"
    assert dialog.period() == parse_period("2026-08")
    assert Path(dialog.target_field.text()).name == "fernwick-insights-2026-08.xlsx"
    dialog.period_row.choose("")
    stage.settle()
    assert dialog.period() is None
    assert dialog.will_write.text() == "18 insights, 963 records"


def test_for_one_pm(stage: Stage, tmp_path: Path) -> None:
    session = stage.workspace.session
    assert session is not None
    theme = session.view.themes.filter(session.view.themes["level"] == "theme")["theme_id"][0]
    stage.workspace.edit(
        lambda now: now.project.edit_insights({theme: {Field.OWNER: "Ines Duarte"}})
    )
    stage.settle()
    dialog = stage.dialog()
    dialog.for_box.setCurrentText("Ines Duarte")
    assert dialog.will_write.text() == "Insights for Ines Duarte, 963 records"
    assert Path(dialog.target_field.text()).name == "fernwick-insights-Ines-Duarte.xlsx"
    assert dialog.order().options.only == "Ines Duarte"
    # A table of records has no owner.
    dialog.format_list.choose("records-csv")
    assert not dialog.for_box.isEnabled()
    assert dialog.order().options.only == ""


def test_a_list_of_people_has_to_be_raw(stage: Stage) -> None:
    dialog = stage.dialog("amplitude")
    assert "It can only be written raw" in dialog.warning.text()
    assert not dialog.warning.isHidden()
    assert not dialog.write_button.isEnabled()
    dialog.raw_button.setChecked(True)
    assert "can be read in this file" in dialog.warning.text()
    assert dialog.write_button.isEnabled()


def test_nothing_new_is_no_failure(small: Stage, tmp_path: Path) -> None:
    for name in ("first.csv", "second.csv"):
        dialog = small.dialog("jira")
        assert "new or changed since the last hand-off" in dialog.leaves_out.text()
        dialog.target_field.setText(str(tmp_path / name))
        dialog.write()
        small.settle()
    assert (tmp_path / "first.csv").is_file()
    assert not (tmp_path / "second.csv").exists()
    assert small.bar.text.startswith("Nothing is new or changed since the hand-off of")
    session = small.workspace.session
    assert session is not None
    steps = session.undo_name
    small.press("Write all insights again")
    assert small.bar.text == "Written: second.csv"
    assert (tmp_path / "second.csv").is_file()
    assert session.undo_name == steps, "what was written is no deed of the project"
