"""A process that works on a project until it is killed: says what it begins, and what is done."""

import os
import random
import sys
from pathlib import Path

from tests.project.story import Deed, perform

from themeloom.project.project import Project


def main() -> None:
    """Wait for "path number seed" on the input, then work."""
    say("ready")
    path, number, seed = sys.stdin.readline().rstrip("\n").split("\t")
    chance = random.Random(int(seed))
    with Project.open(Path(path)) as project:
        say("opened")
        for count in range(int(number), sys.maxsize):
            work(project, count, chance)


def work(project: Project, number: int, chance: random.Random) -> None:
    themes = project.themes()["theme_id"].to_list()
    kinds = ["import", "import", "undo", "redo", "run"]
    if themes:
        kinds += ["rename", "status", "assign"]
    kind = chance.choice(kinds)
    if kind in ("undo", "redo"):
        say(f"begin {kind}")
        project.undo() if kind == "undo" else project.redo()
    else:
        deed = Deed(kind, number, chance.randrange(300), chance.randrange(1, 300))
        if kind in ("rename", "status", "assign"):
            deed = Deed(kind, number, deed.first, deed.count, chance.choice(themes))
        say(f"begin {deed.to_json()}")
        perform(project, deed)
    say("done")


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main()
