"""Apply what I taught: unreviewed excerpts follow the ones that a person moved, confirmed or set aside.

The engine learns from the reviewed excerpts and tells which others belong elsewhere. These are
shown first; what is applied is written as a run of its own, which carries everything else over. So
decisions stay a person's own, the next search for themes is free to look anew, and undoing the step
shows the run before.
"""

import tempfile
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import polars as pl

from themeloom.domain.changes import Deed
from themeloom.domain.errors import SynthesisError
from themeloom.domain.frames import ASSIGNMENTS, MOVES, STANCES, THEMES, UNSORTED, conform
from themeloom.domain.themes import Level, Method, Reason, Run, Stance, Status
from themeloom.jobs.messages import Progress
from themeloom.jobs.tables import read_table, write_table
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services.encoders import encoder_of
from themeloom.services.protection import Standing
from themeloom.services.synthesis import excerpts_for_themes
from themeloom.services.view import View

_SAMPLES = 3
_QUOTES = 5


@dataclass(frozen=True, slots=True)
class Move:
    """Unreviewed excerpts that go from one theme to another.

    Attributes:
        from_id: where they are; None: unsorted.
        to_id: where they belong; None: in no theme.
        excerpts: how many.
        records: of how many records.
        quotes: texts of some of them, from the surest to the least sure.
    """

    from_id: str | None
    to_id: str | None
    excerpts: int
    records: int
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Lesson:
    """What would change, before it is done. A picture: later edits are heeded when it is applied.

    Attributes:
        confirmed: reviewed excerpts with a theme, from which was learned.
        rejected: excerpts set aside by hand, from which was learned.
        moves: by theme that they go to, largest first.
        cuts: whether the themes can be cut coarser and finer now; not after it is applied.
        frame: MOVES, one row an excerpt.
        candidates: ids of excerpts that could be quotes of the themes that change, the best first.
    """

    confirmed: int
    rejected: int
    moves: tuple[Move, ...]
    cuts: bool
    frame: pl.DataFrame
    candidates: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])

    @property
    def excerpts(self) -> int:
        """How many excerpts would go elsewhere."""
        return self.frame.height


def has_examples(view: View) -> bool:
    """Tell whether a person decided on any excerpt, in whatever period."""
    said = (pl.col("method") == Method.MANUAL) | pl.col("reviewed")
    return bool(view.choices.decisions.select(said.any()).item())


def preview(
    project: Project, engine: Worker, on_progress: Callable[[Progress], None] | None = None
) -> Lesson:
    """Return what would follow from the reviewed excerpts; the project stays as it is.

    Args:
        project: with excerpts that a person moved, confirmed or set aside.
        engine: the process that learns.
        on_progress: called with stage, count and time left.

    Raises:
        JobCancelled: the person cancelled.
        JobFailed: the engine stopped, or the language model is missing.
        SynthesisError: nothing was reviewed yet.
    """
    standing = Standing.of(project)
    excerpts = excerpts_for_themes(project)
    stances = _stances(project, standing, excerpts)
    said = stances.filter(pl.col("stance").is_in([Stance.EXAMPLE, Stance.REJECTED]))
    taught = said.unique("excerpt_id")["stance"].value_counts()
    counts = cast(dict[str, int], dict(taught.iter_rows()))
    if not counts:
        raise SynthesisError(
            "There are no examples to learn from yet.",
            hint="Move some excerpts to where they belong, confirm some, or unsort some; then ask"
            " again.",
        )
    with tempfile.TemporaryDirectory(prefix="themeloom-teach-") as name:
        folder = Path(name)
        answer = cast(
            Mapping[str, Any],
            engine.run(
                "themeloom.services.tasks.teaching:learn",
                {
                    "excerpts": write_table(excerpts, folder / "excerpts.arrow"),
                    "stances": write_table(stances, folder / "stances.arrow"),
                    "store": str(project.derived_store()),
                    "folder": name,
                    "seed": _seed(project),
                    "encoder": encoder_of(project.active_run()),
                },
                on_progress=on_progress,
            ),
        )
        frame = read_table(str(answer["moves"]))
    frame = _into_living(conform(frame, MOVES), standing.themes)
    run = project.active_run()
    return Lesson(
        confirmed=counts.get(Stance.EXAMPLE, 0),
        rejected=counts.get(Stance.REJECTED, 0),
        moves=_moves(frame, excerpts),
        cuts=run is not None and run.parameters.get("cuts") is not None,
        frame=frame,
        candidates=cast(Mapping[str, list[str]], answer["quotes"]),
    )


