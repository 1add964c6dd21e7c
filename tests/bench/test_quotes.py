"""Quotes against judgements made by reading; ``judgements/README.md`` says how they were made."""

import hashlib
from pathlib import Path

import polars as pl
import pytest

from themeloom.cli.main import run
from themeloom.project.project import Project

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1_800)]

JUDGEMENTS = Path(__file__).parent / "judgements"
SAMPLE = Path(__file__).parents[2] / "sample_data"
FEWEST, LEAST = 200, 0.85
MOST = 5  # quotes of a theme
#: Of the quotes shown today: as many were judged under the title that they have.
MOSTLY = 0.5


#: Talks of game developers among themselves, nearly without feedback: told, not held to the aim.
TALKS = "interviews"


def test_judged_quotes_belong_to_their_titles() -> None:
    """At least 200 quotes were judged as they are shown, and at least 85 % of them belong."""
    sets = {path.stem: _judged(path.stem) for path in sorted(JUDGEMENTS.glob("*.csv"))}
    for judged in sets.values():
        assert judged.select("theme", "excerpt_sha256").is_duplicated().sum() == 0
    held = pl.concat(judged for name, judged in sets.items() if name != TALKS)
    for name, judged in {**sets, "feedback together": held}.items():
        for when in ("before", "after"):
            shown = judged.filter(pl.col("shown").is_in([when, "both"]))
            belong = int((shown["belongs"] == "yes").sum())
            share = belong / max(len(shown), 1)
            print(f"\n{name}, {when}: {belong} of {len(shown)} quotes belong: {share:.1%}", end="")
    after = held.filter(pl.col("shown").is_in(["after", "both"]))
    assert len(after) >= FEWEST
    assert int((after["belongs"] == "yes").sum()) >= LEAST * len(after)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("sample", []),
        ("lounge_reviews", ["--themes", "24"]),
        ("interviews", ["--kind", "interview"]),
    ],
)
def test_quotes_shown_today(
    name: str,
    options: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    """Of the quotes shown today, those that were judged under the same title mostly belong."""
    if name == "sample":
        inputs = [str(SAMPLE)]
    elif name == "interviews":
        talks: Path = request.getfixturevalue("test_data") / "interviews_hitsave"
        inputs = [str(path) for path in sorted(talks.glob("*.md"))]
    else:
        scored: Path = request.getfixturevalue("test_data")
        inputs = [str(scored / "scored" / "skytrax_lounge.csv"), "--text", "text"]
    project = str(tmp_path / "bench.loom")
    output = str(tmp_path / "bench.xlsx")
    assert run(["synthesize", *inputs, *options, "--project", project, "--output", output]) == 0
    shown = _shown(Path(project))
    known = shown.join(_judged(name), on=["theme", "excerpt_sha256"])
    share = (known["belongs"] == "yes").mean()
    with capsys.disabled():
        print(f"\n{name}: {len(shown)} quotes shown, {len(known)} of them judged, belong: {share}")
    assert shown.group_by("theme").len().filter(pl.col("len") > MOST).is_empty()
    assert name == TALKS or len(known) >= MOSTLY * len(shown)
    if name != TALKS:
        assert isinstance(share, float)
        assert share >= LEAST


def _shown(project: Path) -> pl.DataFrame:
    """Return each theme's title beside the hashes of its quotes' own texts; printed ones are masked."""
    with Project.open(project, read_only=True) as opened:
        quoted = (
            opened.themes()
            .filter(pl.col("level") == "theme")
            .select("title", excerpt_id="quotes")
            .explode("excerpt_id")
            .drop_nulls()
        )
        texts = opened.excerpts().select("excerpt_id", "text")
    told = quoted.join(texts, on="excerpt_id", validate="m:1")
    assert len(told) == len(quoted)
    hashes = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in told["text"]]
    return told.select(theme="title", excerpt_sha256=pl.Series(hashes, dtype=pl.String))


def _judged(name: str) -> pl.DataFrame:
    return pl.read_csv(JUDGEMENTS / f"{name}.csv", infer_schema=False)
