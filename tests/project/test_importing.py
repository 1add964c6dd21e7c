"""Imports: what goes in comes out, in pieces that nobody sees before the end."""

import re
from datetime import datetime
from pathlib import Path

import apsw
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.project.story import Deed, import_frames, perform, snapshot

from themeloom.domain import frames
from themeloom.domain.changes import Deed as Done
from themeloom.domain.errors import ProjectError
from themeloom.project import schema
from themeloom.project.importing import ImportStage
from themeloom.project.project import Project


def add(stage: ImportStage, rows: list[tuple[str, int]]) -> tuple[int, int]:
    """Add a source with records of these ids and versions; return how many were written."""
    source_id = stage.add_source({"file": "story.csv", "kind": "ticket"})
    records, excerpts = import_frames(source_id, rows)
    return stage.add_records(records), stage.add_excerpts(excerpts)


def test_tables_hold_what_the_frames_name() -> None:
    memory = apsw.Connection(":memory:")
    memory.execute(schema.DDL)

    def columns(table: str) -> set[str]:
        return {str(row[1]) for row in memory.execute(f"PRAGMA table_info({table})")}

    computed = {"source_id", "record_id", "excerpt_id", "text"}  # from joins
    assert columns("records") - {"rid", "source"} == set(frames.RECORDS) - {"source_id"}
    assert columns("excerpts") - {"eid", "rid", "origin"} == set(frames.EXCERPTS) - computed
    assert columns("sources") - {"seq", "batch", "removed"} == set(frames.SOURCES)
    assert columns("skipped") - {"source", "position"} == set(frames.SKIPPED) - {"source_id"}
    assert columns("accounts") - {"batch", "position"} == set(frames.ACCOUNTS)
    assert columns("roster") - {"batch", "position"} == set(frames.ROSTER)
    memory.close()


def test_every_column_comes_back(project: Project) -> None:
    with project.begin_import("all columns") as stage:
        source_id = stage.add_source({"file": "a.csv", "kind": "nps", "report_json": "{}"})
        samples = {"Float64": 8.5, "Int64": 2, "Boolean": True}
        full: dict[str, object] = {
            name: samples.get(str(kind), f"“{name}” 'ü😀") for name, kind in frames.RECORDS.items()
        }
        full |= {
            "source_id": source_id,
            "date": datetime.fromisoformat("2026-02-28T23:59:59.999999"),
            "duplicate_of": "bare",
        }
        bare = {"record_id": "bare", "source_id": source_id, "text": "", "file": "“zz", "row": 3}
        records = pl.DataFrame([full, bare], schema=frames.RECORDS)
        stage.add_records(records)
        text = str(full["text"])
        excerpts = pl.DataFrame(
            [
                {
                    "excerpt_id": f"{full['record_id']}.0",
                    "record_id": full["record_id"],
                    "ordinal": 0,
                    "start": 0,
                    "end": len(text),
                    "text": text,
                    "speaker": "Mia",
                    "place": "00:01:02",
                    "context": "Subject",
                    "language": "de",
                    "left_out": "interviewer",
                }
            ],
            schema=frames.EXCERPTS,
        )
        stage.add_excerpts(excerpts)
        skipped = pl.DataFrame(
            [(source_id, "a.csv", None, 7, "no text"), (source_id, "a.csv", "S", 5, "no text")],
            schema=frames.SKIPPED,
            orient="row",
        )
        stage.add_skipped(skipped[:1])
        stage.add_skipped(skipped[1:])
        accounts = pl.DataFrame({"account": ["Zeta", "Alpha"], "revenue": [1.5, None]})
        stage.set_accounts(accounts)
        stage.set_roster(pl.DataFrame({"area": ["Export"], "pm": ["Ann"], "email": ["a@b.c"]}))
        assert stage.commit() == Done("import of all columns", content=True)
    assert_frame_equal(project.records(), records)
    assert_frame_equal(project.excerpts(), excerpts)
    assert_frame_equal(project.skipped(), skipped)
    assert_frame_equal(project.accounts(), frames.conform(accounts, frames.ACCOUNTS))
    assert project.roster()["covers"].to_list() == [None]
    assert project.sources().rows(named=True)[0] | {"path": "x"} == {
        **dict.fromkeys(frames.SOURCES),
        "source_id": "S-001",
        "file": "a.csv",
        "path": "x",
        "kind": "nps",
        "report_json": "{}",
    }
    only = project.records(["text", "source_id"])
    assert_frame_equal(only, records.select("text", "source_id"))
    with pytest.raises(ValueError, match="nonsense"):
        project.records(["nonsense"])


def test_empty_project_gives_empty_frames_of_the_right_schema(project: Project) -> None:
    for found, expected in (
        (project.sources(), frames.SOURCES),
        (project.records(), frames.RECORDS),
        (project.excerpts(), frames.EXCERPTS),
        (project.assignments(), frames.ASSIGNMENTS),
        (project.unsorted(), frames.UNSORTED),
        (project.themes(), frames.THEMES),
        (project.skipped(), frames.SKIPPED),
        (project.accounts(), frames.ACCOUNTS),
        (project.roster(), frames.ROSTER),
    ):
        assert_frame_equal(found, frames.empty(expected))
    assert project.runs() == []
    assert project.active_run() is None


