"""Where assignments are seen: merged themes lead to others, deleted ones to none.

A merge is one changed row, not 100,000: what was assigned stays as it is, and is followed here.
"""

import apsw
import polars as pl

from themeloom.domain.themes import Reason
from themeloom.project.schema import Fate, State
from themeloom.project.sql import rows

#: For ``themes t``: proposed by a visible run, or made by hand, whatever became of it since.
KNOWN_THEMES = f"(t.run IS NULL OR t.run IN (SELECT seq FROM runs WHERE state = '{State.VISIBLE}'))"
#: For ``themes t``: taken the place of by a visible run.
_RETIRED = (
    "t.tid IN (SELECT o.theme FROM retired o JOIN runs ON runs.seq = o.run"
    f" WHERE runs.state = '{State.VISIBLE}')"
)
#: For ``themes t``: those that a person sees.
LIVING_THEMES = f"{KNOWN_THEMES} AND t.fate = '{Fate.LIVING}' AND NOT {_RETIRED}"


def numbers_led_on(connection: apsw.Connection) -> dict[int, int | None]:
    """Return the inner number of each theme that is not seen → where it leads; None is nowhere."""
    found = rows(
        connection,
        f"SELECT t.tid, CASE t.fate WHEN '{Fate.MERGED}' THEN t.merged_into END FROM themes t"
        f" WHERE {KNOWN_THEMES} AND (t.fate <> '{Fate.LIVING}' OR {_RETIRED})",
    )
    step: dict[int, int | None] = dict(map(tuple, found))
    return {theme: _end(theme, step) for theme in step}


def redirects(connection: apsw.Connection) -> dict[str, str | None]:
    """Return the id of each merged theme → the living one it is part of; None where it is deleted."""
    ids = dict(map(tuple, rows(connection, "SELECT tid, theme_id FROM themes")))
    return {
        ids[theme]: None if target is None else ids[target]
        for theme, target in numbers_led_on(connection).items()
    }


def follow(frame: pl.DataFrame, column: str, led_on: dict[int, int | None]) -> pl.DataFrame:
    """Return ``frame`` with the theme numbers in ``column`` replaced by those they lead to."""
    if not led_on:
        return frame
    keys = pl.Series(list(led_on), dtype=pl.Int64)
    targets = pl.Series(list(led_on.values()), dtype=pl.Int64)
    return frame.with_columns(pl.col(column).replace(keys, targets))


def resolve(
    shares: pl.DataFrame, led_on: dict[int, int | None]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the shares as they are seen, and the excerpts that are left with none.

    An excerpt in two themes that became one counts once. Where its primary theme is gone, the most
    similar of the others is primary.

    Args:
        shares: DECISIONS (of ``project.changes``).
        led_on: as from ``numbers_led_on``.

    Returns:
        DECISIONS without null themes; ``excerpt`` and ``reason`` of those without a theme.
    """
    set_aside = shares.filter(pl.col("theme").is_null())
    kept = follow(shares, "theme", led_on).filter(pl.col("theme").is_not_null())
    if led_on:
        kept = kept.sort(
            "primary",
            "reviewed",
            "similarity",
            "theme",
            descending=[True, True, True, False],
            nulls_last=True,
        ).unique(["excerpt", "theme"], keep="first", maintain_order=True)
        # By now the first row of an excerpt is its primary one, or the most similar one.
        kept = kept.with_columns(primary=pl.col("excerpt").is_first_distinct())
    lost = (
        shares.select(pl.col("excerpt").unique(maintain_order=True))
        .join(kept, on="excerpt", how="anti", maintain_order="left")
        .with_columns(
            reason=pl.when(pl.col("excerpt").is_in(set_aside["excerpt"].unique().implode()))
            .then(pl.lit(Reason.SET_ASIDE.value))
            .otherwise(pl.lit(Reason.DELETED.value))
        )
        if kept.height < shares.height
        else pl.DataFrame(schema={"excerpt": pl.Int64, "reason": pl.String})
    )
    return kept, lost


def _end(theme: int, step: dict[int, int | None]) -> int | None:
    seen: set[int] = set()
    at: int | None = theme
    while at is not None and at in step:
        if at in seen:  # a damaged file must not hang the window
            return None
        seen.add(at)
        at = step[at]
    return at
