"""The four charts of the dashboard, masked, computed from the newest view."""

from dataclasses import dataclass

import polars as pl

from themeloom.analytics.calendar import Every
from themeloom.analytics.charts import (
    Chart,
    score_by_theme,
    segment_names,
    shown,
    themes_by_segment,
    themes_by_source,
    themes_over_time,
)
from themeloom.analytics.numbers import theme_numbers
from themeloom.domain.themes import Level, Status
from themeloom.services.masking import masker
from themeloom.services.numbers import basis_of
from themeloom.services.session import Session
from themeloom.services.view import View

_ACCEPTED = (str(Status.ACTIVE), str(Status.LOCKED))


@dataclass(frozen=True, slots=True)
class DashboardOptions:
    """What a person can choose on the dashboard; None: found by itself."""

    every: Every | None = None
    segment: str | None = None
    accepted_only: bool = False


@dataclass(frozen=True)
class Dashboard:
    """The charts in their order, and the segments that there are to choose from."""

    charts: tuple[Chart, ...]
    segments: tuple[str, ...]
    segment: str | None


def dashboard(session: Session, options: DashboardOptions) -> Dashboard:
    """Return the charts. Titles and segment values are masked: charts are copied and passed on."""
    view, mask = session.view, masker(session).mask_series
    found = shown(
        theme_numbers(basis_of(session, every=options.every or "")),
        view.themes.with_columns(mask(view.themes["title"].fill_null(""))),
        _chosen(view, accepted_only=options.accepted_only),
    )
    segments = segment_names(found)
    segment = options.segment if options.segment in segments else next(iter(segments), None)
    return Dashboard(
        charts=(
            themes_over_time(found),
            score_by_theme(found),
            themes_by_segment(found, segment or "", mask),
            themes_by_source(found),
        ),
        segments=tuple(segments),
        segment=segment,
    )


def _chosen(view: View, *, accepted_only: bool) -> list[str]:
    themes = view.themes.filter(pl.col("level") == Level.THEME)
    if accepted_only:
        themes = themes.filter(pl.col("status").is_in(_ACCEPTED))
    else:
        themes = themes.filter(pl.col("status") != Status.DORMANT)
    return themes["theme_id"].to_list()
