"""A recognised table to records, whole columns at a time."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

from themeloom.base.figures import counted
from themeloom.domain.frames import RECORDS, conform
from themeloom.importers.dates import parse_dates
from themeloom.importers.deduplication import folded
from themeloom.importers.headers import ROW
from themeloom.importers.names import fold
from themeloom.importers.roles import Recognised
from themeloom.importers.tables import Table

OLDER_VERSION = "an older version of the same id"

_BETWEEN_PARTS = "\n\n"


@dataclass(frozen=True, slots=True)
class Mapped:
    """Records of one table; ``read == records.height + skipped.height``.

    ``records`` conforms to RECORDS, ``skipped`` has ``row`` and ``reason``; ids count in ``stream``.
    """

    records: pl.DataFrame
    skipped: pl.DataFrame
    read: int
    warnings: tuple[str, ...]
    stream: str = ""


def map_table(table: Table, recognised: Recognised, *, own_stream: bool = False) -> Mapped:
    """Return the table's rows as records in the order of the file.

    A row without text, an internal note of a help desk and an older version of an id that comes
    again are skipped, each with its reason. Texts of several columns are joined by an empty line
    and told apart by ``parts_json``.

    Args:
        table: the rows.
        recognised: what its columns are for.
        own_stream: ids count within the sheet only (the sheets of a workbook number their rows
            each from 1).
    """
    columns = recognised.columns
    warnings = list(recognised.warnings)
    frame = table.frame.with_columns(_text(columns.text))
    dates = parse_dates(frame[columns.date], recognised.dates) if columns.date else None
    if dates is not None:
        frame = frame.with_columns(dates.values.alias("_date"))
        if dates.ambiguous and recognised.dates is None:
            warnings.append(
                f"{counted(dates.ambiguous, 'date', 'dates')} of “{columns.date}” could be day/month "
                f"or month/day and {'was' if dates.ambiguous == 1 else 'were'} read as {dates.order}."
            )
        if dates.unreadable:
            cells = counted(dates.unreadable, "cell", "cells")
            no_dates = "is no date" if dates.unreadable == 1 else "are no dates"
            warnings.append(f"{cells} of “{columns.date}” {no_dates}.")
    frame = frame.with_columns(_reason(frame, recognised).alias("_reason"))
    skipped = frame.filter(pl.col("_reason").is_not_null()).select(
        pl.col(ROW).alias("row"), pl.col("_reason").alias("reason")
    )
    kept = frame.filter(pl.col("_reason").is_null())
    if columns.id and kept[columns.id].str.contains(r"^\d(?:[.,]\d+)?E\+\d+$").any():
        warnings.append(
            f"Some ids of “{columns.id}” were shortened to the form 1.2E+15 before export; "
            "rows may have lost their own id."
        )
    stream = _stream(recognised, table.sheet if own_stream else None)
    records, odd_scores = _records(table, kept, recognised, stream)
    if odd_scores:
        warnings.append(
            f"{counted(odd_scores, 'cell', 'cells')} of “{columns.score}” "
            f"{'is' if odd_scores == 1 else 'are'} no score "
            f"{'from 0 to 10 ' if recognised.score_kind == 'nps' else ''}and "
            f"{'was' if odd_scores == 1 else 'were'} left out."
        )
    return Mapped(records, skipped, frame.height, tuple(warnings), stream)


def hash_of(*parts: str) -> str:
    """Return the 16 hexadecimal digits that stand for ``parts`` joined by a slash."""
    return blake2b("/".join(parts).encode(errors="surrogatepass"), digest_size=8).hexdigest()


def content_hashes(records: pl.DataFrame) -> pl.Series:
    """Return a hash for each record over everything that an update can change."""
    parts = (
        pl.concat_str(
            (
                pl.col(name).cast(pl.String).fill_null("\0")
                for name in (
                    *("kind", "date", "author", "email", "account", "score", "subject"),
                    *("text", "segments_json", "fields_json", "turns_json"),
                )
            ),
            separator="\x1f",
        )
        .alias("content_hash")
        .cast(pl.String)
    )
    return _hashed(records.select(parts)["content_hash"])


def _hashed(values: pl.Series) -> pl.Series:
    return pl.Series(
        values.name,
        [
            blake2b(value.encode(errors="surrogatepass"), digest_size=8).hexdigest()
            for value in values
        ],
        dtype=pl.String,
    )


def json_object(names: Sequence[str], values: Sequence[pl.Expr]) -> pl.Expr:
    """Return an expression for ``{"name": "value", …}`` of what is filled, or null for nothing."""
    if not names:
        return pl.lit(None, pl.String)
    members = [
        pl.when(value.is_not_null()).then(
            pl.concat_str(pl.lit(json.dumps(name, ensure_ascii=False) + ": "), _json_string(value))
        )
        for name, value in zip(names, values, strict=True)
    ]
    inside = pl.concat_str(members, separator=", ", ignore_nulls=True)
    return pl.when(inside.str.len_bytes() > 0).then(pl.concat_str(pl.lit("{"), inside, pl.lit("}")))


def _json_string(value: pl.Expr) -> pl.Expr:
    """Return the cell as a JSON string: polars' own encoder, freed of its one-member object."""
    encoded = pl.struct(value.alias("v")).struct.json_encode()
    return encoded.str.strip_prefix('{"v":').str.strip_suffix("}")


