"""The right side of the assistant: how one sheet is read, its columns, records and figures."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from themeloom.domain.previews import Holds
from themeloom.gui.dialogs.import_assistant.cards import RecordCards
from themeloom.gui.dialogs.import_assistant.columns import ColumnTable
from themeloom.gui.dialogs.import_assistant.date_question import DateQuestionBar
from themeloom.gui.dialogs.import_assistant.found import FoundDialog
from themeloom.gui.dialogs.import_assistant.panels import Panels
from themeloom.gui.dialogs.import_assistant.plan import SheetPlan
from themeloom.gui.dialogs.import_assistant.settings_row import SettingsRow
from themeloom.gui.dialogs.import_assistant.words import sentence
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.message_bar import MessageBar
from themeloom.gui.widgets.pane import Line


class SheetPage(QStackedWidget):
    """Shows a sheet from its plan, or a sentence instead; its parts tell what a person changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make the parts; no sheet is shown yet."""
        super().__init__(parent)
        self._sheet: SheetPlan | None = None
        self.bar = MessageBar()
        self.dates = DateQuestionBar()
        self.settings_row = SettingsRow()
        self.columns = ColumnTable()
        self.cards = RecordCards()
        self.panels = Panels()
        self.panels.personal_wanted.connect(self._show_found)
        self.panels.skipped_wanted.connect(self._show_skipped)
        self._nothing = Label(quiet=True, wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()

    @property
    def said(self) -> str:
        """What it says in place of a sheet."""
        return self._nothing.text()

    def say(self, words: str) -> None:
        """Say something in place of a sheet."""
        self._nothing.setText(words)

    def show_nothing(self, words: str) -> None:
        """Show no sheet, and say why."""
        self._sheet = None
        self.setCurrentIndex(0)
        self.say(words)
        self.dates.ask(None, None, settled=False)

    def show_sheet(self, sheet: SheetPlan, saved: Sequence[str]) -> None:
        """Show a sheet anew from its plan; ``saved`` are names of remembered layouts."""
        self._sheet = sheet
        self.setCurrentIndex(1)
        trial = sheet.trial
        self.settings_row.show_sheet(sheet, saved)
        self.dates.ask(
            sheet.question if sheet.choice.include else None,
            sheet.choice.dates,
            settled=sheet.answered,
        )
        is_list = not sheet.is_feedback
        self.columns.show_rows(
            sheet.sheet.head,
            () if is_list else sheet.columns,
            sheet.header_row,
            trial.first_row if trial else sheet.sheet.first_row,
            sheet.kind,
        )
        self.settings_row.set_hint(bool(sheet.columns) and not is_list)
        if is_list:
            self.cards.say(self._about_lists(sheet))
        elif trial is not None and trial.error is not None:
            self.cards.say(sentence("", trial.error))
        elif trial is not None:
            self.cards.show_cards(trial.cards, sheet.records if sheet.totals else None)
        self._show_totals(sheet)

    def _about_lists(self, sheet: SheetPlan) -> str:
        if sheet.sheet.holds is Holds.ACCOUNTS:
            return self.tr(
                "This is a list of accounts. It adds revenue and segments to the records of "
                "these companies; it holds no feedback of its own. If it does, choose a kind above."
            )
        return self.tr(
            "This says who answers for which product area. It holds no feedback of its own. "
            "If it does, choose a kind above."
        )

    def _show_totals(self, sheet: SheetPlan) -> None:
        self.panels.setVisible(sheet.is_feedback and not sheet.failed)
        self.panels.show_totals(sheet.totals, sheet.choice.duplicates)
        if not sheet.choice.include:
            self.panels.setVisible(False)

    def _show_found(self) -> None:
        if self._sheet is None or self._sheet.totals is None:
            return
        personal = self._sheet.totals.personal
        FoundDialog(
            self.tr("Personal data in {name}").format(name=self._sheet.preview.name),
            self.tr(
                "The first {n} places in the texts. They are masked in everything you send out; "
                "here they stay as they are."
            ).format(n=len(personal.samples)),
            (self.tr("What"), self.tr("Found"), self.tr("Where")),
            [(sample.what, sample.value, sample.place) for sample in personal.samples],
            self,
        ).open()

    def _show_skipped(self) -> None:
        if self._sheet is None or self._sheet.totals is None:
            return
        rows = [
            (f"{reason.rows:,}", reason.reason, self._places(reason.rows, reason.places))
            for reason in self._sheet.totals.skipped
        ]
        FoundDialog(
            self.tr("Skipped rows of {name}").format(name=self._sheet.preview.name),
            self.tr(
                "These rows do not become records. Sources lists each of them after the import."
            ),
            (self.tr("Rows"), self.tr("Why"), self.tr("Where")),
            rows,
            self,
        ).open()

    @staticmethod
    def _places(rows: int, places: Sequence[str]) -> str:
        return ", ".join(places) + (" …" if rows > len(places) else "")

    def _lay_out(self) -> None:
        empty = QWidget()
        center = QVBoxLayout(empty)
        center.setContentsMargins(sizes.px(60), 0, sizes.px(60), 0)
        center.addWidget(self._nothing)
        self.addWidget(empty)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.dates)
        middle = QVBoxLayout()
        middle.setContentsMargins(sizes.px(12), sizes.px(10), sizes.px(12), sizes.px(10))
        middle.setSpacing(sizes.px(10))
        middle.addWidget(self.settings_row)
        framed = QFrame()
        framed.setProperty("card", "true")
        inside = QVBoxLayout(framed)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.columns)
        middle.addWidget(framed, 5)
        self.cards.setMinimumHeight(sizes.px(128))
        middle.addWidget(self.cards, 3)
        layout.addLayout(middle, 1)
        layout.addWidget(Line())
        layout.addWidget(self.panels)
        self.addWidget(page)
