import dataclasses
from pathlib import Path

import pandas as pd
import polars as pl
from tests.exporters.payloads import FORMULAS, OTHERS
from tests.insights.story import story, tiny

from themeloom.exporters.coded_csv import coded_table
from themeloom.exporters.exporter import silent
from themeloom.exporters.registry import formats

THEMES = [
    {"theme_id": "G-01", "level": "group", "title": "=Group"},
    {"theme_id": "T-001", "parent_id": "G-01", "title": "=1+1"},
    {"theme_id": "T-002", "parent_id": None, "title": "Two"},
]


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_records_csv_as_the_design_has_it(tmp_path: Path) -> None:
    data = story()
    formats()["records-csv"].write(data, tmp_path / "r.csv", silent)
    table = read(tmp_path / "r.csv")
    assert (
        list(table.columns)
        == (
            "record_id external_id source_file source_row duplicate_of primary_theme_id theme_ids "
            "primary_group_id"
        ).split()
    )
    assert len(table) == data.records.height
    first = data.records.row(0, named=True)
    assert table.loc[0, "source_row"] == str(first["row"])
    assert table.loc[0, "external_id"] == first["external_id"]
    themes = table.set_index("record_id")["primary_theme_id"]
    copies = table[table["duplicate_of"] != ""]
    assert len(copies) == data.records["duplicate_of"].drop_nulls().len() > 5
    for record_id, original in zip(copies["record_id"], copies["duplicate_of"], strict=True):
        assert themes[record_id] == themes[original]
    assert sum(themes[record_id] != "" for record_id in copies["record_id"]) > 5
    assert not (tmp_path / "r.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_coded_csv_has_spans_of_the_unmasked_text(tmp_path: Path) -> None:
    data = story(raw=True)
    formats()["coded-csv"].write(data, tmp_path / "c.csv", silent)
    table = read(tmp_path / "c.csv")
    assert (
        list(table.columns)
        == (
            "record_id external_id source_file source_row excerpt_id start end text theme_id "
            "theme_title group_id group_title similarity method primary"
        ).split()
    )
    assert len(table) == data.excerpts.height
    whole = dict(data.records.select("record_id", "text").iter_rows())
    for row in table.to_dict("records"):
        expected = whole[row["record_id"]][int(row["start"]) : int(row["end"])]
        assert row["text"] in (expected, f"'{expected}")
    assert set(table["primary"]) == {"true", ""}
    copies = data.records.filter(pl.col("duplicate_of").is_not_null())["record_id"]
    assert (table[table["record_id"].isin(copies.to_list())]["theme_id"] != "").mean() > 0.7


def test_coded_csv_gives_copies_their_themes_when_an_update_renumbered_the_original() -> None:
    data = story()
    expected = coded_table(data)
    moved = pl.col("record_id").is_in(data.records["duplicate_of"].drop_nulls().implode())
    later = data.excerpts.with_columns(
        pl.when(moved).then(pl.col("ordinal") + 7).otherwise("ordinal")
    )
    later = later.with_columns(excerpt_id=pl.format("{}.{}", "record_id", "ordinal"))
    names = dict(zip(data.excerpts["excerpt_id"], later["excerpt_id"], strict=True))
    renumbered = dataclasses.replace(
        data,
        excerpts=later,
        assignments=data.assignments.with_columns(pl.col("excerpt_id").replace_strict(names)),
    )
    assert coded_table(renumbered).drop("excerpt_id").equals(expected.drop("excerpt_id"))


def test_coded_csv_names_every_theme_of_an_excerpt_and_masks(tmp_path: Path) -> None:
    data = tiny(
        [{"record_id": "a", "text": "Mail me: a@b.example"}, {"record_id": "b"}],
        {"a": ["T-002", "T-001"]},
        THEMES,
    )
    data = dataclasses.replace(data, masker=story().masker)
    formats()["coded-csv"].write(data, tmp_path / "c.csv", silent)
    rows = read(tmp_path / "c.csv")[
        ["excerpt_id", "text", "end", "theme_id", "theme_title", "group_title", "primary"]
    ]
    masked = "Mail me: [EMAIL_3f2a]"
    assert rows.to_numpy().tolist() == [
        ["a.0", masked, "20", "T-002", "Two", "", "true"],
        ["a.0", masked, "20", "T-001", "'=1+1", "'=Group", "false"],
        ["b.0", "Text.", "5", "", "", "", ""],
    ]


def test_no_text_is_taken_for_a_formula(tmp_path: Path) -> None:
    texts = [*FORMULAS, *OTHERS, "-12", "+3,5"]
    data = tiny([{"record_id": f"r{n}", "text": t} for n, t in enumerate(texts)], {}, [])
    formats()["coded-csv"].write(data, tmp_path / "c.csv", silent)
    found = read(tmp_path / "c.csv")["text"].to_list()
    for before, after in zip(texts, found, strict=True):
        if before in ("-12", "+3,5"):
            assert after == before
            continue
        assert not after.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")), before
        kept = "".join(c for c in before if c in "\t\n\r" or ord(c) > 31)
        assert after.replace("\r", "\n") in (
            kept.replace("\r", "\n"),
            "'" + kept.replace("\r", "\n"),
        )