def test_records_stand_in_the_order_of_source_file_row_and_id(project: Project) -> None:
    with project.begin_import("order") as stage:
        first = stage.add_source({"file": "folder"})
        second = stage.add_source({"file": "b.csv"})
        rows = [
            ("e", second, "b.csv", 2),
            ("d", first, "two.md", 1),
            ("c", first, "one.md", 9),
            ("b", first, "one.md", 1),
            ("a", first, "one.md", 1),
        ]
        columns = ["record_id", "source_id", "file", "row"]
        stage.add_records(pl.DataFrame(rows, schema=columns, orient="row"))
        stage.commit()
    assert project.records()["record_id"].to_list() == ["a", "b", "c", "d", "e"]


def test_nothing_is_seen_before_the_commit_and_after_a_discard(project: Project) -> None:
    perform(project, Deed("import", 1, 0, 5))
    before = snapshot(project)
    with project.begin_import("second") as stage:
        assert add(stage, [(f"{0:016x}", 7), ("new", 7)]) == (2, 4)
        assert snapshot(project) == before
        with pytest.raises(ProjectError, match="Another import"):
            project.begin_import("third")
    assert snapshot(project) == before
    with pytest.raises(ProjectError, match="has ended"):
        stage.commit()
    perform(project, Deed("import", 2, 3, 9))
    assert project.records().height == 12
    assert project.undo_name == "import of wave 2"
    project.undo()
    assert snapshot(project) == before


def test_an_unchanged_record_is_not_written_again(project: Project) -> None:
    with project.begin_import("first") as stage:
        assert add(stage, [("a", 1), ("b", 1)]) == (2, 4)
        stage.commit()
    with project.begin_import("again") as stage:
        assert add(stage, [("a", 1), ("b", 2)]) == (1, 2)
        stage.commit()
    assert project.records()["content_hash"].to_list() == ["a/1", "b/2"]
    assert project.records()["source_id"].to_list() == ["S-001", "S-002"]


_TALK = (
    "The scanner at the gate does not read my phone.",
    "Breakfast was cold, and nobody at the desk cared about it.",
    "Showers are clean.",
)


def bring(project: Project, *pieces: str) -> None:
    """Import record "a" with a text of these pieces."""
    text = " ".join(pieces)
    starts = [len(" ".join([*pieces[:at], ""])) for at in range(len(pieces))]
    with project.begin_import("a record") as stage:
        source_id = stage.add_source({"file": "story.csv", "kind": "ticket"})
        record = {"record_id": "a", "source_id": source_id, "text": text, "content_hash": text}
        stage.add_records(pl.DataFrame([record]))
        stage.add_excerpts(
            pl.DataFrame(
                [
                    (f"a.{at}", "a", at, start, start + len(piece), piece)
                    for at, (start, piece) in enumerate(zip(starts, pieces, strict=True))
                ],
                schema=["excerpt_id", "record_id", "ordinal", "start", "end", "text"],
                orient="row",
            )
        )
        stage.commit()


def known_as(project: Project) -> dict[str, str]:
    """Return the texts of the excerpts by their ids, in the order of the project."""
    return dict(project.excerpts().select("excerpt_id", "text").iter_rows())


def test_what_a_person_decided_stays_with_a_text_that_moves_in_its_record(project: Project) -> None:
    bring(project, *_TALK)
    perform(project, Deed("run", 1))
    project.assign(["a.1"], "T-1")
    project.choose_quotes("T-1", ["a.1"])
    project.unassign(["a.2"])
    bring(project, "Update: the manager called.", *_TALK)
    assert list(known_as(project).items()) == [
        ("a.3", "Update: the manager called."),
        *((f"a.{at}", piece) for at, piece in enumerate(_TALK)),
    ]
    assert project.assignments().filter("reviewed")["excerpt_id"].to_list() == ["a.1"]
    assert "a.2" in project.unsorted()["excerpt_id"].to_list()
    assert project.themes()["quotes"].to_list() == [["a.1"]]
    project.confirm(["a.0"])
    bring(project, *_TALK[::-1])
    assert list(known_as(project)) == ["a.2", "a.1", "a.0"]
    assert project.assignments().filter("reviewed")["excerpt_id"].to_list() == ["a.1", "a.0"]


def test_what_a_person_decided_stays_with_a_text_that_is_corrected(project: Project) -> None:
    bring(project, *_TALK)
    perform(project, Deed("run", 1))
    project.assign(["a.0", "a.1"], "T-1")
    corrected = _TALK[0].replace("does not read", "doesn't read")
    bring(project, "Update: the manager called.", corrected, _TALK[2], _TALK[1] + " Shame on you!")
    found = known_as(project)
    assert (found["a.0"], found["a.1"]) == (corrected, _TALK[1] + " Shame on you!")
    assert project.assignments()["excerpt_id"].to_list() == ["a.0", "a.2", "a.1"]
    assert project.assignments().filter("reviewed")["excerpt_id"].to_list() == ["a.0", "a.1"]
    project.undo()
    assert known_as(project) == {f"a.{at}": piece for at, piece in enumerate(_TALK)}
    assert project.assignments().filter("reviewed")["excerpt_id"].to_list() == ["a.0", "a.1"]


