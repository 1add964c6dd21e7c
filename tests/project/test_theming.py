"""Runs: what they replace, and what they cannot touch."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.project.story import Deed, perform, snapshot

from themeloom.domain import frames
from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Run, Status
from themeloom.project.project import Project

RUN = Run("run", "2026-11-01T10:00:00Z", 7, "ab12", {"themes": None}, {"bertopic": "0.17.4"}, "½")


def theme(theme_id: str, **other: object) -> dict[str, object]:
    return {
        "theme_id": theme_id,
        "level": "theme",
        "title": f"Title of {theme_id}",
        "status": "proposed",
        **other,
    }


def assignments(*rows: tuple[str, str, str, float, bool, bool]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=frames.ASSIGNMENTS, orient="row")


@pytest.fixture
def ids(project: Project) -> list[str]:
    perform(project, Deed("import", 1, 0, 3))
    return project.excerpts()["excerpt_id"].to_list()


def test_a_run_comes_back_whole(project: Project, path: Path, ids: list[str]) -> None:
    themes = pl.DataFrame(
        [
            theme("T-2", parent_id="G-1", position=2, key_phrases=["größer", "export"]),
            theme("G-1", level="group", position=1),
            theme("T-1", parent_id="G-1", position=1, quotes=[ids[1], ids[0]], definition="D"),
        ],
        schema=frames.THEMES,
    )
    placed = assignments(
        (ids[0], "T-1", "auto", 0.75, True, False),
        (ids[0], "T-2", "auto", 0.5, False, False),
        (ids[2], "T-2", "auto", 0.6, True, False),
    )
    left = pl.DataFrame(
        [(ids[1], "tie", "T-1", "T-2", 0.4), (ids[3], "too far", None, None, None)],
        schema=frames.UNSORTED,
        orient="row",
    )
    with project.begin_run(RUN) as stage:
        stage.add_themes(themes)
        stage.add_assignments(placed.reverse())
        stage.add_unsorted(left)
        assert project.themes().is_empty()
        stage.commit()
    expected = themes[[1, 2, 0]].with_columns(
        pl.col("definition").fill_null(""),
        pl.col("key_phrases", "quotes").fill_null([]),
    )
    project.close()
    with Project.open(path) as again:
        assert_frame_equal(again.themes(), expected)
        assert_frame_equal(again.assignments(), placed)
        assert_frame_equal(again.unsorted(), left)
        assert again.active_run() == RUN
        again.undo()
        assert again.themes().is_empty()
        assert again.assignments().is_empty()
        assert again.active_run() is None


def test_the_next_run_replaces_what_runs_may_replace(project: Project, ids: list[str]) -> None:
    with project.begin_run(RUN) as stage:
        stage.add_themes(pl.DataFrame([theme("T-1", key_phrases=["old"]), theme("T-2")]))
        stage.add_assignments(assignments(*[(i, "T-1", "auto", 0.5, True, False) for i in ids]))
        stage.commit()
    project.rename_theme("T-1", "Mine")
    project.set_theme_status("T-1", Status.LOCKED)
    project.assign([ids[0]], "T-2")
    with project.begin_run(replace(RUN, id="second")) as stage:
        stage.add_themes(
            pl.DataFrame([theme("T-1", key_phrases=["new"], status="proposed"), theme("T-3")])
        )
        stage.add_assignments(assignments(*[(i, "T-3", "auto", 0.5, True, False) for i in ids[:2]]))
        stage.add_unsorted(pl.DataFrame({"excerpt_id": [ids[0], ids[2]], "reason": "too far"}))
        stage.commit()
    first = project.themes().row(0, named=True)
    assert (first["title"], first["status"], first["key_phrases"]) == ("Mine", "locked", ["new"])
    placed = project.assignments().select("excerpt_id", "theme_id", "method", "reviewed").rows()
    assert placed == [(ids[0], "T-2", "manual", True), (ids[1], "T-3", "auto", False)]
    assert project.unsorted()["excerpt_id"].to_list() == [ids[2]]
    project.undo()
    first = project.themes().row(0, named=True)
    assert (first["title"], first["status"], first["key_phrases"]) == ("Mine", "locked", ["old"])
    assert project.assignments()["theme_id"].to_list() == ["T-2"] + ["T-1"] * (len(ids) - 1)
    assert project.unsorted().is_empty()


def test_nothing_is_seen_of_a_run_that_is_given_up(project: Project, ids: list[str]) -> None:
    perform(project, Deed("run", 1))
    before = snapshot(project)
    with project.begin_run(RUN) as stage:
        stage.add_themes(pl.DataFrame([theme("T-9")]))
        stage.add_assignments(assignments((ids[0], "T-9", "auto", 0.5, True, False)))
        with pytest.raises(ProjectError, match="Another search"):
            project.begin_run(RUN)
    assert snapshot(project) == before
    with pytest.raises(ProjectError, match="has ended"):
        stage.commit()


def test_rows_about_excerpts_that_went_are_left_out(project: Project, ids: list[str]) -> None:
    with project.begin_run(RUN) as stage:
        stage.add_themes(pl.DataFrame([theme("T-1")]))
        stage.add_assignments(
            assignments(
                ("gone.0", "T-1", "auto", 0.5, True, False),
                (ids[0], "T-1", "auto", 0.5, True, False),
            )
        )
        stage.commit()
    assert project.assignments()["excerpt_id"].to_list() == [ids[0]]


def test_unknown_themes_are_refused(project: Project, ids: list[str]) -> None:
    with project.begin_run(RUN) as stage:
        with pytest.raises(ValueError, match="unknown parent G-7"):
            stage.add_themes(pl.DataFrame([theme("T-5", parent_id="G-7")]))
        with pytest.raises(ValueError, match="T-6"):
            stage.add_assignments(assignments((ids[0], "T-6", "auto", 0.5, True, False)))
