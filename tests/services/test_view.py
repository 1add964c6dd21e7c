"""The view agrees with the project, and after an edit it is what a fresh one would be."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from themeloom.domain import frames
from themeloom.domain.periods import Period, parse_period
from themeloom.domain.records import Kind
from themeloom.domain.themes import Level, Reason, Run, Status
from themeloom.project.project import Project
from themeloom.services.overview import theme_tree
from themeloom.services.session import Session

_TOPICS = ("sync", "price", "export", "login", "speed", "offline")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    path = tmp_path / "voice.loom"
    with Project.create(path) as project:
        _fill(project)
    opened = Session.open(path)
    yield opened
    opened.close()


def test_counts_are_those_of_the_project(session: Session) -> None:
    expected = {
        node["id"]: (node["records"], node["excerpts"]) for node in theme_tree(session.project)
    }
    found = {
        row["theme_id"]: (row["records"], row["excerpts"])
        for row in session.view.themes.iter_rows(named=True)
    }
    assert found == expected
    assert session.view.totals.records == 180


def test_a_group_counts_people_and_accounts_once(session: Session) -> None:
    view = session.view
    for row in view.themes.iter_rows(named=True):
        inside = view.excerpts.filter(
            pl.col("group_id" if row["level"] == Level.GROUP else "theme_id") == row["theme_id"]
        )
        assert row["people"] == inside["person_key"].drop_nulls().n_unique()
        assert row["accounts"] == inside["account"].drop_nulls().n_unique()
        assert sum(row["trend"]) == row["records"]


def test_what_is_about_a_competitor_or_says_nothing_is_in_no_number(session: Session) -> None:
    """The tree counted both, so that its numbers were not those of the insights."""
    project = session.project
    before = session.view.themes.select("theme_id", "records", "excerpts", "share_ticket")
    coverage = session.view.totals.coverage
    theme = before["theme_id"][-1]
    for about, non_answer in (("competitor", False), ("us", True)):
        with project.begin_import(about) as stage:
            source_id = stage.add_source({"file": f"{about}.csv", "kind": "ticket", "about": about})
            record = {
                "record_id": f"{about}-1",
                "source_id": source_id,
                "kind": "ticket",
                "row": 2,
                "text": "The sync fails. Again and again.",
                "non_answer": non_answer,
                "content_hash": about,
            }
            stage.add_records(frames.conform(pl.DataFrame([record]), frames.RECORDS))
            stage.add_excerpts(project_texts([f"{about}-1"]))
            stage.commit()
        project.assign([f"{about}-1.0"], theme)
    session.reload()
    after = session.view.themes.select("theme_id", "records", "excerpts")
    assert_frame_equal(after, before.drop("share_ticket"))
    assert {node["id"]: node["records"] for node in theme_tree(project)} == dict(
        after.select("theme_id", "records").iter_rows()
    )
    assert session.view.totals.coverage == pytest.approx(coverage, abs=0.01)
    assert session.view.totals.records == 182


def test_shares_are_within_a_kind_of_source(session: Session) -> None:
    row = session.view.themes.row(by_predicate=pl.col("theme_id") == "T-001", named=True)
    inside = session.view.excerpts.filter(pl.col("theme_id") == "T-001")
    tickets = inside.filter(pl.col("kind") == Kind.TICKET)["record_id"].n_unique()
    assert row["share_ticket"] == pytest.approx(tickets / 90)
    assert row["share_call"] is None


@pytest.mark.parametrize(
    ("seed", "period"),
    [
        pytest.param(seed, period, marks=[pytest.mark.faults_long] if long else [])
        for seed in range(12)
        for period, long in ((None, seed != 0), (parse_period("2026-08"), seed != 1))
    ],
)
def test_after_any_edit_the_view_is_what_a_fresh_one_would_be(
    session: Session, seed: int, period: Period | None
) -> None:
    dice = random.Random(seed)
    session.set_period(period)
    for _ in range(25):
        _edit(session, dice)
        kept = session.view
        session.reload()
        fresh = session.view
        for name in ("excerpts", "themes", "shares"):
            kept_frame, fresh_frame = getattr(kept, name), getattr(fresh, name)
            if name == "shares":
                order = ["excerpt", "theme_id"]
                kept_frame, fresh_frame = kept_frame.sort(order), fresh_frame.sort(order)
            assert_frame_equal(kept_frame, fresh_frame.select(kept_frame.columns))
        assert kept.totals == fresh.totals
        assert fresh.period == period


def test_the_view_places_excerpts_as_the_project_does(session: Session) -> None:
    dice = random.Random(9)
    for _ in range(40):
        _edit(session, dice)
    view, project = session.view, session.project
    counted = view.excerpts.select("excerpt_id")
    placed = project.assignments().filter("primary").join(counted, on="excerpt_id", how="semi")
    expected = dict(placed.select("excerpt_id", "theme_id").iter_rows())
    found = dict(view.excerpts.drop_nulls("theme_id").select("excerpt_id", "theme_id").iter_rows())
    assert found == expected
    loose = project.unsorted().join(counted, on="excerpt_id", how="semi")
    unsorted = dict(loose.select("excerpt_id", "reason").iter_rows())
    shown = dict(
        view.excerpts.filter(pl.col("theme_id").is_null() & pl.col("left_out").is_null())
        .select("excerpt_id", "reason")
        .iter_rows()
    )
    assert shown == unsorted


def test_excerpts_of_a_deleted_theme_say_so(session: Session) -> None:
    before = session.view.excerpts.filter(pl.col("theme_id") == "T-002")["excerpt"]
    session.change(lambda now: now.project.delete_themes(["T-002"]))
    after = session.view.excerpts.filter(pl.col("excerpt").is_in(before.implode()))
    assert after["theme_id"].null_count() == after.height > 0
    assert set(after["reason"]) == {str(Reason.DELETED)}


def _edit(session: Session, dice: random.Random) -> None:
    view = session.view
    themes = view.themes.filter(pl.col("level") == Level.THEME)["theme_id"].to_list()
    if len(themes) < 2:  # the run itself, or the import, was undone
        session.change(lambda now: now.project.redo())
        return
    excerpts = dice.sample(view.excerpts["excerpt_id"].to_list(), 3)
    kind = dice.randrange(10)
    if kind == 0 and len(themes) > 3:
        session.change(lambda now: now.project.merge_themes(themes[:1], themes[1]))
    elif kind == 1 and len(themes) > 3:
        session.change(lambda now: now.project.delete_themes([dice.choice(themes)]))
    elif kind == 2:
        session.change(
            lambda now: now.project.rename_theme(dice.choice(themes), f"T {dice.random()}")
        )
    elif kind == 3:
        session.change(lambda now: now.project.unassign(excerpts))
    elif kind == 4:
        session.change(lambda now: now.project.confirm(excerpts))
    elif kind == 5:
        session.change(lambda now: now.project.create_theme("Fresh", excerpt_ids=excerpts)[0])
    elif kind == 6:
        session.change(lambda now: now.project.assign(excerpts, dice.choice(themes), also=True))
    elif kind == 7:
        session.change(lambda now: now.project.undo())
    elif kind == 8:
        session.change(lambda now: now.project.redo())
    else:
        session.change(lambda now: now.project.assign(excerpts, dice.choice(themes)))


def _fill(project: Project) -> None:
    """Two sources, 200 records of which 20 are duplicates, six themes in two groups."""
    dice = random.Random(3)
    began = datetime(2026, 7, 1, 9)  # noqa: DTZ001 - as written in the file
    with project.begin_import("tickets.csv") as stage:
        for number, kind in enumerate((Kind.TICKET, Kind.NPS)):
            source_id = stage.add_source({"file": f"{kind}.csv", "kind": str(kind)})
            ids = [f"r{number}-{place:03d}" for place in range(100)]
            stage.add_records(
                frames.conform(
                    pl.DataFrame(
                        {
                            "record_id": ids,
                            "kind": str(kind),
                            "source_id": source_id,
                            "row": list(range(2, 102)),
                            "text": [
                                f"The {dice.choice(_TOPICS)} fails. Again and again." for _ in ids
                            ],
                            "date": [began + timedelta(days=dice.randrange(90)) for _ in ids],
                            "person_key": [f"p{dice.randrange(40)}" for _ in ids],
                            "account": [dice.choice(["A", "B", None]) for _ in ids],
                            "duplicate_of": [
                                ids[0] if place >= 90 else None for place in range(100)
                            ],
                            "non_answer": False,
                            "content_hash": ids,
                        }
                    ),
                    frames.RECORDS,
                )
            )
            texts = project_texts(ids)
            stage.add_excerpts(texts)
        stage.commit()
    _propose(project, dice)


def project_texts(ids: list[str]) -> pl.DataFrame:
    rows = [
        {"excerpt_id": f"{one}.{place}", "record_id": one, "ordinal": place, "start": a, "end": b}
        for one in ids
        for place, (a, b) in enumerate(((0, 10), (11, 17)))
    ]
    return frames.conform(pl.DataFrame(rows), frames.EXCERPTS)


def _propose(project: Project, dice: random.Random) -> None:
    excerpts = project.excerpts()["excerpt_id"].to_list()
    project.reserve_theme_ids("G", 2)
    project.reserve_theme_ids("T", len(_TOPICS))
    themes = [
        {"theme_id": f"G-{n:03d}", "level": "group", "title": f"Group {n}", "position": n}
        for n in (1, 2)
    ] + [
        {
            "theme_id": f"T-{n:03d}",
            "parent_id": f"G-{1 + n % 2:03d}",
            "level": "theme",
            "title": f"About {topic}",
            "position": n,
        }
        for n, topic in enumerate(_TOPICS, 1)
    ]
    table = pl.DataFrame(themes).with_columns(
        status=pl.lit(str(Status.ACTIVE)), definition=pl.lit("")
    )
    placed = [one for one in excerpts if dice.random() < 0.9]
    run = Run("run", "2026-10-01T00:00:00+00:00", 0, "hash")
    with project.begin_run(run) as stage:
        stage.add_themes(frames.conform(table, frames.THEMES))
        stage.add_assignments(
            frames.conform(
                pl.DataFrame(
                    {
                        "excerpt_id": placed,
                        "theme_id": [f"T-{dice.randrange(1, 7):03d}" for _ in placed],
                        "similarity": [dice.random() for _ in placed],
                    }
                ).with_columns(method=pl.lit("auto"), primary=True, reviewed=False),
                frames.ASSIGNMENTS,
            )
        )
        loose = [one for one in excerpts if one not in set(placed)]
        stage.add_unsorted(
            frames.conform(
                pl.DataFrame(
                    {"excerpt_id": loose, "reason": "too far", "nearest_theme_id": "T-001"}
                ),
                frames.UNSORTED,
            )
        )
        stage.commit()
