"""Bringing edits back: what an edited workbook would change, conflicts one by one, one undo step."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QTreeWidgetItem, QWidget

from themeloom.domain.changes import Deed
from themeloom.domain.insights import RETURNING, Field
from themeloom.gui.dialogs.asking import AskingDialog, Rows, is_ticked
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.undo_offer import say_done
from themeloom.insights.wording import count
from themeloom.services import merging
from themeloom.services.merging import Kind, MergeItem, MergePreview, Take

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow

_KEY = Qt.ItemDataRole.UserRole
_WHAT, _FIELD, _WAS, _FILE, _NOW, _CHOICE = range(6)


class ReturningDialog(AskingDialog):
    """Shows everything before anything is done; the same file twice changes nothing."""

    def __init__(self, window: "MainWindow", path: Path) -> None:
        """Look at the file ``path``."""
        super().__init__(
            window.workspace,
            self.tr("Bring edits back from {name}").format(name=path.name),
            (1040, 620),
            window,
        )
        self._window = window
        self._path = path
        self._columns: dict[Field, str] = {}
        self._shown: MergePreview | None = None
        self._boxes: dict[str, QComboBox] = {}
        self._build()
        self.look()

    def look(self) -> None:
        """Read the file and compare it with the project."""
        columns = dict(self._columns)
        self.wait(self.tr("Comparing {name} with the project…").format(name=self._path.name))
        self.ask(
            "merge.preview",
            lambda session: merging.preview(session.project, self._path, columns=columns),
            self._show,
            [(self.tr("Choose another file…"), self.choose_another)],
        )

    def choose_another(self) -> None:
        """Ask for another file and look at that."""
        path = self._window.dialogs.file("returning", self.windowTitle(), _pattern(self))
        if path is not None:
            self._path = path
            self._columns = {}
            self.setWindowTitle(self.tr("Bring edits back from {name}").format(name=path.name))
            self.look()

    def choices(self) -> dict[str, Take]:
        """Return whose value wins, by the keys of the items."""
        found: dict[str, Take] = {}
        for item in self.rows.inner():
            key = str(item.data(0, _KEY) or "")
            if key in self._boxes:
                found[key] = Take(self._boxes[key].currentData())  # Qt keeps a plain text
            elif key:
                found[key] = Take.FILE if is_ticked(item) else Take.PROJECT
        return found

    def apply(self) -> None:
        """Take over what is chosen, as one undo step, and close."""
        shown = self._shown
        if shown is None:
            return
        choices = self.choices()
        taken = sum(merging.takes(item, choices) for item in shown.items)
        bar, workspace = self._window.bar, self.workspace

        def done(deed: Deed | None) -> None:
            if deed is None:
                bar.say(self.tr("Nothing has changed."), "info")
                return
            text = self.tr("{edits} from {file} taken over.").format(
                edits=count(taken, "edit"), file=shown.file
            )
            say_done(bar, workspace, text)

        self.accept()
        workspace.edit(lambda session: merging.apply(session.project, shown, choices), done)

    # --- building

    def _build(self) -> None:
        self.heading = Label(size=15, bold=True, wrap=True)
        self.notes = Label(size=12, quiet=True, wrap=True)
        self.rows = Rows(
            self.tr("What would change"),
            [
                self.tr("Insight"),
                self.tr("What"),
                self.tr("Was exported"),
                self.tr("In the file"),
                self.tr("Now here"),
                self.tr("Take"),
            ],
            _WHAT,
            (0, 84, 150, 180, 150, 176),
        )
        self.rows.itemChanged.connect(self._on_ticked)
        self._missing = QWidget()
        self._missing_grid = QGridLayout(self._missing)
        self._missing_grid.setContentsMargins(0, 0, 0, 0)
        self._missing_grid.setHorizontalSpacing(sizes.px(10))
        self._missing_grid.setColumnStretch(2, 1)
        self._missing.hide()
        for part in (self.heading, self.notes, self._missing):
            self.page.addWidget(part)
        self.page.addWidget(self.rows, 1)
        self.add_detail(self.rows)
        self.foot.addStretch(1)
        self.go_button.setText(self.tr("Take over"))
        self.go_button.clicked.connect(self.apply)

    # --- the answer

    def _show(self, shown: MergePreview) -> None:
        self._shown = shown
        self.show_page(self.rows)
        self.notes.setText(" ".join(shown.notes))
        self.notes.setVisible(bool(shown.notes))
        self._offer_columns(shown)
        self._fill(shown)
        self._count()

    def _fill(self, shown: MergePreview) -> None:
        self.rows.blockSignals(True)
        self.rows.clear()
        self._boxes = {}
        for title, hint, items in (
            (self.tr("Changes"), "", shown.edits),
            (
                self.tr("Changed here, too"),
                self.tr("what is here stays unless you choose"),
                shown.conflicts,
            ),
            (
                self.tr("Emptied, or an owner whom nobody knows"),
                self.tr("left as it is unless you tick it"),
                shown.questions,
            ),
            (self.tr("Cannot be taken"), "", shown.rejected),
        ):
            if not items:
                continue
            heading = f"{title}: {len(items):,}"
            head = self.rows.add_heading(f"{heading}  –  {hint}" if hint else heading)
            for item in items:
                self._add(item, head)
        self.rows.blockSignals(False)
        self.rows.begin()

    def _add(self, item: MergeItem, head: QTreeWidgetItem) -> None:
        title = f"{item.insight} {item.title}".strip() or self.tr("Row {n}").format(n=item.row)
        what = str(item.field).capitalize() if item.field else item.column
        if item.kind is Kind.REJECTED:
            texts = [title, what, "", item.file, item.now, item.why]
            self.rows.add_row(texts, head)
            return
        conflict = item.kind is Kind.CONFLICT
        words = {
            Kind.CLEARED: self.tr("Empty it here too"),
            Kind.NEW_OWNER: self.tr("A new owner"),
        }
        texts = [
            title,
            what,
            self.tr("not known") if item.was is None else item.was or self.tr("(empty)"),
            item.file or self.tr("(empty)"),
            item.now or self.tr("(empty)"),
            words.get(item.kind, ""),
        ]
        ticked = None if conflict else item.kind is Kind.EDIT
        row = self.rows.add_row(texts, head, checked=ticked)
        row.setData(0, _KEY, item.key)
        if item.why:
            row.setToolTip(_CHOICE, item.why)
        if conflict:
            box = QComboBox()
            box.setAccessibleName(
                self.tr("Whose {what} of {insight} wins").format(
                    what=str(item.field), insight=item.insight
                )
            )
            box.addItem(self.tr("Keep what is here"), Take.PROJECT)
            box.addItem(self.tr("Take the file's"), Take.FILE)
            box.currentIndexChanged.connect(self._count)
            self._boxes[item.key] = box
            self.rows.setItemWidget(row, _CHOICE, box)

    def _offer_columns(self, shown: MergePreview) -> None:
        """Let a person point at columns that were renamed beyond recognition."""
        while self._missing_grid.count():
            part = self._missing_grid.takeAt(0)
            widget = part.widget() if part else None
            if widget is not None:
                widget.deleteLater()
        lost = [one for one in RETURNING if one not in shown.headers]
        self._missing.setVisible(bool(lost and shown.unknown))
        if not shown.unknown:
            return
        for row, one in enumerate(lost):
            label = Label(
                self.tr("No column for “{what}”. Is it this one?").format(what=str(one)), size=12
            )
            box = QComboBox()
            box.setAccessibleName(self.tr("Column for {what}").format(what=str(one)))
            label.setBuddy(box)
            box.addItem(self.tr("None of them"), "")
            for header in shown.unknown:
                box.addItem(header, header)
            box.activated.connect(partial(self._on_column, one, box))
            self._missing_grid.addWidget(label, row, 0)
            self._missing_grid.addWidget(box, row, 1)

    def _on_column(self, field: Field, box: QComboBox, _row: int) -> None:
        header = str(box.currentData() or "")
        if header:
            self._columns[field] = header
            self.look()

    def _on_ticked(self, _item: QTreeWidgetItem, _column: int) -> None:
        self._count()

    def _count(self, *_: object) -> None:
        shown = self._shown
        if shown is None:
            return
        choices = self.choices()
        taken = sum(merging.takes(item, choices) for item in shown.items)
        parts = [
            count(len(shown.edits), "change"),
            count(len(shown.conflicts), "conflict") if shown.conflicts else "",
            count(len(shown.questions), "question") if shown.questions else "",
            self.tr("{n} cannot be taken").format(n=f"{len(shown.rejected):,}")
            if shown.rejected
            else "",
        ]
        self.heading.setText(
            ", ".join(part for part in parts if part)
            if shown.items
            else self.tr("Nothing in this file is new.")
        )
        self.rows.setVisible(bool(shown.items))
        self.go_button.setText(
            self.tr("Take over {edits}").format(edits=count(taken, "edit"))
            if taken
            else self.tr("Take over")
        )
        read_only = self.workspace.read_only
        self.go_button.setEnabled(taken > 0 and not read_only)
        self.go_button.setToolTip(
            self.tr("The project is open for reading only.") if read_only else ""
        )


def _pattern(words: QWidget) -> str:
    return words.tr("Edited sheets (*.xlsx *.ods *.xls *.csv);;All files (*)")
