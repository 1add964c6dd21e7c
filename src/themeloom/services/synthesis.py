"""Finding themes: the project's excerpts go to the engine, its proposals come back as a run."""

import hashlib
import platform
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import polars as pl

from themeloom import __version__
from themeloom.domain.changes import Deed
from themeloom.domain.encoders import MINILM, Way
from themeloom.domain.frames import ASSIGNMENTS, THEMES, UNSORTED, conform
from themeloom.domain.records import Kind
from themeloom.domain.themes import PREFIX, Fineness, Level, Run, Status
from themeloom.jobs.messages import Progress
from themeloom.jobs.tables import read_table, write_table
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services import cut_store
from themeloom.services.names import names_in
from themeloom.services.protection import Protected, Standing, signature

_HASHED_AT_ONCE = 2_000  # excerpts
_SAME = 0.5  # share of a theme's excerpts, before and after, that makes it the same theme


@dataclass(frozen=True, slots=True)
class SynthesisOptions:
    """What a person can ask of a run.

    Attributes:
        seed: the same texts and seed give the same themes.
        themes: number of themes; None finds it.
        accept: accept what is proposed, as the command line does. Then nothing is left open that
            could be cut coarser or finer, and no such cuts are prepared.
        fineness: fewer or more themes than the texts suggest, or a number of themes.
        smallest: records of the smallest theme; 0 finds it.
        keep: themes that are there stay, and texts are sorted into them first. Without it, what
            nobody reviewed, moved or locked is found anew.
        encoder: what reads the texts; see ``domain.encoders``.
        way: how themes are found.
    """

    seed: int = 0
    themes: int | None = None
    accept: bool = False
    fineness: str | int = "balanced"
    smallest: int = 0
    keep: bool = True
    encoder: str = MINILM
    way: Way = Way.GRAPH


@dataclass(frozen=True, slots=True)
class SynthesisReport:
    """What a run brought, and what it left alone."""

    run: Run
    new_themes: int
    new_groups: int
    excerpts: int  # that were looked at
    seconds: float
    kept: bool  # the themes that were there stayed
    protected: Protected
    deed: Deed

    @property
    def sentences(self) -> str:
        """Say why there are so many themes, and what was left as it was."""
        # Of themes that stay nothing is looked at anew, reviewed or not.
        silent = self.kept and self.protected == Protected(0, 0)
        return " ".join(filter(None, (self.run.why, "" if silent else self.protected.sentence)))