def _text(names: Sequence[str]) -> list[pl.Expr]:
    """``_text`` and ``_parts``: what was written, and where each question's answer lies in it."""
    texts = [pl.col(name).str.replace_all(r"\r\n?", "\n") for name in names]
    if len(texts) == 1:
        return [texts[0].alias("_text"), pl.lit(None, pl.String).alias("_parts")]
    at = pl.lit(0, pl.Int64)
    parts: list[pl.Expr] = []
    for name, text in zip(names, texts, strict=True):
        length = text.str.len_chars().cast(pl.Int64)
        parts.append(
            pl.when(text.is_not_null()).then(
                pl.concat_str(
                    pl.lit(f"[{json.dumps(name, ensure_ascii=False)}, "),
                    at.cast(pl.String),
                    pl.lit(", "),
                    (at + length).cast(pl.String),
                    pl.lit("]"),
                )
            )
        )
        at = at + (length + len(_BETWEEN_PARTS)).fill_null(0)
    joined = pl.concat_str(texts, separator=_BETWEEN_PARTS, ignore_nulls=True)
    inside = pl.concat_str(parts, separator=", ", ignore_nulls=True)
    return [
        pl.when(joined.str.len_bytes() > 0).then(joined).alias("_text"),
        pl.concat_str(pl.lit("["), inside, pl.lit("]")).alias("_parts"),
    ]


def _reason(frame: pl.DataFrame, recognised: Recognised) -> pl.Expr:
    """Why a row does not become a record; null where it does."""
    by_fold = {fold(name): name for name in reversed(frame.columns)}
    text = recognised.columns.text
    where = f"“{text[0]}”" if len(text) == 1 else f"its {len(text)} text columns"
    reason = pl.when(pl.col("_text").is_null()).then(pl.lit(f"no text in {where}"))
    for rule in recognised.profile.internal:
        if rule.column in by_fold:
            cell = pl.col(by_fold[rule.column]).str.to_lowercase().str.replace_all("[_-]+", " ")
            reason = reason.when(cell.is_in(list(rule.values))).then(pl.lit(rule.reason))
    identity = recognised.columns.id
    if identity is None or frame[identity].drop_nulls().is_unique().all():
        return reason.otherwise(None)
    # The last change wins; among equals, and without such a column, the last row.
    order = (
        parse_dates(frame[recognised.updated], recognised.dates).values
        if recognised.updated
        else pl.Series([None] * frame.height, dtype=pl.Datetime("us"))
    )
    usable = frame.select((reason.otherwise(None).is_null()).alias("u"))["u"]
    last = (
        pl.DataFrame(
            {
                "id": frame[identity],
                "order": order,
                "at": pl.Series(range(frame.height), dtype=pl.Int64),
                "usable": usable,
            }
        )
        .filter(pl.col("usable") & pl.col("id").is_not_null())
        .sort("order", "at", nulls_last=False)
        .group_by("id")
        .last()["at"]
    )
    newest = pl.Series(range(frame.height), dtype=pl.Int64).is_in(last.implode())
    older = pl.lit(newest).not_() & pl.col(identity).is_not_null()
    return reason.when(older).then(pl.lit(OLDER_VERSION)).otherwise(None)


