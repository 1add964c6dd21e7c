"""Checking an exported file: what became of each quote, and which figures are others now."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidgetItem

from themeloom.gui.dialogs.asking import AskingDialog, Rows
from themeloom.gui.widgets.label import Label
from themeloom.insights.wording import count
from themeloom.services import verifying
from themeloom.services.verifying import QuoteCheck, State, Verification

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow

_EXCERPT = Qt.ItemDataRole.UserRole


class VerifyDialog(AskingDialog):
    """Tells ``excerpt_asked`` with an excerpt id when its record shall be shown."""

    excerpt_asked = Signal(str)

    def __init__(self, window: "MainWindow", path: Path) -> None:
        """Check the file ``path``."""
        super().__init__(
            window.workspace,
            self.tr("Check {name}").format(name=path.name),
            (980, 600),
            window,
        )
        self._window = window
        self._build()
        self.check(path)

    def check(self, path: Path) -> None:
        """Compare a file with the project."""
        self.setWindowTitle(self.tr("Check {name}").format(name=path.name))
        self.wait(self.tr("Checking {name} word for word…").format(name=path.name))
        self.ask(
            "verify",
            lambda session: verifying.verify(session.project, path),
            self._show,
            [(self.tr("Choose another file…"), self.choose_another)],
        )

    def choose_another(self) -> None:
        """Ask for another file and check that."""
        pattern = self.tr("Exported files (*.xlsx *.ods *.xls *.csv *.json);;All files (*)")
        path = self._window.dialogs.file("returning", self.tr("Check an export"), pattern)
        if path is not None:
            self.check(path)

    def show_record(self) -> None:
        """Show the record of the current row in the window, and close."""
        excerpt = self._current()
        if excerpt:
            self.accept()
            self.excerpt_asked.emit(excerpt)

    # --- building

    def _build(self) -> None:
        self.heading = Label(size=15, bold=True, wrap=True)
        self.notes = Label(size=12, quiet=True, wrap=True)
        self.rows = Rows(
            self.tr("Quotes and figures"),
            [
                self.tr("Where"),
                self.tr("Insight"),
                self.tr("In the file"),
                self.tr("In the project"),
                self.tr("Why"),
            ],
            2,
            (150, 74, 0, 260, 210),
        )
        self.rows.currentItemChanged.connect(self._on_current)
        self.rows.itemActivated.connect(self._on_activated)
        self.page.addWidget(self.heading)
        self.page.addWidget(self.notes)
        self.page.addWidget(self.rows, 1)
        self.add_detail(self.rows)
        self.foot.addStretch(1)
        self.close_button.setText(self.tr("Close"))
        self.go_button.setText(self.tr("Show record"))
        self.go_button.clicked.connect(self.show_record)

    # --- the answer

    def _show(self, found: Verification) -> None:
        self.show_page(self.rows)
        verified = found.count(State.VERIFIED)
        total = len(found.items)
        if not total:
            text = self.tr("There are no quotes in this file.")
        elif verified == total and not found.figures_changed:
            text = self.tr("{quotes} verified, word for word.").format(quotes=count(total, "quote"))
        else:
            text = self.tr("{n} of {quotes} verified").format(
                n=f"{verified:,}", quotes=count(total, "quote")
            )
            for state, words in self._states().items():
                if state is not State.VERIFIED and found.count(state):
                    text += f", {found.count(state):,} {words.lower()}"
        self.heading.setText(text)
        self.notes.setText(" ".join((*self._told(found), *found.notes)))
        self.notes.setVisible(bool(self.notes.text()))
        self._fill(found)
        self.rows.begin()
        self._on_current()

    def _fill(self, found: Verification) -> None:
        self.rows.clear()
        words = self._states()
        for state in (State.CHANGED, State.MISSING, State.ERASED):
            self._add_quotes(words[state], [one for one in found.items if one.state is state])
        changed = found.figures_changed
        if changed:
            head = self.rows.add_heading(self.tr("Figures: {n}").format(n=f"{len(changed):,}"))
            for figure in changed:
                told = self.tr("no number") if figure.file is None else f"{figure.file:,}"
                now = self.tr("nothing") if figure.now is None else f"{figure.now:,}"
                texts = [
                    figure.place,
                    figure.insight,
                    f"{figure.name.capitalize()}: {told}",
                    f"{figure.name.capitalize()}: {now}",
                    self.tr("The project says something else now."),
                ]
                self.rows.add_row(texts, head)
        right = [one for one in found.items if one.state is State.VERIFIED]
        head = self._add_quotes(words[State.VERIFIED], right)
        if head is not None and self.rows.topLevelItemCount() > 1:
            head.setExpanded(False)

    def _add_quotes(self, words: str, items: list[QuoteCheck]) -> QTreeWidgetItem | None:
        if not items:
            return None
        head = self.rows.add_heading(f"{words}: {len(items):,}")
        for one in items:
            project = one.file if one.state is State.VERIFIED else one.project
            row = self.rows.add_row([one.place, one.insight, one.file, project, one.why], head)
            row.setData(0, _EXCERPT, one.excerpt_id)
        return head

    def _told(self, found: Verification) -> list[str]:
        if not found.figures:
            return []
        same = len(found.figures) - len(found.figures_changed)
        days = found.period or self.tr("all time")
        return [
            self.tr("{same} of {all} are the same today, computed for {days}.").format(
                same=f"{same:,}", all=count(len(found.figures), "figure"), days=days
            )
        ]

    def _states(self) -> dict[State, str]:
        return {
            State.CHANGED: self.tr("Changed"),
            State.MISSING: self.tr("Missing"),
            State.ERASED: self.tr("Erased"),
            State.VERIFIED: self.tr("Verified"),
        }

    def _current(self) -> str:
        item = self.rows.currentItem()
        return str(item.data(0, _EXCERPT) or "") if item is not None else ""

    def _on_current(self, *_: object) -> None:
        self.go_button.setEnabled(bool(self._current()))

    def _on_activated(self, _item: QTreeWidgetItem, _column: int) -> None:
        self.show_record()
