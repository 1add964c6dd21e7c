"""The people who raised a theme, as analytics tools know them."""

import json
from dataclasses import dataclass
from typing import cast

import polars as pl

from themeloom.analytics.counts import about_competitors, members
from themeloom.base.figures import counted
from themeloom.domain.errors import ExportError
from themeloom.exporters.handoff.choices import choices_of
from themeloom.exporters.handoff.table import runs
from themeloom.insights.model import BookData, Insight


@dataclass(frozen=True, slots=True)
class Cohort:
    """The ids of the people behind one insight, sorted, and how many records tell none."""

    ids: tuple[str, ...]
    records: int
    known: int  # of ``records``: with an id that the tool can take

    @property
    def told(self) -> str:
        """How complete it is, in words."""
        people = counted(len(self.ids), "person", "people")
        return f"{people}, known for {self.known:,} of {counted(self.records, 'record', 'records')}"


def cohorts(data: BookData, tool: str) -> dict[str, Cohort]:
    """Return theme id → cohort, for themes with at least one id.

    An id is the person's e-mail address, else their key where it has no blanks (a name is none);
    or the field whose header was chosen as ``id``. Records about
    competitors take no part. An id that a spreadsheet program would run as a formula is left out.

    Raises:
        ExportError: personal data is masked: a cohort of tokens would be empty; or nobody is known.
    """
    if data.masker is not None:
        raise ExportError(
            "A cohort is a list of people, and personal data is masked.",
            hint="Export with raw data (--raw), if these people's ids may be passed on.",
        )
    chosen = choices_of(data.choices, tool).get("id", "")
    records = data.records.filter(~about_competitors(data.sources))
    ids = records.select(
        "record_id",
        pl.Series("id", _field(records, chosen), pl.String)
        if chosen
        else pl.coalesce("email", "person_key").alias("id"),
    ).with_columns(pl.col("id").str.strip_chars().map_elements(_usable, return_dtype=pl.String))
    said = members(data.assignments, data.excerpts, records, data.themes)
    spoken = said.select("theme_id", "record_id").unique().join(ids, on="record_id")
    groups = spoken.group_by("theme_id").agg(
        pl.col("id").drop_nulls().unique().sort().alias("ids"),
        pl.len().alias("records"),
        pl.col("id").is_not_null().sum().alias("known"),
    )
    cohorts = {
        theme_id: Cohort(tuple(found), records, known)
        for theme_id, found, records, known in groups.iter_rows()
        if found
    }
    if groups.height and not cohorts:
        raise ExportError(
            "No record tells who it is from, so there is nobody to list.",
            hint="Bring in a column with e-mail addresses or ids of people, or name the one that has them "
            '(--set "id=User id").',
        )
    return cohorts


def contents_of(found: dict[str, Cohort], insights: tuple[Insight, ...]) -> dict[str, str]:
    """Return insight id → what is compared with the last hand-off: the ids."""
    return {one.id: "\n".join(found[one.theme_id].ids) for one in insights if one.theme_id in found}


def _usable(value: str) -> str | None:
    blank = any(not c.isprintable() or c.isspace() for c in value)
    return None if not value or blank or runs(value) else value


def _field(records: pl.DataFrame, header: str) -> list[str | None]:
    found: list[str | None] = []
    for fields, segments in records.select("fields_json", "segments_json").iter_rows():
        value = _object(fields).get(header, _object(segments).get(header))
        found.append(None if value in (None, "") else str(value))
    return found


def _object(text: str | None) -> dict[str, object]:
    value: object = json.loads(text) if text else {}
    return cast(dict[str, object], value) if isinstance(value, dict) else {}
