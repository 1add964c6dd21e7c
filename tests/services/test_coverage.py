"""Letting in more or fewer excerpts: after a real search, on a real project file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.services.planted import planted_project

from themeloom.domain.frames import EXCERPTS, RECORDS, conform
from themeloom.domain.themes import Level, Method, Reason, Status
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services import coverage
from themeloom.services.accepting import accept
from themeloom.services.coverage import STEPS, Coverage, change_coverage
from themeloom.services.recutting import Cuts
from themeloom.services.synthesis import SynthesisOptions, find_themes


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, searched: Callable[[Path], Project]) -> bytes:
    """Return a project with proposed themes and some twenty excerpts that lie between them."""
    path = tmp_path_factory.mktemp("coverage") / "found.loom"
    with searched(path) as project:
        change_coverage(project, -4)
    return path.read_bytes()


@pytest.fixture
def project(tmp_path: Path, found: bytes) -> Iterator[Project]:
    path = tmp_path / "found.loom"
    path.write_bytes(found)
    with Project.open(path) as made:
        yield made


def coverage_of(project: Project) -> Coverage:
    found = Coverage.load(project)
    assert found is not None
    return found


def shown(project: Project) -> dict[str, str]:
    rows = project.assignments().filter("primary")
    return dict(rows.select("excerpt_id", "theme_id").iter_rows())


def test_each_step_holds_those_before_it(project: Project) -> None:
    assert coverage_of(project).preview(0).themes == ()
    for direction in (1, -1):
        before: set[str] = set()
        if direction < 0:
            change_coverage(project, 5)
        here_now = coverage_of(project)
        for step in range(direction, direction * (len(STEPS) // 2 + 1), direction):
            if step not in STEPS:
                continue
            rows = here_now.rows(step)
            here = set(rows["excerpt_id"])
            assert before <= here
            before = here
            preview = here_now.preview(step)
            assert preview.excerpts == len(here) == sum(one.excerpts for one in preview.themes)
            change = direction * len(here) / project.excerpts().height
            assert preview.after - preview.before == pytest.approx(change)
            for theme in preview.themes:
                mine = rows.filter(pl.col("theme_id") == theme.theme_id)
                assert theme.records == mine["record_id"].n_unique()
                least = mine.sort("similarity", descending=direction < 0)["similarity"].head(3)
                quoted = mine.filter(pl.col("excerpt_id").is_in(theme.quotes))["similarity"]
                assert quoted.sort().to_list() == least.sort().to_list()
        assert before
    with pytest.raises(ValueError, match="no step 9"):
        coverage_of(project).preview(9)


def test_a_theme_is_measured_by_its_own_excerpts(project: Project) -> None:
    change_coverage(project, 5)
    here_now = coverage_of(project)
    own = project.assignments()
    rows = here_now.rows(-2)
    for theme_id in rows["theme_id"].unique():
        inside = own.filter(pl.col("theme_id") == theme_id)["similarity"]
        assert inside.len() >= 5
        out = rows.filter(pl.col("theme_id") == theme_id)
        kept = own.filter(pl.col("theme_id") == theme_id).join(out, on="excerpt_id", how="anti")
        assert out["similarity"].max() <= kept["similarity"].min()  # type: ignore[operator]
        assert out.height <= 0.5 * inside.len()


def test_letting_in_is_one_step(project: Project) -> None:
    before, old = project.state_hash(), shown(project)
    rows = coverage_of(project).rows(5)
    deed = change_coverage(project, 5)
    assert deed is not None
    assert deed.name == f"letting in of {rows.height} excerpts"
    assert deed.content
    expected = dict(rows.select("excerpt_id", "theme_id").iter_rows())
    assert shown(project) == old | expected
    new = project.assignments().join(rows, on="excerpt_id", how="semi")
    assert set(new["method"]) == {Method.AUTO}
    assert not new["reviewed"].any()
    assert not set(project.unsorted()["excerpt_id"]) & set(expected)
    project.undo()
    assert project.state_hash() == before
    project.redo()
    assert shown(project) == old | expected
    assert change_coverage(project, 5) is None, "a step means the same when it is taken twice"


def test_putting_out_is_one_step_and_goes_back_by_letting_in(project: Project) -> None:
    assert change_coverage(project, -4) is None, "the search's own measures hold"
    change_coverage(project, 5)
    before, old = project.state_hash(), shown(project)
    gone = set(coverage_of(project).rows(-4)["excerpt_id"])
    assert gone
    deed = change_coverage(project, -4)
    assert deed is not None
    assert deed.name.startswith("putting out of ")
    assert shown(project) == {one: theme for one, theme in old.items() if one not in gone}
    out = project.unsorted().filter(pl.col("excerpt_id").is_in(gone))
    assert set(out["reason"]) == {Reason.TOO_FAR}
    assert dict(out.select("excerpt_id", "nearest_theme_id").iter_rows()) == {
        one: old[one] for one in gone
    }
    after = project.state_hash()
    change_coverage(project, 5)
    assert all(shown(project)[one] == old[one] for one in gone)
    project.undo()
    assert project.state_hash() == after
    project.undo()
    assert project.state_hash() == before


def test_what_a_person_settled_never_moves(project: Project) -> None:
    change_coverage(project, 5)
    rows = coverage_of(project).rows(-4)
    themes = rows["theme_id"].unique().sort()
    locked = themes[0]
    mine = rows.filter(pl.col("theme_id") != locked)["excerpt_id"].to_list()
    project.confirm(mine[:1])
    project.set_theme_status(locked, Status.LOCKED)
    project.assign([mine[1]], locked)
    project.unassign([mine[2]])
    here_now = coverage_of(project)
    touched = set(here_now.rows(-4)["excerpt_id"]) | set(here_now.rows(5)["excerpt_id"])
    assert not touched & set(mine[:3])
    assert not set(here_now.rows(-4)["theme_id"]) & {locked}
    change_coverage(project, -4)
    now = shown(project)
    assert mine[0] in now
    assert now[mine[1]] == locked
    assert mine[2] not in now
    change_coverage(project, 5)
    assert mine[2] not in shown(project)


def test_only_what_nearly_fits_is_let_in(project: Project) -> None:
    themes = project.themes().filter(pl.col("level") != Level.GROUP)
    resting = coverage_of(project).rows(5)["theme_id"][0]
    project.set_theme_status(resting, Status.DORMANT)
    assert resting in set(themes["theme_id"])
    assert resting not in set(coverage_of(project).rows(5)["theme_id"])


STRAYS = (
    "The weather in Lisbon was lovely when we met your colleague at the fair.",
    "Our accountant plays the cello in an orchestra every second Sunday.",
    "My grandmother bakes bread with rye flour and a little honey.",
    "The lake behind the office froze over and the swans left.",
)


def add_strays(project: Project) -> None:
    """Bring in records that fit no theme."""
    with project.begin_import("strays") as stage:
        source = stage.add_source({"file": "strays.csv", "kind": "ticket", "about": "us"})
        rows = pl.DataFrame(
            [
                {"record_id": f"s{number}", "source_id": source, "kind": "ticket", "text": text}
                for number, text in enumerate(STRAYS)
            ]
        ).with_columns(content_hash="record_id")
        stage.add_records(conform(rows, RECORDS))
        excerpts = rows.select(
            pl.format("{}.0", "record_id").alias("excerpt_id"),
            "record_id",
            pl.lit(0).alias("ordinal"),
            pl.lit(0).alias("start"),
            pl.col("text").str.len_chars().alias("end"),
            "text",
        )
        stage.add_excerpts(conform(excerpts, EXCERPTS))
        stage.commit()


def test_a_cut_takes_along_what_was_let_in_or_put_out(
    tmp_path: Path, engine: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with planted_project(tmp_path / "cut.loom") as project:
        add_strays(project)
        find_themes(project, engine, SynthesisOptions())
        searched = set(shown(project))
        strays = set(project.unsorted()["excerpt_id"])
        assert strays
        monkeypatch.setattr(coverage, "_BEYOND", 100.0)  # whatever it is about
        change_coverage(project, 5)
        assert set(shown(project)) == searched | strays
        accept(project, cuts_of(project).levels[0])
        now = shown(project)
        assert set(now) == searched | strays
        assert set(now.values()) <= set(project.themes()["theme_id"])
        project.undo()
        change_coverage(project, -2)
        kept = set(shown(project))
        out = (searched | strays) - kept
        assert out & searched
        accept(project, cuts_of(project).levels[0])
        assert set(shown(project)) == kept
        waiting = project.unsorted().filter(pl.col("excerpt_id").is_in(out))
        assert set(waiting["excerpt_id"]) == out
        assert set(waiting["nearest_theme_id"]) <= set(project.themes()["theme_id"])


def cuts_of(project: Project) -> Cuts:
    cuts = Cuts.load(project)
    assert cuts is not None
    return cuts


def test_before_a_search_there_is_nothing_to_let_in(tmp_path: Path) -> None:
    with planted_project(tmp_path / "new.loom") as project:
        assert Coverage.load(project) is None
        assert change_coverage(project, 1) is None
