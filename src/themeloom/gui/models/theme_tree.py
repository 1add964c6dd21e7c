"""The theme tree as a Qt model: changed step by step, so that selection and scroll stay."""

from collections.abc import Container, Iterable, Sequence
from enum import IntEnum
from itertools import count
from typing import Any

import polars as pl
from PySide6.QtCore import (
    QAbstractItemModel,
    QLocale,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from themeloom.base.figures import percent
from themeloom.domain.insights import Direction
from themeloom.domain.themes import Level, Status
from themeloom.gui.models import mime
from themeloom.gui.models.theme_nodes import (
    SHARE_KINDS,
    Facts,
    Node,
    fold_title,
    has_words,
    in_order,
    read_facts,
    root,
)

Index = QModelIndex | QPersistentModelIndex
#: More changes than this are shown as a new tree: step by step would take longer.
_MOST_STEPS = 60
_Flag = Qt.ItemFlag
_READ = _Flag.ItemIsSelectable | _Flag.ItemIsEnabled
_MOVED = _READ | _Flag.ItemIsDragEnabled | _Flag.ItemIsDropEnabled
_NAMED = _MOVED | _Flag.ItemIsEditable


class TreeColumn(IntEnum):
    """Columns of the tree."""

    NAME = 0
    RECORDS = 1
    SHARES = 2
    TREND = 3


class ThemeTreeModel(QAbstractItemModel):
    """Groups, themes and sub-themes. It changes nothing itself: it tells what a person asked for."""

    renamed = Signal(str, str)  # theme id, new title
    excerpts_dropped = Signal(list, str)  # inner numbers, theme id
    themes_dropped = Signal(list, object)  # theme ids, parent id or None for the top

    def __init__(self, parent: QObject | None = None) -> None:
        """Make an empty tree."""
        super().__init__(parent)
        self._root = root()
        self._nodes: dict[str, Node] = {}
        self._by_number: dict[int, Node] = {0: self._root}
        self._numbers = count(1)
        self._sort = ("position", False)
        self._full = {True: 0.0, False: 0.0}
        self.read_only = False
        #: Places in ``SHARE_KINDS`` of the kinds of source that there are records of.
        self.kinds: tuple[int, ...] = tuple(range(len(SHARE_KINDS)))
        #: Proposals that stand in a list of their own; None: all of them.
        self.elsewhere: frozenset[str] | None = None

    # --- what is shown

    def show_themes(self, themes: pl.DataFrame) -> None:
        """Show ``View.themes``; rows that stay keep their indexes."""
        found = read_facts(themes)
        self._full = {True: 0.0, False: 0.0}
        for _, facts in found.values():
            group = facts.level == Level.GROUP
            self._full[group] = max(self._full[group], *(share or 0.0 for share in facts.shares))
        self._show_kinds(facts for _, facts in found.values())
        changed = sum(theme_id not in found for theme_id in self._nodes)
        for theme_id, (_, facts) in found.items():
            node = self._nodes.get(theme_id)
            changed += node is None or node.facts != facts
        if changed > _MOST_STEPS or not self._nodes:
            self.beginResetModel()
            self._nodes.clear()
            self._root.children.clear()
            self._by_number = {0: self._root}
            self._put_in_place(found, tell=False)
            self.endResetModel()
        else:
            # Before rows move up into their places: a current row that goes hands on to the one
            # that stood next to it, not to the last of its group.
            self._remove_missing(found, whole=True)
            self._put_in_place(found, tell=True)
            self._remove_missing(found)

    def _show_kinds(self, facts: Iterable[Facts]) -> None:
        """Leave out what the project has no records of: no theme has a share of those."""
        all_shares = [one.shares for one in facts]
        kinds = tuple(
            at
            for at in range(len(SHARE_KINDS))
            if not all_shares or any(shares[at] is not None for shares in all_shares)
        )
        if kinds != self.kinds:
            self.kinds = kinds
            column = TreeColumn.SHARES
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)

    def sort_by(self, key: str, *, descending: bool = False) -> None:
        """Sort siblings by "position", "title", "records" or "trend"."""
        if (key, descending) == self._sort:
            return
        self._sort = (key, descending)
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        for node in self._by_number.values():
            node.children = in_order(node.children, key, descending=descending)
        self.changePersistentIndexList(
            before, [self._index_of(self._node(index), index.column()) for index in before]
        )
        self.layoutChanged.emit()

    @property
    def sorting(self) -> tuple[str, bool]:
        """What is sorted by, and whether the largest come first."""
        return self._sort

    def theme_index(self, theme_id: str) -> QModelIndex:
        """Return the index of a theme's name; invalid where the theme is not there."""
        node = self._nodes.get(theme_id)
        return self._index_of(node, 0) if node else QModelIndex()

    def theme_id(self, index: Index) -> str | None:
        """Return which theme a row shows."""
        return self._node(index).id or None

    def facts(self, theme_id: str) -> Facts | None:
        """Return what is shown of a theme."""
        node = self._nodes.get(theme_id)
        return node.facts if node else None

    def facts_at(self, index: Index) -> Facts:
        """Return what a row shows."""
        return self._node(index).facts

    def full_share(self, level: Level) -> float:
        """Return the share that fills a bar: the largest among groups, or among themes."""
        return self._full[level == Level.GROUP]

    @property
    def count(self) -> int:
        """The number of groups, themes and sub-themes."""
        return len(self._nodes)

    def theme_ids(self) -> list[str]:
        """Return all themes, top-down."""
        return [node.id for node in self._root.descendants()]

    def holders(self) -> list[str]:
        """Return the themes that have others below them, top-down."""
        return [node.id for node in self._root.descendants() if node.children]

    def with_words(self, words: str, *, proposed: bool) -> set[str]:
        """Return the ids that a filter leaves: hits, what is above them, and what hits alone hold.

        Args:
            words: folded, parted by spaces; each has to be in the title. Empty: all.
            proposed: whether the proposals that stand ``elsewhere`` are shown here too.
        """
        parts = words.split()
        kept: set[str] = set()
        for node in self._root.descendants():
            if not proposed and self._is_elsewhere(node):
                continue
            if has_words(node, parts):
                kept.add(node.id)
                kept.update(above.id for above in node.ancestors())
        for theme_id in list(kept):
            node = self._nodes[theme_id]
            if has_words(node, parts) and not any(child.id in kept for child in node.children):
                kept.update(
                    below.id
                    for below in node.descendants()
                    if proposed or not self._is_elsewhere(below)
                )
        return kept

    def hits(self, words: str) -> list[str]:
        """Return the themes whose titles have the folded ``words``, top-down."""
        return [node.id for node in self._root.descendants() if has_words(node, words.split())]

    # --- Qt

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """Return the index of a child."""
        children = self._node(parent).children
        if not (0 <= row < len(children) and 0 <= column < len(TreeColumn)):
            return QModelIndex()
        return self.createIndex(row, column, children[row].number)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override] # noqa: B008
        """Return the index of what holds a row."""
        above = self._node(index).parent
        return self._index_of(above, 0) if above and above.parent else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many children a row has."""
        return len(self._node(parent).children) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return len(TreeColumn)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names can be edited; rows can be dragged and dropped on."""
        if self.read_only:
            return _READ if index.isValid() else _Flag.NoItemFlags
        if not index.isValid():
            return _Flag.ItemIsDropEnabled
        return _NAMED if index.column() == TreeColumn.NAME else _MOVED

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the header of a column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            shares = " ".join(letters(self.kinds))
            return [self.tr("Name"), self.tr("Records"), shares, self.tr("Trend")][section]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return [
                self.tr("Name"),
                self.tr("Records"),
                self.share_words(),
                self.tr("Trend"),
            ][section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return texts; what is painted comes from ``facts_at``."""
        roles = Qt.ItemDataRole
        if role == roles.DisplayRole:
            facts = self.facts_at(index)
            if index.column() == TreeColumn.NAME:
                return facts.title
            if index.column() == TreeColumn.RECORDS:
                return QLocale().toString(facts.records)
            return None
        if role == roles.EditRole:
            return self.facts_at(index).title
        if role == roles.AccessibleTextRole:
            return self._spoken(self.facts_at(index), index.column())
        if role == roles.ToolTipRole:
            return self._tip(self.facts_at(index), index.column())
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a new title; it stands here once the project has it."""
        title = " ".join(str(value).split())
        node = self._node(index)
        if role != Qt.ItemDataRole.EditRole or not title or title == node.facts.title:
            return False
        self.renamed.emit(node.id, title)
        return True

    def mimeTypes(self) -> list[str]:
        """Return what can be dropped here."""
        return [mime.EXCERPTS, mime.THEMES]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the themes of some rows, those left out whose parent is there too."""
        ids = list(dict.fromkeys(self._node(index).id for index in indexes))
        return mime.themes_mime(self._topmost(ids))

    def supportedDropActions(self) -> Qt.DropAction:
        """Return how things can be dropped."""
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Excerpts go onto themes; themes onto groups and themes, and to the top."""
        target = self._node(parent)
        if self.read_only:
            return False
        if data.hasFormat(mime.EXCERPTS):
            return target.parent is not None and target.facts.level != Level.GROUP
        moving = [self._nodes[one] for one in mime.themes_in(data) if one in self._nodes]
        return bool(moving) and all(_may_hold(target, node) for node in moving)

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Tell what was dropped where."""
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        target = self._node(parent).id
        if data.hasFormat(mime.EXCERPTS):
            self.excerpts_dropped.emit(mime.excerpts_in(data), target)
        else:
            self.themes_dropped.emit(mime.themes_in(data), target or None)
        return True

    # --- texts

    def share_words(self) -> str:
        """Return what the letters above the bars mean; nothing where there are no bars."""
        words = (self.tr("Tickets"), self.tr("NPS"), self.tr("Interviews"), self.tr("Calls"))
        names = ", ".join(words[at] for at in self.kinds)
        return self.tr("Share of {kinds}").format(kinds=names) if names else ""

    def _spoken(self, facts: Facts, column: int) -> str:
        if column == TreeColumn.NAME:
            return ", ".join(
                (
                    facts.title,
                    self._status(facts),
                    self._records(facts),
                    self._shares(facts),
                    self._trend(facts),
                )
            )
        if column == TreeColumn.RECORDS:
            return self._records(facts)
        return self._shares(facts) if column == TreeColumn.SHARES else self._trend(facts)

    def _tip(self, facts: Facts, column: int) -> str:
        if column == TreeColumn.NAME:
            return f"{facts.title}\n{self._status(facts)}, {self._records(facts)}"
        if column == TreeColumn.RECORDS:
            return self.tr("{records} in {n} excerpts").format(
                records=self._records(facts), n=QLocale().toString(facts.excerpts)
            )
        if column == TreeColumn.SHARES:
            return self.tr("Of the records that say something: {shares}").format(
                shares=self._shares(facts)
            )
        return self._trend(facts)

    def _status(self, facts: Facts) -> str:
        word = {
            Status.PROPOSED: self.tr("proposed"),
            Status.ACTIVE: self.tr("accepted"),
            Status.LOCKED: self.tr("locked"),
            Status.DORMANT: self.tr("dormant"),
        }[facts.status]
        return self.tr("group, {word}").format(word=word) if facts.level == Level.GROUP else word

    def _records(self, facts: Facts) -> str:
        if facts.records == 1:
            return self.tr("1 record")
        return self.tr("{n} records").format(n=QLocale().toString(facts.records))

    def _shares(self, facts: Facts) -> str:
        words = (self.tr("tickets"), self.tr("NPS"), self.tr("interviews"), self.tr("calls"))
        known = [
            f"{word} {percent(share)}"
            for word, share in zip(words, facts.shares, strict=True)
            if share is not None
        ]
        return ", ".join(known) or self.tr("no tickets, NPS, interviews or calls")

    def _trend(self, facts: Facts) -> str:
        return {
            Direction.NEW: self.tr("new in the last period"),
            Direction.RISING: self.tr("trend rising"),
            Direction.FALLING: self.tr("trend falling"),
            Direction.STEADY: self.tr("trend steady"),
            Direction.UNKNOWN: self.tr("too early to tell a trend"),
        }[facts.direction]

    # --- the tree

    def _is_elsewhere(self, node: Node) -> bool:
        """Whether nobody accepted a theme or any below it, and all of them stand elsewhere.

        An accepted group may hold proposals only.
        """
        if node.facts.status != Status.PROPOSED:
            return False
        if not node.children and self.elsewhere is not None:
            return node.facts.level == Level.GROUP or node.id in self.elsewhere
        return all(map(self._is_elsewhere, node.children))

    def _node(self, index: Index) -> Node:
        if not index.isValid():
            return self._root
        return self._by_number.get(index.internalId(), self._root)

    def _index_of(self, node: Node, column: int) -> QModelIndex:
        if node.parent is None:
            return QModelIndex()
        return self.createIndex(node.row, column, node.number)

    def _put_in_place(self, found: dict[str, tuple[str, Facts]], *, tell: bool) -> None:
        """Insert, move and change rows from the top down, until the tree is as ``found``."""
        wanted = self._wanted(found)
        waiting = [self._root]
        while waiting:
            above = waiting.pop()
            for row, node in enumerate(wanted.get(above.id, ())):
                if not (row < len(above.children) and above.children[row] is node):
                    self._place(node, above, row, tell=tell)
            waiting += wanted.get(above.id, ())

    def _wanted(self, found: dict[str, tuple[str, Facts]]) -> dict[str, list[Node]]:
        children: dict[str, list[Node]] = {}
        for theme_id, (parent_id, facts) in found.items():
            node = self._nodes.get(theme_id)
            if node is None:
                node = Node(next(self._numbers), theme_id, facts, folded=fold_title(facts.title))
                self._nodes[theme_id] = self._by_number[node.number] = node
            elif node.facts != facts:
                node.facts, node.folded = facts, fold_title(facts.title)
                if node.parent is not None:
                    self.dataChanged.emit(
                        self._index_of(node, 0), self._index_of(node, len(TreeColumn) - 1)
                    )
            children.setdefault(parent_id, []).append(node)
        key, descending = self._sort
        return {
            above: in_order(nodes, key, descending=descending) for above, nodes in children.items()
        }

    def _place(self, node: Node, above: Node, row: int, *, tell: bool) -> None:
        here = self._index_of(above, 0)
        if node.parent is None:
            if tell:
                self.beginInsertRows(here, row, row)
            above.children.insert(row, node)
            node.parent = above
            if tell:
                self.endInsertRows()
            return
        before, old = node.parent, node.row
        self.beginMoveRows(self._index_of(before, 0), old, old, here, row)
        del before.children[old]
        above.children.insert(row, node)
        node.parent = above
        self.endMoveRows()

    def _remove_missing(self, found: Container[str], *, whole: bool = False) -> None:
        """Remove rows that are not in ``found``; with ``whole`` only where nothing below stays."""
        gone = [node for node in self._root.descendants() if node.id not in found]
        for node in gone:
            if node.parent is None or node.number not in self._by_number:
                continue
            if whole and any(below.id in found for below in node.descendants()):
                continue
            row = node.row
            self.beginRemoveRows(self._index_of(node.parent, 0), row, row)
            del node.parent.children[row]
            for lost in (node, *node.descendants()):
                del self._nodes[lost.id], self._by_number[lost.number]
            self.endRemoveRows()

    def _topmost(self, ids: Sequence[str]) -> list[str]:
        chosen = set(ids)
        return [
            one for one in ids if not any(up.id in chosen for up in self._nodes[one].ancestors())
        ]


def letters(kinds: Iterable[int]) -> Sequence[str]:
    """Return the letters above the bars of shares, of the kinds at some places in ``SHARE_KINDS``."""
    return [SHARE_KINDS[at][0].upper() for at in kinds]


def _may_hold(target: Node, node: Node) -> bool:
    """Whether ``node`` can be moved to ``target``: one level lower at most, never below itself."""
    if target is node or node.parent is target or node in target.ancestors():
        return False
    if target.parent is None:
        return True
    if node.facts.level == Level.GROUP:
        return False
    return target.facts.level == Level.GROUP or (
        target.facts.level == Level.THEME and not node.children
    )
