"""Runs: what they replace, and what they cannot touch."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.project.story import Deed, perform, snapshot

from themeloom.domain import frames
from themeloom.domain.changes import Deed as Done
from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Level, Reason, Run, Status
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
        pl.col("definition", "memo").fill_null(""),
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
        assert stage.commit() == Done("search for themes", content=True)
    project.rename_theme("T-1", "Mine")
    project.set_theme_status("T-1", Status.ACTIVE)
    project.assign([ids[0]], "T-2")
    with project.begin_run(replace(RUN, id="second")) as stage:
        stage.add_themes(
            pl.DataFrame([theme("T-1", key_phrases=["new"], status="proposed"), theme("T-3")])
        )
        stage.add_assignments(assignments(*[(i, "T-3", "auto", 0.5, True, False) for i in ids[:2]]))
        stage.add_unsorted(pl.DataFrame({"excerpt_id": [ids[0], ids[2]], "reason": "too far"}))
        stage.commit()
    first = project.themes().row(0, named=True)
    assert (first["title"], first["status"], first["key_phrases"]) == ("Mine", "active", ["new"])
    placed = project.assignments().select("excerpt_id", "theme_id", "method", "reviewed").rows()
    assert placed == [(ids[0], "T-2", "manual", True), (ids[1], "T-3", "auto", False)]
    assert project.unsorted()["excerpt_id"].to_list() == [ids[2]]
    project.undo()
    first = project.themes().row(0, named=True)
    assert (first["title"], first["status"], first["key_phrases"]) == ("Mine", "active", ["old"])
    assert project.assignments()["theme_id"].to_list() == ["T-2"] + ["T-1"] * (len(ids) - 1)
    assert project.unsorted().is_empty()


def find(project: Project, placed: dict[str, str], *, name: str = "run", **options: bool) -> None:
    """Commit a run that puts excerpts under themes; new ones are proposed."""
    known = project.themes()["theme_id"].to_list()
    with project.begin_run(replace(RUN, id=name), **options) as stage:
        new = [
            theme(t, key_phrases=[name]) for t in dict.fromkeys(placed.values()) if t not in known
        ]
        stage.add_themes(pl.DataFrame(new, schema=frames.THEMES))
        stage.add_assignments(
            assignments(*[(e, t, "auto", 0.5, True, False) for e, t in placed.items()])
        )
        stage.commit()


def placed(project: Project) -> dict[str, str]:
    return dict(project.assignments().select("excerpt_id", "theme_id").iter_rows())


def test_locked_work_stays_as_it_is(project: Project, ids: list[str]) -> None:
    find(project, {ids[0]: "T-1", ids[1]: "T-2", ids[2]: "T-3", ids[3]: "T-3"})
    project.merge_themes(["T-2"], "T-1")
    project.set_theme_status("T-1", Status.LOCKED)
    before = project.themes().filter(pl.col("theme_id") == "T-1")
    with project.begin_run(replace(RUN, id="second")) as stage:
        stage.add_themes(pl.DataFrame([theme("T-1", key_phrases=["new"]), theme("T-4")]))
        stage.add_assignments(
            assignments(
                (ids[0], "T-4", "auto", 0.9, True, False),
                (ids[2], "T-4", "auto", 0.9, True, False),
                (ids[4], "T-1", "auto", 0.9, True, False),
            )
        )
        stage.add_unsorted(pl.DataFrame({"excerpt_id": [ids[1], ids[3]], "reason": "tie"}))
        stage.commit()
    assert placed(project) == {ids[0]: "T-1", ids[1]: "T-1", ids[2]: "T-4", ids[4]: "T-1"}
    assert project.unsorted()["excerpt_id"].to_list() == [ids[3]]
    assert_frame_equal(project.themes().filter(pl.col("theme_id") == "T-1"), before)
    assert [check.name for check in project.check() if not check.ok] == []


def test_a_theme_locked_while_a_run_is_written_counts(project: Project, ids: list[str]) -> None:
    find(project, {ids[0]: "T-1"})
    with project.begin_run(replace(RUN, id="second")) as stage:
        stage.add_themes(pl.DataFrame([theme("T-2")]))
        stage.add_assignments(assignments((ids[0], "T-2", "auto", 0.9, True, False)))
        project.set_theme_status("T-1", Status.LOCKED)
        stage.commit()
    assert placed(project) == {ids[0]: "T-1"}


def test_themes_merged_or_deleted_while_a_run_is_written_are_followed(
    project: Project, ids: list[str]
) -> None:
    find(project, {ids[0]: "T-1", ids[1]: "T-2", ids[2]: "T-3"})
    group = project.create_theme("Group", level=Level.GROUP)[1]
    with project.begin_run(replace(RUN, id="second")) as stage:
        stage.add_themes(pl.DataFrame([theme("T-9", parent_id=group)]))
        stage.add_assignments(
            assignments(
                (ids[0], "T-1", "auto", 0.5, True, False),
                (ids[1], "T-2", "auto", 0.5, True, False),
                (ids[1], "T-1", "auto", 0.4, False, False),
                (ids[2], "T-3", "auto", 0.5, True, False),
            )
        )
        project.merge_themes(["T-1"], "T-2")
        project.delete_themes(["T-3", group])
        stage.commit()
    assert placed(project) == {ids[0]: "T-2", ids[1]: "T-2"}
    assert project.assignments().height == 2
    assert project.unsorted().select("excerpt_id", "reason").rows() == [(ids[2], Reason.DELETED)]
    themes = dict(project.themes().select("theme_id", "parent_id").iter_rows())
    assert themes == {"T-2": None, "T-9": None}


def test_proposals_that_nobody_touched_make_room_for_those_of_a_run(
    project: Project, ids: list[str]
) -> None:
    with project.begin_run(RUN) as stage:
        stage.add_themes(
            pl.DataFrame(
                [
                    theme("G-1", level="group"),
                    theme("G-2", level="group"),
                    *[theme(f"T-{n}", parent_id="G-1") for n in range(1, 7)],
                    theme("T-7", parent_id="G-2"),
                ],
                schema=frames.THEMES,
            )
        )
        stage.add_assignments(
            assignments(*[(e, f"T-{n + 1}", "auto", 0.5, True, False) for n, e in enumerate(ids)])
        )
        stage.commit()
    project.rename_theme("T-1", "Mine")
    project.set_theme_status("T-2", Status.ACTIVE)
    project.confirm([ids[2]])
    project.merge_themes(["T-4"], "T-5")
    hash_before = project.state_hash()
    find(project, {ids[0]: "T-8"}, name="second", drop_proposed=True)
    left = {"G-1", "T-1", "T-2", "T-3", "T-5", "T-8"}
    assert set(project.themes()["theme_id"]) == left
    assert placed(project) == {ids[0]: "T-8", ids[2]: "T-3"}
    assert project.redirects() == {"T-4": "T-5", "T-6": None, "T-7": None, "G-2": None}
    project.undo()
    assert project.state_hash() == hash_before
    project.redo()
    assert set(project.themes()["theme_id"]) == left


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


def test_a_search_ends_with_a_reason_where_the_run_it_builds_on_was_undone(
    project: Project, ids: list[str]
) -> None:
    find(project, {ids[0]: "T-1"})
    known = project.themes()["theme_id"].to_list()
    project.undo()
    with project.begin_run(replace(RUN, id="second")) as stage:
        stage.add_themes(pl.DataFrame([theme("T-2")]))
        for add in (
            lambda: stage.add_themes(pl.DataFrame([theme("S-1", parent_id=known[0])])),
            lambda: stage.add_assignments(
                assignments((ids[0], known[0], "auto", 0.5, True, False))
            ),
        ):
            with pytest.raises(ProjectError, match="T-1 went while") as told:
                add()
            assert "Find themes again" in (told.value.complaint.hint or "")
    assert project.themes().is_empty()
