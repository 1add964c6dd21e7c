"""The table of all records: one row each, with the themes it carries."""

import json

import polars as pl

from themeloom.analytics.accounts import account_key
from themeloom.analytics.placing import placements
from themeloom.insights.files import about_competitors, source_files
from themeloom.insights.model import BookData
from themeloom.insights.privacy import Veil
from themeloom.insights.wording import kind_word

#: Columns that every table of records has, in order; segments follow ``ACCOUNT``.
RECORD_ID = "Record id"
DATE = "Date"
TEXT = "Text"
SCORE = "Score"
ROW = "Row"

_FIXED = (
    f"{RECORD_ID}|Kind|{DATE}|Primary theme|Group|{TEXT}|{SCORE}|Person|Account|Other themes|"
    f"Unsorted because|Duplicate of|About|Source|Sheet|{ROW}|Place|External id"
).split("|")

#: What tells a person's own column from one of the same name that every table has.
_OWN = "from the file"

#: More segments than a person compares; the fullest ones are shown.
_MOST_SEGMENTS = 12


def record_table(
    data: BookData, veil: Veil, texts: pl.Series, titles: dict[str, str]
) -> pl.DataFrame:
    """Return one row per record in words for people.

    Args:
        data: what to show.
        veil: masks persons, segments, ids and file names.
        texts: the records' texts, already masked, row for row.
        titles: theme id → title, already masked.

    Returns:
        ``Record id, Kind, Date, Primary theme, Group, Text, Score, Person, Account, <segments>,
        Other themes, Unsorted because, Duplicate of, Source, Sheet, Row, Place, External id``;
        ``About`` ("us" or "a competitor") before ``Source`` where there is anything about
        competitors: that is in no number.
        ``Date`` is a Datetime, ``Score`` a Float64, ``Row`` an Int64, all others are strings.
    """
    records = data.records
    placed = placements(records, data.excerpts, data.assignments, data.themes)
    carried = records.select("record_id").join(
        placed, on="record_id", how="left", maintain_order="left"
    )
    others = carried.select(
        pl.col("theme_ids")
        .list.slice(1)
        .list.eval(pl.element().replace(titles))
        .list.join("; ")
        .replace("", None)
        .alias("Other themes")
    ).to_series()
    return pl.DataFrame(
        [
            records["record_id"].alias(RECORD_ID),
            _words(records["kind"]).alias("Kind"),
            records["date"].alias(DATE),
            _titled(carried["primary_theme_id"], titles).alias("Primary theme"),
            _titled(carried["primary_group_id"], titles).alias("Group"),
            texts.alias(TEXT),
            records["score"].alias(SCORE),
            persons(records, veil).alias("Person"),
            veil.accounts(records["account"]).alias("Account"),
            *_segments(data, veil),
            others,
            _reasons(data, carried).alias("Unsorted because"),
            records["duplicate_of"].alias("Duplicate of"),
            *_about(data),
            source_files(data, veil).alias("Source"),
            veil.files(records["sheet"]).alias("Sheet"),
            records["row"].alias(ROW),
            records["place"].alias("Place"),
            veil.ids(records["external_id"], records["file"]).alias("External id"),
        ]
    )


def _about(data: BookData) -> list[pl.Series]:
    theirs = about_competitors(data)
    if not theirs.any():
        return []
    words = pl.when("theirs").then(pl.lit("a competitor")).otherwise(pl.lit("us"))
    return [theirs.to_frame("theirs").select(words.alias("About")).to_series()]


def persons(records: pl.DataFrame, veil: Veil) -> pl.Series:
    """Return who said it, masked unless raw data was asked for: name, else address, else key."""
    return veil.names(records.select(pl.coalesce("author", "email", "person_key")).to_series())


def _words(kinds: pl.Series) -> pl.Series:
    distinct = kinds.drop_nulls().unique()
    words = [kind_word(kind) for kind in distinct]
    return kinds.replace_strict(
        distinct, pl.Series(words, dtype=pl.String), default="Record", return_dtype=pl.String
    )


def _titled(ids: pl.Series, titles: dict[str, str]) -> pl.Series:
    keys, values = list(titles), list(titles.values())
    return ids.replace_strict(
        pl.Series(keys, dtype=pl.String),
        pl.Series(values, dtype=pl.String),
        default=None,
        return_dtype=pl.String,
    )


def _segments(data: BookData, veil: Veil) -> list[pl.Series]:
    """Return segments of the record, completed by those of its account."""
    own = _objects(data.records["segments_json"])
    of_account = dict(
        zip(
            account_key(data.accounts["account"]),
            _objects(data.accounts["segments_json"]),
            strict=True,
        )
    )
    keys = account_key(data.records["account"])
    filled: dict[str, dict[int, str]] = {}
    for row, (segments, key) in enumerate(zip(own, keys, strict=True)):
        for name, value in {**of_account.get(key, {}), **segments}.items():
            if value not in (None, ""):
                filled.setdefault(name, {})[row] = str(value)
    chosen = sorted(filled, key=lambda name: (-len(filled[name]), name))[:_MOST_SEGMENTS]
    headers = _free_headers(veil.strings(chosen))
    return [
        veil.texts(pl.Series(header, [filled[name].get(row) for row in range(len(own))], pl.String))
        for name, header in zip(chosen, headers, strict=True)
    ]


def _objects(column: pl.Series) -> list[dict[str, object]]:
    """Return JSON objects of a column; null and what is no object give an empty one."""
    seen: dict[str | None, dict[str, object]] = {None: {}}
    for text in column.unique():
        if text is not None:
            value: object = json.loads(text)
            seen[text] = value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType]
    return [seen[text] for text in column]


def _free_headers(names: list[str]) -> list[str]:
    """Return the names made different from all other headers, whatever their case.

    A person's own column that is called like one of ours says where it is from.
    """
    ours = {header.casefold() for header in _FIXED}
    taken = set(ours)
    headers: list[str] = []
    for name in names:
        if name.casefold() in ours:
            name = f"{name} ({_OWN})"
        header, n = name, 1
        while header.casefold() in taken:
            n += 1
            header = f"{name} ({n})"
        taken.add(header.casefold())
        headers.append(header)
    return headers


def _reasons(data: BookData, carried: pl.DataFrame) -> pl.Series:
    """Return why a record carries no theme: the reason that holds for most of its text."""
    reasons = (
        data.excerpts.select("excerpt_id", "record_id", "start", "end", "left_out")
        .join(data.unsorted.select("excerpt_id", "reason"), on="excerpt_id", how="left")
        .with_columns(pl.coalesce("reason", "left_out").alias("reason"))
        .filter(pl.col("reason").is_not_null())
        .group_by("record_id", "reason")
        .agg((pl.col("end") - pl.col("start")).sum().alias("characters"))
        .sort(["record_id", "characters", "reason"], descending=[False, True, False])
        .unique("record_id", keep="first", maintain_order=True)
    )
    original = pl.coalesce("duplicate_of", "record_id").alias("original")
    told = data.records.select("record_id", original, "non_answer").join(
        reasons, left_on="original", right_on="record_id", how="left", maintain_order="left"
    )
    return (
        told.with_columns(carried["primary_theme_id"])
        .select(
            pl.when(pl.col("primary_theme_id").is_null()).then(
                pl.when(pl.col("non_answer").fill_null(False))
                .then(pl.lit("non-answer"))
                .otherwise(pl.col("reason"))
            )
        )
        .to_series()
    )
