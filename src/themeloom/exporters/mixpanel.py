"""``mixpanel``: profiles of the people who raised a theme, one property per insight."""

from pathlib import Path

from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.handoff.cohorts import cohorts, contents_of
from themeloom.exporters.handoff.news import news
from themeloom.exporters.handoff.table import Table, write_tables
from themeloom.insights.model import BookData


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing cohorts", 0, 1)
    found = cohorts(data, EXPORTER.name)
    told = news(data, EXPORTER.name, lambda insights: contents_of(found, insights))
    themes = [
        (item.insight.id, set(found[item.insight.theme_id].ids))
        for item in (*told.new, *told.changed)
    ]
    people = sorted(set[str]().union(*(ids for _, ids in themes)))
    header = ["$distinct_id", *(f"Themeloom {insight_id}" for insight_id, _ in themes)]
    rows = [[one, *("true" if one in ids else "" for _, ids in themes)] for one in people]
    write_tables(target, {"": Table(header, rows)})
    progress("Writing cohorts", 1, 1)
    return told.written


EXPORTER = Exporter(
    name="mixpanel",
    suffix=".csv",
    describes="people behind each insight, as Mixpanel profiles (raw data only)",
    write=_write,
    hand_off=True,
    raw_only=True,
    choices=("id",),
)
