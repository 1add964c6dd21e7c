"""Splitting a theme by the real engine, on a real project file."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.services.planted import planted_project

from themeloom.domain.encoders import WORDS
from themeloom.domain.errors import ProjectError, SynthesisError
from themeloom.domain.themes import Level, Status
from themeloom.jobs.messages import Progress
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services.splitting import Split, apply, consequences, propose
from themeloom.services.synthesis import SynthesisOptions, find_themes


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, engine: Worker) -> bytes:
    """Return a project whose three largest themes were merged into one."""
    path = tmp_path_factory.mktemp("split") / "whole.loom"
    with planted_project(path) as project:
        find_themes(project, engine, SynthesisOptions(accept=True))
        held = project.assignments().group_by("theme_id").len().sort("len", "theme_id")
        largest = held["theme_id"].to_list()[-3:]
        project.merge_themes(largest[:2], largest[2], title="Three things")
    return path.read_bytes()


@pytest.fixture
def project(tmp_path: Path, whole: bytes) -> Iterator[Project]:
    path = tmp_path / "planted.loom"
    path.write_bytes(whole)
    with Project.open(path) as made:
        yield made


def merged_theme(project: Project) -> str:
    themes = project.themes()
    return str(themes.filter(pl.col("title") == "Three things")["theme_id"][0])


def held(project: Project, theme_id: str) -> set[str]:
    return set(project.assignments().filter(pl.col("theme_id") == theme_id)["excerpt_id"])


@pytest.fixture
def split(project: Project, engine: Worker) -> Split:
    return propose(project, engine, merged_theme(project))


def test_parts_are_nested_and_hold_all_excerpts(project: Project, split: Split) -> None:
    assert split.counts == list(range(2, split.counts[-1] + 1))
    assert split.counts[-1] <= 6
    assert split.suggested in split.counts
    own = held(project, split.theme_id)
    assert split.excerpts == len(own)
    coarser: set[frozenset[str]] | None = None
    for count in split.counts:
        placed = split.placed(count)
        assert set(placed["excerpt_id"]) == own
        here = {frozenset(ids) for ids in placed.group_by("key").agg("excerpt_id")["excerpt_id"]}
        assert len(here) == count == len(split.parts(count))
        if coarser is not None:
            assert all(sum(part <= whole for whole in coarser) == 1 for part in here)
        coarser = here


def test_parts_are_what_was_merged(project: Project, split: Split) -> None:
    was = project.raw_assignments().select("excerpt", was="theme_id")
    rows = project.excerpt_rows().select("excerpt", "excerpt_id").join(was, on="excerpt")
    placed = split.placed(3).join(rows, on="excerpt_id")
    pure = placed.group_by("key", "was").len().group_by("key").agg(pl.col("len").max())["len"].sum()
    assert pure >= 0.9 * placed.height


def test_every_part_has_words_of_its_own(project: Project, split: Split) -> None:
    themes = project.themes().filter(pl.col("level") != Level.GROUP)
    others = set(themes["title"].str.to_lowercase())
    for count in split.counts:
        parts = split.parts(count)
        titles = {part.title.casefold() for part in parts}
        assert len(titles) == count
        assert not titles & others
        placed = split.placed(count)
        for part in parts:
            mine = placed.filter(pl.col("key") == part.key)
            assert part.excerpts == mine.height
            assert part.definition.endswith(".")
            assert part.key_phrases
            assert part.quotes
            assert set(part.quotes) <= set(mine["excerpt_id"])
            assert mine["similarity"].is_between(0.2, 1.0).all()


def test_it_is_the_same_again(project: Project, split: Split, engine: Worker) -> None:
    again = propose(project, engine, split.theme_id)
    assert again.suggested == split.suggested
    for count in split.counts:
        assert again.parts(count) == split.parts(count)
        assert again.placed(count).equals(split.placed(count))


def test_making_sub_themes_is_one_step(project: Project, split: Split) -> None:
    before = project.state_hash()
    parts = split.parts(3)
    told = consequences(split, 3, [part.key for part in parts])
    assert (told.moving, told.staying, told.reviewed) == (split.excerpts, 0, 0)
    titles = {part.key: f"Part {number}" for number, part in enumerate(parts)}
    deed = apply(project, split, 3, titles)
    assert deed is not None
    assert deed.name == "split of “Three things” into 3 sub-themes"
    themes = project.themes().filter(pl.col("parent_id") == split.theme_id)
    assert themes["title"].to_list() == ["Part 0", "Part 1", "Part 2"]
    assert set(themes["level"]) == {Level.SUB_THEME}
    assert set(themes["status"]) == {Status.ACTIVE}
    for theme_id, part in zip(themes["theme_id"], parts, strict=True):
        mine = split.placed(3).filter(pl.col("key") == part.key)
        assert held(project, theme_id) == set(mine["excerpt_id"])
    assert held(project, split.theme_id) == set()
    assert not project.assignments()["reviewed"].any(), "nobody looked at each of them"
    project.undo()
    assert project.state_hash() == before


def test_reviewed_excerpts_stay_unless_they_shall_go(project: Project, engine: Worker) -> None:
    theme_id = merged_theme(project)
    seen = sorted(held(project, theme_id))[:5]
    project.confirm(seen)
    split = propose(project, engine, theme_id)
    assert split.reviewed == 5
    keys = [part.key for part in split.parts(2)]
    assert sum(part.reviewed for part in split.parts(2)) == 5
    assert consequences(split, 2, keys).staying == 5
    assert consequences(split, 2, keys).reviewed == 5
    assert consequences(split, 2, keys, reviewed=True).staying == 0
    titles = dict(zip(keys, ("One", "Two"), strict=True))
    apply(project, split, 2, titles, beside=True)
    assert held(project, theme_id) == set(seen)
    project.undo()
    apply(project, split, 2, titles, beside=True, reviewed=True)
    assert held(project, theme_id) == set()
    assert project.assignments().filter("reviewed")["excerpt_id"].sort().to_list() == seen


def test_a_part_can_stay_in_the_theme(project: Project, split: Split) -> None:
    largest, *others = split.parts(3)
    keys = [part.key for part in others]
    assert consequences(split, 3, keys).staying == largest.excerpts
    apply(project, split, 3, {part.key: part.title for part in others}, beside=True)
    mine = split.placed(3).filter(pl.col("key") == largest.key)
    assert held(project, split.theme_id) == set(mine["excerpt_id"])
    named = pl.col("title").is_in([part.title for part in others])
    place = project.themes().filter(named & (pl.col("level") != Level.GROUP))
    theme = project.themes().filter(pl.col("theme_id") == split.theme_id)
    assert set(place["parent_id"]) == set(theme["parent_id"])


def test_what_moved_meanwhile_stays_where_it_is(project: Project, split: Split) -> None:
    moved = sorted(held(project, split.theme_id))[0]
    other = project.themes().filter(
        (pl.col("level") == Level.THEME) & (pl.col("theme_id") != split.theme_id)
    )["theme_id"][0]
    project.assign([moved], other)
    apply(project, split, 2, {part.key: part.title for part in split.parts(2)})
    assert moved in held(project, other)


def test_a_later_search_leaves_the_parts_alone(
    project: Project, split: Split, engine: Worker
) -> None:
    apply(project, split, 2, {part.key: part.title for part in split.parts(2)}, beside=True)
    rows = {
        part.title: set(split.placed(2).filter(pl.col("key") == part.key)["excerpt_id"])
        for part in split.parts(2)
    }
    for keep in (True, False):
        find_themes(project, engine, SynthesisOptions(keep=keep))
        for title, ids in rows.items():
            themes = project.themes().filter(pl.col("level") == Level.THEME)
            theme_id = themes.filter(pl.col("title") == title)["theme_id"][0]
            assert ids <= held(project, theme_id)


def test_progress_is_told(project: Project, engine: Worker) -> None:
    heard: list[Progress] = []
    propose(project, engine, merged_theme(project), heard.append)
    assert {"Comparing texts", "Finding themes", "Naming themes"} <= {one.stage for one in heard}


def test_what_cannot_be_split_says_why(project: Project, engine: Worker) -> None:
    group = project.themes().filter(pl.col("level") == Level.GROUP)["theme_id"][0]
    with pytest.raises(ProjectError, match="is a group"):
        propose(project, engine, group)
    with pytest.raises(ProjectError, match="no theme"):
        propose(project, engine, "T-999")
    _, empty = project.create_theme("New one")
    with pytest.raises(SynthesisError, match="has 0 excerpts"):
        propose(project, engine, empty)


def test_the_texts_are_read_by_what_read_them_in_the_search(tmp_path: Path, engine: Worker) -> None:
    with planted_project(tmp_path / "words.loom") as project:
        find_themes(project, engine, SynthesisOptions(accept=True, encoder=WORDS, themes=3))
        theme_id = str(project.assignments()["theme_id"].mode()[0])
        propose(project, engine, theme_id)
        read_by = {path.name.split("-")[1] for path in project.derived_store().glob("vectors-*")}
    assert read_by == {"words"}
