"""Whatever is done, undone, redone and closed in between: the project shows what the model says."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.project.story import Deed, Story, perform, snapshot

from themeloom.domain.changes import Deed as Done
from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Status
from themeloom.project.project import Project


class Curation(RuleBasedStateMachine):
    """Random deeds on a real project file."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "p.loom"
        self.project = Project.create(self.path)
        self.story = Story()
        self.number = 0

    def teardown(self) -> None:
        assert all(check.ok for check in self.project.check())
        self.project.close()
        assert [found.name for found in self.path.parent.iterdir() if found.is_file()] == ["p.loom"]
        self.folder.cleanup()

    @rule(first=st.integers(0, 12), count=st.integers(1, 8))
    def bring_in(self, first: int, count: int) -> None:
        self.do("import", first, count)

    @rule()
    def find_themes(self) -> None:
        self.do("run")

    @precondition(lambda self: self.themes)
    @rule(kind=st.sampled_from(["rename", "status"]), pick=st.integers(0, 99))
    def edit(self, kind: str, pick: int) -> None:
        self.do(kind, theme=self.themes[pick % len(self.themes)])

    @precondition(lambda self: self.themes)
    @rule(pick=st.integers(0, 99), first=st.integers(0, 10), count=st.integers(1, 5))
    def assign(self, pick: int, first: int, count: int) -> None:
        self.do("assign", first, count, self.themes[pick % len(self.themes)])

    @precondition(lambda self: self.themes)
    @rule(pick=st.integers(0, 99), into=st.integers(0, 99), merge=st.booleans())
    def lose(self, pick: int, into: int, merge: bool) -> None:
        theme, target = (self.themes[place % len(self.themes)] for place in (pick, into))
        if merge:
            self.do("merge", theme=theme, into=target)
        else:
            self.do("delete", theme=theme)

    @rule(first=st.integers(0, 10), count=st.integers(1, 5))
    def set_aside(self, first: int, count: int) -> None:
        self.do("unassign", first, count)

    @rule()
    def undo(self) -> None:
        before = self.story
        self.story = before.after("undo")
        assert (self.project.undo() is None) == (self.story.done == before.done)

    @rule()
    def redo(self) -> None:
        before = self.story
        self.story = before.after("redo")
        assert (self.project.redo() is None) == (self.story.done == before.done)

    @rule()
    def restart(self) -> None:
        self.project.close()
        self.project = Project.open(self.path)

    @invariant()
    def shows_what_was_done(self) -> None:
        assert snapshot(self.project) == self.story.snapshot()

    @property
    def themes(self) -> list[str]:
        return [theme for theme, _, _ in self.story.snapshot()["themes"]]

    def do(
        self, kind: str, first: int = 0, count: int = 0, theme: str = "", into: str = ""
    ) -> None:
        self.number += 1
        deed = Deed(kind, self.number, first, count, theme, into)
        perform(self.project, deed)
        self.story = self.story.after(kind, deed)


class TestCuration(Curation.TestCase):
    settings = settings(
        max_examples=6,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@pytest.mark.faults_long
class TestLongCuration(Curation.TestCase):
    settings = settings(
        max_examples=250,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def test_deeds_are_named_and_the_branch_ends_with_a_new_one(project: Project) -> None:
    perform(project, Deed("import", 1, 0, 3))
    perform(project, Deed("run", 2))
    project.rename_theme("T-2", "  Export to PDF fails ")
    project.set_theme_status(["T-2"], Status.LOCKED)
    project.assign([f"{0:016x}.1"], "T-2")
    names = [deed and deed.name for deed in (project.undo() for _ in range(6))]
    assert names == [
        "move of 1 excerpt to Export to PDF fails",
        "lock of “Export to PDF fails”",
        "rename of “Theme 2” to “Export to PDF fails”",
        "search for themes",
        "import of wave 1",
        None,
    ]
    assert project.undo_name is None
    assert project.redo_name == "import of wave 1"
    project.redo()
    perform(project, Deed("import", 3, 50, 1))
    assert project.redo() is None
    assert project.records().height == 4


def test_what_changes_nothing_is_no_step(project: Project) -> None:
    perform(project, Deed("run", 1))
    project.rename_theme("T-1", "Theme 1")
    project.set_theme_status("T-1", Status.PROPOSED)
    project.assign([], "T-1")
    assert project.undo_name == "search for themes"


def test_wrong_edits_say_so_and_change_nothing(project: Project) -> None:
    perform(project, Deed("run", 1))
    with pytest.raises(ProjectError, match="no theme T-9"):
        project.rename_theme("T-9", "New")
    with pytest.raises(ProjectError, match="needs a title"):
        project.rename_theme("T-1", "  ")
    with pytest.raises(ProjectError, match=r"no excerpt x\.0"):
        project.assign(["x.0"], "T-1")
    assert project.undo_name == "search for themes"
    project.undo()
    with pytest.raises(ProjectError, match="no theme T-1"):
        project.rename_theme("T-1", "Undone themes are not there")


def test_an_import_is_not_undone_under_one_that_is_being_written(project: Project) -> None:
    perform(project, Deed("import", 1, 0, 3))
    with project.begin_import("second") as stage:
        with pytest.raises(ProjectError, match="An import is being written"):
            project.undo()
        stage.discard()
    assert project.undo() == Done("import of wave 1", content=True)


def test_theme_ids_are_never_given_twice(project: Project, path: Path) -> None:
    assert project.reserve_theme_ids("T", 2) == ["T-001", "T-002"]
    assert project.reserve_theme_ids("G", 1) == ["G-001"]
    project.close()
    with Project.open(path) as again:
        assert again.reserve_theme_ids("T", 1) == ["T-003"]