def test_a_text_that_is_another_one_begins_anew(project: Project) -> None:
    bring(project, *_TALK)
    perform(project, Deed("run", 1))
    project.assign(["a.0", "a.1"], "T-1")
    project.choose_quotes("T-1", ["a.1"])
    bring(project, _TALK[0], "All is well now, thank you.", _TALK[2])
    assert list(known_as(project)) == ["a.0", "a.3", "a.2"]
    assert project.assignments()["excerpt_id"].to_list() == ["a.0", "a.2"]
    bring(project, _TALK[0], _TALK[0], "All is well now, thank you.")
    assert list(known_as(project)) == ["a.0", "a.4", "a.3"]
    assert all(check.ok for check in project.check())


def test_the_last_of_the_same_id_wins_within_an_import(project: Project) -> None:
    with project.begin_import("first") as stage:
        add(stage, [("a", 1), ("b", 1)])
        stage.commit()
    with project.begin_import("two files") as stage:
        assert add(stage, [("a", 2), ("b", 2), ("c", 2)]) == (3, 6)
        assert add(stage, [("a", 3), ("b", 1), ("c", 2)]) == (1, 2)
        stage.commit()
    found = dict(project.records(["record_id", "content_hash"]).rows())
    assert found == {"a": "a/3", "b": "b/1", "c": "c/2"}
    assert project.excerpts().height == 6
    assert all(check.ok for check in project.check())
    project.undo()
    found = dict(project.records(["record_id", "content_hash"]).rows())
    assert found == {"a": "a/1", "b": "b/1"}


def test_a_list_of_accounts_replaces_the_older_one_until_undone(project: Project) -> None:
    perform(project, Deed("import", 1, 0, 1))
    perform(project, Deed("import", 2, 0, 1))
    assert project.accounts()["account"].to_list() == ["Account 2"]
    with project.begin_import("no accounts") as stage:
        stage.set_accounts(frames.empty(frames.ACCOUNTS))
        stage.commit()
    assert project.accounts()["account"].to_list() == ["Account 2"]
    project.undo()
    project.undo()
    assert project.accounts()["account"].to_list() == ["Account 1"]


def test_what_does_not_fit_together_is_refused(project: Project) -> None:
    with project.begin_import("wrong") as stage:
        source_id = stage.add_source({"file": "story.csv"})
        records, excerpts = import_frames(source_id, [("a", 1)])
        with pytest.raises(ValueError, match="no source"):
            stage.add_records(records.with_columns(source_id=pl.lit("S-999")))
        with pytest.raises(ValueError, match=re.escape("a.0 is of no record")):
            stage.add_excerpts(excerpts)
        stage.add_records(records)
        with pytest.raises(ValueError, match="ordinal"):
            stage.add_excerpts(excerpts.with_columns(excerpt_id=pl.lit("x")))


def test_leftovers_are_swept(project: Project, path: Path) -> None:
    perform(project, Deed("import", 1, 0, 400))
    perform(project, Deed("run", 2))
    perform(project, Deed("run", 3))
    for _ in range(3):
        project.undo()
    perform(project, Deed("import", 4, 1000, 1))  # ends the branch: all of it may go
    with project.begin_import("given up") as stage:
        add(stage, [("x", 1)])
    project.close()
    connection = apsw.Connection(str(path))
    counts = {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        for table in ("batches", "sources", "records", "excerpts", "runs", "themes", "assignments")
    }
    connection.close()
    assert counts == {
        "batches": (1,),
        "sources": (1,),
        "records": (1,),
        "excerpts": (2,),
        "runs": (0,),
        "themes": (0,),
        "assignments": (0,),
    }


def test_lists_of_one_import_add_up(project: Project) -> None:
    with project.begin_import("accounts") as stage:
        stage.add_source({"file": "eu.xlsx"})
        stage.set_accounts(pl.DataFrame({"account": ["Aal", "Bee"], "revenue": [1.0, 2.0]}))
        stage.set_accounts(pl.DataFrame({"account": ["bee ", "Cat"], "revenue": [3.0, 4.0]}))
        stage.set_accounts(frames.empty(frames.ACCOUNTS))
        areas = pl.DataFrame({"area": ["Export", "Export", "Login"], "pm": ["Ann", "Ann", "Bo"]})
        stage.set_roster(areas)
        stage.set_roster(pl.DataFrame({"area": ["Login"], "pm": ["Cy"]}))
        stage.commit()
    accounts = project.accounts().select("account", "revenue").rows()
    assert accounts == [("Aal", 1.0), ("bee ", 3.0), ("Cat", 4.0)]
    roster = project.roster().select("area", "pm").rows()
    assert roster == [("Export", "Ann"), ("Export", "Ann"), ("Login", "Cy")]