def apply(
    project: Project, lesson: Lesson, to_ids: Collection[str | None] | None = None
) -> Deed | None:
    """Move excerpts as the lesson says, as one undo step.

    What was reviewed, locked, moved or merged since the preview stays as it is.

    Args:
        project: gets a run.
        lesson: from ``preview``.
        to_ids: only what goes to these themes (None among them: what leaves all themes); all
            without.

    Returns:
        What changed; None where nothing does.
    """
    standing = Standing.of(project)
    moves = _still_open(_chosen(lesson.frame, to_ids), standing)
    if moves.is_empty():
        return None
    before = project.active_run()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    taught = {"confirmed": lesson.confirmed, "rejected": lesson.rejected, "moved": moves.height}
    if before is None:
        why = "These excerpts follow the examples that you gave."
        run = Run(uuid.uuid4().hex, now, 0, "", {"taught": taught, "cuts": None}, {}, why)
    else:
        # The tree of cuts knows nothing of what was taught: cutting would undo it.
        parameters = {**before.parameters, "taught": taught, "cuts": None}
        run = replace(before, id=uuid.uuid4().hex, created=now, parameters=parameters)
    assigned = _assigned(moves, standing)
    with project.begin_run(run) as stage:
        stage.carry_over(moves["excerpt_id"].to_list())
        stage.add_themes(_evidence(project, standing, lesson, moves))
        stage.add_assignments(assigned)
        stage.add_unsorted(
            conform(
                moves.join(assigned, on="excerpt_id", how="anti", maintain_order="left").select(
                    "excerpt_id",
                    pl.lit(Reason.TOO_FAR.value).alias("reason"),
                    pl.col("theme_id").alias("nearest_theme_id"),
                ),
                UNSORTED,
            )
        )
        plural = "" if moves.height == 1 else "s"
        return stage.commit(f"move of {moves.height:,} excerpt{plural} by what you taught")


def _stances(project: Project, standing: Standing, excerpts: pl.DataFrame) -> pl.DataFrame:
    """Return STANCES of the excerpts that can carry a theme."""
    able = excerpts.select("excerpt_id")
    origins = _origins(project)
    person = (pl.col("method") == Method.MANUAL) | pl.col("reviewed")
    shares = standing.assignments.join(able, on="excerpt_id", how="semi", maintain_order="left")
    examples = shares.filter(person)
    aside = standing.set_aside.join(able, on="excerpt_id", how="semi", maintain_order="left")
    rest = able.join(
        pl.concat([examples.select("excerpt_id"), aside]),
        on="excerpt_id",
        how="anti",
        maintain_order="left",
    ).join(
        shares.filter("primary").select("excerpt_id", "theme_id"),
        on="excerpt_id",
        how="left",
        maintain_order="left",
    )
    settled = pl.col("excerpt_id").is_in(standing.settled["excerpt_id"].implode())
    # What speaks of several themes is no case for a choice of one.
    several = pl.col("excerpt_id").is_in(
        shares.filter(~pl.col("primary"))["excerpt_id"].unique().implode()
    )
    parts = [
        examples.select("excerpt_id", "theme_id").with_columns(stance=_word(Stance.EXAMPLE)),
        aside.with_columns(theme_id=pl.lit(None, pl.String), stance=_word(Stance.REJECTED)),
        rest.with_columns(
            stance=pl.when(settled | several)
            .then(_word(Stance.FIXED))
            .otherwise(_word(Stance.FREE))
        ),
    ]
    whole = pl.concat([part.select("excerpt_id", "theme_id", "stance") for part in parts])
    return conform(whole.join(origins, on="excerpt_id", how="left", maintain_order="left"), STANCES)


def _word(stance: Stance) -> pl.Expr:
    return pl.lit(stance.value)


def _origins(project: Project) -> pl.DataFrame:
    """Return where the active run had put excerpts: ``excerpt_id``, ``origin``."""
    numbers = project.excerpt_keys()
    found = project.raw_assignments().filter("primary").select("excerpt", origin="theme_id")
    redirects = project.redirects()
    if redirects:
        found = found.with_columns(pl.col("origin").replace(redirects))
    return found.join(numbers, on="excerpt").select("excerpt_id", "origin").drop_nulls()


def _seed(project: Project) -> int:
    run = project.active_run()
    return run.seed if run else 0


