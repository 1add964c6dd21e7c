"""What the inspector says where not just one theme is selected."""

from collections.abc import Sequence

import polars as pl
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from themeloom.domain.themes import Level, Status
from themeloom.gui.views.themes.theme_rows import ThemeRows
from themeloom.gui.views.themes.wording import REASONS
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import Line, ScrollPage
from themeloom.insights.wording import count, joined
from themeloom.services import joining
from themeloom.services.view import View


class SelectionPage(ScrollPage):
    """Several themes, the unsorted excerpts, or nothing."""

    merge_asked = Signal(object)  # list of theme ids
    theme_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """It says what to select."""
        super().__init__(parent)
        self._theme_ids: list[str] = []
        self._read_only = False
        self._reason = ""  # why they cannot be merged
        self._head = Label(size=15, bold=True, wrap=True)
        self._words = Label(wrap=True)
        self._themes = ThemeRows(self)
        self._themes.clicked.connect(self.theme_clicked)
        self._merge = QPushButton()
        self._merge.clicked.connect(self._on_merge)
        self.parts.addWidget(self._head)
        self.parts.addWidget(self._words)
        self._line = Line(self)
        self.parts.addWidget(self._line)
        self.parts.addWidget(self._themes)
        self.parts.addWidget(self._merge)
        self.parts.addStretch(1)
        self.show_nothing()

    def set_read_only(self, read_only: bool) -> None:
        """Merging is a change."""
        self._read_only = read_only
        self._merge.setEnabled(not read_only and not self._reason)

    def show_nothing(self) -> None:
        """Say what to select."""
        self._say(
            self.tr("Nothing selected"),
            self.tr("Select a theme to see what it says, and who says it."),
        )

    def show_words(self, head: str, words: str) -> None:
        """Say what the table shows where that is no theme."""
        self._say(head, words)

    def show_themes(self, view: View, theme_ids: Sequence[str]) -> None:
        """Show several themes and what they are together."""
        themes = view.themes.filter(pl.col("theme_id").is_in(list(theme_ids)))
        self._theme_ids = themes["theme_id"].to_list()
        records = joining.together(view, self._theme_ids)
        words = [self.tr("Together {0}.").format(count(records, "record"))]
        overlap = int(themes["records"].sum()) - records
        if overlap > 0:
            words.append(self.tr("{0} in more than one of them.").format(count(overlap, "record")))
        locked = int((themes["status"] == Status.LOCKED).sum())
        if locked:
            words.append(self.tr("{0} locked.").format(count(locked, "theme")))
        self._reason = joining.why_not(view, self._theme_ids)
        if self._reason:
            words.append(self._reason)
        what = called(themes)
        self._say(self.tr("{0} selected").format(what), " ".join(words))
        self._line.show()
        self._themes.show()
        self._themes.show_themes(themes)
        self._merge.setText(self.tr("Merge {0}…").format(what))
        self._merge.setToolTip(self._reason)
        self._merge.setEnabled(not self._read_only and not self._reason)
        self._merge.show()

    def show_unsorted(self, view: View) -> None:
        """Say what unsorted excerpts are and what can be done with them."""
        waiting = view.excerpts.filter(pl.col("theme_id").is_null() & pl.col("left_out").is_null())
        lines = [
            self.tr(
                "These excerpts fit no theme well enough, so they are in none. A run never forces"
                " them into one."
            ),
            self.tr(
                "A accepts the nearest theme, T picks another one or makes a new one. What really"
                " belongs nowhere may stay here."
            ),
        ]
        for reason, n in (
            waiting.drop_nulls("reason")
            .group_by("reason")
            .len()
            .sort("len", descending=True)
            .iter_rows()
        ):
            words = REASONS.get(reason, reason)
            lines.append(f"{words}: {n:,}")
        unknown = waiting["reason"].null_count()
        if unknown:
            lines.append(self.tr("Not looked at by a run yet: {0}").format(f"{unknown:,}"))
        head = self.tr("{0} unsorted").format(count(waiting.height, "excerpt"))
        if not waiting.height:
            head, lines = self.tr("Nothing unsorted"), [self.tr("Every excerpt has its theme.")]
        self._say(head, "\n\n".join(lines[:2]) + "\n\n" + "\n".join(lines[2:]))

    def _say(self, head: str, words: str) -> None:
        self._head.setText(head)
        self._words.setText(words.strip())
        self._line.hide()
        self._themes.hide()
        self._merge.hide()

    def _on_merge(self) -> None:
        self.merge_asked.emit(list(self._theme_ids))


def called(themes: pl.DataFrame) -> str:
    """Return what themes of a view are called: "2 themes", "1 group and 1 theme"."""
    groups = int((themes["level"] == Level.GROUP).sum())
    parts = ((groups, "group"), (themes.height - groups, "theme"))
    return joined([count(n, word) for n, word in parts if n])
