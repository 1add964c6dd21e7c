"""Deeds on a project, and a plain model of what they must lead to.

The model replays all deeds that are done from nothing: slow, and too simple to be wrong.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

from themeloom.domain import frames
from themeloom.domain.themes import Level, Method, Reason, Run, Status
from themeloom.project.project import Project

Snapshot = dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """One thing a person does; ``number`` makes its texts and ids its own."""

    kind: str  # import, run, rename, status, assign, unassign, merge, delete
    number: int
    first: int = 0  # record or excerpt to begin with
    count: int = 0
    theme: str = ""
    into: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> "Deed":
        return cls(**json.loads(line))


def record_rows(deed: Deed, known: dict[str, int]) -> list[tuple[str, int]]:
    """Return record id and version: every third record that is known comes again unchanged."""
    found: list[tuple[str, int]] = []
    for number in range(deed.first, deed.first + deed.count):
        record_id = f"{number:016x}"
        same = number % 3 == 0 and record_id in known
        found.append((record_id, known[record_id] if same else deed.number))
    return found


def text_of(record_id: str, version: int) -> tuple[str, str]:
    """Return the two sentences of a record: the first one never changes."""
    return f"Größe {record_id} is fine.", f"Export {version} of {record_id} fails 😀."


def import_frames(source_id: str, rows: list[tuple[str, int]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return RECORDS and EXCERPTS of an import."""
    records: list[dict[str, object]] = []
    excerpts: list[dict[str, object]] = []
    for row, (record_id, version) in enumerate(rows, 2):
        sentences = text_of(record_id, version)
        records.append(
            {
                "record_id": record_id,
                "source_id": source_id,
                "file": "story.csv",
                "kind": "ticket",
                "text": " ".join(sentences),
                "row": row,
                "content_hash": f"{record_id}/{version}",
            }
        )
        start = 0
        for ordinal, sentence in enumerate(sentences):
            excerpts.append(
                {
                    "excerpt_id": f"{record_id}.{ordinal}",
                    "record_id": record_id,
                    "ordinal": ordinal,
                    "start": start,
                    "end": start + len(sentence),
                    "text": sentence,
                }
            )
            start += len(sentence) + 1
    return (
        frames.conform(pl.DataFrame(records, infer_schema_length=None), frames.RECORDS),
        frames.conform(pl.DataFrame(excerpts, infer_schema_length=None), frames.EXCERPTS),
    )


def perform(project: Project, deed: Deed) -> None:
    """Do ``deed`` to the project; it is on the disk when this returns."""
    if deed.kind == "import":
        known = {
            record_id: int(content_hash.split("/")[1])
            for record_id, content_hash in project.records(["record_id", "content_hash"]).rows()
        }
        with project.begin_import(f"wave {deed.number}") as stage:
            source_id = stage.add_source({"file": "story.csv", "kind": "ticket"})
            records, excerpts = import_frames(source_id, record_rows(deed, known))
            stage.add_records(records)
            stage.add_excerpts(excerpts)
            stage.set_accounts(pl.DataFrame({"account": [f"Account {deed.number}"]}))
            stage.commit()
    elif deed.kind == "run":
        themes = [*project.themes()["theme_id"], theme_of(deed)]
        excerpts = project.excerpts()["excerpt_id"].to_list()
        with project.begin_run(Run(f"run {deed.number}", "2026-11-01", 0, "hash")) as stage:
            stage.add_themes(theme_frame(deed))
            placed = places(deed, excerpts, themes)
            stage.add_assignments(
                pl.DataFrame(
                    [(e, t, "auto", 0.5, True, False) for e, t in placed.items() if t],
                    schema=frames.ASSIGNMENTS,
                    orient="row",
                )
            )
            stage.add_unsorted(
                pl.DataFrame(
                    [(e, Reason.TOO_FAR, None, None, 0.1) for e, t in placed.items() if not t],
                    schema=frames.UNSORTED,
                    orient="row",
                )
            )
            stage.commit()
    elif deed.kind == "rename":
        project.rename_theme(deed.theme, f"Title {deed.number}")
    elif deed.kind == "status":
        project.set_theme_status(deed.theme, status_of(deed))
    elif deed.kind == "assign":
        ids = sorted(project.excerpts()["excerpt_id"])[deed.first : deed.first + deed.count]
        project.assign(ids, deed.theme)
    elif deed.kind == "unassign":
        ids = sorted(project.excerpts()["excerpt_id"])[deed.first : deed.first + deed.count]
        project.unassign(ids)
    elif deed.kind == "merge":
        project.merge_themes([deed.theme], deed.into)
    elif deed.kind == "delete":
        project.delete_themes([deed.theme])
    else:
        raise ValueError(deed.kind)


def theme_of(deed: Deed) -> str:
    return f"T-{deed.number}"


def theme_frame(deed: Deed) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "theme_id": theme_of(deed),
                "level": Level.THEME,
                "title": f"Theme {deed.number}",
                "status": Status.PROPOSED,
                "key_phrases": ["export fails"],
                "quotes": [],
                "position": deed.number,
            }
        ]
    )


def status_of(deed: Deed) -> Status:
    return list(Status)[deed.number % 4]


def places(deed: Deed, excerpts: list[str], themes: list[str]) -> dict[str, str | None]:
    """Return where a run puts each excerpt; every fifth stays unsorted."""
    themes = sorted(themes)
    return {
        excerpt: None if index % 5 == 4 else themes[(index + deed.number) % len(themes)]
        for index, excerpt in enumerate(sorted(excerpts))
    }


