"""The status bar: coverage and counts on the left, the running job and what is saved on the right."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from themeloom.base.figures import percent
from themeloom.gui.look import sizes
from themeloom.gui.widgets.picture import Picture

if TYPE_CHECKING:
    from themeloom.gui.bridge.workspace import JobState
    from themeloom.services.view import Totals

#: A job that is done sooner shows no progress.
_SHOW_AFTER_MS = 400


class StatusBar(QStatusBar):
    """Signals ``cancel`` when the person wants the running job to stop."""

    cancel = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an idle status bar."""
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setAccessibleName(self.tr("Status"))
        self._counts = _quiet()
        self._counts.setContentsMargins(sizes.px(8), 0, 0, 0)
        self.addWidget(self._counts, 1)
        self._job = JobStrip(self)
        self._job.cancel.connect(self.cancel)
        self.addPermanentWidget(self._job)
        self._saved_icon = Picture(14)
        self._saved = _quiet()
        self._saved.setContentsMargins(0, 0, sizes.px(10), 0)
        self.addPermanentWidget(self._saved_icon)
        self.addPermanentWidget(self._saved)

    def show_totals(self, totals: "Totals | None") -> None:
        """Show the counts of the project, or that none is open."""
        if totals is None:
            self._counts.setText(self.tr("No project open"))
            return
        parts = [
            self.tr("{n} records").format(n=f"{totals.records:,}"),
            self.tr("{n} excerpts").format(n=f"{totals.excerpts:,}"),
        ]
        if totals.excerpts and not totals.searched and not totals.coverage:
            # 0 % would read as a bad result of a search that nobody has made.
            parts.insert(0, self.tr("Themes not looked for yet"))
        elif totals.themes:
            parts.insert(0, self.tr("Coverage {share}").format(share=percent(totals.coverage)))
            parts.append(self.tr("{n} unsorted").format(n=f"{totals.unsorted:,}"))
        self._counts.setText("  ·  ".join(parts))
        self._counts.setToolTip(
            self.tr(
                "Coverage is the share of excerpts that carry a theme. Answers that say nothing "
                "are left out of the base. Duplicates are counted once. Shares of themes are of the "
                "{n} records about us that say something."
            ).format(n=f"{totals.answering:,}")
        )

    def show_saved(self, *, open_: bool, saving: bool, read_only: bool) -> None:
        """Tell whether every change is on the disk."""
        text, outline, color = self.tr("All changes saved"), "check", "ok"
        if not open_:
            text, outline = self.tr("Offline"), ""
        elif read_only:
            text, outline, color = self.tr("Read only"), "lock", "warn"
        elif saving:
            text, outline = self.tr("Saving…"), ""
        self._saved.setText(text)
        if outline:
            self._saved_icon.show_icon(outline, color)
        self._saved_icon.setVisible(bool(outline))

    def show_job(self, job: "JobState | None") -> None:
        """Show how far the running job is."""
        self._job.show_job(job)


class JobStrip(QWidget):
    """Stage, count, time left, a thin bar and Cancel."""

    cancel = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make a hidden strip."""
        super().__init__(parent)
        self._text = _quiet()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(sizes.px(110))
        self._bar.setAccessibleName(self.tr("Progress"))
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setProperty("link", "true")
        self._cancel.clicked.connect(self.cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, sizes.px(8), 0)
        row.setSpacing(sizes.px(8))
        row.addWidget(self._text)
        row.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._cancel)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(_SHOW_AFTER_MS)
        self._delay.timeout.connect(self.show)
        self.hide()

    def show_job(self, job: "JobState | None") -> None:
        """Show ``job``; None hides the strip."""
        if job is None:
            self._delay.stop()
            self.hide()
            return
        if self.isHidden() and not self._delay.isActive():
            self._delay.start()
        self._text.setText(job_text(self, job))
        self._bar.setRange(0, job.total)
        self._bar.setValue(job.done)
        self._cancel.setEnabled(not job.cancelling)


def job_text(words: QObject, job: "JobState") -> str:
    """Return a job's state in words: stage, count, time left."""
    if job.cancelling:
        return words.tr("Stopping…")
    parts = [job.stage or job.name]
    if job.total > 1:
        parts.append(
            words.tr("{done} of {total}").format(done=f"{job.done:,}", total=f"{job.total:,}")
        )
    if job.seconds_left is not None and job.seconds_left >= 1:
        parts.append(words.tr("about {time} left").format(time=_duration(job.seconds_left)))
    return "  ·  ".join(parts)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{max(1, round(seconds / 5) * 5 if seconds > 10 else round(seconds))} s"
    return f"{round(seconds / 60)} min"


def _quiet() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("quiet", "true")
    label.setFont(sizes.font(12, tabular=True))
    return label
