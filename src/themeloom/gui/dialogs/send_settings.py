"""What a person can choose for sending: limit, threshold, drafts, and what counts for the score."""

from dataclasses import asdict, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.number_field import NumberField
from themeloom.gui.widgets.pane import Line, ScrollPage
from themeloom.insights.sending import Settings
from themeloom.services.sending import PART_NAMES, Weights

_MOST = 1000


class SendSettings(ScrollPage):
    """Tells ``changed`` with every step of a field."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """It shows the usual settings."""
        super().__init__(parent, margin=0, gap=10)
        self._settings = Settings()
        self.limit = self._spin(1, _MOST, self.tr("Insights per PM at most"))
        self.growth = self._spin(0, _MOST, self.tr("Growth of decided insights, in per cent"))
        self.growth.setSuffix(" %")
        self.drafts = QCheckBox(self.tr("Drafts go along"))
        self.drafts.setToolTip(self.tr("Insights that nobody marked as ready."))
        self.drafts.clicked.connect(self._on_drafts)
        self.weights = {
            key: self._spin(0, _MOST, self.tr("Points for {part}").format(part=name))
            for key, name in PART_NAMES.items()
        }
        self.usual_button = QPushButton(self.tr("The usual ones"))
        self.usual_button.setProperty("link", "true")
        self.usual_button.setAccessibleName(self.tr("Use the usual settings"))
        self.usual_button.clicked.connect(self._on_usual)
        self._lay_out()

    def show_settings(self, settings: Settings) -> None:
        """Show what was chosen."""
        self._settings = settings
        for field, value in (
            (self.limit, settings.limit),
            (self.growth, round(100 * settings.growth)),
            *((self.weights[key], round(value)) for key, value in asdict(settings.weights).items()),
        ):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)

    def show_drafts(self, *, on: bool) -> None:
        """Show whether drafts go along in the present plan."""
        self.drafts.setChecked(on)

    def settings(self) -> Settings:
        """Return what is chosen; what was not touched stays as exact as it was."""
        known = self._settings
        growth = known.growth
        if self.growth.value() != round(100 * growth):
            growth = self.growth.value() / 100
        weights = {
            key: value if self.weights[key].value() == round(value) else self.weights[key].value()
            for key, value in asdict(known.weights).items()
        }
        return replace(known, limit=self.limit.value(), growth=growth, weights=Weights(**weights))

    def _lay_out(self) -> None:
        parts = self.parts
        parts.setContentsMargins(sizes.px(2), 0, sizes.px(12), 0)
        for words, field in (
            (self.tr("Insights per PM at most"), self.limit),
            (self.tr("Decided ones come back when they grew by more than"), self.growth),
        ):
            label = Label(words, size=12, quiet=True, wrap=True)
            label.setBuddy(field)
            column = QVBoxLayout()
            column.setSpacing(sizes.px(4))
            column.addWidget(label)
            column.addWidget(field, 0, Qt.AlignmentFlag.AlignLeft)
            parts.addLayout(column)
        parts.addWidget(self.drafts)
        parts.addWidget(Line())
        head = QHBoxLayout()
        head.addWidget(Label(self.tr("Points for the score"), bold=True), 1)
        head.addWidget(self.usual_button)
        parts.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(sizes.px(8))
        grid.setVerticalSpacing(sizes.px(4))
        grid.setColumnStretch(0, 1)
        for row, (key, name) in enumerate(PART_NAMES.items()):
            label = Label(name, size=12)
            label.setBuddy(self.weights[key])
            grid.addWidget(label, row, 0)
            grid.addWidget(self.weights[key], row, 1)
        parts.addLayout(grid)
        parts.addStretch(1)

    def _spin(self, least: int, most: int, name: str) -> QSpinBox:
        field = NumberField()
        field.setRange(least, most)
        field.setAccessibleName(name)
        field.setFixedWidth(sizes.px(84))
        # The style sheet's padding does not reach the text beside the step buttons.
        field.lineEdit().setTextMargins(sizes.px(6), 0, 0, 0)
        field.valueChanged.connect(self._on_value)
        return field

    def _on_value(self, _value: int) -> None:
        self.changed.emit()

    def _on_drafts(self) -> None:
        self._settings = replace(self.settings(), drafts=self.drafts.isChecked())
        self.changed.emit()

    def _on_usual(self) -> None:
        self.show_settings(Settings(folder=self._settings.folder))
        self.changed.emit()
