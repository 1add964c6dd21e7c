"""``close-the-loop``: whom to tell that what they asked for is done: one row per insight and voice."""

import json
import re
from pathlib import Path
from typing import cast

import polars as pl

from themeloom.analytics.accounts import account_key
from themeloom.domain.errors import ExportError
from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.markup.plain import safe_url
from themeloom.exporters.safety.delimited import write_csv
from themeloom.exporters.safety.targets import write_whole
from themeloom.insights.book import draft
from themeloom.insights.model import BookData, Insight
from themeloom.insights.sending import resolved

_SEPARATOR = "; "

#: Custom fields, folded, that hold the address of a ticket, and who looks after a customer.
_LINK_FIELD = re.compile(r"(?i)\b(?:url|link|permalink)\b")
_OWNER_FIELD = re.compile(
    r"(?i)^(?:account owner|account manager|customer success manager|success manager|csm)$"
)


def loop_table(data: BookData) -> pl.DataFrame:
    """Return one row per resolved insight and person, accounts of unknown people after them.

    A person is known by their key (see RECORDS); records without one are put together by account,
    and those without an account stand alone. Records that repeat another one's text go along with
    it; those about competitors are left out.

    Returns:
        Columns ``insight_id, insight, decision, links, person, name, email, account,
        account_owner, records, ticket_ids, ticket_links, first_said, last_said``; lists within a
        cell are separated by "; ". Sorted by insight, account, person.
    """
    drafts = draft(data)
    done = {one.theme_id: one for one in drafts.insights if resolved(one)}
    spoken = drafts.membership.filter(pl.col("theme_id").is_in(list(done)))
    said = spoken.select("theme_id", "record_id").unique()
    original = pl.coalesce("duplicate_of", "record_id").alias("original")
    records = _told(data).with_columns(data.records.select(original))
    rows = said.join(records, left_on="record_id", right_on="original").with_columns(
        voice=pl.coalesce(
            pl.lit("p:") + pl.col("person_key"), pl.lit("a:") + pl.col("account_key"), "record_id"
        )
    )
    grouped = rows.group_by("theme_id", "voice").agg(
        pl.col("person_key").first().alias("person"),
        pl.col("author").drop_nulls().first().alias("name"),
        pl.col("email").drop_nulls().first(),
        _listed("account"),
        _listed("account_owner"),
        pl.col("record_id").n_unique().cast(pl.Int64).alias("records"),
        _listed("external_id").alias("ticket_ids"),
        _listed("link").alias("ticket_links"),
        pl.col("date").min().dt.date().alias("first_said"),
        pl.col("date").max().dt.date().alias("last_said"),
    )
    about = pl.DataFrame(
        [_about(one) for one in done.values()],
        schema=dict.fromkeys(["theme_id", "insight_id", "insight", "decision", "links"], pl.String),
        orient="row",
    )
    return (
        grouped.join(about, on="theme_id")
        .with_columns(known=pl.col("person").is_null())
        .sort("insight_id", "known", "account", "person", "voice", nulls_last=True)
        .select(
            "insight_id",
            "insight",
            "decision",
            "links",
            "person",
            "name",
            "email",
            "account",
            "account_owner",
            "records",
            "ticket_ids",
            "ticket_links",
            "first_said",
            "last_said",
        )
    )


def _told(data: BookData) -> pl.DataFrame:
    """Return what is told of each record, row for row of ``data.records``."""
    owners = dict(zip(account_key(data.accounts["account"]), data.accounts["owner"], strict=True))
    keys = account_key(data.records["account"])
    links: list[str | None] = []
    looked_after: list[str | None] = []
    for fields, segments, key in zip(
        data.records["fields_json"], data.records["segments_json"], keys, strict=True
    ):
        known = {**_object(segments), **_object(fields)}
        found = [_url(value) for name, value in known.items() if _LINK_FIELD.search(name)]
        links.append(next((one for one in found if one), None))
        own = [str(value) for name, value in known.items() if _OWNER_FIELD.match(name) and value]
        looked_after.append((owners.get(key) if key else None) or next(iter(own), None))
    return data.records.select(
        pl.col("record_id").alias("said_in"),
        "person_key",
        "author",
        "email",
        "account",
        keys.alias("account_key"),
        "external_id",
        "date",
        pl.Series("link", links, pl.String),
        pl.Series("account_owner", looked_after, pl.String),
    )


def _about(one: Insight) -> tuple[str, str, str, str, str]:
    links = _SEPARATOR.join(
        " ".join(part for part in (link.key, safe_url(link.url), link.status) if part)
        for link in one.links
    )
    return one.theme_id, one.id, one.title, one.decision, links


def _listed(column: str) -> pl.Expr:
    joined = pl.col(column).drop_nulls().unique().sort().str.join(_SEPARATOR)
    return pl.when(joined == "").then(None).otherwise(joined).alias(column)


def _url(value: object) -> str:
    return safe_url(value.strip()) if isinstance(value, str) else ""


def _object(text: str | None) -> dict[str, object]:
    value: object = json.loads(text) if text else {}
    return cast(dict[str, object], value) if isinstance(value, dict) else {}


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    if data.masker is not None:
        raise ExportError(
            "A close-the-loop list is about people, and personal data is masked.",
            hint="Export with raw data (--raw), if these people may be written to.",
        )
    progress("Writing whom to tell", 0, 1)
    table = loop_table(data)
    if table.is_empty():
        raise ExportError(
            "No insight is resolved yet, so there is nobody to tell.",
            hint="Set an insight's status to done, or read the export of the tool where it was done.",
        )
    write_whole(target, lambda file: write_csv(table, file))
    progress("Writing whom to tell", 1, 1)
    return {}


EXPORTER = Exporter(
    name="close-the-loop",
    suffix=".csv",
    describes="whom to tell that it is done: people and accounts of resolved insights (raw only)",
    write=_write,
    raw_only=True,
)
