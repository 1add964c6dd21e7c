"""The excerpt under review between what stands before and after it in its record."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.themes.record_text import Composed, RecordText, cut
from themeloom.gui.views.themes.wording import DASH, quote_line, short_day
from themeloom.gui.widgets.customer_text import CustomerText, Stretch, Style
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.shown_text import Mask
from themeloom.gui.widgets.swatch import Swatch
from themeloom.services.likeness import Shared

#: Of what stands before and after, as much is shown as helps to understand.
_AROUND = {"least": 160, "pieces": 2}
_NEAR = {"least": 40, "pieces": 1}


class ExcerptInPlace(QWidget):
    """Where it is from, the lines before, the excerpt itself, the lines after."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """It shows nothing yet."""
        super().__init__(parent)
        self._swatch = Swatch(-1, self)
        self._from = ElidedLabel(size=12, quiet=True)
        self._before = CustomerText(self, grows=True)
        self._after = CustomerText(self, grows=True)
        self._excerpt = CustomerText(self, size=16, grows=True)
        self._before.setAccessibleName(self.tr("What stands before"))
        self._after.setAccessibleName(self.tr("What stands after"))
        self._excerpt.setAccessibleName(self.tr("Excerpt under review"))
        # A click into a text must not take the keys away: arrows and letters belong to the review.
        for text in (self._before, self._excerpt, self._after):
            text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.card = card = _Card(self)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(sizes.px(18), sizes.px(14), sizes.px(14), sizes.px(14))
        inside.addWidget(self._excerpt)
        head = QHBoxLayout()
        head.setSpacing(sizes.px(4))
        head.addWidget(self._swatch)
        head.addWidget(self._from, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(sizes.px(12))
        layout.addLayout(head)
        layout.addWidget(self._before)
        layout.addWidget(card)
        layout.addWidget(self._after)

    @property
    def shown(self) -> str:
        """The text of the excerpt as it stands there, with tokens."""
        return self._excerpt.shown

    def show_excerpt(
        self,
        row: dict[str, Any],
        record: RecordText | None,
        shared: Sequence[Shared],
        color: int,
        mask: Mask,
        *,
        short: bool = False,
    ) -> None:
        """Show an excerpt.

        Args:
            row: from ``suggestion.excerpt_row``.
            record: its record's text, None while it is being read.
            shared: what to mark in it.
            color: place of the group's colour.
            mask: what is personal.
            short: whether there is room for little of what stands around it.
        """
        self._swatch.set_color(color)
        day = short_day(row["date"])
        self._from.setText(DASH.join(part for part in (quote_line(row, mask), day) if part))
        marks = [
            Stretch(one.start, one.end, Style.MARK)
            for one in shared
            if one.excerpt in (None, row["excerpt"])
        ]
        self._excerpt.show_text(row["text"], marks, mask)
        before: tuple[str, list[Stretch]] = ("", [])
        after = before
        if record is not None:
            composed = Composed(record)
            begin, finish = composed.around(
                row["start"], row["end"], **(_NEAR if short else _AROUND)
            )
            first, last = composed.start(row["start"]), composed.end(row["end"])
            stretches = composed.stretches([], {}, None)
            quiet = [Stretch(0, len(composed.source), Style.QUIET), *stretches]
            before = cut(composed.source, quiet, begin, first)
            after = cut(composed.source, quiet, last, finish)
        for field, (text, looks) in ((self._before, before), (self._after, after)):
            field.show_text(text, looks, mask)
            field.setVisible(bool(text))


class _Card(QFrame):
    """The frame around the excerpt: the accent at its edge says that it is the one."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = tokens()
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(colors.color("edge"))
        painter.setBrush(colors.color("surface"))
        painter.drawRoundedRect(frame, 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.color("accent"))
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        width = sizes.px(3)
        left = self.width() - width if rtl else 0
        painter.drawRoundedRect(QRectF(left, 0, width, self.height()), 1.5, 1.5)
