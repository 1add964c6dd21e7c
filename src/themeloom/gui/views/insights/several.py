"""What can be set for several insights at once."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from themeloom.domain.insights import Field, Grade, Stage
from themeloom.gui.look import sizes
from themeloom.gui.views.insights.fields import ChoiceField, Labelled, NameField
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import ScrollPage
from themeloom.services.insight_list import InsightItem, InsightList


class SeveralPage(ScrollPage):
    """Each choice is one undo step for all of them. An empty field: they differ."""

    edited = Signal(object)  # Mapping[Field, str | None]

    def __init__(self, parent: QWidget | None = None) -> None:
        """It shows nothing yet."""
        super().__init__(parent, margin=16, gap=10)
        self.head = Label(size=15, bold=True, wrap=True)
        self.owner = NameField(self.tr("They differ"))
        self.area = NameField(self.tr("They differ"))
        self.severity = ChoiceField([(one.value.capitalize(), one.value) for one in Grade])
        self.stage = ChoiceField(
            [(self.tr("Draft"), str(Stage.DRAFT)), (self.tr("Ready"), str(Stage.READY))]
        )
        for box in (self.severity, self.stage):
            box.setPlaceholderText(self.tr("They differ"))
        self._fields = {
            Field.OWNER: self.owner,
            Field.AREA: self.area,
            Field.SEVERITY: self.severity,
            Field.STAGE: self.stage,
        }
        self.parts.addWidget(self.head)
        self.parts.addWidget(
            Label(self.tr("What you set here is set for all of them."), quiet=True, wrap=True)
        )
        for name, field in (
            (self.tr("PM"), self.owner),
            (self.tr("Product area"), self.area),
            (self.tr("Severity"), self.severity),
            (self.tr("Stage"), self.stage),
        ):
            labelled = Labelled(name, field)
            labelled.setMaximumWidth(sizes.px(320))
            self.parts.addWidget(labelled)
        self.parts.addStretch(1)
        for field, widget in self._fields.items():
            widget.chosen.connect(partial(self._tell, field))

    def show_items(self, items: Sequence[InsightItem], whole: InsightList) -> None:
        """Show what the insights have in common."""
        self.head.setText(self.tr("{n} insights chosen").format(n=f"{len(items):,}"))
        self.owner.offer(whole.pms)
        self.area.offer(whole.areas)
        for field, widget in self._fields.items():
            values = {item.words(field) for item in items}
            common = values.pop() if len(values) == 1 else ""
            if isinstance(widget, NameField):
                widget.forget()
                widget.load(common)
            else:
                widget.show_value(common)

    def set_read_only(self, *, read_only: bool) -> None:
        """Let everything be read and nothing be changed."""
        for widget in self._fields.values():
            widget.setEnabled(not read_only)

    def _tell(self, field: Field, text: str) -> None:
        if text:
            self.edited.emit({field: text})
