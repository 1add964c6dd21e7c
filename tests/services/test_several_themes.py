"""Excerpts in several themes, from the search on: cuts, searches, numbers, view, coverage, files."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.engine.feedback import BOTH, feedback
from tests.services.planted import planted_project

from themeloom.analytics.numbers import theme_numbers
from themeloom.domain.themes import Level, Status
from themeloom.exporters.coded_csv import coded_table
from themeloom.exporters.records_csv import records_table
from themeloom.insights.privacy import Veil
from themeloom.insights.record_table import record_table
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services.accepting import accept
from themeloom.services.coverage import Coverage
from themeloom.services.exporting import book_data
from themeloom.services.numbers import basis_of
from themeloom.services.recutting import Cuts
from themeloom.services.session import Session
from themeloom.services.synthesis import SynthesisOptions, find_themes


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, engine: Worker) -> Path:
    """Return a project in which a search has found texts that speak of two themes."""
    path = tmp_path_factory.mktemp("several") / "found.loom"
    with planted_project(path, list(BOTH)) as project:
        find_themes(project, engine, SynthesisOptions())
        shutil.copytree(project.derived_store(), path.with_name("derived"))
    return path


@pytest.fixture
def project(found: Path, tmp_path: Path) -> Iterator[Project]:
    """Return a copy of it, with the cuts and vectors that the search left."""
    path = tmp_path / "copy.loom"
    shutil.copy(found, path)
    with Project.open(path) as opened:
        shutil.copytree(found.with_name("derived"), opened.derived_store(), dirs_exist_ok=True)
        yield opened


def further(project: Project) -> pl.DataFrame:
    return project.assignments().filter(~pl.col("primary")).select("excerpt_id", "theme_id")


def both_ids() -> set[str]:
    first = feedback().height
    return {f"r{number:03d}.0" for number in range(first, first + len(BOTH))}


def test_a_search_writes_further_themes(project: Project) -> None:
    rows = project.assignments()
    assert len(both_ids() & set(further(project)["excerpt_id"])) >= len(BOTH) - 1
    assert rows.filter("primary")["excerpt_id"].is_unique().all()
    project.undo()
    assert project.assignments().is_empty()


def test_every_cut_keeps_them_where_their_themes_are_apart(project: Project) -> None:
    cuts = Cuts.load(project)
    assert cuts is not None
    before = further(project)
    counted: list[int] = []
    for level in cuts.levels:
        placed = cuts.placed(level)
        others = cuts.further(placed, level)
        together = pl.concat([placed.select("excerpt_id", "node"), others["excerpt_id", "node"]])
        assert together.is_unique().all()
        assert set(others["excerpt_id"]) <= set(before["excerpt_id"])
        assert others["similarity"].is_between(0.0, 1.0).all()
        themes = {int(theme.key): theme.excerpts for theme in cuts.preview(level).themes}
        assert themes == dict(together.group_by("node").len().iter_rows())
        shown = {key: set(cuts.excerpts_of(level, str(key))) for key in themes}
        assert {key: len(ids) for key, ids in shown.items()} == themes
        counted.append(others.height)
    assert counted[cuts.levels.index(cuts.chosen)] == before.height
    assert counted == sorted(counted), "finer themes part more of them"


@pytest.mark.parametrize("place", [0, -1], ids=["coarsest", "finest"])
def test_an_accepted_cut_has_them(project: Project, place: int) -> None:
    cuts = Cuts.load(project)
    assert cuts is not None
    before, level = project.state_hash(), cuts.levels[place]
    expected = cuts.further(cuts.placed(level), level)
    preview = {theme.title: theme.excerpts for theme in cuts.preview(level).themes}
    accept(project, level)
    rows = project.assignments()
    assert further(project).height == expected.height
    assert set(further(project)["excerpt_id"]) == set(expected["excerpt_id"])
    assert rows.select("excerpt_id", "theme_id").is_unique().all()
    titles = project.themes().filter(pl.col("level") == Level.THEME).select("theme_id", "title")
    held = rows.join(titles, on="theme_id").group_by("title").len()
    assert dict(held.iter_rows()) == preview
    project.undo()
    assert project.state_hash() == before


def test_a_cut_again_finds_them_again(project: Project) -> None:
    cuts = Cuts.load(project)
    assert cuts is not None
    before = further(project)["excerpt_id"].to_list()
    accept(project, cuts.levels[-1], ())
    accept(project, cuts.chosen, ())
    assert further(project)["excerpt_id"].sort().to_list() == sorted(before)


def test_what_a_person_took_off_stays_off(project: Project) -> None:
    cuts = Cuts.load(project)
    assert cuts is not None
    excerpt, theme = further(project).row(0)
    project.take_off([excerpt], theme)
    accept(project, cuts.levels[-1], ())
    assert excerpt not in set(further(project)["excerpt_id"])


def test_a_further_theme_that_was_accepted_stays_at_every_cut(project: Project) -> None:
    excerpt, theme = further(project).row(0)
    project.set_theme_status(theme, Status.ACTIVE)
    cuts = Cuts.load(project)
    assert cuts is not None
    accept(project, cuts.levels[-1], ())
    assert (excerpt, theme) in set(further(project).iter_rows())


def test_a_second_search_leaves_them(project: Project, engine: Worker) -> None:
    before = project.assignments().sort("excerpt_id", "theme_id")
    find_themes(project, engine, SynthesisOptions())
    assert project.assignments().sort("excerpt_id", "theme_id").equals(before)


def test_a_search_anew_finds_them_beside_what_is_settled(project: Project, engine: Worker) -> None:
    excerpt = further(project)["excerpt_id"][0]
    project.confirm([excerpt])
    kept = project.assignments().filter(pl.col("excerpt_id") == excerpt)
    find_themes(project, engine, SynthesisOptions(keep=False))
    assert project.assignments().filter(pl.col("excerpt_id") == excerpt).equals(kept)
    assert len(both_ids() & set(further(project)["excerpt_id"])) > 1


def test_numbers_count_a_record_in_both_and_bases_once(found: Path, tmp_path: Path) -> None:
    path = tmp_path / "seen.loom"
    path.write_bytes(found.read_bytes())
    session = Session.open(path)
    try:
        rows = session.project.assignments()
        sizes = dict(rows.group_by("theme_id").len().iter_rows())
        view = session.view
        themes = view.themes.filter(pl.col("level") == Level.THEME)
        assert dict(themes.select("theme_id", "excerpts").iter_rows()) == sizes
        assert dict(themes.select("theme_id", "records").iter_rows()) == sizes
        assert sum(sizes.values()) > rows["excerpt_id"].n_unique()
        assert view.excerpts["theme_id"].count() == rows["excerpt_id"].n_unique()
        several = view.excerpts.filter(pl.col("also").list.len() > 0)
        assert set(several["excerpt_id"]) == set(further(session.project)["excerpt_id"])
        groups = view.themes.filter(pl.col("level") == Level.GROUP)
        assert groups["excerpts"].sum() <= sum(sizes.values())
        assert view.totals.coverage <= 1.0
        reach = theme_numbers(basis_of(session)).reach
        assert {
            theme: count
            for theme, count in reach.select("theme_id", "records").iter_rows()
            if theme in sizes
        } == sizes
        # The main theme goes: the further one takes its place.
        excerpt, other = further(session.project).row(0)
        main = several.filter(pl.col("excerpt_id") == excerpt)["theme_id"][0]
        session.change(lambda now: now.project.delete_themes([main]))
        row = session.view.excerpts.filter(pl.col("excerpt_id") == excerpt).row(0, named=True)
        assert (row["theme_id"], row["also"]) == (other, None)
        shares = session.view.shares.filter(pl.col("excerpt") == row["excerpt"])
        assert shares.select("theme_id", "primary").rows() == [(other, True)]
    finally:
        session.close()


def test_coverage_puts_none_of_them_out(project: Project) -> None:
    coverage = Coverage.load(project)
    assert coverage is not None
    out = coverage.rows(-4)
    assert out.height
    assert not set(out["excerpt_id"]) & set(further(project)["excerpt_id"])


def test_files_name_all_of_them_the_main_one_first(project: Project) -> None:
    data = book_data(project, raw=True)
    excerpt, other = further(project).row(0)
    record = excerpt.rsplit(".", 1)[0]
    main = next(
        theme
        for one, theme, primary in project.assignments()
        .select("excerpt_id", "theme_id", "primary")
        .iter_rows()
        if one == excerpt and primary
    )
    records = records_table(data).filter(pl.col("record_id") == record).row(0, named=True)
    assert records["primary_theme_id"] == main
    assert records["theme_ids"] == f"{main};{other}"
    coded = coded_table(data)
    rows = coded.filter(pl.col("excerpt_id") == excerpt).select("theme_id", "primary").rows()
    assert rows == [(main, True), (other, False)]
    assert coded.filter(pl.col("primary").fill_null(True)).height == data.excerpts.height
    titles = dict(data.themes.select("theme_id", "title").iter_rows())
    table = record_table(data, Veil.of(data), data.records["text"], titles)
    row = table.filter(pl.col("Record id") == record).row(0, named=True)
    assert (row["Primary theme"], row["Other themes"]) == (titles[main], titles[other])
