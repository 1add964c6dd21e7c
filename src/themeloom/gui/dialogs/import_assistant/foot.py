"""The foot of the import assistant: columns to remember, what would be imported, and Import."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from themeloom.base.figures import counted
from themeloom.gui.dialogs.import_assistant.plan import Plan, SheetPlan
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label


class Foot(QWidget):
    """Signals ``import_wanted`` and ``cancelled``."""

    import_wanted = Signal()
    cancelled = Signal()

    def __init__(self) -> None:
        """Make it with nothing to import."""
        super().__init__()
        self.remember = QCheckBox(self.tr("Remember these columns as"))
        self.remember_name = QLineEdit()
        self.remember_name.setAccessibleName(self.tr("Name for these columns"))
        self.remember_name.setFixedWidth(sizes.px(190))
        self.remember_name.textEdited.connect(lambda: self.remember.setChecked(True))
        self.sum = Label(size=12, quiet=True)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.cancelled)
        self.import_button = QPushButton(self.tr("Import"))
        self.import_button.setProperty("primary", "true")
        self.import_button.setDefault(True)
        self.import_button.clicked.connect(self.import_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(sizes.px(16), sizes.px(9), sizes.px(16), sizes.px(9))
        row.setSpacing(sizes.px(8))
        row.addWidget(self.remember)
        row.addWidget(self.remember_name)
        row.addStretch(1)
        row.addWidget(self.sum)
        row.addWidget(cancel)
        row.addWidget(self.import_button)

    def show_sum(self, plan: Plan, *, looking: bool) -> None:
        """Show how much ``plan`` would import; nothing is imported while files are looked at."""
        sheets = list(plan.included())
        records = plan.records()
        known = plan.counted()
        problem = plan.problem()
        lists_only = bool(sheets) and not any(sheet.is_feedback for sheet in sheets)
        if not sheets:
            text = self.tr("Import")
        elif lists_only:
            text = self.tr("Import {n}").format(
                n=counted(len(sheets), self.tr("list"), self.tr("lists"))
            )
        elif known:
            number = counted(records, self.tr("record"), self.tr("records"))
            text = self.tr("Import {n}").format(n=number)
        else:
            text = self.tr("Import about {n} records").format(n=f"{records:,}")
        self.import_button.setText(text)
        ready = bool(sheets) and not looking and problem is None
        self.import_button.setEnabled(ready and (records > 0 or lists_only or not known))
        self.import_button.setToolTip(
            self.tr("Choose a column of text for {name}, or leave it out.").format(
                name=problem.sheet.name or problem.preview.name
            )
            if problem
            else ""
        )
        of = counted(len(sheets), self.tr("source"), self.tr("sources"))
        if known and sheets:
            of = f"{of}, {counted(records, self.tr('record'), self.tr('records'))}"
        self.sum.setText(of if sheets else self.tr("Nothing is ticked"))

    def show_remember(self, sheet: SheetPlan | None) -> None:
        """Offer to remember the columns of ``sheet``, where it has any that are imported."""
        usable = sheet is not None and sheet.choice.include and sheet.is_feedback
        has_columns = usable and sheet is not None and bool(sheet.columns)
        self.remember.setVisible(has_columns)
        self.remember_name.setVisible(has_columns)
        if sheet is not None and has_columns and not self.remember_name.isModified():
            self.remember_name.setText(sheet.saved or sheet.preview.path.stem)

    def name_to_remember(self) -> str:
        """Return the name under which to remember the columns; an empty one: do not."""
        wanted = self.remember.isChecked() and self.remember.isVisibleTo(self)
        return self.remember_name.text().strip() if wanted else ""
