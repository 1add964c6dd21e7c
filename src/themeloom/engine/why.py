"""The sentence that says why there are so many themes, in plain words."""

from typing import TYPE_CHECKING

from themeloom.domain.themes import Fineness

if TYPE_CHECKING:
    from themeloom.engine.classic import ClassicClusterer
    from themeloom.engine.clustering import GraphClusterer

_NEAR = 0.8  # of the number that was asked for


def why_so_many(
    new: int,
    clusterer: "GraphClusterer | ClassicClusterer | None",
    *,
    had_themes: bool,
    classic: bool,
    asked: int | None,
    smallest: int | None,
    fineness: Fineness,
) -> str:
    """Return the sentence.

    Args:
        new: number of new themes.
        clusterer: after its work; None: there was nothing for it to do.
        had_themes: whether there were themes before.
        classic: whether classic BERTopic found them.
        asked: number of themes that was asked for, if any.
        smallest: records of the smallest theme that was asked for, if any.
        fineness: fewer or more than the clearest division has.
    """
    if clusterer is None:
        return "No new themes: every text has one already, or cannot be read."
    if new == 0:
        found = "no new theme" if had_themes else "no theme"
        if smallest is not None:
            return f"There is {found}: none would have {smallest} records or more."
        return f"There is {found}: no problem is told often enough in like words."
    themes = f"{new} theme{'s' if new > 1 else ''}"
    if had_themes:
        return f"{themes} new: texts that fit none of the existing themes and are like each other."
    if classic:
        return f"{themes}, as classic BERTopic divides the texts; for comparison."
    if asked is not None:
        return f"{themes}: {_what_was_asked_for(new, asked, clusterer.least)}"
    if clusterer.one_thing_:
        return (
            f"{themes}: all texts say much the same, and parts of them would hardly differ. "
            "Split the theme where the difference matters to you."
        )
    counts = sorted({partition.count for partition in clusterer.tried_})
    if len(counts) < 2:
        return f"{themes}: so few different texts leave little choice."
    if fineness != Fineness.BALANCED:
        wish = "Fewer" if fineness == Fineness.FEWER else "More"
        return f"{themes}. {wish} were asked for than there are where they stand clearest apart."
    if smallest is not None:
        return (
            f"{themes}: the clearest division whose themes mostly have the {smallest} "
            "records that you asked for; smaller ones joined the theme nearest to them."
        )
    if new <= counts[0]:
        return (
            f"{themes}: the fewest that still say something of so many texts. Up to {counts[-1]} "
            "were tried; more do not stand more clearly apart."
        )
    return (
        f"{themes}: numbers from {counts[0]} to {counts[-1]} were tried, and at this one the themes "
        "stand most clearly apart. Of two that are about as clear, the smaller is taken."
    )


def _what_was_asked_for(found: int, asked: int, least: int) -> str:
    """Return why a search for ``asked`` themes found so many, or so few, as a clause."""
    if found >= _NEAR * asked:
        return f"a number near {asked} was asked for."
    return (
        f"{asked} were asked for, but a theme takes at least {least} records, and texts that are "
        "told in like words give no more."
    )
