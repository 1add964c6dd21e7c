"""The list of sources for a table."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from themeloom.domain.records import About, Kind
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import icon
from themeloom.gui.look.tokens import tokens
from themeloom.services.sources import SourceEntry

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
NAME, KIND, RECORDS, DATES, SKIPPED, READ = range(6)
_FIGURES = (RECORDS, SKIPPED)


class SourceModel(QAbstractTableModel):
    """One row for each source."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self.entries: Sequence[SourceEntry] = ()
        self._headers = (
            self.tr("Source"),
            self.tr("Kind"),
            self.tr("Records"),
            self.tr("Dates"),
            self.tr("Skipped"),
            self.tr("Read"),
        )

    def show(self, entries: Sequence[SourceEntry]) -> None:
        """Show other entries."""
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many sources there are."""
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._headers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows."""
        entry, column = self.entries[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(entry, column)
            case Qt.ItemDataRole.DecorationRole if column == NAME:
                return icon("folder" if entry.path.is_dir() else "file", "text-2")
            case Qt.ItemDataRole.ToolTipRole if column == NAME:
                return str(entry.path)
            case Qt.ItemDataRole.TextAlignmentRole:
                side = (
                    Qt.AlignmentFlag.AlignRight
                    if column in _FIGURES
                    else Qt.AlignmentFlag.AlignLeft
                )
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole:
                quiet = column in (DATES, READ, KIND) or (column == SKIPPED and not entry.skipped)
                return tokens().color("text-2" if quiet else "text")
            case Qt.ItemDataRole.FontRole:
                return sizes.font(13, tabular=column in _FIGURES)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._headers[column]}: {self._text(entry, column)}"
            case _:
                return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the name of a column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight if section in _FIGURES else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, entry: SourceEntry, column: int) -> str:
        if column == NAME:
            return entry.title
        if column == KIND:
            return kind_text(entry)
        if column == RECORDS:
            return f"{entry.records:,}" if entry.role == "records" else ""
        if column == DATES:
            return dates_text(entry)
        if column == SKIPPED:
            return f"{entry.skipped:,}" if entry.role == "records" else ""
        return when_text(entry.imported_at)


def kind_text(entry: SourceEntry) -> str:
    """Return what a source holds: "NPS answers", "accounts", "calls · competitor"."""
    if entry.role == "accounts":
        return "list of accounts"
    if entry.role == "roster":
        return "product areas"
    kind = (entry.kind or Kind.OTHER).plural
    return f"{kind} · competitor" if entry.about is About.COMPETITOR else kind


def dates_text(entry: SourceEntry) -> str:
    """Return from when to when its records are."""
    if entry.first is None or entry.last is None:
        return "no dates" if entry.role == "records" else ""
    if entry.first.date() == entry.last.date():
        return _day(entry.first)
    if entry.first.year == entry.last.year:
        return f"{entry.first.day} {entry.first:%b} – {_day(entry.last)}"
    return f"{_day(entry.first)} – {_day(entry.last)}"


def when_text(imported_at: str) -> str:
    """Return when a source was read last, local time."""
    try:
        moment = datetime.fromisoformat(imported_at).astimezone()
    except ValueError:
        return ""
    today = datetime.now().astimezone().date()
    return f"today {moment:%H:%M}" if moment.date() == today else _day(moment)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"
