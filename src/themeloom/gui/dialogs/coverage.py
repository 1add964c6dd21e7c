"""Letting in more excerpts or fewer: which ones, for each theme, before anything moves."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from themeloom.base.figures import percent
from themeloom.gui.look import sizes
from themeloom.gui.models.background import Runner
from themeloom.gui.views.themes.quotes import texts_of
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import Line, ScrollPage, clear
from themeloom.gui.widgets.shown_text import Mask, masked, no_mask
from themeloom.gui.widgets.swatch import Swatch
from themeloom.insights.wording import count
from themeloom.services.coverage import STEPS, Coverage, CoveragePreview, ThemeChange
from themeloom.services.view import View

_MOST_THEMES = 40


class CoverageDialog(QDialog):
    """A slider from "let in less" to "let in more"; what it would do stands below it."""

    chosen = Signal(int)  # the step

    def __init__(
        self,
        view: View,
        coverage: Coverage,
        runner: Runner,
        parent: QWidget | None,
        mask: Mask = no_mask,
    ) -> None:
        """``runner`` works off the GUI thread; the newest position of the slider wins."""
        super().__init__(parent)
        self._view, self._coverage, self._runner, self._mask = view, coverage, runner, mask
        self._colors = dict(view.themes.select("theme_id", "color").iter_rows())
        self.setWindowTitle(self.tr("Let in more or less"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Let in less or more"))
        self.slider.setRange(STEPS[0], STEPS[-1])
        self.slider.setPageStep(1)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setTickInterval(1)
        self._meaning = Label(wrap=True)
        self._sum = Label(bold=True, wrap=True)
        self._hint = Label(size=12, quiet=True, wrap=True)
        self._page = ScrollPage(self, margin=0, gap=12)
        self._change = QPushButton()
        self._change.setProperty("primary", True)
        self._change.setDefault(True)
        self._change.clicked.connect(self._on_change)
        self._lay_out()
        self.slider.valueChanged.connect(self._ask)
        self.slider.setValue(1 if coverage.waiting else 0)
        self._ask()
        self.resize(sizes.px(620), sizes.px(620))

    def _lay_out(self) -> None:
        ends = QHBoxLayout()
        ends.setSpacing(sizes.px(10))
        ends.addWidget(Label(self.tr("Let in less")))
        ends.addWidget(self.slider, 1)
        ends.addWidget(Label(self.tr("Let in more")))
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self._hint, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._change)
        layout = QVBoxLayout(self)
        space = sizes.px(16)
        layout.setContentsMargins(space, space, space, space)
        layout.setSpacing(sizes.px(12))
        layout.addLayout(ends)
        layout.addWidget(self._meaning)
        layout.addWidget(Line(self))
        layout.addWidget(self._sum)
        layout.addWidget(self._page, 1)
        layout.addWidget(Line(self))
        layout.addLayout(buttons)

    def _ask(self) -> None:
        step = self.slider.value()
        self._change.setEnabled(False)
        self._meaning.setText(self._words(step))
        self._runner("coverage", lambda: self._coverage.preview(step), self._show)

    def _show(self, preview: CoveragePreview) -> None:
        if preview.step != self.slider.value():
            return
        self._sum.setText(self._sentence(preview))
        clear(self._page.parts)
        shown = preview.themes[:_MOST_THEMES]
        texts = texts_of(self._view, [quote for theme in shown for quote in theme.quotes])
        for number, theme in enumerate(shown):
            if number:
                self._page.parts.addWidget(Line())
            self._page.parts.addWidget(self._theme(theme, texts, preview.step))
        more = len(preview.themes) - len(shown)
        if more:
            self._page.parts.addWidget(
                Label(self.tr("and {0} more").format(count(more, "theme")), quiet=True)
            )
        self._page.parts.addStretch()
        left = self._coverage.left
        words: list[str] = []
        if preview.step > 0 and preview.themes:
            words.append(self.tr("Shown are those that fit least: look whether they belong there."))
        elif preview.themes:
            words.append(self.tr("Shown are those that fit best: look whether they should go."))
        if left:
            words.append(
                self.tr("{0} that you reviewed, moved or locked never move.").format(
                    count(left, "excerpt")
                )
            )
        self._hint.setText(" ".join(words))
        what = count(preview.excerpts, "excerpt")
        self._change.setText(
            self.tr("Put out {0}").format(what)
            if preview.step < 0
            else self.tr("Let in {0}").format(what)
        )
        self._change.setEnabled(preview.excerpts > 0)

    def _words(self, step: int) -> str:
        """Say in plain words what a position of the slider means."""
        words = {
            -4: self.tr("Of each theme, the 30 in 100 excerpts that fit it least go out."),
            -3: self.tr("Of each theme, the 20 in 100 excerpts that fit it least go out."),
            -2: self.tr("Of each theme, the 10 in 100 excerpts that fit it least go out."),
            -1: self.tr("Of each theme, the 5 in 100 excerpts that fit it least go out."),
            0: self.tr("As it is now. Move the slider to see what would come in or go out."),
            1: self.tr("Excerpts come in that fit a theme as well as half of its own excerpts."),
            2: self.tr("Excerpts come in that fit a theme as well as three in four of its own."),
            3: self.tr("Excerpts come in that fit a theme as well as nine in ten of its own."),
            4: self.tr("Excerpts come in that fit a theme as well as nearly all of its own."),
            5: self.tr("Excerpts come in even if they fit a theme less well than any of its own."),
        }
        return words[step]

    def _sentence(self, preview: CoveragePreview) -> str:
        if not preview.excerpts:
            return (
                self.tr("Nothing changes.")
                if preview.step == 0
                else self.tr("At this position nothing would change.")
            )
        themes = count(len(preview.themes), "theme")
        sentence = (
            self.tr("{0} would go out of {1}.")
            if preview.step < 0
            else self.tr("{0} would come into {1}.")
        ).format(count(preview.excerpts, "excerpt"), themes)
        coverage = self.tr("Coverage: {0} now, {1} then.").format(
            percent(preview.before), percent(preview.after)
        )
        return f"{sentence} {coverage}"

    def _theme(self, theme: ThemeChange, texts: dict[str, str], step: int) -> QWidget:
        part = QWidget()
        head = QHBoxLayout()
        head.setSpacing(sizes.px(6))
        head.addWidget(Swatch(int(self._colors.get(theme.theme_id, -1)), part))
        head.addWidget(ElidedLabel(theme.title, bold=True), 1)
        sign = "−" if step < 0 else "+"
        figures = f"{sign}{count(theme.excerpts, 'excerpt')}"
        head.addWidget(Label(figures, size=12, quiet=True, tabular=True))
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, sizes.px(4), 0)
        layout.setSpacing(sizes.px(2))
        layout.addLayout(head)
        for quote in theme.quotes:
            if quote in texts:
                line = ElidedLabel(f"“{masked(texts[quote], self._mask)}”", size=12, quiet=True)
                line.setContentsMargins(sizes.px(22), 0, 0, 0)
                layout.addWidget(line)
        return part

    def _on_change(self) -> None:
        self.chosen.emit(self.slider.value())
        self.accept()
