"""Splitting a theme: the engine proposes parts, a person sees and names them, one step makes them.

Reviewed excerpts stay in the theme: a person said that they belong there, and no proposal knows
better. Who wants them to go along says so.
"""

import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import polars as pl

from themeloom.domain.changes import Deed
from themeloom.domain.errors import ProjectError, SynthesisError
from themeloom.domain.themes import FEWEST_TO_SPLIT, Level, NewPart
from themeloom.jobs.messages import Progress
from themeloom.jobs.tables import read_table, write_table
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services.encoders import encoder_of
from themeloom.services.names import names_in
from themeloom.services.synthesis import excerpts_for_themes

_TASK = "themeloom.services.tasks.splitting:propose"


@dataclass(frozen=True, slots=True)
class Part:
    """A theme that a theme could be split into.

    Attributes:
        key: the same for the same part in another number of parts.
        title: proposed; no theme of the project has it.
        definition: one sentence.
        key_phrases: the most telling ones.
        quotes: excerpt ids, the best first.
        excerpts: how many excerpts belong to it, reviewed ones included.
        records: of so many records.
        reviewed: how many of the excerpts were reviewed: they stay in the theme unless told to go.
    """

    key: str
    title: str
    definition: str
    key_phrases: tuple[str, ...]
    quotes: tuple[str, ...]
    excerpts: int
    records: int
    reviewed: int