def _records(
    table: Table, kept: pl.DataFrame, recognised: Recognised, stream: str
) -> tuple[pl.DataFrame, int]:
    columns = recognised.columns

    def cell(name: str | None) -> pl.Expr:
        return pl.col(name) if name else pl.lit(None, pl.String)

    score, odd = _scores(kept, recognised)
    email = cell(columns.email).str.extract(r"([^\s<>\"',;]+@[^\s<>\"',;]+)")
    person = pl.coalesce(
        email.str.to_lowercase(),
        cell(columns.author).str.to_lowercase().str.replace_all(r"\s+", " "),
    )
    fields = [name for name in columns.fields if kept[name].null_count() < kept.height]
    records = kept.select(
        pl.lit(str(recognised.kind)).alias("kind"),
        cell(columns.id).alias("external_id"),
        (pl.col("_date") if columns.date else pl.lit(None, pl.Datetime("us"))).alias("date"),
        person.alias("person_key"),
        cell(columns.author).alias("author"),
        email.alias("email"),
        cell(columns.account).alias("account"),
        score.alias("score"),
        pl.when(score.is_not_null()).then(pl.lit(recognised.score_kind)).alias("score_kind"),
        cell(columns.subject).alias("subject"),
        pl.col("_text").alias("text"),
        pl.lit(table.sheet, pl.String).alias("sheet"),
        pl.col(ROW).alias("row"),
        pl.concat_str(pl.lit("row "), pl.col(ROW).cast(pl.String)).alias("place"),
        json_object(columns.segments, [pl.col(name) for name in columns.segments]).alias(
            "segments_json"
        ),
        json_object(fields, [pl.col(name) for name in fields]).alias("fields_json"),
        pl.col("_parts").alias("parts_json"),
    )
    records = conform(records, RECORDS)
    return (
        records.with_columns(
            record_ids(records, stream).alias("record_id"),
            content_hashes(records).alias("content_hash"),
        ),
        odd,
    )


def _scores(kept: pl.DataFrame, recognised: Recognised) -> tuple[pl.Series, int]:
    name = recognised.columns.score
    if name is None:
        return pl.Series([None] * kept.height, dtype=pl.Float64), 0
    number = (
        kept[name]
        .str.extract(r"^\s*([-+]?\d+(?:[.,]\d+)?)")
        .str.replace(",", ".", literal=True)
        .cast(pl.Float64, strict=False)
    )
    if recognised.score_kind == "nps":
        frame = pl.DataFrame({"n": number})
        number = frame.select(pl.when(pl.col("n").is_between(0, 10)).then(pl.col("n")))["n"]
    return number, int((number.is_null() & kept[name].is_not_null()).sum())


def _stream(recognised: Recognised, sheet: str | None) -> str:
    """Name what the file is an export of, so that next month's export of it updates."""
    stream = f"{recognised.kind}/{recognised.profile.name}"
    if recognised.profile.name == "generic":
        columns = (recognised.columns.id or "", *recognised.columns.text)
        stream = f"{stream}/{'+'.join(fold(name) for name in columns)}"
    return f"{stream}/{fold(sheet)}" if sheet else stream


def record_ids(records: pl.DataFrame, stream: str) -> pl.Series:
    """Return the stable id of each record.

    It comes from ``stream`` and the external id; without one, from the folded text, date, person
    and how many times the same came before in the file.
    """
    named = pl.col("external_id").is_not_null()
    content = pl.concat_str(
        folded(pl.col("text")),
        pl.col("date").cast(pl.String).fill_null(""),
        pl.col("person_key").fill_null(""),
        separator="\x1f",
    )
    unnamed = (
        records.with_row_index("at")
        .filter(~named)
        .select("at", content.alias("content"))
        .with_columns(pl.int_range(pl.len()).over("content").cast(pl.String).alias("repeat"))
        .select("at", pl.concat_str("content", "repeat", separator="\x1f").alias("content"))
    )
    keys = (
        records.with_row_index("at")
        .select("at", "external_id")
        .join(unnamed, on="at", how="left", maintain_order="left")
        .select(
            pl.when(named)
            .then(pl.concat_str(pl.lit(f"{stream}/"), pl.col("external_id")))
            .otherwise(pl.concat_str(pl.lit(f"{stream}//"), pl.col("content")))
            .alias("record_id")
        )
    )
    return _hashed(keys["record_id"])
