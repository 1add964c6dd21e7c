"""What counts for a sheet as a whole: its kind, whose layout it has, whom it is about."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from themeloom.domain.previews import Holds, Shape
from themeloom.domain.records import About, Kind
from themeloom.gui.dialogs.import_assistant.plan import SheetPlan
from themeloom.gui.dialogs.import_assistant.words import kind_name, profile_name
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.importers.profiles import profiles


class SettingsRow(QWidget):
    """Three boxes in a row, and the hint about the header row."""

    kind_chosen = Signal(object)  # Kind or None
    profile_chosen = Signal(object, object)  # saved profile or None, layout of a tool or None
    about_chosen = Signal(object)  # About
    no_header_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make empty boxes."""
        super().__init__(parent)
        self._has_columns = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(sizes.px(8))
        self.kind = _box(self.tr("Kind"), row)
        self.profile = _box(self.tr("Profile"), row)
        self.about = _box(self.tr("About"), row)
        self.about.addItem(self.tr("Us"), About.US)
        self.about.addItem(self.tr("A competitor"), About.COMPETITOR)
        row.addStretch(1)
        self._hint = Label(self.tr("Click the row with the column names"), size=12, quiet=True)
        self.no_header = QPushButton(self.tr("No such row"))
        self.no_header.setProperty("link", "true")
        self.no_header.setAutoDefault(False)
        self.no_header.setToolTip(self.tr("The columns have no names: all rows are content."))
        self.no_header.clicked.connect(self.no_header_wanted)
        row.addWidget(self._hint)
        row.addWidget(self.no_header)
        self.kind.activated.connect(self._on_kind)
        self.profile.activated.connect(self._on_profile)
        self.about.activated.connect(self._on_about)

    def show_sheet(self, sheet: SheetPlan, saved: Sequence[str]) -> None:
        """Show what counts for a sheet; ``saved`` are the names of the person's own profiles."""
        self._fill_kinds(sheet)
        self._fill_profiles(sheet, saved)
        self.about.setCurrentIndex(list(About).index(sheet.choice.about))
        self.no_header.setEnabled(sheet.header_row != 0)

    def set_hint(self, shown: bool) -> None:
        """Show what is said about the header row only where there are columns."""
        self._has_columns = shown
        self.no_header.setVisible(shown)
        self._show_hint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The hint goes where there is no room for it."""
        super().resizeEvent(event)
        self._show_hint()

    def _show_hint(self) -> None:
        needed = sum(
            widget.sizeHint().width() + sizes.px(8)
            for widget in self.findChildren(QWidget)
            if widget.parent() is self and (widget is self._hint or not widget.isHidden())
        )
        self._hint.setVisible(self._has_columns and needed <= self.width())

    def _fill_kinds(self, sheet: SheetPlan) -> None:
        self.kind.clear()
        open_name = {
            Holds.ACCOUNTS: self.tr("List of accounts"),
            Holds.ROSTER: self.tr("Product areas and PMs"),
        }.get(sheet.sheet.holds)
        if len(sheet.sheet.by_kind) > 1:
            open_name = self.tr("As recognised")
        if open_name is not None:
            self.kind.addItem(open_name, None)
        for kind in Kind:
            self.kind.addItem(kind_name(kind), kind)
        shown = sheet.choice.kind if open_name is not None else sheet.kind
        at = next((at for at in range(self.kind.count()) if self.kind.itemData(at) == shown), -1)
        self.kind.setCurrentIndex(at)
        if at < 0:
            self.kind.setPlaceholderText(self.tr("Choose…"))

    def _fill_profiles(self, sheet: SheetPlan, saved: Sequence[str]) -> None:
        self.profile.clear()
        table = sheet.preview.shape in (Shape.TABLE, Shape.WORKBOOK)
        self.profile.setEnabled(table)
        if not table:
            self.profile.addItem(self.tr("Notes and transcripts"))
            return
        recognised = sheet.sheet.profile
        guessed = self.tr("Guessed from columns")
        if recognised not in (None, "generic"):
            guessed = self.tr("{tool}, recognised").format(tool=profile_name(str(recognised)))
        self.profile.addItem(guessed, (None, None))
        if saved:
            self.profile.insertSeparator(self.profile.count())
        for name in saved:
            self.profile.addItem(name, (name, None))
        self.profile.insertSeparator(self.profile.count())
        for name in profiles():
            if name not in ("generic", recognised):
                self.profile.addItem(profile_name(name), (None, name))
        layout = sheet.choice.profile if sheet.saved is None else None
        wanted = (sheet.saved, None if layout in ("generic", recognised) else layout)
        for at in range(self.profile.count()):
            data = self.profile.itemData(at)
            if data is not None and tuple(data) == wanted:
                self.profile.setCurrentIndex(at)

    def _on_kind(self, at: int) -> None:
        data = self.kind.itemData(at)
        self.kind_chosen.emit(None if data is None else Kind(data))

    def _on_profile(self, at: int) -> None:
        data = self.profile.itemData(at)
        if data is not None:
            saved, layout = data
            self.profile_chosen.emit(saved, layout)

    def _on_about(self, at: int) -> None:
        self.about_chosen.emit(list(About)[at])


def _box(name: str, row: QHBoxLayout) -> QComboBox:
    label = Label(name, size=12, quiet=True)
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    label.setBuddy(box)
    row.addWidget(label)
    row.addWidget(box)
    row.addSpacing(sizes.px(4))
    return box
