"""The dialogs around insights in the real window, with real projects and files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import openpyxl
import polars as pl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QComboBox, QTreeWidgetItem
from pytestqt.qtbot import QtBot
from tests.gui.driving import (
    answers,
    dialog_of,
    open_project,
    open_window,
    press,
    settle,
    trigger,
    view_of,
    wait_for_dialog,
)
from tests.gui.opening import fernwick
from tests.services.drafts import made_once

from themeloom.base.settings import Settings
from themeloom.domain.insights import Field
from themeloom.domain.periods import parse_period
from themeloom.gui.bridge.workspace import JobState
from themeloom.gui.dialogs.asking import AskingDialog, Rows
from themeloom.gui.dialogs.import_assistant import ImportAssistant
from themeloom.gui.dialogs.returning import ReturningDialog
from themeloom.gui.dialogs.roster import RosterDialog
from themeloom.gui.dialogs.send import SendDialog
from themeloom.gui.dialogs.trackers import TrackersDialog
from themeloom.gui.dialogs.verify import VerifyDialog
from themeloom.gui.views.themes.place import ThemesPlace
from themeloom.gui.windows.main_window import MainWindow
from themeloom.project.project import Project
from themeloom.services.exporting import ExportOptions, export

D = TypeVar("D", bound=AskingDialog)


@dataclass(frozen=True)
class Exported:
    project: bytes
    untouched: bytes  # the workbook
    edited: bytes  # the same, in which a PM edited
    ids: Sequence[str]  # of the insights edited


@pytest.fixture(autouse=True, scope="module")
def drafted_once() -> Iterator[None]:
    """Draft what many tests begin with once."""
    with made_once():
        yield


@pytest.fixture(scope="module")
def exported(drafted_once: None, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Return a project from which a workbook went out, and that workbook as it comes back."""
    folder = tmp_path_factory.mktemp("exported")
    project, path = folder / "f.loom", folder / "edited.xlsx"
    project.write_bytes(fernwick(few=True))
    with Project.open(project) as opened:
        export(opened, "xlsx", path, ExportOptions())
    untouched = path.read_bytes()
    book = cast(Any, openpyxl.load_workbook(path))
    sheet = book["Insights"]
    top, at = _header(sheet, "Owner")
    sheet.cell(top + 1, at["Status"]).value = "Accepted"
    sheet.cell(top + 1, at["Records"]).value = 4711
    sheet.cell(top + 2, at["Owner"]).value = "Nobody Known"
    sheet.cell(top + 3, at["Next step"]).value = "Words of the PM"
    sheet.cell(top + 4, at["Status"]).value = "nonsense"
    quotes = book["Evidence"]
    first, places = _header(quotes, "Quote")
    quotes.cell(first + 1, places["Quote"]).value += "!"
    ids = [str(sheet.cell(top + row, at["Id"]).value) for row in (1, 2, 3, 4)]
    book.save(path)
    return Exported(project.read_bytes(), untouched, path.read_bytes(), ids)


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, settings: Settings, tmp_path: Path, exported: Exported
) -> Iterator[MainWindow]:
    path = tmp_path / "voice.loom"
    path.write_bytes(exported.project)
    with open_window(qapp, qtbot, settings) as made:
        open_project(made, qtbot, path)
        made.show_place("themes")
        yield made


# --- sending


def test_send_shows_who_gets_what_and_why_in_the_period_of_the_window(
    window: MainWindow, qtbot: QtBot
) -> None:
    dialog = _opened(window, qtbot, "insights.send", SendDialog)
    assert dialog.heading.text().replace("\u00a0", " ") == "15 insights for 6 PMs, 3 held back"
    heads = _heads(dialog.rows)
    assert [one.text(0).split("  ·  ")[0] for one in heads[:-1]] == sorted(
        one.text(0).split("  ·  ")[0] for one in heads[:-1]
    )
    assert heads[-1].text(0) == "Held back: 3"
    assert {item.text(2) for item in dialog.rows.inner()[-3:]} == {"no product area"}
    # The score is the sum of the parts that can be opened below it.
    first = dialog.rows.inner()[0]
    parts = [cast(QTreeWidgetItem, first.child(row)).text(1) for row in range(first.childCount())]
    assert len(parts) == 8
    points = [float(part.split(" of ")[0]) for part in parts]
    assert sum(points) == pytest.approx(float(first.text(1)), abs=4)
    assert "Reach" in first.toolTip(1)
    dialog.reject()
    # It is about the period of the window.
    window.workspace.choose_period(parse_period("2026-08"))
    _settle(window, qtbot)
    dialog = _opened(window, qtbot, "insights.send", SendDialog)
    assert dialog.about.text().startswith("Numbers are about Aug 2026.")
    dialog.reject()


