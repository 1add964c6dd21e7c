"""The insights place on a real project: list, editor, preview, and what a person does there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.naming import unnamed
from tests.gui.opening import add_window, opened, settle
from tests.services.drafts import made_once

from themeloom.domain.changes import Deed
from themeloom.domain.insights import Field, Link, Stage
from themeloom.gui.actions import Actions
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.dialogs.quotes import QuotesDialog
from themeloom.gui.look import style
from themeloom.gui.views.insights.place import InsightsPlace
from themeloom.gui.views.insights.rows import NO_PM, Order
from themeloom.services.insight_fields import links_json
from themeloom.services.insight_list import InsightItem
from themeloom.services.session import Session


@pytest.fixture(autouse=True, scope="module")
def drafted_once() -> Iterator[None]:
    """Draft what many tests begin with once."""
    with made_once():
        yield


@pytest.fixture
def workspace(qtbot: QtBot, tmp_path: Path) -> Iterator[Workspace]:
    with opened(qtbot, tmp_path, few=True) as made:
        yield made


class Scene:
    def __init__(self, qtbot: QtBot, workspace: Workspace) -> None:
        self.qtbot = qtbot
        self.workspace = workspace
        self.window = add_window(qtbot)
        self.window.resize(1280, 800)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.setStyleSheet("")  # many widgets are built much faster without
        self.actions = Actions(self.window)
        self.asked: list[str] = []
        self.troubles: list[object] = []
        workspace.failed.connect(self.troubles.append)
        workspace.broken.connect(self.troubles.append)
        for name in ("file.export", "themes.find", "insights.send"):
            self.actions.add(name, name, lambda name=name: self.asked.append(name), menu="File")
        self.place = InsightsPlace(workspace, self.actions, self.window)
        self.place.resize(self.window.size())
        style.apply(application)
        self.window.show()
        self.settle()

    @property
    def titles(self) -> list[str]:
        return [item.insight.title for item in self.place.pane.model.shown]

    @property
    def item(self) -> InsightItem:
        item = self.place.chosen
        assert item is not None
        return item

    def settle(self) -> None:
        settle(self.qtbot, self.workspace)
        assert not self.troubles

    def preview(self) -> str:
        self.qtbot.waitUntil(lambda: not self.place.preview._later.isActive())
        return texts(self.place.preview.page)

    def stored(self) -> dict[tuple[str, str], str]:
        session = self.workspace.session
        assert session is not None
        return {(row[0], row[1]): row[2] for row in session.project.insight_fields().iter_rows()}

    def undo(self) -> None:
        self.workspace.undo()
        self.settle()

    def select(self, *rows: int) -> None:
        selection = self.place.pane.list.selectionModel()
        flag = QItemSelectionModel.SelectionFlag
        for at, row in enumerate(rows):
            index = self.place.pane.model.index(row)
            selection.setCurrentIndex(index, flag.Select if at else flag.ClearAndSelect)


@pytest.fixture
def scene(qtbot: QtBot, workspace: Workspace) -> Scene:
    return Scene(qtbot, workspace)


def texts(widget: QWidget) -> str:
    labels = [one for one in widget.findChildren(QLabel) if not one.isHidden()]
    return "\n".join(label.text() for label in labels)


# --- list and preview


def test_the_largest_stands_there_with_its_page(scene: Scene) -> None:
    item, page = scene.item, scene.preview()
    records = [one.insight.records for one in scene.place.pane.model.shown]
    assert len(records) == 18
    assert records == sorted(records, reverse=True)
    assert scene.place.pane.counted.text() == "18, 0 ready"
    assert scene.place.editor.title.toPlainText() == item.insight.title
    assert scene.place.editor.statement.toPlainText() == item.insight.statement
    for words in (item.insight.title, item.quotes[0].place, item.insight.next_step):
        assert words in page
    assert "July to September 2026" in page
    assert "Personal data is masked." in page
    assert scene.place.preview.head.text() == f"What {item.insight.owner.split()[0]} gets"
    # Nothing of it is ever read as markup.
    for label in scene.place.findChildren(QLabel):
        if label.text():
            assert label.textFormat() == Qt.TextFormat.PlainText


def test_filters_by_words_pm_severity_and_stage(scene: Scene) -> None:
    pane, qtbot = scene.place.pane, scene.qtbot
    all_ = scene.titles
    qtbot.keyClicks(pane.filter_field, "invoice")
    assert 0 < len(scene.titles) < len(all_)
    qtbot.keyClicks(pane.filter_field, "zzz")
    assert scene.titles == []
    assert scene.place.chosen is None
    assert not scene.place.preview.copy_button.isEnabled()
    assert pane.list.isHidden()
    pane.no_hits.button.click()
    assert scene.titles == all_
    assert scene.place.chosen is not None
    for box, value, holds in (
        (pane.pm_box, "Henrik Dalgaard", lambda one: one.insight.owner == "Henrik Dalgaard"),
        (pane.pm_box, NO_PM, lambda one: not one.insight.owner),
        (pane.severity_box, "high", lambda one: one.insight.severity.value == "high"),
        (pane.stage_box, "draft", lambda one: one.badge == "draft"),
    ):
        at = box.findData(value)
        if at < 0:
            assert value == NO_PM
            assert all(one.insight.owner for one in pane.model.shown)
            continue
        wanted = [one.insight.title for one in pane.model.shown if holds(one)]
        box.setCurrentIndex(at)
        assert scene.titles == wanted
        pane.clear_filter()


def test_sorting_keeps_the_chosen_one(scene: Scene) -> None:
    scene.place.choose(scene.place.pane.model.shown[5].insight.id)
    chosen = scene.item
    scene.place.pane.set_order(Order.TITLE)
    assert scene.titles == sorted(scene.titles, key=str.casefold)
    assert scene.item is chosen
    scene.place.pane.set_order(Order.SEVERITY)
    grades = [one.insight.severity.value for one in scene.place.pane.model.shown]
    assert grades == sorted(grades, key=["high", "medium", "low"].index)
    assert scene.item is chosen


def test_rows_speak(scene: Scene) -> None:
    model, item = scene.place.pane.model, scene.item
    words = str(model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole))
    assert words.startswith(f"{item.insight.title}, severity {item.insight.severity.value}")
    assert f"{item.insight.records} records, Draft" in words
    assert item.insight.owner in words


def test_the_preview_shows_the_row_and_the_issue_too(scene: Scene) -> None:
    tabs, item = scene.place.preview.tabs, scene.item
    tabs.buttons[1].click()
    assert "Owner ✎" in scene.preview()
    assert item.insight.owner in scene.preview()
    tabs.buttons[2].click()
    assert "External ID" in scene.preview()
    assert item.insight.id in scene.preview()
    tabs.buttons[0].click()
    assert "How sure are we" in scene.preview()


def test_copies_markdown_and_rich_text(scene: Scene) -> None:
    with scene.qtbot.waitSignal(scene.place.copied) as told:
        scene.place.preview.copy_button.click()
    assert told.args == [f"Copied: {scene.item.insight.title}"]
    data = QGuiApplication.clipboard().mimeData()
    assert data.text().startswith(f"## {scene.item.insight.title}")
    assert f"<h2>{scene.item.insight.title}</h2>" in data.html()


def test_shows_its_theme(scene: Scene) -> None:
    theme_id = scene.item.insight.theme_id
    with scene.qtbot.waitSignal(scene.place.theme_chosen) as told:
        scene.place.theme_button.click()
    assert told.args == [theme_id]
    with scene.qtbot.waitSignal(scene.place.theme_chosen):
        scene.actions["insights.theme"].trigger()


def test_the_foot_says_what_would_be_sent(scene: Scene) -> None:
    panel = scene.place.pane.send_panel
    assert panel.isVisible()
    plan = scene.place.found.plan if scene.place.found else None
    assert plan is not None
    assert panel.held.text() == f"Held back: {len(plan.held_back)}"
    with scene.qtbot.waitSignal(scene.place.send_wanted):
        panel.button.click()
    assert scene.asked == ["insights.send"]
    panel.more.click()
    for one in plan.held_back[:10]:
        assert one.insight.title in texts(panel)


# --- editing


def test_what_is_typed_is_previewed_at_once_and_stored_after_a_pause(scene: Scene) -> None:
    field, theme_id = scene.place.editor.title, scene.item.insight.theme_id
    scene.place.edit_title()
    scene.qtbot.keyClicks(field, "Edits are lost")
    assert "Edits are lost" in scene.preview()
    assert scene.stored() == {}
    scene.qtbot.waitUntil(lambda: (theme_id, Field.TITLE) in scene.stored(), timeout=5_000)
    scene.settle()
    assert scene.stored()[theme_id, Field.TITLE] == "Edits are lost"
    assert (theme_id, Field.BASIS) in scene.stored()
    assert scene.titles[0] == "Edits are lost"
    assert field.hasFocus()
    assert field.textCursor().position() == len("Edits are lost")


def test_typing_is_never_overwritten(scene: Scene) -> None:
    field = scene.place.editor.statement
    field.setFocus()
    field.selectAll()
    scene.qtbot.keyClicks(field, "One ")
    field.save()  # as after a pause
    scene.qtbot.keyClicks(field, "two")
    scene.settle()
    assert field.toPlainText() == "One two"
    field.save()
    scene.settle()
    # Another edit refreshes the form while something is being typed.
    scene.qtbot.keyClicks(field, " three ")
    scene.workspace.edit(
        lambda s: s.project.edit_insights({scene.item.insight.theme_id: {Field.NOTE: "A note"}})
    )
    scene.settle()
    assert field.toPlainText() == "One two three "
    assert field.textCursor().position() == len("One two three ")
    assert scene.place.editor.note.toPlainText() == "A note"
    field.save()
    scene.settle()
    assert scene.item.insight.statement == "One two three"
    assert field.toPlainText() == "One two three "


def test_what_is_typed_belongs_to_the_insight_it_was_typed_for(scene: Scene) -> None:
    first = scene.item.insight.theme_id
    scene.place.edit_title()
    scene.qtbot.keyClicks(scene.place.editor.title, "Of the first")
    scene.place.choose(scene.place.pane.model.shown[1].insight.id)
    second = scene.item.insight
    assert scene.place.editor.title.toPlainText() == second.title
    scene.settle()
    assert {key: value for key, value in scene.stored().items() if key[1] == Field.TITLE} == {
        (first, Field.TITLE): "Of the first"
    }
    assert scene.place.editor.title.toPlainText() == second.title


def test_leaving_the_field_stores(scene: Scene) -> None:
    scene.place.editor.note.setFocus()
    scene.qtbot.keyClicks(scene.place.editor.note, "Ask support first")
    scene.place.pane.list.setFocus()
    scene.settle()
    assert scene.item.insight.note == "Ask support first"
    assert "Ask support first" in scene.preview()


def test_undo_refreshes_the_form(scene: Scene) -> None:
    editor, before = scene.place.editor, scene.item
    scene.place.edit_title()
    scene.qtbot.keyClicks(editor.title, "Mine")
    editor.save()
    scene.settle()
    choose(editor.severity, "low")
    scene.settle()
    assert scene.item.insight.severity.value == "low"
    scene.undo()
    scene.undo()
    assert scene.item == before
    assert editor.title.toPlainText() == before.insight.title
    assert editor.severity.currentData() == before.insight.severity.value


def test_a_suggestion_can_be_taken_back(scene: Scene) -> None:
    editor, before = scene.place.editor, scene.item.insight
    other = "low" if before.severity.value != "low" else "high"
    choose(editor.severity, other)
    scene.settle()
    labelled = editor._labelled
    assert labelled[Field.SEVERITY].button.isVisible()
    assert not labelled[Field.TITLE].button.isVisible()
    assert before.severity.value in labelled[Field.SEVERITY].button.accessibleName()
    labelled[Field.SEVERITY].button.click()
    scene.settle()
    assert scene.stored() == {}
    assert editor.severity.currentData() == before.severity.value
    scene.place.edit_title()
    scene.qtbot.keyClicks(editor.title, "Mine")
    editor.save()
    scene.settle()
    labelled[Field.TITLE].button.click()
    scene.settle()
    assert editor.title.toPlainText() == before.title
    assert scene.stored() == {}


def test_a_new_pm_may_be_typed(scene: Scene) -> None:
    owner = scene.place.editor.owner
    owner.setFocus()
    owner.line.selectAll()
    scene.qtbot.keyClicks(owner.line, "Zoe New")
    scene.qtbot.keyClick(owner.line, Qt.Key.Key_Return)
    scene.settle()
    assert scene.item.insight.owner == "Zoe New"
    assert owner.line.text() == "Zoe New"
    assert scene.place.pane.pm_box.findData("Zoe New") > 0
    assert scene.place.preview.head.text() == "What Zoe gets"


def test_a_day_is_typed_or_refused_with_the_reason(scene: Scene) -> None:
    due, editor = scene.place.editor.due, scene.place.editor
    due.setFocus()
    scene.qtbot.keyClicks(due, "soon")
    scene.qtbot.keyClick(due, Qt.Key.Key_Return)
    assert editor.wrong.isVisible()
    assert "16 Oct 2026" in editor.wrong.text()
    assert scene.stored() == {}
    due.clear()
    scene.qtbot.keyClicks(due, "2030-10-16")
    scene.qtbot.keyClick(due, Qt.Key.Key_Return)
    scene.settle()
    assert not editor.wrong.isVisible()
    assert due.text() == "16 Oct 2030"
    assert str(scene.item.insight.due) == "2030-10-16"
    due.clear()
    scene.qtbot.keyClick(due, Qt.Key.Key_Return)
    scene.settle()
    assert scene.item.insight.due is None


def test_a_day_is_chosen_from_the_calendar(scene: Scene) -> None:
    due = scene.place.editor.due
    due.setText("16 Oct 2030")
    due.save()
    scene.settle()
    due.setFocus()
    scene.qtbot.keyClick(due, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calendar = due.calendar
    assert calendar is not None
    assert calendar.selectedDate().toString(Qt.DateFormat.ISODate) == "2030-10-16"
    calendar.activated.emit(calendar.selectedDate().addDays(1))
    scene.settle()
    assert str(scene.item.insight.due) == "2030-10-17"


def test_evidence_is_ticked_and_unticked(scene: Scene) -> None:
    evidence, before = scene.place.editor.evidence, scene.item
    first = evidence.rows[0]
    ids = [quote.excerpt_id for quote in before.quotes]
    assert [row.box.isChecked() for row in evidence.rows][: len(ids)] == [True] * len(ids)
    scene.qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    scene.settle()
    assert [quote.excerpt_id for quote in scene.item.quotes] == ids[1:]
    assert before.quotes[0].text not in scene.preview()
    # It is still offered, and comes back at the end.
    again = next(row for row in evidence.rows if row.quote == before.quotes[0])
    again.box.click()
    scene.settle()
    assert [quote.excerpt_id for quote in scene.item.quotes] == [*ids[1:], ids[0]]
    scene.undo()
    scene.undo()
    assert scene.item == before


def test_no_more_than_five_quotes_and_no_less_than_one(scene: Scene) -> None:
    evidence, bar = scene.place.editor.evidence, scene.place.bar
    assert len(scene.item.quotes) == 5
    extra = next(row for row in evidence.rows if not row.box.isChecked())
    extra.box.click()
    assert not extra.box.isChecked()
    assert bar.text.startswith("5 quotes")
    for _ in range(4):
        next(row for row in evidence.rows if row.box.isChecked() and not row.counter).box.click()
        scene.settle()
    last = next(row for row in evidence.rows if row.box.isChecked() and not row.counter)
    last.box.click()
    assert last.box.isChecked()
    assert "at least one quote" in bar.text


def test_the_counter_example_is_unticked(scene: Scene) -> None:
    at = next(n for n, one in enumerate(scene.place.pane.model.shown) if one.counter)
    scene.select(at)
    row = next(row for row in scene.place.editor.evidence.rows if row.counter)
    assert row.box.isChecked()
    assert "But: " in scene.preview()
    row.box.click()
    scene.settle()
    assert scene.item.counter is None
    assert "But: " not in scene.preview()
    row = next(row for row in scene.place.editor.evidence.rows if row.counter)
    row.box.click()
    scene.settle()
    assert scene.item.counter is not None
    assert scene.stored() == {}


def test_quotes_and_counter_example_are_chosen_from_all(scene: Scene) -> None:
    scene.place.editor.choose_button.click()
    scene.settle()
    dialog = next(one for one in scene.window.findChildren(QuotesDialog) if one.isVisible())
    ticked = [at for at in range(dialog._list.count()) if checked(dialog, at)]
    assert len(ticked) == len(scene.item.quotes)
    free = next(at for at in range(dialog._list.count()) if not checked(dialog, at))
    dialog._list.setCurrentRow(free)
    dialog._against.click()
    dialog._list.item(ticked[0]).setCheckState(Qt.CheckState.Unchecked)
    dialog._use.click()
    scene.settle()
    assert len(scene.item.quotes) == len(ticked) - 1
    assert scene.item.counter is not None
    assert scene.item.counter.excerpt_id == dialog._quotes[free].excerpt_id


def test_links_are_listed_and_can_be_removed(scene: Scene) -> None:
    links = links_json([Link("jira", "ABC-1", title="An issue", status="Done")])
    scene.place.deeds.set_fields([scene.item], {Field.LINKS: links})
    scene.settle()
    shown = scene.place.editor.links
    assert "Jira ABC-1 · Done · An issue" in texts(shown)
    shown._buttons[0].click()
    scene.settle()
    assert scene.item.insight.links == ()
    assert shown.isHidden()


def test_old_words_are_marked_and_checked(scene: Scene) -> None:
    item, bar = scene.item, scene.place.editor.stale
    assert bar.isHidden()
    basis = item.basis.replace(f'"records":{item.insight.records}', '"records":3')
    assert basis != item.basis
    values = {item.insight.theme_id: {Field.TITLE: "Old", Field.BASIS: basis}}
    scene.workspace.edit(lambda s: s.project.edit_insights(values))
    scene.settle()
    assert bar.isVisible()
    assert "from 3 to" in texts(bar)
    model = scene.place.pane.model
    assert "Stale" in str(model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole))
    bar.button.click()
    scene.settle()
    assert bar.isHidden()
    assert scene.item.insight.stale == ""


# --- stages, several, keys


def test_a_key_marks_ready_and_back(scene: Scene) -> None:
    scene.place.pane.list.setFocus()
    scene.qtbot.keyClick(scene.place.pane.list, Qt.Key.Key_R)
    scene.settle()
    assert scene.item.insight.stage == Stage.READY
    assert scene.place.pane.counted.text() == "18, 1 ready"
    assert scene.place.ready_button.text() == "Back to draft"
    scene.place.ready_button.click()
    scene.settle()
    assert scene.stored() == {} or scene.item.insight.stage == Stage.DRAFT


def test_several_are_set_at_once_as_one_step(scene: Scene) -> None:
    scene.select(0, 1, 2)
    several = scene.place.several
    assert several.isVisible()
    assert several.head.text() == "3 insights chosen"
    several.owner.setFocus()
    several.owner.line.selectAll()
    scene.qtbot.keyClicks(several.owner.line, "Zoe New")
    scene.qtbot.keyClick(several.owner.line, Qt.Key.Key_Return)
    scene.settle()
    assert [one.insight.owner for one in scene.place.pane.model.shown[:4]].count("Zoe New") == 3
    assert [one.insight.id for one in scene.place.pane.chosen] == [
        one.insight.id for one in scene.place.pane.model.shown[:3]
    ]
    choose(several.stage, "ready")
    scene.settle()
    found = scene.place.found
    assert found is not None
    assert found.ready == 3
    scene.undo()
    scene.undo()
    assert scene.stored() == {}
    scene.select(4)
    assert not several.isVisible()
    scene.settle()
    assert scene.stored() == {}


def test_keys_go_from_pane_to_pane_and_into_the_claim(scene: Scene) -> None:
    scene.place.pane.list.setFocus()
    stops: list[QWidget | None] = []
    for _ in range(3):
        scene.place.next_pane()
        stops.append(QApplication.focusWidget())
    assert stops == [
        scene.place.editor.title,
        scene.place.preview.tabs.buttons[0],
        scene.place.pane.list,
    ]
    scene.qtbot.keyClick(scene.place.pane.list, Qt.Key.Key_F2)
    assert scene.place.editor.title.hasFocus()


def test_every_control_has_a_name(scene: Scene) -> None:
    for rows in ((0,), (0, 1)):
        scene.select(*rows)
        scene.preview()
        # Labels that can be selected have their text as name.
        assert [one for one in unnamed(scene.place) if not one.startswith("Label in")] == []


def test_read_only_says_why_and_takes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, few=True) as first:
        path = first.session.project.path if first.session else tmp_path
        with qtbot.waitSignal(first.opened, timeout=20_000):
            first.open(lambda: Session.open(path, read_only=True))
        scene = Scene(qtbot, first)
        editor = scene.place.editor
        assert editor.title.isReadOnly()
        assert editor.title.toolTip() == "The project is open for reading only."
        for widget in (editor.severity, editor.owner, editor.choose_button):
            assert not widget.isEnabled()
        assert not editor.evidence.rows[0].box.isEnabled()
        assert not scene.place.ready_button.isEnabled()
        scene.actions.refresh_now()
        assert not scene.actions["insights.ready"].isEnabled()
        assert scene.actions["insights.copy"].isEnabled()
        scene.place.deeds.toggle_ready([scene.item])
        scene.settle()
        assert scene.stored() == {}


# --- following the project


def test_an_edit_is_shown_when_the_place_is_shown(scene: Scene) -> None:
    item = scene.item
    theme_id = item.insight.theme_id

    def rename(session: Session) -> Deed | None:
        return session.project.rename_theme(theme_id, "New words fail")

    scene.workspace.edit(rename)
    scene.settle()
    assert scene.titles[0] == "New words fail"
    scene.place.hide()
    scene.undo()
    assert scene.titles[0] == "New words fail"
    scene.place.show()
    scene.settle()
    assert scene.titles[0] == item.insight.title


@pytest.mark.parametrize("size", [(1240, 780), (912, 540)])
def test_nothing_is_cut_off_and_no_page_scrolls_through_nothing(
    scene: Scene, size: tuple[int, int]
) -> None:
    scene.place.resize(*size)
    scene.preview()
    for page in (scene.place.preview.page, scene.place.editor):
        room, inner = page.viewport(), page.widget()
        assert inner is not None
        scene.qtbot.waitUntil(lambda room=room, inner=inner: inner.width() == room.width())
        wanted = max(inner.heightForWidth(inner.width()), room.height())
        scene.qtbot.waitUntil(lambda wanted=wanted, inner=inner: inner.height() == wanted)


def test_without_themes_it_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, themes=False) as workspace:
        scene = Scene(qtbot, workspace)
        assert scene.place.empty.button.text() == "Find themes…"
        scene.place.empty.button.click()
        assert scene.asked == ["themes.find"]


def choose(box: QComboBox, value: str) -> None:
    """Choose as a person does."""
    at = box.findData(value)
    box.setCurrentIndex(at)
    box.activated.emit(at)


def checked(dialog: QuotesDialog, at: int) -> bool:
    return dialog._list.item(at).checkState() == Qt.CheckState.Checked
