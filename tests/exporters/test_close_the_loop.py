"""Whom to tell that it is done: people once, with account, owner and tickets; raw only."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.insights.story import frame, story
from tests.services.fernwick import copy_fernwick

from themeloom.domain.errors import ExportError
from themeloom.domain.frames import INSIGHT_FIELDS
from themeloom.domain.insights import Field, PmStatus
from themeloom.exporters.close_the_loop import loop_table
from themeloom.insights.model import BookData
from themeloom.project.project import Project
from themeloom.services.exporting import ExportOptions, export

JIRA = json.dumps(
    [{"tool": "jira", "key": "FW-7", "url": "https://fw.example.com/FW-7", "status": "Closed"}]
)


def data_with(**fields: dict[Field, str]) -> BookData:
    rows = [
        {"theme_id": theme_id.replace("_", "-"), "field": field, "value": value}
        for theme_id, values in fields.items()
        for field, value in values.items()
    ]
    return replace(story(raw=True, few=True), masker=None, fields=frame(rows, INSIGHT_FIELDS))


def speaking(data: BookData, theme_id: str) -> pl.DataFrame:
    said = data.excerpts.join(
        data.assignments.filter(pl.col("theme_id") == theme_id), on="excerpt_id", how="semi"
    )
    return data.records.join(said, on="record_id", how="semi")


def test_every_voice_of_a_resolved_insight_once() -> None:
    data = data_with(T_001={Field.STATUS: PmStatus.DONE, Field.DECISION: "Shipped in 9.4"})
    found = loop_table(data)
    assert set(found["insight_id"]) == {"IN-001"}
    assert set(found["decision"]) == {"Shipped in 9.4"}
    people = found["person"].drop_nulls()
    assert people.n_unique() == len(people)
    spoken = speaking(data, "T-001")
    assert set(people) == set(spoken["person_key"].drop_nulls()) | (
        set(people)
        & set(
            data.records.filter(pl.col("duplicate_of").is_in(spoken["record_id"].implode()))[
                "person_key"
            ].drop_nulls()
        )
    )
    assert found["records"].sum() >= spoken.height
    known = spoken.filter(pl.col("person_key").is_not_null()).row(0, named=True)
    row = found.row(by_predicate=pl.col("person") == known["person_key"], named=True)
    assert known["external_id"] in row["ticket_ids"].split("; ")
    assert row["email"] == known["email"]
    assert known["account"] is None or known["account"] in row["account"].split("; ")
    assert row["first_said"] <= known["date"].date() <= row["last_said"]


def test_the_account_owner_comes_from_the_accounts_sheet() -> None:
    data = data_with(T_001={Field.STATUS: PmStatus.DONE})
    owners = dict(data.accounts.select("account", "owner").iter_rows())
    found = loop_table(data).filter(pl.col("account").is_in(list(owners)))
    assert found.height > 10
    for account, owner in found.select("account", "account_owner").iter_rows():
        assert owner == owners[account]


def test_links_of_tickets_and_owners_named_in_the_records() -> None:
    data = data_with(T_001={Field.STATUS: PmStatus.DONE})
    first = speaking(data, "T-001")["record_id"][0]
    own = {"Ticket URL": "https://help.example.com/1", "CSM": "Joy", "Site link": "javascript:x"}
    told = pl.when(pl.col("record_id") == first)
    records = data.records.with_columns(
        told.then(pl.lit(json.dumps(own))).otherwise("fields_json").alias("fields_json"),
        told.then(pl.lit("Nobody & Sons")).otherwise("account").alias("account"),
    )
    found = loop_table(replace(data, records=records))
    (row,) = found.filter(pl.col("ticket_links").is_not_null()).iter_rows(named=True)
    assert row["ticket_links"] == "https://help.example.com/1"
    assert "Joy" in row["account_owner"]
    assert "javascript" not in str(found.rows())


def test_unknown_people_are_put_together_by_account() -> None:
    data = data_with(T_001={Field.STATUS: PmStatus.DONE})
    nobody = data.records.with_columns(
        person_key=pl.lit(None, pl.String),
        email=pl.lit(None, pl.String),
        account=pl.when(pl.col("kind") == "ticket").then(pl.lit("Acme  Ltd")),
    )
    found = loop_table(replace(data, records=nobody))
    spoken = speaking(replace(data, records=nobody), "T-001")
    tickets = spoken.filter(pl.col("kind") == "ticket").height
    together = found.filter(pl.col("account").is_not_null())
    assert together["records"].to_list() == [tickets]
    assert found.height == 1 + spoken.height - tickets


def test_done_in_a_linked_tool_is_resolved_and_declined_is_not() -> None:
    found = loop_table(
        data_with(T_001={Field.LINKS: JIRA}, T_002={Field.STATUS: PmStatus.DECLINED})
    )
    assert set(found["insight_id"]) == {"IN-001"}
    assert set(found["links"]) == {"FW-7 https://fw.example.com/FW-7 Closed"}


def test_what_competitors_customers_said_is_left_out() -> None:
    data = data_with(T_001={Field.STATUS: PmStatus.DONE})
    about = pl.when(pl.col("source_id") == "tickets").then(pl.lit("competitor"))
    sources = data.sources.with_columns(about=about.otherwise(pl.lit("us")))
    basis = data.basis
    found = loop_table(
        replace(data, sources=sources, basis=replace(basis, sources=sources) if basis else None)
    )
    assert found.height > 0
    tickets = set(data.records.filter(pl.col("source_id") == "tickets")["external_id"])
    told = {one for ids in found["ticket_ids"] for one in ids.split("; ")}
    assert not told & tickets


def test_written_raw_and_never_masked(tmp_path: Path) -> None:
    target = tmp_path / "loop.csv"
    with Project.open(copy_fernwick(tmp_path / "fernwick.loom")) as project:
        with pytest.raises(ExportError, match="No insight is resolved yet"):
            export(project, "close-the-loop", target, ExportOptions(raw=True))
        project.edit_insights({"T-001": {Field.STATUS: PmStatus.DONE}})
        with pytest.raises(ExportError, match=r"masked.*--raw"):
            export(project, "close-the-loop", target, ExportOptions())
        assert not target.exists()
        export(project, "close-the-loop", target, ExportOptions(raw=True))
    found = pl.read_csv(target)
    assert found.columns[:3] == ["insight_id", "insight", "decision"]
    assert found.height > 20
    assert isinstance(found["first_said"][0], str)
    assert date.fromisoformat(found["first_said"][0]).year == 2026
