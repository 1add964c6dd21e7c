"""Cutting proposals coarser and finer: by a real run, on a real project file, without the engine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.services.planted import planted_project

from themeloom.domain.errors import SynthesisError
from themeloom.domain.themes import Level, Status
from themeloom.project.project import Project
from themeloom.services.accepting import accept
from themeloom.services.recutting import Cuts


@pytest.fixture
def project(tmp_path: Path, searched: Callable[[Path], Project]) -> Iterator[Project]:
    with searched(tmp_path / "planted.loom") as made:
        yield made


def cuts_of(project: Project) -> Cuts:
    cuts = Cuts.load(project)
    assert cuts is not None
    return cuts


def parts(cuts: Cuts, level: int) -> set[frozenset[str]]:
    placed = cuts.placed(level).group_by("node").agg("excerpt_id")
    return {frozenset(ids) for ids in placed["excerpt_id"].to_list()}


def shown(project: Project) -> pl.DataFrame:
    return project.themes().filter(pl.col("level") != Level.GROUP)


def shown_parts(project: Project) -> set[frozenset[str]]:
    found = project.assignments().filter("primary").group_by("theme_id").agg("excerpt_id")
    return {frozenset(ids) for ids in found["excerpt_id"].to_list()}


def test_cuts_are_strictly_nested_and_hold_the_same_texts(project: Project) -> None:
    cuts = cuts_of(project)
    assert list(cuts.levels) == sorted(set(cuts.levels))
    assert cuts.levels[0] <= 5 < cuts.chosen < cuts.levels[-1]
    coarser: set[frozenset[str]] | None = None
    for level in cuts.levels:
        here = parts(cuts, level)
        assert len(here) == level
        assert sum(map(len, here)) == cuts.open
        if coarser is not None:
            for part in here:
                assert sum(part <= whole for whole in coarser) == 1
        coarser = here


def test_the_chosen_cut_is_what_the_run_proposed(project: Project) -> None:
    cuts = cuts_of(project)
    preview = cuts.preview(cuts.chosen)
    assert parts(cuts, cuts.chosen) == shown_parts(project)
    proposed = {row["theme_id"]: row for row in shown(project).iter_rows(named=True)}
    assert {theme.theme_id for theme in preview.themes} == set(proposed)
    for theme in preview.themes:
        row = proposed[theme.theme_id or ""]
        assert (theme.title, theme.definition) == (row["title"], row["definition"])
        assert list(theme.key_phrases) == row["key_phrases"]
        assert list(theme.quotes) == row["quotes"]


def test_every_cut_has_labels_of_its_own(project: Project) -> None:
    cuts = cuts_of(project)
    for level in cuts.levels:
        themes = cuts.preview(level).themes
        titles = [theme.title.casefold() for theme in themes]
        assert len(set(titles)) == len(titles) == level
        placed = cuts.placed(level)
        for theme in themes:
            members = placed.filter(pl.col("node") == int(theme.key))
            assert theme.title
            assert theme.definition.endswith(".")
            assert theme.excerpts == members.height
            assert theme.records == members["record"].n_unique()
            assert theme.quotes
            assert set(theme.quotes) <= set(members["excerpt_id"])


def test_groups_are_a_cut_of_the_same_tree(project: Project) -> None:
    cuts = cuts_of(project)
    parents = dict(shown(project).select("theme_id", "parent_id").iter_rows())
    by_group: dict[str, set[int]] = {}
    for node, theme_id in cuts.current.items():
        by_group.setdefault(parents[theme_id], set()).add(cuts.group_of(node, cuts.chosen))
    assert all(len(nodes) == 1 for nodes in by_group.values())
    titles = dict(project.themes().select("theme_id", "title").iter_rows())
    assert {cuts.title_of(*nodes) for nodes in by_group.values()} == {
        titles[group] for group in by_group
    }


@pytest.mark.parametrize("place", [0, -1], ids=["coarsest", "finest"])
def test_accepting_a_cut_is_one_step(place: int, project: Project) -> None:
    before = project.state_hash()
    cuts = cuts_of(project)
    level = cuts.levels[place]
    expected, titles = parts(cuts, level), {t.title for t in cuts.preview(level).themes}
    unsorted = set(project.unsorted()["excerpt_id"])
    deed = accept(project, level)
    assert deed is not None
    assert deed.content
    themes = shown(project)
    assert set(themes["title"]) == titles
    assert set(themes["status"]) == {Status.ACTIVE}
    assert shown_parts(project) == expected
    assert set(project.unsorted()["excerpt_id"]) == unsorted
    assert project.assignments()["similarity"].is_between(0.2, 1.0).all()
    groups = project.themes().filter(pl.col("level") == Level.GROUP)
    # Five themes or fewer would each be alone in a group of the same title.
    grouped = set(groups["theme_id"]) if level > 5 else {None}
    assert set(themes["parent_id"]) == grouped
    assert set(groups["status"]) <= {Status.ACTIVE}
    assert Cuts.load(project) is None, "nothing is open any more"
    project.undo()
    assert project.state_hash() == before
    assert cuts_of(project).chosen == cuts.chosen


def test_a_recut_without_accepting_can_be_cut_again(project: Project) -> None:
    first = cuts_of(project)
    level = first.levels[-1]
    assert accept(project, level, ()) is not None
    assert set(shown(project)["status"]) == {Status.PROPOSED}
    cuts = cuts_of(project)
    assert cuts.chosen == level
    assert parts(cuts, first.chosen) == parts(first, first.chosen)
    assert accept(project, level, ()) is None, "it is so already"
    themes_before = {t.key: t.theme_id for t in cuts.preview(level).themes}
    assert accept(project, first.levels[0], ()) is not None
    same = {key for key in themes_before if key in {str(n) for n in cuts_of(project).current}}
    assert all(themes_before[key] == cuts_of(project).current[int(key)] for key in same)


def test_only_the_chosen_ones_are_accepted(project: Project) -> None:
    cuts = cuts_of(project)
    key = cuts.preview(cuts.levels[-1]).themes[0].key
    accept(project, cuts.levels[-1], [key])
    themes = shown(project)
    assert themes.filter(pl.col("status") == Status.ACTIVE).height == 1
    assert themes.height == cuts.levels[-1]
    taken = project.assignments().join(
        themes.filter(pl.col("status") == Status.ACTIVE), on="theme_id", how="semi"
    )
    rest = cuts_of(project)
    assert rest.open == cuts.open - taken.height
    coarse = rest.preview(rest.levels[0])
    assert not {q for theme in coarse.themes for q in theme.quotes} & set(taken["excerpt_id"])
    titles = [theme.title for theme in coarse.themes]
    assert not set(titles) & set(themes.filter(pl.col("status") == Status.ACTIVE)["title"]), (
        "titles stay apart from those of accepted themes"
    )


def test_accepting_what_is_shown_changes_no_ids(project: Project) -> None:
    cuts = cuts_of(project)
    before = set(shown(project)["theme_id"])
    chosen = cuts.preview(cuts.chosen).themes[0]
    deed = accept(project, cuts.chosen, [chosen.key])
    assert deed is not None
    assert not deed.content
    status = dict(project.themes().select("theme_id", "status").iter_rows())
    parent = dict(shown(project).select("theme_id", "parent_id").iter_rows())
    assert set(shown(project)["theme_id"]) == before
    assert chosen.theme_id is not None
    assert status[chosen.theme_id] == status[parent[chosen.theme_id]] == Status.ACTIVE
    project.undo()
    assert set(shown(project)["status"]) == {Status.PROPOSED}


def test_settled_work_stays_at_every_cut(project: Project) -> None:
    locked, reviewed, renamed = shown(project)["theme_id"].to_list()[:3]
    project.set_theme_status(locked, Status.LOCKED)
    assignments = project.assignments()
    confirmed = assignments.filter(pl.col("theme_id") == reviewed)["excerpt_id"].to_list()[:2]
    project.confirm(confirmed)
    project.rename_theme(renamed, "Named by a person")
    under = {
        theme: set(assignments.filter(pl.col("theme_id") == theme)["excerpt_id"])
        for theme in (locked, renamed)
    }
    cuts = cuts_of(project)
    assert cuts.open == assignments.height - sum(map(len, under.values())) - len(confirmed)
    left = cuts.preview(cuts.levels[0]).left
    assert left.excerpts == len(under[locked]) + len(confirmed)
    accept(project, cuts.levels[0])
    after = project.assignments()
    for theme, excerpts in under.items():
        assert set(after.filter(pl.col("theme_id") == theme)["excerpt_id"]) == excerpts
    assert set(confirmed) <= set(after.filter(pl.col("theme_id") == reviewed)["excerpt_id"])
    titles = dict(project.themes().select("theme_id", "title").iter_rows())
    assert titles[renamed] == "Named by a person"


def test_without_what_was_stored_no_cut_is_offered(project: Project) -> None:
    for path in (project.derived_store() / "cuts").rglob("texts.arrow"):
        path.write_bytes(path.read_bytes()[:200])
    assert Cuts.load(project) is None
    with pytest.raises(SynthesisError, match="finer or coarser"):
        accept(project, 5)


def test_a_project_without_a_run_has_no_cuts(tmp_path: Path) -> None:
    with planted_project(tmp_path / "new.loom") as project:
        assert Cuts.load(project) is None