def snapshot(project: Project) -> Snapshot:
    """Return all that a person can see of the project."""
    assignments = project.assignments().select("excerpt_id", "theme_id", "method")
    return {
        "records": sorted(project.records(["record_id", "content_hash", "text"]).rows()),
        "excerpts": sorted(project.excerpts().select("excerpt_id", "text").rows()),
        "assignments": sorted(assignments.rows()),
        "unsorted": sorted(project.unsorted()["excerpt_id"].to_list()),
        "themes": sorted(project.themes().select("theme_id", "title", "status").rows()),
        "runs": [run.id for run in project.runs()],
        "accounts": project.accounts()["account"].to_list(),
        "sources": project.sources().height,
    }


@dataclass
class Story:
    """The deeds so far, and how many of them are done (the rest was undone)."""

    deeds: list[Deed] = field(default_factory=list[Deed])
    done: int = 0

    def after(self, kind: str, deed: Deed | None = None) -> "Story":
        """Return the story after a deed, an undo or a redo."""
        if kind == "undo":
            return Story(self.deeds, max(self.done - 1, 0))
        if kind == "redo":
            return Story(self.deeds, min(self.done + 1, len(self.deeds)))
        assert deed is not None
        if self.changes_nothing(deed):
            return self
        return Story([*self.deeds[: self.done], deed], self.done + 1)

    def changes_nothing(self, deed: Deed) -> bool:
        """Whether no undo step is due: all is there already, or nothing is picked."""
        if deed.kind in ("import", "run", "delete"):
            return False
        if deed.kind == "merge":
            return deed.theme == deed.into
        if deed.kind in ("rename", "status"):
            before = self.snapshot()
            if deed.kind == "rename":
                return (deed.theme, f"Title {deed.number}") in [row[:2] for row in before["themes"]]
            return (deed.theme, status_of(deed)) in [row[::2] for row in before["themes"]]
        versions, decided = self.decisions()
        picked = excerpts_of(versions)[deed.first : deed.first + deed.count]
        return all(decided.get(excerpt, "") == (deed.theme or None) for excerpt, _ in picked)

    def decisions(self) -> tuple[dict[str, int], dict[str, str | None]]:
        """Return the versions of the records, and what a person decided on excerpts.

        All versions of a text share most words: what was decided stays.
        """
        versions: dict[str, int] = {}
        decided: dict[str, str | None] = {}
        for deed in self.deeds[: self.done]:
            if deed.kind == "import":
                versions |= dict(record_rows(deed, versions))
            elif deed.kind in ("assign", "unassign"):
                for excerpt, _ in excerpts_of(versions)[deed.first : deed.first + deed.count]:
                    decided[excerpt] = deed.theme or None
        return versions, decided

    def snapshot(self) -> Snapshot:
        """Return what must be visible."""
        versions: dict[str, int] = {}
        titles: dict[str, str] = {}
        status: dict[str, str] = {}
        placed: dict[str, str | None] = {}
        leads: dict[str, str | None] = {}  # merged and deleted themes
        runs: list[str] = []
        accounts: list[str] = []
        imports = 0

        def seen(theme: str | None) -> str | None:
            while theme in leads:
                theme = leads[theme]
            return theme

        for deed in self.deeds[: self.done]:
            if deed.kind == "import":
                versions |= dict(record_rows(deed, versions))
                accounts = [f"Account {deed.number}"]
                imports += 1
            elif deed.kind == "run":
                titles[theme_of(deed)] = f"Theme {deed.number}"
                status[theme_of(deed)] = Status.PROPOSED
                kept = {
                    excerpt: theme
                    for excerpt, theme in placed.items()
                    if status.get(seen(theme) or "") == Status.LOCKED
                }
                names = [excerpt for excerpt, _ in excerpts_of(versions)]
                placed = places(deed, names, list(titles)) | kept
                runs.append(f"run {deed.number}")
            elif deed.kind == "rename":
                titles[deed.theme] = f"Title {deed.number}"
            elif deed.kind == "status":
                status[deed.theme] = status_of(deed)
            elif deed.kind in ("merge", "delete") and deed.theme != deed.into:
                leads[deed.theme] = deed.into or None
                del titles[deed.theme], status[deed.theme]
        excerpts = excerpts_of(versions)
        _, decided = self.decisions()
        carried = {
            excerpt: seen(decided.get(excerpt, placed.get(excerpt))) for excerpt, _ in excerpts
        }
        return {
            "records": [
                (record_id, f"{record_id}/{version}", " ".join(text_of(record_id, version)))
                for record_id, version in sorted(versions.items())
            ],
            "excerpts": excerpts,
            "assignments": [
                (excerpt, theme, Method.MANUAL if excerpt in decided else Method.AUTO)
                for excerpt, theme in carried.items()
                if theme
            ],
            "unsorted": [
                excerpt
                for excerpt, theme in carried.items()
                if theme is None and (excerpt in decided or excerpt in placed)
            ],
            "themes": sorted((theme, titles[theme], status[theme]) for theme in titles),
            "runs": runs,
            "accounts": accounts,
            "sources": imports,
        }


def excerpts_of(versions: dict[str, int]) -> list[tuple[str, str]]:
    """Return id and text of each excerpt, sorted."""
    return sorted(
        (f"{record_id}.{ordinal}", sentence)
        for record_id, version in versions.items()
        for ordinal, sentence in enumerate(text_of(record_id, version))
    )
