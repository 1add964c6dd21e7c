"""A process that writes to a project is killed at random moments."""

import random
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.faults.busy import always_ready
from tests.faults.busy_curator import state
from tests.project.story import Deed, Story, snapshot

from themeloom.project.project import Project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="waits on pipes as POSIX does")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kills", [20, pytest.param(50, marks=pytest.mark.faults_long)])
def test_no_acknowledged_change_is_lost_in_kills(tmp_path: Path, kills: int) -> None:
    path = tmp_path / "p.loom"
    Project.create(path).close()
    chance = random.Random(2)
    story = Story()
    acknowledged = cut_short = 0
    with always_ready("busy_writer") as writers:
        # More of them where a busy machine has let too few deeds come to their end.
        for kill in range(4 * kills):
            if kill >= kills and acknowledged > kills and cut_short > kills / 4:
                break
            said = next(writers).run_for(chance.uniform(0.0, 0.4), path, kill * 1000, kill)
            certain, possible = told(story, said)
            acknowledged += said.count("done")
            cut_short += said[-1] != "done"

            began = time.perf_counter()
            with Project.open(path) as project:
                assert time.perf_counter() - began < 3
                seen = snapshot(project)
                assert [check.name for check in project.check() if not check.ok] == []
            assert [found.name for found in tmp_path.iterdir() if found.is_file()] == ["p.loom"]
            story = certain if seen == certain.snapshot() else possible
            assert seen == story.snapshot()
    assert acknowledged > kills
    assert cut_short > kills / 4, "kills should fall into the middle of deeds"


def told(story: Story, said: list[str]) -> tuple[Story, Story]:
    """Return the story up to the last acknowledged deed, and with the one that had begun."""
    begun = story
    for line in said:
        if line == "done":
            story = begun
        elif line.startswith("begin "):
            what = line.removeprefix("begin ")
            if what in ("undo", "redo"):
                begun = story.after(what)
            else:
                deed = Deed.from_json(what)
                begun = story.after(deed.kind, deed)
    return story, begun


@pytest.mark.timeout(300)
def test_no_edit_of_any_kind_is_lost_or_halved_in_10_kills(tmp_path: Path) -> None:
    curate_and_kill(tmp_path, 10)


@pytest.mark.faults_long
@pytest.mark.timeout(3600)
def test_no_edit_of_any_kind_is_lost_or_halved_in_100_kills(tmp_path: Path) -> None:
    began = curate_and_kill(tmp_path, 100)
    assert len(began) >= 13, "kills should fall into deeds of all kinds"


def curate_and_kill(folder: Path, kills: int) -> Counter[str]:
    """Let processes curate one project and kill them; return the kinds of deeds that were cut short.

    What is found afterwards is the state after the last acknowledged deed, or that with the one whole
    step that had begun: taking it back leads to the state before, doing it again to what was found.
    """
    path = folder / "p.loom"
    Project.create(path).close()
    with Project.open(path) as project:
        known = state(project)
    chance = random.Random(5)
    acknowledged = 0
    cut_short: Counter[str] = Counter()
    with always_ready("busy_curator") as curators:
        # More of them where too few have fallen into the middle of deeds, which is luck.
        for kill in range(4 * kills):
            if kill >= kills and acknowledged > kills and cut_short.total() > kills / 4:
                break
            said = next(curators).run_for(
                chance.uniform(0.1, 0.7), path, 0, kill, within=chance.uniform(0, 0.015)
            )
            acknowledged += sum(line.startswith("done") for line in said)
            states = [line.removeprefix("state ") for line in said if line.startswith("state ")]
            before = states[-1] if states else known
            began = time.perf_counter()
            with Project.open(path) as project:
                assert time.perf_counter() - began < 3
                known = state(project)
                require_whole(project, said[-2:], before)
                assert state(project) == known
                assert [check.name for check in project.check() if not check.ok] == []
            assert [found.name for found in folder.iterdir() if found.is_file()] == ["p.loom"]
            if said[-1].startswith("begin "):
                cut_short[said[-1].split()[1]] += 1
    assert acknowledged > kills
    assert cut_short.total() > kills / 4, "kills should fall into the middle of deeds"
    return cut_short


def require_whole(project: Project, last: list[str], before: str) -> None:
    """Check a project that is open after a kill; ``last`` are the last two lines that were said."""
    begun = next((line.split() for line in reversed(last) if line.startswith("begin ")), None)
    if last[-1].startswith("state ") or last[-1] == "opened" or begun is None:
        assert state(project) == before
        return
    if last[-1] == "done same":
        assert state(project) == before
    elif state(project) == before:
        assert not last[-1].startswith("done"), "an acknowledged change was lost"
    else:
        found = state(project)
        at = project.history(1)[0].seq if begun[1] not in ("undo", "redo", "jump") else None
        done = [step.seq for step in project.history(100_000) if not step.undone]
        if begun[1] == "undo":
            project.redo()
        elif begun[1] == "jump":
            project.jump_to(int(begun[2]))
        else:
            project.undo()
        if at is None:
            assert state(project) == before
        else:  # the steps that were undone before are gone: a new deed ends their branch
            assert state(project).split()[0] == before.split()[0]
        project.jump_to(done[0] if done else 0)
        assert state(project) == found
