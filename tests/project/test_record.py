"""One record is read as it stands among all."""

from pathlib import Path

from tests.project.story import import_frames

from themeloom.domain import frames
from themeloom.project.project import Project


def test_a_single_record_is_the_row_among_all(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.loom") as project:
        for version in (1, 2):
            with project.begin_import("file.csv") as stage:
                source_id = stage.add_source({"file": "file.csv", "kind": "ticket"})
                records, excerpts = import_frames(source_id, [("r1", version), ("r2", 1)])
                stage.add_records(records)
                stage.add_excerpts(excerpts)
                stage.commit()
        for row in project.records().iter_slices(1):
            assert project.record(row["record_id"][0]).equals(row)
        assert "Export 2 of r1" in project.record("r1")["text"][0]


def test_a_record_that_is_not_there_gives_no_row(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.loom") as project:
        found = project.record("nobody")
    assert found.is_empty()
    assert found.columns == list(frames.RECORDS)
