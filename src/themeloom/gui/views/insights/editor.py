"""The middle pane: what is written of one insight, saved as it is written."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from themeloom.domain.insights import Field, Grade, InsightType, PmStatus, Urgency
from themeloom.gui.look import sizes
from themeloom.gui.views.insights.evidence import EvidenceList
from themeloom.gui.views.insights.fields import (
    ChoiceField,
    DayField,
    Labelled,
    NameField,
    TextField,
)
from themeloom.gui.views.insights.links import LinkList
from themeloom.gui.views.insights.panes import Wrapping, fit_height
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import ScrollPage
from themeloom.services.insight_list import InsightItem, InsightList

_GRADES = [(grade.value.capitalize(), grade.value) for grade in Grade]
_TYPES = [(one.value.capitalize(), one.value) for one in InsightType]
_URGENCIES = [(one.value.capitalize(), one.value) for one in Urgency]
_STATUSES = [(one.value.capitalize(), one.value) for one in PmStatus]

_TEXTS = (
    Field.TITLE,
    Field.STATEMENT,
    Field.NEXT_STEP,
    Field.NOTE,
    Field.DECISION,
)
_CHOICES = (Field.TYPE, Field.SEVERITY, Field.URGENCY, Field.CONFIDENCE, Field.STATUS)
_NAMES = (Field.AREA, Field.OWNER)


class Editor(ScrollPage):
    """One form. It changes nothing itself: it tells what a person wants."""

    edited = Signal(object)  # Mapping[Field, str | None]
    typed = Signal(object)  # the same, not to be stored yet
    quotes_chosen = Signal(object)  # list of excerpt ids
    countered = Signal(str)
    choose_wanted = Signal()
    checked = Signal()
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """It shows nothing yet."""
        super().__init__(parent, margin=16, gap=8)
        self._item: InsightItem | None = None
        self._read_only = False
        self.setAccessibleName(self.tr("Editor"))
        fit_height(self)
        self.title = TextField(size=15, bold=True)
        self.statement, self.next_step = TextField(), TextField()
        self.note, self.decision = TextField(), TextField()
        self.note.setPlaceholderText(self.tr("What the PM has to know, and the data do not say"))
        self.decision.setPlaceholderText(self.tr("What the PM decided"))
        self.type = ChoiceField(_TYPES)
        self.severity, self.confidence = ChoiceField(_GRADES), ChoiceField(_GRADES)
        self.urgency, self.status = ChoiceField(_URGENCIES), ChoiceField(_STATUSES)
        self.area = NameField(self.tr("No area yet"))
        self.owner = NameField(self.tr("No PM yet"))
        self.due = DayField()
        self._texts: dict[Field, TextField] = dict(
            zip(
                _TEXTS,
                (self.title, self.statement, self.next_step, self.note, self.decision),
                strict=True,
            )
        )
        self._choices: dict[Field, ChoiceField] = dict(
            zip(
                _CHOICES,
                (self.type, self.severity, self.urgency, self.confidence, self.status),
                strict=True,
            )
        )
        self._names: dict[Field, NameField] = dict(
            zip(_NAMES, (self.area, self.owner), strict=True)
        )
        self._labelled = self._make_labels()
        self.why = Label(size=12, quiet=True, wrap=True)
        self.wrong = Label(size=12, wrap=True)
        self.wrong.set_chip("bad")
        self.wrong.hide()
        self.evidence = EvidenceList()
        self._evidence_head = ElidedLabel(size=12, quiet=True)
        self.choose_button = QPushButton()
        self.choose_button.setProperty("link", True)
        self.links = LinkList()
        self.notes_head = Label(self.tr("PM’s notes"), size=12, quiet=True)
        self.notes = Label(wrap=True, selectable=True)
        self.stale = _StaleBar()
        self._lay_out()
        self._connect()

    # --- what is shown

    @property
    def item(self) -> InsightItem | None:
        """The insight that is shown."""
        return self._item

    def show_item(self, item: InsightItem | None, whole: InsightList | None) -> None:
        """Show an insight; of the one already shown, take what has changed."""
        same = item is not None and self._item is not None
        same = same and item.insight.id == self._item.insight.id  # pyright: ignore[reportOptionalMemberAccess]
        if not same:
            # What is being typed belongs to the one that was shown.
            self.save()
        self._item = item
        inner = self.widget()
        if inner is not None:
            inner.setVisible(item is not None)
        if item is None or whole is None:
            return
        self.area.offer(whole.areas)
        self.owner.offer(whole.pms)
        for field, widget in (*self._texts.items(), *self._names.items()):
            if same:
                widget.refresh(item.words(field))
            else:
                widget.load(item.words(field))
        for field, widget in self._choices.items():
            widget.show_value(item.words(field))
        if same:
            self.due.refresh(item.insight.due)
        else:
            self.due.load(item.insight.due)
            self.verticalScrollBar().setValue(0)
        for field, labelled in self._labelled.items():
            labelled.suggest(None if self._read_only else item.suggestion(field))
        self._show_rest(item)

    def set_read_only(self, *, read_only: bool) -> None:
        """Let everything be read and nothing be changed."""
        self._read_only = read_only
        reason = self.tr("The project is open for reading only.") if read_only else ""
        for widget in (*self._texts.values(), self.due):
            widget.setReadOnly(read_only)
            widget.setToolTip(reason)
        others = (*self._choices.values(), *self._names.values(), self.choose_button)
        for widget in (*others, self.stale.button):
            widget.setEnabled(not read_only)
            widget.setToolTip(reason)
        self.evidence.set_read_only(read_only=read_only)
        self.links.set_read_only(read_only=read_only)

    def save(self) -> None:
        """Save what is being typed."""
        if self._item is None:
            return
        for widget in (*self._texts.values(), *self._names.values()):
            widget.save()
        self.due.save()

    def edit_title(self) -> None:
        """Put the cursor into the claim, all of it selected."""
        self.ensureWidgetVisible(self.title)
        self.title.setFocus()
        self.title.selectAll()

    # --- its parts

    def _make_labels(self) -> dict[Field, Labelled]:
        return {
            Field.TITLE: Labelled(self.tr("Claim"), self.title, wide=True),
            Field.STATEMENT: Labelled(self.tr("Statement"), self.statement, wide=True),
            Field.TYPE: Labelled(self.tr("Type"), self.type),
            Field.SEVERITY: Labelled(self.tr("Severity"), self.severity),
            Field.URGENCY: Labelled(self.tr("Urgency"), self.urgency),
            Field.CONFIDENCE: Labelled(self.tr("Confidence"), self.confidence),
            Field.AREA: Labelled(self.tr("Product area"), self.area),
            Field.OWNER: Labelled(self.tr("PM"), self.owner),
            Field.STATUS: Labelled(self.tr("PM’s status"), self.status),
            Field.DUE: Labelled(self.tr("Due"), self.due),
            Field.NEXT_STEP: Labelled(self.tr("Next step"), self.next_step, wide=True),
            Field.NOTE: Labelled(self.tr("Note to the PM"), self.note),
            Field.DECISION: Labelled(self.tr("Decision"), self.decision),
        }

    def _lay_out(self) -> None:
        parts, of = self.parts, self._labelled
        parts.addWidget(self.stale)
        parts.addWidget(of[Field.TITLE])
        parts.addWidget(of[Field.STATEMENT])
        grades = (Field.TYPE, Field.SEVERITY, Field.URGENCY, Field.CONFIDENCE)
        parts.addWidget(Wrapping(380, *(of[field] for field in grades)))
        parts.addWidget(self.why)
        desk = (Field.AREA, Field.OWNER, Field.STATUS, Field.DUE)
        parts.addWidget(Wrapping(600, *(of[field] for field in desk)))
        parts.addWidget(self.wrong)
        head = QHBoxLayout()
        head.addWidget(self._evidence_head, 1)
        head.addWidget(self.choose_button)
        parts.addLayout(head)
        parts.addWidget(self.evidence)
        for field in (Field.NEXT_STEP, Field.NOTE, Field.DECISION):
            parts.addWidget(of[field])
        parts.addWidget(self.notes_head)
        parts.addWidget(self.notes)
        parts.addWidget(self.links)
        parts.addStretch(1)

    def _connect(self) -> None:
        for field, widget in self._texts.items():
            widget.edited.connect(partial(self._tell, field))
            widget.typed.connect(partial(self._on_typed, field))
        for field, widget in (*self._choices.items(), *self._names.items()):
            widget.chosen.connect(partial(self._tell, field))
        self.due.chosen.connect(partial(self._tell, Field.DUE))
        self.due.wrong.connect(self._on_wrong)
        for field, labelled in self._labelled.items():
            labelled.back.connect(partial(self._go_back, field))
        self.evidence.chosen.connect(self.quotes_chosen)
        self.evidence.countered.connect(self.countered)
        self.evidence.refused.connect(self.refused)
        self.choose_button.clicked.connect(self.choose_wanted)
        self.stale.button.clicked.connect(self.checked)
        self.links.edited.connect(partial(self._tell, Field.LINKS))

    def _show_rest(self, item: InsightItem) -> None:
        insight = item.insight
        self.stale.show_words(insight.stale)
        self.why.setText(_reasons(item))
        self.why.setVisible(bool(self.why.text()))
        quotes = self.tr("{n} quotes") if len(item.quotes) != 1 else self.tr("{n} quote")
        told = self.tr("Evidence: {quotes}").format(quotes=quotes.format(n=len(item.quotes)))
        if item.counter:
            told += self.tr(" and a counter-example")
        self._evidence_head.setText(told)
        self.choose_button.setText(self.tr("Choose from {n}…").format(n=f"{item.excerpts:,}"))
        self.choose_button.setAccessibleName(
            self.tr("Choose quotes from {n} excerpts").format(n=f"{item.excerpts:,}")
        )
        self.evidence.show_item(item)
        for part in (self.notes_head, self.notes):
            part.setVisible(bool(insight.notes))
        self.notes.setText(insight.notes)
        self.links.show_links(insight.links)

    # --- what is typed

    def _tell(self, field: Field, text: str) -> None:
        self.edited.emit({field: text})

    def _on_typed(self, field: Field) -> None:
        self.typed.emit({field: self._texts[field].toPlainText().strip()})

    def _go_back(self, field: Field) -> None:
        if self._item is None:
            return
        values: Mapping[Field, str | None] = {field: None}
        drafted = self._item.suggestion(field) or ""
        if field in self._texts:
            # The field shows it at once: what it holds now was a person's, not something typed.
            self._texts[field].load(drafted)
        elif field in self._names:
            self._names[field].load(drafted)
        self.edited.emit(values)

    def _on_wrong(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))


class _StaleBar(QFrame):
    """What has changed since the words were written, with a button that says they still hold."""

    def __init__(self) -> None:
        super().__init__()
        self._words = Label(size=12, wrap=True)
        self._words.set_chip("warn")
        self.button = QPushButton(self.tr("Mark as checked"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(sizes.px(8))
        row.addWidget(self._words, 1)
        row.addWidget(self.button)
        self.hide()

    def show_words(self, words: str) -> None:
        self._words.setText(words)
        self.setVisible(bool(words))


def _reasons(item: InsightItem) -> str:
    """Return why severity, urgency, confidence and type are suggested as they are."""
    insight = item.drafted
    told: list[str] = []
    for name, one in (
        ("severity", insight.severity),
        ("urgency", insight.urgency),
        ("confidence", insight.confidence),
        ("type", insight.type),
    ):
        if one.why:
            value = one.value if name in ("urgency", "type") else f"{one.value} {name}"
            why = one.why.rstrip(".")
            told.append(f"{value[:1].upper()}{value[1:]} suggested: {why}.")
    return "\n".join(told)
