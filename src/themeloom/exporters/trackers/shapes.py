"""How the tools' own exports are laid out: which columns hold what. Headers are compared folded.

Shapes are from real files and vendors' documents; what is not settled stands in docs/handoffs.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """One tool's export: the headers that give it away, then the columns of each meaning."""

    tool: str
    needs: frozenset[str]
    key: tuple[str, ...]
    title: tuple[str, ...]
    status: tuple[str, ...] = ()
    url: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # long texts: the last line of ours is in there
    ids: tuple[str, ...] = ()  # labels, tags and columns that hold an insight's id
    category: tuple[str, ...] = ()  # the kind of status behind the status
    resolution: tuple[str, ...] = ()
    finished: tuple[str, ...] = ()  # a date in it means done


#: Most telling first.
SHAPES = (
    Shape(
        "jira",
        frozenset({"issue key", "summary"}),
        key=("issue key",),
        title=("summary",),
        status=("status",),
        words=("description", "comment"),
        ids=("labels", "external id", "custom field (external id)"),
        category=("status category",),
        resolution=("resolution",),
    ),
    Shape(
        "asana",
        frozenset({"task id", "name"}),
        key=("task id",),
        title=("name",),
        status=("section/column",),
        words=("notes", "description"),
        ids=("tags", "insight id"),
        finished=("completed at",),
    ),
    Shape(
        "linear",
        frozenset({"id", "team", "title"}),
        key=("id",),
        title=("title",),
        status=("status",),
        url=("url",),
        words=("description",),
        ids=("labels",),
        finished=("completed",),
    ),
    Shape(
        "productboard",
        frozenset({"entity_name", "pb_url"}),
        key=("pb_url",),
        title=("entity_name",),
        status=("status_name",),
        url=("pb_url",),
        words=("description",),
        ids=("tags",),
    ),
    Shape(
        "productboard",
        frozenset({"title", "content", "tags"}),
        key=("id", "note id", "note url", "url", "source record id"),
        title=("title",),
        status=("status", "state"),
        url=("note url", "url", "display url"),
        words=("content",),
        ids=("tags", "source record id"),
    ),
    Shape(
        "notion",
        frozenset({"name", "insight id"}),
        key=("id", "key", "insight id"),
        title=("name",),
        status=("status", "pm status"),
        url=("url",),
        words=("statement",),
        ids=("insight id", "key"),
    ),
)
