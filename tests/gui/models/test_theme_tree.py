"""The theme tree's model: what it says, and that it changes step by step."""

import random

import polars as pl
import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot
from tests.gui import builders
from tests.gui.builders import theme_id
from tests.gui.spying import calls_of

from themeloom.domain.themes import Level, Status
from themeloom.gui.models import mime
from themeloom.gui.models.theme_tree import ThemeTreeModel, TreeColumn
from themeloom.gui.models.trend import rise
from themeloom.services.view import with_choices

ROLES = Qt.ItemDataRole
DROPS = theme_id("Calendar sync drops events")
TWICE = theme_id("Outlook invites arrive twice")
SYNC = theme_id("Calendar sync")
BILLING = theme_id("Billing and plans")
PRICING = theme_id("Pricing jump at renewal")


@pytest.fixture
def model(qtbot: QtBot) -> ThemeTreeModel:
    model = ThemeTreeModel()
    model.show_themes(builders.build_view().themes)
    return model


def shape(model: ThemeTreeModel, parent: QModelIndex | None = None) -> list[object]:
    above = parent or QModelIndex()
    found: list[object] = []
    for row in range(model.rowCount(above)):
        index = model.index(row, 0, above)
        found.append((model.theme_id(index), shape(model, index)))
    return found


def test_shows_groups_with_their_themes_in_order(model: ThemeTreeModel) -> None:
    assert shape(model) == [
        (theme_id(group), [(theme_id(title), []) for title in below])
        for group, below in builders.TREE.items()
    ]
    index = model.theme_index(DROPS)
    assert index.data() == "Calendar sync drops events"
    assert index.siblingAtColumn(TreeColumn.RECORDS).data() == "60"


def test_reads_itself_out(model: ThemeTreeModel) -> None:
    text = str(model.theme_index(DROPS).data(ROLES.AccessibleTextRole))
    assert text.startswith(
        "Calendar sync drops events, accepted, 60 records, tickets 17\u00a0%, NPS 17\u00a0%"
    )
    assert "trend" in text
    locked = str(model.theme_index(TWICE).data(ROLES.AccessibleTextRole))
    assert "Outlook invites arrive twice, locked, 36 records" in locked
    assert "group, accepted" in str(model.theme_index(SYNC).data(ROLES.AccessibleTextRole))


def test_a_rename_changes_one_row_and_resets_nothing(model: ThemeTreeModel, qtbot: QtBot) -> None:
    content, choices = builders.build_parts()
    view = builders.make_view(content, choices)
    kept = QPersistentModelIndex(model.theme_index(DROPS))
    resets = calls_of(model.modelReset)
    changes = calls_of(model.dataChanged)
    moves = calls_of(model.rowsMoved)
    renamed = with_choices(view, builders.with_theme(choices, DROPS, title="Sync loses events"))
    model.show_themes(renamed.themes)
    assert (len(resets), len(changes), len(moves)) == (0, 1, 0)
    assert kept.data() == "Sync loses events"


def test_any_change_of_the_tree_ends_in_the_new_tree(qtbot: QtBot) -> None:
    """Random trees after each other: moves, inserts and removals always end where they should."""
    draw = random.Random(7)
    model = ThemeTreeModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    full = builders.build_view().themes
    for _ in range(60):
        themes = some_tree(full, draw)
        model.sort_by(draw.choice(["position", "title", "records", "trend"]))
        model.show_themes(themes)
        fresh = ThemeTreeModel()
        fresh.sort_by(*model.sorting[:1], descending=model.sorting[1])
        fresh.show_themes(themes)
        assert shape(model) == shape(fresh)
        assert set(model.theme_ids()) == set(themes["theme_id"])


def some_tree(full: pl.DataFrame, draw: random.Random) -> pl.DataFrame:
    kept = full.filter(pl.Series([draw.random() < 0.8 for _ in range(full.height)])).sample(
        fraction=1.0, shuffle=True, seed=draw.randrange(1000)
    )
    ids = kept["theme_id"].to_list()
    parents: list[str | None] = []
    for at, _ in enumerate(ids):
        parents.append(draw.choice(ids[:at]) if at and draw.random() < 0.7 else None)
    return kept.with_columns(
        parent_id=pl.Series(parents, dtype=pl.String), position=pl.int_range(len(ids))
    )


def test_sorts_within_groups(model: ThemeTreeModel) -> None:
    kept = QPersistentModelIndex(model.theme_index(DROPS))
    model.sort_by("records")
    smallest = model.index(0, 0, model.theme_index(SYNC))
    assert model.theme_id(smallest) == theme_id("Two-way sync takes too long")
    model.sort_by("title", descending=True)
    assert model.index(0, 0).data() == "Reports and export"
    assert model.theme_id(kept) == DROPS
    model.sort_by("position")
    assert model.theme_id(model.index(0, 0)) == SYNC


