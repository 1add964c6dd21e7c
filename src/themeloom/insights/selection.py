"""What is left of a project's insights for one reader: a PM, a product area, or a chosen few."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from themeloom.analytics.counts import ancestors
from themeloom.analytics.numbers import ThemeNumbers
from themeloom.base.folding import fold
from themeloom.domain.errors import ExportError
from themeloom.insights.model import BookData
from themeloom.insights.wording import joined


@dataclass(frozen=True)
class Selection:
    """Theme id → insight id of what is kept; ``whole`` where that is everything.

    ``family`` are those themes with what stands above and below them in the tree; ``partial`` is
    what stands above them and holds others, too.
    """

    ids: Mapping[str, str]
    whole: bool
    family: frozenset[str]
    partial: frozenset[str]

    @classmethod
    def of(
        cls, data: BookData, ids: Mapping[str, str], desks: Mapping[str, tuple[str, str]]
    ) -> "Selection":
        """Return what ``data.only`` and ``data.chosen`` ask for.

        Args:
            data: what is asked.
            ids: theme id → insight id of all.
            desks: theme id → product area and PM.

        Raises:
            ExportError: ``data.only`` is nobody that any insight goes to.
        """
        if not data.only and not data.chosen:
            return cls(ids, True, frozenset(), frozenset())
        kept = {
            theme_id: insight_id
            for theme_id, insight_id in ids.items()
            if not data.chosen or insight_id in data.chosen
        }
        if data.only:
            reader = fold(data.only)
            kept = {
                theme_id: insight_id
                for theme_id, insight_id in kept.items()
                if reader in map(fold, desks[theme_id])
            }
            if not kept and not data.chosen:
                raise _nobody(data, desks)
        tree = ancestors(data.themes)
        above = tree.filter(pl.col("theme_id").is_in(list(kept)))["ancestor_id"]
        below = tree.filter(pl.col("ancestor_id").is_in(list(kept)))["theme_id"]
        others = tree.filter(pl.col("theme_id").is_in([one for one in ids if one not in kept]))
        partial = frozenset(above) & frozenset(others["ancestor_id"])
        return cls(kept, False, frozenset(above) | frozenset(below), partial)

    def of_themes(self, themes: pl.DataFrame) -> pl.DataFrame:
        """Return THEMES of what is kept; a group that holds others too names what is kept of it."""
        if self.whole:
            return themes
        kept = themes.filter(pl.col("theme_id").is_in(list(self.family)))
        named = kept.filter(pl.col("theme_id").is_in(list(self.ids)))
        told = named.group_by("parent_id", maintain_order=True).agg(
            ("Themes: " + pl.col("title").str.join("; ") + ".").alias("kept")
        )
        listed = pl.col("theme_id").is_in(list(self.partial)) & pl.col(
            "definition"
        ).str.starts_with("Themes: ")
        return (
            kept.join(
                told, left_on="theme_id", right_on="parent_id", how="left", maintain_order="left"
            )
            .with_columns(pl.when(listed).then("kept").otherwise("definition").alias("definition"))
            .drop("kept")
        )

    def of_numbers(self, numbers: ThemeNumbers) -> ThemeNumbers:
        """Return the numbers of what is kept; totals and bases stay those of the project.

        A group that holds others too has none: its numbers would be about those as well.
        """
        if self.whole:
            return numbers
        own = pl.col("theme_id").is_in(list(self.family - self.partial))
        return replace(
            numbers,
            reach=numbers.reach.filter(own),
            kinds=numbers.kinds.filter(own),
            periods=numbers.periods.filter(own),
            trends=numbers.trends.filter(own),
            scores=numbers.scores.filter(own),
            segments=numbers.segments.filter(own),
        )

    def sizes(self, data: BookData, membership: pl.DataFrame) -> pl.DataFrame:
        """Return ``theme_id``, ``records``, ``excerpts`` of partial groups: of what is kept of them.

        Args:
            data: THEMES.
            membership: from ``speaking``.
        """
        above = ancestors(data.themes).filter(pl.col("ancestor_id").is_in(list(self.partial)))
        spoken = membership.filter(pl.col("theme_id").is_in(list(self.ids)))
        return (
            spoken.join(above, on="theme_id")
            .group_by(pl.col("ancestor_id").alias("theme_id"))
            .agg(
                pl.col("record").n_unique().alias("records"),
                pl.col("excerpt").n_unique().alias("excerpts"),
            )
        )

    def over(self, data: BookData) -> BookData:
        """Return ``data`` with the records that speak of what is kept, and their duplicates."""
        if self.whole:
            return data
        under = data.assignments.filter(pl.col("theme_id").is_in(list(self.family)))
        speaking = data.excerpts.join(under, on="excerpt_id", how="semi")["record_id"].unique()
        records = data.records.filter(
            pl.coalesce("duplicate_of", "record_id").is_in(speaking.implode())
        )
        excerpts = data.excerpts.join(records, on="record_id", how="semi", maintain_order="left")
        return replace(
            data,
            records=records,
            excerpts=excerpts,
            assignments=data.assignments.join(
                excerpts, on="excerpt_id", how="semi", maintain_order="left"
            ),
            unsorted=data.unsorted.join(
                excerpts, on="excerpt_id", how="semi", maintain_order="left"
            ),
        )


def _nobody(data: BookData, desks: Mapping[str, tuple[str, str]]) -> ExportError:
    """Return the error for a reader that no insight goes to, with those that there are."""
    areas = sorted({area for area, _ in desks.values() if area})
    pms = sorted({pm for _, pm in desks.values() if pm})
    listed = [
        f"PMs: {joined(pms)}." if pms else "",
        f"Product areas: {joined(areas)}." if areas else "",
    ]
    known = {
        fold(name or "") for row in data.roster.select("area", "pm").iter_rows() for name in row
    }
    if fold(data.only) in known:
        message = f"No insight goes to “{data.only}”."
    else:
        message = f"“{data.only}” is neither a PM nor a product area here."
    hint = " ".join(part for part in listed if part)
    return ExportError(message, hint=hint or "Import a roster of product areas and PMs first.")