class Split:
    """What a theme could be split into; a picture of the moment: ask anew after edits.

    Attributes:
        theme_id: the theme.
        title: its title.
        level: where it stands.
        parent: title of what it is part of, or None.
        counts: numbers of parts that are offered, rising.
        suggested: the one whose parts stand apart most clearly.
        excerpts: how many excerpts are looked at: the theme's own, without those of sub-themes.
        reviewed: how many of them were reviewed.
    """

    def __init__(
        self,
        theme: Mapping[str, Any],
        parent: str | None,
        nodes: pl.DataFrame,
        texts: pl.DataFrame,
        counts: list[int],
        suggested: int,
    ) -> None:
        """Use ``propose``; ``texts`` are the engine's with ``record_id`` and ``reviewed``."""
        self.theme_id, self.title = str(theme["theme_id"]), str(theme["title"])
        self.level = Level(theme["level"])
        self.parent = parent
        self.counts, self.suggested = counts, suggested
        self.excerpts, self.reviewed = texts.height, int(texts["reviewed"].sum())
        self._nodes, self._texts = nodes, texts
        self._parents = cast(dict[int, int], dict(nodes.select("node", "parent").iter_rows()))

    def parts(self, count: int) -> tuple[Part, ...]:
        """Return the parts of a division, the largest first.

        Raises:
            ValueError: a number of parts that is not offered.
        """
        rows = self._nodes.filter((pl.col("dies") < count) & (pl.col("born") >= count))
        found = (
            self.placed(count)
            .group_by("key")
            .agg(
                excerpts=pl.len(),
                records=pl.col("record_id").n_unique(),
                reviewed=pl.col("reviewed").sum(),
            )
        )
        joined = (
            rows.with_columns(key=pl.col("node").cast(pl.String))
            .join(found, on="key")
            .sort(["excerpts", "node"], descending=[True, False])
        )
        return tuple(
            Part(
                key=row["key"],
                title=row["title"],
                definition=row["definition"],
                key_phrases=tuple(row["key_phrases"]),
                quotes=tuple(row["quotes"]),
                excerpts=row["excerpts"],
                records=row["records"],
                reviewed=row["reviewed"],
            )
            for row in joined.iter_rows(named=True)
        )

    def placed(self, count: int) -> pl.DataFrame:
        """Return ``excerpt_id, record_id, reviewed, key, similarity`` of a division.

        Raises:
            ValueError: a number of parts that is not offered.
        """
        if count not in self.counts:
            raise ValueError(f"there is no division into {count} parts")
        side_by_side = set(
            self._nodes.filter((pl.col("dies") < count) & (pl.col("born") >= count))["node"]
        )
        home = {atom: self._above(atom, side_by_side) for atom in self._texts["atom"].unique()}
        return self._texts.select(
            "excerpt_id",
            "record_id",
            "reviewed",
            key=pl.col("atom").replace_strict(home, return_dtype=pl.Int32).cast(pl.String),
            similarity=pl.col(f"similarity {count}"),
        )

    def _above(self, node: int, side_by_side: Collection[int]) -> int:
        while node not in side_by_side:
            node = self._parents[node]
        return node


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a split would do.

    Attributes:
        moving: excerpts that move into new themes.
        staying: excerpts that stay in the theme itself.
        reviewed: how many of those that stay do so because they were reviewed.
    """

    moving: int
    staying: int
    reviewed: int


def propose(
    project: Project,
    engine: Worker,
    theme_id: str,
    on_progress: Callable[[Progress], None] | None = None,
) -> Split:
    """Return what a theme could be split into; nothing is changed.

    Raises:
        JobCancelled: the person cancelled.
        ProjectError: no such theme, or a group.
        ThemeloomError: too few different texts, or the engine stopped.
    """
    themes = project.themes()
    found = themes.filter(pl.col("theme_id") == theme_id)
    if found.is_empty():
        raise ProjectError(f"There is no theme {theme_id} in this project.")
    theme = found.row(0, named=True)
    if theme["level"] == Level.GROUP:
        raise ProjectError(
            f"“{theme['title']}” is a group: it has no excerpts of its own.",
            hint="Split one of its themes.",
        )
    own = project.assignments().filter(pl.col("theme_id") == theme_id)
    excerpts = excerpts_for_themes(project).join(
        own.select("excerpt_id", "reviewed"), on="excerpt_id", maintain_order="left"
    )
    if excerpts.height < FEWEST_TO_SPLIT:
        raise SynthesisError(
            f"“{theme['title']}” has {excerpts.height} excerpts of its own; it takes {FEWEST_TO_SPLIT} to"
            " find parts.",
            hint="Select the excerpts that belong together and make a new theme of them.",
        )
    titles = themes.filter(pl.col("level") != Level.GROUP)["title"]
    run = project.active_run()
    with tempfile.TemporaryDirectory(prefix="themeloom-split-") as folder:
        answer = cast(
            Mapping[str, Any],
            engine.run(
                _TASK,
                {
                    "excerpts": write_table(excerpts.drop("reviewed"), Path(folder) / "in.arrow"),
                    "settings": {
                        "seed": run.seed if run else 0,
                        "encoder": encoder_of(run),
                        **names_in(project),
                        "taken": frozenset(titles),
                    },
                    "store": str(project.derived_store()),
                    "folder": folder,
                },
                on_progress=on_progress,
            ),
        )
        nodes, texts = (read_table(str(answer[name])) for name in ("nodes", "texts"))
    above = dict(themes.select("theme_id", "title").iter_rows())
    return Split(
        theme,
        above.get(theme["parent_id"]),
        nodes,
        texts.join(
            excerpts.select("excerpt_id", "record_id", "reviewed"),
            on="excerpt_id",
            maintain_order="left",
        ),
        [int(count) for count in answer["counts"]],
        int(answer["suggested"]),
    )


def consequences(
    split: Split, count: int, keys: Collection[str], *, reviewed: bool = False
) -> Consequences:
    """Return what making the parts ``keys`` of a division themes of their own would do.

    Args:
        split: as proposed.
        count: number of parts.
        keys: those that leave the theme.
        reviewed: whether reviewed excerpts go along.
    """
    chosen = split.placed(count).filter(pl.col("key").is_in(list(keys)))
    held = 0 if reviewed else int(chosen["reviewed"].sum())
    moving = chosen.height - held
    return Consequences(moving, split.excerpts - moving, held)


def apply(
    project: Project,
    split: Split,
    count: int,
    titles: Mapping[str, str],
    *,
    beside: bool = False,
    reviewed: bool = False,
) -> Deed | None:
    """Make parts of a theme themes of their own, as one undo step.

    Args:
        project: open for writing.
        split: what the person saw; excerpts that were moved meanwhile stay where they are.
        count: number of parts.
        titles: key → title of the parts that leave the theme; the others stay in it.
        beside: whether they stand beside the theme; else they are its sub-themes.
        reviewed: whether reviewed excerpts go along.

    Raises:
        ProjectError: the theme is gone, a title is empty, or a sub-theme shall have sub-themes.
    """
    placed = split.placed(count)
    if not reviewed:
        placed = placed.filter(~pl.col("reviewed"))
    here = project.assignments().filter(pl.col("theme_id") == split.theme_id)
    placed = placed.join(here, on="excerpt_id", how="semi", maintain_order="left")
    parts: list[NewPart] = []
    for part in split.parts(count):
        if part.key not in titles:
            continue
        mine = placed.filter(pl.col("key") == part.key)
        inside = set(mine["excerpt_id"])
        parts.append(
            NewPart(
                title=titles[part.key],
                excerpts=tuple(mine["excerpt_id"]),
                similarity=tuple(mine["similarity"]),
                definition=part.definition,
                key_phrases=part.key_phrases,
                quotes=tuple(quote for quote in part.quotes if quote in inside),
            )
        )
    return project.split_theme(split.theme_id, parts, beside=beside, reviewed=reviewed)
