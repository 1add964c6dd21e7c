"""What a review suggests for an excerpt, and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from themeloom.services.likeness import NearTheme, Shared
from themeloom.services.view import View

#: Finds the themes nearest to an excerpt off the GUI thread and hands them over, best first.
FindNear = Callable[[int, Callable[[Sequence[NearTheme]], None]], None]
_MOST_OTHERS = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The theme that is suggested.

    Attributes:
        theme_id: the theme.
        title: its title.
        color: place of its group.
        fit: "strong", "good" or "weak", or None: not known.
        reason: why, as a sentence without a full stop; empty until it is known.
        shared: what of the excerpt's text speaks for it.
        others: id, title and fit of the next best.
        holds: whether the excerpt is in that theme now.
    """

    theme_id: str
    title: str
    color: int
    fit: str | None
    reason: str = ""
    shared: tuple[Shared, ...] = ()
    others: tuple[tuple[str, str, str], ...] = ()
    holds: bool = True


def suggest(
    view: View, row: dict[str, Any], near: Sequence[NearTheme] | None = None
) -> Suggestion | None:
    """Return what to suggest for a row of the view's excerpts; None where nothing is near.

    The theme that the excerpt has comes first: a person judges that. ``near`` adds the reason and
    the next best, when it is known.
    """
    titles = {
        theme_id: (title, color)
        for theme_id, title, color in view.themes.select("theme_id", "title", "color").iter_rows()
    }
    living = [one for one in near or () if one.theme_id in titles]
    theme_id = row["theme_id"] or (living[0].theme_id if living else row["nearest_theme_id"])
    if theme_id not in titles:
        return None
    title, color = titles[theme_id]
    own = next((one for one in living if one.theme_id == theme_id), None)
    others = [one for one in living if one.theme_id != theme_id][:_MOST_OTHERS]
    holds = row["theme_id"] == theme_id
    fit = row["fit"] if holds else None
    reason = own.reason if own else ""
    if not reason and near is not None:
        reason = "It shares no words with this theme’s other excerpts; read it with care"
    return Suggestion(
        theme_id,
        title,
        color,
        fit or (own.fit.lower() if own else None),
        reason,
        own.shared if own else (),
        tuple((one.theme_id, titles[one.theme_id][0], one.fit.lower()) for one in others),
        holds,
    )


def excerpt_row(view: View, excerpt: int) -> dict[str, Any] | None:
    """Return the row of an excerpt with what its record's locator needs, or None."""
    found = view.excerpts.filter(pl.col("excerpt") == excerpt)
    if not found.height:
        return None
    own = found.row(0, named=True)
    record = view.records.row(own["record"], named=True)
    more = {name: record[name] for name in ("external_id", "file", "author", "record_id")}
    return {**own, **more, "finer_place": own["place"], "place": record["place"]}