def _into_living(moves: pl.DataFrame, themes: pl.DataFrame) -> pl.DataFrame:
    """Leave out what goes to themes that are at rest, or gone."""
    open_ = themes.filter((pl.col("level") != Level.GROUP) & (pl.col("status") != Status.DORMANT))[
        "theme_id"
    ]
    return moves.filter(pl.col("to").is_null() | pl.col("to").is_in(open_.implode()))


def _moves(frame: pl.DataFrame, excerpts: pl.DataFrame) -> tuple[Move, ...]:
    rows = frame.join(
        excerpts.select("excerpt_id", "record_id", "text"), on="excerpt_id", maintain_order="left"
    )
    pairs = (
        rows.group_by("theme_id", "to", maintain_order=True)
        .agg(
            pl.len().alias("excerpts"),
            pl.col("record_id").n_unique().alias("records"),
            pl.col("text"),
        )
        .with_columns(total=pl.col("excerpts").sum().over("to"))
        .sort(
            ["total", "to", "excerpts", "theme_id"],
            descending=[True, False, True, False],
            nulls_last=True,
        )
    )
    return tuple(
        Move(source, target, count, records, _some(texts))
        for source, target, count, records, texts in pairs.select(
            "theme_id", "to", "excerpts", "records", "text"
        ).iter_rows()
    )


def _some(texts: list[str]) -> tuple[str, ...]:
    """Return a few texts from the first to the last."""
    last, wanted = len(texts) - 1, min(_SAMPLES, len(texts))
    return tuple(texts[round(n * last / max(wanted - 1, 1))] for n in range(wanted))


def _chosen(moves: pl.DataFrame, to_ids: Collection[str | None] | None) -> pl.DataFrame:
    if to_ids is None:
        return moves
    ids = [one for one in to_ids if one is not None]
    wanted = pl.col("to").is_in(ids)
    return moves.filter(wanted | pl.col("to").is_null() if None in to_ids else wanted)


def _still_open(moves: pl.DataFrame, standing: Standing) -> pl.DataFrame:
    """Leave out what a person decided on or moved since, and what goes to themes that are gone."""
    at = standing.assignments.filter("primary").select("excerpt_id", now="theme_id")
    return (
        _into_living(moves, standing.themes)
        .join(standing.settled, on="excerpt_id", how="anti", maintain_order="left")
        .join(at, on="excerpt_id", how="left", maintain_order="left")
        .filter(pl.col("theme_id").eq_missing(pl.col("now")))
        .drop("now")
    )


def _assigned(moves: pl.DataFrame, standing: Standing) -> pl.DataFrame:
    """Return ASSIGNMENTS of the moved excerpts; further themes that they carry stay."""
    new = moves.filter(pl.col("to").is_not_null()).select(
        "excerpt_id",
        pl.col("to").alias("theme_id"),
        pl.lit(Method.AUTO.value).alias("method"),
        "similarity",
        pl.lit(True).alias("primary"),
        pl.lit(False).alias("reviewed"),
    )
    others = standing.assignments.filter(~pl.col("primary")).join(
        moves.select("excerpt_id"), on="excerpt_id", how="semi", maintain_order="left"
    )
    both = pl.concat([conform(new, ASSIGNMENTS), others]).unique(
        ["excerpt_id", "theme_id"], keep="first", maintain_order=True
    )
    return both.with_columns(primary=pl.col("excerpt_id").is_first_distinct())


def _evidence(
    project: Project, standing: Standing, lesson: Lesson, moves: pl.DataFrame
) -> pl.DataFrame:
    """Return THEMES whose quotes change: none may stand for a theme that it has left."""
    changed = pl.concat([moves["theme_id"], moves["to"]]).drop_nulls().unique()
    after = dict(
        standing.assignments.filter("primary").select("excerpt_id", "theme_id").iter_rows()
    ) | dict(moves.select("excerpt_id", "to").iter_rows())
    rows: list[dict[str, Any]] = []
    for theme in standing.themes.filter(
        pl.col("theme_id").is_in(changed.implode()) & (pl.col("level") != Level.GROUP)
    ).iter_rows(named=True):
        before: list[str] = theme["quotes"]
        left = set(moves.filter(pl.col("theme_id") == theme["theme_id"])["excerpt_id"])
        kept = [quote for quote in before if quote not in left]
        more = [
            quote
            for quote in lesson.candidates.get(theme["theme_id"], [])
            if quote not in kept and after.get(quote) == theme["theme_id"]
        ]
        quotes = [*kept, *more[: max(0, _QUOTES - len(kept))]]
        if quotes != before:
            rows.append({**theme, "quotes": quotes})
    return pl.DataFrame(rows, schema=THEMES, orient="row")
