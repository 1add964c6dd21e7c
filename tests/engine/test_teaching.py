"""What follows from reviewed excerpts: on the planted feedback, two themes of which are mixed up."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.engine.feedback import excerpts, feedback

from themeloom.domain.themes import Stance
from themeloom.engine.teaching import Examples, Lesson, follow, learn

PLANTED = feedback()
TOPICS: list[str] = PLANTED["theme"].to_list()
TEXTS: list[str] = PLANTED["text"].to_list()
#: What a run found: login and pdf came out as one theme, some of photos under price.
FOUND = [{"pdf": "login"}.get(topic, topic) for topic in TOPICS]


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Report to nobody."""


def rows_of(topic: str, count: int) -> list[int]:
    return [row for row, other in enumerate(TOPICS) if other == topic][:count]


def taught(
    store: Path,
    reviewed: dict[int, str | None],
    *,
    found: list[str | None] | None = None,
    fixed: tuple[int, ...] = (),
    texts: list[str] | None = None,
    report: Callable[[str, int, int], None] = quiet,
) -> Lesson:
    """Return the lesson of reviews: row → the theme that a person gave it, None: set aside."""
    found = found or list[str | None](FOUND)
    stances = pl.DataFrame(
        {
            "excerpt_id": [f"r{row}.0" for row in range(len(found))],
            "theme_id": [reviewed.get(row, theme) for row, theme in enumerate(found)],
            "origin": found,
            "stance": [
                (Stance.REJECTED if reviewed[row] is None else Stance.EXAMPLE)
                if row in reviewed
                else (Stance.FIXED if row in fixed else Stance.FREE)
                for row in range(len(found))
            ],
        },
        schema_overrides={"theme_id": pl.String, "origin": pl.String, "stance": pl.String},
    )
    return learn(excerpts(texts or TEXTS), stances, store=store, seed=0, report=report)


def moved(lesson: Lesson) -> dict[int, str | None]:
    return {
        int(excerpt_id[1:].split(".")[0]): to
        for excerpt_id, to in lesson.moves.select("excerpt_id", "to").iter_rows()
    }


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("derived")


def test_similar_excerpts_follow_the_moved_and_the_confirmed(store: Path) -> None:
    reviewed: dict[int, str | None] = dict.fromkeys(rows_of("pdf", 3), "pdf")
    reviewed |= dict.fromkeys(rows_of("login", 3), "login")
    lesson = taught(store, reviewed)
    went = moved(lesson)
    waiting = set(rows_of("pdf", 10)) - set(reviewed)
    assert sum(went.get(row) == "pdf" for row in waiting) >= len(waiting) - 1
    assert {TOPICS[row] for row in went} == {"pdf"}  # nothing else is stirred up
    assert not set(went) & set(reviewed)
    assert lesson.moves["sure"].is_sorted(descending=True)
    assert lesson.moves["similarity"].is_between(0.3, 1).all()
    assert {TOPICS[int(one[1:-2])] for one in lesson.quotes["pdf"]} == {"pdf"}
    assert taught(store, reviewed).moves.equals(lesson.moves)


def test_only_strangers_picked_out_leave_the_rest_where_it_is(store: Path) -> None:
    """Many moved out and none confirmed: that does not dissolve a theme."""
    found = list[str | None](FOUND)
    strangers = rows_of("photos", 3) + rows_of("slow", 3)
    for row in strangers:
        found[row] = "login"
    went = moved(taught(store, {row: TOPICS[row] for row in strangers}, found=found))
    assert not set(rows_of("login", 10)) & set(went)


def test_nothing_comes_into_themes_without_examples(store: Path) -> None:
    found = [None if row % 10 == 9 else theme for row, theme in enumerate(FOUND)]
    reviewed: dict[int, str | None] = dict.fromkeys(rows_of("dark", 5), "dark")
    lesson = taught(store, reviewed, found=found)
    assert set(lesson.moves["to"]) <= {"dark"}
    assert {TOPICS[row] for row in moved(lesson)} <= {"dark"}


def test_what_is_like_something_set_aside_leaves_that_theme_only(store: Path) -> None:
    aside = dict.fromkeys(rows_of("pdf", 6))
    kept: dict[int, str | None] = dict.fromkeys(rows_of("login", 6), "login")
    went = moved(taught(store, {**aside, **kept}))
    assert set(went.values()) == {None}
    assert {TOPICS[row] for row in went} == {"pdf"}
    elsewhere = list[str | None](TOPICS)
    for row in aside:
        elsewhere[row] = "login"
    assert not moved(taught(store, {**aside, **kept}, found=elsewhere))


def test_fixed_excerpts_stay_and_equal_texts_follow_their_example(store: Path) -> None:
    texts = [*TEXTS, TEXTS[rows_of("pdf", 1)[0]].upper()]
    found = [*FOUND, "login"]
    reviewed: dict[int, str | None] = {rows_of("pdf", 1)[0]: "pdf"}
    went = moved(taught(store, reviewed, found=[*found], texts=texts))
    assert went[len(TEXTS)] == "pdf"
    assert len(TEXTS) not in moved(
        taught(store, reviewed, found=[*found], texts=texts, fixed=(len(TEXTS),))
    )


def test_learning_can_be_stopped_at_every_stage(store: Path) -> None:
    class StopError(Exception):
        pass

    for wanted in ("Understanding texts", "Comparing texts", "Learning from your examples"):

        def stop(stage: str, _done: int, _total: int, at: str = wanted) -> None:
            if stage == at:
                raise StopError

        with pytest.raises(StopError):
            taught(store, {0: "pdf"}, report=stop)


def test_without_examples_everything_is_where_it_was() -> None:
    vectors = np.eye(4, dtype=np.float32)
    nothing = np.zeros(0, np.int64)
    carried = np.array([0, 0, 1, -1])
    to, _ = follow(vectors, carried, Examples(nothing, nothing, nothing), 2, seed=0, report=quiet)
    assert to.tolist() == carried.tolist()


@pytest.mark.parametrize("theme", [0, -1])
def test_with_a_single_theme_all_stays_where_it_is(theme: int) -> None:
    vectors = np.eye(12, dtype=np.float32)
    carried = np.array([0] * 6 + [-1] * 6)
    reviewed = np.arange(6)
    examples = Examples(reviewed, np.full(6, theme), np.zeros(6, np.int64))
    to, sure = follow(vectors, carried, examples, 1, seed=0, report=quiet)
    assert to[6:].tolist() == [-1] * 6
    assert sure[6:].max() == 0.0