@dataclass(frozen=True, slots=True)
class FirstTheme:
    """A theme seen in a sample; the counts are estimates for all texts."""

    title: str
    key_phrases: tuple[str, ...]
    records: int
    excerpts: int


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Themes of a sample, largest first, while the run goes on."""

    themes: tuple[FirstTheme, ...]
    excerpts: int  # that were looked at
    total: int  # that there are


def find_themes(
    project: Project,
    engine: Worker,
    options: SynthesisOptions,
    on_progress: Callable[[Progress], None] | None = None,
    *,
    on_partial: Callable[[FirstLook], None] | None = None,
) -> SynthesisReport:
    """Propose themes for the excerpts of the project; see ``SynthesisOptions.keep`` for the others.

    The project changes in one step at the end: cancelled or failed, it is as it was. Reviewed,
    manual and locked work stays in any case.

    Args:
        project: gets the run.
        engine: the process that finds themes.
        options: what was asked.
        on_progress: called with stage, count and time left.
        on_partial: called with the themes of a sample where there are very many texts.

    Raises:
        JobCancelled: the person cancelled.
        JobFailed: too few texts, or the engine stopped.
    """
    began = time.monotonic()
    standing = Standing.of(project)
    every = excerpts_for_themes(project)
    known = _known(standing, options)
    work = every.join(standing.set_aside, on="excerpt_id", how="anti")
    if known is not None:
        work = work.join(_at_rest(*known), on="excerpt_id", how="anti", maintain_order="left")
    outside = every.join(work, on="excerpt_id", how="anti").select("excerpt_id")
    run_id = uuid.uuid4().hex

    def hand_over(value: object) -> None:
        if on_partial:
            on_partial(_first_look(cast(Mapping[str, Any], value), work))

    with tempfile.TemporaryDirectory(prefix="themeloom-run-") as name:
        folder = Path(name)
        paths: dict[str, str] | None = None
        if known is not None:
            paths = {
                "themes": write_table(known[0], folder / "known.arrow"),
                "assignments": write_table(known[1], folder / "was.arrow"),
            }
        answer = cast(
            Mapping[str, Any],
            engine.run(
                "themeloom.services.tasks.theming:propose",
                {
                    "excerpts": write_table(work, folder / "excerpts.arrow"),
                    "settings": _settings(project, standing, outside, options, known is not None),
                    "known": paths,
                    "store": str(project.derived_store()),
                    "folder": name,
                },
                on_progress=on_progress,
                on_partial=hand_over,
            ),
        )
        themes, assignments, unsorted = (
            read_table(str(answer[part])) for part in ("themes", "assignments", "unsorted")
        )
        cuts = cast(Mapping[str, Any] | None, answer["cuts"])
        nodes = None if cuts is None else read_table(str(cuts["nodes"]))
        if cuts is not None:
            cut_store.keep(project, run_id, cuts)
    names = {} if options.keep else _inherited(standing, themes, assignments)
    inherited = frozenset(names.values())
    themes = _with_children(themes, frozenset(names))
    names |= _project_ids(project, themes.filter(~pl.col("theme_id").is_in(list(names))))
    themes = _renamed(themes, names, "theme_id", "parent_id").with_columns(
        pl.lit(Status.ACTIVE if options.accept else Status.PROPOSED).alias("status"),
    )
    fresh = themes.filter(~pl.col("theme_id").is_in(list(inherited)))
    run = Run(
        id=run_id,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=options.seed,
        inputs_hash=_inputs_hash(work),
        parameters={
            **_told(options),
            "stages": answer["stages"],
            "proposed": marks_of(fresh),
            "cuts": None if cuts is None or nodes is None else _cut(run_id, cuts, nodes, names),
        },
        versions=_versions(cast(Mapping[str, str], answer["versions"])),
        why=_told_again(str(answer["why"]), themes, inherited),
    )
    with project.begin_run(run, drop_proposed=not options.keep) as stage:
        stage.add_themes(conform(themes, THEMES))
        stage.add_assignments(conform(_renamed(assignments, names, "theme_id"), ASSIGNMENTS))
        stage.add_unsorted(
            conform(_renamed(unsorted, names, "nearest_theme_id", "second_theme_id"), UNSORTED)
        )
        stage.add_assignments(
            standing.assignments.join(outside, on="excerpt_id", how="semi", maintain_order="left")
        )
        stage.add_unsorted(
            project.unsorted().join(outside, on="excerpt_id", how="semi", maintain_order="left")
        )
        deed = stage.commit()
    return SynthesisReport(
        run=run,
        new_themes=fresh.filter(pl.col("level") == Level.THEME).height,
        new_groups=fresh.filter(pl.col("level") == Level.GROUP).height,
        excerpts=work.height,
        seconds=time.monotonic() - began,
        kept=options.keep,
        protected=standing.protected,
        deed=deed,
    )


def excerpts_for_themes(project: Project) -> pl.DataFrame:
    """Return the excerpts that can carry a theme, with what the engine needs of their records.

    Left out: duplicates (they carry their original's themes), non-answers, interviewer turns and
    small talk. Columns: EXCERPTS and ``kind``, ``person_key``, ``source_id``. Only a ticket's
    subject says what its text is about; that of a talk names the company, which is no theme.
    """
    records = project.records(["record_id", "kind", "person_key", "source_id", "duplicate_of"])
    return (
        project.excerpts()
        .filter(pl.col("left_out").is_null())
        .join(
            records.filter(pl.col("duplicate_of").is_null()).drop("duplicate_of"),
            on="record_id",
            maintain_order="left",
        )
        .with_columns(context=pl.when(pl.col("kind") == Kind.TICKET).then("context"))
    )


def marks_of(themes: pl.DataFrame) -> dict[str, str]:
    """Return what ``worked_on`` compares with later, by theme id."""
    return {
        theme_id: signature(title, definition or "")
        for theme_id, title, definition in themes.select(
            "theme_id", "title", "definition"
        ).iter_rows()
    }


def _known(
    standing: Standing, options: SynthesisOptions
) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Return the themes to assign to first and what they hold for sure; None: there are none."""
    themes, assignments = standing.themes, standing.assignments
    if not options.keep:
        themes = themes.filter(pl.col("theme_id").is_in(sorted(standing.stay)))
        assignments = assignments.join(standing.settled, on="excerpt_id", how="semi")
    return None if themes.is_empty() else (themes, assignments)


def _at_rest(themes: pl.DataFrame, assignments: pl.DataFrame) -> pl.DataFrame:
    """Return the excerpts (``excerpt_id``) that themes at rest hold: no new theme is made of them."""
    resting = themes.filter(pl.col("status") == Status.DORMANT)["theme_id"]
    below = themes.filter(pl.col("parent_id").is_in(resting.implode()))["theme_id"]
    held = pl.col("theme_id").is_in(pl.concat([resting, below]).implode())
    return assignments.filter("primary", held).select("excerpt_id")


def _settings(
    project: Project,
    standing: Standing,
    outside: pl.DataFrame,
    options: SynthesisOptions,
    has_known: bool,
) -> dict[str, object]:
    """Return what the engine calls ``ThemingSettings``."""
    number = options.themes
    fineness = Fineness.BALANCED
    if isinstance(options.fineness, int):
        number = options.fineness if number is None else number
    else:
        fineness = Fineness(options.fineness)
    held = standing.assignments.join(outside, on="excerpt_id", how="semi")
    titles = standing.themes.join(held, on="theme_id", how="semi")["title"]
    return {
        "seed": options.seed,
        "themes": number,
        **names_in(project),
        "fineness": fineness,
        "smallest": options.smallest or None,
        "taken": frozenset(titles),
        "regroup": has_known and not options.keep,
        "encoder": options.encoder,
        "way": options.way,
        "recut": not options.accept,
    }


def _told(options: SynthesisOptions) -> dict[str, object]:
    """Return what was asked, as the run remembers it."""
    return {
        "themes": options.themes,
        "fineness": options.fineness,
        "smallest": options.smallest,
        "keep": options.keep,
        "encoder": options.encoder,
        "way": options.way,
    }


def _first_look(value: Mapping[str, Any], work: pl.DataFrame) -> FirstLook:
    records = work["record_id"].n_unique()
    themes = tuple(
        FirstTheme(
            str(theme["title"]),
            tuple(theme["key_phrases"]),
            max(1, round(theme["share"] * records)),
            max(1, round(theme["share"] * work.height)),
        )
        for theme in value["themes"]
    )
    return FirstLook(themes, int(value["excerpts"]), int(value["total"]))


def _inherited(
    standing: Standing, themes: pl.DataFrame, assignments: pl.DataFrame
) -> dict[str, str]:
    """Map new themes to accepted ones that they are, and groups to those of the same title.

    What a person accepted keeps its title where most of its excerpts come together again.
    """
    old = standing.themes.filter(
        (pl.col("status") == Status.ACTIVE) & ~pl.col("theme_id").is_in(sorted(standing.stay))
    )
    new = themes.filter(pl.col("level") == Level.THEME)
    before = standing.assignments.filter("primary").join(
        old.filter(pl.col("level") != Level.GROUP), on="theme_id", how="semi"
    )
    after = assignments.filter("primary").join(new, on="theme_id", how="semi")
    both = (
        before.select("excerpt_id", old="theme_id")
        .join(after.select("excerpt_id", new="theme_id"), on="excerpt_id")
        .group_by("old", "new")
        .len("shared")
        .join(before.group_by(old="theme_id").len("was"), on="old")
        .join(after.group_by(new="theme_id").len("now"), on="new")
        .filter(pl.col("shared") >= _SAME * pl.max_horizontal("was", "now"))
        .sort(["shared", "old", "new"], descending=[True, False, False])
    )
    names: dict[str, str] = {}
    for was, now in both.select("old", "new").iter_rows():
        if now not in names and was not in names.values():
            names[now] = was
    groups = {
        title.casefold(): theme_id
        for theme_id, title, status in standing.themes.filter(pl.col("level") == Level.GROUP)
        .select("theme_id", "title", "status")
        .iter_rows()
        if status != Status.PROPOSED or theme_id in standing.stay
    }
    for theme_id, title in (
        themes.filter(pl.col("level") == Level.GROUP).select("theme_id", "title").iter_rows()
    ):
        if title.casefold() in groups:
            names[theme_id] = groups[title.casefold()]
    return names


def _told_again(why: str, themes: pl.DataFrame, inherited: frozenset[str]) -> str:
    """Return why there are so many themes, with how many of them are accepted ones."""
    again = themes.filter(
        pl.col("theme_id").is_in(sorted(inherited)) & (pl.col("level") == Level.THEME)
    ).height
    if not again:
        return why
    kept = "is an accepted one and keeps its" if again == 1 else "are accepted ones and keep their"
    return f"{why} {again:,} of them {kept} title{'' if again == 1 else 's'}."


def _with_children(themes: pl.DataFrame, inherited: frozenset[str]) -> pl.DataFrame:
    """Leave out new groups whose themes all are old ones: those stay where they stand."""
    held = themes.filter(~pl.col("theme_id").is_in(sorted(inherited)))["parent_id"].drop_nulls()
    return themes.filter(
        (pl.col("level") != Level.GROUP) | pl.col("theme_id").is_in(held.to_list())
    )


def _cut(
    run_id: str, cuts: Mapping[str, Any], nodes: pl.DataFrame, names: Mapping[str, str]
) -> dict[str, object]:
    """Return which cut the project shows: of which run, how fine, and which node is which theme."""
    own = nodes.filter(pl.col("theme_id").is_not_null()).select("node", "theme_id")
    return {
        "of": run_id,
        "level": cuts["chosen"],
        "themes": {str(node): names[theme_id] for node, theme_id in own.iter_rows()},
    }


def _project_ids(project: Project, new: pl.DataFrame) -> dict[str, str]:
    """Map the engine's provisional ids to ids of the project: G-001, T-001, S-001."""
    names: dict[str, str] = {}
    for level, prefix in PREFIX.items():
        provisional = new.filter(pl.col("level") == level)["theme_id"].to_list()
        if provisional:
            ids = project.reserve_theme_ids(prefix, len(provisional))
            names |= dict(zip(provisional, ids, strict=True))
    return names


def _renamed(frame: pl.DataFrame, names: Mapping[str, str], *columns: str) -> pl.DataFrame:
    return frame.with_columns(pl.col(column).replace(dict(names)) for column in columns)


def _inputs_hash(excerpts: pl.DataFrame) -> str:
    digest = hashlib.blake2b(digest_size=16)
    ordered = excerpts.select("excerpt_id", "text").sort("excerpt_id")
    # In large pieces: a loop over all rows would hold up the window.
    for part in ordered.iter_slices(_HASHED_AT_ONCE):
        joined = part.select(
            pl.format("{}\0{}\0", "excerpt_id", "text").str.join("", ignore_nulls=False)
        ).item()
        digest.update(joined.encode())
    return digest.hexdigest()


def _versions(of_engine: Mapping[str, str]) -> dict[str, str]:
    return {
        "Themeloom": __version__,
        "Python": platform.python_version(),
        "polars": metadata.version("polars"),
        **of_engine,
    }
