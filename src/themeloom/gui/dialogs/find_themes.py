"""Asks how themes shall be found: how fine, how small, and what becomes of those that are there."""

import polars as pl
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from themeloom.base.settings import Settings
from themeloom.domain.encoders import Way
from themeloom.gui.look import sizes
from themeloom.gui.widgets.number_field import NumberField
from themeloom.services import encoders
from themeloom.services.synthesis import SynthesisOptions
from themeloom.services.view import View

_FINENESS = ("fewer", "balanced", "more")


class FindThemesDialog(QDialog):
    """Signals ``wanted`` with the options when the person starts the search."""

    wanted = Signal(object)  # SynthesisOptions

    def __init__(self, view: View, settings: Settings, parent: QWidget | None = None) -> None:
        """Ask about the project as ``view`` shows it."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Find themes"))
        self.setMinimumWidth(sizes.px(460))
        self._settings = settings
        layout = QVBoxLayout(self)
        layout.setContentsMargins(sizes.px(20), sizes.px(18), sizes.px(20), sizes.px(16))
        layout.setSpacing(sizes.px(8))
        heading = QLabel(
            self.tr("{n} excerpts will be sorted by what they are about.").format(
                n=f"{view.totals.all_excerpts:,}"
            )
        )
        heading.setFont(sizes.font(15, bold=True))
        heading.setWordWrap(True)
        layout.addWidget(heading)
        layout.addWidget(
            _quiet(self.tr("You see proposals first. Nothing counts before you accept it."))
        )
        layout.addSpacing(sizes.px(8))
        layout.addWidget(_label(self.tr("How fine?")))
        self._fineness = QButtonGroup(self)
        chosen = settings.get("engine.fineness", "balanced")
        for number, (name, title, hint) in enumerate(
            (
                ("fewer", self.tr("Fewer, broader themes"), self.tr("for a first overview")),
                ("balanced", self.tr("As the texts suggest"), self.tr("usually right")),
                ("more", self.tr("More, finer themes"), self.tr("for large collections")),
            )
        ):
            button = QRadioButton(f"{title}  ·  {hint}")
            button.setChecked(name == chosen)
            self._fineness.addButton(button, number)
            layout.addWidget(button)
        if self._fineness.checkedButton() is None:
            self._fineness.button(1).setChecked(True)
        layout.addWidget(
            _quiet(self.tr("You can move the cut afterwards and see the labels change."))
        )
        layout.addSpacing(sizes.px(8))
        row = QHBoxLayout()
        label = _label(self.tr("Smallest theme"))
        self._smallest = NumberField()
        self._smallest.setRange(0, 1000)
        self._smallest.setSpecialValueText(self.tr("found by itself"))
        self._smallest.setSuffix(self.tr(" records"))
        self._smallest.setValue(settings.get("engine.smallest", 0))
        self._smallest.setAccessibleName(self.tr("Smallest theme, in records"))
        label.setBuddy(self._smallest)
        row.addWidget(label)
        row.addWidget(self._smallest)
        row.addStretch(1)
        layout.addLayout(row)
        self._add_reading(layout, view)
        themes, reviewed = view.totals.themes, view.totals.reviewed
        one = self.tr("Keep the theme that is there, and sort into it first")
        many = self.tr("Keep the {n} themes that are there, and sort into them first")
        self._keep = QCheckBox((one if themes == 1 else many).format(n=f"{themes:,}"))
        self._keep.setChecked(True)
        has_themes = themes > 0
        self._keep.setVisible(has_themes)
        layout.addWidget(self._keep)
        one = self.tr("The reviewed excerpt and everything locked stay as they are in any case.")
        many = self.tr("{n} reviewed excerpts and everything locked stay as they are in any case.")
        none = self.tr(
            "What is locked stays as it is in any case, and what you review from now on."
        )
        self._protected = _quiet(
            (one if reviewed == 1 else many if reviewed else none).format(n=f"{reviewed:,}")
        )
        self._protected.setVisible(has_themes)
        layout.addWidget(self._protected)
        layout.addSpacing(sizes.px(12))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.start_button = QPushButton(self.tr("Find themes"))
        self.start_button.setProperty("primary", "true")
        self.start_button.setDefault(True)
        self.start_button.clicked.connect(self._start)
        buttons.addWidget(cancel)
        buttons.addWidget(self.start_button)
        layout.addLayout(buttons)
        self._tell()
        # Else the keyboard begins on the first, that may not be chosen.
        self._fineness.button(self._fineness.checkedId()).setFocus()

    def _add_reading(self, layout: QVBoxLayout, view: View) -> None:
        """Add what reads the texts, what it cannot read, and the way themes are found."""
        self.encoder_box = QComboBox()
        for choice in encoders.choices(self._settings):
            self.encoder_box.addItem(f"{choice.title}  ·  {choice.reads}", choice.name)
        name = encoders.chosen(self._settings).name
        self.encoder_box.setCurrentIndex(self.encoder_box.findData(name))
        self.way_box = QComboBox()
        self.way_box.addItem(self.tr("Themeloom"), Way.GRAPH.value)
        self.way_box.addItem(self.tr("Classic BERTopic, for comparison"), Way.CLASSIC.value)
        for title, box in (
            (self.tr("Read with"), self.encoder_box),
            (self.tr("Find with"), self.way_box),
        ):
            row = QHBoxLayout()
            label = _label(title)
            label.setBuddy(box)
            box.setAccessibleName(title)
            row.addWidget(label)
            row.addWidget(box, 1)
            layout.addLayout(row)
        self.note = _quiet("")
        layout.addWidget(self.note)
        able = view.excerpts.filter(pl.col("left_out").is_null())
        self._languages: list[str | None] = able["language"].to_list()
        self.encoder_box.currentIndexChanged.connect(self._tell)
        self.way_box.currentIndexChanged.connect(self._tell)

    def _tell(self) -> None:
        chosen = next(
            one
            for one in encoders.choices(self._settings)
            if one.name == self.encoder_box.currentData()
        )
        missing = encoders.classic_missing() if self._way() == Way.CLASSIC else ""
        note = missing or encoders.language_note(self._languages, chosen)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.start_button.setEnabled(not missing)

    def _way(self) -> Way:
        return Way(str(self.way_box.currentData()))

    def options(self) -> SynthesisOptions:
        """Return what was chosen."""
        return SynthesisOptions(
            seed=self._settings.get("engine.seed", 0),
            fineness=_FINENESS[self._fineness.checkedId()],
            smallest=self._smallest.value(),
            keep=self._keep.isChecked(),
            encoder=str(self.encoder_box.currentData()),
            way=self._way(),
        )

    def _start(self) -> None:
        options = self.options()
        self._settings.set("engine.fineness", _FINENESS[self._fineness.checkedId()])
        self._settings.set("engine.smallest", self._smallest.value())
        self.accept()
        self.wanted.emit(options)


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(sizes.font(13, bold=True))
    return label


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("quiet", "true")
    label.setFont(sizes.font(12))
    label.setWordWrap(True)
    return label
