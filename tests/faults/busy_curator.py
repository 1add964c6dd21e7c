"""A process that curates a project until it is killed: says what it begins, and what is left of it."""

import os
import random
import sys
from pathlib import Path

from tests.project.random_edits import RandomEdits

from themeloom.project.project import Project


def main() -> None:
    """Wait for "path number seed" on the input, then work."""
    say("ready")
    path, _, seed = sys.stdin.readline().rstrip("\n").split("\t")
    chance = random.Random(int(seed))
    edits = RandomEdits(chance)
    with Project.open(Path(path)) as project:
        say("opened")
        while True:
            work(project, edits, chance)


def work(project: Project, edits: RandomEdits, chance: random.Random) -> None:
    kind = chance.choice(["undo", "redo", "jump"]) if chance.random() < 0.25 else edits.choose()
    if kind == "jump":
        steps = project.history(12)
        at = next((step.seq for step in steps if not step.undone), 0)
        say(f"begin jump {at}")
        changed = bool(steps) and project.jump_to(chance.choice(steps).seq) is not None
    else:
        say(f"begin {kind}")
        if kind == "undo":
            changed = project.undo() is not None
        elif kind == "redo":
            changed = project.redo() is not None
        else:
            changed = edits.do(project, kind)
    # It is acknowledged now; we may be killed while we look at what it led to.
    say(f"done {'changed' if changed else 'same'}")
    say(f"state {state(project)}")


def state(project: Project) -> str:
    """Return what is seen, and which steps are done: equal states may stand at different places."""
    steps = project.history(100_000)
    last = steps[0].seq if steps else 0
    return f"{project.state_hash()} {sum(not step.undone for step in steps)}/{last}"


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main()
