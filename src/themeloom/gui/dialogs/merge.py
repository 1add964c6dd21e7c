"""Merging themes: what moves is shown before anything moves."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from themeloom.domain.frames import INSIGHT_FIELDS, empty
from themeloom.domain.themes import Status
from themeloom.gui.look import sizes
from themeloom.gui.views.themes.quotes import quotes_of
from themeloom.gui.views.themes.selection_page import called
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import Line, ScrollPage
from themeloom.gui.widgets.shown_text import Mask, masked, no_mask
from themeloom.gui.widgets.swatch import Swatch
from themeloom.insights.wording import count, joined
from themeloom.services import joining
from themeloom.services.joining import ScoreOf
from themeloom.services.view import View

_QUOTES = 2
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Merge:
    """What was chosen.

    Attributes:
        theme_ids: all themes that become one.
        into: the one of them that stays.
        title: another title for it, or None.
    """

    theme_ids: tuple[str, ...]
    into: str
    title: str | None


class MergeDialog(QDialog):
    """What each theme has and scored, what comes of them together, and which title stays."""

    chosen = Signal(object)  # Merge

    def __init__(
        self,
        view: View,
        theme_ids: Sequence[str],
        parent: QWidget | None,
        mask: Mask = no_mask,
        fields: pl.DataFrame | None = None,
    ) -> None:
        """``theme_ids`` are two themes or more, ``fields`` INSIGHT_FIELDS: what was set of them."""
        super().__init__(parent)
        self._themes = view.themes.filter(pl.col("theme_id").is_in(list(theme_ids)))
        self._joined = joining.joined(
            view, empty(INSIGHT_FIELDS) if fields is None else fields, theme_ids
        )
        self._scores = {one.theme_id: one.scores for one in self._joined.members}
        self._lost = Label(wrap=True)
        merge = self.tr("Merge {0}").format(called(self._themes))
        self.setWindowTitle(merge)
        self._radios: list[QRadioButton] = []
        self._choice = QButtonGroup(self)
        self._other = QRadioButton(self.tr("Another title"))
        self._field = QLineEdit()
        self._field.setMaxLength(_LONGEST_TITLE)
        self._field.setAccessibleName(self.tr("Another title"))
        self._field.setPlaceholderText(self.tr("Title of the merged theme"))
        self._field.textEdited.connect(self._on_typed)
        self._merge = QPushButton(merge)
        self._merge.setProperty("primary", True)
        self._merge.setDefault(True)
        self._merge.clicked.connect(self._on_merge)
        self._lay_out(view, mask)
        self._choice.buttonToggled.connect(self._refresh)
        self._radios[self._biggest()].setChecked(True)
        self.resize(sizes.px(560), min(self.sizeHint().height(), sizes.px(620)))

    def _lay_out(self, view: View, mask: Mask) -> None:
        page = ScrollPage(self, margin=0, gap=12)
        for number, theme in enumerate(self._themes.iter_rows(named=True)):
            if number:
                page.parts.addWidget(Line())
            page.parts.addWidget(self._theme(view, theme["theme_id"], theme, mask))
        page.parts.addStretch()
        other = QHBoxLayout()
        self._choice.addButton(self._other)
        other.addWidget(self._other)
        other.addWidget(self._field, 1)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self._merge)
        layout = QVBoxLayout(self)
        space = sizes.px(16)
        layout.setContentsMargins(space, space, space, space)
        layout.setSpacing(sizes.px(12))
        layout.addWidget(Label(self._consequence(view), wrap=True))
        layout.addWidget(Label(self.tr("Which title stays?"), bold=True))
        layout.addWidget(page, 1)
        layout.addLayout(other)
        layout.addWidget(self._lost)
        layout.addWidget(Line(self))
        layout.addLayout(buttons)

    def _consequence(self, view: View) -> str:
        records = joining.together(view, self._themes["theme_id"].to_list())
        overlap = int(self._themes["records"].sum()) - records
        reviewed = int(self._themes["reviewed"].sum())
        words = [self.tr("Together they have {0}.").format(count(records, "record"))]
        if overlap > 0:
            words.append(
                self.tr("{0} in more than one of them, counted once then.").format(
                    count(overlap, "record")
                )
            )
        if reviewed:
            words.append(self.tr("{0} stay reviewed.").format(count(reviewed, "excerpt")))
        if (self._themes["status"] == Status.LOCKED).any():
            words.append(self.tr("Some of them are locked; merging is up to you, not to a run."))
        scored = _score_words(self._joined.scores)
        if scored:
            words.append(self.tr("Together they score {0}.").format(scored))
        words.append(self.tr("You can undo it at any time."))
        return " ".join(words)

    def _theme(self, view: View, theme_id: str, theme: dict[str, object], mask: Mask) -> QWidget:
        part = QWidget()
        radio = QRadioButton(str(theme["title"]).replace("&", "&&"))
        radio.setAccessibleName(self.tr("Keep the title {0}").format(theme["title"]))
        self._radios.append(radio)
        self._choice.addButton(radio)
        head = QHBoxLayout()
        head.setSpacing(sizes.px(6))
        head.addWidget(Swatch(int(str(theme["color"])), part))
        head.addWidget(radio, 1)
        records, reviewed = int(str(theme["records"])), int(str(theme["reviewed"]))
        figures = count(records, "record")
        if reviewed:
            figures += self.tr(" · {0} reviewed").format(f"{reviewed:,}")
        head.addWidget(Label(figures, size=12, quiet=True, tabular=True))
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, sizes.px(4), 0)
        layout.setSpacing(sizes.px(2))
        layout.addLayout(head)
        scored = _score_words(self._scores.get(theme_id, ()))
        if scored:
            line = Label(scored, size=12)
            line.setContentsMargins(sizes.px(22), 0, 0, 0)
            layout.addWidget(line)
        for quote in quotes_of(view, theme_id, mask)[:_QUOTES]:
            line = ElidedLabel(f"“{masked(quote.text, mask)}”", size=12, quiet=True)
            line.setContentsMargins(sizes.px(22), 0, 0, 0)
            layout.addWidget(line)
        return part

    def _biggest(self) -> int:
        """A locked theme's title stands before a larger one's: a person has settled it."""
        order = [
            (status == Status.LOCKED, status == Status.ACTIVE, records)
            for status, records in self._themes.select("status", "records").iter_rows()
        ]
        return order.index(max(order))

    def _on_typed(self) -> None:
        self._other.setChecked(True)
        self._refresh()

    def _refresh(self) -> None:
        typed = " ".join(self._field.text().split())
        self._merge.setEnabled(not self._other.isChecked() or bool(typed))
        self._lost.setText(self._words_lost())
        self._lost.setVisible(bool(self._lost.text()))
        if self._other.isChecked() and not typed:
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _into(self) -> int:
        """Return the place of the theme that stays."""
        if self._other.isChecked():
            return self._biggest()
        return next((n for n, radio in enumerate(self._radios) if radio.isChecked()), 0)

    def _words_lost(self) -> str:
        """Say which edits of insights are not seen any more, or ""."""
        parts = [
            self.tr("“{0}” ({1})").format(one.title, joined(list(one.edits)))
            for one in self._joined.lost(self._themes["theme_id"][self._into()])
        ]
        if not parts:
            return ""
        return self.tr("What you set of these insights is not carried over: {0}.").format(
            joined(parts)
        )

    def _on_merge(self) -> None:
        ids = tuple(self._themes["theme_id"].to_list())
        title = " ".join(self._field.text().split()) if self._other.isChecked() else None
        self.chosen.emit(Merge(ids, ids[self._into()], title))
        self.accept()


def _score_words(scores: Sequence[ScoreOf]) -> str:
    return " · ".join(score.words for score in scores)
