"""Accepting a cut: its themes become the project's, and all that people settled stays as it is."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import polars as pl

from themeloom.domain.changes import Deed
from themeloom.domain.errors import SynthesisError
from themeloom.domain.frames import ASSIGNMENTS, THEMES, UNSORTED, conform
from themeloom.domain.themes import Level, Method, Run, Status
from themeloom.project.project import Project
from themeloom.services.recutting import CutPreview, Cuts, ProposedTheme
from themeloom.services.synthesis import marks_of


def accept(project: Project, level: int, keys: Collection[str] | None = None) -> Deed | None:
    """Make the themes of a cut the project's, as one undo step; what is settled stays as it is.

    Args:
        project: gets a run, or another status for its proposals when it shows that cut already.
        level: the cut.
        keys: the themes to accept, the others become proposals; None accepts all, () none.

    Returns:
        What changed; None where it is so already. ``CutPreview.left`` tells what was left alone.

    Raises:
        SynthesisError: there is nothing to cut any more.
    """
    cuts, run = Cuts.load(project), project.active_run()
    if cuts is None or run is None:
        raise SynthesisError(
            "These proposals cannot be cut finer or coarser any more.",
            hint="Find themes again, then choose how fine they shall be.",
        )
    preview = cuts.preview(level)
    wanted = {theme.key for theme in preview.themes} if keys is None else set(keys)
    if all(theme.theme_id for theme in preview.themes):
        return _accept_shown(project, cuts, preview, wanted)
    return _write(project, cuts, preview, wanted, run)


def _accept_shown(
    project: Project, cuts: Cuts, preview: CutPreview, wanted: set[str]
) -> Deed | None:
    ids = {theme.theme_id for theme in preview.themes if theme.key in wanted and theme.theme_id}
    themes = cuts.standing.themes
    groups = themes.filter(pl.col("theme_id").is_in(sorted(ids)))["parent_id"].drop_nulls()
    proposed = themes.filter(
        pl.col("theme_id").is_in(groups.to_list()) & (pl.col("status") == Status.PROPOSED)
    )["theme_id"]
    chosen = [*sorted(ids), *proposed.to_list()]
    return project.set_theme_status(chosen, Status.ACTIVE) if chosen else None


def _write(
    project: Project, cuts: Cuts, preview: CutPreview, wanted: set[str], before: Run
) -> Deed:
    """Write a run that holds the cut, and all else as it is."""
    level = preview.level
    # A proposal that stays one keeps its id; an accepted one begins anew, because a run does not
    # change the status of what is there.
    kept = {t.key: t.theme_id for t in preview.themes if t.theme_id and t.key not in wanted}
    new = [theme for theme in preview.themes if theme.key not in kept]
    ids = {**kept, **dict(zip((t.key for t in new), _ids(project, "T", len(new)), strict=True))}
    groups = _groups(project, cuts, preview, wanted)
    themes = pl.DataFrame(
        [
            *groups.rows,
            *(
                {
                    "theme_id": ids[theme.key],
                    "parent_id": groups.of[theme.key],
                    "level": Level.THEME,
                    "title": theme.title,
                    "definition": theme.definition,
                    "status": Status.ACTIVE if theme.key in wanted else Status.PROPOSED,
                    "key_phrases": list(theme.key_phrases),
                    "quotes": list(theme.quotes),
                    "position": place,
                }
                for place, theme in enumerate(preview.themes)
                if theme.key not in kept
            ),
        ],
        schema=THEMES,
        orient="row",
    )
    number = {int(key): theme_id for key, theme_id in ids.items()}
    placed = cuts.placed(level)
    assigned = placed.select(
        "excerpt_id",
        pl.col("node").replace_strict(number, return_dtype=pl.String).alias("theme_id"),
        pl.lit(Method.AUTO.value).alias("method"),
        cuts.similarity(level, placed["row"]).alias("similarity"),
        pl.lit(True).alias("primary"),
        pl.lit(False).alias("reviewed"),
    )
    further = cuts.further(placed, level).select(
        "excerpt_id",
        pl.col("node").replace_strict(number, return_dtype=pl.String).alias("theme_id"),
        pl.lit(Method.AUTO.value).alias("method"),
        "similarity",
        pl.lit(False).alias("primary"),
        pl.lit(False).alias("reviewed"),
    )
    rest = cuts.rest(placed)
    gone = set(cuts.current.values()) - set(kept.values())
    let_in = _let_in(cuts, level, rest, number, gone)
    rest = rest.join(let_in, on="excerpt_id", how="anti", maintain_order="left")
    run = replace(
        before,
        id=uuid.uuid4().hex,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        parameters={
            **before.parameters,
            "proposed": marks_of(themes),
            "cuts": {
                "of": cuts.of,
                "level": level,
                "themes": {str(node): theme_id for node, theme_id in number.items()},
            },
        },
        why=f"{len(preview.themes)} themes: this is how finely you cut what the search had found.",
    )
    with project.begin_run(run, drop_proposed=True) as stage:
        stage.add_themes(conform(themes, THEMES))
        stage.add_assignments(
            pl.concat([conform(part, ASSIGNMENTS) for part in (rest, let_in, assigned, further)])
        )
        stage.add_unsorted(_unsorted(project, cuts, level, number, gone))
        return stage.commit(f"cut into {len(preview.themes)} themes")


@dataclass(frozen=True, slots=True)
class _Groups:
    of: dict[str, str | None]  # by the theme's key
    rows: list[dict[str, object]]  # THEMES of those that are new


def _groups(project: Project, cuts: Cuts, preview: CutPreview, wanted: set[str]) -> _Groups:
    """Return the group of each theme: cut from the same tree, or where the run put new themes."""
    living = {
        title.casefold(): (theme_id, status)
        for theme_id, title, status in cuts.standing.themes.filter(pl.col("level") == Level.GROUP)
        .select("theme_id", "title", "status")
        .iter_rows()
    }
    of: dict[str, str | None] = {}
    members: dict[int, list[ProposedTheme]] = {}
    for theme in preview.themes:
        given = cuts.parent_id_of(int(theme.key))
        if given is not None or not cuts.has_groups(preview.level):
            of[theme.key] = given
        else:
            members.setdefault(cuts.group_of(int(theme.key), preview.level), []).append(theme)
    rows: list[dict[str, object]] = []
    for node, themes in members.items():
        title = cuts.title_of(node)
        accepted = any(theme.key in wanted for theme in themes)
        theme_id, status = living.get(title.casefold(), (None, None))
        if theme_id is None or (accepted and status == Status.PROPOSED):
            theme_id = _ids(project, "G", 1)[0]
            titles = [theme.title for theme in themes]
            rows.append(
                {
                    "theme_id": theme_id,
                    "level": Level.GROUP,
                    "title": title,
                    "definition": f"Themes: {'; '.join(titles)}.",
                    "status": Status.ACTIVE if accepted else Status.PROPOSED,
                    "key_phrases": titles,
                    "quotes": [],
                    "position": len(rows),
                }
            )
        of |= {theme.key: theme_id for theme in themes}
    return _Groups(of, rows)


def _let_in(
    cuts: Cuts, level: int, rest: pl.DataFrame, number: dict[int, str], gone: set[str]
) -> pl.DataFrame:
    """Return the excerpts of themes that go, but that no cut places: let in by a person since."""
    return (
        rest.filter("primary", pl.col("theme_id").is_in(sorted(gone)))
        .join(cuts.nearest(level).drop("similarity"), on="excerpt_id", maintain_order="left")
        .with_columns(
            theme_id=pl.col("first").replace_strict(number, default=None, return_dtype=pl.String)
        )
        .drop_nulls("theme_id")
        .select(list(ASSIGNMENTS))
    )


def _unsorted(
    project: Project, cuts: Cuts, level: int, number: dict[int, str], gone: set[str]
) -> pl.DataFrame:
    """Return UNSORTED as it is, with the themes of the cut as the nearest ones."""
    names = ["nearest_theme_id", "second_theme_id"]
    near = cuts.nearest(level).select(
        "excerpt_id",
        pl.col("first").replace_strict(number, default=None, return_dtype=pl.String).alias("n1"),
        pl.col("second").replace_strict(number, default=None, return_dtype=pl.String).alias("n2"),
        pl.col("similarity").alias("like"),
    )
    frame = project.unsorted().with_columns(
        pl.when(pl.col(name).is_in(sorted(gone))).then(None).otherwise(pl.col(name)).alias(name)
        for name in names
    )
    open_ = pl.col("nearest_theme_id").is_null() & pl.col("n1").is_not_null()
    return conform(
        frame.join(near, on="excerpt_id", how="left", maintain_order="left").with_columns(
            pl.when(open_).then(pl.col("n1")).otherwise(pl.col(names[0])).alias(names[0]),
            pl.when(open_).then(pl.col("n2")).otherwise(pl.col(names[1])).alias(names[1]),
            pl.when(open_).then(pl.col("like")).otherwise("similarity").alias("similarity"),
        ),
        UNSORTED,
    )


def _ids(project: Project, prefix: str, count: int) -> list[str]:
    return project.reserve_theme_ids(prefix, count) if count else []
