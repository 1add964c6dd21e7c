"""The main job on a project that has a past: what a person who cancels finds."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.services.planted import planted_project
from tests.services.taught import LOGIN, make_mixed_up

from themeloom.domain.encoders import WORDS, name_of
from themeloom.domain.errors import SynthesisError, ThemeloomError
from themeloom.domain.records import ImportOptions
from themeloom.jobs.messages import Progress
from themeloom.project.project import Project
from themeloom.services.main_job import synthesize


@pytest.mark.parametrize("rows", ["", "1,The exports stop halfway\n"], ids=["nothing", "a row"])
def test_a_cancel_takes_back_only_what_was_done_since(tmp_path: Path, rows: str) -> None:
    path = make_mixed_up(tmp_path / "p.loom")
    with Project.open(path) as project:
        project.rename_theme(LOGIN, "Signing in")
        before = project.state_hash()
    source = tmp_path / "more.csv"
    source.write_text(f"id,comment\n{rows}", encoding="utf-8")

    def cancel_the_search(step: Progress) -> None:
        if step.stage == "Understanding texts":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        synthesize(
            [source],
            tmp_path / "o.xlsx",
            import_options=ImportOptions(),
            project=path,
            on_progress=cancel_the_search,
        )
    with Project.open(path) as project:
        assert project.undo_name is not None
        assert "Signing in" in project.undo_name
        assert project.state_hash() == before


@pytest.mark.usefixtures("shared_processes")
def test_next_month_is_read_with_the_model_of_the_project(tmp_path: Path) -> None:
    path = tmp_path / "p.loom"
    planted_project(path).close()
    source = tmp_path / "more.csv"
    source.write_text("id,comment\n1,The exports stop halfway\n", encoding="utf-8")
    for model in ("none", None):
        synthesize(
            [source], tmp_path / "o.xlsx", import_options=ImportOptions(), project=path, model=model
        )
    with Project.open(path) as project:
        assert [run.parameters["encoder"] for run in project.runs()] == [WORDS, WORDS]


@pytest.mark.usefixtures("shared_processes")
def test_one_record_is_told_as_one(tmp_path: Path) -> None:
    text = "The exports stop halfway, and nobody tells us why that is"
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    for file, rows in (
        (one, f"1,a@b.example,{text}"),
        (two, f"2,a@b.example,{text}\n3,,Slow\n4,,Dear"),
    ):
        file.write_text(f"id,email,comment\n{rows}\n", encoding="utf-8")
    said: list[str] = []
    with pytest.raises(ThemeloomError, match="30"):  # too few to find themes in
        synthesize([one, two], tmp_path / "o.xlsx", import_options=ImportOptions(), say=said.append)
    assert said[0] == "one.csv: 1 other record"
    assert said[1] == "two.csv: 2 other records, 1 duplicate"


@pytest.mark.usefixtures("shared_processes")
def test_a_model_that_is_gone_is_named_by_its_folder(tmp_path: Path) -> None:
    path, folder = make_mixed_up(tmp_path / "p.loom"), tmp_path / "german"
    with Project.open(path) as project:
        run = project.active_run()
        assert run is not None
        again = replace(run, id="again", parameters={"encoder": name_of(folder)})
        with project.begin_run(again) as stage:
            stage.commit()
    source = tmp_path / "more.csv"
    source.write_text("id,comment\n1,The exports stop halfway\n", encoding="utf-8")
    with pytest.raises(SynthesisError) as caught:
        synthesize([source], tmp_path / "o.xlsx", import_options=ImportOptions(), project=path)
    assert caught.value.complaint.file == str(folder)


def test_neither_the_input_nor_the_project_becomes_the_workbook(tmp_path: Path) -> None:
    source, project = tmp_path / "in.xlsx", tmp_path / "new.loom"
    source.write_bytes(b"what the customer sent")
    for output in (source, project):
        with pytest.raises(ThemeloomError, match="would be lost"):
            synthesize([source], output, import_options=ImportOptions(), project=project)
    assert source.read_bytes() == b"what the customer sent"
    assert not project.exists()
