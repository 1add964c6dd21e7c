"""The suggested theme with the reason, and the button that accepts it."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.views.themes.review.suggestion import Suggestion
from themeloom.gui.views.themes.wording import FITS
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.fit import FitBars
from themeloom.gui.widgets.flow import FlowLayout
from themeloom.gui.widgets.key_label import key_text
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.link import LinkButton
from themeloom.gui.widgets.pane import clear
from themeloom.gui.widgets.shown_text import Mask, masked
from themeloom.gui.widgets.swatch import Swatch


class SuggestionCard(QFrame):
    """Says which theme, how well it fits, why, and what comes next."""

    accepted = Signal()
    other_chosen = Signal(str)  # theme id of one of the next best

    def __init__(self, parent: QWidget | None = None) -> None:
        """It suggests nothing yet."""
        super().__init__(parent)
        self.setProperty("pane", "window")
        self.setStyleSheet("SuggestionCard { border: 1px solid palette(mid); border-radius: 6px; }")
        self._word = Label(size=12, quiet=True)
        self._swatch = Swatch(-1, self)
        self._title = ElidedLabel(size=15, bold=True)
        self._bars = FitBars(self)
        self._fit = Label()
        self._reason = Label(size=12, wrap=True)
        self._others = QWidget(self)
        self._others_row = FlowLayout(self._others, gap=sizes.px(4))
        self._button = QPushButton(f"{self.tr('Accept')}   {key_text('A')}")
        self._button.setAccessibleName(self.tr("Accept"))
        self._button.setProperty("primary", True)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self.accepted)
        head = QHBoxLayout()
        head.setSpacing(sizes.px(6))
        for part in (self._word, self._swatch):
            head.addWidget(part)
        head.addWidget(self._title, 1)
        for part in (self._bars, self._fit):
            head.addWidget(part)
        head.addSpacing(sizes.px(8))
        head.addWidget(self._button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(sizes.px(16), sizes.px(12), sizes.px(16), sizes.px(12))
        layout.setSpacing(sizes.px(6))
        layout.addLayout(head)
        layout.addWidget(self._reason)
        layout.addWidget(self._others)

    @property
    def words(self) -> str:
        """All that it says, as it is read aloud."""
        return self.accessibleDescription()

    def show_suggestion(self, suggestion: Suggestion | None, decided: str, mask: Mask) -> None:
        """Show what is suggested; ``decided`` says what was decided of it before."""
        self._button.setEnabled(suggestion is not None)
        for part in (self._swatch, self._bars, self._fit, self._others):
            part.setVisible(suggestion is not None)
        if suggestion is None:
            self._word.setText("")
            self._title.setText(self.tr("No theme comes near"))
            self._reason.setText(self.tr("T picks one or makes a new one, U leaves it unsorted."))
            self.setAccessibleDescription(f"{self._title.text()}. {self._reason.text()}")
            return
        self._word.setText(decided or self.tr("Suggested"))
        self._swatch.set_color(suggestion.color)
        self._title.setText(suggestion.title)
        self._bars.show_fit(suggestion.fit)
        self._fit.setText(FITS.get(suggestion.fit or "", ""))
        reason = masked(suggestion.reason, mask)
        self._reason.setText(f"{reason}." if reason else " ")
        parts = (self._word, self._title, self._fit, self._reason)
        said = [part.text() for part in parts if part.text()]
        if suggestion.others:
            said.append(self._show_others(suggestion))
        self._others.setVisible(bool(suggestion.others))
        self.setAccessibleDescription(". ".join(said))

    def _show_others(self, suggestion: Suggestion) -> str:
        """Show the next best, each a link that moves the excerpt there; return them in words."""
        clear(self._others_row)
        head = self.tr("Next best") + ":"
        parts: list[QWidget] = [Label(head, size=12, quiet=True)]
        words: list[str] = []
        for theme_id, title, fit in suggestion.others:
            said = f"({FITS.get(fit, fit).lower()})"
            words.append(f"{title} {said}")
            link = LinkButton(title)
            link.setAccessibleName(self.tr("Move to {title}").format(title=title))
            link.setCursor(Qt.CursorShape.PointingHandCursor)
            link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            link.clicked.connect(partial(self._on_other, theme_id))
            parts += [link, Label(said, size=12, quiet=True)]
        height = max(part.sizeHint().height() for part in parts)
        for part in parts:
            part.setMinimumHeight(height)  # all stand on one line
            self._others_row.addWidget(part)
        return f"{head} {', '.join(words)}"

    def _on_other(self, theme_id: str, _checked: bool = False) -> None:
        self.other_chosen.emit(theme_id)
