"""Reading a tracker's export: links and statuses for insights, and items that may say the same."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem

from themeloom.domain.changes import Deed
from themeloom.gui.dialogs.asking import AskingDialog, Rows, is_ticked
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.undo_offer import say_done
from themeloom.insights.wording import count
from themeloom.services import trackers
from themeloom.services.trackers import Attachment, Chosen, Suggestion, TrackerReading

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow

_CHOSEN = Qt.ItemDataRole.UserRole


class TrackersDialog(AskingDialog):
    """Rows that name an insight are ticked; what only has the same words is for a person to tick."""

    def __init__(self, window: "MainWindow", path: Path) -> None:
        """Look at the file ``path``."""
        super().__init__(
            window.workspace,
            self.tr("Read {name}").format(name=path.name),
            (1000, 600),
            window,
        )
        self._window = window
        self._found: TrackerReading | None = None
        self._build()
        self.look(path)

    def look(self, path: Path) -> None:
        """Read a file and compare it with the insights."""
        self.setWindowTitle(self.tr("Read {name}").format(name=path.name))
        self.wait(self.tr("Reading {name}…").format(name=path.name))
        self.ask(
            "trackers",
            lambda session: trackers.read_tracker(session, path),
            self._show,
            [(self.tr("Choose another file…"), self.choose_another)],
        )

    def choose_another(self) -> None:
        """Ask for another file and look at that."""
        pattern = self.tr("CSV files (*.csv);;All files (*)")
        path = self._window.dialogs.file("trackers", self.tr("Read a tracker's export"), pattern)
        if path is not None:
            self.look(path)

    def chosen(self) -> list[Chosen]:
        """Return what is ticked; a status where its own row is ticked."""
        found: list[Chosen] = []
        for item in self.rows.inner():
            chosen: object = item.data(0, _CHOSEN)
            if isinstance(chosen, Chosen) and is_ticked(item):
                found.append(chosen)
        return found

    def apply(self) -> None:
        """Attach what is ticked, as one undo step, and close."""
        found, chosen = self._found, self.chosen()
        if found is None or not chosen:
            return
        bar, workspace = self._window.bar, self.workspace

        def done(deed: Deed | None) -> None:
            if deed is None:
                bar.say(self.tr("Nothing has changed."), "info")
                return
            text = self.tr("{links} from {tool} attached.").format(
                links=count(len(chosen), "item"), tool=found.tool_name
            )
            say_done(bar, workspace, text)

        self.accept()
        workspace.edit(
            lambda session: trackers.apply(session, chosen, tool_name=found.tool_name), done
        )

    # --- building

    def _build(self) -> None:
        self.heading = Label(size=15, bold=True, wrap=True)
        self.notes = Label(size=12, quiet=True, wrap=True)
        self.rows = Rows(
            self.tr("What would be attached"),
            [
                self.tr("Insight"),
                self.tr("Item"),
                self.tr("Status there"),
                self.tr("What it means here"),
            ],
            0,
            (0, 300, 110, 260),
        )
        self.rows.itemChanged.connect(self._allow)
        self.page.addWidget(self.heading)
        self.page.addWidget(self.notes)
        self.page.addWidget(self.rows, 1)
        self.add_detail(self.rows)
        self.foot.addStretch(1)
        self.go_button.setText(self.tr("Attach"))
        self.go_button.clicked.connect(self.apply)

    # --- the answer

    def _show(self, found: TrackerReading) -> None:
        self._found = found
        self.show_page(self.rows)
        nothing = not (found.news or found.suggestions or found.left)
        self.heading.setText(self.tr("Nothing in this file is new.") if nothing else found.summary)
        self.notes.setText(" ".join(found.notes))
        self.notes.setVisible(bool(found.notes))
        self.rows.blockSignals(True)
        self.rows.clear()
        if found.news:
            head = self._heading(self.tr("They name an insight"), len(found.news))
            for one in found.news:
                self._add_news(one, head)
        if found.suggestions:
            head = self._heading(
                self.tr("They may say the same: tick what does"), len(found.suggestions)
            )
            for one in found.suggestions:
                self._add_suggestion(one, head)
        if found.left:
            head = self._heading(self.tr("Cannot be followed"), len(found.left))
            for row in found.left:
                where = self.tr("Row {n}").format(n=row.row)
                self.rows.add_row([where, row.what, "", row.why], head)
        self.rows.blockSignals(False)
        self.rows.begin()
        self.rows.setVisible(not nothing)
        self._allow()

    def _heading(self, words: str, number: int) -> QTreeWidgetItem:
        return self.rows.add_heading(f"{words}: {number:,}")

    def _add_news(self, one: Attachment, head: QTreeWidgetItem) -> None:
        if one.status is not None:
            means = self.tr("{now}, was {before}").format(
                now=str(one.status).capitalize(), before=one.status_before
            )
        else:
            means = self.tr("the link is new") if one.before is None else self.tr("link renewed")
        row = self.rows.add_row(
            [f"{one.insight_id} {one.title}", _named(one), one.link.status, means],
            head,
            checked=True,
        )
        row.setData(0, _CHOSEN, Chosen(one.theme_id, one.link, one.status))

    def _add_suggestion(self, one: Suggestion, head: QTreeWidgetItem) -> None:
        words = self.tr("both say {words}").format(
            words=", ".join(f"“{word}”" for word in one.words)
        )
        row = self.rows.add_row(
            [f"{one.insight_id} {one.title}", _named(one), one.link.status, words],
            head,
            checked=False,
        )
        row.setData(0, _CHOSEN, Chosen(one.theme_id, one.link))

    def _allow(self, *_: object) -> None:
        ticked = len(self.chosen())
        self.go_button.setText(
            self.tr("Attach {items}").format(items=count(ticked, "item"))
            if ticked
            else self.tr("Attach")
        )
        read_only = self.workspace.read_only
        self.go_button.setEnabled(ticked > 0 and not read_only)
        self.go_button.setToolTip(
            self.tr("The project is open for reading only.") if read_only else ""
        )


def _named(one: Attachment | Suggestion) -> str:
    return f"{one.link.key} {one.link.title}".strip()
