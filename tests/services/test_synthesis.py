"""What a search for themes may change, by a real engine process on a real project file."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import polars as pl
import pytest
from tests.services.planted import planted_project

from themeloom.domain.themes import Level, Reason, Status
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services.protection import Protected
from themeloom.services.recutting import Cuts
from themeloom.services.synthesis import (
    SynthesisOptions,
    SynthesisReport,
    excerpts_for_themes,
    find_themes,
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with planted_project(tmp_path / "planted.loom") as made:
        yield made


@pytest.fixture
def proposed(tmp_path: Path, searched: Callable[[Path], Project]) -> Iterator[Project]:
    """Return the project as the usual search leaves it."""
    with searched(tmp_path / "proposed.loom") as made:
        yield made


def look(project: Project, engine: Worker, options: SynthesisOptions) -> SynthesisReport:
    return find_themes(project, engine, options)


def owners(project: Project) -> dict[str, str]:
    return dict(
        project.assignments().filter("primary").select("excerpt_id", "theme_id").iter_rows()
    )


def theme_ids(project: Project) -> list[str]:
    return project.themes().filter(pl.col("level") != Level.GROUP)["theme_id"].to_list()


def held(project: Project, theme_id: str) -> list[str]:
    return sorted(excerpt for excerpt, owner in owners(project).items() if owner == theme_id)


def test_fewer_and_more_are_fewer_and_more(project: Project, engine: Worker) -> None:
    counts: dict[str | int, int] = {}
    for fineness in ("fewer", "balanced", "more", 6):
        report = look(project, engine, SynthesisOptions(fineness=fineness))
        counts[fineness] = report.new_themes
        assert report.run.parameters["fineness"] == fineness
        project.undo()
    assert counts["fewer"] < counts["balanced"] < counts["more"]
    assert counts[6] == 6


def test_the_smallest_theme_has_as_many_records_as_asked(project: Project, engine: Worker) -> None:
    look(project, engine, SynthesisOptions(fineness="more", smallest=12))
    sizes = project.assignments().group_by("theme_id").len()["len"]
    assert sizes.min() is not None
    assert int(sizes.min() or 0) >= 12  # pyright: ignore[reportArgumentType]


def test_protected_work_outlives_a_search_that_keeps_nothing(
    proposed: Project, engine: Worker
) -> None:
    project = proposed
    locked, reviewed, renamed, loose = theme_ids(project)[:4]
    project.set_theme_status(locked, Status.LOCKED)
    under_lock = held(project, locked)
    confirmed = held(project, reviewed)[:3]
    project.confirm(confirmed)
    project.rename_theme(renamed, "Named by a person")
    moved, aside = held(project, loose)[:2]
    project.assign([moved], reviewed)
    project.unassign([aside])
    titles = dict(project.themes().select("theme_id", "title").iter_rows())

    report = look(project, engine, SynthesisOptions(keep=False, fineness="fewer", seed=3))

    after = owners(project)
    assert held(project, locked) == under_lock
    assert {after[excerpt] for excerpt in confirmed} == {reviewed}
    assert after[moved] == reviewed
    assert aside not in after
    reasons = dict(project.unsorted().select("excerpt_id", "reason").iter_rows())
    assert reasons[aside] == Reason.SET_ASIDE
    themes = project.themes()
    now = dict(themes.select("theme_id", "title").iter_rows())
    for kept in (locked, reviewed, renamed):
        assert now[kept] == titles[kept]
    assert loose not in now, "an untouched proposal is found anew"
    assert report.protected == Protected(len(under_lock) + len(confirmed) + 2, 2)
    assert f"{report.protected.excerpts} excerpts" in report.protected.sentence
    assert set(themes.filter(pl.col("parent_id").is_not_null())["parent_id"]) <= set(now)
    project.undo()
    assert dict(project.themes().select("theme_id", "title").iter_rows()) == titles


def test_accepted_titles_are_kept_where_their_excerpts_come_together_again(
    project: Project, engine: Worker
) -> None:
    look(project, engine, SynthesisOptions(accept=True))
    before = owners(project)
    titled = theme_ids(project)[0]
    project.rename_theme(titled, "What a person calls it")
    report = look(project, engine, SynthesisOptions(keep=False))
    after = owners(project)
    again = project.themes().filter(level="theme", status="active").height
    assert f" {again} of them are accepted ones and keep their titles." in report.run.why
    same = [excerpt for excerpt, owner in before.items() if after.get(excerpt) == owner]
    assert len(same) > 0.8 * len(before)
    titles = dict(project.themes().select("theme_id", "title").iter_rows())
    assert titles[titled] == "What a person calls it"
    assert held(project, titled)


def test_what_is_accepted_at_once_is_not_prepared_to_be_cut_again(
    project: Project, engine: Worker
) -> None:
    look(project, engine, SynthesisOptions(accept=True))
    assert Cuts.load(project) is None
    run = project.active_run()
    assert run is not None
    stages = [name for name, _ in cast(list[list[object]], run.parameters["stages"])]
    assert "Choosing quotes" in stages
    assert "Preparing coarser and finer themes" not in stages


def test_kept_themes_are_assigned_to_first(proposed: Project, engine: Worker) -> None:
    project = proposed
    before, themes = owners(project), theme_ids(project)
    report = look(project, engine, SynthesisOptions(keep=True))
    assert report.new_themes == 0
    assert theme_ids(project) == themes
    after = owners(project)
    assert all(after[excerpt] == owner for excerpt, owner in before.items())
    assert report.sentences == report.run.why  # nothing was looked at anew


def test_nothing_protected_is_said_too() -> None:
    assert "Nothing" in Protected(0, 0).sentence
    assert Protected(1, 1).sentence.startswith("Left as it was: 1 excerpt that you")


def test_the_hash_of_a_run_stands_for_its_texts_in_any_order(proposed: Project) -> None:
    texts = excerpts_for_themes(proposed).select("excerpt_id", "text").sort("excerpt_id")
    whole = "".join(f"{excerpt}\0{text}\0" for excerpt, text in texts.iter_rows())
    run = proposed.active_run()
    assert run is not None
    assert run.inputs_hash == hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()


def test_a_theme_at_rest_does_not_come_back_as_a_proposal(
    proposed: Project, engine: Worker
) -> None:
    proposed.set_theme_status(theme_ids(proposed), Status.ACTIVE)
    sizes = pl.Series(list(owners(proposed).values())).value_counts(sort=True)
    resting: str = sizes[sizes.columns[0]][0]
    was = held(proposed, resting)
    proposed.set_theme_status([resting], Status.DORMANT)
    report = look(proposed, engine, SynthesisOptions())
    assert report.new_themes == 0
    assert held(proposed, resting) == was


def test_more_themes_than_there_can_be_are_as_many_as_there_are(
    project: Project, engine: Worker
) -> None:
    report = look(project, engine, SynthesisOptions(themes=500))
    assert report.new_themes >= 8
    assert report.run.why.startswith(f"{report.new_themes} themes: 500 were asked for, but")


def test_a_smallest_size_is_told_with_the_number_of_themes(
    project: Project, engine: Worker
) -> None:
    report = look(project, engine, SynthesisOptions(smallest=12))
    assert "the 12 records that you asked for" in report.run.why
    project.undo()
    report = look(project, engine, SynthesisOptions(smallest=150))
    assert report.run.why == "There is no theme: none would have 150 records or more."
