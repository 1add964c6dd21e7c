"""Letting in more excerpts, or fewer: what would change is seen before anything does.

How close an unsorted excerpt has to be to its nearest theme is measured by that theme's own
excerpts: a theme whose excerpts are all alike asks for more than one whose excerpts are spread out.
What the measures were when the search had placed its excerpts is kept with the run, so that a step
means the same when it is taken twice. Reviewed, moved and locked work is never touched.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

import polars as pl

from themeloom.analytics.counts import coverage, coverage_base
from themeloom.domain.changes import Deed
from themeloom.domain.frames import ASSIGNMENTS, UNSORTED, conform
from themeloom.domain.themes import Level, Method, Reason, Run, Status
from themeloom.project.project import Project
from themeloom.services.protection import Standing
from themeloom.services.synthesis import excerpts_for_themes

#: A step up lets in what is closer to its nearest theme than this share of the theme's own excerpts;
#: the last step goes on below all of them.
_MORE = (0.5, 0.25, 0.1, 0.02)
_BEYOND = 1.0  # spreads below the last of these
#: A step down puts out this share of the excerpts of each theme: those that fit it least.
_LESS = (0.05, 0.1, 0.2, 0.3)
STEPS = range(-len(_LESS), len(_MORE) + 2)

_FEWEST = 5  # excerpts that a theme needs to be measured by its own
_QUOTES = 3
_SPREAD = 1.4826
_REASONS = (Reason.TOO_FAR, Reason.TIE, Reason.TOO_SHORT)
_KEPT = "spread"  # where a run keeps the measures

#: Bounds of a theme: for each step up, then for each step down.
_Bounds = list[float]


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """What a step does to one theme.

    Attributes:
        theme_id: the theme.
        title: its title.
        excerpts: how many excerpts come in, or go out.
        records: of so many records.
        quotes: ids of the excerpts where it is least certain that they belong in (or out).
    """

    theme_id: str
    title: str
    excerpts: int
    records: int
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoveragePreview:
    """What a step would do, the themes that change most first.

    Attributes:
        step: above 0 excerpts come in, below 0 they go out.
        themes: what changes.
        excerpts: how many excerpts change.
        before: coverage now, 0…1.
        after: coverage then.
    """

    step: int
    themes: tuple[ThemeChange, ...]
    excerpts: int
    before: float
    after: float


class Coverage:
    """What could be let in or put out; a picture of the moment: load it anew after edits.

    Attributes:
        waiting: excerpts that have a nearest theme and could be let in.
        left: excerpts that no step touches, because a person reviewed, moved or locked them.
    """

    def __init__(self, project: Project, run: Run) -> None:
        """Use ``load``."""
        standing = Standing.of(project)
        able = excerpts_for_themes(project).select("excerpt_id", "record_id", "text")
        open_ = standing.themes.filter(
            (pl.col("level") != Level.GROUP) & (pl.col("status") != Status.DORMANT)
        )
        self.run = run
        self.left = standing.protected.excerpts
        self.assignments = standing.assignments
        self.unsorted = project.unsorted()
        self._titles = cast(dict[str, str], dict(open_.select("theme_id", "title").iter_rows()))
        auto = self.assignments.filter(
            "primary", pl.col("method") == Method.AUTO, pl.col("similarity").is_not_null()
        )
        self.bounds = _bounds(auto, cast(Mapping[str, _Bounds], run.parameters.get(_KEPT) or {}))
        several = self.assignments.filter(pl.len().over("excerpt_id") > 1)
        self._inside = self._measured(
            auto.filter(~pl.col("reviewed"))
            .join(standing.settled, on="excerpt_id", how="anti", maintain_order="left")
            .join(several, on="excerpt_id", how="anti", maintain_order="left")
            .select("excerpt_id", "theme_id", "similarity"),
            able,
        )
        self._waiting = self._measured(
            self.unsorted.filter(pl.col("reason").is_in(_REASONS))
            .join(standing.settled, on="excerpt_id", how="anti", maintain_order="left")
            .select("excerpt_id", "similarity", theme_id="nearest_theme_id")
            .drop_nulls(),
            # Signs without a word are in no theme.
            able.filter(pl.col("text").str.contains(r"\p{L}")),
        )
        self.waiting = self._waiting.height
        self._base = coverage_base(
            project.excerpts(),
            project.records(["record_id", "source_id", "non_answer", "duplicate_of"]),
            project.sources(),
        )

    @classmethod
    def load(cls, project: Project) -> "Coverage | None":
        """Return what can be changed; None before the first search."""
        run = project.active_run()
        return None if run is None else cls(project, run)

    def preview(self, step: int) -> CoveragePreview:
        """Return what a step would do. Takes milliseconds.

        Raises:
            ValueError: a step that is not offered.
        """
        rows = self.rows(step)
        # Coming in, the farthest are the least certain; going out, the closest are.
        told = (
            rows.sort(["similarity", "excerpt_id"], descending=[step < 0, False])
            .group_by("theme_id", maintain_order=True)
            .agg(
                excerpts=pl.len(),
                records=pl.col("record_id").n_unique(),
                quotes=pl.col("excerpt_id").head(_QUOTES),
            )
            .sort(["excerpts", "theme_id"], descending=[True, False])
        )
        before = self.assignments.select("excerpt_id")
        after = (
            pl.concat([before, rows.select("excerpt_id")])
            if step > 0
            else before.join(rows, on="excerpt_id", how="anti")
        )
        return CoveragePreview(
            step=step,
            themes=tuple(
                ThemeChange(theme_id, self._titles[theme_id], excerpts, records, tuple(quotes))
                for theme_id, excerpts, records, quotes in told.select(
                    "theme_id", "excerpts", "records", "quotes"
                ).iter_rows()
            ),
            excerpts=rows.height,
            before=coverage(self._base, before),
            after=coverage(self._base, after),
        )

    def rows(self, step: int) -> pl.DataFrame:
        """Return ``excerpt_id, record_id, theme_id, similarity`` of what comes in or goes out.

        Raises:
            ValueError: a step that is not offered.
        """
        if step not in STEPS:
            raise ValueError(f"there is no step {step}")
        rows = self._waiting if step > 0 else self._inside
        if step == 0 or rows.is_empty():
            return rows.head(0)
        place = step - 1 if step > 0 else len(_MORE) - step
        bound = pl.col("theme_id").replace_strict(
            {theme_id: bounds[place] for theme_id, bounds in self.bounds.items()},
            default=None,
            return_dtype=pl.Float64,
        )
        beyond = pl.col("similarity") >= bound if step > 0 else pl.col("similarity") < bound
        return rows.filter(beyond)

    def _measured(self, rows: pl.DataFrame, able: pl.DataFrame) -> pl.DataFrame:
        """Return the rows whose theme a person can see, with their ``record_id``."""
        return (
            rows.filter(pl.col("theme_id").is_in(list(self._titles)))
            .join(able.select("excerpt_id", "record_id"), on="excerpt_id", maintain_order="left")
            .select("excerpt_id", "record_id", "theme_id", "similarity")
        )


def change_coverage(project: Project, step: int) -> Deed | None:
    """Let in more excerpts, or fewer, as ``Coverage.preview`` says, as one undo step.

    What comes in is not reviewed; what goes out is unsorted as "too far", near to its theme.

    Returns:
        What changed; None where nothing does.

    Raises:
        ProjectError: it could not be written.
        ValueError: a step that is not offered.
    """
    known = Coverage.load(project)
    if known is None:
        return None
    rows = known.rows(step)
    if rows.is_empty():
        return None
    assignments, unsorted = known.assignments, known.unsorted
    if step > 0:
        new = rows.with_columns(
            method=pl.lit(Method.AUTO.value), primary=pl.lit(True), reviewed=pl.lit(False)
        )
        assignments = pl.concat([assignments, conform(new, ASSIGNMENTS)])
        unsorted = unsorted.join(rows, on="excerpt_id", how="anti", maintain_order="left")
    else:
        out = rows.select(
            "excerpt_id",
            pl.lit(Reason.TOO_FAR.value).alias("reason"),
            pl.col("theme_id").alias("nearest_theme_id"),
            "similarity",
        )
        assignments = assignments.join(rows, on="excerpt_id", how="anti", maintain_order="left")
        unsorted = pl.concat([conform(unsorted, UNSORTED), conform(out, UNSORTED)])
    run = replace(
        known.run,
        id=uuid.uuid4().hex,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        parameters={**known.run.parameters, _KEPT: known.bounds},
    )
    what = "1 excerpt" if rows.height == 1 else f"{rows.height:,} excerpts"
    with project.begin_run(run) as stage:
        stage.add_assignments(conform(assignments, ASSIGNMENTS))
        stage.add_unsorted(conform(unsorted, UNSORTED))
        return stage.commit(f"{'letting in' if step > 0 else 'putting out'} of {what}")


def _bounds(auto: pl.DataFrame, known: Mapping[str, _Bounds]) -> dict[str, _Bounds]:
    """Return the bounds of each theme; those of few excerpts are measured by all themes together."""
    if auto.is_empty():
        return dict(known)
    measures = [
        *(
            pl.col("similarity").quantile(share, "linear").alias(f"q{share}")
            for share in sorted({*_MORE, *_LESS})
        ),
        (pl.col("similarity") - pl.col("similarity").median()).abs().median().alias("spread"),
    ]

    def bounds(row: Mapping[str, float]) -> _Bounds:
        last = row[f"q{_MORE[-1]}"] - _BEYOND * _SPREAD * row["spread"]
        return [
            *(row[f"q{share}"] for share in _MORE),
            max(last, 0.0),
            *(row[f"q{share}"] for share in _LESS),
        ]

    together = bounds(auto.select(measures).row(0, named=True))
    found: dict[str, _Bounds] = {}
    own = auto.group_by("theme_id").agg(*measures, count=pl.len()).sort("theme_id")
    for row in own.iter_rows(named=True):
        few = row["count"] < _FEWEST
        # Of few excerpts none is put out: nobody knows what is usual among them.
        found[row["theme_id"]] = (
            [*together[: len(_MORE) + 1], *(0.0 for _ in _LESS)] if few else bounds(row)
        )
    return found | dict(known)
