"""Re-cutting proposals: coarser or finer themes than the run chose, before anything is accepted.

The run leaves a strictly nested tree with labels (``cut_store``). A cut is a look-up in it: no engine
process, no vectors. What a person accepted, locked, reviewed or moved is not part of any cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import polars as pl

from themeloom.domain.themes import Level, Status
from themeloom.project.project import Project
from themeloom.services import cut_store
from themeloom.services.cut_store import StoredCuts
from themeloom.services.protection import Protected, Standing

_WHOLE = 65535.0


@dataclass(frozen=True, slots=True)
class ProposedTheme:
    """A theme as a cut would have it; counts and quotes without what is settled already."""

    key: str
    title: str
    definition: str
    key_phrases: tuple[str, ...]
    records: int
    excerpts: int
    quotes: tuple[str, ...]  # excerpt ids
    theme_id: str | None  # of the proposal that it is already


@dataclass(frozen=True, slots=True)
class CutPreview:
    """The themes of one cut, those with most records first, and what no cut touches."""

    level: int
    themes: tuple[ProposedTheme, ...]
    left: Protected


class Cuts:
    """The cuts of the proposals that a project shows now; a picture: load it anew after edits.

    Attributes:
        levels: numbers of themes that are offered, coarse to fine.
        chosen: the one that the project shows.
    """

    def __init__(self, stored: StoredCuts, standing: Standing, cut: dict[str, Any]) -> None:
        """Use ``load``."""
        self._stored, self._cut = stored, cut
        self.standing = standing
        self.levels: Sequence[int] = stored.levels
        self.chosen = int(cut["level"])
        self.of = str(cut["of"])
        self._nodes = stored.nodes.sort("node")
        self._parents: list[int] = self._nodes["parent"].to_list()
        self._dies: list[int] = self._nodes["dies"].to_list()
        open_ = _open_proposals(standing)
        self.current = {
            int(node): theme_id
            for node, theme_id in cast(dict[str, str], cut["themes"]).items()
            if theme_id in open_
        }
        free = _free(standing, open_)
        self._texts = (
            stored.texts.with_row_index("row")
            .join(free, on="excerpt_id", how="semi", maintain_order="left")
            .select("row", "excerpt_id", "record", "atom")
        )
        self._further = stored.further.join(
            self._resorted(), on="excerpt_id", how="semi", maintain_order="left"
        )
        self._taken = frozenset(
            title.casefold()
            for theme_id, title, kind in standing.themes.select(
                "theme_id", "title", "level"
            ).iter_rows()
            if kind != Level.GROUP and theme_id not in open_
        )
        self._quotable = frozenset(
            stored.nodes.select(pl.col("quotes").explode().drop_nulls().unique())
            .join(self._texts, left_on="quotes", right_on="excerpt_id", how="semi")
            .to_series()
        )

    @classmethod
    def load(cls, project: Project) -> "Cuts | None":
        """Return the cuts of the active run; None where it has none, or nothing is open any more.

        Then the slider is not offered, and a new search makes new ones.
        """
        run = project.active_run()
        cut = run.parameters.get("cuts") if run else None
        if not isinstance(cut, dict):
            return None
        known = cast(dict[str, Any], cut)
        stored = cut_store.load(project, str(known["of"]))
        if stored is None:
            return None
        cuts = cls(stored, Standing.of(project), known)
        return cuts if cuts.open else None

    @property
    def open(self) -> int:
        """The number of excerpts that a cut sorts anew."""
        return self._texts.height

    def preview(self, level: int) -> CutPreview:
        """Return the themes of a cut. Takes milliseconds.

        Raises:
            ValueError: a level that is not offered.
        """
        if level not in self._stored.levels:
            raise ValueError(f"there is no cut into {level} themes")
        placed = self.placed(level)
        counts = (
            pl.concat(
                [placed.select("node", "record"), self.further(placed, level)["node", "record"]]
            )
            .group_by("node")
            .agg(pl.len().alias("excerpts"), pl.col("record").n_unique().alias("records"))
        )
        rows = (
            counts.join(self._nodes, on="node")
            .sort(["records", "excerpts", "node"], descending=[True, True, False])
            .iter_rows(named=True)
        )
        themes = tuple(
            ProposedTheme(
                key=str(row["node"]),
                title=self._apart(row["title"]),
                definition=row["definition"],
                key_phrases=tuple(row["key_phrases"]),
                records=row["records"],
                excerpts=row["excerpts"],
                quotes=tuple(quote for quote in row["quotes"] if quote in self._quotable),
                theme_id=self.current.get(row["node"]),
            )
            for row in rows
        )
        return CutPreview(level, themes, self.standing.protected)

    def placed(self, level: int) -> pl.DataFrame:
        """Return the open excerpts with their ``node`` at a cut, and their ``row`` in the store."""
        return self._texts.with_columns(node=pl.lit(self._at(level)).gather(pl.col("atom")))

    def further(self, placed: pl.DataFrame, level: int) -> pl.DataFrame:
        """Return further themes at a cut: ``excerpt_id``, ``record``, ``node``, ``similarity``.

        Those whose theme has become that of the excerpt, or holds no open excerpt, are left out.

        Args:
            placed: the open excerpts at that cut.
            level: the cut.
        """
        return (
            self._further.select(
                "excerpt_id",
                "record",
                pl.lit(self._at(level)).gather(pl.col("atom")).alias("node"),
                pl.col(f"similarity {level}").cast(pl.Float64).truediv(_WHOLE).alias("similarity"),
            )
            .unique(["excerpt_id", "node"], keep="first", maintain_order=True)
            .join(placed, on=["excerpt_id", "node"], how="anti", maintain_order="left")
            .join(placed, on="node", how="semi", maintain_order="left")
        )

    def excerpts_of(self, level: int, key: str) -> list[str]:
        """Return the ids of the excerpts of a theme of a cut, those included that have others too."""
        placed = self.placed(level)
        both = pl.concat(
            [frame.select("node", "excerpt_id") for frame in (placed, self.further(placed, level))]
        )
        return both.filter(pl.col("node").cast(pl.String) == key)["excerpt_id"].to_list()

    def rest(self, placed: pl.DataFrame) -> pl.DataFrame:
        """Return the assignments (ASSIGNMENTS) that no cut changes.

        Args:
            placed: the open excerpts.
        """
        again = self._resorted()
        keys = ["excerpt_id", "theme_id"]
        rows = self.standing.assignments.join(again, on=keys, how="anti", maintain_order="left")
        # An open excerpt keeps further themes that are accepted.
        beside = ~pl.col("primary") & ~pl.col("theme_id").is_in(sorted(self.current.values()))
        mine = rows.join(placed, on="excerpt_id", how="semi", maintain_order="left").filter(beside)
        others = rows.join(placed, on="excerpt_id", how="anti", maintain_order="left")
        return pl.concat([others, mine])

    def _resorted(self) -> pl.DataFrame:
        """Return the further themes (``excerpt_id``, ``theme_id``) that a cut finds anew."""
        return (
            self.standing.assignments.filter(
                ~pl.col("primary"), pl.col("theme_id").is_in(sorted(self.current.values()))
            )
            .join(self.standing.settled, on="excerpt_id", how="anti", maintain_order="left")
            .select("excerpt_id", "theme_id")
        )

    def has_groups(self, level: int) -> bool:
        """Return whether a cut has groups: where each theme would be alone in its own there are none."""
        return self._stored.groups[level] < level

    def group_of(self, node: int, level: int) -> int:
        """Return the node that is the group of ``node`` when the cut has ``level`` themes."""
        return self._above(node, self._stored.groups[level])

    def title_of(self, node: int) -> str:
        """Return a node's title."""
        return str(self._nodes["title"][node])

    def parent_id_of(self, node: int) -> str | None:
        """Return the group of the project that a node belongs to, where groups are not cut."""
        return self._nodes["parent_id"][node]

    def similarity(self, level: int, rows: pl.Series) -> pl.Series:
        """Return how like its theme each text (row of the store) is, 0 to 1."""
        return self._stored.texts[f"similarity {level}"].gather(rows).cast(pl.Float64) / _WHOLE

    def nearest(self, level: int) -> pl.DataFrame:
        """Return, per excerpt without a theme, its two nearest nodes at a cut and the likeness.

        What the run placed and a person put out since is nearest to where it was.
        """
        at = self._at(level)
        placed = self._stored.texts.join(self._texts, on="excerpt_id", how="anti").select(
            "excerpt_id",
            pl.lit(at).gather(pl.col("atom")).alias("first"),
            pl.lit(None, pl.Int32).alias("second"),
            pl.col(f"similarity {level}").cast(pl.Float64).truediv(_WHOLE).alias("similarity"),
        )
        unsorted = self._stored.unsorted.with_columns(
            pl.col("nearest")
            .list.eval(pl.lit(at).gather(pl.element()))
            .list.unique(maintain_order=True)
        ).select(
            "excerpt_id",
            pl.col("nearest").list.get(0, null_on_oob=True).alias("first"),
            pl.col("nearest").list.get(1, null_on_oob=True).alias("second"),
            pl.col("similarity").cast(pl.Float64),
        )
        return pl.concat([unsorted, placed])

    def _apart(self, title: str) -> str:
        """Return a title that no settled theme has: what is left of a theme may be called alike."""
        return f"{title} and more" if title.casefold() in self._taken else title

    def _at(self, level: int) -> pl.Series:
        """Return the node at a cut for every node below it."""
        return pl.Series(
            [self._above(node, level) for node in range(len(self._parents))], dtype=pl.Int32
        )

    def _above(self, node: int, level: int) -> int:
        while self._dies[node] >= level and self._parents[node] >= 0:
            node = self._parents[node]
        return node


def _open_proposals(standing: Standing) -> frozenset[str]:
    """Return the themes that are proposed and that nobody worked on."""
    proposed = standing.themes.filter(pl.col("status") == Status.PROPOSED)["theme_id"]
    return frozenset(proposed) - standing.worked_on


def _free(standing: Standing, open_: frozenset[str]) -> pl.DataFrame:
    """Return the excerpts that a cut may sort anew (``excerpt_id``)."""
    return (
        standing.assignments.filter(pl.col("primary") & pl.col("theme_id").is_in(sorted(open_)))
        .join(standing.settled, on="excerpt_id", how="anti")
        .select("excerpt_id")
    )
