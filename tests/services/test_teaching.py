"""Apply what I taught: on a real project file, with a real engine process."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.services.planted import planted_project
from tests.services.taught import IDS, LOGIN, PDF, make_mixed_up, name, quotes, rows, teach

from themeloom.domain.errors import JobCancelled, SynthesisError
from themeloom.domain.frames import ASSIGNMENTS, conform
from themeloom.domain.themes import Method, Reason, Status
from themeloom.jobs.messages import Progress
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services.synthesis import SynthesisOptions, find_themes
from themeloom.services.teaching import apply, preview


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.open(make_mixed_up(tmp_path / "taught.loom")) as made:
        yield made


def primary(project: Project) -> dict[str, str]:
    return dict(
        project.assignments().filter("primary").select("excerpt_id", "theme_id").iter_rows()
    )


def test_preview_says_what_would_move_and_changes_nothing(project: Project, engine: Worker) -> None:
    teach(project)
    before = project.state_hash()
    told: list[Progress] = []
    lesson = preview(project, engine, told.append)
    assert project.state_hash() == before
    assert (lesson.confirmed, lesson.rejected, lesson.cuts) == (6, 0, True)
    assert {(move.from_id, move.to_id) for move in lesson.moves} >= {(LOGIN, PDF)}
    move = next(move for move in lesson.moves if (move.from_id, move.to_id) == (LOGIN, PDF))
    assert move.excerpts == move.records
    assert move.excerpts >= 5
    assert len(move.quotes) == 3
    texts = dict(project.excerpts().select("text", "excerpt_id").iter_rows())
    assert {texts[quote] for quote in move.quotes} <= {name(row) for row in rows("pdf")}
    assert sum(move.excerpts for move in lesson.moves) == lesson.excerpts
    assert {progress.stage for progress in told} >= {"Learning from your examples"}


def test_applying_is_one_step_that_undo_takes_back(project: Project, engine: Worker) -> None:
    reviewed = teach(project)
    was, steps, unsorted = primary(project), len(project.history()), project.unsorted()
    quotes_before = project.themes().select("theme_id", "quotes")
    lesson = preview(project, engine)
    deed = apply(project, lesson)
    assert deed is not None
    assert deed.name == f"move of {lesson.excerpts} excerpts by what you taught"
    assert len(project.history()) == steps + 1
    now = primary(project)
    wanted = dict(lesson.frame.select("excerpt_id", "to").iter_rows())
    assert {one: theme for one, theme in now.items() if was.get(one) != theme} == wanted
    assert {one: now[one] for one in reviewed} == {one: was[one] for one in reviewed}
    moved = project.assignments().filter(pl.col("excerpt_id").is_in(list(wanted)))
    assert set(moved["method"]) == {Method.AUTO}
    assert not moved["reviewed"].any()
    assert project.decisions().height == len(reviewed)  # a person's own, and no others
    left = {one for one in unsorted["excerpt_id"] if one not in wanted}
    assert set(project.unsorted()["excerpt_id"]) == left
    run = project.active_run()
    assert run is not None
    assert (run.seed, run.why, run.parameters["cuts"]) == (3, "8 themes.", None)
    project.undo()
    assert primary(project) == was
    assert project.unsorted().equals(unsorted)
    assert project.themes().select("theme_id", "quotes").equals(quotes_before)
    project.redo()
    assert primary(project) == now


def test_no_quote_stands_for_a_theme_that_it_has_left(project: Project, engine: Worker) -> None:
    teach(project)
    apply(project, preview(project, engine))
    now = primary(project)
    themes = {row["theme_id"]: row for row in project.themes().iter_rows(named=True)}
    for theme_id in (LOGIN, PDF):
        theme = themes[theme_id]
        assert theme["key_phrases"] == [theme["title"]]
        assert len(theme["quotes"]) >= 3
        assert {now[quote] for quote in theme["quotes"]} == {theme_id}
    assert themes[LOGIN]["quotes"][:3] == quotes("login")[2:]  # those that belong come first


def test_only_what_is_chosen_moves(project: Project, engine: Worker) -> None:
    teach(project)
    was = primary(project)
    lesson = preview(project, engine)
    assert apply(project, lesson, []) is None
    assert apply(project, lesson, [IDS["dark"]]) is None
    assert apply(project, lesson, [PDF]) is not None
    changed = {theme for one, theme in primary(project).items() if was.get(one) != theme}
    assert changed == {PDF}


def test_what_was_done_since_the_preview_stays(project: Project, engine: Worker) -> None:
    teach(project)
    lesson = preview(project, engine)
    first, second, third = (name(row) for row in rows("pdf")[3:6])
    assert {first, second, third} <= set(lesson.frame["excerpt_id"])
    project.confirm([first])
    project.unassign([second])
    project.assign([third], IDS["dark"])
    apply(project, lesson)
    now = primary(project)
    assert (now[first], now.get(second), now[third]) == (LOGIN, None, IDS["dark"])
    project.undo()
    project.delete_themes([PDF])
    assert apply(project, lesson, [PDF]) is None


def test_nothing_leaves_a_locked_theme(project: Project, engine: Worker) -> None:
    teach(project)
    project.set_theme_status(LOGIN, Status.LOCKED)
    was = primary(project)
    lesson = preview(project, engine)
    assert LOGIN not in {move.from_id for move in lesson.moves}
    apply(project, lesson)
    now = primary(project)
    assert {one for one, theme in was.items() if theme == LOGIN} <= {
        one for one, theme in now.items() if theme == LOGIN
    }


def test_what_is_locked_after_the_preview_stays(project: Project, engine: Worker) -> None:
    teach(project)
    lesson = preview(project, engine)
    project.set_theme_status(LOGIN, Status.LOCKED)
    was = primary(project)
    apply(project, lesson)
    now = primary(project)
    assert all(now[one] == theme for one, theme in was.items())


def test_set_aside_excerpts_teach_that_a_theme_does_not_fit(
    project: Project, engine: Worker
) -> None:
    project.unassign([name(row) for row in rows("pdf")[:6]])
    project.confirm([name(row) for row in rows("login")[:6]])
    lesson = preview(project, engine)
    assert (lesson.confirmed, lesson.rejected) == (6, 6)
    out = next(move for move in lesson.moves if move.to_id is None)
    assert out.from_id == LOGIN
    apply(project, lesson, [None])
    gone = lesson.frame.filter(pl.col("to").is_null())["excerpt_id"].to_list()
    found = project.unsorted().filter(pl.col("excerpt_id").is_in(gone))
    assert found.height == len(gone) == out.excerpts
    assert set(found["reason"]) == {Reason.TOO_FAR}
    assert set(found["nearest_theme_id"]) == {LOGIN}
    assert set(gone) <= {name(row) for row in rows("pdf")}


def test_further_themes_of_a_moved_excerpt_stay(project: Project, engine: Worker) -> None:
    teach(project)
    lesson = preview(project, engine)
    first = next(iter(lesson.frame.filter(pl.col("to") == PDF)["excerpt_id"]))
    run = project.active_run()
    assert run is not None
    with project.begin_run(run) as stage:  # as a run that gives several themes would have it
        stage.carry_over([first])
        stage.add_assignments(
            conform(
                pl.DataFrame(
                    {
                        "excerpt_id": [first, first],
                        "theme_id": [LOGIN, IDS["slow"]],
                        "method": ["auto"] * 2,
                        "similarity": [0.5, 0.4],
                        "primary": [True, False],
                        "reviewed": [False] * 2,
                    }
                ),
                ASSIGNMENTS,
            )
        )
        stage.commit()
    apply(project, lesson)
    shares = project.assignments().filter(pl.col("excerpt_id") == first)
    assert shares.select("theme_id", "primary").rows() == [(PDF, True), (IDS["slow"], False)]


def test_a_project_sorted_by_hand_needs_no_run(tmp_path: Path, engine: Worker) -> None:
    with planted_project(tmp_path / "by-hand.loom") as project:
        made: dict[str, str] = {}
        for topic in ("pdf", "login", "dark"):
            first = [name(row) for row in rows(topic)[:4]]
            _, made[topic] = project.create_theme(topic, excerpt_ids=first)
        apply(project, preview(project, engine))
        now = primary(project)
        for topic, theme_id in made.items():
            mine = {one for one, theme in now.items() if theme == theme_id}
            assert len(mine & {name(row) for row in rows(topic)}) >= 7
        project.undo()
        assert len(primary(project)) == 12


def test_without_reviews_it_says_what_to_do(project: Project, engine: Worker) -> None:
    with pytest.raises(SynthesisError, match="no examples"):
        preview(project, engine)


def test_a_cancelled_preview_leaves_the_project(project: Project, spare_engine: Worker) -> None:
    teach(project)
    before = project.state_hash()

    def cancel(_: Progress) -> None:
        spare_engine.cancel()

    with pytest.raises(JobCancelled):
        preview(project, spare_engine, cancel)
    assert project.state_hash() == before


def test_where_excerpts_came_from_is_known_after_a_search(project: Project, engine: Worker) -> None:
    project.unassign([name(row) for row in rows("pdf")[:6]])
    project.confirm([name(row) for row in rows("login")[:6]])
    before = preview(project, engine)
    find_themes(project, engine, SynthesisOptions())
    after = preview(project, engine)
    out = set(before.frame.filter(pl.col("to").is_null())["excerpt_id"])
    assert out
    assert out <= set(after.frame.filter(pl.col("to").is_null())["excerpt_id"])
