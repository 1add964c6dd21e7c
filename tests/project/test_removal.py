"""Sources are removed and come back; what they had replaced is seen in between."""

import pytest
from tests.project.story import Deed, import_frames, perform, snapshot

from themeloom.domain.changes import Deed as Done
from themeloom.domain.errors import ProjectError
from themeloom.project.project import Project


def texts(project: Project) -> list[str]:
    return [text.split()[5] for text in project.records(["text"])["text"]]


def test_versions_behind_a_removed_source_are_seen_again(project: Project) -> None:
    """Record 1 comes with all three imports: "Export 1", "Export 2", "Export 3"."""
    for wave in (1, 2, 3):
        perform(project, Deed("import", wave, 1, 1))
    hashes: dict[tuple[str, ...], str] = {(): project.state_hash()}
    removed: list[str] = []
    for source, left in (("S-002", ["3"]), ("S-003", ["1"]), ("S-001", [])):
        deed = project.remove_sources([source])
        assert deed == Done("removal of story.csv", content=True)
        removed.append(source)
        hashes[tuple(removed)] = project.state_hash()
        assert texts(project) == left
        assert project.sources().height == 3 - len(removed)
        assert project.excerpts().height == 2 * len(left)
    assert project.accounts().is_empty()
    for _ in range(3):
        project.undo()
        removed.pop()
        assert project.state_hash() == hashes[tuple(removed)]
    assert texts(project) == ["3"]
    assert [check.name for check in project.check() if not check.ok] == []


def test_the_newest_removed_brings_back_the_one_before_it_only(project: Project) -> None:
    for wave in (1, 2, 3):
        perform(project, Deed("import", wave, 1, 1))
    project.remove_sources(["S-003"])
    assert texts(project) == ["2"]
    assert project.accounts()["account"].to_list() == ["Account 2"]
    project.undo()
    project.remove_sources(["S-001", "S-002"])
    assert project.undo_name == "removal of 2 sources"
    assert texts(project) == ["3"]


def test_a_removed_source_comes_again_with_its_curation(project: Project) -> None:
    perform(project, Deed("import", 1, 1, 2))
    perform(project, Deed("run", 2))
    ids = project.excerpts()["excerpt_id"].to_list()
    project.assign(ids[:2], "T-2")
    themes = project.themes()
    before = snapshot(project)["assignments"]
    project.remove_sources(["S-001"])
    assert project.assignments().is_empty()
    assert project.themes().equals(themes)
    with project.begin_import("again") as stage:
        source_id = stage.add_source({"file": "story.csv"})
        records, excerpts = import_frames(source_id, [(f"{n:016x}", 1) for n in (1, 2)])
        assert stage.add_records(records) == 2
        stage.add_excerpts(excerpts)
        stage.commit()
    assert snapshot(project)["assignments"] == before
    assert project.sources()["source_id"].to_list() == ["S-002"]
    assert project.records(["source_id"])["source_id"].to_list() == ["S-002"] * 2
    project.undo()
    project.undo()
    assert snapshot(project)["assignments"] == before
    assert [check.name for check in project.check() if not check.ok] == []


def test_what_cannot_be_removed(project: Project) -> None:
    perform(project, Deed("import", 1, 1, 2))
    with pytest.raises(ProjectError, match="no source S-009"):
        project.remove_sources(["S-001", "S-009"])
    with project.begin_import("second"), pytest.raises(ProjectError, match="being written"):
        project.remove_sources(["S-001"])
    project.remove_sources(["S-001"])
    with pytest.raises(ProjectError, match="no source S-001"):
        project.remove_sources(["S-001"])
    assert project.remove_sources([]) is None
