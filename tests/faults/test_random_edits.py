"""Random deeds, undo, redo, jumps and restarts: each state that comes again is the same again."""

import random
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from tests.project.random_edits import RandomEdits

from themeloom.domain.themes import Level
from themeloom.project.project import Project

_WAYS_BACK = ("undo", "undo", "redo", "redo", "jump", "restart")


class Walk:
    """The states so far; ``place`` is how many steps are done."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path = path
        self.chance = random.Random(seed)
        self.edits = RandomEdits(self.chance)
        self.project = Project.create(path)
        self.states = [self.project.state_hash()]
        self.place = 0
        self.counted: Counter[str] = Counter()

    def step(self) -> None:
        kind = self.edits.choose()
        if self.chance.random() < 0.4:
            kind = self.chance.choice(_WAYS_BACK)
        if kind in _WAYS_BACK:
            self.go_back(kind)
        elif self.edits.do(self.project, kind):
            self.place += 1
            self.states[self.place :] = [self.project.state_hash()]
            self.counted[kind] += 1
            return
        assert self.project.state_hash() == self.states[self.place], kind
        self.counted[kind] += 1

    def go_back(self, kind: str) -> None:
        last = len(self.states) - 1
        if kind == "undo":
            # Several at a time, or the walk would never come back to its beginning.
            for _ in range(self.chance.choice([1, 1, 2, 9])):
                assert (self.project.undo() is None) == (self.place == 0)
                self.place = max(self.place - 1, 0)
        elif kind == "redo":
            assert (self.project.redo() is None) == (self.place == last)
            self.place = min(self.place + 1, last)
        elif kind == "jump":
            steps = self.project.history(last + 1)[::-1]
            assert len(steps) == last
            assert [step.undone for step in steps].count(False) == self.place
            self.place = self.chance.randint(max(self.place - 20, 0), min(self.place + 20, last))
            self.project.jump_to(steps[self.place - 1].seq if self.place else 0)
        else:
            self.project.close()
            self.project = Project.open(self.path)

    def end(self) -> None:
        assert [check.name for check in self.project.check() if not check.ok] == []
        while self.place:
            self.go_back("undo")
        assert self.project.state_hash() == self.states[0]
        self.project.jump_to(self.project.history(1)[0].seq)
        assert self.project.state_hash() == self.states[-1]
        self.project.close()


def require_a_tree(project: Project) -> None:
    """Check that what is below something is below something that is seen, of the level above."""
    themes = project.themes()
    levels = dict(themes.select("theme_id", "level").iter_rows())
    for theme_id, parent, level in themes.select("theme_id", "parent_id", "level").iter_rows():
        above = None if parent is None else levels[parent]
        allowed = {
            Level.GROUP: {None},
            Level.THEME: {None, Level.GROUP},
            Level.SUB_THEME: {Level.THEME},
        }
        assert above in allowed[Level(level)], theme_id
    assignments = project.assignments()
    assert set(assignments["theme_id"]) <= set(levels)
    assert not assignments.select("excerpt_id", "theme_id").is_duplicated().any()
    primary = assignments.group_by("excerpt_id").agg(pl.col("primary").sum())["primary"]
    assert primary.to_list() == [1] * primary.len()
    unsorted = project.unsorted()
    assert unsorted["excerpt_id"].is_unique().all()
    assert set(unsorted["excerpt_id"]).isdisjoint(assignments["excerpt_id"])
    named = {*unsorted["nearest_theme_id"], *unsorted["second_theme_id"]} - {None}
    assert named <= set(levels)


def test_250_random_deeds(tmp_path: Path) -> None:
    walk = Walk(tmp_path / "p.loom", seed=3)
    for number in range(250):
        walk.step()
        if number % 4 == 0:
            require_a_tree(walk.project)
    walk.end()
    assert set(walk.counted) >= {*walk.edits.kinds, *_WAYS_BACK}


@pytest.mark.faults_long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(10))
def test_10_000_random_deeds(tmp_path: Path, seed: int) -> None:
    walk = Walk(tmp_path / "p.loom", seed=100 + seed)
    for _ in range(1_000):
        walk.step()
        require_a_tree(walk.project)
    walk.end()
