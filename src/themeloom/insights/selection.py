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

    ``family`` are those themes with what stands above and below them in the tree.
    """

    ids: Mapping[str, str]
    whole: bool
    family: frozenset[str]

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
            return cls(ids, True, frozenset())
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
        return cls(kept, False, frozenset(above) | frozenset(below))

    def of_themes(self, themes: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a frame with ``theme_id`` that are about what is kept."""
        if self.whole:
            return themes
        return themes.filter(pl.col("theme_id").is_in(list(self.family)))

    def of_numbers(self, numbers: ThemeNumbers) -> ThemeNumbers:
        """Return the numbers of what is kept; totals and bases stay those of the project."""
        if self.whole:
            return numbers
        return replace(
            numbers,
            reach=self.of_themes(numbers.reach),
            kinds=self.of_themes(numbers.kinds),
            periods=self.of_themes(numbers.periods),
            trends=self.of_themes(numbers.trends),
            scores=self.of_themes(numbers.scores),
            segments=self.of_themes(numbers.segments),
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