def test_limit_and_weights_plan_anew_at_once(window: MainWindow, qtbot: QtBot) -> None:
    dialog = _opened(window, qtbot, "insights.send", SendDialog)
    dialog.choices.limit.setValue(1)
    assert dialog.heading.text().startswith("6\u00a0insights for 6")
    held = [item.text(2) for item in dialog.rows.inner()]
    assert "over the limit of 1 for Babajide Okonkwo" in held
    first = dialog.rows.inner()[0].text(1)
    dialog.choices.weights["severity"].setValue(500)
    assert dialog.rows.inner()[0].text(1) != first
    dialog.choices.usual_button.click()
    assert dialog.choices.limit.value() == 5
    assert dialog.heading.text().startswith("15\u00a0insights")
    dialog.choices.drafts.click()
    assert dialog.heading.text() == "There is nothing to send."
    assert "Mark insights as ready" in dialog.about.text()
    assert not dialog.go_button.isEnabled()
    dialog.reject()


def test_a_send_writes_remembers_and_says_so(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    packs = tmp_path / "packs"
    packs.mkdir()
    dialog = _opened(window, qtbot, "insights.send", SendDialog)
    dialog.folder_field.setText(str(tmp_path / "nowhere"))
    assert "does not exist" in dialog.note.text()
    assert not dialog.go_button.isEnabled()
    answers(window).path = packs
    dialog.choose_button.click()
    assert dialog.folder_field.text() == str(packs)
    dialog.choices.limit.setValue(1)
    press(qtbot, dialog, "Send 6")
    _settle(window, qtbot)
    assert len([one for one in packs.iterdir() if one.is_dir()]) == 6
    assert window.bar.text.replace("\u00a0", " ").startswith("6 insights for ")
    window.bar.buttons()[0].click()
    assert answers(window).shown == [packs]
    # The way through knows of it, and the next dialog begins with what was chosen.
    assert window._sidebar._steps[4].accessibleDescription().startswith("done. last ")
    again = _opened(window, qtbot, "insights.send", SendDialog)
    assert again.choices.limit.value() == 1
    assert again.folder_field.text() == str(packs)
    again.reject()


def test_a_stopped_send_says_what_is_there(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    def stop(state: JobState | None) -> None:
        if state is not None and not state.cancelling:
            window.workspace.cancel_job()

    dialog = _opened(window, qtbot, "insights.send", SendDialog)
    dialog.folder_field.setText(str(tmp_path))
    window.workspace.job_changed.connect(stop)
    press(qtbot, dialog, "Send 15")
    _settle(window, qtbot)
    assert window.bar.text == "Stopped. Nothing was sent."
    assert not [one for one in tmp_path.iterdir() if one.is_dir() and "backups" not in one.name]


# --- the roster


def test_roster_is_edited_row_by_row(window: MainWindow, qtbot: QtBot) -> None:
    dialog = _opened(window, qtbot, "insights.roster", RosterDialog)
    rows = dialog.table.rowCount()
    _type(dialog, rows - 1, 0, "Support")
    _settle(window, qtbot)
    _type(dialog, rows - 1, 1, "Iris Kaya")
    _settle(window, qtbot)
    roster = _project(window).roster()
    assert roster.filter(pl.col("area") == "Support")["pm"].to_list() == ["Iris Kaya"]
    # A second row of the same area and PM is refused, and what was typed is not left there.
    _type(dialog, rows, 0, "Support")
    _settle(window, qtbot)
    _type(dialog, rows, 1, "Iris Kaya")
    _settle(window, qtbot)
    assert "twice" in dialog.bar.text
    assert _project(window).roster().height == rows + 1
    dialog.table.setCurrentCell(rows, 0)
    dialog.remove_button.click()
    _settle(window, qtbot)
    assert _project(window).roster().height == rows
    dialog.accept()


def test_insights_without_an_area_are_a_worklist(window: MainWindow, qtbot: QtBot) -> None:
    dialog = _opened(window, qtbot, "insights.roster", RosterDialog)
    assert dialog.lacking_head.text().replace("\u00a0", " ") == "3 insights without a product area"
    assert not dialog.give_button.isEnabled()
    for row in range(3):
        item = dialog.lacking.topLevelItem(row)
        assert item is not None
        item.setSelected(True)
    dialog.area_box.setEditText("Mobile app")
    dialog.give_button.click()
    _settle(window, qtbot)
    assert dialog.lacking_head.text() == "Every insight has a product area."
    assert dialog.lacking.isHidden()
    session = window.workspace.session
    assert session is not None
    assert session.undo_name is not None
    assert "“Mobile app” for 3" in session.undo_name
    dialog.accept()


@pytest.mark.usefixtures("shared_reader")
def test_roster_goes_out_and_comes_in(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = _opened(window, qtbot, "insights.roster", RosterDialog)
    before = _project(window).roster()
    answers(window).path = tmp_path / "roster.xlsx"
    dialog.export_button.click()
    _settle(window, qtbot)
    assert dialog.bar.text.replace("\u00a0", " ") == f"{before.height} rows written to roster.xlsx."
    dialog.table.setCurrentCell(0, 0)
    dialog.remove_button.click()
    _settle(window, qtbot)
    assert _project(window).roster().height == before.height - 1
    dialog.import_button.click()
    _settle(window, qtbot)
    assert _project(window).roster().equals(before)
    dialog.accept()


# --- what comes back


@pytest.fixture
def edited(window: MainWindow, tmp_path: Path, exported: Exported) -> Path:
    """Return the workbook that a PM edited; the project has changed meanwhile."""
    path = tmp_path / "edited.xlsx"
    path.write_bytes(exported.edited)
    window.workspace.edit(
        lambda now: now.project.edit_insights(
            {_theme(exported.ids[2]): {Field.NEXT_STEP: "Words from here"}}
        )
    )
    return path


def test_edits_come_back_in_one_step(window: MainWindow, qtbot: QtBot, edited: Path) -> None:
    _settle(window, qtbot)
    answers(window).path = edited
    dialog = _opened(window, qtbot, "insights.bring_back", ReturningDialog)
    assert dialog.heading.text().replace("\u00a0", " ") == (
        "1 change, 1 conflict, 1 question, 2 cannot be taken"
    )
    change, conflict, question, figure, refused = dialog.rows.inner()
    assert [figure.text(at) for at in (1, 3)] == ["Records", "4711"]
    dialog.rows.setCurrentItem(figure)
    assert "“Records” was changed in sheet Insights, cell " in dialog.rows.in_full(figure)
    assert [change.text(at) for at in (1, 2, 3, 4)] == ["Status", "New", "Accepted", "New"]
    assert change.checkState(0) == Qt.CheckState.Checked
    assert question.checkState(0) == Qt.CheckState.Unchecked
    assert refused.data(0, Qt.ItemDataRole.CheckStateRole) is None
    dialog.rows.setCurrentItem(refused)
    assert "nonsense" in dialog.rows.in_full(refused)
    box = dialog.rows.itemWidget(conflict, 5)
    assert isinstance(box, QComboBox)
    assert box.currentText() == "Keep what is here"
    assert dialog.go_button.text().replace("\u00a0", " ") == "Take over 1 edit"
    box.setCurrentIndex(1)
    question.setCheckState(0, Qt.CheckState.Checked)
    press(qtbot, dialog, "Take over 3")
    _settle(window, qtbot)
    assert window.bar.text.replace("\u00a0", " ") == "3 edits from edited.xlsx taken over."
    values = set(_project(window).insight_fields()["value"])
    assert {"accepted", "Nobody Known", "Words of the PM"} <= values
    window.bar.buttons()[0].click()  # Undo: all of it
    _settle(window, qtbot)
    values = set(_project(window).insight_fields()["value"])
    assert values & {"accepted", "Nobody Known", "Words of the PM"} == set()
    assert "Words from here" in values


def test_the_same_file_twice_changes_nothing(
    window: MainWindow, qtbot: QtBot, edited: Path
) -> None:
    _settle(window, qtbot)
    answers(window).path = edited
    dialog = _opened(window, qtbot, "insights.bring_back", ReturningDialog)
    dialog.apply()
    _settle(window, qtbot)
    again = _opened(window, qtbot, "insights.bring_back", ReturningDialog)
    assert not [item for item in again.rows.inner() if item.text(1) == "Status" and item.text(2)]
    assert again.go_button.text() == "Take over"
    assert not again.go_button.isEnabled()
    again.reject()


@pytest.mark.usefixtures("shared_reader")
def test_a_dropped_export_comes_back_and_other_files_are_imported(
    window: MainWindow, qtbot: QtBot, edited: Path, tmp_path: Path
) -> None:
    _settle(window, qtbot)
    window.take_files([edited])
    wait_for_dialog(window, qtbot, ReturningDialog).reject()
    _settle(window, qtbot)
    other = tmp_path / "tickets.xlsx"
    book = openpyxl.Workbook()
    sheet = cast(Any, book.active)
    for row in (("Ticket", "Text"), (1, "The export is empty."), (2, "Sync is slow today.")):
        sheet.append(row)
    book.save(other)
    window.take_files([other])
    wait_for_dialog(window, qtbot, ImportAssistant).reject()
    _settle(window, qtbot)


def test_what_is_no_export_is_said_with_a_mend(
    window: MainWindow, qtbot: QtBot, edited: Path, tmp_path: Path
) -> None:
    _settle(window, qtbot)
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    answers(window).path = wrong
    dialog = _opened(window, qtbot, "insights.bring_back", ReturningDialog, ready=False)
    assert "There is no table of insights in it" in dialog.bar.text
    assert not dialog.go_button.isEnabled()
    answers(window).path = edited
    press(qtbot, dialog, "Choose another file…")
    _settle(window, qtbot)
    assert len(dialog.rows.inner()) == 5
    dialog.reject()


# --- checking


def test_a_changed_letter_is_found_and_its_record_shown(
    window: MainWindow, qtbot: QtBot, edited: Path
) -> None:
    window.workspace.choose_period(parse_period("1999"))  # hides every record
    _settle(window, qtbot)
    answers(window).path = edited
    dialog = _opened(window, qtbot, "insights.verify", VerifyDialog)
    assert "verified, 1 changed" in dialog.heading.text()
    assert "53 of 54" in dialog.notes.text()
    heads = [one.text(0) for one in _heads(dialog.rows)]
    assert heads[:2] == ["Changed: 1", "Figures: 1"]
    changed, figure = dialog.rows.inner()[:2]
    assert changed.text(2).endswith("!")
    assert not changed.text(3).endswith("!")
    assert figure.text(2) == "Records: 4,711"
    dialog.rows.setCurrentItem(figure)
    assert not dialog.go_button.isEnabled()
    dialog.rows.setCurrentItem(changed)
    press(qtbot, dialog, "Show record")
    _settle(window, qtbot)
    assert view_of(window).period is None
    assert window.place == "themes"
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    assert place.excerpts.model.rowCount() == 1


def test_an_untouched_export_is_verified(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, exported: Exported
) -> None:
    path = tmp_path / "as-it-was.xlsx"
    path.write_bytes(exported.untouched)
    answers(window).path = path
    dialog = _opened(window, qtbot, "insights.verify", VerifyDialog)
    assert dialog.heading.text().endswith("verified, word for word.")
    assert len(_heads(dialog.rows)) == 1
    dialog.reject()


# --- trackers


def test_links_and_statuses_come_from_a_tracker(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    themes = view_of(window).themes.filter(pl.col("level") == "theme").sort("theme_id")
    second = str(themes["title"][1])
    path = tmp_path / "jira.csv"
    path.write_text(
        "Summary,Issue key,Issue id,Status,Labels\n"
        "Sync,SYNC-12,10001,Done,themeloom-IN-001\n"
        f'"{second}",SYNC-14,10003,To Do,\n'
        "other,SYNC-13,10002,Open,themeloom-IN-999\n",
        encoding="utf-8",
    )
    answers(window).path = path
    dialog = _opened(window, qtbot, "insights.trackers", TrackersDialog)
    heads = [one.text(0) for one in _heads(dialog.rows)]
    assert heads[0] == "They name an insight: 1"
    assert heads[-1] == "Cannot be followed: 1"
    news, *suggested = dialog.rows.inner()
    assert news.checkState(0) == Qt.CheckState.Checked
    assert news.text(3) == "Done, was new"
    assert suggested[0].checkState(0) == Qt.CheckState.Unchecked
    suggested[0].setCheckState(0, Qt.CheckState.Checked)
    press(qtbot, dialog, "Attach 2")
    _settle(window, qtbot)
    fields = _project(window).insight_fields()
    links = fields.filter(pl.col("field") == Field.LINKS)["value"].to_list()
    assert {key for key in ("SYNC-12", "SYNC-14", "SYNC-13") if key in " ".join(links)} == {
        "SYNC-12",
        "SYNC-14",
    }
    status = fields.filter((pl.col("field") == Field.STATUS) & (pl.col("theme_id") == "T-001"))
    assert status["value"].to_list() == ["done"]
    window.bar.buttons()[0].click()
    _settle(window, qtbot)
    assert _project(window).insight_fields().filter(pl.col("field") == Field.LINKS).is_empty()


# --- keys and what cannot be done


def test_actions_say_why_they_cannot_be_used(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    actions = window.actions_
    assert actions["insights.send"].shortcut().matches(QKeySequence("Ctrl+Shift+E"))
    assert {entry.menu for entry in actions.entries() if entry.action.objectName() in _NAMES} == {
        "Insights"
    }
    session = window.workspace.session
    assert session is not None
    path = session.project.path
    window.workspace.close()
    _settle(window, qtbot)
    for name in _NAMES:
        assert not actions[name].isEnabled()
    window.projects.open(path, read_only=True)
    qtbot.waitUntil(lambda: window.workspace.session is not None, timeout=20_000)
    _settle(window, qtbot)
    assert "reading only" in actions["insights.send"].toolTip()
    # Checking needs no right to write.
    assert actions["insights.verify"].isEnabled()
    assert actions["insights.roster"].isEnabled()
    dialog = _opened(window, qtbot, "insights.roster", RosterDialog)
    assert not dialog.remove_button.isEnabled()
    assert not dialog.import_button.isEnabled()
    dialog.accept()


_NAMES = tuple(
    f"insights.{name}" for name in ("send", "roster", "bring_back", "trackers", "verify")
)


def _opened(
    window: MainWindow, qtbot: QtBot, action: str, kind: type[D], *, ready: bool = True
) -> D:
    """Open a dialog by its action and wait until its answer is there."""
    _settle(window, qtbot)
    trigger(window, action)
    dialog = dialog_of(window, kind)
    _settle(window, qtbot)
    assert dialog.is_waiting != ready
    return dialog


def _settle(window: MainWindow, qtbot: QtBot) -> None:
    settle(window, qtbot)
    for _ in range(3):  # what follows a job or an edit is spread over turns of the event loop
        QApplication.processEvents()
    settle(window, qtbot)


def _heads(rows: Rows) -> list[QTreeWidgetItem]:
    found = [rows.topLevelItem(at) for at in range(rows.topLevelItemCount())]
    return [one for one in found if one is not None]


def _type(dialog: RosterDialog, row: int, column: int, text: str) -> None:
    item = dialog.table.item(row, column)
    assert item is not None
    item.setText(text)


def _project(window: MainWindow) -> Project:
    session = window.workspace.session
    assert session is not None
    return session.project


def _header(sheet: Any, name: str) -> tuple[int, dict[str, int]]:
    for row in range(1, 13):
        cells = {str(cell.value): int(cell.column) for cell in sheet[row] if cell.value}
        if name in cells:
            return row, cells
    raise AssertionError(name)


def _theme(insight_id: str) -> str:
    return f"T-{insight_id.removeprefix('IN-')}"
