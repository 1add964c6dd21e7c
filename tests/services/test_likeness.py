"""Similar excerpts and nearest themes through a real engine process."""

import sys
from pathlib import Path

import polars as pl
import pytest
from tests.engine.feedback import feedback

from themeloom.domain.errors import JobFailed
from themeloom.jobs.messages import Progress
from themeloom.jobs.worker import Worker
from themeloom.services import likeness, workers
from themeloom.services.likeness import NearTheme, Shared, nearest_themes, similar

TOPICS: list[str] = feedback()["theme"].to_list()
PDF = "The PDF export stops at page three"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("derived")


@pytest.fixture(scope="module")
def excerpts() -> pl.DataFrame:
    """Excerpts as the view shows them; the last one is an interviewer's and left out."""
    planted = feedback()
    numbers = pl.int_range(1, planted.height + 1, eager=True)
    frame = planted.select(
        "text",
        excerpt=numbers,
        record_id=pl.format("r{}", numbers),
        excerpt_id=pl.format("r{}.0", numbers),
        kind=pl.lit("ticket"),
        subject=pl.lit(None, pl.String),
        left_out=pl.lit(None, pl.String),
        theme_id="theme",
        reviewed=numbers % 2 == 0,
    )
    question = frame[:1].with_columns(
        pl.lit("Does the PDF export work for you?").alias("text"),
        pl.lit(planted.height + 1, frame.schema["excerpt"]).alias("excerpt"),
        pl.lit("q").alias("record_id"),
        pl.lit("q.0").alias("excerpt_id"),
        pl.lit("interviewer").alias("left_out"),
        pl.lit(None, pl.String).alias("theme_id"),
        pl.lit(False).alias("reviewed"),
    )
    return pl.concat([frame, question])


def topics(found: list[likeness.Alike]) -> set[str]:
    return {TOPICS[alike.excerpt - 1] for alike in found}


def test_similar_to_an_excerpt_and_to_a_sentence(
    engine: Worker, store: Path, excerpts: pl.DataFrame
) -> None:
    first = excerpts.row(by_predicate=pl.col("text") == PDF, named=True)["excerpt"]
    found = similar(engine, store, excerpts, like=[first], count=4)
    assert first not in [alike.excerpt for alike in found]
    assert topics(found) == {"pdf"}
    assert found[0].fit in ("Strong", "Good")
    typed = similar(engine, store, excerpts, sentence="I cannot sign in", count=3)
    assert topics(typed) == {"login"}


def test_what_is_left_out_can_be_asked_for_but_is_not_found(
    engine: Worker, store: Path, excerpts: pl.DataFrame
) -> None:
    question = excerpts.height
    found = similar(engine, store, excerpts, like=[question], count=200)
    assert topics(found[:5]) == {"pdf"}
    assert question not in [alike.excerpt for alike in found]


def test_nothing_asked_wakes_nobody(store: Path, excerpts: pl.DataFrame) -> None:
    asleep = workers.engine()
    assert similar(asleep, store, excerpts, like=[99_999]) == []
    assert nearest_themes(asleep, store, excerpts, sentence="  ") == []
    assert not asleep.alive


def test_the_excerpts_are_handed_over_once(
    engine: Worker, store: Path, excerpts: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    similar(engine, store, excerpts, like=[1])
    written: list[int] = []
    real = likeness.write_table

    def counted(frame: pl.DataFrame, path: Path) -> str:
        written.append(frame.height)
        return real(frame, path)

    monkeypatch.setattr(likeness, "write_table", counted)
    similar(engine, store, excerpts.with_columns(reviewed=True), like=[2])
    assert written == []
    similar(engine, store, excerpts[:40], like=[2])
    assert written == [40]


def test_an_edit_is_seen_by_the_next_question(
    engine: Worker, store: Path, excerpts: pl.DataFrame
) -> None:
    before = nearest_themes(engine, store, excerpts, sentence=PDF)
    assert [theme.theme_id for theme in before][:1] == ["pdf"]
    merged = excerpts.with_columns(pl.col("theme_id").replace("pdf", "Exports"))
    after = nearest_themes(engine, store, merged, sentence=PDF)
    assert [theme.theme_id for theme in after][:1] == ["Exports"]


def test_the_reason_is_cut_from_the_excerpt_as_it_stands(
    engine: Worker, store: Path, excerpts: pl.DataFrame
) -> None:
    text = "Oh   dear: the  PDF\nexport   stops at page three"
    spaced = excerpts.with_columns(
        text=pl.when(pl.col("text") == PDF).then(pl.lit(text)).otherwise("text")
    )
    number = spaced.row(by_predicate=pl.col("text") == text, named=True)["excerpt"]
    (best, *_) = nearest_themes(engine, store, spaced, like=[number])
    assert best.theme_id == "pdf"
    assert best.shared
    assert all(text[shared.start : shared.end] == shared.phrase for shared in best.shared)
    assert {shared.excerpt for shared in best.shared} == {number}
    assert best.reason.startswith("Because it shares “")
    assert best.reason.endswith("confirmed excerpts")


def test_a_crash_of_the_engine_is_survived(
    spare_engine: Worker, store: Path, excerpts: pl.DataFrame
) -> None:
    similar(spare_engine, store, excerpts, like=[1])
    with pytest.raises(JobFailed):
        spare_engine.run("tests.jobs.tasks_for_tests:die", {})
    assert topics(similar(spare_engine, store, excerpts, sentence=PDF, count=3)) == {"pdf"}


def test_many_new_texts_are_read_as_a_job_with_progress(
    engine: Worker, tmp_path: Path, excerpts: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likeness, "_MOST_TO_ENCODE", 10)
    seen: list[Progress] = []
    found = similar(engine, tmp_path, excerpts, sentence=PDF, count=1, on_progress=seen.append)
    assert topics(found) == {"pdf"}
    assert {progress.stage for progress in seen} == {"Understanding texts"}


def test_the_parent_loads_nothing_of_the_engine(
    engine: Worker, store: Path, excerpts: pl.DataFrame
) -> None:
    """Answers are plain values: unpickling them must not bring the engine into the window."""
    import subprocess

    code = (
        "import sys, themeloom.services.likeness, themeloom.services.finding;"
        "print([name for name in sys.modules if name.startswith('themeloom.engine')"
        " or name in ('numpy', 'openvino')])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"
    answer = engine.ask(
        "themeloom.services.tasks.likeness:nearest_themes",
        {"key": "-", "shares_key": "-", "texts": ["x"], "excerpts": [None], "count": 1},
    )
    assert answer is None
    for theme in nearest_themes(engine, store, excerpts, sentence=PDF):
        assert type(theme.theme_id) is str
        assert type(theme.excerpts) is int


@pytest.mark.parametrize(
    ("shared", "excerpts", "confirmed", "reason"),
    [
        (["sync", "forgets bookings"], 41, True,
         "Because it shares “sync”, “forgets bookings” with 41 confirmed excerpts"),
        (["sync"], 1, True, "Because it shares “sync” with 1 confirmed excerpt"),
        (["sync"], 1200, False, "Because it shares “sync” with 1,200 excerpts"),
        ([], 3, True, "Because it is close in meaning to 3 confirmed excerpts"),
    ],
)  # fmt: skip
def test_reasons_in_words(shared: list[str], excerpts: int, confirmed: bool, reason: str) -> None:
    parts = tuple(Shared(phrase, 1, 0, len(phrase)) for phrase in shared)
    assert NearTheme("T-001", "Good", parts, excerpts, confirmed).reason == reason
