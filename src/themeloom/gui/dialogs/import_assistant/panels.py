"""What becomes of a sheet as a whole: duplicates, personal data, the report."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from themeloom.base.figures import counted
from themeloom.domain.previews import PersonalData, SkipReason, Totals
from themeloom.domain.records import Duplicates
from themeloom.gui.dialogs.import_assistant.words import listed
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import clear
from themeloom.gui.widgets.picture import Picture

_REASONS = 2  # that have a line of their own


class Panels(QFrame):
    """Three panels side by side. Figures that are still being counted say so."""

    duplicates_chosen = Signal(object)  # Duplicates
    personal_wanted = Signal()
    skipped_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make empty panels."""
        super().__init__(parent)
        self.setProperty("pane", "surface")
        self._totals: Totals | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(sizes.px(12), sizes.px(10), sizes.px(12), sizes.px(10))
        row.setSpacing(sizes.px(12))
        row.addLayout(self._make_duplicates(), 1)
        row.addWidget(_line())
        row.addLayout(self._make_personal(), 1)
        row.addWidget(_line())
        row.addLayout(self._make_report(), 1)
        self.show_totals(None, Duplicates.COUNT_ONCE)

    def show_totals(self, totals: Totals | None, duplicates: Duplicates) -> None:
        """Show what a sheet comes to, or that it is being counted."""
        self._totals = totals
        keep = duplicates is Duplicates.KEEP_ALL
        self.choice.setCurrentIndex(1 if keep else 0)
        waiting = self.tr("Counting…")
        if totals is None:
            self._copies.setText(self.tr("Duplicates"))
            self._copies_text.setText(waiting)
            self._personal_text.setText(waiting)
            self.found_button.setEnabled(False)
            self._fill_report(None)
            return
        copies = self.tr("{n} duplicates").format(n=f"{totals.duplicates:,}")
        if totals.duplicates == 1:
            copies = self.tr("1 duplicate")
        elif totals.duplicates == 0:
            copies = self.tr("Every record counts") if keep else self.tr("No duplicates")
        self._copies.setText(copies)
        self._copies_text.setText(
            self.tr("Copies are not looked for.")
            if keep
            else self.tr("Same text, from the same person or too long for chance.")
            + (" " + self.tr("Kept and counted once.") if totals.duplicates else "")
        )
        self._personal_text.setText(self._found(totals.personal))
        self.found_button.setEnabled(bool(totals.personal.samples))
        self.found_button.setToolTip(
            "" if totals.personal.samples else self.tr("Nothing was found in the texts.")
        )
        self._fill_report(totals)

    def report_lines(self) -> list[tuple[str, str]]:
        """Return what the report says, line by line."""
        lines: list[tuple[str, str]] = []
        for row in range(self._report.rowCount()):
            pair = [self._report.itemAtPosition(row, column) for column in (0, 1)]
            texts = [
                widget.text() if isinstance(widget := item.widget(), QLabel | QPushButton) else ""
                for item in pair
                if item is not None
            ]
            if len(texts) == 2:
                lines.append((texts[0], texts[1]))
        return lines

    def _make_duplicates(self) -> QVBoxLayout:
        column, self._copies = _column("copy", self.tr("Duplicates"))
        self._copies_text = Label(size=12, quiet=True, wrap=True)
        column.addWidget(self._copies_text)
        self.choice = QComboBox()
        self.choice.addItem(self.tr("Count once"), Duplicates.COUNT_ONCE)
        self.choice.addItem(self.tr("Keep all"), Duplicates.KEEP_ALL)
        self.choice.setAccessibleName(self.tr("What becomes of duplicates"))
        self.choice.activated.connect(self._on_choice)
        column.addStretch(1)
        column.addWidget(self.choice, 0, Qt.AlignmentFlag.AlignLeft)
        return column

    def _on_choice(self, at: int) -> None:
        self.duplicates_chosen.emit(Duplicates.KEEP_ALL if at else Duplicates.COUNT_ONCE)

    def _make_personal(self) -> QVBoxLayout:
        column, _ = _column("lock", self.tr("Personal data"))
        self._personal_text = Label(size=12, quiet=True, wrap=True)
        column.addWidget(self._personal_text)
        self.found_button = QPushButton(self.tr("Show what was found"))
        self.found_button.clicked.connect(self.personal_wanted)
        column.addStretch(1)
        column.addWidget(self.found_button, 0, Qt.AlignmentFlag.AlignLeft)
        return column

    def _make_report(self) -> QVBoxLayout:
        column, _ = _column("check", self.tr("Report for this sheet"), "ok")
        self._report = QGridLayout()
        self._report.setHorizontalSpacing(sizes.px(12))
        self._report.setVerticalSpacing(sizes.px(1))
        self._report.setColumnStretch(0, 1)
        column.addLayout(self._report)
        column.addStretch(1)
        return column

    def _found(self, personal: PersonalData) -> str:
        parts = [
            counted(number, one, many)
            for number, one, many in (
                (personal.emails, self.tr("e-mail"), self.tr("e-mails")),
                (personal.phones, self.tr("phone number"), self.tr("phone numbers")),
                (personal.names, self.tr("name"), self.tr("names")),
                (personal.others, self.tr("bank or card number"), self.tr("bank or card numbers")),
            )
            if number
        ]
        if not parts:
            return self.tr("None was found.")
        return self.tr("{found}. Masked in everything you send out.").format(found=listed(parts))

    def _fill_report(self, totals: Totals | None) -> None:
        clear(self._report)
        if totals is None:
            self._report.addWidget(Label(self.tr("Counting…"), size=12, quiet=True), 0, 0)
            return
        lines: list[tuple[str, int, bool]] = [
            (self.tr("Rows read"), totals.read, False),
            (self.tr("Taken"), totals.taken, False),
        ]
        if totals.updated:
            lines.append((self.tr("Known already, brought up to date"), totals.updated, False))
        if totals.duplicates:
            lines.append((self.tr("Duplicates"), totals.duplicates, False))
        lines += [(self._skip(reason), reason.rows, True) for reason in totals.skipped[:_REASONS]]
        rest = sum(reason.rows for reason in totals.skipped[_REASONS:])
        if rest:
            lines.append((self.tr("Skipped for other reasons"), rest, True))
        for row, (words, number, is_link) in enumerate(lines):
            name = Label(words, size=12)
            name.setWordWrap(True)
            self._report.addWidget(name, row, 0)
            figure: QWidget
            if is_link:
                figure = QPushButton(f"{number:,}")
                figure.setProperty("link", "true")
                figure.setAutoDefault(False)
                figure.setMinimumSize(0, 0)
                figure.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
                figure.setAccessibleName(
                    self.tr("Show the {n} skipped rows").format(n=f"{number:,}")
                )
                figure.clicked.connect(self.skipped_wanted)
            else:
                figure = Label(f"{number:,}", size=12, bold=True, tabular=True)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            self._report.addWidget(figure, row, 1, right)

    def _skip(self, reason: SkipReason) -> str:
        return self.tr("Skipped: {reason}").format(reason=reason.reason)


def _column(outline: str, title: str, color: str = "text-2") -> tuple[QVBoxLayout, Label]:
    column = QVBoxLayout()
    column.setSpacing(sizes.px(6))
    head = QHBoxLayout()
    head.setSpacing(sizes.px(8))
    label = Label(title, bold=True)
    head.addWidget(Picture(15, outline, color))
    head.addWidget(label, 1)
    column.addLayout(head)
    return column, label


def _line() -> QFrame:
    line = QFrame()
    line.setFixedWidth(1)
    line.setProperty("pane", "sunken")
    return line
