"""Apply what I taught: what would go where, with quotes, before anything moves."""

from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidgetItem, QWidget

from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.dialogs.asking import AskingDialog, Rows, is_ticked
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.shown_text import Mask, masked, no_mask
from themeloom.insights.wording import count
from themeloom.services.teaching import Lesson, Move
from themeloom.services.view import View

_TO = Qt.ItemDataRole.UserRole + 2


class TeachDialog(AskingDialog):
    """A tick for each theme that takes something in; below it where that is now, with quotes."""

    chosen = Signal(object)  # frozenset[str | None]: where excerpts shall go; None: to Unsorted

    def __init__(
        self,
        workspace: Workspace,
        view: View,
        lesson: Lesson,
        parent: QWidget | None,
        mask: Mask = no_mask,
    ) -> None:
        """Show ``lesson``, which moves something, with the titles of ``view``."""
        super().__init__(workspace, self.tr("Apply what I taught"), (760, 600), parent)
        self._lesson, self._mask = lesson, mask
        self._titles: dict[str, str] = dict(view.themes.select("theme_id", "title").iter_rows())
        self.heading = Label(size=15, bold=True, wrap=True)
        self.notes = Label(self._words(), size=12, quiet=True, wrap=True)
        self.rows = Rows(
            self.tr("What would move"),
            [self.tr("Themes and quotes"), self.tr("Excerpts")],
            0,
            (0, 80),
        )
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.rows.headerItem().setTextAlignment(1, right)
        self._fill()
        self.page.addWidget(self.heading)
        self.page.addWidget(self.notes)
        self.page.addWidget(self.rows, 1)
        self.add_detail(self.rows)
        self.foot.addStretch(1)
        self.rows.itemChanged.connect(self._count)
        self.go_button.clicked.connect(self._apply)
        self._count()
        self.rows.begin()
        self.rows.setFocus()

    def ticked(self) -> frozenset[str | None]:
        """Return where excerpts shall go."""
        return frozenset(
            self._to(item) for item in self._heads() if item.checkState(0) == Qt.CheckState.Checked
        )

    # --- building

    def _words(self) -> str:
        lesson = self._lesson
        learned = self.tr("Learned from {n} that you moved or confirmed").format(
            n=count(lesson.confirmed, "excerpt")
        )
        if lesson.rejected:
            learned += self.tr(" and {n} that you set aside").format(n=f"{lesson.rejected:,}")
        words = [
            f"{learned}.",
            self.tr("What you reviewed and what is locked stays where it is."),
            self.tr("You can undo it as one step."),
        ]
        if lesson.cuts:
            words.append(
                self.tr(
                    "Proposals cannot be cut coarser or finer afterwards; undo brings that back."
                )
            )
        return " ".join(words)

    def _fill(self) -> None:
        for to_id, moves in groupby(self._lesson.moves, key=lambda move: move.to_id):
            parts = list(moves)
            total = sum(move.excerpts for move in parts)
            title = self.tr("Unsorted") if to_id is None else self._title(to_id)
            head = self._row([title, f"{total:,}"], checked=True)
            head.setData(0, _TO, to_id or "")
            for move in parts:
                self._add(move, head)
            head.setExpanded(True)

    def _add(self, move: Move, head: QTreeWidgetItem) -> None:
        where = self.tr("Unsorted") if move.from_id is None else self._title(move.from_id)
        tip = self.tr("{excerpts} of {records}").format(
            excerpts=count(move.excerpts, "excerpt"), records=count(move.records, "record")
        )
        row = self._row(
            [self.tr("from {title}").format(title=where), f"{move.excerpts:,}"], head, tip=tip
        )
        for quote in move.quotes:
            self.rows.add_row([f"“{masked(quote, self._mask)}”", ""], row)
        row.setExpanded(True)

    def _row(
        self,
        texts: list[str],
        parent: QTreeWidgetItem | None = None,
        *,
        tip: str = "",
        checked: bool | None = None,
    ) -> QTreeWidgetItem:
        row = self.rows.add_row(texts, parent, tip=tip, checked=checked)
        row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return row

    def _title(self, theme_id: str) -> str:
        return self._titles.get(theme_id, theme_id)

    # --- what is ticked

    def _heads(self) -> list[QTreeWidgetItem]:
        found = (self.rows.topLevelItem(at) for at in range(self.rows.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _to(self, item: QTreeWidgetItem) -> str | None:
        return str(item.data(0, _TO)) or None

    def _count(self, *_: object) -> None:
        ticked = [self._to(item) for item in self._heads() if is_ticked(item)]
        moves = [move for move in self._lesson.moves if move.to_id in ticked]
        excerpts = sum(move.excerpts for move in moves)
        if moves:
            self.heading.setText(
                self.tr("{excerpts} would move into {themes}").format(
                    excerpts=count(excerpts, "excerpt"), themes=self._into(ticked)
                )
            )
            self.go_button.setText(
                self.tr("Move {excerpts}").format(excerpts=count(excerpts, "excerpt"))
            )
        else:
            self.heading.setText(self.tr("Nothing is ticked."))
            self.go_button.setText(self.tr("Move"))
        self.go_button.setEnabled(bool(moves))

    def _into(self, ticked: list[str | None]) -> str:
        themes = sum(to_id is not None for to_id in ticked)
        unsorted = self.tr("Unsorted")
        if not themes:
            return unsorted
        said = count(themes, "theme")
        return (
            self.tr("{themes} and {unsorted}").format(themes=said, unsorted=unsorted)
            if (None in ticked)
            else said
        )

    def _apply(self) -> None:
        ticked = self.ticked()
        self.accept()
        self.chosen.emit(ticked)
