"""Themes as people and scripts want them: the tree with counts and quotes."""

from typing import TypedDict

import polars as pl

from themeloom.analytics.counts import about_competitors, answering, members, sizes
from themeloom.project.project import Project
from themeloom.services.exporting import masker_of


class ThemeNode(TypedDict):
    """One theme or group, as ``themeloom themes --json`` gives it."""

    id: str
    parent_id: str | None
    level: str
    title: str
    status: str
    excerpts: int
    records: int
    key_phrases: list[str]
    quotes: list[str]


def theme_tree(project: Project) -> list[ThemeNode]:
    """Return groups and themes, parents before their children, larger ones first, masked.

    A group counts the distinct records and excerpts of its themes. Duplicates are not counted:
    a record counts once. Records that say nothing or are about a competitor are in no number.
    """
    themes = project.themes()
    excerpts = project.excerpts()
    records = answering(project.records(["record_id", "duplicate_of", "source_id", "non_answer"]))
    placed = members(
        project.assignments(),
        excerpts,
        records.filter(~about_competitors(project.sources())),
        themes,
    )
    counts = {
        theme_id: (pieces, heard)
        for theme_id, heard, pieces in sizes(placed)
        .select("theme_id", "records", "excerpts")
        .iter_rows()
    }
    quoted = themes["quotes"].explode().drop_nulls().unique()
    texts = dict(
        excerpts.filter(pl.col("excerpt_id").is_in(quoted.implode()))
        .select("excerpt_id", "text")
        .iter_rows()
    )
    masker = masker_of(project, project.records(["author", "turns_json", "fields_json"]))
    nodes: list[ThemeNode] = []
    for row in themes.iter_rows(named=True):
        pieces, heard = counts.get(row["theme_id"], (0, 0))
        quotes: list[str] = row["quotes"] or []
        phrases: list[str] = row["key_phrases"] or []
        nodes.append(
            ThemeNode(
                id=row["theme_id"],
                parent_id=row["parent_id"],
                level=row["level"],
                title=masker.mask(row["title"]),
                status=row["status"],
                excerpts=pieces,
                records=heard,
                key_phrases=[masker.mask(phrase) for phrase in phrases],
                quotes=[masker.mask(texts[quote]) for quote in quotes if quote in texts],
            )
        )
    return _in_tree_order(nodes)


def _in_tree_order(nodes: list[ThemeNode]) -> list[ThemeNode]:
    children: dict[str | None, list[ThemeNode]] = {}
    ids = {node["id"] for node in nodes}
    for node in nodes:
        parent = node["parent_id"] if node["parent_id"] in ids else None
        children.setdefault(parent, []).append(node)
    ordered: list[ThemeNode] = []

    def visit(parent: str | None) -> None:
        for node in sorted(children.get(parent, []), key=lambda n: (-n["records"], n["id"])):
            ordered.append(node)
            visit(node["id"])

    visit(None)
    return ordered
