"""The type-ahead picker: a few letters find the theme, or make a new one."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QWidget

from themeloom.base.folding import fold
from themeloom.gui.views.themes.ranking import Found, ThemeChoice, choices_of, ranked
from themeloom.gui.widgets.key_label import key_text
from themeloom.gui.widgets.popup_list import PopupList, Row
from themeloom.insights.wording import count
from themeloom.services.view import View

_MOST_RECENT = 8
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class _New:
    """The row that makes a theme."""

    title: str


class ThemePicker(PopupList):
    """Opens under what it changes. Which themes were used last it remembers itself.

    ``chosen`` and ``created`` tell whether the excerpts get a further theme (``also``) or move.
    """

    chosen = Signal(str, bool)  # theme id, also
    created = Signal(str, bool)  # title, also

    def __init__(self, parent: QWidget) -> None:
        """It belongs to the view ``parent``."""
        super().__init__(
            parent, width=404, hint=self.tr("Find or name a theme"), name=self.tr("Pick a theme")
        )
        self._choices: list[ThemeChoice] = []
        self._recent: list[str] = []
        self._also = False
        self._creates = True
        self.typed.connect(self._on_typed)
        self.taken.connect(self._on_taken)

    def pick(
        self,
        view: View,
        anchor: QWidget | QRect,
        *,
        also: bool = False,
        create: bool = True,
        without: Sequence[str] = (),
    ) -> None:
        """Open it.

        Args:
            view: whose themes are offered.
            anchor: what it opens under; a rectangle is global.
            also: Enter adds a further theme instead of moving.
            create: whether a new theme can be made.
            without: themes that are not offered.
        """
        hidden = set(without)
        self._choices = [one for one in choices_of(view) if one.theme_id not in hidden]
        self._also, self._creates = also, create
        self.set_foot(
            self.tr("Enter adds it as a second theme · Esc closes")
            if also
            else self.tr("Enter moves it · Shift+Enter adds a second theme · Esc closes")
        )
        self._on_typed("")
        if isinstance(anchor, QWidget):
            anchor = QRect(anchor.mapToGlobal(QPoint(0, 0)), anchor.size())
        self.open_under(anchor)

    @property
    def recent(self) -> list[str]:
        """Ids of the themes used last, newest first: kept over a restart by whoever asks."""
        return list(self._recent)

    def set_recent(self, theme_ids: Sequence[str]) -> None:
        """Take up what was used last."""
        self._recent = list(theme_ids)[:_MOST_RECENT]

    def _on_typed(self, typed: str) -> None:
        found = ranked(self._choices, typed, self._recent)
        rows = [self._row(one, first=at == 0) for at, one in enumerate(found)]
        title = " ".join(typed.split())[:_LONGEST_TITLE]
        taken = {fold(one.choice.title.text) for one in found}
        if title and self._creates and fold(title) not in taken:
            new = self.tr("New theme “{0}”").format(title)
            rows.append(
                Row(
                    new,
                    _New(title),
                    icon="add",
                    keys=key_text("Ctrl+Return") if found else key_text("Return"),
                    apart=bool(found),
                )
            )
        total = len(self._choices)
        shown = self.tr("{0} of {1}").format(len(found), total) if title else f"{total:,}"
        self.show_rows(rows, shown, self.tr("No theme yet. Type a title to make one."))

    def _row(self, found: Found, *, first: bool) -> Row:
        choice = found.choice
        text = choice.title.text
        spans = found.spans
        if found.phrase:
            head = f"{text} ({self.tr('key phrase')}: "
            spans = tuple((a + len(head), b + len(head)) for a, b in found.phrase_spans)
            text = f"{head}{found.phrase})"
        return Row(
            text,
            choice.theme_id,
            bold=spans,
            swatch=choice.color,
            right=count(choice.records, "record"),
            keys=key_text("Return") if first else "",
        )

    def _on_taken(self, key: object, modifiers: Qt.KeyboardModifier) -> None:
        also = self._also or bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            new = next((row.key for row in self.rows() if isinstance(row.key, _New)), None)
            if new is None:
                return
            key = new
        self.hide()
        if isinstance(key, _New):
            self.created.emit(key.title, also)
        elif isinstance(key, str):
            self._recent = [key, *(one for one in self._recent if one != key)][:_MOST_RECENT]
            self.chosen.emit(key, also)
