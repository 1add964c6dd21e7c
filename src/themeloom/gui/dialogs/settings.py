"""The settings, a page for each matter; each change counts at once."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from themeloom.base.paths import cache_dir, config_dir, log_dir, projects_dir
from themeloom.base.settings import Settings
from themeloom.gui.dialogs.engine_page import ModelChooser
from themeloom.gui.look import sizes
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.number_field import NumberField
from themeloom.services import exporting
from themeloom.services.profiles import SavedProfiles

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow


class SettingsDialog(QDialog):
    """General, import, privacy, engine, export, appearance."""

    def __init__(self, window: "MainWindow") -> None:
        """Show the settings of the window."""
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window = window
        self._settings: Settings = window.settings
        self.setWindowTitle(self.tr("Settings"))
        self.resize(sizes.px(660), sizes.px(440))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, sizes.px(12))
        row = QHBoxLayout()
        row.setSpacing(0)
        layout.addLayout(row, 1)
        self.pages = QListWidget()
        self.pages.setAccessibleName(self.tr("Pages"))
        self.pages.setFixedWidth(sizes.px(150))
        self.pages.setProperty("pane", "window")
        self._stack = QStackedWidget()
        row.addWidget(self.pages)
        row.addWidget(self._stack, 1)
        for title, page in (
            (self.tr("General"), self._general()),
            (self.tr("Import"), self._import()),
            (self.tr("Privacy"), self._privacy()),
            (self.tr("Engine"), self._engine()),
            (self.tr("Export"), self._export()),
            (self.tr("Appearance"), self._appearance()),
        ):
            self.pages.addItem(title)
            self._stack.addWidget(page)
        self.pages.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.pages.setCurrentRow(0)
        foot = QHBoxLayout()
        foot.setContentsMargins(sizes.px(16), 0, sizes.px(16), 0)
        foot.addWidget(_quiet(self.tr("Changes count at once.")))
        foot.addStretch(1)
        close = QPushButton(self.tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot.addWidget(close)
        layout.addLayout(foot)

    def _general(self) -> QWidget:
        page, form = _page(self.tr("General"))
        form.addRow(
            self._check(
                "general.reopen", self.tr("Open the last project at the start"), default=False
            )
        )
        form.addRow(
            self._check("general.warm-up", self.tr("Get ready to find themes in the background"))
        )
        form.addRow(self.tr("New projects go to"), _path(str(projects_dir())))
        form.addRow(self.tr("Settings"), _path(str(config_dir())))
        form.addRow(self.tr("What can be computed again"), _path(str(cache_dir())))
        form.addRow(self.tr("Logs"), _path(str(log_dir())))
        return page

    def _import(self) -> QWidget:
        page, form = _page(self.tr("Import"))
        form.addRow(
            _quiet(
                self.tr(
                    "Columns that you assigned once are remembered under a name and offered again "
                    "for files with the same columns."
                )
            )
        )
        remembered = QListWidget()
        remembered.setAccessibleName(self.tr("Remembered columns"))
        profiles = SavedProfiles(self._settings)
        remembered.addItems([profile.name for profile in profiles.all()])
        remembered.setCurrentRow(0)
        remove = QPushButton(self.tr("Forget"))
        none_yet = _quiet(self.tr("None yet: tick “Remember these columns” on import."))

        def show_what_there_is() -> None:
            some = remembered.count() > 0
            for row, shown in ((remembered, some), (remove, some), (none_yet, not some)):
                form.setRowVisible(row, shown)

        def forget() -> None:
            item = remembered.currentItem()
            if remembered.currentRow() >= 0:
                profiles.delete(item.text())
                remembered.takeItem(remembered.row(item))
                show_what_there_is()

        remove.clicked.connect(forget)
        form.addRow(self.tr("Remembered columns"), remembered)
        form.addRow("", remove)
        form.addRow(none_yet)
        show_what_there_is()
        return page

    def _privacy(self) -> QWidget:
        page, form = _page(self.tr("Privacy"))
        form.addRow(
            _quiet(
                self.tr(
                    "Nothing leaves this computer. E-mail addresses, phone, bank and card numbers, "
                    "keys in web addresses and names of known people are masked on the screen, in "
                    "what you copy and in every export. Masking finds most, not all: look before you "
                    "send a file outside."
                )
            )
        )
        show = self._check(
            "privacy.show-personal-data",
            self.tr("Show personal data on the screen"),
            default=False,
            then=self._personal_data_changed,
        )
        form.addRow(show)
        return page

    def _engine(self) -> QWidget:
        page, form = _page(self.tr("Engine"))
        seed = NumberField()
        seed.setRange(0, 1_000_000)
        seed.setValue(self._settings.get("engine.seed", 0))
        seed.setAccessibleName(self.tr("Seed"))
        seed.valueChanged.connect(partial(self._settings.set, "engine.seed"))
        form.addRow(self.tr("Seed"), seed)
        form.addRow(
            "",
            _quiet(
                self.tr(
                    "The same texts and the same seed give the same themes on this computer. "
                    "Another seed shows how much depends on chance."
                )
            ),
        )
        form.addRow(self.tr("Language model"), ModelChooser(self._window))
        return page

    def _export(self) -> QWidget:
        page, form = _page(self.tr("Export"))
        formats = QComboBox()
        formats.setAccessibleName(self.tr("Format offered first"))
        for name, what in exporting.formats():
            formats.addItem(f"{name}  ·  {what}", name)
        formats.setCurrentIndex(
            max(0, formats.findData(self._settings.get("export.format", "xlsx")))
        )
        formats.currentIndexChanged.connect(
            lambda: self._settings.set("export.format", formats.currentData())
        )
        form.addRow(self.tr("Format offered first"), formats)
        form.addRow(
            self._check("export.open", self.tr("Open the result when it is written"), default=False)
        )
        form.addRow(
            _quiet(self.tr("Exports are masked. Raw texts are chosen anew for each export."))
        )
        return page

    def _appearance(self) -> QWidget:
        page, form = _page(self.tr("Appearance"))
        scheme = QComboBox()
        scheme.setAccessibleName(self.tr("Colours"))
        for name, title in (
            ("system", self.tr("As the system")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        ):
            scheme.addItem(title, name)
        scheme.setCurrentIndex(scheme.findData(self._settings.get("appearance.scheme", "system")))
        scheme.currentIndexChanged.connect(
            lambda: self._window.set_scheme(str(scheme.currentData()))
        )
        form.addRow(self.tr("Colours"), scheme)
        zoom = QComboBox()
        zoom.setAccessibleName(self.tr("Text size"))
        for value in sizes.ZOOMS:
            zoom.addItem(f"{value * 100:.0f} %", value)
        zoom.setCurrentIndex(max(0, zoom.findData(sizes.zoom())))
        zoom.currentIndexChanged.connect(lambda: self._window.set_zoom(float(zoom.currentData())))
        form.addRow(self.tr("Text size"), zoom)
        form.addRow(
            self._check(
                "appearance.compact",
                self.tr("Compact tables: one line for each excerpt"),
                default=False,
                then=self._density_changed,
            )
        )
        return page

    def _check(
        self,
        name: str,
        text: str,
        *,
        default: bool = True,
        then: Callable[[], None] | None = None,
    ) -> QCheckBox:
        box = QCheckBox(text)
        box.setChecked(self._settings.get(name, default))

        def keep(checked: bool) -> None:
            self._settings.set(name, checked)
            if then:
                then()

        box.toggled.connect(keep)
        return box

    def _personal_data_changed(self) -> None:
        shown = self._settings.get("privacy.show-personal-data", False)
        self._window.actions_["view.personal-data"].setChecked(shown)
        self._window.show_personal_data()

    def _density_changed(self) -> None:
        compact = self._settings.get("appearance.compact", False)
        self._window.actions_["view.compact"].setChecked(compact)
        self._window.show_density()


def _page(title: str) -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    page.setProperty("pane", "surface")
    outer = QVBoxLayout(page)
    outer.setContentsMargins(sizes.px(20), sizes.px(16), sizes.px(20), sizes.px(16))
    outer.setSpacing(sizes.px(12))
    heading = QLabel(title)
    heading.setFont(sizes.font(15, bold=True))
    outer.addWidget(heading)
    form = QFormLayout()
    form.setHorizontalSpacing(sizes.px(16))
    form.setVerticalSpacing(sizes.px(10))
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    outer.addLayout(form)
    outer.addStretch(1)
    return page, form


def _path(text: str) -> ElidedLabel:
    label = ElidedLabel(text, quiet=True, mode=Qt.TextElideMode.ElideMiddle)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return label


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("quiet", "true")
    label.setFont(sizes.font(12))
    label.setWordWrap(True)
    return label
