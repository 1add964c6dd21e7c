"""Chart descriptions: what a chart shows, its base and its caution, with no idea of painting.

One module for each chart, all made of ``ThemeNumbers``: a chart says what sheets and insights say.
"""

from themeloom.analytics.charts.description import Chart, ChartKind, Column
from themeloom.analytics.charts.score import score_by_theme
from themeloom.analytics.charts.segments import segment_names, themes_by_segment
from themeloom.analytics.charts.shown import Shown, shown
from themeloom.analytics.charts.sources import themes_by_source
from themeloom.analytics.charts.time import themes_over_time

__all__ = [
    "Chart",
    "ChartKind",
    "Column",
    "Shown",
    "score_by_theme",
    "segment_names",
    "shown",
    "themes_by_segment",
    "themes_by_source",
    "themes_over_time",
]
