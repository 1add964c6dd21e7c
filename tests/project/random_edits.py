"""Random deeds of all kinds on a small project, for tests that ask what is left of them."""

import random
from collections.abc import Callable
from typing import Any, TypeVar

import polars as pl
from tests.project.story import import_frames

from themeloom.domain import frames
from themeloom.domain.errors import ProjectError
from themeloom.domain.insights import Field
from themeloom.domain.themes import Level, Reason, Run, Status
from themeloom.project.project import Project

#: Refused because they make no sense where they fall, as a person would be.
_REFUSALS = ("is a group", "groups stand", "nothing can stand", "cannot be moved")


T = TypeVar("T")


class RandomEdits:
    """Does one random deed after the other; all that it chooses comes from ``chance``."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.kinds: dict[str, tuple[Callable[[Project], object], int]] = {
            "import": (self.bring_in, 2),
            "run": (self.find, 2),
            "rename": (self.rename, 3),
            "status": (self.set_status, 3),
            "describe": (self.describe, 2),
            "quotes": (self.quote, 2),
            "create": (self.create, 3),
            "merge": (self.merge, 3),
            "move": (self.move, 4),
            "delete": (self.delete, 2),
            "assign": (self.assign, 4),
            "unassign": (self.unassign, 2),
            "confirm": (self.confirm, 3),
            "remove": (self.remove, 1),
            "insight": (self.write_insight, 3),
            "roster": (self.change_roster, 1),
            "choice": (self.choose_for_all, 1),
        }

    def choose(self) -> str:
        weights = [weight for _, weight in self.kinds.values()]
        return self.chance.choices(list(self.kinds), weights)[0]

    def do(self, project: Project, kind: str) -> bool:
        """Return whether it was done; what a person would be refused is not."""
        try:
            return self.kinds[kind][0](project) is not None
        except ProjectError as error:
            if not any(refusal in str(error) for refusal in _REFUSALS):
                raise
            return False

    def bring_in(self, project: Project) -> object:
        with project.begin_import(f"wave {self.number()}") as stage:
            source_id = stage.add_source({"file": "story.csv", "kind": "ticket"})
            ids = self.chance.sample(range(40), self.chance.randrange(1, 9))
            rows = [(f"{one:016x}", self.chance.randrange(4)) for one in ids]
            records, excerpts = import_frames(source_id, rows)
            stage.add_records(records)
            stage.add_excerpts(excerpts)
            return stage.commit()

    def find(self, project: Project) -> object:
        excerpts = project.excerpts()["excerpt_id"].to_list()
        tree = project.themes()
        known = tree.filter(pl.col("level") != Level.GROUP)["theme_id"].to_list()
        groups = tree.filter(pl.col("level") == Level.GROUP)["theme_id"].to_list()
        new = project.reserve_theme_ids("T", self.chance.randrange(1, 4))
        new_group = project.reserve_theme_ids("G", 1)
        themes = [{"theme_id": one, "level": "group"} for one in new_group] + [
            {
                "theme_id": one,
                "level": "theme",
                "parent_id": self.chance.choice([None, *groups, *new_group]),
                "key_phrases": [f"phrase {self.number()}"],
            }
            for one in new
        ]
        run = Run(f"run {self.number()}", "2026-11-01", 0, "hash")
        with project.begin_run(run, drop_proposed=self.chance.random() < 0.5) as stage:
            frame = pl.DataFrame(themes, schema=frames.THEMES)
            stage.add_themes(frame.with_columns(title="theme_id", status=pl.lit("proposed")))
            places = [*known, *new]
            placed = [
                (one, theme, "auto", round(self.chance.random(), 3), first, False)
                for one in excerpts
                for first, theme in zip((True, False), self.some(places, 3), strict=False)
            ]
            stage.add_assignments(pl.DataFrame(placed, schema=frames.ASSIGNMENTS, orient="row"))
            carried = {row[0] for row in placed}
            left = [
                (one, Reason.TIE, *self.chance.choices(places, k=2), 0.2)
                for one in excerpts
                if one not in carried
            ]
            stage.add_unsorted(pl.DataFrame(left, schema=frames.UNSORTED, orient="row"))
            return stage.commit()

    def rename(self, project: Project) -> object:
        return self.with_theme(project, lambda one: project.rename_theme(one, self.words()))

    def set_status(self, project: Project) -> object:
        status = self.chance.choice(list(Status))
        return project.set_theme_status(self.some(themes_of(project), 3), status)

    def describe(self, project: Project) -> object:
        part = self.chance.choice(["definition", "memo", "key_phrases"])
        many = [self.words(), self.words()]
        new: dict[str, Any] = {part: many if part == "key_phrases" else many[0]}
        return self.with_theme(project, lambda one: project.describe_theme(one, **new))

    def quote(self, project: Project) -> object:
        return self.with_theme(
            project, lambda one: project.choose_quotes(one, self.excerpts(project))
        )

    def create(self, project: Project) -> object:
        level = self.chance.choice([Level.THEME, Level.THEME, Level.GROUP])
        parent = self.chance.choice([None, *themes_of(project)])
        with_excerpts = level != Level.GROUP and self.chance.random() < 0.6
        return project.create_theme(
            self.words(),
            level=level,
            parent_id=None if level == Level.GROUP else parent,
            excerpt_ids=self.excerpts(project) if with_excerpts else [],
        )[0]

    def merge(self, project: Project) -> object:
        groups = self.chance.random() < 0.3
        wanted = (pl.col("level") == Level.GROUP) == groups
        found = project.themes().filter(wanted)["theme_id"].to_list()
        if not found:
            return None
        return project.merge_themes(self.some(found, 3), self.chance.choice(found))

    def move(self, project: Project) -> object:
        found = themes_of(project)
        return project.move_themes(self.some(found, 3), self.chance.choice([None, *found]))

    def delete(self, project: Project) -> object:
        return project.delete_themes(self.some(themes_of(project), 2))

    def assign(self, project: Project) -> object:
        also = self.chance.random() < 0.4
        return self.with_theme(
            project, lambda one: project.assign(self.excerpts(project), one, also=also)
        )

    def unassign(self, project: Project) -> object:
        return project.unassign(self.excerpts(project))

    def confirm(self, project: Project) -> object:
        return project.confirm(self.excerpts(project))

    def remove(self, project: Project) -> object:
        return project.remove_sources(self.some(project.sources()["source_id"].to_list(), 2))

    def write_insight(self, project: Project) -> object:
        fields = self.chance.sample(list(Field), 2)
        values = {field: self.chance.choice([None, self.words()]) for field in fields}
        return project.edit_insights(dict.fromkeys(self.some(themes_of(project), 3), values))

    def change_roster(self, project: Project) -> object:
        row = (self.words(), self.words(), None, None)
        return project.set_roster(pl.DataFrame([row], schema=frames.ROSTER, orient="row"))

    def choose_for_all(self, project: Project) -> object:
        return project.choose("sending", self.chance.choice([None, self.words()]), name="limits")

    def with_theme(self, project: Project, deed: Callable[[str], object]) -> object:
        found = themes_of(project)
        return deed(self.chance.choice(found)) if found else None

    def excerpts(self, project: Project) -> list[int]:
        return self.some(project.excerpt_rows()["excerpt"].to_list(), 6)

    def some(self, things: list[T], most: int) -> list[T]:
        return self.chance.sample(things, min(len(things), self.chance.randrange(most + 1)))

    def words(self) -> str:
        return f"Words {self.number()} ½ “x”"

    def number(self) -> int:
        return self.chance.randrange(1_000_000)


def themes_of(project: Project) -> list[str]:
    return project.themes()["theme_id"].to_list()
