"""What a search for themes must not change: reviewed, manual and locked work."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import polars as pl

from themeloom.domain.themes import Level, Method, Reason, Status
from themeloom.project.project import Project


@dataclass(frozen=True, slots=True)
class Protected:
    """How much was left as it is."""

    excerpts: int  # reviewed, moved or set aside by hand, or under a locked theme
    themes: int  # locked, or holding such excerpts

    @property
    def sentence(self) -> str:
        """Say it in plain words."""
        if not self.excerpts and not self.themes:
            return "Nothing is reviewed or locked yet, so everything was looked at anew."
        excerpts = f"{self.excerpts:,} excerpt{'' if self.excerpts == 1 else 's'}"
        if not self.themes:
            return f"Left as it was: {excerpts} that you had set aside."
        themes = f"{self.themes:,} theme{'' if self.themes == 1 else 's'}"
        return (
            f"Left as it was: {excerpts} that you had reviewed, moved or locked, and {themes}"
            " that hold them or are locked."
        )


@dataclass(frozen=True)
class Standing:
    """What the project holds before a search.

    Attributes:
        themes: THEMES.
        assignments: ASSIGNMENTS, a person's decisions applied.
        settled: ids of protected excerpts (column ``excerpt_id``).
        set_aside: those of them that a person set aside: they fit no theme.
        stay: ids of themes that are locked, were worked on or hold protected excerpts, and of all
            that these are part of.
        worked_on: ids of proposals that a person named, described or made notes on.
        protected: the same as counts.
    """

    themes: pl.DataFrame
    assignments: pl.DataFrame
    settled: pl.DataFrame
    set_aside: pl.DataFrame
    stay: frozenset[str]
    worked_on: frozenset[str]
    protected: Protected

    @staticmethod
    def of(project: Project) -> "Standing":
        """Return how the project stands."""
        themes, assignments = project.themes(), project.assignments()
        parents = cast(
            dict[str, str | None], dict(themes.select("theme_id", "parent_id").iter_rows())
        )
        locked = _with_descendants(
            set(themes.filter(pl.col("status") == Status.LOCKED)["theme_id"]), parents
        )
        decided = (pl.col("method") != Method.AUTO) | pl.col("reviewed")
        # A further theme that is locked does not hold an excerpt where it is.
        in_locked = pl.col("theme_id").is_in(list(locked)) & pl.col("primary")
        kept = assignments.filter(decided | in_locked)
        set_aside = (
            project.unsorted()
            .filter(pl.col("reason") == Reason.SET_ASIDE)
            .select("excerpt_id")
            .unique(maintain_order=True)
        )
        settled = pl.concat([kept.select("excerpt_id"), set_aside]).unique(maintain_order=True)
        holding = {*kept["theme_id"], *locked}
        touched = worked_on(project, themes)
        stay = _with_ancestors(holding | touched, parents)
        level = dict(themes.select("theme_id", "level").iter_rows())
        count = sum(level.get(theme_id) != Level.GROUP for theme_id in holding)
        return Standing(
            themes,
            assignments,
            settled,
            set_aside,
            stay,
            frozenset(touched),
            Protected(settled.height, count),
        )


def signature(title: str, definition: str) -> str:
    """Return a short mark of what a run called a theme, to see later whether a person changed it."""
    said = f"{title}\0{definition}".encode(errors="surrogatepass")
    return hashlib.blake2b(said, digest_size=6).hexdigest()


def worked_on(project: Project, themes: pl.DataFrame) -> set[str]:
    """Return the proposals (of THEMES) that a person named, described or made notes on."""
    proposed: dict[str, str] = {}
    for run in project.runs():
        marks = run.parameters.get("proposed")
        if isinstance(marks, dict):
            proposed |= cast(Mapping[str, str], marks)
    found: set[str] = set()
    for row in themes.filter(pl.col("status") == Status.PROPOSED).iter_rows(named=True):
        mark = signature(row["title"], row["definition"] or "")
        if row["memo"] or proposed.get(row["theme_id"], mark) != mark:
            found.add(row["theme_id"])
    return found


def _with_descendants(found: set[str], parents: Mapping[str, str | None]) -> set[str]:
    return {theme for theme in parents if found & _line(theme, parents)}


def _with_ancestors(found: set[str], parents: Mapping[str, str | None]) -> frozenset[str]:
    return frozenset(above for theme in found for above in _line(theme, parents))


def _line(theme: str, parents: Mapping[str, str | None]) -> set[str]:
    """Return a theme and all that it is part of."""
    line: set[str] = set()
    at: str | None = theme
    while at is not None and at not in line:
        line.add(at)
        at = parents.get(at)
    return line