def test_filter_keeps_hits_and_what_is_above_them(model: ThemeTreeModel) -> None:
    assert model.with_words("late", proposed=True) == {
        theme_id("Reports and export"),
        theme_id("Scheduled reports arrive late"),
    }
    # A group that is hit itself keeps what it holds; accents and case do not matter.
    billing = model.with_words("billing and", proposed=True)
    assert billing == {BILLING, *(theme_id(one) for one in builders.TREE["Billing and plans"])}
    assert model.with_words("no such words", proposed=True) == set()
    assert theme_id("Scheduled reports arrive late") not in model.with_words("", proposed=False)


def test_asks_for_a_title_and_changes_nothing_itself(model: ThemeTreeModel) -> None:
    asked = calls_of(model.renamed)
    index = model.theme_index(DROPS)
    assert model.setData(index, "  Sync   loses events ")
    assert not model.setData(index, "   ")
    assert not model.setData(index, "Calendar sync drops events")
    assert len(asked) == 1
    assert asked == [(DROPS, "Sync loses events")]
    assert index.data() == "Calendar sync drops events"


def test_takes_excerpts_on_themes_only(model: ThemeTreeModel) -> None:
    dropped = calls_of(model.excerpts_dropped)
    parcel = mime.excerpts_mime([5, 7_000_000_000])
    copy = Qt.DropAction.CopyAction
    assert not model.dropMimeData(parcel, copy, -1, -1, model.theme_index(SYNC))
    assert not model.dropMimeData(parcel, copy, -1, -1, QModelIndex())
    assert model.dropMimeData(parcel, copy, -1, -1, model.theme_index(DROPS))
    assert len(dropped) == 1
    assert dropped == [([5, 7_000_000_000], DROPS)]


@pytest.mark.parametrize(
    ("moving", "target", "allowed"),
    [
        ([DROPS], BILLING, True),
        ([DROPS, TWICE], PRICING, True),
        ([DROPS], "", True),
        ([DROPS], SYNC, False),  # is there already
        ([DROPS], DROPS, False),
        ([SYNC], DROPS, False),  # into itself
        ([SYNC], BILLING, False),  # groups stay at the top
        (["gone"], BILLING, False),
    ],
)
def test_takes_themes_where_they_can_stand(
    model: ThemeTreeModel, moving: list[str], target: str, allowed: bool
) -> None:
    dropped = calls_of(model.themes_dropped)
    onto = model.theme_index(target)
    done = model.dropMimeData(mime.themes_mime(moving), Qt.DropAction.CopyAction, -1, -1, onto)
    assert done == allowed
    assert dropped == ([(moving, target or None)] if allowed else [])


def test_drags_the_topmost_of_what_is_chosen(model: ThemeTreeModel) -> None:
    parcel = model.mimeData([model.theme_index(one) for one in (SYNC, DROPS, PRICING)])
    assert mime.themes_in(parcel) == [SYNC, PRICING]


def test_read_only_offers_neither_edit_nor_drag(model: ThemeTreeModel) -> None:
    model.read_only = True
    flags = model.flags(model.theme_index(DROPS))
    assert not flags & (Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled)
    assert not model.dropMimeData(
        mime.excerpts_mime([1]), Qt.DropAction.CopyAction, -1, -1, model.theme_index(DROPS)
    )


def test_two_thousand_new_themes_come_as_one_reset(qtbot: QtBot) -> None:
    row = builders.build_view().themes.head(1)
    many = pl.concat(
        [
            row.with_columns(theme_id=pl.lit(f"t{n}"), parent_id=pl.lit(None, pl.String))
            for n in range(2000)
        ]
    )
    model = ThemeTreeModel()
    resets = calls_of(model.modelReset)
    model.show_themes(many)
    assert (len(resets), model.rowCount()) == (1, 2000)


def test_counts_that_rise_sort_before_those_that_fall() -> None:
    assert rise([1, 1, 1]) == rise([0, 0, 1, 0, 0, 1]) == 0.0, "too few to tell"
    assert rise([2, 3, 2, 3, 8, 9]) > 0 > rise([9, 8, 9, 2, 1, 1])


def test_levels_scale_apart(model: ThemeTreeModel) -> None:
    assert model.full_share(Level.GROUP) > model.full_share(Level.THEME) > 0
    facts = model.facts(DROPS)
    assert facts is not None
    assert facts.status == Status.ACTIVE
